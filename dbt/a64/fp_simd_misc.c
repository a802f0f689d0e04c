/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD floating point with one register operand: two-register miscellaneous and its scalar form,
 * shift by immediate in so far as it converts fixed point (Arm ARM C4.1.96).
 * Fixed point: see fp_convert.c.
 */
#include "a64_decode.h"
#include "dbt/a64/fp.h"

/* -- precision ---------------------------------------------------------------------------------- */

/* The narrow result in the half of Vd that q says; the low half clears the other. */
static void write_half(struct tr *t, unsigned q, unsigned d, ir_ref v)
{
    wv(t, d, q ? op2(t, IR_VCAT, T_V64, rv(t, T_V64, d), v) : v);
}
bool FCVTN(struct tr *t, const struct FCVTN *f)
{
    ir_ref v = rv(t, flanes(f->sz), f->Rn);
    write_half(t, f->Q, f->Rd, op1(t, IR_FCVTN, f->sz ? T_V32 : T_V16, v));
    return true;
}
bool FCVTL(struct tr *t, const struct FCVTL *f)
{
    enum ir_type narrow = f->sz ? T_V32 : T_V16;
    ir_ref v = rv(t, narrow, f->Rn);
    if (f->Q)
        v = op1(t, IR_VHIGH, narrow, v);
    wv(t, f->Rd, op1(t, IR_FCVTL, flanes(f->sz), v));
    return true;
}
bool FCVTXN_v(struct tr *t, const struct FCVTXN_v *f)
{
    ir_ref v = rv(t, T_V64, f->Rn);
    write_half(t, f->Q, f->Rd, helper(t, HELPER_fcvtxn, T_V64, v, 0, 0, fp_lanes(1, 2), EFFECT_NONE));
    return true;
}
bool FCVTXN_d(struct tr *t, const struct FCVTXN_d *f)
{
    ir_ref v = helper(t, HELPER_fcvtxn, T_V64, rv(t, T_V64, f->Rn), 0, 0, fp_lanes(1, 1), EFFECT_NONE);
    ws_merge(t, FP_SINGLE, f->Rd, f->Rd, v);
    return true;
}

/* -- rounding, integers ------------------------------------------------------------------------- */

/* The half precision number in lane 0, and zeroes, which raise nothing. */
static ir_ref alone(struct tr *t, unsigned n)
{
    return opx(t, IR_VZEXT, T_V16, rv(t, T_V16, n), 0, 0, 1, 0, 0);
}

static bool round_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned d, enum ir_round round,
                    bool exact)
{
    if (fp_one_lane(q, sz))
        return false;
    wvq(t, q, d, opx(t, IR_FRINT, flanes(sz), vin(t, q, sz, n), 0, 0, 0, round, exact));
    return true;
}
static bool to_int_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned d, enum ir_round round,
                     bool is_signed)
{
    if (fp_one_lane(q, sz))
        return false;
    wvq(t, q, d, opx(t, IR_FTOI, flanes(sz), vin(t, q, sz, n), 0, 0, fp_size(sz), round, is_signed));
    return true;
}
static bool to_int_d(struct tr *t, unsigned sz, unsigned n, unsigned d, enum ir_round round, bool is_signed)
{
    if (sz == FP_HALF) { /* integers of 16 bits are lanes only */
        wv_merge(t, 1, d, d, opx(t, IR_FTOI, T_V16, alone(t, n), 0, 0, 1, round, is_signed));
        return true;
    }
    ir_ref v = opx(t, IR_FTOI, isz(sz), rs(t, sz, n), 0, 0, fp_size(sz), round, is_signed);
    ws_merge(t, sz, d, d, op1(t, IR_VFROM, flanes(sz), v));
    return true;
}
static bool from_int_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned d, bool is_signed)
{
    if (fp_one_lane(q, sz))
        return false;
    wvq(t, q, d, op1i(t, IR_ITOF, flanes(sz), vin(t, q, sz, n), is_signed));
    return true;
}
static ir_ref int_scalar(struct tr *t, unsigned sz, unsigned n, bool is_signed)
{
    return op1i(t, IR_ITOF, fscalar(sz), op1(t, IR_BITCAST, isz(sz), rs(t, sz, n)), is_signed);
}

