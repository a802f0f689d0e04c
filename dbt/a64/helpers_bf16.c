/* SPDX-License-Identifier: MIT */
/*
 * BFloat16 in C, after the manual's shared pseudocode (BFDotAdd, BFMulH, FPAdd_BF16, FPConvertBF).
 *
 * Sums of products know no FPCR: they round to odd, take subnormal numbers for zero and make zero of them,
 * give the default NaN and raise nothing.  The host computes them in double precision, where a product is exact
 * and a sum's error is known exactly, with the guest's MXCSR put away; infinities and NaNs go to eval_soft.c.
 *
 * With FPCR.EBF set (FEAT_EBF16) a sum of two products is rounded once, as FPCR.RMode says, subnormal numbers count
 * unless FPCR.FZ is set, and so does the addition of it (FPDot, FPAdd); NaNs and exceptions stay as they are.
 *
 * With FPCR.AH default NaNs are negative, and what knows FPCR otherwise (BFMLALB, BFMLALT, narrowing) rounds to the
 * nearest, flushes to zero and raises nothing.
 *
 * Narrowing obeys FPCR.  BFloat16 has the exponents of single precision: what is tiny, or overflows, shows in
 * the single's bits, and rounding them as an integer is enough.
 */
#include "dbt/a64/fp.h"
#include "dbt/ir/eval_soft.h"

#include <string.h>
#include <xmmintrin.h>

#define X(name) helper_fn a64_helper_##name;
#include "dbt/a64/helpers_bf16.h"
#undef X

enum { SINGLE = 2, DOUBLE = 3 };

/* To the nearest, nothing unmasked; returns the guest's MXCSR, whose flags stay as they were. */
static unsigned host_begin(void)
{
    unsigned csr = _mm_getcsr();
    _mm_setcsr(MXCSR_MASKS);
    return csr;
}

static double number(uint32_t single)
{
    float f;
    memcpy(&f, &single, sizeof f);
    return f;
}
static uint64_t bits_of(double d)
{
    uint64_t b;
    memcpy(&b, &d, sizeof b);
    return b;
}

/*
 * A finite d, which is exact but for `error` (of which only the sign counts), as a single: rounded to odd, zero
 * below the normal range, infinite above it.
 */
static uint32_t pack_odd(double d, double error)
{
    uint64_t b = bits_of(d), magnitude = b & INT64_MAX;
    uint32_t sign = (uint32_t)(b >> 32) & 0x80000000;
    if (error != 0 && !(magnitude & 1)) /* towards the exact number; an odd neighbour either way */
        magnitude += (error < 0) == (sign != 0) ? 1 : (uint64_t)-1;
    if (magnitude < (uint64_t)(1023 - 126) << 52)
        return sign;
    if (magnitude >= (uint64_t)(1023 + 128) << 52)
        return sign | 0x7f800000;
    uint64_t r = (magnitude - ((uint64_t)(1023 - 127) << 52)) >> 29;
    return sign | (uint32_t)r | (magnitude & 0x1fffffff ? 1 : 0);
}

static bool is_special(uint32_t single)
{
    return (single & 0x7f800000) == 0x7f800000;
}
static uint32_t flushed(uint32_t single)
{
    return single & 0x7f800000 ? single : single & 0x80000000;
}

/* An infinity or a NaN is among the operands, so of the modes only FPCR.AH counts. */
static uint32_t bf_special(const struct fp *modes, uint64_t (*op)(struct fp *, unsigned, uint64_t, uint64_t),
                           uint32_t x, uint32_t y)
{
    struct fp f = *modes;
    if (fp_is_nan(SINGLE, x) || fp_is_nan(SINGLE, y))
        return (uint32_t)fp_default_nan(&f, SINGLE);
    return (uint32_t)op(&f, SINGLE, x, y);
}
static uint32_t bf_mul(const struct fp *f, uint32_t x, uint32_t y)
{
    x = flushed(x), y = flushed(y);
    return is_special(x) || is_special(y) ? bf_special(f, fp_mul, x, y) : pack_odd(number(x) * number(y), 0);
}
static uint32_t bf_add(const struct fp *f, uint32_t x, uint32_t y)
{
    x = flushed(x), y = flushed(y);
    if (is_special(x) || is_special(y))
        return bf_special(f, fp_add, x, y);
    double a = number(x), b = number(y), s = a + b, c = s - a;
    return pack_odd(s, (a - (s - c)) + (b - c)); /* Knuth's exact error of a sum */
}

/* A number as a double, exactly; a subnormal may count as zero. */
static uint64_t widened(struct fp *f, uint32_t single)
{
    return fp_convert(f, DOUBLE, SINGLE, fp_operand(f, SINGLE, single));
}

/*
 * FPDot: the products are exact in double precision, their sum is rounded to odd there, and so exactly once to a single.
 * An exact zero has the sign that the rounding mode gives it, of which rounding to odd knows nothing.
 */
