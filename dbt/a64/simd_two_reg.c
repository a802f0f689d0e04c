/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD two-register miscellaneous and its scalar form (Arm ARM C4.1.96), integer part: reversals,
 * counts, pairwise widening sums, comparisons with zero, absolute value and negation, narrowing.
 *
 * SUQADD and USQADD add numbers of different signedness.  Shifting the accumulator's range by half of it
 * (flipping the top bit) turns them into the ordinary saturating additions of the other operand's signedness.
 */
#include "dbt/a64/simd.h"

#include "a64_decode.h"

static ir_ref lanes_cls(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop1(t, l, IR_CLS, a);
}
static ir_ref lanes_clz(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop1(t, l, IR_CLZ, a);
}
static ir_ref lanes_cnt(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop1(t, l, IR_CNT, a);
}
static ir_ref lanes_not(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop1(t, l, IR_NOT, a);
}
static ir_ref lanes_rbit(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop1(t, l, IR_RBIT, a);
}
static ir_ref lanes_abs(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop1(t, l, IR_VABS, a);
}
static ir_ref lanes_neg(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop1(t, l, IR_NEG, a);
}

static ir_ref zero(struct tr *t)
{
    return kvec(t, T_V64, 0, 0);
}
static ir_ref lanes_cmgt0(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lcmp(t, l, CC_GT, a, zero(t));
}
static ir_ref lanes_cmge0(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lcmp(t, l, CC_GE, a, zero(t));
}
static ir_ref lanes_cmeq0(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lcmp(t, l, CC_EQ, a, zero(t));
}
static ir_ref lanes_cmle0(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lcmp(t, l, CC_GE, zero(t), a);
}
static ir_ref lanes_cmlt0(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lcmp(t, l, CC_GT, zero(t), a);
}

/* Only min saturates: its magnitude is min again, and with its bits flipped max. */
static ir_ref lanes_sqabs(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    ir_ref r = lop1(t, l, IR_VABS, a);
    ir_ref over = lcmp(t, l, CC_EQ, r, ksplat(t, l->size, lane_min(l->size)));
    simd_qc(t, l->width, over);
    return lop2(t, l, IR_XOR, r, over);
}
static ir_ref lanes_sqneg(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    ir_ref r = lop2(t, l, IR_SQSUB, zero(t), a);
    simd_qc(t, l->width, lop2(t, l, IR_XOR, r, lop1(t, l, IR_NEG, a)));
    return r;
}

static ir_ref add_mixed(struct tr *t, const struct lanes *l, enum ir_op op, ir_ref a)
{
    ir_ref top = ksplat(t, l->size, lane_min(l->size)), d = lanes_rd(t, l);
    ir_ref sat = lop2(t, l, op, lop2(t, l, IR_XOR, d, top), a);
    sat = lop2(t, l, IR_XOR, sat, top);
    simd_qc(t, l->width, lop2(t, l, IR_XOR, sat, lop2(t, l, IR_ADD, d, a)));
    return sat;
}
static ir_ref lanes_suqadd(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return add_mixed(t, l, IR_UQADD, a);
}
static ir_ref lanes_usqadd(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return add_mixed(t, l, IR_SQADD, a);
}

/* -- operations whose result has another shape -- */

static ir_ref lanes_sadalp(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), lanes_saddlp(t, l, a, b));
}
static ir_ref lanes_uadalp(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), lanes_uaddlp(t, l, a, b));
}
static bool pairs(struct tr *t, unsigned Q, unsigned size, unsigned Rn, unsigned Rd, lanes_fn *fn)
{
    struct lanes l = lanes_vector(Q, size + 1, Rd);
    lanes_write(t, &l, fn(t, &l, rv(t, l.ty, Rn), 0));
    return true;
}

static bool narrow(struct tr *t, unsigned Q, unsigned size, unsigned Rn, unsigned Rd, enum ir_op op)
{
    simd_write_narrow(t, Q, Rd, simd_narrow(t, op, size, 4, rv(t, ir_vec_type(size + 1), Rn)));
    return true;
}
static bool narrow_scalar(struct tr *t, unsigned size, unsigned Rn, unsigned Rd, enum ir_op op)
{
    struct lanes l = lanes_scalar(size, Rd);
    lanes_write(t, &l, simd_narrow(t, op, size, size + 1, rv(t, ir_vec_type(size + 1), Rn)));
    return true;
}

