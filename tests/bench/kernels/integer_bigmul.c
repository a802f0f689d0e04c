/* SPDX-License-Identifier: MIT */
/* Products and sums of long numbers: chains of multiplications with carry. */
#include "bench.h"

#define WORDS 32
typedef unsigned __int128 wide;

static void multiply(uint64_t *to, const uint64_t *a, const uint64_t *b)
{
    memset(to, 0, 2 * WORDS * sizeof *to);
    for (int i = 0; i < WORDS; i++) {
        uint64_t carry = 0;
        for (int k = 0; k < WORDS; k++) {
            wide t = (wide)a[i] * b[k] + to[i + k] + carry;
            to[i + k] = (uint64_t)t;
            carry = (uint64_t)(t >> 64);
        }
        to[i + WORDS] = carry;
    }
}

static uint64_t add(uint64_t *to, const uint64_t *a)
{
    uint64_t carry = 0;
    for (int i = 0; i < WORDS; i++) {
        wide t = (wide)to[i] + a[i] + carry;
        to[i] = (uint64_t)t;
        carry = (uint64_t)(t >> 64);
    }
    return carry;
}

int main(int argc, char **argv)
{
    uint64_t a[WORDS], b[WORDS], p[2 * WORDS], sum = 0;
    uint32_t seed = 4;
    for (int i = 0; i < WORDS; i++) {
        a[i] = (uint64_t)bench_random(&seed) << 32 | bench_random(&seed);
        b[i] = (uint64_t)bench_random(&seed) << 32 | bench_random(&seed);
    }
    for (long r = bench_rounds(argc, argv, 110000); r > 0; r--) {
        multiply(p, a, b);
        sum += add(a, p + WORDS);
        b[r & (WORDS - 1)] ^= p[0];
    }
    for (int i = 0; i < WORDS; i++)
        sum = sum * 31 + a[i];
    return bench_end(sum);
}
