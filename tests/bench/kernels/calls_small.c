/* SPDX-License-Identifier: MIT */
/* Calls of small leaf functions that the compiler may not inline. */
#include "bench.h"

__attribute__((noinline)) static uint32_t mix(uint32_t a, uint32_t b) { return (a ^ b) * 2654435761u; }
__attribute__((noinline)) static uint32_t turn(uint32_t a) { return a << 7 | a >> 25; }
__attribute__((noinline)) static uint32_t step(uint32_t a, uint32_t i) { return mix(turn(a), i) + turn(i); }

int main(int argc, char **argv)
{
    uint32_t h = 1;
    for (long r = bench_rounds(argc, argv, 90000000); r > 0; r--)
        h = step(h, (uint32_t)r);
    return bench_end(h);
}
