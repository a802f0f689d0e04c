/* SPDX-License-Identifier: MIT */
/*
 * Floating-point operations: what Arm's instructions do around the arithmetic of eval_soft.c.
 *
 *  - Where the modes come from and the exceptions go is said at ir_eval_op (eval.h).
 *  - NaN operands (FPProcessNaNs): the first signalling one in the operands' order, else the first quiet one, made
 *    quiet; or always the default NaN if fp_dn is set.  FMA's order is addend, then factors.
 *  - Half precision obeys neither DAZ nor FTZ but cpu->fp_fz16, except in conversions of precision, which alone know
 *    the alternative format (cpu->fp_ahp).
 *  - The alternate handling (cpu->fp_ah): of NaNs the first operand wins, factors before the addend, whichever of
 *    them signals; NaNs keep their sign; minimum and maximum hand their second operand through where they have no
 *    better one.
 *
 * MXCSR's denormal bit is set where Arm's IDC would be: when an operand was taken for zero (cpu->fp_fz), or, with the
 * alternate handling, when a number was computed from a subnormal one (FPProcessDenorms).
 */
#include "dbt/ir/eval_soft.h"

#include <xmmintrin.h>

static struct fp fp_open(const struct cpu *cpu)
{
    unsigned csr = _mm_getcsr();
    return (struct fp){.round = fp_rounding(csr),
                       .flush_in = csr & MXCSR_DAZ,
                       .flush_out = csr & MXCSR_FTZ,
                       .flush_notes = cpu && cpu->fp_fz,
                       .flush_half = cpu && cpu->fp_fz16,
                       .default_nan = cpu && cpu->fp_dn,
                       .alternate = cpu && cpu->fp_ah};
}

static void fp_close(struct fp *f, struct cpu *cpu)
{
    unsigned csr = _mm_getcsr();
    if (cpu && f->flags & FP_INVALID) {
        cpu->fp_invalid = 1;
        f->flags &= ~(unsigned)FP_INVALID;
    }
    if (f->flags & ~csr)
        _mm_setcsr(csr | f->flags | (f->flags & FP_INEXACT ? MXCSR_PM : 0));
}

/* What the alternate handling notes of the operands of an operation that made a number. */
static uint64_t number_made(struct fp *f, uint64_t r)
{
    if (f->subnormal)
        f->flags |= FP_DENORMAL;
    return r;
}

/* Of three operands the first is the addend. */
static bool process_nans_alternate(struct fp *f, unsigned size, const uint64_t *x, unsigned n, uint64_t *r)
{
    bool found = false;
    for (unsigned k = 0; k < n; k++) {
        uint64_t v = x[n == 3 ? (k + 1) % 3 : k];
        if (!fp_is_nan(size, v))
            continue;
        uint64_t q = fp_process_nan(f, size, v);
        if (!found)
            *r = q;
        found = true;
    }
    return found;
}

/* FPProcessNaNs on n operands: whether there is a NaN among them, and the result that it makes. */
static bool process_nans(struct fp *f, unsigned size, const uint64_t *x, unsigned n, uint64_t *r)
{
    if (f->alternate)
        return process_nans_alternate(f, size, x, n, r);
    for (unsigned k = 0; k < n; k++) {
        if (fp_is_snan(size, x[k])) {
            *r = fp_process_nan(f, size, x[k]);
            return true;
        }
    }
    for (unsigned k = 0; k < n; k++) {
        if (fp_is_nan(size, x[k])) {
            *r = fp_process_nan(f, size, x[k]);
            return true;
        }
    }
    return false;
}

/* A number whose order among integers is that of x among floating-point numbers; both zeros are 0. */
static int64_t order(unsigned size, uint64_t x)
{
    int64_t m = (int64_t)(x & (fp_sign(size) - 1));
    return x & fp_sign(size) ? -m : m;
}

/* FPNeg */
static uint64_t negated(const struct fp *f, unsigned size, uint64_t x)
{
    return f->alternate && fp_is_nan(size, x) ? x : x ^ fp_sign(size);
}

/* FPCompare: the flags' nibble. */
static unsigned compare(struct fp *f, unsigned size, uint64_t x, uint64_t y, bool signalling)
{
    f->subnormal = false;
    x = fp_operand(f, size, x);
    y = fp_operand(f, size, y);
    if (fp_is_nan(size, x) || fp_is_nan(size, y)) {
        if (signalling || fp_is_snan(size, x) || fp_is_snan(size, y))
            f->flags |= FP_INVALID;
        return FL_C | FL_V;
    }
    int64_t a = order(size, x), b = order(size, y);
    number_made(f, 0);
    return a == b ? FL_Z | FL_C : a < b ? FL_N : FL_C;
}

