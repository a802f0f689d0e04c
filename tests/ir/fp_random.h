/* SPDX-License-Identifier: MIT */
/*
 * Random operands of floating-point operations, the same sequence each time.  Also for programs of the guest:
 * nothing of xrun is included here.  Sizes are log2 of the bytes.
 */
#ifndef TESTS_IR_FP_RANDOM_H
#define TESTS_IR_FP_RANDOM_H

#include <stdint.h>

static const unsigned frac_of[] = {0, 10, 23, 52}, exp_of[] = {0, 5, 8, 11};

static uint64_t random64(void)
{
    static uint64_t seed = 88172645463325252u;
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return seed * 2685821657736338717u;
}

/* Exponents near each other, near the ends, near those of integers; short significands, each often. */
static uint64_t random_float(unsigned size)
{
    uint64_t r = random64(), frac = r & (((uint64_t)1 << frac_of[size]) - 1), most = (1u << exp_of[size]) - 1,
             e;
    if (r >> 63)
        frac &= ~(uint64_t)0 << (r >> 40) % frac_of[size];
    switch (r >> 60 & 7) {
    case 0: e = 0; break;
    case 1: e = most - (r >> 58 & 1); break;
    case 2: e = r >> 55 & 3; break;
    case 3: e = (r >> 53) & most; break;
    case 4: e = most / 2 + (r >> 53) % 70; break;
    default: e = most / 2 - 4 + (r >> 56 & 7); break;
    }
    return (e > most ? most : e) << frac_of[size] | frac | (random64() & 1) << (8 * (1u << size) - 1);
}

#endif
