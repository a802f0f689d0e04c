/* SPDX-License-Identifier: MIT */
/*
 * Data processing on registers: Arm ARM C4.1.89 (logical, add and subtract, conditional compare and select,
 * one to three sources).
 *
 * A value and the flags of the same operands stand next to each other, value first: see dp_imm.c.  Register
 * 31 as a source is a constant 0; the aliases that it makes (MOV, MVN, NEG, MUL, CSET ...) are what compilers
 * emit all the time, so they get the operation that they are, and not the general form with a zero in it.
 */
#include "dbt/a64/base.h"

#include "a64_decode.h"

/* -- Logical (shifted register) -- */

static bool logical_shift(struct tr *t, enum ir_op op, bool invert, bool flags, const struct AND_shift *f)
{
    enum ir_type ty = isz(f->sf);
    if (!f->sf && f->imm6 > 31)
        return false;
    ir_ref v;
    if (op == IR_OR && f->Rn == 31) { /* MOV, MVN */
        v = shifted(t, ty, rx(t, ty, f->Rm), f->shift, f->imm6);
        v = invert ? op1(t, IR_NOT, ty, v) : v;
    } else {
        ir_ref a = rx(t, ty, f->Rn), b = shifted(t, ty, rx(t, ty, f->Rm), f->shift, f->imm6);
        if (invert && op == IR_AND)
            v = op2(t, IR_ANDN, ty, a, b);
        else
            v = op2(t, op, ty, a, invert ? op1(t, IR_NOT, ty, b) : b);
    }
    if (flags)
        wflags(t, op1(t, IR_FLLOGIC, ty, v));
    wx(t, ty, f->Rd, v);
    return true;
}

#define LOGICAL_SHIFT(name, op, invert, flags)                                                               \
    bool name(struct tr *t, const struct name *f)                                                            \
    {                                                                                                        \
        return logical_shift(t, op, invert, flags,                                                           \
                             &(struct AND_shift){f->sf, f->shift, f->Rm, f->imm6, f->Rn, f->Rd});            \
    }
LOGICAL_SHIFT(AND_shift, IR_AND, false, false)
LOGICAL_SHIFT(BIC_shift, IR_AND, true, false)
LOGICAL_SHIFT(ORR_shift, IR_OR, false, false)
LOGICAL_SHIFT(ORN_shift, IR_OR, true, false)
LOGICAL_SHIFT(EOR_shift, IR_XOR, false, false)
LOGICAL_SHIFT(EON_shift, IR_XOR, true, false)
LOGICAL_SHIFT(ANDS_shift, IR_AND, false, true)
LOGICAL_SHIFT(BICS_shift, IR_AND, true, true)

/* -- Add/subtract (shifted register), (extended register) -- */

/* Rd = a op b with flags; Rd is never SP. */
static void add_flags(struct tr *t, enum ir_op op, enum ir_type ty, unsigned rd, ir_ref a, ir_ref b)
{
    ir_ref v = rd == 31 ? 0 : op2(t, op, ty, a, b);
    wflags(t, op2(t, op == IR_ADD ? IR_FLADD : IR_FLSUB, ty, a, b));
    if (v)
        wx(t, ty, rd, v);
}

static bool add_shift(struct tr *t, enum ir_op op, bool flags, const struct ADD_shift *f)
{
    enum ir_type ty = isz(f->sf);
    if (!f->sf && f->imm6 > 31)
        return false;
    ir_ref a = !flags && f->Rn == 31 ? 0 : rx(t, ty, f->Rn);
    ir_ref b = shifted(t, ty, rx(t, ty, f->Rm), f->shift, f->imm6);
    if (flags)
        add_flags(t, op, ty, f->Rd, a, b);
    else if (a)
        wx(t, ty, f->Rd, op2(t, op, ty, a, b));
    else
        wx(t, ty, f->Rd, op == IR_SUB ? op1(t, IR_NEG, ty, b) : b);
    return true;
}

