/* SPDX-License-Identifier: MIT */
/*
 * Exclusives, acquire and release, LSE atomics: Arm ARM C4.1.88, B2.9.
 *
 * The host's ordinary loads are acquiring and its locked instructions are full barriers, so the A, L and R
 * bits of exclusives and atomics change little: a load-acquire must not pass an earlier store-release, which the host's
 * store is as long as it waits in its buffer.
 * Pairs of words are one 64-bit access, pairs of doublewords one 128-bit access of type V64; so single-copy
 * atomicity of the pair is the host's, and the pair may be compared and swapped at once.
 */
#include "dbt/a64/base.h"

#include "a64_decode.h"

/* -- Load-acquire, store-release -- */

bool LDAR(struct tr *t, const struct LDAR *f)
{
    enum ir_type ty = access_type(f->size);
    struct address ad = {.base = aligned_base(t, f->Rn, f->size, 0, false)};
    fence(t, FENCE_ACQUIRE);
    wx(t, ty, f->Rt, load(t, IR_LD, ty, &ad, f->size, 0));
    return true;
}

bool STLR(struct tr *t, const struct STLR *f)
{
    enum ir_type ty = access_type(f->size);
    ir_ref base = aligned_base(t, f->Rn, f->size, 0, true);
    opx(t, IR_STLR, ty, base, 0, rx(t, ty, f->Rt), f->size, 0, 0);
    return true;
}

/* -- Pairs in one value -- */

/* Registers lo and hi as the value that stands in memory: I64 from two words (sz 0), V64 from two doublewords. */
static ir_ref pair_read(struct tr *t, unsigned sz, unsigned lo, unsigned hi)
{
    if (sz)
        return ir_add(t->ir, (struct ir_insn){.op = IR_VINSR,
                                              .type = T_V64,
                                              .a = op1(t, IR_VFROM, T_V64, rx(t, T_I64, lo)),
                                              .b = rx(t, T_I64, hi),
                                              .imm = 1});
    ir_ref high = shifted(t, T_I64, rx(t, T_I64, hi), 0, 32);
    return op2(t, IR_OR, T_I64, zext64(t, T_I32, rx(t, T_I32, lo)), high);
}

static void pair_write(struct tr *t, unsigned sz, unsigned lo, unsigned hi, ir_ref v)
{
    if (sz) {
        ir_ref low = opx(t, IR_VGET, T_I64, v, 0, 0, 3, 0, 0),
               high = opx(t, IR_VGET, T_I64, v, 0, 0, 3, 0, 1);
        wx(t, T_I64, lo, low);
        wx(t, T_I64, hi, high);
    } else {
        ir_ref low = op1(t, IR_TRUNC, T_I32, v), high = shifted(t, T_I64, v, 1, 32);
        wx(t, T_I32, lo, low);
        wx(t, T_I64, hi, high);
    }
}

/* -- Exclusives -- */

bool LDXR(struct tr *t, const struct LDXR *f)
{
    enum ir_type ty = access_type(f->size);
    ir_ref base = aligned_base(t, f->Rn, f->size, 0, false);
    if (f->o0)
        fence(t, FENCE_ACQUIRE);
    wx(t, ty, f->Rt, opx(t, IR_LDX, ty, base, 0, 0, f->size, 0, 0));
    return true;
}

bool STXR(struct tr *t, const struct STXR *f)
{
    enum ir_type ty = access_type(f->size);
    ir_ref base = aligned_base(t, f->Rn, f->size, 0, true);
    wx(t, T_I32, f->Rs, opx(t, IR_STX, ty, base, 0, rx(t, ty, f->Rt), f->size, 0, 0));
    return true;
}

bool LDXP(struct tr *t, const struct LDXP *f)
{
    ir_ref base = aligned_base(t, f->Rn, 3 + f->sz, 0, false);
    if (f->o0)
        fence(t, FENCE_ACQUIRE);
    pair_write(t, f->sz, f->Rt, f->Rt2, opx(t, IR_LDX, f->sz ? T_V64 : T_I64, base, 0, 0, 3 + f->sz, 0, 0));
    return true;
}

bool STXP(struct tr *t, const struct STXP *f)
{
    ir_ref base = aligned_base(t, f->Rn, 3 + f->sz, 0, true), v = pair_read(t, f->sz, f->Rt, f->Rt2);
    wx(t, T_I32, f->Rs, opx(t, IR_STX, f->sz ? T_V64 : T_I64, base, 0, v, 3 + f->sz, 0, 0));
    return true;
}

bool CLREX(struct tr *t, const struct CLREX *f)
{
    ir_op0(t->ir, IR_CLREX, T_NONE, 0);
    return true;
}

/* -- Compare and swap -- */

bool CAS(struct tr *t, const struct CAS *f)
{
    enum ir_type ty = access_type(f->size);
    ir_ref base = aligned_base(t, f->Rn, f->size, 0, true), expected = rx(t, ty, f->Rs);
    wx(t, ty, f->Rs, opx(t, IR_CAS, ty, base, expected, rx(t, ty, f->Rt), f->size, 0, 0));
    return true;
}

bool CASP(struct tr *t, const struct CASP *f)
{
    if ((f->Rs | f->Rt) & 1)
        return false;
    ir_ref base = aligned_base(t, f->Rn, 3 + f->sz, 0, true);
    ir_ref expected = pair_read(t, f->sz, f->Rs, f->Rs + 1), v = pair_read(t, f->sz, f->Rt, f->Rt + 1);
    v = opx(t, IR_CAS, f->sz ? T_V64 : T_I64, base, expected, v, 3 + f->sz, 0, 0);
    pair_write(t, f->sz, f->Rs, f->Rs + 1, v);
    return true;
}

/* -- Atomic memory operations -- */

static bool atomic(struct tr *t, enum ir_atom op, const struct LDADD *f)
{
    enum ir_type ty = access_type(f->size);
    ir_ref base = aligned_base(t, f->Rn, f->size, 0, true);
    wx(t, ty, f->Rt, opx(t, IR_ATOM, ty, base, rx(t, ty, f->Rs), 0, f->size, op, 0));
    return true;
}

#define ATOMIC(name, op)                                                                                     \
    bool name(struct tr *t, const struct name *f)                                                            \
    {                                                                                                        \
        return atomic(t, op, &(struct LDADD){f->size, f->A, f->R, f->Rs, f->Rn, f->Rt});                     \
    }
ATOMIC(LDADD, ATOM_ADD)
ATOMIC(LDCLR, ATOM_ANDN)
ATOMIC(LDEOR, ATOM_XOR)
ATOMIC(LDSET, ATOM_OR)
ATOMIC(LDSMAX, ATOM_SMAX)
ATOMIC(LDSMIN, ATOM_SMIN)
ATOMIC(LDUMAX, ATOM_UMAX)
ATOMIC(LDUMIN, ATOM_UMIN)
ATOMIC(SWP, ATOM_SWP)
