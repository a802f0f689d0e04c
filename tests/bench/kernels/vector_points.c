/* SPDX-License-Identifier: MIT */
/* Points in space through a matrix, single precision. */
#include "bench.h"

#define N 2048
static float x[N], y[N], z[N], u[N], v[N], w[N];

__attribute__((optimize("O3"))) static void turn(const float m[12])
{
    for (int i = 0; i < N; i++) {
        u[i] = m[0] * x[i] + m[1] * y[i] + m[2] * z[i] + m[3];
        v[i] = m[4] * x[i] + m[5] * y[i] + m[6] * z[i] + m[7];
        w[i] = m[8] * x[i] + m[9] * y[i] + m[10] * z[i] + m[11];
    }
}

int main(int argc, char **argv)
{
    static const float m[12] = {0, 1, 0, 4, 0, 0, 1, 8, 1, 0, 0, 16};
    double sum = 0;
    for (int i = 0; i < N; i++)
        x[i] = (float)i, y[i] = (float)(N - i), z[i] = (float)(i & 63);
    for (long r = bench_rounds(argc, argv, 200000); r > 0; r--) {
        turn(m);
        sum += (double)(u[r & (N - 1)] + v[r & 1023] + w[r & 511]);
        x[r & (N - 1)] += 1;
    }
    return bench_end((uint64_t)sum);
}
