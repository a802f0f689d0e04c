/* SPDX-License-Identifier: MIT */
/* Ackermann's function: deep recursion. */
#include "bench.h"

__attribute__((noinline)) static uint32_t ackermann(uint32_t m, uint32_t n)
{
    if (m == 0)
        return n + 1;
    if (n == 0)
        return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

int main(int argc, char **argv)
{
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 360); r > 0; r--)
        sum += ackermann(2 + (uint32_t)(r & 1), 7);
    return bench_end(sum);
}
