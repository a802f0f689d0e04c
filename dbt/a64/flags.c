/* SPDX-License-Identifier: MIT */
/*
 * FlagM and FlagM2 (flag manipulation), CSSC (common short sequences): Arm ARM C4.1.96, C6.2.
 *
 * The flag instructions work on NZCV as a number: they are too rare for forms of their own in the IR.
 */
#include "dbt/a64/base.h"

#include "a64_decode.h"

#define BIT_N (1u << 31)
#define BIT_Z (1u << 30)
#define BIT_C (1u << 29)
#define BIT_V (1u << 28)

static ir_ref nzcv(struct tr *t)
{
    return op1(t, IR_TRUNC, T_I32, op1(t, IR_NZCV, T_I64, ir_op0(t->ir, IR_GETFL, T_FL, 0)));
}

static ir_ref and32(struct tr *t, ir_ref a, uint32_t k)
{
    return op2(t, IR_AND, T_I32, a, k32(t, k));
}
static ir_ref or32(struct tr *t, ir_ref a, ir_ref b)
{
    return op2(t, IR_OR, T_I32, a, b);
}

static bool put_nzcv(struct tr *t, ir_ref v)
{
    wflags(t, op1(t, IR_FLNZCV, T_FL, v));
    return true;
}

bool CFINV(struct tr *t, const struct CFINV *f)
{
    return put_nzcv(t, op2(t, IR_XOR, T_I32, nzcv(t), k32(t, BIT_C)));
}

/* From Arm's comparison of floats to another one: Z |= V, C &= !V, N = V = 0. */
bool AXFLAG(struct tr *t, const struct AXFLAG *f)
{
    ir_ref old = nzcv(t);
    ir_ref z = and32(t, or32(t, old, shifted(t, T_I32, old, 0, 2)), BIT_Z);
    ir_ref c = and32(t, op2(t, IR_ANDN, T_I32, old, shifted(t, T_I32, old, 0, 1)), BIT_C);
    return put_nzcv(t, or32(t, z, c));
}

/* And back: N = !C & !Z, V = !C & Z, C |= Z, Z &= C. */
bool XAFLAG(struct tr *t, const struct XAFLAG *f)
{
    ir_ref old = nzcv(t), not = op1(t, IR_NOT, T_I32, old);
    ir_ref n =
        and32(t, op2(t, IR_AND, T_I32, shifted(t, T_I32, not, 0, 1), shifted(t, T_I32, not, 0, 2)), BIT_N);
    ir_ref z = and32(t, op2(t, IR_AND, T_I32, old, shifted(t, T_I32, old, 0, 1)), BIT_Z);
    ir_ref c = and32(t, or32(t, old, shifted(t, T_I32, old, 1, 1)), BIT_C);
    ir_ref v =
        and32(t, op2(t, IR_AND, T_I32, shifted(t, T_I32, old, 1, 2), shifted(t, T_I32, not, 1, 1)), BIT_V);
    return put_nzcv(t, or32(t, or32(t, n, z), or32(t, c, v)));
}

bool RMIF(struct tr *t, const struct RMIF *f)
{
    uint32_t mask = f->mask << 28;
    ir_ref v = op1(t, IR_TRUNC, T_I32, shifted(t, T_I64, rx(t, T_I64, f->Rn), 3, f->imm6));
    v = and32(t, shifted(t, T_I32, v, 0, 28), mask);
    return put_nzcv(t, or32(t, and32(t, nzcv(t), ~mask), v));
}

/* N and Z of the low `width` bits; V where the bit above differs from their sign; C stays. */
static bool set_flags(struct tr *t, unsigned rn, unsigned width)
{
    ir_ref v = shifted(t, T_I32, rx(t, T_I32, rn), 0, 32 - width);
    ir_ref n = and32(t, v, BIT_N);
    ir_ref zero = opx(t, IR_CMPZ, T_I32, v, v, 0, 0, CC_EQ, 0);
    ir_ref z = shifted(t, T_I32, zero, 0, 30);
    ir_ref above = shifted(t, T_I32, rx(t, T_I32, rn), 0, 31 - width);
    ir_ref over = and32(t, shifted(t, T_I32, op2(t, IR_XOR, T_I32, above, v), 1, 3), BIT_V);
    return put_nzcv(t, or32(t, or32(t, n, z), or32(t, and32(t, nzcv(t), BIT_C), over)));
}

bool SETF8(struct tr *t, const struct SETF8 *f)
{
    return set_flags(t, f->Rn, 8);
}
bool SETF16(struct tr *t, const struct SETF16 *f)
{
    return set_flags(t, f->Rn, 16);
}

/* -- CSSC -- */

bool CTZ(struct tr *t, const struct CTZ *f)
{
    enum ir_type ty = isz(f->sf);
    wx(t, ty, f->Rd, op1(t, IR_CTZ, ty, rx(t, ty, f->Rn)));
    return true;
}

bool CNT(struct tr *t, const struct CNT *f)
{
    ir_ref v = op1(t, IR_VFROM, T_V64, zext64(t, isz(f->sf), rx(t, isz(f->sf), f->Rn)));
    v = op1(t, IR_SADALL, T_V64, op1(t, IR_CNT, T_V8, v));
    wx(t, T_I64, f->Rd, opx(t, IR_VGET, T_I64, v, 0, 0, 3, 0, 0));
    return true;
}

bool ABS(struct tr *t, const struct ABS *f)
{
    enum ir_type ty = isz(f->sf);
    ir_ref v = rx(t, ty, f->Rn);
    wx(t, ty, f->Rd, op2(t, IR_SMAX, ty, v, op1(t, IR_NEG, ty, v)));
    /* The most negative number is its own negative, and stays. */
    return true;
}

static bool min_max(struct tr *t, enum ir_op op, unsigned sf, unsigned rd, unsigned rn, ir_ref b)
{
    enum ir_type ty = isz(sf);
    wx(t, ty, rd, op2(t, op, ty, rx(t, ty, rn), b));
    return true;
}

#define MIN_MAX(name, op, extend)                                                                            \
    bool name(struct tr *t, const struct name *f)                                                            \
    {                                                                                                        \
        return min_max(t, op, f->sf, f->Rd, f->Rn, rx(t, isz(f->sf), f->Rm));                                \
    }                                                                                                        \
    bool name##_imm(struct tr *t, const struct name##_imm *f)                                                \
    {                                                                                                        \
        return min_max(t, op, f->sf, f->Rd, f->Rn, kint(t, isz(f->sf), (uint64_t)extend(f->imm8)));          \
    }
MIN_MAX(SMAX, IR_SMAX, (int8_t))
MIN_MAX(SMIN, IR_SMIN, (int8_t))
MIN_MAX(UMAX, IR_UMAX, (uint8_t))
MIN_MAX(UMIN, IR_UMIN, (uint8_t))
