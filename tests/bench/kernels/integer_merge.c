/* SPDX-License-Identifier: MIT */
/* Merge sort of small structures. */
#include "bench.h"

#define N 4096
struct item {
    uint32_t key, value;
};
static struct item v[N], tmp[N];

static void sort(struct item *a, struct item *t, int n)
{
    if (n < 2)
        return;
    int half = n / 2;
    sort(a, t, half);
    sort(a + half, t + half, n - half);
    memcpy(t, a, (size_t)n * sizeof *a);
    for (int i = 0, l = 0, r = half; i < n; i++)
        a[i] = r == n || (l < half && t[l].key <= t[r].key) ? t[l++] : t[r++];
}

int main(int argc, char **argv)
{
    uint32_t seed = 21;
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 540); r > 0; r--) {
        for (uint32_t i = 0; i < N; i++)
            v[i] = (struct item){bench_random(&seed) >> 16, i};
        sort(v, tmp, N);
        for (int i = 0; i < N; i += 100)
            sum = sum * 31 + v[i].value;
    }
    return bench_end(sum);
}
