/* SPDX-License-Identifier: MIT */
/* Bytes to floating point, scaled, and back. */
#include "bench.h"

#define N 4096
static uint8_t in[N], out[N];

__attribute__((optimize("O3"))) static void scale(uint8_t *restrict to, const uint8_t *restrict from, float f)
{
    for (int i = 0; i < N; i++)
        to[i] = (uint8_t)(int32_t)((float)from[i] * f);
}

int main(int argc, char **argv)
{
    uint32_t seed = 6;
    uint64_t sum = 0;
    for (int i = 0; i < N; i++)
        in[i] = (uint8_t)(bench_random(&seed) >> 24);
    for (long r = bench_rounds(argc, argv, 170000); r > 0; r--) {
        scale(out, in, 0.5f + (float)(r & 7) / 16);
        sum += out[r & (N - 1)];
        in[r & (N - 1)]++;
    }
    return bench_end(sum);
}
