/* SPDX-License-Identifier: MIT */
/*
 * Exact floating-point arithmetic on integers: what eval_fp.c computes with.  Formats go by log2 of their
 * bytes: 1 is half, 2 single, 3 double precision; values go as their bits in a uint64_t.
 */
#ifndef DBT_IR_EVAL_SOFT_H
#define DBT_IR_EVAL_SOFT_H

#include "dbt/ir/eval_internal.h"

/* Exceptions, as in MXCSR.  In Arm's terms: IOC, IDC, DZC, OFC, UFC, IXC. */
enum { FP_INVALID = 1, FP_DENORMAL = 2, FP_DIVZERO = 4, FP_OVERFLOW = 8, FP_UNDERFLOW = 16, FP_INEXACT = 32 };

/* Rounding to odd, in struct fp only: never exactly between two numbers of a narrower format. */
#define ROUND_ODD ((enum ir_round)(ROUND_CURRENT + 1))

/* The modes that an operation runs under, and the exceptions that it raised. */
struct fp {
    enum ir_round round;
    bool flush_in, flush_out; /* DAZ, FTZ: not for half precision */
    bool flush_notes;         /* operands that flush_in takes for zero raise FP_DENORMAL */
    bool flush_half;          /* both for half precision (FPCR.FZ16) */
    bool alt_half;            /* half precision has numbers where infinities and NaNs are (FPCR.AHP) */
    bool default_nan;
    bool alternate; /* FPCR.AH: negative default NaNs, the first NaN wins, tiny is what rounding leaves so */
    bool subnormal; /* out: with `alternate`, an operand that counts is subnormal */
    unsigned flags;
};

uint64_t fp_sign(unsigned size);      /* the sign bit */
uint64_t fp_infinity(unsigned size);  /* its bits; also the mask of the exponent */
uint64_t fp_quiet_nan(unsigned size); /* the positive one with the least payload */
uint64_t fp_default_nan(const struct fp *f, unsigned size);
bool fp_is_nan(unsigned size, uint64_t x);
bool fp_is_snan(unsigned size, uint64_t x);
/* The operand as the operation sees it: a subnormal may count as zero. */
uint64_t fp_operand(struct fp *f, unsigned size, uint64_t x);

/* None of these takes a NaN, or x without fp_operand done. */
uint64_t fp_result(struct fp *f, unsigned size, uint64_t x); /* x itself, rounded: it may be flushed */
uint64_t fp_add(struct fp *f, unsigned size, uint64_t x, uint64_t y);
uint64_t fp_mul(struct fp *f, unsigned size, uint64_t x, uint64_t y);
uint64_t fp_div(struct fp *f, unsigned size, uint64_t x, uint64_t y);
uint64_t fp_sqrt(struct fp *f, unsigned size, uint64_t x);
uint64_t fp_fma(struct fp *f, unsigned size, uint64_t x, uint64_t y, uint64_t addend);
uint64_t fp_convert(struct fp *f, unsigned to, unsigned from, uint64_t x);
uint64_t fp_round_int(struct fp *f, unsigned size, uint64_t x, enum ir_round mode, bool raise_inexact);
uint64_t fp_to_int(struct fp *f, unsigned bits, bool is_signed, unsigned size, uint64_t x, enum ir_round mode,
                   unsigned fraction_bits);
uint64_t fp_from_int(struct fp *f, unsigned size, bool neg, uint64_t magnitude, unsigned fraction_bits);

#endif
