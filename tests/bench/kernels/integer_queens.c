/* SPDX-License-Identifier: MIT */
/* Eight (and more) queens by recursion with bit masks. */
#include "bench.h"

static uint64_t place(uint32_t all, uint32_t columns, uint32_t left, uint32_t right)
{
    uint64_t n = 0;
    if (columns == all)
        return 1;
    for (uint32_t free = all & ~(columns | left | right); free; free &= free - 1) {
        uint32_t bit = free & -free;
        n += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return n;
}

int main(int argc, char **argv)
{
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 1000); r > 0; r--)
        sum = sum * 31 + place((1u << (9 + r % 2)) - 1, 0, 0, 0);
    return bench_end(sum);
}
