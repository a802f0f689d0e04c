/* SPDX-License-Identifier: MIT */
/*
 * Drivers and arithmetic that the Advanced SIMD integer files share; see simd.h.
 *
 * How saturation is noticed: for additions the wrapped and the saturated result differ in every lane that
 * saturates (they have opposite signs, or the sum cannot wrap to the limit), so their XOR goes to QC.  For
 * narrowing and shifting that is not so (0x017f narrows to 0x7f either way): there the result is undone and
 * compared with the operand.
 */
#include "dbt/a64/simd.h"

void simd_qc(struct tr *t, unsigned width, ir_ref diff)
{
    if (width < 4)
        diff = opx(t, IR_VZEXT, T_V64, diff, 0, 0, width, 0, 0);
    ir_ref qc = ir_op0(t->ir, IR_GET, T_V64, A64_CELL(qc));
    ir_op1(t->ir, IR_PUT, T_V64, op2(t, IR_OR, T_V64, qc, diff), A64_CELL(qc));
}

bool simd_vector2(struct tr *t, unsigned Q, unsigned size, unsigned Rm, unsigned Rn, unsigned Rd,
                  lanes_fn *fn)
{
    if (size == 3 && !Q)
        return false;
    struct lanes l = lanes_vector(Q, size, Rd);
    ir_ref a = rv(t, l.ty, Rn), b = rv(t, l.ty, Rm);
    lanes_write(t, &l, fn(t, &l, a, b));
    return true;
}

bool simd_scalar2(struct tr *t, unsigned size, unsigned Rm, unsigned Rn, unsigned Rd, lanes_fn *fn)
{
    struct lanes l = lanes_scalar(size, Rd);
    ir_ref a = rv(t, l.ty, Rn), b = rv(t, l.ty, Rm);
    lanes_write(t, &l, fn(t, &l, a, b));
    return true;
}

bool simd_vector1(struct tr *t, unsigned Q, unsigned size, unsigned Rn, unsigned Rd, lanes_fn *fn)
{
    if (size == 3 && !Q)
        return false;
    struct lanes l = lanes_vector(Q, size, Rd);
    lanes_write(t, &l, fn(t, &l, rv(t, l.ty, Rn), 0));
    return true;
}

bool simd_scalar1(struct tr *t, unsigned size, unsigned Rn, unsigned Rd, lanes_fn *fn)
{
    struct lanes l = lanes_scalar(size, Rd);
    lanes_write(t, &l, fn(t, &l, rv(t, l.ty, Rn), 0));
    return true;
}

ir_ref simd_narrow(struct tr *t, enum ir_op op, unsigned size, unsigned width, ir_ref v)
{
    ir_ref r = op1(t, op, ir_vec_type(size), v);
    if (op != IR_XTN) {
        ir_ref back = op1(t, op == IR_SQXTN ? IR_SXTL : IR_UXTL, ir_vec_type(size + 1), r);
        simd_qc(t, width, op2(t, IR_XOR, T_V64, back, v));
    }
    return r;
}

/* -- multiplication -- */

ir_ref lanes_mul(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_MUL, a, b);
}
ir_ref lanes_mla(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), lanes_mul(t, l, a, b));
}
ir_ref lanes_mls(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, lanes_rd(t, l), lanes_mul(t, l, a, b));
}

/* Products of the low halves.  What each operand has to go through for this is an operation of its own, so that it is
 * done once where an operand is multiplied by many. */
static ir_ref products(struct tr *t, const struct lanes *l, bool is_signed, ir_ref a, ir_ref b)
{
    enum ir_op widen = is_signed ? IR_SXTL : IR_UXTL;
    if (l->ty == T_V16)
        return lop2(t, l, IR_MUL, lop1(t, l, widen, a), lop1(t, l, widen, b));
    if (l->ty == T_V64)
        return lop2(t, l, is_signed ? IR_SMULE : IR_UMULE, op2(t, IR_VZIP1, T_V32, a, a),
                    op2(t, IR_VZIP1, T_V32, b, b));
    return lop2(t, l, is_signed ? IR_SMULL : IR_UMULL, a, b);
}
ir_ref lanes_smull(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return products(t, l, true, a, b);
}
ir_ref lanes_umull(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return products(t, l, false, a, b);
}

