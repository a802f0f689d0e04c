/* SPDX-License-Identifier: MIT */
/* Sieve of Eratosthenes over bytes: strided stores and a counting loop. */
#include "bench.h"

#define N 2000000
static unsigned char composite[N];

int main(int argc, char **argv)
{
    uint64_t count = 0;
    for (long r = bench_rounds(argc, argv, 25); r > 0; r--) {
        memset(composite, 0, N);
        for (long i = 2; i * i < N; i++)
            if (!composite[i])
                for (long j = i * i; j < N; j += i)
                    composite[j] = 1;
        for (long i = 2; i < N; i++)
            count += !composite[i];
    }
    return bench_end(count);
}
