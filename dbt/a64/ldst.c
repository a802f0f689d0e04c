/* SPDX-License-Identifier: MIT */
/*
 * Loads and stores of one general register: Arm ARM C4.1.88.
 *
 * The address is left to the LD or ST operation as base + (index << shift) + offset, which is what a host
 * access takes. All accesses of an instruction come before its first PUT, write-back of the base register
 * included, so that a fault finds the state from before the instruction.  Where write-back and the
 * transferred register coincide (constrained unpredictable) the base wins on loads, and stores store the old
 * value. There is nothing less privileged than EL0: the unprivileged forms are the unscaled ones.
 */
#include "dbt/a64/base.h"

#include "a64_decode.h"

static bool ldr(struct tr *t, unsigned size, unsigned rt, struct address ad)
{
    enum ir_type ty = access_type(size);
    wx(t, ty, rt, load(t, IR_LD, ty, &ad, size, 0));
    return true;
}

/* Sign-extending: to 32 bits if w. */
static bool ldrs(struct tr *t, unsigned size, unsigned w, unsigned rt, struct address ad)
{
    enum ir_type ty = w ? T_I32 : T_I64;
    wx(t, ty, rt, load(t, IR_LDS, ty, &ad, size, 0));
    return true;
}

static bool str(struct tr *t, unsigned size, unsigned rt, struct address ad)
{
    enum ir_type ty = access_type(size);
    store(t, ty, &ad, rx(t, ty, rt), size, 0);
    return true;
}

/* -- Load register (literal) -- */

static struct address address_literal(struct tr *t, unsigned imm19)
{
    return (struct address){.base = kpc(t, t->pc + ((uint64_t)sext(imm19, 19) << 2))};
}

bool LDR_lit(struct tr *t, const struct LDR_lit *f)
{
    return ldr(t, 2 + f->x, f->Rt, address_literal(t, f->imm19));
}
bool LDRSW_lit(struct tr *t, const struct LDRSW_lit *f)
{
    return ldrs(t, 2, 0, f->Rt, address_literal(t, f->imm19));
}

/* -- Prefetch: a hint, and no access: it faults never, not even for the stack pointer's alignment -- */

static bool prefetch(struct tr *t, unsigned prfop, struct address ad)
{
    unsigned type = prfop >> 3, target = prfop >> 1 & 3, how = PREFETCH_NEAR + target;
    if ((type != 0 && type != 2) || target == 3) /* PLI and others */
        return true;
    if (type == 2)
        how = PREFETCH_WRITE;
    else if (prfop & 1)
        how = PREFETCH_ONCE;
    opx(t, IR_PREFETCH, T_NONE, ad.base, ad.index, 0, how, ad.shift, ad.imm);
    return true;
}

static struct address near_base(struct tr *t, unsigned rn, int64_t imm)
{
    return (struct address){.base = rxsp(t, T_I64, rn), .imm = imm};
}

bool PRFM_lit(struct tr *t, const struct PRFM_lit *f)
{
    return prefetch(t, f->Rt, address_literal(t, f->imm19));
}
bool PRFUM(struct tr *t, const struct PRFUM *f)
{
    return prefetch(t, f->Rt, near_base(t, f->Rn, sext(f->imm9, 9)));
}
bool PRFM_reg(struct tr *t, const struct PRFM_reg *f)
{
    struct address ad = near_base(t, f->Rn, 0);
    return prefetch(t, f->Rt, address_index_reg(t, ad, f->Rm, f->sx, f->x, f->S ? 3 : 0));
}
bool PRFM_uimm(struct tr *t, const struct PRFM_uimm *f)
{
    return prefetch(t, f->Rt, near_base(t, f->Rn, (int64_t)f->imm12 << 3));
}

/* -- Unscaled immediate, unprivileged -- */