static uint64_t ebf_dot(struct fp *f, uint32_t x, uint32_t y)
{
    enum ir_round round = f->round;
    uint64_t a[2], b[2];
    for (unsigned i = 0; i < 2; i++) {
        uint32_t p = i ? x & 0xffff0000 : x << 16, q = i ? y & 0xffff0000 : y << 16;
        if (fp_is_nan(SINGLE, p) || fp_is_nan(SINGLE, q))
            return fp_default_nan(f, SINGLE);
        a[i] = widened(f, p), b[i] = widened(f, q);
    }
    uint64_t low = fp_mul(f, DOUBLE, a[0], b[0]);
    if (fp_is_nan(DOUBLE, low))
        return fp_default_nan(f, SINGLE);
    f->round = ROUND_ODD;
    uint64_t sum = fp_fma(f, DOUBLE, a[1], b[1], low);
    f->round = round;
    if (fp_is_nan(DOUBLE, sum))
        return fp_default_nan(f, SINGLE);
    if ((sum & INT64_MAX) == 0)
        sum = fp_fma(f, DOUBLE, a[1], b[1], low);
    return fp_convert(f, SINGLE, DOUBLE, sum);
}

static uint32_t ebf_dot_add(const struct fp *modes, uint32_t addend, uint32_t x, uint32_t y)
{
    struct fp f = *modes;
    uint64_t dot = ebf_dot(&f, x, y);
    if (fp_is_nan(SINGLE, dot) || fp_is_nan(SINGLE, addend))
        return (uint32_t)fp_default_nan(&f, SINGLE);
    return (uint32_t)fp_add(&f, SINGLE, fp_operand(&f, SINGLE, addend), fp_operand(&f, SINGLE, dot));
}

/* The modes; csr is the guest's. */
struct modes {
    bool ebf; /* FPCR.EBF; without it, of `fp` only `alternate` counts */
    struct fp fp;
};
static struct modes modes_of(const struct cpu *cpu, unsigned csr)
{
    return (struct modes){cpu->a64.fpcr & FPCR_EBF,
                          {.round = fp_rounding(csr),
                           .flush_in = csr >> 6 & 1,
                           .flush_out = csr >> 15 & 1,
                           .default_nan = true,
                           .alternate = cpu->fp_ah}};
}

/* BFDotAdd; x and y are pairs of numbers. */
static uint32_t bf_dot_add(const struct modes *m, uint32_t addend, uint32_t x, uint32_t y)
{
    const struct fp *f = &m->fp;
    if (m->ebf)
        return ebf_dot_add(f, addend, x, y);
    uint32_t low = bf_mul(f, x << 16, y << 16), high = bf_mul(f, x & 0xffff0000, y & 0xffff0000);
    return bf_add(f, addend, bf_add(f, low, high));
}

void a64_helper_bfdot(struct cpu *cpu, union vec io[4])
{
    unsigned csr = host_begin();
    struct modes m = modes_of(cpu, csr);
    for (unsigned i = 0; i < 4; i++)
        io[0].u32[i] = bf_dot_add(&m, io[3].u32[i], io[1].u32[i], io[2].u32[i]);
    _mm_setcsr(csr);
}

/* Rows of four numbers: lane 2i+j takes row i of a and row j of b. */
void a64_helper_bfmmla(struct cpu *cpu, union vec io[4])
{
    unsigned csr = host_begin();
    struct modes m = modes_of(cpu, csr);
    for (unsigned i = 0; i < 4; i++) {
        uint32_t sum = io[3].u32[i];
        for (unsigned k = 0; k < 2; k++)
            sum = bf_dot_add(&m, sum, io[1].u32[(i & 2) + k], io[2].u32[(i & 1) * 2 + k]);
        io[0].u32[i] = sum;
    }
    _mm_setcsr(csr);
}

/* FPConvertBF */
static uint16_t bf_from_single(const struct cpu *cpu, unsigned csr, unsigned *flags, uint32_t x)
{
    uint32_t magnitude = x & 0x7fffffff, sign = x & 0x80000000;
    if (magnitude > 0x7f800000) {
        *flags |= x >> 22 & 1 ? 0 : FP_INVALID;
        return cpu->fp_dn ? (uint16_t)(cpu->fp_ah << 15 | 0x7fc0) : (uint16_t)(x >> 16 | 0x40);
    }
    bool tiny = magnitude && magnitude < 0x00800000;
    if (tiny && csr >> 6 & 1) { /* DAZ */
        *flags |= cpu->fp_fz ? FP_DENORMAL : 0;
        return (uint16_t)(sign >> 16);
    }
    uint32_t r = x >> 16, rest = x & 0xffff;
    switch (fp_rounding(csr)) {
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
    unsigned flags = 0, count = (unsigned)io[0].u64[0], guest = a64_quiet_begin(cpu), csr = _mm_getcsr();
    io[0] = (union vec){.u64 = {0, 0}};
    for (unsigned i = 0; i < count; i++)
        io[0].u16[i] = bf_from_single(cpu, csr, &flags, io[1].u32[i]);
    if (flags & FP_INVALID)
        cpu->fp_invalid = 1;
    flags &= ~(unsigned)FP_INVALID;
    if (flags & ~csr)
        _mm_setcsr(csr | flags | (flags & MXCSR_PE ? MXCSR_PM : 0));
    a64_quiet_end(cpu, guest);
}

/* BFMulAddH of single precision factors: with FPCR.AH in modes of its own. */
void a64_helper_bfmlal(struct cpu *cpu, union vec io[4])
{
    unsigned csr = a64_quiet_begin(cpu);
    ir_eval_op(&(struct ir_insn){.op = IR_FMA, .type = T_V32, .a = 1, .b = 2, .c = 3}, NULL, cpu, io);
    a64_quiet_end(cpu, csr);
}