static uint64_t lane_mask_compare(struct fp *f, unsigned cc, unsigned size, uint64_t x, uint64_t y)
{
    unsigned nzcv = compare(f, size, x, y, cc != CC_EQ);
    return eval_cond(nzcv, cc) ? ~(uint64_t)0 : 0;
}

/* FMIN, FMAX: y where there is a NaN, or both are zero; nothing flushes the result. */
static uint64_t lane_min_max_alternate(struct fp *f, bool min, unsigned size, uint64_t x, uint64_t y)
{
    x = fp_operand(f, size, x);
    y = fp_operand(f, size, y);
    if (fp_is_nan(size, x) || fp_is_nan(size, y)) {
        f->flags |= FP_INVALID;
        return y;
    }
    int64_t a = order(size, x), b = order(size, y);
    return number_made(f, (min ? a < b : a > b) ? x : y);
}

static uint64_t lane_min_max(struct fp *f, enum ir_op op, unsigned size, uint64_t x, uint64_t y)
{
    bool min = op == IR_FMIN || op == IR_FMINNM, both = fp_is_nan(size, x) && fp_is_nan(size, y);
    f->subnormal = false;
    if (f->alternate && (op == IR_FMIN || op == IR_FMAX))
        return lane_min_max_alternate(f, min, size, x, y);
    if ((op == IR_FMINNM || op == IR_FMAXNM) && !(f->alternate && both)) {
        bool qx = fp_is_nan(size, x) && !fp_is_snan(size, x), qy = fp_is_nan(size, y) && !fp_is_snan(size, y);
        uint64_t loses = fp_infinity(size) | (min ? 0 : fp_sign(size));
        if (qx && !qy)
            x = loses;
        else if (qy && !qx)
            y = loses;
    }
    uint64_t in[2] = {fp_operand(f, size, x), fp_operand(f, size, y)}, r;
    if (process_nans(f, size, in, 2, &r))
        return r;
    int64_t a = order(size, in[0]), b = order(size, in[1]);
    if (a == 0 && b == 0)
        return min ? in[0] | in[1] : in[0] & in[1];
    return number_made(f, fp_result(f, size, (min ? a < b : a > b) ? in[0] : in[1]));
}

static uint64_t lane_fma(struct fp *f, unsigned negate, unsigned size, uint64_t x, uint64_t y, uint64_t z)
{
    uint64_t sign = fp_sign(size), inf = fp_infinity(size), r;
    uint64_t in[3] = {negate & 2 ? negated(f, size, z) : z, negate & 1 ? negated(f, size, x) : x, y};
    f->subnormal = false;
    for (unsigned k = 0; k < 3; k++)
        in[k] = fp_operand(f, size, in[k]);
    uint64_t mx = in[1] & (sign - 1), my = in[2] & (sign - 1);
    bool nan = process_nans(f, size, in, 3, &r);
    if (nan && !f->alternate && fp_is_nan(size, in[0]) && !fp_is_snan(size, in[0]) &&
        ((mx == inf && my == 0) || (mx == 0 && my == inf))) {
        f->flags |= FP_INVALID;
        return fp_default_nan(f, size);
    }
    if (nan)
        return r;
    r = fp_fma(f, size, in[1], in[2], in[0]);
    return fp_is_nan(size, r) ? r : number_made(f, r);
}

/* Half precision factors; a signalling NaN must still be one when it meets the addend. */
static uint64_t lane_fmah(struct fp *f, unsigned negate, uint64_t x, uint64_t y, uint64_t z)
{
    uint64_t in[2] = {negate & 1 ? negated(f, 1, x) : x, y};
    for (unsigned k = 0; k < 2; k++) {
        uint64_t h = fp_operand(f, 1, in[k]);
        in[k] = fp_is_nan(1, h) ? (h & fp_sign(1)) << 16 | fp_infinity(2) | (h & 0x3ff) << 13
                                : fp_convert(f, 2, 1, h);
    }
    return lane_fma(f, 0, 2, in[0], in[1], z);
}

