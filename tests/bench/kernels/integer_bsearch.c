/* SPDX-License-Identifier: MIT */
/* Binary searches in a sorted array, with branches and without. */
#include "bench.h"

#define N 8192
static uint32_t v[N];

static int with_branches(uint32_t x)
{
    int lo = 0, hi = N;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (v[mid] == x)
            return mid;
        if (v[mid] < x)
            lo = mid + 1;
        else
            hi = mid;
    }
    return ~lo;
}

static int without(uint32_t x)
{
    const uint32_t *base = v;
    for (int n = N; n > 1; n -= n / 2)
        base = base[n / 2 - 1] < x ? base + n / 2 : base;
    return (int)(base - v) + (*base < x);
}

int main(int argc, char **argv)
{
    uint32_t seed = 12;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < N; i++)
        v[i] = i * 13 + (i & 7);
    for (long r = bench_rounds(argc, argv, 1000000); r > 0; r--) {
        uint32_t x = (bench_random(&seed) >> 12) % (N * 13);
        sum += (uint64_t)(with_branches(x) + without(x + 5));
    }
    return bench_end(sum);
}
