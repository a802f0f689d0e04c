/* SPDX-License-Identifier: MIT */
/* Colours to gray: three bytes a pixel, so that vectors must be taken apart. */
#include "bench.h"

#define N 4096
static uint8_t rgb[3 * N], gray[N];

__attribute__((optimize("O3"))) static void convert(uint8_t *restrict to, const uint8_t *restrict from)
{
    for (int i = 0; i < N; i++)
        to[i] = (uint8_t)((77u * from[3 * i] + 150u * from[3 * i + 1] + 29u * from[3 * i + 2]) >> 8);
}

int main(int argc, char **argv)
{
    uint32_t seed = 4;
    uint64_t sum = 0;
    for (int i = 0; i < 3 * N; i++)
        rgb[i] = (uint8_t)(bench_random(&seed) >> 24);
    for (long r = bench_rounds(argc, argv, 50000); r > 0; r--) {
        convert(gray, rgb);
        sum += gray[r & (N - 1)];
        rgb[r & (N - 1)]++;
    }
    return bench_end(sum);
}