bool STUR(struct tr *t, const struct STUR *f)
{
    return str(t, f->size, f->Rt, address_imm(t, f->Rn, sext(f->imm9, 9)));
}
bool LDUR(struct tr *t, const struct LDUR *f)
{
    return ldr(t, f->size, f->Rt, address_imm(t, f->Rn, sext(f->imm9, 9)));
}
bool LDURS(struct tr *t, const struct LDURS *f)
{
    return !(f->size == 2 && f->w) && ldrs(t, f->size, f->w, f->Rt, address_imm(t, f->Rn, sext(f->imm9, 9)));
}
bool STTR(struct tr *t, const struct STTR *f)
{
    return str(t, f->size, f->Rt, address_imm(t, f->Rn, sext(f->imm9, 9)));
}
bool LDTR(struct tr *t, const struct LDTR *f)
{
    return ldr(t, f->size, f->Rt, address_imm(t, f->Rn, sext(f->imm9, 9)));
}
bool LDTRS(struct tr *t, const struct LDTRS *f)
{
    return !(f->size == 2 && f->w) && ldrs(t, f->size, f->w, f->Rt, address_imm(t, f->Rn, sext(f->imm9, 9)));
}

/* -- Immediate post-indexed, pre-indexed -- */

/* The address of an access with write-back of base + imm9. */
static struct address address_index(struct tr *t, unsigned rn, unsigned imm9, bool pre)
{
    return address_imm(t, rn, pre ? sext(imm9, 9) : 0);
}

bool STR_post(struct tr *t, const struct STR_post *f)
{
    struct address ad = address_index(t, f->Rn, f->imm9, false);
    str(t, f->size, f->Rt, ad);
    write_back(t, f->Rn, ad.base, sext(f->imm9, 9));
    return true;
}
bool STR_pre(struct tr *t, const struct STR_pre *f)
{
    struct address ad = address_index(t, f->Rn, f->imm9, true);
    str(t, f->size, f->Rt, ad);
    write_back(t, f->Rn, ad.base, sext(f->imm9, 9));
    return true;
}
bool LDR_post(struct tr *t, const struct LDR_post *f)
{
    struct address ad = address_index(t, f->Rn, f->imm9, false);
    ldr(t, f->size, f->Rt, ad);
    write_back(t, f->Rn, ad.base, sext(f->imm9, 9));
    return true;
}
bool LDR_pre(struct tr *t, const struct LDR_pre *f)
{
    struct address ad = address_index(t, f->Rn, f->imm9, true);
    ldr(t, f->size, f->Rt, ad);
    write_back(t, f->Rn, ad.base, sext(f->imm9, 9));
    return true;
}
bool LDRS_post(struct tr *t, const struct LDRS_post *f)
{
    if (f->size == 2 && f->w)
        return false;
    struct address ad = address_index(t, f->Rn, f->imm9, false);
    ldrs(t, f->size, f->w, f->Rt, ad);
    write_back(t, f->Rn, ad.base, sext(f->imm9, 9));
    return true;
}
bool LDRS_pre(struct tr *t, const struct LDRS_pre *f)
{
    if (f->size == 2 && f->w)
        return false;
    struct address ad = address_index(t, f->Rn, f->imm9, true);
    ldrs(t, f->size, f->w, f->Rt, ad);
    write_back(t, f->Rn, ad.base, sext(f->imm9, 9));
    return true;
}

/* -- Register offset -- */

bool STR_reg(struct tr *t, const struct STR_reg *f)
{
    return str(t, f->size, f->Rt, address_reg(t, f->Rn, f->Rm, f->sx, f->x, f->S ? f->size : 0));
}
bool LDR_reg(struct tr *t, const struct LDR_reg *f)
{
    return ldr(t, f->size, f->Rt, address_reg(t, f->Rn, f->Rm, f->sx, f->x, f->S ? f->size : 0));
}
bool LDRS_reg(struct tr *t, const struct LDRS_reg *f)
{
    return !(f->size == 2 && f->w) &&
           ldrs(t, f->size, f->w, f->Rt, address_reg(t, f->Rn, f->Rm, f->sx, f->x, f->S ? f->size : 0));
}

/* -- Unsigned immediate -- */

bool STR_uimm(struct tr *t, const struct STR_uimm *f)
{
    return str(t, f->size, f->Rt, address_imm(t, f->Rn, (int64_t)f->imm12 << f->size));
}
bool LDR_uimm(struct tr *t, const struct LDR_uimm *f)
{
    return ldr(t, f->size, f->Rt, address_imm(t, f->Rn, (int64_t)f->imm12 << f->size));
}
bool LDRS_uimm(struct tr *t, const struct LDRS_uimm *f)
{
    return !(f->size == 2 && f->w) &&
           ldrs(t, f->size, f->w, f->Rt, address_imm(t, f->Rn, (int64_t)f->imm12 << f->size));
}
