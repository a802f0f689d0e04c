/* SPDX-License-Identifier: MIT */
/* Edit distance by dynamic programming. */
#include "bench.h"

#define N 600
static char a[N + 1], b[N + 1];

static int distance(int n)
{
    static int line[N + 1];
    for (int k = 0; k <= n; k++)
        line[k] = k;
    for (int i = 1; i <= n; i++) {
        int corner = line[0];
        line[0] = i;
        for (int k = 1; k <= n; k++) {
            int above = line[k], d = corner + (a[i - 1] != b[k - 1]);
            d = above + 1 < d ? above + 1 : d;
            d = line[k - 1] + 1 < d ? line[k - 1] + 1 : d;
            corner = above;
            line[k] = d;
        }
    }
    return line[n];
}

int main(int argc, char **argv)
{
    uint32_t seed = 8;
    uint64_t sum = 0;
    for (int i = 0; i < N; i++) {
        a[i] = (char)('a' + (bench_random(&seed) >> 28));
        b[i] = (char)('a' + (bench_random(&seed) >> 28));
    }
    for (long r = bench_rounds(argc, argv, 350); r > 0; r--) {
        sum += (uint64_t)distance(N - (int)(r & 7));
        a[r % N] = b[r * 7 % N];
    }
    return bench_end(sum);
}
