/* SPDX-License-Identifier: MIT */
/* Longest Collatz chain below a bound: data-dependent branches, shifts and adds. */
#include "bench.h"

int main(int argc, char **argv)
{
    uint32_t limit = (uint32_t)bench_rounds(argc, argv, 1500000), best = 0, at = 0;
    for (uint32_t i = 1; i < limit; i++) {
        uint32_t steps = 0;
        for (uint64_t n = i; n != 1; steps++)
            n = n & 1 ? 3 * n + 1 : n >> 1;
        if (steps > best) {
            best = steps;
            at = i;
        }
    }
    return bench_end((uint64_t)best << 32 | at);
}