/*
 * The high half of 2ab (+ half a unit).  It overflows only for min * min, and then the wrapped result is min,
 * which no other operands give; so min in the result says that it saturated, and flipping its bits makes it
 * max.
 */
static ir_ref lanes_double(struct tr *t, const struct lanes *w, ir_ref a, ir_ref b, bool round)
{
    ir_ref p = lanes_smull(t, w, a, b);
    p = lop2(t, w, IR_ADD, p, p);
    return round ? lop2(t, w, IR_ADD, p, ksplat(t, w->size, lane_min(w->size - 1))) : p;
}
static ir_ref lanes_double_high(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b, bool round)
{
    struct lanes w = lanes_wide(l->size, l->Rd);
    ir_ref low = lanes_double(t, &w, a, b, round), high = low;
    if (l->width == 4)
        high = lanes_double(t, &w, simd_half(t, 1, a), simd_half(t, 1, b), round);
    ir_ref r = lop2(t, l, IR_VUZP2, low, high);
    ir_ref over = lcmp(t, l, CC_EQ, r, ksplat(t, l->size, lane_min(l->size)));
    simd_qc(t, l->width, over);
    return lop2(t, l, IR_XOR, r, over);
}
ir_ref lanes_sqdmulh(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lanes_double_high(t, l, a, b, false);
}
ir_ref lanes_sqrdmulh(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lanes_double_high(t, l, a, b, true);
}

ir_ref lanes_smlal(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), lanes_smull(t, l, a, b));
}
ir_ref lanes_umlal(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), lanes_umull(t, l, a, b));
}
ir_ref lanes_smlsl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, lanes_rd(t, l), lanes_smull(t, l, a, b));
}
ir_ref lanes_umlsl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, lanes_rd(t, l), lanes_umull(t, l, a, b));
}

/* 2ab saturated; *over gets bits where it did. */
static ir_ref double_saturated(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b, ir_ref *over)
{
    ir_ref p = lanes_smull(t, l, a, b);
    ir_ref sat = lop2(t, l, IR_SQADD, p, p);
    *over = lop2(t, l, IR_XOR, sat, lop2(t, l, IR_ADD, p, p));
    return sat;
}
ir_ref lanes_sqdmull(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    ir_ref over, sat = double_saturated(t, l, a, b, &over);
    simd_qc(t, l->width, over);
    return sat;
}
static ir_ref double_accumulate(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b, enum ir_op wrap,
                                enum ir_op saturate)
{
    ir_ref over, p = double_saturated(t, l, a, b, &over), d = lanes_rd(t, l);
    ir_ref sat = lop2(t, l, saturate, d, p);
    ir_ref diff = lop2(t, l, IR_XOR, sat, lop2(t, l, wrap, d, p));
    simd_qc(t, l->width, lop2(t, l, IR_OR, over, diff));
    return sat;
}
ir_ref lanes_sqdmlal(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return double_accumulate(t, l, a, b, IR_ADD, IR_SQADD);
}
ir_ref lanes_sqdmlsl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return double_accumulate(t, l, a, b, IR_SUB, IR_SQSUB);
}

/* -- addition and difference -- */

ir_ref lanes_sabd(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, lop2(t, l, IR_SMAX, a, b), lop2(t, l, IR_SMIN, a, b));
}
ir_ref lanes_uabd(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, lop2(t, l, IR_UMAX, a, b), lop2(t, l, IR_UMIN, a, b));
}

ir_ref lanes_saddlp(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    unsigned half = lane_bits(l->size) / 2;
    ir_ref low = lshift(t, l, IR_VSARI, lshift(t, l, IR_VSHLI, a, half), half);
    return lop2(t, l, IR_ADD, low, lshift(t, l, IR_VSARI, a, half));
}
ir_ref lanes_uaddlp(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    ir_ref low = lop2(t, l, IR_AND, a, ksplat(t, l->size, lane_ones(l->size - 1)));
    return lop2(t, l, IR_ADD, low, lshift(t, l, IR_VSHRI, a, lane_bits(l->size) / 2));
}