static bool add_ext(struct tr *t, enum ir_op op, bool flags, const struct ADD_ext *f)
{
    enum ir_type ty = isz(f->sf);
    if (f->imm3 > 4)
        return false;
    unsigned size = f->option & 3;
    ir_ref a = rxsp(t, ty, f->Rn), b = rx(t, ty, f->Rm);
    if (size < (f->sf ? 3u : 2u))
        b = opx(t, f->option & 4 ? IR_SEXT : IR_ZEXT, ty, b, 0, 0, size, 0, 0);
    b = shifted(t, ty, b, 0, f->imm3);
    if (flags)
        add_flags(t, op, ty, f->Rd, a, b);
    else
        wxsp(t, ty, f->Rd, op2(t, op, ty, a, b));
    return true;
}

#define ADD_SHIFT(name, op, flags)                                                                           \
    bool name(struct tr *t, const struct name *f)                                                            \
    {                                                                                                        \
        return add_shift(t, op, flags, &(struct ADD_shift){f->sf, f->shift, f->Rm, f->imm6, f->Rn, f->Rd});  \
    }
ADD_SHIFT(ADD_shift, IR_ADD, false)
ADD_SHIFT(ADDS_shift, IR_ADD, true)
ADD_SHIFT(SUB_shift, IR_SUB, false)
ADD_SHIFT(SUBS_shift, IR_SUB, true)

#define ADD_EXT(name, op, flags)                                                                             \
    bool name(struct tr *t, const struct name *f)                                                            \
    {                                                                                                        \
        return add_ext(t, op, flags, &(struct ADD_ext){f->sf, f->Rm, f->option, f->imm3, f->Rn, f->Rd});     \
    }
ADD_EXT(ADD_ext, IR_ADD, false)
ADD_EXT(ADDS_ext, IR_ADD, true)
ADD_EXT(SUB_ext, IR_SUB, false)
ADD_EXT(SUBS_ext, IR_SUB, true)

/* -- Add/subtract (with carry) -- */

/* a + b + C, or a - b - !C. */
static bool add_carry(struct tr *t, enum ir_op op, bool flags, const struct ADC *f)
{
    enum ir_type ty = isz(f->sf);
    ir_ref a = rx(t, ty, f->Rn), b = rx(t, ty, f->Rm);
    ir_ref carry = cond(t, CC_CS);
    ir_ref extra = op == IR_ADD ? carry : cond(t, CC_CC);
    ir_ref v = op2(t, op, ty, op2(t, op, ty, a, b), f->sf ? zext64(t, T_I32, extra) : extra);
    if (flags)
        wflags(t, op3(t, op == IR_ADD ? IR_FLADC : IR_FLSBC, ty, a, b, carry));
    wx(t, ty, f->Rd, v);
    return true;
}

bool ADC(struct tr *t, const struct ADC *f)
{
    return add_carry(t, IR_ADD, false, f);
}
bool ADCS(struct tr *t, const struct ADCS *f)
{
    return add_carry(t, IR_ADD, true, &(struct ADC){f->sf, f->Rm, f->Rn, f->Rd});
}
bool SBC(struct tr *t, const struct SBC *f)
{
    return add_carry(t, IR_SUB, false, &(struct ADC){f->sf, f->Rm, f->Rn, f->Rd});
}
bool SBCS(struct tr *t, const struct SBCS *f)
{
    return add_carry(t, IR_SUB, true, &(struct ADC){f->sf, f->Rm, f->Rn, f->Rd});
}

/* -- Conditional compare -- */

/* b: Rm, or a constant. */
static bool compare_if(struct tr *t, enum ir_op flags, enum ir_type ty, unsigned Rn, ir_ref b, unsigned cc,
                       unsigned nzcv)
{
    ir_ref c = cc < CC_AL ? cond(t, cc) : 0;
    ir_ref fl = op2(t, flags, ty, rx(t, ty, Rn), b);
    if (c)
        fl = ir_add(t->ir, (struct ir_insn){.op = IR_FLSEL, .type = T_FL, .a = c, .b = fl, .imm = nzcv});
    wflags(t, fl);
    return true;
}

