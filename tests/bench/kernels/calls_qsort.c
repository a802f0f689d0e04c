/* SPDX-License-Identifier: MIT */
/* qsort with a comparison function: the C library calls back. */
#include "bench.h"

#define N 2048
static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    static uint32_t v[N];
    uint32_t seed = 1;
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 1000); r > 0; r--) {
        for (int i = 0; i < N; i++)
            v[i] = bench_random(&seed);
        qsort(v, N, sizeof *v, compare);
        sum = sum * 31 + v[N / 3];
    }
    return bench_end(sum);
}