/* FPRoundIntN */
static uint64_t lane_round_range(struct fp *f, const struct ir_insn *i, unsigned size, uint64_t x)
{
    enum ir_round mode = i->cc == ROUND_CURRENT ? f->round : (enum ir_round)i->cc;
    struct fp g = *f;
    g.flags = 0;
    x = fp_operand(&g, size, x);
    if (fp_is_nan(size, x))
        g.flags |= FP_INVALID;
    else
        fp_to_int(&g, 8u << i->size, true, size, x, mode, 0);
    f->flags |= g.flags;
    if (!(g.flags & FP_INVALID))
        return fp_round_int(f, size, x, mode, false);
    unsigned n = (8u << i->size) - 1;
    return fp_sign(size) | (size == 2 ? (uint64_t)(127 + n) << 23 : (uint64_t)(1023 + n) << 52);
}

static uint64_t lane_round(struct fp *f, const struct ir_insn *i, unsigned size, uint64_t x)
{
    uint64_t r;
    if (i->size)
        return lane_round_range(f, i, size, x);
    x = fp_operand(f, size, x);
    if (process_nans(f, size, &x, 1, &r))
        return r;
    return fp_round_int(f, size, x, i->cc == ROUND_CURRENT ? f->round : (enum ir_round)i->cc, i->imm == 1);
}

static uint64_t lane_arith(struct fp *f, enum ir_op op, unsigned size, uint64_t x, uint64_t y)
{
    f->subnormal = false;
    uint64_t in[2] = {fp_operand(f, size, x), op == IR_FSQRT ? 0 : fp_operand(f, size, y)}, r;
    if (process_nans(f, size, in, op == IR_FSQRT ? 1 : 2, &r))
        return r;
    switch (op) {
    case IR_FADD: r = fp_add(f, size, in[0], in[1]); break;
    case IR_FSUB: r = fp_add(f, size, in[0], in[1] ^ fp_sign(size)); break;
    case IR_FMUL: r = fp_mul(f, size, in[0], in[1]); break;
    case IR_FDIV: r = fp_div(f, size, in[0], in[1]); break;
    default: r = fp_sqrt(f, size, in[0]); break;
    }
    bool by_zero = op == IR_FDIV && !(in[1] & (fp_sign(size) - 1));
    return fp_is_nan(size, r) || by_zero ? r : number_made(f, r);
}

static uint64_t lane(struct fp *f, const struct ir_insn *i, unsigned size, uint64_t x, uint64_t y, uint64_t z)
{
    switch (i->op) {
    case IR_FABS: return x & fp_sign(size) ? negated(f, size, x) : x;
    case IR_FNEG: return negated(f, size, x);
    case IR_FMA: return lane_fma(f, i->cc, size, x, y, z);
    case IR_FMIN:
    case IR_FMAX:
    case IR_FMINNM:
    case IR_FMAXNM: return lane_min_max(f, i->op, size, x, y);
    case IR_FCMPV: return lane_mask_compare(f, i->cc, size, x, y);
    case IR_FRINT: return lane_round(f, i, size, x);
    default: return lane_arith(f, i->op, size, x, y);
    }
}

/* What has no infinities and NaNs has the sign of a NaN, and the largest number. */
static uint64_t convert_special_alt(struct fp *f, unsigned from, uint64_t x)
{
    f->flags |= FP_INVALID;
    return (x & fp_sign(from) ? fp_sign(1) : 0) | (fp_is_nan(from, x) ? 0 : 0x7fff);
}

/* FPConvert; a NaN keeps its sign and the leading bits of its payload. */
static uint64_t convert(struct fp *f, unsigned to, unsigned from, uint64_t x)
{
    f->subnormal = false;
    x = fp_operand(f, from, x);
    if (f->alt_half && from == 1)
        return fp_convert(f, to, from, x);
    if (f->alt_half && (x & (fp_sign(from) - 1)) >= fp_infinity(from))
        return convert_special_alt(f, from, x);
    if (!fp_is_nan(from, x))
        return number_made(f, fp_convert(f, to, from, x));
    uint64_t q = fp_process_nan(f, from, x);
    if (f->default_nan)
        return fp_default_nan(f, to);
    unsigned from_frac = fp_frac_bits(from), to_frac = fp_frac_bits(to);
    uint64_t payload = (q & (((uint64_t)1 << from_frac) - 1)) << (52 - from_frac) >> (52 - to_frac);
    return (q & fp_sign(from) ? fp_sign(to) : 0) | fp_infinity(to) | payload;
}

/* FPToFixedJS: rounded to zero, modulo 2^32. */
static uint64_t to_int_modulo(struct fp *f, uint64_t x)
{
    struct fp g = *f;
    g.flags = 0;
    uint64_t r =
        fp_is_nan(3, x) ? (uint64_t)(g.flags = FP_INVALID) : fp_to_int(&g, 32, true, 3, x, ROUND_Z, 0);
    f->flags |= g.flags;
    if (!(g.flags & FP_INVALID))
        return r;
    int exp = (int)(x >> 52 & 0x7ff) - 1075;
    uint64_t m = (x & 0xfffffffffffff) | (uint64_t)1 << 52;
    m = exp >= 32 ? 0 : exp >= 0 ? m << exp : m >> -exp;
    return x >> 63 ? -m : m;
}

