/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD three same and scalar three same (Arm ARM C4.1.96): integer instructions with two operands of
 * the result's shape.
 *
 * Halving operations avoid the extra bit of the sum: a + b = (a ^ b) + 2 (a & b) = 2 (a | b) - (a ^ b), and
 * a - b = (a ^ b) - 2 (~a & b).
 *
 * Register shifts shift left by the signed low byte of each lane of b, so right where it is negative.  What
 * is written here as a composition (rounding, saturating) was considered as calls to C: it is some ten cheap
 * operations against a call that makes all pinned registers go through memory.
 */
#include "dbt/a64/simd.h"

#include "a64_decode.h"

#define LANES_OP(name, op)                                                                                   \
    static ir_ref name(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)                              \
    {                                                                                                        \
        return lop2(t, l, op, a, b);                                                                         \
    }
#define LANES_CMP(name, cc)                                                                                  \
    static ir_ref name(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)                              \
    {                                                                                                        \
        return lcmp(t, l, cc, a, b);                                                                         \
    }

LANES_OP(lanes_add, IR_ADD)
LANES_OP(lanes_sub, IR_SUB)
LANES_OP(lanes_and, IR_AND)
LANES_OP(lanes_bic, IR_ANDN)
LANES_OP(lanes_or, IR_OR)
LANES_OP(lanes_xor, IR_XOR)
LANES_OP(lanes_smax, IR_SMAX)
LANES_OP(lanes_smin, IR_SMIN)
LANES_OP(lanes_umax, IR_UMAX)
LANES_OP(lanes_umin, IR_UMIN)
LANES_OP(lanes_urhadd, IR_URHADD)
LANES_OP(lanes_sshl, IR_VSSHL)
LANES_OP(lanes_ushl, IR_VUSHL)
LANES_OP(lanes_cmtst, IR_VTST)
LANES_CMP(lanes_cmeq, CC_EQ)
LANES_CMP(lanes_cmgt, CC_GT)
LANES_CMP(lanes_cmge, CC_GE)
LANES_CMP(lanes_cmhi, CC_HI)
LANES_CMP(lanes_cmhs, CC_CS)

/* -- logical -- */

static ir_ref lanes_orn(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_OR, a, lop1(t, l, IR_NOT, b));
}
static ir_ref lanes_bsl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return op3(t, IR_VBSL, l->ty, lanes_rd(t, l), a, b);
}
static ir_ref lanes_bit(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return op3(t, IR_VBSL, l->ty, b, a, lanes_rd(t, l));
}
static ir_ref lanes_bif(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return op3(t, IR_VBSL, l->ty, b, lanes_rd(t, l), a);
}

/* -- halving -- */

static ir_ref half_xor(struct tr *t, const struct lanes *l, enum ir_op shift, ir_ref a, ir_ref b)
{
    return lshift(t, l, shift, lop2(t, l, IR_XOR, a, b), 1);
}
static ir_ref lanes_shadd(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lop2(t, l, IR_AND, a, b), half_xor(t, l, IR_VSARI, a, b));
}
static ir_ref lanes_uhadd(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lop2(t, l, IR_AND, a, b), half_xor(t, l, IR_VSHRI, a, b));
}
static ir_ref lanes_srhadd(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, lop2(t, l, IR_OR, a, b), half_xor(t, l, IR_VSARI, a, b));
}
static ir_ref lanes_shsub(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, half_xor(t, l, IR_VSARI, a, b), lop2(t, l, IR_ANDN, b, a));
}
static ir_ref lanes_uhsub(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, half_xor(t, l, IR_VSHRI, a, b), lop2(t, l, IR_ANDN, b, a));
}

/* -- saturating addition -- */

