/* SPDX-License-Identifier: MIT */
/* Base64, there and back. */
#include "bench.h"

#define N 3 * 4096
static unsigned char in[N], back[N];
static char text[N / 3 * 4];
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static unsigned char value[256];

static void encode(void)
{
    for (int i = 0, k = 0; i < N; i += 3) {
        uint32_t v = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];
        text[k++] = digits[v >> 18];
        text[k++] = digits[v >> 12 & 63];
        text[k++] = digits[v >> 6 & 63];
        text[k++] = digits[v & 63];
    }
}

static int decode(void)
{
    int n = 0;
    for (int k = 0; k < N / 3 * 4; k += 4) {
        uint32_t v = 0;
        for (int j = 0; j < 4; j++) {
            unsigned d = value[(unsigned char)text[k + j]];
            if (d > 63)
                return -1;
            v = v << 6 | d;
        }
        back[n++] = (unsigned char)(v >> 16);
        back[n++] = (unsigned char)(v >> 8);
        back[n++] = (unsigned char)v;
    }
    return n;
}

int main(int argc, char **argv)
{
    uint32_t seed = 41;
    uint64_t sum = 0;
    memset(value, 255, sizeof value);
    for (int i = 0; i < 64; i++)
        value[(unsigned char)digits[i]] = (unsigned char)i;
    for (int i = 0; i < N; i++)
        in[i] = (unsigned char)(bench_random(&seed) >> 24);
    for (long r = bench_rounds(argc, argv, 10000); r > 0; r--) {
        encode();
        sum += (uint64_t)decode() + back[r % N];
        in[r % N]++;
    }
    return bench_end(sum);
}
