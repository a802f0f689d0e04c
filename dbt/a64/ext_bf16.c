/* SPDX-License-Identifier: MIT */
/*
 * BFloat16 (FEAT_BF16; Arm ARM C7.2).  A number is the upper half of a single, so BFMLALB and BFMLALT are an ordinary
 * fused multiply-add (but with FPCR.AH, which makes it quiet).  The sums of products (BFDOT, BFMMLA) have an arithmetic
 * of their own, which raises nothing, and the narrowing conversions a format of their own: helpers_bf16.c.
 */
#include "a64_decode.h"
#include "dbt/a64/fp.h"
#include "dbt/a64/simd.h"

/* The even (0) or odd (1) numbers of v as singles. */
static ir_ref singles(struct tr *t, unsigned odd, ir_ref v)
{
    return odd ? op2(t, IR_AND, T_V32, v, klanes(t, FP_SINGLE, 0xffff0000)) : op1i(t, IR_VSHLI, T_V32, v, 16);
}
static bool multiply_add(struct tr *t, unsigned odd, unsigned n, unsigned d, ir_ref b)
{
    ir_ref a = singles(t, odd, rv(t, T_V32, n)), c = rv(t, T_V32, d);
    wv(t, d,
       fp_asked(FP_AH) ? helper(t, HELPER_bfmlal, T_V32, a, b, c, 0, EFFECT_NONE)
                       : fma_op(t, T_V32, a, b, c, 0));
    return true;
}
bool BFMLAL_v(struct tr *t, const struct BFMLAL_v *f)
{
    return multiply_add(t, f->Q, f->Rn, f->Rd, singles(t, f->Q, rv(t, T_V32, f->Rm)));
}
bool BFMLAL_elem(struct tr *t, const struct BFMLAL_elem *f)
{
    ir_ref b = op1i(t, IR_VDUP, T_V16, rv(t, T_V16, f->Rm), f->H << 2 | f->L << 1 | f->M);
    return multiply_add(t, f->Q, f->Rn, f->Rd, singles(t, 0, b));
}

static bool dot(struct tr *t, unsigned q, unsigned n, unsigned d, ir_ref b)
{
    ir_ref a = rv(t, T_V32, n);
    wvq(t, q, d, helper(t, HELPER_bfdot, T_V32, a, b, rv(t, T_V32, d), 0, EFFECT_NONE));
    return true;
}
bool BFDOT_v(struct tr *t, const struct BFDOT_v *f)
{
    return dot(t, f->Q, f->Rn, f->Rd, rv(t, T_V32, f->Rm));
}
bool BFDOT_elem(struct tr *t, const struct BFDOT_elem *f)
{
    return dot(t, f->Q, f->Rn, f->Rd, op1i(t, IR_VDUP, T_V32, rv(t, T_V32, f->Rm), f->H << 1 | f->L));
}
bool BFMMLA(struct tr *t, const struct BFMMLA *f)
{
    ir_ref a = rv(t, T_V32, f->Rn), b = rv(t, T_V32, f->Rm);
    wv(t, f->Rd, helper(t, HELPER_bfmmla, T_V32, a, b, rv(t, T_V32, f->Rd), 0, EFFECT_NONE));
    return true;
}

bool BFCVT(struct tr *t, const struct BFCVT *f)
{
    ir_ref v = helper(t, HELPER_bfcvt, T_V16, rv(t, T_V32, f->Rn), 0, 0, 1, EFFECT_NONE);
    wv_merge(t, 1, f->Rd, f->Rd, v);
    return true;
}
bool BFCVTN(struct tr *t, const struct BFCVTN *f)
{
    simd_write_narrow(t, f->Q, f->Rd,
                      helper(t, HELPER_bfcvt, T_V16, rv(t, T_V32, f->Rn), 0, 0, 4, EFFECT_NONE));
    return true;
}
