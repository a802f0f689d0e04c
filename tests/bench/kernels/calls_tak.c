/* SPDX-License-Identifier: MIT */
/* Takeuchi's function: deep recursion with three arguments. */
#include "bench.h"

static int tak(int x, int y, int z) { return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z; }

int main(int argc, char **argv)
{
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 4000); r > 0; r--)
        sum += (uint64_t)tak(18, 12 - (int)(r & 1), 6);
    return bench_end(sum);
}
