/* SPDX-License-Identifier: MIT */
/* y += a * x over floats: what the compiler vectorises. */
#include "bench.h"

#define N 4096
static float x[N], y[N];

int main(int argc, char **argv)
{
    for (int i = 0; i < N; i++)
        x[i] = (float)i * 0.25f;
    for (long r = bench_rounds(argc, argv, 400000); r > 0; r--) {
        float a = 1.0f / (float)r;
        for (int i = 0; i < N; i++)
            y[i] += a * x[i];
        __asm__ volatile("" : : : "memory");
    }
    return bench_end((uint64_t)y[17]);
}