static ir_ref saturating(struct tr *t, const struct lanes *l, enum ir_op op, enum ir_op wrap, ir_ref a,
                         ir_ref b)
{
    ir_ref sat = lop2(t, l, op, a, b);
    simd_qc(t, l->width, lop2(t, l, IR_XOR, sat, lop2(t, l, wrap, a, b)));
    return sat;
}
static ir_ref lanes_sqadd(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return saturating(t, l, IR_SQADD, IR_ADD, a, b);
}
static ir_ref lanes_uqadd(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return saturating(t, l, IR_UQADD, IR_ADD, a, b);
}
static ir_ref lanes_sqsub(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return saturating(t, l, IR_SQSUB, IR_SUB, a, b);
}
static ir_ref lanes_uqsub(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return saturating(t, l, IR_UQSUB, IR_SUB, a, b);
}

/* -- shifts by register -- */

/* The sign of each lane's shift amount: 1 or (VSARI) all ones where the shift goes right, 0 elsewhere. */
static ir_ref shifts_right(struct tr *t, const struct lanes *l, enum ir_op shift, ir_ref b)
{
    unsigned bits = lane_bits(l->size);
    if (bits > 8)
        b = lshift(t, l, IR_VSHLI, b, bits - 8);
    return lshift(t, l, shift, b, bits - 1);
}

/* Adds the last bit shifted out to the right: bit 0 of what a shift by one less gives. */
static ir_ref shift_rounding(struct tr *t, const struct lanes *l, enum ir_op shift, ir_ref a, ir_ref b)
{
    ir_ref right = shifts_right(t, l, IR_VSHRI, b);
    ir_ref last = lop2(t, l, shift, a, lop2(t, l, IR_ADD, b, right));
    return lop2(t, l, IR_ADD, lop2(t, l, shift, a, b), lop2(t, l, IR_AND, last, right));
}
static ir_ref lanes_srshl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return shift_rounding(t, l, IR_VSSHL, a, b);
}
static ir_ref lanes_urshl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return shift_rounding(t, l, IR_VUSHL, a, b);
}

/* r is the wrapped result; a left shift saturates where shifting back does not give the operand. */
static ir_ref shift_saturated(struct tr *t, const struct lanes *l, enum ir_op shift, ir_ref a, ir_ref b,
                              ir_ref r)
{
    ir_ref back = lop2(t, l, shift, r, lop1(t, l, IR_NEG, b));
    ir_ref diff = lop2(t, l, IR_ANDN, lop2(t, l, IR_XOR, back, a), shifts_right(t, l, IR_VSARI, b));
    simd_qc(t, l->width, diff);
    ir_ref fits = lcmp(t, l, CC_EQ, diff, ksplat(t, l->size, 0));
    if (shift == IR_VUSHL)
        return lanes_orn(t, l, r, fits);
    ir_ref sign = lshift(t, l, IR_VSARI, a, lane_bits(l->size) - 1);
    ir_ref limit = lop2(t, l, IR_XOR, sign, ksplat(t, l->size, lane_max(l->size)));
    return op3(t, IR_VBSL, l->ty, fits, r, limit);
}
static ir_ref lanes_sqshl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return shift_saturated(t, l, IR_VSSHL, a, b, lanes_sshl(t, l, a, b));
}
static ir_ref lanes_uqshl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return shift_saturated(t, l, IR_VUSHL, a, b, lanes_ushl(t, l, a, b));
}
static ir_ref lanes_sqrshl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return shift_saturated(t, l, IR_VSSHL, a, b, lanes_srshl(t, l, a, b));
}
static ir_ref lanes_uqrshl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return shift_saturated(t, l, IR_VUSHL, a, b, lanes_urshl(t, l, a, b));
}

/* -- the others -- */

static ir_ref lanes_saba(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), lanes_sabd(t, l, a, b));
}
static ir_ref lanes_uaba(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), lanes_uabd(t, l, a, b));
}

