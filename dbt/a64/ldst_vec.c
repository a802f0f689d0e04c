/* SPDX-License-Identifier: MIT */
/*
 * Loads and stores of one SIMD&FP register (B, H, S, D, Q): Arm ARM C4.1.88.
 *
 * A load of any size is one LD of type V64: the whole register is written, zero above what was loaded.  The
 * size is 4 (Q) where opc<1>, here q, is set; then the size field must be 0.  Order of accesses and PUTs: see
 * ldst.c.
 */
#include "dbt/a64/base.h"

#include "a64_decode.h"

/* log2 of the access in *size; false if reserved. */
static bool vec_size(unsigned q, unsigned field, unsigned *size)
{
    *size = q ? 4 : field;
    return !q || field == 0;
}

static bool ldr_vec(struct tr *t, unsigned size, unsigned rt, struct address ad)
{
    wv(t, rt, load(t, IR_LD, T_V64, &ad, size, 0));
    return true;
}

static bool str_vec(struct tr *t, unsigned size, unsigned rt, struct address ad)
{
    store(t, T_V64, &ad, rv(t, T_V64, rt), size, 0);
    return true;
}

bool LDR_lit_vec(struct tr *t, const struct LDR_lit_vec *f)
{
    ir_ref base = kpc(t, t->pc + ((uint64_t)sext(f->imm19, 19) << 2));
    return ldr_vec(t, 2 + f->opc, f->Rt, (struct address){.base = base});
}

bool STUR_vec(struct tr *t, const struct STUR_vec *f)
{
    unsigned size;
    return vec_size(f->q, f->size, &size) && str_vec(t, size, f->Rt, address_imm(t, f->Rn, sext(f->imm9, 9)));
}
bool LDUR_vec(struct tr *t, const struct LDUR_vec *f)
{
    unsigned size;
    return vec_size(f->q, f->size, &size) && ldr_vec(t, size, f->Rt, address_imm(t, f->Rn, sext(f->imm9, 9)));
}

/* All four forms with write-back: imm9 to the base before (pre) or behind the access. */
static bool indexed(struct tr *t, bool is_load, bool pre, const struct LDR_vec_pre *f)
{
    unsigned size;
    if (!vec_size(f->q, f->size, &size))
        return false;
    int64_t imm = sext(f->imm9, 9);
    struct address ad = address_imm(t, f->Rn, pre ? imm : 0);
    if (is_load)
        ldr_vec(t, size, f->Rt, ad);
    else
        str_vec(t, size, f->Rt, ad);
    write_back(t, f->Rn, ad.base, imm);
    return true;
}

bool LDR_vec_pre(struct tr *t, const struct LDR_vec_pre *f)
{
    return indexed(t, true, true, f);
}
bool LDR_vec_post(struct tr *t, const struct LDR_vec_post *f)
{
    return indexed(t, true, false, &(struct LDR_vec_pre){f->size, f->q, f->imm9, f->Rn, f->Rt});
}
bool STR_vec_pre(struct tr *t, const struct STR_vec_pre *f)
{
    return indexed(t, false, true, &(struct LDR_vec_pre){f->size, f->q, f->imm9, f->Rn, f->Rt});
}
bool STR_vec_post(struct tr *t, const struct STR_vec_post *f)
{
    return indexed(t, false, false, &(struct LDR_vec_pre){f->size, f->q, f->imm9, f->Rn, f->Rt});
}

/* Scale factors of 16 (Q) do not fit a host address: the index is shifted by itself. */
static struct address address_reg_vec(struct tr *t, const struct LDR_vec_reg *f, unsigned size)
{
    struct address ad = address_reg(t, f->Rn, f->Rm, f->sx, f->x, f->S ? size : 0);
    if (ad.index && ad.shift > 3) {
        ad.index = shifted(t, T_I64, ad.index, 0, ad.shift);
        ad.shift = 0;
    }
    return ad;
}

bool LDR_vec_reg(struct tr *t, const struct LDR_vec_reg *f)
{
    unsigned size;
    return vec_size(f->q, f->size, &size) && ldr_vec(t, size, f->Rt, address_reg_vec(t, f, size));
}
bool STR_vec_reg(struct tr *t, const struct STR_vec_reg *f)
{
    unsigned size;
    const struct LDR_vec_reg g = {f->size, f->q, f->Rm, f->sx, f->x, f->S, f->Rn, f->Rt};
    return vec_size(f->q, f->size, &size) && str_vec(t, size, f->Rt, address_reg_vec(t, &g, size));
}

bool LDR_vec_uimm(struct tr *t, const struct LDR_vec_uimm *f)
{
    unsigned size;
    return vec_size(f->q, f->size, &size) &&
           ldr_vec(t, size, f->Rt, address_imm(t, f->Rn, (int64_t)f->imm12 << size));
}
bool STR_vec_uimm(struct tr *t, const struct STR_vec_uimm *f)
{
    unsigned size;
    return vec_size(f->q, f->size, &size) &&
           str_vec(t, size, f->Rt, address_imm(t, f->Rn, (int64_t)f->imm12 << size));
}