bool CCMN_reg(struct tr *t, const struct CCMN_reg *f)
{
    enum ir_type ty = isz(f->sf);
    return compare_if(t, IR_FLADD, ty, f->Rn, rx(t, ty, f->Rm), f->cond, f->nzcv);
}
bool CCMP_reg(struct tr *t, const struct CCMP_reg *f)
{
    enum ir_type ty = isz(f->sf);
    return compare_if(t, IR_FLSUB, ty, f->Rn, rx(t, ty, f->Rm), f->cond, f->nzcv);
}
bool CCMN_imm(struct tr *t, const struct CCMN_imm *f)
{
    enum ir_type ty = isz(f->sf);
    return compare_if(t, IR_FLADD, ty, f->Rn, kint(t, ty, f->imm5), f->cond, f->nzcv);
}
bool CCMP_imm(struct tr *t, const struct CCMP_imm *f)
{
    enum ir_type ty = isz(f->sf);
    return compare_if(t, IR_FLSUB, ty, f->Rn, kint(t, ty, f->imm5), f->cond, f->nzcv);
}

/* -- Conditional select -- */

/* Rd = cond ? Rn : change(Rm); change is the operation on Rm, NOP for none, ADD for an increment. */
static bool select_if(struct tr *t, enum ir_op change, const struct CSEL *f)
{
    enum ir_type ty = isz(f->sf);
    if (f->cond >= CC_AL) {
        wx(t, ty, f->Rd, rx(t, ty, f->Rn));
        return true;
    }
    if (f->Rn == 31 && f->Rm == 31 && change != IR_NOP && change != IR_NEG) {
        ir_ref c = cond(t, f->cond ^ 1); /* CSET, CSETM */
        if (change == IR_ADD) {
            wx(t, T_I32, f->Rd, c);
            return true;
        }
        wx(t, ty, f->Rd, op1(t, IR_NEG, ty, f->sf ? zext64(t, T_I32, c) : c));
        return true;
    }
    ir_ref n = rx(t, ty, f->Rn), m = rx(t, ty, f->Rm);
    if (change == IR_ADD)
        m = op2(t, IR_ADD, ty, m, kint(t, ty, 1));
    else if (change != IR_NOP)
        m = op1(t, change, ty, m);
    ir_ref c = cond(t, f->cond);
    wx(t, ty, f->Rd, op3(t, IR_SEL, ty, c, n, m));
    return true;
}

bool CSEL(struct tr *t, const struct CSEL *f)
{
    return select_if(t, IR_NOP, f);
}
bool CSINC(struct tr *t, const struct CSINC *f)
{
    return select_if(t, IR_ADD, &(struct CSEL){f->sf, f->Rm, f->cond, f->Rn, f->Rd});
}
bool CSINV(struct tr *t, const struct CSINV *f)
{
    return select_if(t, IR_NOT, &(struct CSEL){f->sf, f->Rm, f->cond, f->Rn, f->Rd});
}
bool CSNEG(struct tr *t, const struct CSNEG *f)
{
    return select_if(t, IR_NEG, &(struct CSEL){f->sf, f->Rm, f->cond, f->Rn, f->Rd});
}

/* -- Data processing (3 source) -- */

/* Rd = Ra op product. */
static bool accumulate(struct tr *t, enum ir_op op, enum ir_type ty, unsigned ra, unsigned rd, ir_ref product)
{
    if (ra != 31)
        product = op2(t, op, ty, rx(t, ty, ra), product);
    else if (op == IR_SUB)
        product = op1(t, IR_NEG, ty, product);
    wx(t, ty, rd, product);
    return true;
}

static ir_ref product(struct tr *t, enum ir_type ty, unsigned rn, unsigned rm)
{
    ir_ref a = rx(t, ty, rn);
    return op2(t, IR_MUL, ty, a, rn == rm ? a : rx(t, ty, rm));
}

/* 32 x 32 -> 64 bits. */
static ir_ref product_long(struct tr *t, enum ir_op extend, unsigned rn, unsigned rm)
{
    ir_ref a = opx(t, extend, T_I64, rx(t, T_I64, rn), 0, 0, 2, 0, 0);
    ir_ref b = rn == rm ? a : opx(t, extend, T_I64, rx(t, T_I64, rm), 0, 0, 2, 0, 0);
    return op2(t, IR_MUL, T_I64, a, b);
}

static bool multiply_high(struct tr *t, enum ir_op op, unsigned rn, unsigned rm, unsigned rd)
{
    ir_ref a = rx(t, T_I64, rn);
    wx(t, T_I64, rd, op2(t, op, T_I64, a, rx(t, T_I64, rm)));
    return true;
}

