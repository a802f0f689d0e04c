/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD shift by immediate and scalar shift by immediate (Arm ARM C4.1.96).
 *
 * immh:immb holds lane size and amount in one number: the highest bit set of immh is the size; a shift to the
 * left by n is lane bits + n, one to the right 2 * lane bits - n, so that right shifts are by 1 to the lane's
 * width. In narrowing instructions the size is that of the narrow lanes, in widening ones too.
 */
#include "dbt/a64/simd.h"

#include "a64_decode.h"

typedef ir_ref shift_fn(struct tr *t, const struct lanes *l, ir_ref a, unsigned n);

static unsigned shift_size(unsigned immh)
{
    return 31 - (unsigned)__builtin_clz(immh);
}
static unsigned shift_left(unsigned size, unsigned imm)
{
    return imm - lane_bits(size);
}
static unsigned shift_right(unsigned size, unsigned imm)
{
    return 2 * lane_bits(size) - imm;
}

/* -- same shape -- */

static ir_ref lanes_sshr(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    return lshift(t, l, IR_VSARI, a, n);
}
static ir_ref lanes_ushr(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    return lshift(t, l, IR_VSHRI, a, n);
}
static ir_ref lanes_shl(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    return lshift(t, l, IR_VSHLI, a, n);
}

/* Rounding adds the last bit shifted out; the sum of that cannot overflow, unlike adding half a unit first. */
static ir_ref rounded(struct tr *t, const struct lanes *l, enum ir_op op, ir_ref a, unsigned n)
{
    ir_ref last = lop2(t, l, IR_AND, lshift(t, l, IR_VSHRI, a, n - 1), ksplat(t, l->size, 1));
    return lop2(t, l, IR_ADD, lshift(t, l, op, a, n), last);
}
static ir_ref lanes_srshr(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    return rounded(t, l, IR_VSARI, a, n);
}
static ir_ref lanes_urshr(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    return rounded(t, l, IR_VSHRI, a, n);
}

static ir_ref accumulated(struct tr *t, const struct lanes *l, ir_ref v)
{
    return lop2(t, l, IR_ADD, lanes_rd(t, l), v);
}
static ir_ref lanes_ssra(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    return accumulated(t, l, lanes_sshr(t, l, a, n));
}
static ir_ref lanes_usra(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    return accumulated(t, l, lanes_ushr(t, l, a, n));
}
static ir_ref lanes_srsra(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    return accumulated(t, l, lanes_srshr(t, l, a, n));
}
static ir_ref lanes_ursra(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    return accumulated(t, l, lanes_urshr(t, l, a, n));
}

/* Inserts: the bits of Rd that the shifted operand does not reach stay. */
static ir_ref lanes_sri(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    uint64_t keep = n == lane_bits(l->size) ? lane_ones(l->size) : ~(lane_ones(l->size) >> n);
    ir_ref d = lop2(t, l, IR_AND, lanes_rd(t, l), ksplat(t, l->size, keep));
    return lop2(t, l, IR_OR, lanes_ushr(t, l, a, n), d);
}
static ir_ref lanes_sli(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    if (n == 0)
        return a;
    ir_ref d = lop2(t, l, IR_AND, lanes_rd(t, l),
                    ksplat(t, l->size, lane_ones(l->size) >> (lane_bits(l->size) - n)));
    return lop2(t, l, IR_OR, lanes_shl(t, l, a, n), d);
}

/* -- saturating to the left: shifting back must give the operand -- */

static ir_ref lanes_sqshl(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    ir_ref r = lanes_shl(t, l, a, n), back = lanes_sshr(t, l, r, n);
    simd_qc(t, l->width, lop2(t, l, IR_XOR, back, a));
    ir_ref limit = lop2(t, l, IR_XOR, lanes_sshr(t, l, a, lane_bits(l->size) - 1),
                        ksplat(t, l->size, lane_max(l->size)));
    return op3(t, IR_VBSL, l->ty, lcmp(t, l, CC_EQ, back, a), r, limit);
}

