/* SPDX-License-Identifier: MIT */
/* Heat in a plate: the mean of four neighbours, single precision. */
#include "bench.h"

#define N 256
static float a[N][N], b[N][N];

static void step(float to[N][N], float from[N][N])
{
    for (int i = 1; i < N - 1; i++)
        for (int k = 1; k < N - 1; k++)
            to[i][k] = 0.25f * (from[i - 1][k] + from[i + 1][k] + from[i][k - 1] + from[i][k + 1]);
}

int main(int argc, char **argv)
{
    for (int i = 0; i < N; i++)
        a[0][i] = a[i][0] = b[0][i] = b[i][0] = 1024;
    for (long r = bench_rounds(argc, argv, 1600); r > 0; r--) {
        step(b, a);
        step(a, b);
    }
    double sum = 0;
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++)
            sum += (double)a[i][k];
    return bench_end((uint64_t)sum);
}
