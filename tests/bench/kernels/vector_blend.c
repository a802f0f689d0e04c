/* SPDX-License-Identifier: MIT */
/* Alpha blending of pixels of 8 bits, vectorised by the compiler. */
#include "bench.h"

#define N 4096
static uint8_t a[N], b[N], alpha[N], out[N];

__attribute__((optimize("O3"))) static void blend(uint8_t *restrict to, const uint8_t *restrict x, const uint8_t *restrict y,
                                                  const uint8_t *restrict w)
{
    for (int i = 0; i < N; i++) {
        uint32_t t = (uint32_t)x[i] * w[i] + (uint32_t)y[i] * (255u - w[i]) + 128;
        to[i] = (uint8_t)((t + (t >> 8)) >> 8);
    }
}

int main(int argc, char **argv)
{
    uint32_t seed = 1;
    uint64_t sum = 0;
    for (int i = 0; i < N; i++) {
        a[i] = (uint8_t)(bench_random(&seed) >> 24);
        b[i] = (uint8_t)(bench_random(&seed) >> 24);
        alpha[i] = (uint8_t)(bench_random(&seed) >> 24);
    }
    for (long r = bench_rounds(argc, argv, 100000); r > 0; r--) {
        blend(out, a, b, alpha);
        sum += out[r & (N - 1)];
        a[r & (N - 1)]++;
    }
    return bench_end(sum);
}
