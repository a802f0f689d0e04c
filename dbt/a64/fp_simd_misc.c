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
    return fp_helper(t, HELPER_fcvtxn, f->Rd, 1, 1, rv(t, T_V64, f->Rn), 0);
}

/* -- rounding, integers ------------------------------------------------------------------------- */

static bool round_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned d, enum ir_round round,
                    bool exact)
{
    if (sz && !q)
        return false;
    wvq(t, q, d, opx(t, IR_FRINT, flanes(sz), vin(t, q, sz, n), 0, 0, 0, round, exact));
    return true;
}
static bool to_int_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned d, enum ir_round round,
                     bool is_signed)
{
    if (sz && !q)
        return false;
    wvq(t, q, d, opx(t, IR_FTOI, flanes(sz), vin(t, q, sz, n), 0, 0, 2 + sz, round, is_signed));
    return true;
}
static bool to_int_d(struct tr *t, unsigned sz, unsigned n, unsigned d, enum ir_round round, bool is_signed)
{
    ir_ref v = opx(t, IR_FTOI, isz(sz), rs(t, sz, n), 0, 0, 2 + sz, round, is_signed);
    wv(t, d, op1(t, IR_VFROM, flanes(sz), v));
    return true;
}
static bool from_int_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned d, bool is_signed)
{
    if (sz && !q)
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
    bool name(struct tr *t, const struct name *f) \
    { return round_v(t, f->Q, f->sz, f->Rn, f->Rd, round, exact); }
FRINT_V(FRINTN_v, ROUND_N, false)
FRINT_V(FRINTM_v, ROUND_M, false)
FRINT_V(FRINTP_v, ROUND_P, false)
FRINT_V(FRINTZ_v, ROUND_Z, false)
FRINT_V(FRINTA_v, ROUND_A, false)
FRINT_V(FRINTX_v, ROUND_CURRENT, true)
FRINT_V(FRINTI_v, ROUND_CURRENT, false)

#define TO_INT_V(name, round, is_signed) \
    bool name(struct tr *t, const struct name *f) \
    { return to_int_v(t, f->Q, f->sz, f->Rn, f->Rd, round, is_signed); }
TO_INT_V(FCVTNS_v, ROUND_N, true)
TO_INT_V(FCVTNU_v, ROUND_N, false)
TO_INT_V(FCVTPS_v, ROUND_P, true)
TO_INT_V(FCVTPU_v, ROUND_P, false)
TO_INT_V(FCVTMS_v, ROUND_M, true)
TO_INT_V(FCVTMU_v, ROUND_M, false)
TO_INT_V(FCVTZS_v, ROUND_Z, true)
TO_INT_V(FCVTZU_v, ROUND_Z, false)
TO_INT_V(FCVTAS_v, ROUND_A, true)
TO_INT_V(FCVTAU_v, ROUND_A, false)

#define TO_INT_D(name, round, is_signed) \
    bool name(struct tr *t, const struct name *f) \
    { return to_int_d(t, f->sz, f->Rn, f->Rd, round, is_signed); }
TO_INT_D(FCVTNS_d, ROUND_N, true)
TO_INT_D(FCVTNU_d, ROUND_N, false)
TO_INT_D(FCVTPS_d, ROUND_P, true)
TO_INT_D(FCVTPU_d, ROUND_P, false)
TO_INT_D(FCVTMS_d, ROUND_M, true)
TO_INT_D(FCVTMU_d, ROUND_M, false)
TO_INT_D(FCVTZS_d, ROUND_Z, true)
TO_INT_D(FCVTZU_d, ROUND_Z, false)
TO_INT_D(FCVTAS_d, ROUND_A, true)
TO_INT_D(FCVTAU_d, ROUND_A, false)
/* clang-format on */

bool SCVTF_v(struct tr *t, const struct SCVTF_v *f)
{
    return from_int_v(t, f->Q, f->sz, f->Rn, f->Rd, true);
}
bool UCVTF_v(struct tr *t, const struct UCVTF_v *f)
{
    return from_int_v(t, f->Q, f->sz, f->Rn, f->Rd, false);
}
bool SCVTF_d(struct tr *t, const struct SCVTF_d *f)
{
    ws(t, f->sz, f->Rd, int_scalar(t, f->sz, f->Rn, true));
    return true;
}
bool UCVTF_d(struct tr *t, const struct UCVTF_d *f)
{
    ws(t, f->sz, f->Rd, int_scalar(t, f->sz, f->Rn, false));
    return true;
}

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
    ir_ref product = op2(t, IR_FMUL, flanes(sz), v, fixed_scale(t, sz, v, fbits));
    wvq(t, f->Q, f->Rd, opx(t, IR_FTOI, flanes(sz), product, 0, 0, 2 + sz, ROUND_Z, is_signed));
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
    ws(t, sz, d, op2(t, IR_FMUL, fscalar(sz), int_scalar(t, sz, n, is_signed), k));
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
    wv(t, d, op1(t, IR_VFROM, flanes(sz), float_to_fixed(t, isz(sz), sz, n, fbits, is_signed)));
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

/* -- comparison with zero ----------------------------------------------------------------------- */

/* swapped: 0 cc Vn, which makes LE of GE and LT of GT */
static bool zero_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned d, enum cc cc, bool swapped)
{
    if (sz && !q)
        return false;
    ir_ref a = vin(t, q, sz, n), zero = klanes(t, sz, 0);
    wvq(t, q, d, opx(t, IR_FCMPV, flanes(sz), swapped ? zero : a, swapped ? a : zero, 0, 0, cc, 0));
    return true;
}
static bool zero_d(struct tr *t, unsigned sz, unsigned n, unsigned d, enum cc cc, bool swapped)
{
    ir_ref a = rs(t, sz, n), zero = kscalar(t, sz, 0);
    ws(t, sz, d, opx(t, IR_FCMPV, fscalar(sz), swapped ? zero : a, swapped ? a : zero, 0, 0, cc, 0));
    return true;
}