/* The saturated unsigned result; *diff gets bits where it saturated. */
static ir_ref saturated_unsigned(struct tr *t, const struct lanes *l, ir_ref a, unsigned n, ir_ref *diff)
{
    ir_ref r = lanes_shl(t, l, a, n), back = lanes_ushr(t, l, r, n);
    *diff = lop2(t, l, IR_XOR, back, a);
    return lop2(t, l, IR_OR, r, lop1(t, l, IR_NOT, lcmp(t, l, CC_EQ, back, a)));
}
static ir_ref lanes_uqshl(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    ir_ref diff, r = saturated_unsigned(t, l, a, n, &diff);
    simd_qc(t, l->width, diff);
    return r;
}
/* Signed to unsigned: what is negative becomes 0. */
static ir_ref lanes_sqshlu(struct tr *t, const struct lanes *l, ir_ref a, unsigned n)
{
    ir_ref diff, r = saturated_unsigned(t, l, a, n, &diff);
    ir_ref negative = lanes_sshr(t, l, a, lane_bits(l->size) - 1);
    simd_qc(t, l->width, lop2(t, l, IR_OR, diff, negative));
    return lop2(t, l, IR_ANDN, r, negative);
}

/* -- drivers -- */

static bool vector(struct tr *t, unsigned Q, unsigned imm, unsigned Rn, unsigned Rd, bool left, shift_fn *fn)
{
    unsigned size = shift_size(imm >> 3);
    if (size == 3 && !Q)
        return false;
    struct lanes l = lanes_vector(Q, size, Rd);
    ir_ref a = rv(t, l.ty, Rn);
    lanes_write(t, &l, fn(t, &l, a, left ? shift_left(size, imm) : shift_right(size, imm)));
    return true;
}

static bool scalar(struct tr *t, unsigned imm, unsigned Rn, unsigned Rd, bool left, shift_fn *fn)
{
    unsigned size = shift_size(imm >> 3);
    struct lanes l = lanes_scalar(size, Rd);
    ir_ref a = rv(t, l.ty, Rn);
    lanes_write(t, &l, fn(t, &l, a, left ? shift_left(size, imm) : shift_right(size, imm)));
    return true;
}

static bool narrow(struct tr *t, unsigned Q, unsigned imm, unsigned Rn, unsigned Rd, shift_fn *fn,
                   enum ir_op op)
{
    unsigned size = shift_size(imm >> 3);
    struct lanes l = lanes_wide(size, Rd);
    ir_ref v = fn(t, &l, rv(t, l.ty, Rn), shift_right(size, imm));
    simd_write_narrow(t, Q, Rd, simd_narrow(t, op, size, 4, v));
    return true;
}

static bool narrow_scalar(struct tr *t, unsigned imm, unsigned Rn, unsigned Rd, shift_fn *fn, enum ir_op op)
{
    unsigned size = shift_size(imm >> 3);
    struct lanes l = lanes_scalar(size + 1, Rd);
    ir_ref v = fn(t, &l, rv(t, l.ty, Rn), shift_right(size, imm));
    wv_low(t, Rd, simd_narrow(t, op, size, size + 1, v), size);
    return true;
}

static bool widen(struct tr *t, unsigned Q, unsigned imm, unsigned Rn, unsigned Rd, enum ir_op extend)
{
    unsigned size = shift_size(imm >> 3);
    struct lanes l = lanes_wide(size, Rd);
    ir_ref v = lop1(t, &l, extend, simd_half(t, Q, rv(t, ir_vec_type(size), Rn)));
    unsigned n = shift_left(size, imm);
    lanes_write(t, &l, n ? lanes_shl(t, &l, v, n) : v);
    return true;
}

/* -- the instructions -- */

#define IMM(f) ((f)->immh << 3 | (f)->immb)

#define LEFT(NAME, fn)                                                                                       \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return vector(t, f->Q, IMM(f), f->Rn, f->Rd, true, fn);                                              \
    }
#define RIGHT(NAME, fn)                                                                                      \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return vector(t, f->Q, IMM(f), f->Rn, f->Rd, false, fn);                                             \
    }