bool MADD(struct tr *t, const struct MADD *f)
{
    return accumulate(t, IR_ADD, isz(f->sf), f->Ra, f->Rd, product(t, isz(f->sf), f->Rn, f->Rm));
}
bool MSUB(struct tr *t, const struct MSUB *f)
{
    return accumulate(t, IR_SUB, isz(f->sf), f->Ra, f->Rd, product(t, isz(f->sf), f->Rn, f->Rm));
}
bool SMADDL(struct tr *t, const struct SMADDL *f)
{
    return accumulate(t, IR_ADD, T_I64, f->Ra, f->Rd, product_long(t, IR_SEXT, f->Rn, f->Rm));
}
bool SMSUBL(struct tr *t, const struct SMSUBL *f)
{
    return accumulate(t, IR_SUB, T_I64, f->Ra, f->Rd, product_long(t, IR_SEXT, f->Rn, f->Rm));
}
bool UMADDL(struct tr *t, const struct UMADDL *f)
{
    return accumulate(t, IR_ADD, T_I64, f->Ra, f->Rd, product_long(t, IR_ZEXT, f->Rn, f->Rm));
}
bool UMSUBL(struct tr *t, const struct UMSUBL *f)
{
    return accumulate(t, IR_SUB, T_I64, f->Ra, f->Rd, product_long(t, IR_ZEXT, f->Rn, f->Rm));
}
bool SMULH(struct tr *t, const struct SMULH *f)
{
    return multiply_high(t, IR_SMULH, f->Rn, f->Rm, f->Rd);
}
bool UMULH(struct tr *t, const struct UMULH *f)
{
    return multiply_high(t, IR_UMULH, f->Rn, f->Rm, f->Rd);
}

/* -- Data processing (2 source) -- */

static bool two_source(struct tr *t, enum ir_op op, const struct UDIV *f)
{
    enum ir_type ty = isz(f->sf);
    ir_ref a = rx(t, ty, f->Rn);
    wx(t, ty, f->Rd, op2(t, op, ty, a, rx(t, ty, f->Rm)));
    return true;
}

#define TWO_SOURCE(name, op)                                                                                 \
    bool name(struct tr *t, const struct name *f)                                                            \
    {                                                                                                        \
        return two_source(t, op, &(struct UDIV){f->sf, f->Rm, f->Rn, f->Rd});                                \
    }
TWO_SOURCE(UDIV, IR_UDIV)
TWO_SOURCE(SDIV, IR_SDIV)
TWO_SOURCE(LSLV, IR_SHL) /* amounts modulo the width, as IR has them */
TWO_SOURCE(LSRV, IR_SHR)
TWO_SOURCE(ASRV, IR_SAR)
TWO_SOURCE(RORV, IR_ROR)

/* -- Data processing (1 source) -- */

static bool one_source(struct tr *t, enum ir_op op, enum ir_type ty, unsigned rn, unsigned rd)
{
    wx(t, ty, rd, op1(t, op, ty, rx(t, ty, rn)));
    return true;
}

bool RBIT(struct tr *t, const struct RBIT *f)
{
    return one_source(t, IR_RBIT, isz(f->sf), f->Rn, f->Rd);
}
bool REV16(struct tr *t, const struct REV16 *f)
{
    return one_source(t, IR_REV16, isz(f->sf), f->Rn, f->Rd);
}
bool REV_w(struct tr *t, const struct REV_w *f)
{
    return one_source(t, IR_BSWAP, T_I32, f->Rn, f->Rd);
}
bool REV_x(struct tr *t, const struct REV_x *f)
{
    return one_source(t, IR_BSWAP, T_I64, f->Rn, f->Rd);
}
bool CLZ(struct tr *t, const struct CLZ *f)
{
    return one_source(t, IR_CLZ, isz(f->sf), f->Rn, f->Rd);
}
bool CLS(struct tr *t, const struct CLS *f)
{
    return one_source(t, IR_CLS, isz(f->sf), f->Rn, f->Rd);
}

/* The bytes of each word reversed: all bytes reversed, then the words back in place. */
bool REV32(struct tr *t, const struct REV32 *f)
{
    ir_ref v = op1(t, IR_BSWAP, T_I64, rx(t, T_I64, f->Rn));
    wx(t, T_I64, f->Rd, shifted(t, T_I64, v, 3, 32));
    return true;
}
