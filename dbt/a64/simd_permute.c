/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD permute, extract and table lookup (Arm ARM C4.1.96).
 *
 * The IR's permutations work on full registers.  For 64-bit vectors the operands are first put side by side
 * where lanes of both are needed below (UZP, EXT); ZIP2's result is then the upper half of what ZIP1 makes.
 */
#include "dbt/a64/simd.h"

#include "a64_decode.h"

static ir_ref lanes_zip1(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_VZIP1, a, b);
}
static ir_ref lanes_trn1(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_VTRN1, a, b);
}
static ir_ref lanes_trn2(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return lop2(t, l, IR_VTRN2, a, b);
}
static ir_ref lanes_zip2(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    if (l->width == 4)
        return lop2(t, l, IR_VZIP2, a, b);
    return op1(t, IR_VHIGH, T_V64, lanes_zip1(t, l, a, b));
}

static ir_ref unzip(struct tr *t, const struct lanes *l, enum ir_op op, ir_ref a, ir_ref b)
{
    if (l->width == 3)
        a = b = op2(t, IR_VCAT, T_V64, a, b);
    return lop2(t, l, op, a, b);
}
static ir_ref lanes_uzp1(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return unzip(t, l, IR_VUZP1, a, b);
}
static ir_ref lanes_uzp2(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b)
{
    return unzip(t, l, IR_VUZP2, a, b);
}

#define PERMUTE(NAME, fn)                                                                                    \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return simd_vector2(t, f->Q, f->size, f->Rm, f->Rn, f->Rd, fn);                                      \
    }

PERMUTE(ZIP1_v, lanes_zip1)
PERMUTE(ZIP2_v, lanes_zip2)
PERMUTE(UZP1_v, lanes_uzp1)
PERMUTE(UZP2_v, lanes_uzp2)
PERMUTE(TRN1_v, lanes_trn1)
PERMUTE(TRN2_v, lanes_trn2)

bool EXT_v(struct tr *t, const struct EXT_v *f)
{
    if (!f->Q && f->imm4 > 7)
        return false;
    ir_ref a = rv(t, T_V8, f->Rn), b = rv(t, T_V8, f->Rm);
    if (!f->Q)
        a = b = op2(t, IR_VCAT, T_V64, a, b);
    wvq(t, f->Q, f->Rd, f->imm4 ? opx(t, IR_VEXT, T_V8, a, b, 0, 0, 0, f->imm4) : a);
    return true;
}

/* Bytes of one register; an index above 15 gives 0.  VTBL wants bit 7 set in such an index, which adding 0x70 with
 * saturation does to it; this sum is shared by look-ups with the same index.
 */
static ir_ref look_up(struct tr *t, unsigned Rn, ir_ref index)
{
    return op2(t, IR_VTBL, T_V8, rv(t, T_V8, Rn), op2(t, IR_UQADD, T_V8, index, ksplat(t, 0, 0x70)));
}

/* Bytes of the table Rn, Rn+1, .. Rn+len; an index beyond it gives 0.  Each register is looked up with the
 * index reduced by where it starts: indices below that wrap to large ones, so at most one look-up is not 0.
 */
static ir_ref table(struct tr *t, unsigned Rn, unsigned len, ir_ref index)
{
    ir_ref r = look_up(t, Rn, index);
    for (unsigned i = 1; i <= len; i++) {
        ir_ref rest = op2(t, IR_SUB, T_V8, index, ksplat(t, 0, 16 * i));
        r = op2(t, IR_OR, T_V8, r, look_up(t, (Rn + i) % 32, rest));
    }
    return r;
}

bool TBL_v(struct tr *t, const struct TBL_v *f)
{
    wvq(t, f->Q, f->Rd, table(t, f->Rn, f->len, rv(t, T_V8, f->Rm)));
    return true;
}

bool TBX_v(struct tr *t, const struct TBX_v *f)
{
    ir_ref index = rv(t, T_V8, f->Rm);
    ir_ref inside = opx(t, IR_VCMP, T_V8, ksplat(t, 0, 16 * (f->len + 1)), index, 0, 0, CC_HI, 0);
    ir_ref old = op2(t, IR_ANDN, T_V8, rv(t, T_V8, f->Rd), inside);
    wvq(t, f->Q, f->Rd, op2(t, IR_OR, T_V8, table(t, f->Rn, f->len, index), old));
    return true;
}
