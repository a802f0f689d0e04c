/* SPDX-License-Identifier: MIT */
/*
 * RCPC, RCPC2, RCPC3 (acquire with weaker order than LDAR's) and LSE128: Arm ARM C4.1.94.
 *
 * The host's loads acquire and its stores release; only a store-release that a later LDAR must not pass needs
 * more, so STLUR is STLR and all the loads are plain.  A pair whose two accesses are ordered is
 * two accesses in order.
 *
 * The host has no 128-bit logical operation on memory: the value is read, combined, and compared and swapped;
 * where somebody else came between, the instruction is done over by a jump to itself, before which no
 * register was written.
 */
#include "dbt/a64/base.h"

#include "a64_decode.h"

static struct address acquire(struct tr *t, unsigned rn, unsigned size, int64_t imm)
{
    return (struct address){.base = aligned_base(t, rn, size, imm, false), .imm = imm};
}

bool LDAPR(struct tr *t, const struct LDAPR *f)
{
    enum ir_type ty = access_type(f->size);
    struct address ad = acquire(t, f->Rn, f->size, 0);
    wx(t, ty, f->Rt, load(t, IR_LD, ty, &ad, f->size, 0));
    return true;
}

static void release(struct tr *t, enum ir_type ty, ir_ref base, ir_ref v, unsigned size, int64_t imm)
{
    opx(t, IR_STLR, ty, base, 0, v, size, 0, imm);
}

bool STLUR(struct tr *t, const struct STLUR *f)
{
    enum ir_type ty = access_type(f->size);
    int64_t imm = sext(f->imm9, 9);
    release(t, ty, aligned_base(t, f->Rn, f->size, imm, true), rx(t, ty, f->Rt), f->size, imm);
    return true;
}

bool LDAPUR(struct tr *t, const struct LDAPUR *f)
{
    enum ir_type ty = access_type(f->size);
    struct address ad = acquire(t, f->Rn, f->size, sext(f->imm9, 9));
    wx(t, ty, f->Rt, load(t, IR_LD, ty, &ad, f->size, 0));
    return true;
}

bool LDAPURS(struct tr *t, const struct LDAPURS *f)
{
    enum ir_type ty = f->w ? T_I32 : T_I64;
    if (f->w && f->size == 2)
        return false;
    struct address ad = acquire(t, f->Rn, f->size, sext(f->imm9, 9));
    wx(t, ty, f->Rt, load(t, IR_LDS, ty, &ad, f->size, 0));
    return true;
}

/* -- RCPC3 -- */

bool STLUR_vec(struct tr *t, const struct STLUR_vec *f)
{
    if (f->q && f->size)
        return false;
    unsigned size = f->q ? 4 : f->size;
    int64_t imm = sext(f->imm9, 9);
    struct address ad = {.base = aligned_base(t, f->Rn, size, imm, true), .imm = imm};
    store(t, T_V64, &ad, rv(t, T_V64, f->Rt), size, 0);
    fence(t, FENCE_FULL); /* for what a releasing store owes to a later LDAR */
    return true;
}

bool LDAPUR_vec(struct tr *t, const struct LDAPUR_vec *f)
{
    if (f->q && f->size)
        return false;
    struct address ad = acquire(t, f->Rn, f->q ? 4 : f->size, sext(f->imm9, 9));
    wv(t, f->Rt, load(t, IR_LD, T_V64, &ad, f->q ? 4 : f->size, 0));
    return true;
}

bool STL1(struct tr *t, const struct STL1 *f)
{
    ir_ref v = opx(t, IR_VGET, T_I64, rv(t, T_V64, f->Rt), 0, 0, 3, 0, f->Q);
    release(t, T_I64, aligned_base(t, f->Rn, 3, 0, true), v, 3, 0);
    return true;
}

bool LDAP1(struct tr *t, const struct LDAP1 *f)
{
    struct address ad = acquire(t, f->Rn, 3, 0);
    ir_ref v = load(t, IR_LD, T_I64, &ad, 3, 0);
    wv(t, f->Rt,
       ir_add(t->ir, (struct ir_insn){
                         .op = IR_VINSR, .type = T_V64, .a = rv(t, T_V64, f->Rt), .b = v, .imm = f->Q}));
    return true;
}