/* clang-format off */
#define FRINT_V(name, round, exact) \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { return round_v(t, f->Q, f->sz, f->Rn, f->Rd, round, exact); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { return round_v(t, f->Q, FP_HALF, f->Rn, f->Rd, round, exact); }
FRINT_V(FRINTN, ROUND_N, false)
FRINT_V(FRINTM, ROUND_M, false)
FRINT_V(FRINTP, ROUND_P, false)
FRINT_V(FRINTZ, ROUND_Z, false)
FRINT_V(FRINTA, ROUND_A, false)
FRINT_V(FRINTX, ROUND_CURRENT, true)
FRINT_V(FRINTI, ROUND_CURRENT, false)

#define TO_INT_V(name, round, is_signed) \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { return to_int_v(t, f->Q, f->sz, f->Rn, f->Rd, round, is_signed); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { return to_int_v(t, f->Q, FP_HALF, f->Rn, f->Rd, round, is_signed); }
TO_INT_V(FCVTNS, ROUND_N, true)
TO_INT_V(FCVTNU, ROUND_N, false)
TO_INT_V(FCVTPS, ROUND_P, true)
TO_INT_V(FCVTPU, ROUND_P, false)
TO_INT_V(FCVTMS, ROUND_M, true)
TO_INT_V(FCVTMU, ROUND_M, false)
TO_INT_V(FCVTZS, ROUND_Z, true)
TO_INT_V(FCVTZU, ROUND_Z, false)
TO_INT_V(FCVTAS, ROUND_A, true)
TO_INT_V(FCVTAU, ROUND_A, false)

#define TO_INT_D(name, round, is_signed) \
    bool name##_d(struct tr *t, const struct name##_d *f) \
    { return to_int_d(t, f->sz, f->Rn, f->Rd, round, is_signed); } \
    bool name##_dh(struct tr *t, const struct name##_dh *f) \
    { return to_int_d(t, FP_HALF, f->Rn, f->Rd, round, is_signed); }
TO_INT_D(FCVTNS, ROUND_N, true)
TO_INT_D(FCVTNU, ROUND_N, false)
TO_INT_D(FCVTPS, ROUND_P, true)
TO_INT_D(FCVTPU, ROUND_P, false)
TO_INT_D(FCVTMS, ROUND_M, true)
TO_INT_D(FCVTMU, ROUND_M, false)
TO_INT_D(FCVTZS, ROUND_Z, true)
TO_INT_D(FCVTZU, ROUND_Z, false)
TO_INT_D(FCVTAS, ROUND_A, true)
TO_INT_D(FCVTAU, ROUND_A, false)
/* clang-format on */

static bool from_int_d(struct tr *t, unsigned sz, unsigned n, unsigned d, bool is_signed)
{
    if (sz == FP_HALF)
        wv_merge(t, 1, d, d, op1i(t, IR_ITOF, T_V16, alone(t, n), is_signed));
    else
        ws_merge(t, sz, d, d, int_scalar(t, sz, n, is_signed));
    return true;
}

/* clang-format off */
#define FROM_INT(name, is_signed) \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { return from_int_v(t, f->Q, f->sz, f->Rn, f->Rd, is_signed); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { return from_int_v(t, f->Q, FP_HALF, f->Rn, f->Rd, is_signed); } \
    bool name##_d(struct tr *t, const struct name##_d *f) \
    { return from_int_d(t, f->sz, f->Rn, f->Rd, is_signed); } \
    bool name##_dh(struct tr *t, const struct name##_dh *f) \
    { return from_int_d(t, FP_HALF, f->Rn, f->Rd, is_signed); }