/* Bytes or halfwords of v: those with even numbers in the low half, those with odd numbers in the high half. */
static ir_ref unzipped(struct tr *t, const struct lanes *l, ir_ref v)
{
    ir_ref index = l->size ? kvec(t, T_V8, 0x0d0c090805040100, 0x0f0e0b0a07060302)
                           : kvec(t, T_V8, 0x0e0c0a0806040200, 0x0f0d0b0907050301);
    return op2(t, IR_VTBL, T_V8, v, index);
}

/* Are these one register? */
static bool same_vector(const struct tr *t, ir_ref a, ir_ref b)
{
    const struct ir_insn *x = &t->ir->insn[a], *y = &t->ir->insn[b];
    return a == b || (x->op == IR_GET && y->op == IR_GET && x->imm == y->imm);
}

/* Adjacent lanes of b:a; short vectors are put side by side first. */
static ir_ref pairwise(struct tr *t, const struct lanes *l, enum ir_op op, ir_ref a, ir_ref b)
{
    if (l->width == 3)
        a = b = op2(t, IR_VCAT, T_V64, a, b);
    if (l->size > 1)
        return lop2(t, l, op, lop2(t, l, IR_VUZP1, a, b), lop2(t, l, IR_VUZP2, a, b));
    ir_ref low = unzipped(t, l, a);
    if (same_vector(t, a, b))
        return lop2(t, l, op, low, opx(t, IR_VSHUF, T_V32, low, low, 0, 0, 0, 0x4e));
    ir_ref high = unzipped(t, l, b);
    return lop2(t, l, op, op2(t, IR_VUZP1, T_V64, low, high), op2(t, IR_VUZP2, T_V64, low, high));
}
static ir_ref lanes_addp(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return pairwise(t, l, IR_ADD, a, b);
}
static ir_ref lanes_smaxp(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return pairwise(t, l, IR_SMAX, a, b);
}
static ir_ref lanes_sminp(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return pairwise(t, l, IR_SMIN, a, b);
}
static ir_ref lanes_umaxp(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return pairwise(t, l, IR_UMAX, a, b);
}
static ir_ref lanes_uminp(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return pairwise(t, l, IR_UMIN, a, b);
}

static ir_ref lanes_pmul(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return helper(t, HELPER_simd_pmul, l->ty, a, b, 0, 0, EFFECT_NONE);
}

/* -- the instructions -- */

#define VECTOR(NAME, fn)                                                                                     \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return simd_vector2(t, f->Q, f->size, f->Rm, f->Rn, f->Rd, fn);                                      \
    }
#define BYTES(NAME, fn)                                                                                      \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return simd_vector2(t, f->Q, 0, f->Rm, f->Rn, f->Rd, fn);                                            \
    }
#define SCALAR(NAME, fn)                                                                                     \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return simd_scalar2(t, f->size, f->Rm, f->Rn, f->Rd, fn);                                            \
    }
#define SCALAR_64(NAME, fn)                                                                                  \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return simd_scalar2(t, 3, f->Rm, f->Rn, f->Rd, fn);                                                  \
    }

