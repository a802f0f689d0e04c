/* SPDX-License-Identifier: MIT */
/*
 * Complex numbers, real part in the even and imaginary part in the odd lane: FCADD, FCMLA (FEAT_FCMA; Arm ARM
 * C7.2).  Rotating by quarter turns swaps the parts and flips signs, which is no arithmetic (also of NaNs, but with FPCR.AH);
 * then every lane is an addition, or a fused multiply-add, of its own.
 */
#include "a64_decode.h"
#include "dbt/a64/feature.h"
#include "dbt/a64/fp.h"

enum { EVEN = 1, ODD = 2 };

/* The precision; false if the encoding is unallocated. */
static bool precision(unsigned q, unsigned size, unsigned *sz)
{
    *sz = size == 1 ? FP_HALF : size == 3 ? FP_DOUBLE : FP_SINGLE;
    return (size != 1 || a64_has(FEAT_FP16SIMD)) && !fp_one_lane(q, *sz);
}

static ir_ref swapped(struct tr *t, unsigned sz, ir_ref v)
{
    if (sz == FP_DOUBLE)
        return opx(t, IR_VEXT, T_V8, v, v, 0, 0, 0, 8);
    return opx(t, IR_VREV, flanes(sz), v, 0, 0, fp_size(sz) + 1, 0, 0);
}

/* v with the signs of even or odd lanes flipped */
static ir_ref negated(struct tr *t, unsigned sz, unsigned which, ir_ref v)
{
    enum ir_type ty = flanes(sz);
    bool alternate = fp_asked(FP_AH); /* then FNEG, which knows NaNs */
    unsigned bits = 8u << fp_size(sz);
    uint64_t sign = (uint64_t)1 << (bits - 1), one = alternate ? sign | (sign - 1) : sign, lo = 0, hi = 0;
    if (!which)
        return v;
    for (unsigned lane = 0; lane < 128 / bits; lane++)
        if (which & (lane & 1 ? ODD : EVEN))
            *(lane * bits < 64 ? &lo : &hi) |= one << (lane * bits & 63);
    ir_ref lanes = kvec(t, ty, lo, hi);
    if (alternate)
        return op3(t, IR_VBSL, ty, lanes, op1(t, IR_FNEG, ty, v), v);
    return op2(t, IR_XOR, ty, v, lanes);
}

/* rot: 0 a quarter turn, 1 three quarters */
bool FCADD_v(struct tr *t, const struct FCADD_v *f)
{
    unsigned sz;
    if (!precision(f->Q, f->size, &sz))
        return false;
    ir_ref a = vin(t, f->Q, sz, f->Rn), b = swapped(t, sz, vin(t, f->Q, sz, f->Rm));
    wvq(t, f->Q, f->Rd, op2(t, IR_FADD, flanes(sz), a, negated(t, sz, f->rot ? ODD : EVEN, b)));
    return true;
}

/* Even turns multiply by the real part of Vn, odd ones by the imaginary part. */
static void multiply_add(struct tr *t, unsigned q, unsigned sz, unsigned rot, unsigned n, unsigned d,
                         ir_ref b)
{
    static const uint8_t flips[4] = {0, EVEN, EVEN | ODD, ODD};
    enum ir_type ty = flanes(sz);
    ir_ref a = vin(t, q, sz, n);
    a = op2(t, rot & 1 ? IR_VTRN2 : IR_VTRN1, ty, a, a);
    if (rot & 1)
        b = swapped(t, sz, b);
    wvq(t, q, d, fma_op(t, ty, a, negated(t, sz, flips[rot], b), vin(t, q, sz, d), 0));
}
bool FCMLA_v(struct tr *t, const struct FCMLA_v *f)
{
    unsigned sz;
    if (!precision(f->Q, f->size, &sz))
        return false;
    multiply_add(t, f->Q, sz, f->rot, f->Rn, f->Rd, vin(t, f->Q, sz, f->Rm));
    return true;
}
bool FCMLA_elem(struct tr *t, const struct FCMLA_elem *f)
{
    unsigned sz, m = f->M << 4 | f->Rm;
    if (!precision(f->Q, f->size, &sz) || (sz == FP_HALF ? !f->Q && f->H : f->L || !f->Q))
        return false;
    ir_ref b = sz == FP_HALF ? op1i(t, IR_VDUP, T_V32, rv(t, T_V32, m), f->H << 1 | f->L)
                             : op1i(t, IR_VDUP, T_V64, rv(t, T_V64, m), f->H);
    multiply_add(t, f->Q, sz, f->rot, f->Rn, f->Rd, b);
    return true;
}