FROM_INT(SCVTF, true)
FROM_INT(UCVTF, false)
/* clang-format on */

/* -- fixed point -------------------------------------------------------------------------------- */

/* sz and the number of fraction bits; false if the encoding is unallocated. */
static bool fixed_format(unsigned immh, unsigned immb, unsigned *sz, unsigned *fbits)
{
    *sz = immh >> 3;
    *fbits = (*sz ? 128u : 64u) - (immh << 3 | immb);
    return immh >= 4;
}
static bool from_fixed_v(struct tr *t, const struct SCVTF_fix_v *f, bool is_signed)
{
    unsigned sz, fbits;
    if (!fixed_format(f->immh, f->immb, &sz, &fbits) || (sz && !f->Q))
        return false;
    ir_ref v = op1i(t, IR_ITOF, flanes(sz), vin(t, f->Q, sz, f->Rn), is_signed);
    wvq(t, f->Q, f->Rd, op2(t, IR_FMUL, flanes(sz), v, klanes(t, sz, fpower(sz, -(int)fbits))));
    return true;
}
bool SCVTF_fix_v(struct tr *t, const struct SCVTF_fix_v *f)
{
    return from_fixed_v(t, f, true);
}
bool UCVTF_fix_v(struct tr *t, const struct UCVTF_fix_v *f)
{
    return from_fixed_v(
        t, &(struct SCVTF_fix_v){.Q = f->Q, .immh = f->immh, .immb = f->immb, .Rn = f->Rn, .Rd = f->Rd},
        false);
}
static bool to_fixed_v(struct tr *t, const struct FCVTZS_fix_v *f, bool is_signed)
{
    unsigned sz, fbits;
    if (!fixed_format(f->immh, f->immb, &sz, &fbits) || (sz && !f->Q))
        return false;
    ir_ref v = vin(t, f->Q, sz, f->Rn);
    if (fp_asked(FP_AH)) { /* as float_to_fixed */
        int64_t imm = is_signed | (int64_t)fbits << 8;
        wvq(t, f->Q, f->Rd, opx(t, IR_FTOI, flanes(sz), v, 0, 0, fp_size(sz), ROUND_Z, imm));
        return true;
    }
    ir_ref product = op2(t, IR_FMUL, flanes(sz), v, fixed_scale(t, sz, v, fbits));
    wvq(t, f->Q, f->Rd, opx(t, IR_FTOI, flanes(sz), product, 0, 0, fp_size(sz), ROUND_Z, is_signed));
    return true;
}
bool FCVTZS_fix_v(struct tr *t, const struct FCVTZS_fix_v *f)
{
    return to_fixed_v(t, f, true);
}
bool FCVTZU_fix_v(struct tr *t, const struct FCVTZU_fix_v *f)
{
    return to_fixed_v(
        t, &(struct FCVTZS_fix_v){.Q = f->Q, .immh = f->immh, .immb = f->immb, .Rn = f->Rn, .Rd = f->Rd},
        false);
}
static bool from_fixed_d(struct tr *t, unsigned immh, unsigned immb, unsigned n, unsigned d, bool is_signed)
{
    unsigned sz, fbits;
    if (!fixed_format(immh, immb, &sz, &fbits))
        return false;
    ir_ref k = kscalar(t, sz, fpower(sz, -(int)fbits));
    ws_merge(t, sz, d, d, op2(t, IR_FMUL, fscalar(sz), int_scalar(t, sz, n, is_signed), k));
    return true;
}
bool SCVTF_fix_d(struct tr *t, const struct SCVTF_fix_d *f)
{
    return from_fixed_d(t, f->immh, f->immb, f->Rn, f->Rd, true);
}
bool UCVTF_fix_d(struct tr *t, const struct UCVTF_fix_d *f)
{
    return from_fixed_d(t, f->immh, f->immb, f->Rn, f->Rd, false);
}
static bool to_fixed_d(struct tr *t, unsigned immh, unsigned immb, unsigned n, unsigned d, bool is_signed)
{
    unsigned sz, fbits;
    if (!fixed_format(immh, immb, &sz, &fbits))
        return false;
    ws_merge(t, sz, d, d, op1(t, IR_VFROM, flanes(sz), float_to_fixed(t, isz(sz), sz, n, fbits, is_signed)));
    return true;
}
bool FCVTZS_fix_d(struct tr *t, const struct FCVTZS_fix_d *f)
{
    return to_fixed_d(t, f->immh, f->immb, f->Rn, f->Rd, true);
}
bool FCVTZU_fix_d(struct tr *t, const struct FCVTZU_fix_d *f)
{
    return to_fixed_d(t, f->immh, f->immb, f->Rn, f->Rd, false);
}

