/* SPDX-License-Identifier: MIT */
/*
 * SQRDMLAH and SQRDMLSH (FEAT_RDM; Arm ARM C7.2): d +- 2ab, rounded to the high half, saturated once at the end.
 *
 * With n bits in a lane that is ((d << n) +- 2ab + (1 << (n - 1))) >> n, which needs more than 2n bits.  Half of
 * it all, (d << (n - 1)) +- ab + (1 << (n - 2)) shifted by n - 1, is the same number and fits: both products are
 * at most 2^(2n - 2) in magnitude, and of the two only one reaches that on the side where the sum could leave
 * the lane.  The narrowing then saturates and tells QC.
 */
#include "a64_decode.h"
#include "dbt/a64/simd.h"

static ir_ref wide_sum(struct tr *t, const struct lanes *w, ir_ref d, ir_ref a, ir_ref b, enum ir_op op)
{
    unsigned n = lane_bits(w->size) / 2;
    ir_ref sum = lshift(t, w, IR_VSHLI, lop1(t, w, IR_SXTL, d), n - 1);
    sum = lop2(t, w, op, sum, lanes_smull(t, w, a, b));
    sum = lop2(t, w, IR_ADD, sum, ksplat(t, w->size, UINT64_C(1) << (n - 2)));
    return lshift(t, w, IR_VSARI, sum, n - 1);
}

static ir_ref accumulate(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b, enum ir_op op)
{
    struct lanes w = lanes_wide(l->size, l->Rd);
    ir_ref d = lanes_rd(t, l);
    unsigned width = l->width == 4 ? 4 : l->width + 1;
    ir_ref low = simd_narrow(t, IR_SQXTN, l->size, width, wide_sum(t, &w, d, a, b, op));
    if (l->width < 4)
        return low;
    ir_ref sum = wide_sum(t, &w, simd_half(t, 1, d), simd_half(t, 1, a), simd_half(t, 1, b), op);
    return op2(t, IR_VCAT, T_V64, low, simd_narrow(t, IR_SQXTN, l->size, 4, sum));
}
ir_ref lanes_sqrdmlah(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return accumulate(t, l, a, b, IR_ADD);
}
ir_ref lanes_sqrdmlsh(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return accumulate(t, l, a, b, IR_SUB);
}

bool SQRDMLAH_v(struct tr *t, const struct SQRDMLAH_v *f)
{
    return simd_vector2(t, f->Q, f->size, f->Rm, f->Rn, f->Rd, lanes_sqrdmlah);
}
bool SQRDMLSH_v(struct tr *t, const struct SQRDMLSH_v *f)
{
    return simd_vector2(t, f->Q, f->size, f->Rm, f->Rn, f->Rd, lanes_sqrdmlsh);
}
bool SQRDMLAH_d(struct tr *t, const struct SQRDMLAH_d *f)
{
    return simd_scalar2(t, f->size, f->Rm, f->Rn, f->Rd, lanes_sqrdmlah);
}
bool SQRDMLSH_d(struct tr *t, const struct SQRDMLSH_d *f)
{
    return simd_scalar2(t, f->size, f->Rm, f->Rn, f->Rd, lanes_sqrdmlsh);
}
