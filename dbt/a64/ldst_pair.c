/* SPDX-License-Identifier: MIT */
/*
 * Loads and stores of register pairs: Arm ARM C4.1.88.
 *
 * A pair whose second half faults has done its first half, which hardware is free to do, too: after a Data Abort the
 * registers and the memory that an instruction of several accesses writes are UNKNOWN, but for the base (Arm ARM
 * D1.3, "precise exception").  So the first register is written before the second access, unless it is the base.
 * The no-allocate forms differ only in a hint.  A load pair with Rt == Rt2 (constrained unpredictable) leaves the
 * second value.
 */
#include "dbt/a64/base.h"

#include "a64_decode.h"

enum pair_index { OFFSET, POST, PRE };

/* The fields that all pairs share. */
struct pair {
    unsigned imm7, rt2, rn, rt;
};
#define PAIR(f) (&(struct pair){(f)->imm7, (f)->Rt2, (f)->Rn, (f)->Rt})

/* The address, and in *offset what write-back adds to the base. */
static struct address pair_address(struct tr *t, const struct pair *p, unsigned size, enum pair_index index,
                                   int64_t *offset)
{
    *offset = (int64_t)((uint64_t)sext(p->imm7, 7) << size);
    return address_imm(t, p->rn, index == POST ? 0 : *offset);
}

/* FEAT_LSE2: a pair of doublewords is one access if it is 16-byte aligned, as the host's vector accesses are.  Taking it apart
 * costs a few cycles, which matters where lists are walked; so not while nobody could see a difference, and not for what
 * a function keeps on its stack. */
static bool in_one(struct tr *t, unsigned size, const struct pair *p)
{
    return size == 3 && p->rn != 31 && t->ir->shared && a64_has(FEAT_LSE2);
}

static bool stp(struct tr *t, unsigned size, enum pair_index index, const struct pair *p)
{
    int64_t offset;
    enum ir_type ty = access_type(size);
    struct address ad = pair_address(t, p, size, index, &offset);
    if (in_one(t, size, p)) {
        ir_ref v = op1(t, IR_VFROM, T_V64, rx(t, ty, p->rt));
        v = ir_add(t->ir,
                   (struct ir_insn){.op = IR_VINSR, .type = T_V64, .a = v, .b = rx(t, ty, p->rt2), .imm = 1});
        store(t, T_V64, &ad, v, 4, 0);
    } else {
        store(t, ty, &ad, rx(t, ty, p->rt), size, 0);
        store(t, ty, &ad, rx(t, ty, p->rt2), size, 1 << size);
    }
    if (index != OFFSET)
        write_back(t, p->rn, ad.base, offset);
    return true;
}

static bool ldp(struct tr *t, enum ir_op op, unsigned size, enum pair_index index, const struct pair *p)
{
    int64_t offset;
    enum ir_type ty = op == IR_LDS ? T_I64 : access_type(size);
    struct address ad = pair_address(t, p, size, index, &offset);
    ir_ref lo, hi;
    bool early = false;
    if (in_one(t, size, p)) {
        ir_ref v = load(t, IR_LD, T_V64, &ad, 4, 0);
        lo = opx(t, IR_VGET, T_I64, v, 0, 0, 3, 0, 0);
        hi = opx(t, IR_VGET, T_I64, v, 0, 0, 3, 0, 1);
    } else {
        lo = load(t, op, ty, &ad, size, 0);
        early = p->rt != p->rn;
        if (early)
            wx(t, ty, p->rt, lo);
        hi = load(t, op, ty, &ad, size, 1 << size);
    }
    if (!early)
        wx(t, ty, p->rt, lo);
    wx(t, ty, p->rt2, hi);
    if (index != OFFSET)
        write_back(t, p->rn, ad.base, offset);
    return true;
}

