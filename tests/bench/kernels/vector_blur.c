/* SPDX-License-Identifier: MIT */
/* Three-tap blur of 16-bit pixels: widening, shifts, narrowing. */
#include "bench.h"

#define N 8192
static uint16_t in[N + 2], out[N];

int main(int argc, char **argv)
{
    uint32_t seed = 5;
    for (int i = 0; i < N + 2; i++)
        in[i] = (uint16_t)(bench_random(&seed) >> 16);
    for (long r = bench_rounds(argc, argv, 200000); r > 0; r--) {
        for (int i = 0; i < N; i++)
            out[i] = (uint16_t)(((uint32_t)in[i] + 2u * in[i + 1] + in[i + 2] + 2) >> 2);
        in[r & (N - 1)] ^= out[r & 255];
    }
    uint64_t sum = 0;
    for (int i = 0; i < N; i++)
        sum = sum * 3 + out[i];
    return bench_end(sum);
}
