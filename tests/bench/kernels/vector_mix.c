/* SPDX-License-Identifier: MIT */
/* Sounds mixed with saturation: 16-bit samples, vectorised by the compiler. */
#include "bench.h"

#define N 4096
static int16_t a[N], b[N], out[N];

__attribute__((optimize("O3"))) static void mix(int16_t *restrict to, const int16_t *restrict x, const int16_t *restrict y)
{
    for (int i = 0; i < N; i++) {
        int32_t s = x[i] + y[i];
        s = s > 32767 ? 32767 : s;
        s = s < -32768 ? -32768 : s;
        to[i] = (int16_t)s;
    }
}

int main(int argc, char **argv)
{
    uint32_t seed = 3;
    uint64_t sum = 0;
    for (int i = 0; i < N; i++) {
        a[i] = (int16_t)(bench_random(&seed) >> 16);
        b[i] = (int16_t)(bench_random(&seed) >> 16);
    }
    for (long r = bench_rounds(argc, argv, 100000); r > 0; r--) {
        mix(out, a, b);
        sum += (uint16_t)out[r & (N - 1)];
        a[r & (N - 1)]++;
    }
    return bench_end(sum);
}
