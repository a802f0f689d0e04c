/* SPDX-License-Identifier: MIT */
/* A compressor of the LZ77 kind: a hash of four bytes finds the last place, matches are extended. */
#include "bench.h"

#define N    (1 << 18)
#define BITS 14
static unsigned char in[N + 8], out[2 * N];
static int32_t last[1 << BITS];

static uint32_t load4(const unsigned char *p)
{
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}

static size_t compress(void)
{
    unsigned char *to = out;
    int32_t literals = 0, i = 0;
    memset(last, -1, sizeof last);
    while (i < N - 8) {
        uint32_t v = load4(in + i), h = v * 2654435761u >> (32 - BITS);
        int32_t at = last[h];
        last[h] = i;
        if (at < 0 || i - at > 65535 || load4(in + at) != v) {
            i++;
            continue;
        }
        int32_t n = 4;
        while (i + n < N && in[at + n] == in[i + n] && n < 255)
            n++;
        while (literals < i)
            *to++ = in[literals++];
        *to++ = (unsigned char)(i - at), *to++ = (unsigned char)((i - at) >> 8), *to++ = (unsigned char)n;
        i += n;
        literals = i;
    }
    return (size_t)(to - out);
}

int main(int argc, char **argv)
{
    uint32_t seed = 5;
    uint64_t sum = 0;
    for (int i = 0; i < N;) {
        uint32_t word = bench_random(&seed) >> 22;
        for (uint32_t k = 0; k < 3 + word % 7 && i < N; k++)
            in[i++] = (unsigned char)('a' + (word >> k) % 23);
        if (i < N)
            in[i++] = ' ';
    }
    for (long r = bench_rounds(argc, argv, 230); r > 0; r--) {
        size_t n = compress();
        for (size_t i = 0; i < n; i += 64)
            sum = sum * 31 + out[i];
        in[r * 37 & (N - 1)]++;
    }
    return bench_end(sum);
}