/* clang-format off */
#define ZERO_V(name, cc, swapped) \
    bool name(struct tr *t, const struct name *f) \
    { return zero_v(t, f->Q, f->sz, f->Rn, f->Rd, cc, swapped); }
ZERO_V(FCMGT_zero_v, CC_GT, false)
ZERO_V(FCMEQ_zero_v, CC_EQ, false)
ZERO_V(FCMLT_zero_v, CC_GT, true)
ZERO_V(FCMGE_zero_v, CC_GE, false)
ZERO_V(FCMLE_zero_v, CC_GE, true)

#define ZERO_D(name, cc, swapped) \
    bool name(struct tr *t, const struct name *f) \
    { return zero_d(t, f->sz, f->Rn, f->Rd, cc, swapped); }
ZERO_D(FCMGT_zero_d, CC_GT, false)
ZERO_D(FCMEQ_zero_d, CC_EQ, false)
ZERO_D(FCMLT_zero_d, CC_GT, true)
ZERO_D(FCMGE_zero_d, CC_GE, false)
ZERO_D(FCMLE_zero_d, CC_GE, true)
/* clang-format on */

/* -- arithmetic and estimates ------------------------------------------------------------------- */

bool FABS_v(struct tr *t, const struct FABS_v *f)
{
    if (f->sz && !f->Q)
        return false;
    wvq(t, f->Q, f->Rd, op1(t, IR_FABS, flanes(f->sz), rv(t, flanes(f->sz), f->Rn)));
    return true;
}
bool FNEG_v(struct tr *t, const struct FNEG_v *f)
{
    if (f->sz && !f->Q)
        return false;
    wvq(t, f->Q, f->Rd, op1(t, IR_FNEG, flanes(f->sz), rv(t, flanes(f->sz), f->Rn)));
    return true;
}
bool FSQRT_v(struct tr *t, const struct FSQRT_v *f)
{
    if (f->sz && !f->Q)
        return false;
    wvq(t, f->Q, f->Rd, op1(t, IR_FSQRT, flanes(f->sz), vin(t, f->Q, f->sz, f->Rn)));
    return true;
}

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
bool FRECPE_v(struct tr *t, const struct FRECPE_v *f)
{
    return (f->Q || !f->sz) && estimate(t, HELPER_frecpe, f->sz, fp_lane_count(f->Q, f->sz), f->Rn, f->Rd);
}
bool FRSQRTE_v(struct tr *t, const struct FRSQRTE_v *f)
{
    return (f->Q || !f->sz) && estimate(t, HELPER_frsqrte, f->sz, fp_lane_count(f->Q, f->sz), f->Rn, f->Rd);
}
bool FRECPE_d(struct tr *t, const struct FRECPE_d *f)
{
    return estimate(t, HELPER_frecpe, f->sz, 1, f->Rn, f->Rd);
}
bool FRSQRTE_d(struct tr *t, const struct FRSQRTE_d *f)
{
    return estimate(t, HELPER_frsqrte, f->sz, 1, f->Rn, f->Rd);
}
bool FRECPX_d(struct tr *t, const struct FRECPX_d *f)
{
    return estimate(t, HELPER_frecpx, f->sz, 1, f->Rn, f->Rd);
}
