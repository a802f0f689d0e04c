/* SPDX-License-Identifier: MIT */
/*
 * Conversions between floating point and general registers (Arm ARM C4.1.96: Conversion between
 * floating-point and fixed-point, Conversion between floating-point and integer), FMOV between the register
 * files among them.
 *
 * Fixed point is a conversion and a multiplication by a power of two.  From an integer both orders give one
 * rounding: the quotient of what fits 64 bits and at most 2^64 is never denormal.  To an integer, the product
 * of a single is formed in double, where it is exact; that of a double is exact unless it overflows
 * (fixed_scale in fp.h).
 */
#include "a64_decode.h"
#include "dbt/a64/fp.h"

/* Also where the result is discarded, the exceptions count: so that it is computed, it goes to a cell that is
 * written anew before anyone reads it. */
static void write_g(struct tr *t, enum ir_type ty, unsigned d, ir_ref v)
{
    if (d == 31)
        ir_op1(t->ir, IR_PUT, T_I64, zext64(t, ty, v), (int64_t)offsetof(struct cpu, exit_arg));
    else
        wx(t, ty, d, v);
}

static bool fixed_to_float(struct tr *t, unsigned sf, unsigned sz, unsigned scale, unsigned n, unsigned d,
                           bool is_signed)
{
    if (!sf && scale < 32)
        return false;
    int64_t half_bits = sz == FP_HALF ? 64 - scale : 0;
    ir_ref v = op1i(t, IR_ITOF, fscalar(sz), rx(t, isz(sf), n), is_signed | half_bits << 8);
    if (sz == FP_HALF)
        ws_merge(t, sz, d, d, v);
    else
        ws_merge(t, sz, d, d, op2(t, IR_FMUL, fscalar(sz), v, kscalar(t, sz, fpower(sz, (int)scale - 64))));
    return true;
}
static bool to_fixed(struct tr *t, unsigned sf, unsigned sz, unsigned scale, unsigned n, unsigned d,
                     bool is_signed)
{
    if (!sf && scale < 32)
        return false;
    write_g(t, isz(sf), d, float_to_fixed(t, isz(sf), sz, n, 64 - scale, is_signed));
    return true;
}
/* clang-format off */
/* Each of these macros defines the functions of the single and double precision form and of the half one. */
#define FIXED(name, function, is_signed) \
    bool name(struct tr *t, const struct name *f) \
    { return function(t, f->sf, f->ftype, f->scale, f->Rn, f->Rd, is_signed); } \
    bool name##_h(struct tr *t, const struct name##_h *f) \
    { return function(t, f->sf, FP_HALF, f->scale, f->Rn, f->Rd, is_signed); }
FIXED(SCVTF_fix, fixed_to_float, true)
FIXED(UCVTF_fix, fixed_to_float, false)
FIXED(FCVTZS_fix, to_fixed, true)
FIXED(FCVTZU_fix, to_fixed, false)
/* clang-format on */

static bool float_to_int(struct tr *t, unsigned sf, unsigned sz, unsigned n, unsigned d, enum ir_round round,
                         bool is_signed)
{
    write_g(t, isz(sf), d, opx(t, IR_FTOI, isz(sf), rs(t, sz, n), 0, 0, fp_size(sz), round, is_signed));
    return true;
}
static bool int_to_float(struct tr *t, unsigned sf, unsigned sz, unsigned n, unsigned d, bool is_signed)
{
    ws_merge(t, sz, d, d, op1i(t, IR_ITOF, fscalar(sz), rx(t, isz(sf), n), is_signed));
    return true;
}

/* clang-format off */
#define TO_INT(name, round, is_signed) \
    bool name##_g(struct tr *t, const struct name##_g *f) \
    { return float_to_int(t, f->sf, f->ftype, f->Rn, f->Rd, round, is_signed); } \
    bool name##_gh(struct tr *t, const struct name##_gh *f) \
    { return float_to_int(t, f->sf, FP_HALF, f->Rn, f->Rd, round, is_signed); }
TO_INT(FCVTNS, ROUND_N, true)
TO_INT(FCVTNU, ROUND_N, false)
TO_INT(FCVTPS, ROUND_P, true)
TO_INT(FCVTPU, ROUND_P, false)
TO_INT(FCVTMS, ROUND_M, true)
TO_INT(FCVTMU, ROUND_M, false)
TO_INT(FCVTZS, ROUND_Z, true)
TO_INT(FCVTZU, ROUND_Z, false)
TO_INT(FCVTAS, ROUND_A, true)
TO_INT(FCVTAU, ROUND_A, false)
/* clang-format on */

/* clang-format off */
#define FROM_INT(name, is_signed) \
    bool name##_g(struct tr *t, const struct name##_g *f) \
    { return int_to_float(t, f->sf, f->ftype, f->Rn, f->Rd, is_signed); } \
    bool name##_gh(struct tr *t, const struct name##_gh *f) \
    { return int_to_float(t, f->sf, FP_HALF, f->Rn, f->Rd, is_signed); }
FROM_INT(SCVTF, true)
FROM_INT(UCVTF, false)
/* clang-format on */

bool FMOV_g_h(struct tr *t, const struct FMOV_g_h *f)
{
    wx(t, T_I32, f->Rd, op1(t, IR_BITCAST, T_I32, rs(t, FP_HALF, f->Rn)));
    return true;
}
bool FMOV_h_g(struct tr *t, const struct FMOV_h_g *f)
{
    wv_low(t, f->Rd, op1(t, IR_BITCAST, T_F16, rx(t, T_I32, f->Rn)), 1);
    return true;
}
bool FMOV_wg_s(struct tr *t, const struct FMOV_wg_s *f)
{
    wx(t, T_I32, f->Rd, op1(t, IR_BITCAST, T_I32, rs(t, 0, f->Rn)));
    return true;
}
bool FMOV_s_wg(struct tr *t, const struct FMOV_s_wg *f)
{
    wv(t, f->Rd, op1(t, IR_VFROM, T_V32, rx(t, T_I32, f->Rn)));
    return true;
}
bool FMOV_xg_d(struct tr *t, const struct FMOV_xg_d *f)
{
    wx(t, T_I64, f->Rd, op1(t, IR_BITCAST, T_I64, rs(t, 1, f->Rn)));
    return true;
}
bool FMOV_d_xg(struct tr *t, const struct FMOV_d_xg *f)
{
    wv(t, f->Rd, op1(t, IR_VFROM, T_V64, rx(t, T_I64, f->Rn)));
    return true;
}
bool FMOV_xg_d1(struct tr *t, const struct FMOV_xg_d1 *f)
{
    wx(t, T_I64, f->Rd, opx(t, IR_VGET, T_I64, rv(t, T_V64, f->Rn), 0, 0, 3, 0, 1));
    return true;
}
bool FMOV_d1_xg(struct tr *t, const struct FMOV_d1_xg *f)
{
    ir_ref old = rv(t, T_V64, f->Rd);
    wv(t, f->Rd, opx(t, IR_VINSR, T_V64, old, rx(t, T_I64, f->Rn), 0, 0, 0, 1));
    return true;
}