VECTOR(SHADD_v, lanes_shadd)
VECTOR(SQADD_v, lanes_sqadd)
VECTOR(SRHADD_v, lanes_srhadd)
BYTES(AND_v, lanes_and)
BYTES(BIC_v, lanes_bic)
BYTES(ORN_v, lanes_orn)
VECTOR(SHSUB_v, lanes_shsub)
VECTOR(SQSUB_v, lanes_sqsub)
VECTOR(CMGT_v, lanes_cmgt)
VECTOR(CMGE_v, lanes_cmge)
VECTOR(SSHL_v, lanes_sshl)
VECTOR(SQSHL_v, lanes_sqshl)
VECTOR(SRSHL_v, lanes_srshl)
VECTOR(SQRSHL_v, lanes_sqrshl)
VECTOR(SMAX_v, lanes_smax)
VECTOR(SMIN_v, lanes_smin)
VECTOR(SABD_v, lanes_sabd)
VECTOR(SABA_v, lanes_saba)
VECTOR(ADD_v, lanes_add)
VECTOR(CMTST_v, lanes_cmtst)
VECTOR(MLA_v, lanes_mla)
VECTOR(MUL_v, lanes_mul)
VECTOR(SMAXP_v, lanes_smaxp)
VECTOR(SMINP_v, lanes_sminp)
VECTOR(SQDMULH_v, lanes_sqdmulh)
VECTOR(ADDP_v, lanes_addp)
VECTOR(UHADD_v, lanes_uhadd)
VECTOR(UQADD_v, lanes_uqadd)
VECTOR(URHADD_v, lanes_urhadd)
BYTES(BSL_v, lanes_bsl)
BYTES(BIT_v, lanes_bit)
BYTES(BIF_v, lanes_bif)
VECTOR(UHSUB_v, lanes_uhsub)
VECTOR(UQSUB_v, lanes_uqsub)
VECTOR(CMHI_v, lanes_cmhi)
VECTOR(CMHS_v, lanes_cmhs)
VECTOR(USHL_v, lanes_ushl)
VECTOR(UQSHL_v, lanes_uqshl)
VECTOR(URSHL_v, lanes_urshl)
VECTOR(UQRSHL_v, lanes_uqrshl)
VECTOR(UMAX_v, lanes_umax)
VECTOR(UMIN_v, lanes_umin)
VECTOR(UABD_v, lanes_uabd)
VECTOR(UABA_v, lanes_uaba)
VECTOR(SUB_v, lanes_sub)
VECTOR(CMEQ_v, lanes_cmeq)
VECTOR(MLS_v, lanes_mls)
BYTES(PMUL_v, lanes_pmul)
VECTOR(UMAXP_v, lanes_umaxp)
VECTOR(UMINP_v, lanes_uminp)
VECTOR(SQRDMULH_v, lanes_sqrdmulh)

/* These two are written with equal operands where a register is copied or cleared. */
bool ORR_v(struct tr *t, const struct ORR_v *f)
{
    if (f->Rn != f->Rm)
        return simd_vector2(t, f->Q, 0, f->Rm, f->Rn, f->Rd, lanes_or);
    wvq(t, f->Q, f->Rd, rv(t, T_V64, f->Rn));
    return true;
}
bool EOR_v(struct tr *t, const struct EOR_v *f)
{
    if (f->Rn != f->Rm)
        return simd_vector2(t, f->Q, 0, f->Rm, f->Rn, f->Rd, lanes_xor);
    wv(t, f->Rd, kvec(t, T_V64, 0, 0));
    return true;
}

SCALAR(SQADD_d, lanes_sqadd)
SCALAR(SQSUB_d, lanes_sqsub)
SCALAR_64(CMGT_d, lanes_cmgt)
SCALAR_64(CMGE_d, lanes_cmge)
SCALAR_64(SSHL_d, lanes_sshl)
SCALAR(SQSHL_d, lanes_sqshl)
SCALAR_64(SRSHL_d, lanes_srshl)
SCALAR(SQRSHL_d, lanes_sqrshl)
SCALAR_64(ADD_d, lanes_add)
SCALAR_64(CMTST_d, lanes_cmtst)
SCALAR(SQDMULH_d, lanes_sqdmulh)
SCALAR(UQADD_d, lanes_uqadd)
SCALAR(UQSUB_d, lanes_uqsub)
SCALAR_64(CMHI_d, lanes_cmhi)
SCALAR_64(CMHS_d, lanes_cmhs)
SCALAR_64(USHL_d, lanes_ushl)
SCALAR(UQSHL_d, lanes_uqshl)
SCALAR_64(URSHL_d, lanes_urshl)
SCALAR(UQRSHL_d, lanes_uqrshl)
SCALAR_64(SUB_d, lanes_sub)
SCALAR_64(CMEQ_d, lanes_cmeq)
SCALAR(SQRDMULH_d, lanes_sqrdmulh)
