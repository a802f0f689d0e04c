/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD across lanes, and the integer scalar pairwise instruction (Arm ARM C4.1.96).
 *
 * The lanes are folded: the upper half onto the lower, then halves of that.  What ends up in lanes other than
 * the lowest does not matter.  Sums of bytes have an operation of their own.
 */
#include "dbt/a64/simd.h"

#include "a64_decode.h"

/* Lane 0 of the result: op over the lanes of type l->ty in the low 1 << l->width bytes. */
static ir_ref fold(struct tr *t, const struct lanes *l, enum ir_op op, ir_ref v)
{
    for (unsigned width = l->width; width > l->size; width--) {
        ir_ref up = width == 4 ? op1(t, IR_VHIGH, T_V64, v)
                               : opx(t, IR_VEXT, T_V8, v, v, 0, 0, 0, INT64_C(1) << (width - 1));
        v = lop2(t, l, op, v, up);
    }
    return v;
}

/* Sum of the (unsigned) bytes as lane 0 of a V64. */
static ir_ref sum_bytes(struct tr *t, unsigned Q, ir_ref v)
{
    v = op1(t, IR_SADALL, T_V64, v);
    return Q ? op2(t, IR_ADD, T_V64, v, op1(t, IR_VHIGH, T_V64, v)) : v;
}

/* There is no vector of a single pair of 32-bit lanes here. */
static bool allocated(unsigned Q, unsigned size)
{
    return size != 2 || Q;
}

static bool across(struct tr *t, unsigned Q, unsigned size, unsigned Rn, unsigned Rd, enum ir_op op)
{
    if (!allocated(Q, size))
        return false;
    struct lanes l = lanes_vector(Q, size, Rd);
    wv_low(t, Rd, fold(t, &l, op, rv(t, l.ty, Rn)), size);
    return true;
}

#define ACROSS(NAME, op)                                                                                     \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return across(t, f->Q, f->size, f->Rn, f->Rd, op);                                                   \
    }

ACROSS(SMAXV_v, IR_SMAX)
ACROSS(SMINV_v, IR_SMIN)
ACROSS(UMAXV_v, IR_UMAX)
ACROSS(UMINV_v, IR_UMIN)

bool ADDV_v(struct tr *t, const struct ADDV_v *f)
{
    if (f->size != 0)
        return across(t, f->Q, f->size, f->Rn, f->Rd, IR_ADD);
    wv_low(t, f->Rd, sum_bytes(t, f->Q, rv(t, T_V8, f->Rn)), 0);
    return true;
}

static bool across_long(struct tr *t, unsigned Q, unsigned size, unsigned Rn, unsigned Rd, lanes_fn *pairs)
{
    if (!allocated(Q, size))
        return false;
    struct lanes wide = lanes_vector(Q, size + 1, Rd);
    wv_low(t, Rd, fold(t, &wide, IR_ADD, pairs(t, &wide, rv(t, wide.ty, Rn), 0)), wide.size);
    return true;
}

bool UADDLV_v(struct tr *t, const struct UADDLV_v *f)
{
    if (f->size != 0)
        return across_long(t, f->Q, f->size, f->Rn, f->Rd, lanes_uaddlp);
    wv_low(t, f->Rd, sum_bytes(t, f->Q, rv(t, T_V8, f->Rn)), 1);
    return true;
}

/* Signed bytes: 128 is added to each, and taken from the sum as often. */
bool SADDLV_v(struct tr *t, const struct SADDLV_v *f)
{
    if (f->size != 0)
        return across_long(t, f->Q, f->size, f->Rn, f->Rd, lanes_saddlp);
    ir_ref v = op2(t, IR_XOR, T_V8, rv(t, T_V8, f->Rn), ksplat(t, 0, lane_min(0)));
    v = op2(t, IR_SUB, T_V64, sum_bytes(t, f->Q, v), ksplat(t, 3, f->Q ? 128 * 16 : 128 * 8));
    wv_low(t, f->Rd, v, 1);
    return true;
}

bool ADDP_d(struct tr *t, const struct ADDP_d *f)
{
    ir_ref a = rv(t, T_V64, f->Rn);
    wv_low(t, f->Rd, op2(t, IR_ADD, T_V64, a, op1(t, IR_VHIGH, T_V64, a)), 3);
    return true;
}
