/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD three different and scalar three different (Arm ARM C4.1.96): operations that widen (long:
 * both operands are narrow; wide: the second one is) or narrow (the high half of a sum or difference).
 *
 * The "2" forms are the bit Q: they take the upper halves of narrow operands, or write the upper half of a
 * narrow result.
 */
#include "dbt/a64/simd.h"

#include "a64_decode.h"

static bool long2(struct tr *t, unsigned Q, unsigned size, unsigned Rm, unsigned Rn, unsigned Rd,
                  lanes_fn *fn)
{
    struct lanes l = lanes_wide(size, Rd);
    ir_ref a = simd_half(t, Q, rv(t, ir_vec_type(size), Rn)),
           b = simd_half(t, Q, rv(t, ir_vec_type(size), Rm));
    lanes_write(t, &l, fn(t, &l, a, b));
    return true;
}

static bool scalar_long2(struct tr *t, unsigned size, unsigned Rm, unsigned Rn, unsigned Rd, lanes_fn *fn)
{
    struct lanes l = lanes_scalar(size + 1, Rd);
    ir_ref a = rv(t, ir_vec_type(size), Rn), b = rv(t, ir_vec_type(size), Rm);
    lanes_write(t, &l, fn(t, &l, a, b));
    return true;
}

static ir_ref lanes_saddl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lop1(t, l, IR_SXTL, a), lop1(t, l, IR_SXTL, b));
}
static ir_ref lanes_uaddl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lop1(t, l, IR_UXTL, a), lop1(t, l, IR_UXTL, b));
}
static ir_ref lanes_ssubl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, lop1(t, l, IR_SXTL, a), lop1(t, l, IR_SXTL, b));
}
static ir_ref lanes_usubl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_SUB, lop1(t, l, IR_UXTL, a), lop1(t, l, IR_UXTL, b));
}

/* A difference's magnitude fits its own width as an unsigned number, so it is widened last. */
static ir_ref lanes_sabdl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    struct lanes narrow = lanes_vector(0, l->size - 1, l->Rd);
    return lop1(t, l, IR_UXTL, lanes_sabd(t, &narrow, a, b));
}
static ir_ref lanes_uabdl(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    struct lanes narrow = lanes_vector(0, l->size - 1, l->Rd);
    return lop1(t, l, IR_UXTL, lanes_uabd(t, &narrow, a, b));
}
static ir_ref lanes_sabal(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), lanes_sabdl(t, l, a, b));
}
static ir_ref lanes_uabal(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), lanes_uabdl(t, l, a, b));
}

static ir_ref lanes_pmull(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return helper(t, HELPER_simd_pmull, l->ty, a, b, 0, 0, EFFECT_NONE);
}

/* Rd = Rn op widened Rm. */
static bool wide2(struct tr *t, unsigned Q, unsigned size, unsigned Rm, unsigned Rn, unsigned Rd,
                  enum ir_op op, enum ir_op extend)
{
    struct lanes l = lanes_wide(size, Rd);
    ir_ref b = lop1(t, &l, extend, simd_half(t, Q, rv(t, ir_vec_type(size), Rm)));
    lanes_write(t, &l, lop2(t, &l, op, rv(t, l.ty, Rn), b));
    return true;
}

/* Rd = the high half of each lane of Rn op Rm, rounded if asked for. */
static bool high_narrow2(struct tr *t, unsigned Q, unsigned size, unsigned Rm, unsigned Rn, unsigned Rd,
                         enum ir_op op, bool round)
{
    struct lanes l = lanes_wide(size, Rd);
    ir_ref v = lop2(t, &l, op, rv(t, l.ty, Rn), rv(t, l.ty, Rm));
    if (round)
        v = lop2(t, &l, IR_ADD, v, ksplat(t, l.size, lane_min(size)));
    v = lshift(t, &l, IR_VSHRI, v, lane_bits(size));
    simd_write_narrow(t, Q, Rd, simd_narrow(t, IR_XTN, size, l.width, v));
    return true;
}

/* -- the instructions -- */

#define LONG(NAME, fn)                                                                                       \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return long2(t, f->Q, f->size, f->Rm, f->Rn, f->Rd, fn);                                             \
    }
#define LONG_SCALAR(NAME, fn)                                                                                \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return scalar_long2(t, f->size, f->Rm, f->Rn, f->Rd, fn);                                            \
    }
#define WIDE(NAME, op, extend)                                                                               \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return wide2(t, f->Q, f->size, f->Rm, f->Rn, f->Rd, op, extend);                                     \
    }
#define HIGH_NARROW(NAME, op, round)                                                                         \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return high_narrow2(t, f->Q, f->size, f->Rm, f->Rn, f->Rd, op, round);                               \
    }

LONG(SADDL_v, lanes_saddl)
LONG(UADDL_v, lanes_uaddl)
LONG(SSUBL_v, lanes_ssubl)
LONG(USUBL_v, lanes_usubl)
WIDE(SADDW_v, IR_ADD, IR_SXTL)
WIDE(UADDW_v, IR_ADD, IR_UXTL)
WIDE(SSUBW_v, IR_SUB, IR_SXTL)
WIDE(USUBW_v, IR_SUB, IR_UXTL)
HIGH_NARROW(ADDHN_v, IR_ADD, false)
HIGH_NARROW(RADDHN_v, IR_ADD, true)
HIGH_NARROW(SUBHN_v, IR_SUB, false)
HIGH_NARROW(RSUBHN_v, IR_SUB, true)
LONG(SABAL_v, lanes_sabal)
LONG(UABAL_v, lanes_uabal)
LONG(SABDL_v, lanes_sabdl)
LONG(UABDL_v, lanes_uabdl)
LONG(SMLAL_v, lanes_smlal)
LONG(UMLAL_v, lanes_umlal)
LONG(SMLSL_v, lanes_smlsl)
LONG(UMLSL_v, lanes_umlsl)
LONG(SMULL_v, lanes_smull)
LONG(UMULL_v, lanes_umull)
LONG(SQDMLAL_v, lanes_sqdmlal)
LONG(SQDMLSL_v, lanes_sqdmlsl)
LONG(SQDMULL_v, lanes_sqdmull)

bool PMULL_v(struct tr *t, const struct PMULL_v *f)
{
    return long2(t, f->Q, 0, f->Rm, f->Rn, f->Rd, lanes_pmull);
}

LONG_SCALAR(SQDMLAL_d, lanes_sqdmlal)
LONG_SCALAR(SQDMLSL_d, lanes_sqdmlsl)
LONG_SCALAR(SQDMULL_d, lanes_sqdmull)
