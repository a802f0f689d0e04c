/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD copy and scalar copy (Arm ARM C4.1.96): lanes to lanes, lanes to and from general registers.
 *
 * imm5 holds lane size and index in one number: the lowest bit set is the size, the bits above it are the
 * index.
 */
#include "dbt/a64/simd.h"

#include "a64_decode.h"

/* Returns false for an unallocated imm5. */
static bool copy_lane(unsigned imm5, unsigned *size, unsigned *index)
{
    if ((imm5 & 15) == 0)
        return false;
    *size = (unsigned)__builtin_ctz(imm5);
    *index = imm5 >> (*size + 1);
    return true;
}

bool DUP_elem(struct tr *t, const struct DUP_elem *f)
{
    unsigned size, index;
    if (!copy_lane(f->imm5, &size, &index) || (size == 3 && !f->Q))
        return false;
    enum ir_type ty = ir_vec_type(size);
    wvq(t, f->Q, f->Rd, op1i(t, IR_VDUP, ty, rv(t, ty, f->Rn), index));
    return true;
}

bool DUP_gen(struct tr *t, const struct DUP_gen *f)
{
    unsigned size, index;
    if (!copy_lane(f->imm5, &size, &index) || (size == 3 && !f->Q))
        return false;
    wvq(t, f->Q, f->Rd, op1(t, IR_VDUPR, ir_vec_type(size), rx(t, isz(size == 3), f->Rn)));
    return true;
}

bool DUP_d(struct tr *t, const struct DUP_d *f)
{
    unsigned size, index;
    if (!copy_lane(f->imm5, &size, &index))
        return false;
    enum ir_type ty = ir_vec_type(size);
    ir_ref v = rv(t, ty, f->Rn);
    if (index)
        v = op1i(t, IR_VDUP, ty, v, index);
    wv_low(t, f->Rd, v, size);
    return true;
}

bool SMOV(struct tr *t, const struct SMOV *f)
{
    unsigned size, index;
    if (!copy_lane(f->imm5, &size, &index) || size > 1 + f->Q)
        return false;
    enum ir_type ty = isz(f->Q);
    wx(t, ty, f->Rd, opx(t, IR_VGET, ty, rv(t, ir_vec_type(size), f->Rn), 0, 0, size, 1, index));
    return true;
}

bool UMOV(struct tr *t, const struct UMOV *f)
{
    unsigned size, index;
    if (!copy_lane(f->imm5, &size, &index) || (size == 3) != f->Q)
        return false;
    enum ir_type ty = isz(f->Q);
    wx(t, ty, f->Rd, opx(t, IR_VGET, ty, rv(t, ir_vec_type(size), f->Rn), 0, 0, size, 0, index));
    return true;
}

bool INS_gen(struct tr *t, const struct INS_gen *f)
{
    unsigned size, index;
    if (!copy_lane(f->imm5, &size, &index))
        return false;
    enum ir_type ty = ir_vec_type(size);
    wv(t, f->Rd, opx(t, IR_VINSR, ty, rv(t, ty, f->Rd), rx(t, isz(size == 3), f->Rn), 0, 0, 0, index));
    return true;
}

bool INS_elem(struct tr *t, const struct INS_elem *f)
{
    unsigned size, index;
    if (!copy_lane(f->imm5, &size, &index))
        return false;
    enum ir_type ty = ir_vec_type(size);
    unsigned from = f->imm4 >> size;
    wv(t, f->Rd, opx(t, IR_VINS, ty, rv(t, ty, f->Rd), rv(t, ty, f->Rn), 0, 0, 0, index | from << 4));
    return true;
}
