/* SPDX-License-Identifier: MIT */
/* Spectral norm: divisions, sums and calls of a small function. */
#include "bench.h"

#define N 700
static double u[N], v[N], w[N];

__attribute__((noinline)) static double entry(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static void times(const double *x, double *y)
{
    for (int i = 0; i < N; i++) {
        double s = 0;
        for (int j = 0; j < N; j++)
            s += entry(i, j) * x[j];
        y[i] = s;
    }
}

static void times_t(const double *x, double *y)
{
    for (int i = 0; i < N; i++) {
        double s = 0;
        for (int j = 0; j < N; j++)
            s += entry(j, i) * x[j];
        y[i] = s;
    }
}

int main(int argc, char **argv)
{
    for (int i = 0; i < N; i++)
        u[i] = 1;
    for (long r = bench_rounds(argc, argv, 60); r > 0; r--) {
        times(u, w);
        times_t(w, v);
        times(v, w);
        times_t(w, u);
        for (int i = 0; i < N; i++)
            u[i] /= u[0] * 1.01;
    }
    return bench_end((uint64_t)(v[3] * 1e9));
}