#define LEFT_SCALAR(NAME, fn)                                                                                \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return scalar(t, IMM(f), f->Rn, f->Rd, true, fn);                                                    \
    }
/* The pattern fixes immh's top bit: 64-bit lanes. */
#define LEFT_64(NAME, fn)                                                                                    \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return scalar(t, 64 | IMM(f), f->Rn, f->Rd, true, fn);                                               \
    }
#define RIGHT_64(NAME, fn)                                                                                   \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return scalar(t, 64 | IMM(f), f->Rn, f->Rd, false, fn);                                              \
    }
#define NARROW(NAME, fn, op)                                                                                 \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return narrow(t, f->Q, IMM(f), f->Rn, f->Rd, fn, op);                                                \
    }
#define NARROW_SCALAR(NAME, fn, op)                                                                          \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return narrow_scalar(t, IMM(f), f->Rn, f->Rd, fn, op);                                               \
    }

RIGHT(SSHR_i, lanes_sshr)
RIGHT(USHR_i, lanes_ushr)
RIGHT(SSRA_i, lanes_ssra)
RIGHT(USRA_i, lanes_usra)
RIGHT(SRSHR_i, lanes_srshr)
RIGHT(URSHR_i, lanes_urshr)
RIGHT(SRSRA_i, lanes_srsra)
RIGHT(URSRA_i, lanes_ursra)
RIGHT(SRI_i, lanes_sri)
LEFT(SHL_i, lanes_shl)
LEFT(SLI_i, lanes_sli)
LEFT(SQSHL_i, lanes_sqshl)
LEFT(UQSHL_i, lanes_uqshl)
LEFT(SQSHLU_i, lanes_sqshlu)
NARROW(SHRN_i, lanes_ushr, IR_XTN)
NARROW(RSHRN_i, lanes_urshr, IR_XTN)
NARROW(SQSHRN_i, lanes_sshr, IR_SQXTN)
NARROW(SQRSHRN_i, lanes_srshr, IR_SQXTN)
NARROW(UQSHRN_i, lanes_ushr, IR_UQXTN)
NARROW(UQRSHRN_i, lanes_urshr, IR_UQXTN)
NARROW(SQSHRUN_i, lanes_sshr, IR_SQXTUN)
NARROW(SQRSHRUN_i, lanes_srshr, IR_SQXTUN)

bool SSHLL_i(struct tr *t, const struct SSHLL_i *f)
{
    return widen(t, f->Q, IMM(f), f->Rn, f->Rd, IR_SXTL);
}
bool USHLL_i(struct tr *t, const struct USHLL_i *f)
{
    return widen(t, f->Q, IMM(f), f->Rn, f->Rd, IR_UXTL);
}

RIGHT_64(SSHR_di, lanes_sshr)
RIGHT_64(USHR_di, lanes_ushr)
RIGHT_64(SSRA_di, lanes_ssra)
RIGHT_64(USRA_di, lanes_usra)
RIGHT_64(SRSHR_di, lanes_srshr)
RIGHT_64(URSHR_di, lanes_urshr)
RIGHT_64(SRSRA_di, lanes_srsra)
RIGHT_64(URSRA_di, lanes_ursra)
RIGHT_64(SRI_di, lanes_sri)
LEFT_64(SHL_di, lanes_shl)
LEFT_64(SLI_di, lanes_sli)
LEFT_SCALAR(SQSHL_di, lanes_sqshl)
LEFT_SCALAR(UQSHL_di, lanes_uqshl)
LEFT_SCALAR(SQSHLU_di, lanes_sqshlu)
NARROW_SCALAR(SQSHRN_di, lanes_sshr, IR_SQXTN)
NARROW_SCALAR(SQRSHRN_di, lanes_srshr, IR_SQXTN)
NARROW_SCALAR(UQSHRN_di, lanes_ushr, IR_UQXTN)
NARROW_SCALAR(UQRSHRN_di, lanes_urshr, IR_UQXTN)
NARROW_SCALAR(SQSHRUN_di, lanes_sshr, IR_SQXTUN)
NARROW_SCALAR(SQRSHRUN_di, lanes_srshr, IR_SQXTUN)
