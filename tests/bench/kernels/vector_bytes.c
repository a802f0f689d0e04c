/* SPDX-License-Identifier: MIT */
/* Sums and maxima of bytes. */
#include "bench.h"

#define N 8192
static unsigned char a[N];

int main(int argc, char **argv)
{
    uint32_t seed = 3;
    for (int i = 0; i < N; i++)
        a[i] = (unsigned char)(bench_random(&seed) >> 20);
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 150000); r > 0; r--) {
        uint32_t s = 0;
        unsigned char m = 0;
        for (int i = 0; i < N; i++) {
            s += a[i];
            m = a[i] > m ? a[i] : m;
        }
        sum += s + m;
        a[r & (N - 1)]++;
    }
    return bench_end(sum);
}
