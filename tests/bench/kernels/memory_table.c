/* SPDX-License-Identifier: MIT */
/* An open-addressing hash table: random reads and writes. */
#include "bench.h"

#define BITS 16
static uint64_t key[1 << BITS], val[1 << BITS];

int main(int argc, char **argv)
{
    uint32_t seed = 1;
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 70000000); r > 0; r--) {
        uint64_t k = (bench_random(&seed) >> 17) + 1;
        uint32_t at = (uint32_t)(k * 0x9e3779b97f4a7c15u >> (64 - BITS));
        while (key[at] && key[at] != k)
            at = (at + 1) & ((1u << BITS) - 1);
        key[at] = k;
        sum += val[at] += k;
    }
    return bench_end(sum);
}