/* off = 0: with write-back, before the store and behind the load. */
bool STILP(struct tr *t, const struct STILP *f)
{
    unsigned size = 2 + f->x;
    int64_t imm = f->off ? 0 : -(2 << size);
    enum ir_type ty = isz(f->x);
    ir_ref base = aligned_base(t, f->Rn, size, imm, true);
    check_alignment(t, base, size, imm + (1 << size), true);
    release(t, ty, base, rx(t, ty, f->Rt), size, imm);
    release(t, ty, base, rx(t, ty, f->Rt2), size, imm + (1 << size));
    if (!f->off)
        write_back(t, f->Rn, base, imm);
    return true;
}

bool LDIAPP(struct tr *t, const struct LDIAPP *f)
{
    unsigned size = 2 + f->x;
    enum ir_type ty = isz(f->x);
    struct address ad = acquire(t, f->Rn, size, 0);
    check_alignment(t, ad.base, size, 1 << size, false);
    ir_ref lo = load(t, IR_LD, ty, &ad, size, 0), hi = load(t, IR_LD, ty, &ad, size, 1 << size);
    wx(t, ty, f->Rt, lo);
    wx(t, ty, f->Rt2, hi);
    if (!f->off)
        write_back(t, f->Rn, ad.base, 2 << size);
    return true;
}

bool STLR_pre(struct tr *t, const struct STLR_pre *f)
{
    unsigned size = 2 + f->x;
    ir_ref base = aligned_base(t, f->Rn, size, -(1 << size), true);
    release(t, isz(f->x), base, rx(t, isz(f->x), f->Rt), size, -(1 << size));
    write_back(t, f->Rn, base, -(1 << size));
    return true;
}

bool LDAPR_post(struct tr *t, const struct LDAPR_post *f)
{
    unsigned size = 2 + f->x;
    struct address ad = acquire(t, f->Rn, size, 0);
    wx(t, isz(f->x), f->Rt, load(t, IR_LD, isz(f->x), &ad, size, 0));
    write_back(t, f->Rn, ad.base, 1 << size);
    return true;
}

/* -- LSE128 -- */

static ir_ref lane(struct tr *t, ir_ref v, unsigned n)
{
    return opx(t, IR_VGET, T_I64, v, 0, 0, 3, 0, n);
}

/* new = old op (Rt2:Rt); op is NOP for an exchange. */
static bool atomic_pair(struct tr *t, enum ir_op op, unsigned rn, unsigned lo, unsigned hi)
{
    if (lo == 31 || hi == 31)
        return false;
    poll(t);
    struct address ad = {.base = aligned_base(t, rn, 4, 0, true)};
    ir_ref old = load(t, IR_LD, T_V64, &ad, 4, 0);
    ir_ref v = op1(t, IR_VFROM, T_V64, rx(t, T_I64, lo));
    v = ir_add(t->ir,
               (struct ir_insn){.op = IR_VINSR, .type = T_V64, .a = v, .b = rx(t, T_I64, hi), .imm = 1});
    if (op != IR_NOP)
        v = op2(t, op, T_V64, old, v);
    ir_ref seen = opx(t, IR_CAS, T_V64, ad.base, old, v, 4, 0, 0);
    ir_ref wrong = op2(t, IR_XOR, T_V64, seen, old);
    wrong = op2(t, IR_OR, T_I64, lane(t, wrong, 0), lane(t, wrong, 1));
    wrong = opx(t, IR_CMPZ, T_I64, wrong, wrong, 0, 0, CC_NE, 0);
    ir_add(t->ir, (struct ir_insn){.op = IR_EXIT_IF, .type = T_NONE, .a = wrong, .imm = (int64_t)t->pc});
    wx(t, T_I64, lo, lane(t, old, 0));
    wx(t, T_I64, hi, lane(t, old, 1));
    return true;
}

bool LDCLRP(struct tr *t, const struct LDCLRP *f)
{
    return atomic_pair(t, IR_ANDN, f->Rn, f->Rt, f->Rt2);
}
bool LDSETP(struct tr *t, const struct LDSETP *f)
{
    return atomic_pair(t, IR_OR, f->Rn, f->Rt, f->Rt2);
}
bool SWPP(struct tr *t, const struct SWPP *f)
{
    return atomic_pair(t, IR_NOP, f->Rn, f->Rt, f->Rt2);
}
