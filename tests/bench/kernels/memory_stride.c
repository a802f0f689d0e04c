/* SPDX-License-Identifier: MIT */
/* A matrix read along rows and along columns. */
#include "bench.h"

#define N 1024
static uint32_t m[N][N];

int main(int argc, char **argv)
{
    uint32_t seed = 2;
    uint64_t sum = 0;
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++)
            m[i][k] = bench_random(&seed);
    for (long r = bench_rounds(argc, argv, 140); r > 0; r--) {
        for (int k = 0; k < N; k++) {
            uint32_t s = 0;
            for (int i = 0; i < N; i++)
                s = (s ^ m[i][k]) + (s >> 3);
            sum += s;
        }
        m[r % N][r * 3 % N]++;
    }
    return bench_end(sum);
}
