/* SPDX-License-Identifier: MIT */
/* A Monte Carlo estimate: integers to floating point, a compare. */
#include "bench.h"

int main(int argc, char **argv)
{
    uint32_t seed = 5;
    uint64_t inside = 0;
    for (long r = bench_rounds(argc, argv, 63000000); r > 0; r--) {
        double x = (double)(bench_random(&seed) >> 8) / 16777216, y = (double)(bench_random(&seed) >> 8) / 16777216;
        inside += x * x + y * y < 1;
    }
    return bench_end(inside);
}
