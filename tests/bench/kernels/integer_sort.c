/* SPDX-License-Identifier: MIT */
/* Quicksort of words, as in a textbook: unpredictable branches, swaps, recursion. */
#include "bench.h"

#define N 200000
static uint32_t a[N];

static void sort(uint32_t *lo, uint32_t *hi)
{
    while (hi - lo > 12) {
        uint32_t pivot = lo[(hi - lo) / 2], *i = lo - 1, *j = hi;
        for (;;) {
            do
                i++;
            while (*i < pivot);
            do
                j--;
            while (*j > pivot);
            if (i >= j)
                break;
            uint32_t t = *i;
            *i = *j;
            *j = t;
        }
        sort(j + 1, hi);
        hi = j + 1;
    }
    for (uint32_t *i = lo + 1; i < hi; i++) {
        uint32_t v = *i, *j = i;
        for (; j > lo && j[-1] > v; j--)
            *j = j[-1];
        *j = v;
    }
}

int main(int argc, char **argv)
{
    uint64_t sum = 0;
    uint32_t seed = 7;
    for (long r = bench_rounds(argc, argv, 35); r > 0; r--) {
        for (int i = 0; i < N; i++)
            a[i] = bench_random(&seed);
        sort(a, a + N);
        for (int i = 0; i < N; i += 997)
            sum = sum * 31 + a[i];
    }
    return bench_end(sum);
}
