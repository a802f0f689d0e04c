/* SPDX-License-Identifier: MIT */
/* Greatest common divisors and decimal printing: divisions and multiply-high. */
#include "bench.h"

static uint64_t gcd(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t t = a % b;
        a = b;
        b = t;
    }
    return a;
}

int main(int argc, char **argv)
{
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 1500000); r > 0; r--) {
        sum += gcd((uint64_t)r * 7919, 360360u + (uint64_t)(r & 1023));
        for (uint64_t v = (uint64_t)r * 2654435761u; v; v /= 10)
            sum += v % 10;
    }
    return bench_end(sum);
}
