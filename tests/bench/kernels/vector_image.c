/* SPDX-License-Identifier: MIT */
/* A blur of 3 by 3 pixels of 8 bits, vectorised by the compiler. */
#include "bench.h"

#define W 512
#define H 64
static uint8_t in[H][W], out[H][W];

__attribute__((optimize("O3"))) static void blur(void)
{
    for (int y = 1; y < H - 1; y++)
        for (int x = 1; x < W - 1; x++)
            out[y][x] = (uint8_t)((in[y - 1][x - 1] + 2 * in[y - 1][x] + in[y - 1][x + 1] + 2 * in[y][x - 1] + 4 * in[y][x] +
                                   2 * in[y][x + 1] + in[y + 1][x - 1] + 2 * in[y + 1][x] + in[y + 1][x + 1] + 8) >> 4);
}

int main(int argc, char **argv)
{
    uint32_t seed = 2;
    uint64_t sum = 0;
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            in[y][x] = (uint8_t)(bench_random(&seed) >> 24);
    for (long r = bench_rounds(argc, argv, 16000); r > 0; r--) {
        blur();
        sum += out[r % H][r % W];
        in[r % H][r * 7 % W] ^= out[r * 5 % H][r % W];
    }
    return bench_end(sum);
}
