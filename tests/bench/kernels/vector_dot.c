/* SPDX-License-Identifier: MIT */
/* Dot products of doubles and of 32-bit integers. */
#include "bench.h"

#define N 4096
static double x[N], y[N];
static int32_t p[N], q[N];

int main(int argc, char **argv)
{
    for (int i = 0; i < N; i++) {
        x[i] = i, y[i] = N - i;
        p[i] = i * 3, q[i] = 7 - i;
    }
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 130000); r > 0; r--) {
        double d[4] = {0};
        int32_t s = 0;
        for (int i = 0; i < N; i += 4)
            for (int k = 0; k < 4; k++)
                d[k] += x[i + k] * y[i + k];
        for (int i = 0; i < N; i++)
            s += p[i] * q[i];
        sum += (uint64_t)s + (uint64_t)(d[0] + d[1] + d[2] + d[3]);
        p[r & (N - 1)]++;
    }
    return bench_end(sum);
}
