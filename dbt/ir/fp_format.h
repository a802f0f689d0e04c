/* SPDX-License-Identifier: MIT */
/*
 * The formats of floating-point numbers, by log2 of their bytes: 1 is half, 2 single, 3 double precision.  Numbers go as
 * their bits in a uint64_t.
 */
#ifndef DBT_IR_FP_FORMAT_H
#define DBT_IR_FP_FORMAT_H

#include <stdint.h>

static inline unsigned fp_frac_bits(unsigned size)
{
    return size == 1 ? 10 : size == 2 ? 23 : 52;
}
/* The sign bit. */
static inline uint64_t fp_sign(unsigned size)
{
    return (uint64_t)1 << ((8u << (size & 3)) - 1);
}
/* Its bits; also the mask of the exponent. */
static inline uint64_t fp_infinity(unsigned size)
{
    return fp_sign(size) - ((uint64_t)1 << fp_frac_bits(size));
}
/* The positive default NaN, which has the least payload; also the bits that make a NaN a quiet one. */
static inline uint64_t fp_quiet_nan(unsigned size)
{
    return fp_infinity(size) | (uint64_t)1 << (fp_frac_bits(size) - 1);
}

#endif