static bool reverse(struct tr *t, unsigned Q, unsigned size, unsigned Rn, unsigned Rd, unsigned group)
{
    enum ir_type ty = ir_vec_type(size);
    wvq(t, Q, Rd, opx(t, IR_VREV, ty, rv(t, ty, Rn), 0, 0, group, 0, 0));
    return true;
}

bool SHLL_v(struct tr *t, const struct SHLL_v *f)
{
    struct lanes l = lanes_wide(f->size, f->Rd);
    ir_ref a = lop1(t, &l, IR_UXTL, simd_half(t, f->Q, rv(t, ir_vec_type(f->size), f->Rn)));
    lanes_write(t, &l, lshift(t, &l, IR_VSHLI, a, lane_bits(f->size)));
    return true;
}

/* -- the instructions -- */

bool REV64_v(struct tr *t, const struct REV64_v *f)
{
    return reverse(t, f->Q, f->size, f->Rn, f->Rd, 3);
}
bool REV32_v(struct tr *t, const struct REV32_v *f)
{
    return reverse(t, f->Q, f->size, f->Rn, f->Rd, 2);
}
bool REV16_v(struct tr *t, const struct REV16_v *f)
{
    return reverse(t, f->Q, 0, f->Rn, f->Rd, 1);
}

#define VECTOR(NAME, fn)                                                                                     \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return simd_vector1(t, f->Q, f->size, f->Rn, f->Rd, fn);                                             \
    }
#define BYTES(NAME, fn)                                                                                      \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return simd_vector1(t, f->Q, 0, f->Rn, f->Rd, fn);                                                   \
    }
#define PAIRS(NAME, fn)                                                                                      \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return pairs(t, f->Q, f->size, f->Rn, f->Rd, fn);                                                    \
    }
#define NARROW(NAME, op)                                                                                     \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return narrow(t, f->Q, f->size, f->Rn, f->Rd, op);                                                   \
    }
#define SCALAR(NAME, fn)                                                                                     \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return simd_scalar1(t, f->size, f->Rn, f->Rd, fn);                                                   \
    }
#define SCALAR_64(NAME, fn)                                                                                  \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return simd_scalar1(t, 3, f->Rn, f->Rd, fn);                                                         \
    }
#define NARROW_SCALAR(NAME, op)                                                                              \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return narrow_scalar(t, f->size, f->Rn, f->Rd, op);                                                  \
    }

PAIRS(SADDLP_v, lanes_saddlp)
PAIRS(UADDLP_v, lanes_uaddlp)
PAIRS(SADALP_v, lanes_sadalp)
PAIRS(UADALP_v, lanes_uadalp)
VECTOR(SUQADD_v, lanes_suqadd)
VECTOR(USQADD_v, lanes_usqadd)
VECTOR(CLS_v, lanes_cls)
VECTOR(CLZ_v, lanes_clz)
BYTES(CNT_v, lanes_cnt)
BYTES(NOT_v, lanes_not)
BYTES(RBIT_v, lanes_rbit)
VECTOR(SQABS_v, lanes_sqabs)
VECTOR(SQNEG_v, lanes_sqneg)
VECTOR(CMGT_v0, lanes_cmgt0)
VECTOR(CMGE_v0, lanes_cmge0)
VECTOR(CMEQ_v0, lanes_cmeq0)
VECTOR(CMLE_v0, lanes_cmle0)
VECTOR(CMLT_v0, lanes_cmlt0)
VECTOR(ABS_v, lanes_abs)
VECTOR(NEG_v, lanes_neg)
NARROW(XTN_v, IR_XTN)
NARROW(SQXTN_v, IR_SQXTN)
NARROW(UQXTN_v, IR_UQXTN)
NARROW(SQXTUN_v, IR_SQXTUN)

SCALAR(SUQADD_d, lanes_suqadd)
SCALAR(USQADD_d, lanes_usqadd)
SCALAR(SQABS_d, lanes_sqabs)
SCALAR(SQNEG_d, lanes_sqneg)
SCALAR_64(CMGT_d0, lanes_cmgt0)
SCALAR_64(CMGE_d0, lanes_cmge0)
SCALAR_64(CMEQ_d0, lanes_cmeq0)
SCALAR_64(CMLE_d0, lanes_cmle0)
SCALAR_64(CMLT_d0, lanes_cmlt0)
SCALAR_64(ABS_d, lanes_abs)
SCALAR_64(NEG_d, lanes_neg)
NARROW_SCALAR(SQXTN_d, IR_SQXTN)
NARROW_SCALAR(UQXTN_d, IR_UQXTN)
NARROW_SCALAR(SQXTUN_d, IR_SQXTUN)