/* Half precision, immh = 001x: the IR's conversions know the fraction bits. */
static bool fixed_h(struct tr *t, enum ir_op op, unsigned q, unsigned immb, unsigned n, unsigned d,
                    bool is_signed, bool scalar)
{
    int64_t imm = is_signed | (int64_t)(16 - immb) << 8;
    ir_ref v = scalar ? alone(t, n) : vin(t, q, FP_HALF, n);
    v = opx(t, op, T_V16, v, 0, 0, op == IR_FTOI, op == IR_FTOI ? ROUND_Z : 0, imm);
    if (scalar)
        wv_merge(t, 1, d, d, v);
    else
        wvq(t, q, d, v);
    return true;
}

/* clang-format off */
#define FIXED_H(name, op, is_signed) \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { return fixed_h(t, op, f->Q, f->immb, f->Rn, f->Rd, is_signed, false); } \
    bool name##_dh(struct tr *t, const struct name##_dh *f) \
    { return fixed_h(t, op, 1, f->immb, f->Rn, f->Rd, is_signed, true); }
FIXED_H(SCVTF_fix, IR_ITOF, true)
FIXED_H(UCVTF_fix, IR_ITOF, false)
FIXED_H(FCVTZS_fix, IR_FTOI, true)
FIXED_H(FCVTZU_fix, IR_FTOI, false)
/* clang-format on */

/* -- comparison with zero ----------------------------------------------------------------------- */

/* swapped: 0 cc Vn, which makes LE of GE and LT of GT */
static bool zero_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned d, enum cc cc, bool swapped)
{
    if (fp_one_lane(q, sz))
        return false;
    ir_ref a = vin(t, q, sz, n), zero = klanes(t, sz, 0);
    wvq(t, q, d, opx(t, IR_FCMPV, flanes(sz), swapped ? zero : a, swapped ? a : zero, 0, 0, cc, 0));
    return true;
}
static bool zero_d(struct tr *t, unsigned sz, unsigned n, unsigned d, enum cc cc, bool swapped)
{
    ir_ref a = rs(t, sz, n), zero = kscalar(t, sz, 0);
    /* FPCR.NEP is not for these. */
    ws(t, sz, d, opx(t, IR_FCMPV, fscalar(sz), swapped ? zero : a, swapped ? a : zero, 0, 0, cc, 0));
    return true;
}

/* clang-format off */
#define ZERO_V(name, cc, swapped) \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { return zero_v(t, f->Q, f->sz, f->Rn, f->Rd, cc, swapped); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { return zero_v(t, f->Q, FP_HALF, f->Rn, f->Rd, cc, swapped); }
ZERO_V(FCMGT_zero, CC_GT, false)
ZERO_V(FCMEQ_zero, CC_EQ, false)
ZERO_V(FCMLT_zero, CC_GT, true)
ZERO_V(FCMGE_zero, CC_GE, false)
ZERO_V(FCMLE_zero, CC_GE, true)

