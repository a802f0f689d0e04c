/* SPDX-License-Identifier: MIT */
/*
 * FMLAL and FMLSL (FEAT_FHM; Arm ARM C7.2): half precision factors, single precision sums, one rounding.
 * The forms without 2 take the lower half of the numbers that Q lets count, the forms with 2 the upper half.
 */
#include "a64_decode.h"
#include "dbt/a64/fp.h"

/* The numbers that count in the low half; with Q = 0 repeated, so that what does not count raises nothing. */
static ir_ref half_numbers(struct tr *t, unsigned q, unsigned upper, unsigned n)
{
    ir_ref v = rv(t, T_V16, n);
    if (!q)
        return op1i(t, IR_VDUP, T_V32, v, upper);
    return upper ? op1(t, IR_VHIGH, T_V64, v) : v;
}
static bool fused_long(struct tr *t, unsigned q, unsigned upper, unsigned n, unsigned d, ir_ref b,
                       bool negate)
{
    ir_ref a = half_numbers(t, q, upper, n);
    wvq(t, q, d, opx(t, IR_FMAH, T_V32, a, b, vin(t, q, FP_SINGLE, d), 0, negate, 0));
    return true;
}

/* clang-format off */
#define LONG_V(name, upper, negate) \
    bool name(struct tr *t, const struct name *f) \
    { return fused_long(t, f->Q, upper, f->Rn, f->Rd, half_numbers(t, f->Q, upper, f->Rm), negate); }
LONG_V(FMLAL_v, 0, false)
LONG_V(FMLSL_v, 0, true)
LONG_V(FMLAL2_v, 1, false)
LONG_V(FMLSL2_v, 1, true)

#define LONG_ELEM(name, upper, negate) \
    bool name(struct tr *t, const struct name *f) \
    { \
        ir_ref b = op1i(t, IR_VDUP, T_V16, rv(t, T_V16, f->Rm), f->H << 2 | f->L << 1 | f->M); \
        return fused_long(t, f->Q, upper, f->Rn, f->Rd, b, negate); \
    }
LONG_ELEM(FMLAL_elem, 0, false)
LONG_ELEM(FMLSL_elem, 0, true)
LONG_ELEM(FMLAL2_elem, 1, false)
LONG_ELEM(FMLSL2_elem, 1, true)
/* clang-format on */