static uint64_t to_int(struct fp *f, const struct ir_insn *i, unsigned bits, uint64_t x)
{
    x = fp_operand(f, i->size, x);
    if (i->imm == 3)
        return to_int_modulo(f, x);
    if (fp_is_nan(i->size, x)) {
        f->flags |= FP_INVALID;
        return 0;
    }
    enum ir_round mode = i->cc == ROUND_CURRENT ? f->round : (enum ir_round)i->cc;
    return fp_to_int(f, bits, i->imm & 1, i->size, x, mode, (unsigned)(i->imm >> 8));
}

static uint64_t from_int(struct fp *f, const struct ir_insn *i, unsigned to, unsigned from, uint64_t x)
{
    unsigned k = 64 - (8u << from);
    bool neg = (i->imm & 1) && (int64_t)(x << k) < 0;
    x = x << k >> k;
    return fp_from_int(f, to, neg, neg ? -(x << k) >> k : x, (unsigned)(i->imm >> 8));
}

static union vec conversion(struct fp *f, const struct ir_insn *i, const union vec *a)
{
    bool vec = ir_type_is_vec(i->type);
    unsigned to = ir_number_size(i->type), from = i->size, n = vec ? 16u >> to : 1;
    if (i->op == IR_FCVTL) {
        from = to - 1;
    } else if (i->op == IR_FCVTN) {
        from = to + 1;
        n /= 2;
    } else if (i->op == IR_ITOF) {
        from = vec ? to : from == 2 ? 2 : 3;
    } else if (i->op == IR_FTOI && !vec) {
        to = i->type == T_I32 ? 2 : 3;
    }
    union vec r = {.u64 = {0, 0}};
    for (unsigned k = 0; k < n; k++) {
        uint64_t x = fp_lane(a, from, k);
        switch (i->op) {
        case IR_FTOI: fp_set_lane(&r, to, k, to_int(f, i, 8u << to, x)); break;
        case IR_ITOF: fp_set_lane(&r, to, k, from_int(f, i, to, from, x)); break;
        default: fp_set_lane(&r, to, k, convert(f, to, from, x)); break;
        }
    }
    return r;
}

static union vec lanes(struct fp *f, const struct ir_insn *i, const union vec io[4])
{
    unsigned size = ir_number_size(i->type), n = ir_type_is_vec(i->type) ? 16u >> size : 1;
    union vec r = {.u64 = {0, 0}};
    for (unsigned k = 0; k < n; k++)
        fp_set_lane(
            &r, size, k,
            lane(f, i, size, fp_lane(&io[1], size, k), fp_lane(&io[2], size, k), fp_lane(&io[3], size, k)));
    return r;
}

void eval_fp(const struct ir_insn *i, struct cpu *cpu, union vec io[4])
{
    struct fp f = fp_open(cpu);
    unsigned size = ir_number_size(i->type);
    switch (i->op) {
    case IR_FLFCMP:
    case IR_FCMP: {
        bool signalling = i->op == IR_FCMP ? i->imm == 1 : i->cc == 1;
        unsigned nzcv = compare(&f, size, fp_lane(&io[1], size, 0), fp_lane(&io[2], size, 0), signalling);
        io[0] = (union vec){.u64 = {i->op == IR_FCMP ? eval_cond(nzcv, i->cc) : nzcv}};
        break;
    }
    case IR_FCVT:
    case IR_FCVTL:
    case IR_FCVTN:
        f.alt_half =
            cpu && cpu->fp_ahp &&
            (i->type == T_F16 || i->type == T_V16 || i->size == 1 || (i->op == IR_FCVTL && i->type == T_V32));
        f.flush_half = false;
        io[0] = conversion(&f, i, &io[1]);
        break;
    case IR_FTOI:
    case IR_ITOF: io[0] = conversion(&f, i, &io[1]); break;
    case IR_FMAH:
        for (unsigned k = 0; k < 4; k++)
            fp_set_lane(&io[0], 2, k, lane_fmah(&f, i->cc, io[1].u16[k], io[2].u16[k], io[3].u32[k]));
        break;
    default: io[0] = lanes(&f, i, io); break;
    }
    fp_close(&f, cpu);
}