#define ZERO_D(name, cc, swapped) \
    bool name##_d(struct tr *t, const struct name##_d *f) \
    { return zero_d(t, f->sz, f->Rn, f->Rd, cc, swapped); } \
    bool name##_dh(struct tr *t, const struct name##_dh *f) \
    { return zero_d(t, FP_HALF, f->Rn, f->Rd, cc, swapped); }
ZERO_D(FCMGT_zero, CC_GT, false)
ZERO_D(FCMEQ_zero, CC_EQ, false)
ZERO_D(FCMLT_zero, CC_GT, true)
ZERO_D(FCMGE_zero, CC_GE, false)
ZERO_D(FCMLE_zero, CC_GE, true)
/* clang-format on */

/* -- arithmetic and estimates ------------------------------------------------------------------- */

/* Signs raise nothing; square roots of what does not count must not. */
static bool unary_v(struct tr *t, enum ir_op op, unsigned q, unsigned sz, unsigned n, unsigned d)
{
    if (fp_one_lane(q, sz))
        return false;
    ir_ref v = op == IR_FSQRT ? vin(t, q, sz, n) : rv(t, flanes(sz), n);
    wvq(t, q, d, op1(t, op, flanes(sz), v));
    return true;
}

/* clang-format off */
#define UNARY_V(name, op) \
    bool name##_v(struct tr *t, const struct name##_v *f) { return unary_v(t, op, f->Q, f->sz, f->Rn, f->Rd); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) { return unary_v(t, op, f->Q, FP_HALF, f->Rn, f->Rd); }
UNARY_V(FABS, IR_FABS)
UNARY_V(FNEG, IR_FNEG)
UNARY_V(FSQRT, IR_FSQRT)
/* clang-format on */

static bool estimate(struct tr *t, enum a64_helper h, unsigned sz, unsigned count, unsigned n, unsigned d)
{
    return fp_helper(t, h, d, sz, count, rv(t, flanes(sz), n), 0);
}
bool URECPE(struct tr *t, const struct URECPE *f)
{
    return estimate(t, HELPER_urecpe, 0, fp_lane_count(f->Q, 0), f->Rn, f->Rd);
}
bool URSQRTE(struct tr *t, const struct URSQRTE *f)
{
    return estimate(t, HELPER_ursqrte, 0, fp_lane_count(f->Q, 0), f->Rn, f->Rd);
}
static bool estimate_d(struct tr *t, enum a64_helper h, unsigned sz, unsigned n, unsigned d)
{
    return fp_helper_merge(t, h, d, d, sz, rv(t, flanes(sz), n), 0);
}
static bool estimate_v(struct tr *t, enum a64_helper h, unsigned q, unsigned sz, unsigned n, unsigned d)
{
    return !fp_one_lane(q, sz) && estimate(t, h, sz, fp_lane_count(q, sz), n, d);
}

/* clang-format off */
#define ESTIMATE_V(name, h) \
    bool name##_v(struct tr *t, const struct name##_v *f) { return estimate_v(t, h, f->Q, f->sz, f->Rn, f->Rd); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) { return estimate_v(t, h, f->Q, FP_HALF, f->Rn, f->Rd); }
ESTIMATE_V(FRECPE, HELPER_frecpe)
ESTIMATE_V(FRSQRTE, HELPER_frsqrte)

#define ESTIMATE_D(name, h) \
    bool name##_d(struct tr *t, const struct name##_d *f) { return estimate_d(t, h, f->sz, f->Rn, f->Rd); } \
    bool name##_dh(struct tr *t, const struct name##_dh *f) { return estimate_d(t, h, FP_HALF, f->Rn, f->Rd); }
ESTIMATE_D(FRECPE, HELPER_frecpe)
ESTIMATE_D(FRSQRTE, HELPER_frsqrte)
ESTIMATE_D(FRECPX, HELPER_frecpx)
/* clang-format on */
