/* SPDX-License-Identifier: MIT */
/*
 * BFloat16 in C, after the manual's shared pseudocode (BFDotAdd, BFMulH, FPAdd_BF16, FPConvertBF).
 *
 * Sums of products know no FPCR: they round to odd, take subnormal numbers for zero and make zero of them,
 * give the default NaN and raise nothing.  A product of two numbers of 8 significant bits is exact in single
 * precision, so it is made of the singles that the numbers are the upper halves of.
 *
 * Narrowing obeys FPCR.  BFloat16 has the exponents of single precision: what is tiny, or overflows, shows in
 * the single's bits, and rounding them as an integer is enough.
 */
#include "dbt/a64/tr.h"
#include "dbt/ir/eval_soft.h"

#include <xmmintrin.h>

#define X(name) helper_fn a64_helper_##name;
#include "dbt/a64/helpers_bf16.h"
#undef X

enum { SINGLE = 2 };

static uint32_t bf_binary(uint64_t (*op)(struct fp *, unsigned, uint64_t, uint64_t), uint32_t x, uint32_t y)
{
    struct fp f = {.round = ROUND_ODD, .flush_in = true, .flush_out = true, .default_nan = true};
    if (fp_is_nan(SINGLE, x) || fp_is_nan(SINGLE, y))
        return (uint32_t)fp_default_nan(SINGLE);
    return (uint32_t)op(&f, SINGLE, fp_operand(&f, SINGLE, x), fp_operand(&f, SINGLE, y));
}

/* BFDotAdd; x and y are pairs of numbers. */
static uint32_t bf_dot_add(uint32_t addend, uint32_t x, uint32_t y)
{
    uint32_t low = bf_binary(fp_mul, x << 16, y << 16);
    uint32_t high = bf_binary(fp_mul, x & 0xffff0000, y & 0xffff0000);
    return bf_binary(fp_add, addend, bf_binary(fp_add, low, high));
}

void a64_helper_bfdot(struct cpu *cpu, union vec io[4])
{
    (void)cpu;
    for (unsigned i = 0; i < 4; i++)
        io[0].u32[i] = bf_dot_add(io[3].u32[i], io[1].u32[i], io[2].u32[i]);
}

/* Rows of four numbers: lane 2i+j takes row i of a and row j of b. */
void a64_helper_bfmmla(struct cpu *cpu, union vec io[4])
{
    (void)cpu;
    for (unsigned i = 0; i < 4; i++) {
        uint32_t sum = io[3].u32[i];
        for (unsigned k = 0; k < 2; k++)
            sum = bf_dot_add(sum, io[1].u32[(i & 2) + k], io[2].u32[(i & 1) * 2 + k]);
        io[0].u32[i] = sum;
    }
}

/* FPConvertBF */
static uint16_t bf_from_single(const struct cpu *cpu, unsigned csr, unsigned *flags, uint32_t x)
{
    uint32_t magnitude = x & 0x7fffffff, sign = x & 0x80000000;
    if (magnitude > 0x7f800000) {
        *flags |= x >> 22 & 1 ? 0 : FP_INVALID;
        return cpu->fp_dn ? 0x7fc0 : (uint16_t)(x >> 16 | 0x40);
    }
    bool tiny = magnitude && magnitude < 0x00800000;
    if (tiny && csr >> 6 & 1) { /* DAZ */
        *flags |= FP_DENORMAL;
        return (uint16_t)(sign >> 16);
    }
    uint32_t r = x >> 16, rest = x & 0xffff;
    static const enum ir_round mode[4] = {ROUND_N, ROUND_M, ROUND_P, ROUND_Z};
    switch (mode[csr >> 13 & 3]) {
    case ROUND_N: r += rest > 0x8000 || (rest == 0x8000 && r & 1); break;
    case ROUND_P: r += rest && !sign; break;
    case ROUND_M: r += rest && sign; break;
    default: break;
    }
    if (rest)
        *flags |= FP_INEXACT | (tiny ? FP_UNDERFLOW : 0) | ((r & 0x7fff) == 0x7f80 ? FP_OVERFLOW : 0);
    return (uint16_t)r;
}

/* As many singles as the parameter says. */
void a64_helper_bfcvt(struct cpu *cpu, union vec io[4])
{
    unsigned csr = _mm_getcsr(), flags = 0, count = (unsigned)io[0].u64[0];
    io[0] = (union vec){.u64 = {0, 0}};
    for (unsigned i = 0; i < count; i++)
        io[0].u16[i] = bf_from_single(cpu, csr, &flags, io[1].u32[i]);
    if (flags & ~csr)
        _mm_setcsr(csr | flags);
}
