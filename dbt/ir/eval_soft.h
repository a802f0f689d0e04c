/* SPDX-License-Identifier: MIT */
/*
 * Exact floating-point arithmetic on integers: what eval_fp.c computes with.  Formats and values go as in
 * fp_format.h.
 */
#ifndef DBT_IR_EVAL_SOFT_H
#define DBT_IR_EVAL_SOFT_H

#include "dbt/ir/eval_internal.h"
#include "dbt/ir/fp_format.h"

/* Exceptions, as in MXCSR. */
enum {
    FP_INVALID = MXCSR_IE,
    FP_DENORMAL = MXCSR_DE,
    FP_DIVZERO = MXCSR_ZE,
    FP_OVERFLOW = MXCSR_OE,
    FP_UNDERFLOW = MXCSR_UE,
    FP_INEXACT = MXCSR_PE
};

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

/* MXCSR's rounding mode */
static inline enum ir_round fp_rounding(unsigned csr)
{
    static const enum ir_round mode[4] = {ROUND_N, ROUND_M, ROUND_P, ROUND_Z};
    return mode[csr >> 13 & 3];
}

static inline uint64_t fp_lane(const union vec *v, unsigned size, unsigned lane)
{
    return size == 1 ? v->u16[lane] : size == 2 ? v->u32[lane] : v->u64[lane];
}
static inline void fp_set_lane(union vec *v, unsigned size, unsigned lane, uint64_t x)
{
    switch (size) {
    case 1: v->u16[lane] = (uint16_t)x; break;
    case 2: v->u32[lane] = (uint32_t)x; break;
    default: v->u64[lane] = x; break;
    }
}

uint64_t fp_default_nan(const struct fp *f, unsigned size);
bool fp_is_nan(unsigned size, uint64_t x);
bool fp_is_snan(unsigned size, uint64_t x);
/* What an operation makes of the NaN x (FPProcessNaN). */
uint64_t fp_process_nan(struct fp *f, unsigned size, uint64_t x);
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