static bool stp_vec(struct tr *t, unsigned size, enum pair_index index, const struct pair *p)
{
    int64_t offset;
    struct address ad = pair_address(t, p, size, index, &offset);
    store(t, T_V64, &ad, rv(t, T_V64, p->rt), size, 0);
    store(t, T_V64, &ad, rv(t, T_V64, p->rt2), size, 1 << size);
    if (index != OFFSET)
        write_back(t, p->rn, ad.base, offset);
    return true;
}

static bool ldp_vec(struct tr *t, unsigned size, enum pair_index index, const struct pair *p)
{
    int64_t offset;
    struct address ad = pair_address(t, p, size, index, &offset);
    wv(t, p->rt, load(t, IR_LD, T_V64, &ad, size, 0));
    wv(t, p->rt2, load(t, IR_LD, T_V64, &ad, size, 1 << size));
    if (index != OFFSET)
        write_back(t, p->rn, ad.base, offset);
    return true;
}

bool STNP(struct tr *t, const struct STNP *f)
{
    return stp(t, 2 + f->x, OFFSET, PAIR(f));
}
bool STP_off(struct tr *t, const struct STP_off *f)
{
    return stp(t, 2 + f->x, OFFSET, PAIR(f));
}
bool STP_post(struct tr *t, const struct STP_post *f)
{
    return stp(t, 2 + f->x, POST, PAIR(f));
}
bool STP_pre(struct tr *t, const struct STP_pre *f)
{
    return stp(t, 2 + f->x, PRE, PAIR(f));
}

bool LDNP(struct tr *t, const struct LDNP *f)
{
    return ldp(t, IR_LD, 2 + f->x, OFFSET, PAIR(f));
}
bool LDP_off(struct tr *t, const struct LDP_off *f)
{
    return ldp(t, IR_LD, 2 + f->x, OFFSET, PAIR(f));
}
bool LDP_post(struct tr *t, const struct LDP_post *f)
{
    return ldp(t, IR_LD, 2 + f->x, POST, PAIR(f));
}
bool LDP_pre(struct tr *t, const struct LDP_pre *f)
{
    return ldp(t, IR_LD, 2 + f->x, PRE, PAIR(f));
}

bool LDPSW_off(struct tr *t, const struct LDPSW_off *f)
{
    return ldp(t, IR_LDS, 2, OFFSET, PAIR(f));
}
bool LDPSW_post(struct tr *t, const struct LDPSW_post *f)
{
    return ldp(t, IR_LDS, 2, POST, PAIR(f));
}
bool LDPSW_pre(struct tr *t, const struct LDPSW_pre *f)
{
    return ldp(t, IR_LDS, 2, PRE, PAIR(f));
}

bool STNP_vec(struct tr *t, const struct STNP_vec *f)
{
    return stp_vec(t, 2 + f->opc, OFFSET, PAIR(f));
}
bool STP_vec_off(struct tr *t, const struct STP_vec_off *f)
{
    return stp_vec(t, 2 + f->opc, OFFSET, PAIR(f));
}
bool STP_vec_post(struct tr *t, const struct STP_vec_post *f)
{
    return stp_vec(t, 2 + f->opc, POST, PAIR(f));
}
bool STP_vec_pre(struct tr *t, const struct STP_vec_pre *f)
{
    return stp_vec(t, 2 + f->opc, PRE, PAIR(f));
}

bool LDNP_vec(struct tr *t, const struct LDNP_vec *f)
{
    return ldp_vec(t, 2 + f->opc, OFFSET, PAIR(f));
}
bool LDP_vec_off(struct tr *t, const struct LDP_vec_off *f)
{
    return ldp_vec(t, 2 + f->opc, OFFSET, PAIR(f));
}
bool LDP_vec_post(struct tr *t, const struct LDP_vec_post *f)
{
    return ldp_vec(t, 2 + f->opc, POST, PAIR(f));
}
bool LDP_vec_pre(struct tr *t, const struct LDP_vec_pre *f)
{
    return ldp_vec(t, 2 + f->opc, PRE, PAIR(f));
}
