/* SPDX-License-Identifier: MIT */
/*
 * Rounding for other languages' integers: FRINT32Z, FRINT32X, FRINT64Z, FRINT64X (FEAT_FRINTTS) and FJCVTZS
 * (FEAT_JSCVT, JavaScript's ToInt32; Arm ARM C6.2, C7.2).
 */
#include "a64_decode.h"
#include "dbt/a64/fp.h"

/* size: log2 of the bytes of the integers that the result must be one of */
static bool round_s(struct tr *t, unsigned sz, unsigned n, unsigned d, unsigned size, enum ir_round round)
{
    ws_merge(t, sz, d, d, opx(t, IR_FRINT, fscalar(sz), rs(t, sz, n), 0, 0, size, round, 1));
    return true;
}
static bool round_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned d, unsigned size,
                    enum ir_round round)
{
    if (fp_one_lane(q, sz))
        return false;
    wvq(t, q, d, opx(t, IR_FRINT, flanes(sz), vin(t, q, sz, n), 0, 0, size, round, 1));
    return true;
}

/* clang-format off */
#define ROUND(name, size, round) \
    bool name##_s(struct tr *t, const struct name##_s *f) \
    { return round_s(t, f->ftype, f->Rn, f->Rd, size, round); } \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { return round_v(t, f->Q, f->sz, f->Rn, f->Rd, size, round); }
ROUND(FRINT32Z, 2, ROUND_Z)
ROUND(FRINT32X, 2, ROUND_CURRENT)
ROUND(FRINT64Z, 3, ROUND_Z)
ROUND(FRINT64X, 3, ROUND_CURRENT)
/* clang-format on */

/* Z says that the integer is the very number, -0 not being one: converting it back gives the same bits. */
bool FJCVTZS(struct tr *t, const struct FJCVTZS *f)
{
    ir_ref v = rs(t, FP_DOUBLE, f->Rn);
    ir_ref r = opx(t, IR_FTOI, T_I32, v, 0, 0, 3, ROUND_Z, 3);
    ir_ref back = op1(t, IR_BITCAST, T_I64, op1i(t, IR_ITOF, T_F64, r, 1));
    ir_ref differs = opx(t, IR_CMP, T_I64, back, op1(t, IR_BITCAST, T_I64, v), 0, 0, CC_NE, 0);
    wflags(t, op1(t, IR_FLLOGIC, T_I32, differs));
    wx(t, T_I32, f->Rd, r);
    return true;
}
