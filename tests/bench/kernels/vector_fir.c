/* SPDX-License-Identifier: MIT */
/* A filter of 16 taps over 16-bit samples with sums of 32 bits. */
#include "bench.h"

#define N    4096
#define TAPS 16
static int16_t in[N + TAPS], tap[TAPS];
static int32_t out[N];

__attribute__((optimize("O3"))) static void filter(void)
{
    for (int i = 0; i < N; i++) {
        int32_t s = 0;
        for (int k = 0; k < TAPS; k++)
            s += in[i + k] * tap[k];
        out[i] = s;
    }
}

int main(int argc, char **argv)
{
    uint32_t seed = 5;
    uint64_t sum = 0;
    for (int i = 0; i < N + TAPS; i++)
        in[i] = (int16_t)(bench_random(&seed) >> 16);
    for (int k = 0; k < TAPS; k++)
        tap[k] = (int16_t)(k * 100 - 700);
    for (long r = bench_rounds(argc, argv, 28000); r > 0; r--) {
        filter();
        sum += (uint32_t)out[r & (N - 1)];
        in[r & (N - 1)]++;
    }
    return bench_end(sum);
}
