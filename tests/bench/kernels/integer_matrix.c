/* SPDX-License-Identifier: MIT */
/* Product of matrices of 32-bit integers. */
#include "bench.h"

#define N 64
static int32_t a[N][N], b[N][N], c[N][N];

int main(int argc, char **argv)
{
    uint32_t seed = 31;
    uint64_t sum = 0;
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++) {
            a[i][k] = (int32_t)(bench_random(&seed) >> 20);
            b[i][k] = (int32_t)(bench_random(&seed) >> 20);
        }
    for (long r = bench_rounds(argc, argv, 3100); r > 0; r--) {
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                int32_t s = 0;
                for (int k = 0; k < N; k++)
                    s += a[i][k] * b[k][j];
                c[i][j] = s;
            }
        a[r % N][r * 3 % N] ^= c[r * 5 % N][r * 7 % N] & 255;
        sum += (uint64_t)(uint32_t)c[r % N][r * 11 % N];
    }
    return bench_end(sum);
}
