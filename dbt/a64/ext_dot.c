/* SPDX-License-Identifier: MIT */
/*
 * Products of bytes, summed into 32 bits: SDOT, UDOT (FEAT_DotProd), USDOT, SUDOT, SMMLA, UMMLA, USMMLA
 * (FEAT_I8MM; Arm ARM C7.2).  All are made of VDOT, which sums four neighbours.
 *
 * The matrix forms multiply rows of eight bytes: lane 2i+j of the result takes row i of Vn and row j of Vm.  A
 * VDOT of row i, repeated, and all of Vm gives the two halves of both sums in neighbouring lanes.
 */
#include "a64_decode.h"
#include "dbt/a64/tr.h"

enum { UNSIGNED, A_SIGNED, B_SIGNED, BOTH_SIGNED };

static bool dot(struct tr *t, unsigned q, unsigned d, ir_ref a, ir_ref b, unsigned sign)
{
    wvq(t, q, d, opx(t, IR_VDOT, T_V32, a, b, rv(t, T_V32, d), 0, sign, 0));
    return true;
}

/* clang-format off */
#define DOT_V(name, sign) \
    bool name(struct tr *t, const struct name *f) \
    { return dot(t, f->Q, f->Rd, rv(t, T_V32, f->Rn), rv(t, T_V32, f->Rm), sign); }
DOT_V(SDOT_v, BOTH_SIGNED)
DOT_V(UDOT_v, UNSIGNED)
DOT_V(USDOT_v, B_SIGNED)

#define DOT_ELEM(name, sign) \
    bool name(struct tr *t, const struct name *f) \
    { \
        ir_ref a = rv(t, T_V32, f->Rn), b = op1i(t, IR_VDUP, T_V32, rv(t, T_V32, f->Rm), f->H << 1 | f->L); \
        return dot(t, f->Q, f->Rd, a, b, sign); \
    }
DOT_ELEM(SDOT_elem, BOTH_SIGNED)
DOT_ELEM(UDOT_elem, UNSIGNED)
DOT_ELEM(USDOT_elem, B_SIGNED)
DOT_ELEM(SUDOT_elem, A_SIGNED)
/* clang-format on */

static bool matrix(struct tr *t, unsigned n, unsigned m, unsigned d, unsigned sign)
{
    ir_ref a = rv(t, T_V64, n), b = rv(t, T_V32, m), zero = kvec(t, T_V32, 0, 0), part[2];
    for (unsigned row = 0; row < 2; row++)
        part[row] = opx(t, IR_VDOT, T_V32, op1i(t, IR_VDUP, T_V64, a, row), b, zero, 0, sign, 0);
    ir_ref even = op2(t, IR_VUZP1, T_V32, part[0], part[1]), odd = op2(t, IR_VUZP2, T_V32, part[0], part[1]);
    wv(t, d, op2(t, IR_ADD, T_V32, rv(t, T_V32, d), op2(t, IR_ADD, T_V32, even, odd)));
    return true;
}
bool SMMLA(struct tr *t, const struct SMMLA *f)
{
    return matrix(t, f->Rn, f->Rm, f->Rd, BOTH_SIGNED);
}
bool UMMLA(struct tr *t, const struct UMMLA *f)
{
    return matrix(t, f->Rn, f->Rm, f->Rd, UNSIGNED);
}
bool USMMLA(struct tr *t, const struct USMMLA *f)
{
    return matrix(t, f->Rn, f->Rm, f->Rd, B_SIGNED);
}
