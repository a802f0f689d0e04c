/* SPDX-License-Identifier: MIT */
/* CRC-32 by tables, eight bytes a step. */
#include "bench.h"

#define N 16384
static uint32_t table[8][256];
static unsigned char data[N];

static void make_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
        table[0][i] = c;
    }
    for (uint32_t i = 0; i < 256; i++)
        for (int t = 1; t < 8; t++)
            table[t][i] = table[0][table[t - 1][i] & 255] ^ table[t - 1][i] >> 8;
}

static uint32_t crc(uint32_t c, const unsigned char *p, size_t n)
{
    for (c = ~c; n >= 8; n -= 8, p += 8) {
        uint64_t v;
        memcpy(&v, p, 8);
        v ^= c;
        c = table[7][v & 255] ^ table[6][v >> 8 & 255] ^ table[5][v >> 16 & 255] ^ table[4][v >> 24 & 255] ^
            table[3][v >> 32 & 255] ^ table[2][v >> 40 & 255] ^ table[1][v >> 48 & 255] ^ table[0][v >> 56];
    }
    while (n--)
        c = table[0][(c ^ *p++) & 255] ^ c >> 8;
    return ~c;
}

int main(int argc, char **argv)
{
    uint32_t seed = 2, sum = 0;
    make_table();
    for (int i = 0; i < N; i++)
        data[i] = (unsigned char)(bench_random(&seed) >> 20);
    for (long r = bench_rounds(argc, argv, 17000); r > 0; r--)
        sum = crc(sum, data, N - (size_t)(r & 7));
    return bench_end(sum);
}
