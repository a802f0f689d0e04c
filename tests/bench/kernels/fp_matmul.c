/* SPDX-License-Identifier: MIT */
/* Product of matrices of doubles, as written in a textbook. */
#include "bench.h"

#define N 96
static double a[N][N], b[N][N], c[N][N];

int main(int argc, char **argv)
{
    uint32_t seed = 1;
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++) {
            a[i][k] = (double)(bench_random(&seed) >> 24);
            b[i][k] = (double)(bench_random(&seed) >> 24);
        }
    double sum = 0;
    for (long r = bench_rounds(argc, argv, 610); r > 0; r--) {
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                double s = 0;
                for (int k = 0; k < N; k++)
                    s += a[i][k] * b[k][j];
                c[i][j] = s;
            }
        a[r % N][r * 3 % N] += 1;
        sum += c[r % N][r * 7 % N];
    }
    return bench_end((uint64_t)sum);
}
