/* SPDX-License-Identifier: MIT */
/* Linear equations by elimination with pivots. */
#include "bench.h"

#include <math.h>

#define N 80

static double solve(double a[N][N + 1])
{
    for (int i = 0; i < N; i++) {
        int best = i;
        for (int k = i + 1; k < N; k++)
            if (fabs(a[k][i]) > fabs(a[best][i]))
                best = k;
        for (int c = 0; c <= N; c++) {
            double t = a[i][c];
            a[i][c] = a[best][c];
            a[best][c] = t;
        }
        for (int k = i + 1; k < N; k++) {
            double f = a[k][i] / a[i][i];
            for (int c = i; c <= N; c++)
                a[k][c] -= f * a[i][c];
        }
    }
    double x[N], sum = 0;
    for (int i = N - 1; i >= 0; i--) {
        double s = a[i][N];
        for (int c = i + 1; c < N; c++)
            s -= a[i][c] * x[c];
        x[i] = s / a[i][i];
        sum += fabs(x[i]);
    }
    return sum;
}

int main(int argc, char **argv)
{
    static double a[N][N + 1];
    uint32_t seed = 3;
    double sum = 0;
    for (long r = bench_rounds(argc, argv, 1600); r > 0; r--) {
        for (int i = 0; i < N; i++)
            for (int k = 0; k <= N; k++)
                a[i][k] = (double)(bench_random(&seed) >> 22) + (i == k ? 40000 : 0);
        sum += solve(a);
    }
    return bench_end((uint64_t)(sum * 1000));
}
