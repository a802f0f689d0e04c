/* SPDX-License-Identifier: MIT */
/*
 * Data processing with an immediate: Arm ARM C4.1.86 (addresses, add and subtract, logical, move wide,
 * bitfield, extract).
 *
 * Bitfield moves are the machine's shifts and extensions under another name; each is taken apart into the
 * fewest simple operations here, so that no later stage has to know about them.  Where a flag-setting
 * instruction discards its value (CMP, CMN), only the flags are computed; otherwise the flags operation
 * stands directly behind the one that computes the value from the same operands, because the back end makes
 * one host instruction of the two.
 */
#include "dbt/a64/base.h"

#include "a64_decode.h"

/* -- PC-relative addressing -- */

bool ADR(struct tr *t, const struct ADR *f)
{
    wx(t, T_I64, f->Rd, kpc(t, t->pc + (uint64_t)sext(f->immhi << 2 | f->immlo, 21)));
    return true;
}

bool ADRP(struct tr *t, const struct ADRP *f)
{
    gaddr page = t->pc & ~(gaddr)0xfff;
    wx(t, T_I64, f->Rd, kpc(t, page + ((uint64_t)sext(f->immhi << 2 | f->immlo, 21) << 12)));
    return true;
}

/* -- Add/subtract (immediate) -- */

static bool add_imm(struct tr *t, enum ir_op op, const struct ADD_imm *f)
{
    enum ir_type ty = isz(f->sf);
    uint64_t imm = (uint64_t)f->imm12 << (f->sh ? 12 : 0);
    ir_ref v = rxsp(t, ty, f->Rn);
    if (imm) /* else MOV to or from SP */
        v = op2(t, op, ty, v, kint(t, ty, imm));
    wxsp(t, ty, f->Rd, v);
    return true;
}

/* The sum with a number is the difference to its negative, carry and overflow included; but for 0, and these numbers are
 * never so large that they are their own negative.  Differences are what x86 has the carry for. */
static bool adds_imm(struct tr *t, bool add, const struct ADD_imm *f)
{
    enum ir_type ty = isz(f->sf);
    uint64_t imm = (uint64_t)f->imm12 << (f->sh ? 12 : 0);
    bool sum = add && !imm;
    ir_ref a = rxsp(t, ty, f->Rn), b = kint(t, ty, add ? -imm : imm);
    ir_ref v = f->Rd == 31 ? 0 : op2(t, sum ? IR_ADD : IR_SUB, ty, a, b);
    wflags(t, op2(t, sum ? IR_FLADD : IR_FLSUB, ty, a, b));
    if (v)
        wx(t, ty, f->Rd, v);
    return true;
}

bool ADD_imm(struct tr *t, const struct ADD_imm *f)
{
    return add_imm(t, IR_ADD, f);
}
bool SUB_imm(struct tr *t, const struct SUB_imm *f)
{
    return add_imm(t, IR_SUB, &(struct ADD_imm){f->sf, f->sh, f->imm12, f->Rn, f->Rd});
}
bool ADDS_imm(struct tr *t, const struct ADDS_imm *f)
{
    return adds_imm(t, true, &(struct ADD_imm){f->sf, f->sh, f->imm12, f->Rn, f->Rd});
}
bool SUBS_imm(struct tr *t, const struct SUBS_imm *f)
{
    return adds_imm(t, false, &(struct ADD_imm){f->sf, f->sh, f->imm12, f->Rn, f->Rd});
}

/* -- Logical (immediate) -- */

/* DecodeBitMasks: an element of 2 to 64 bits, imms + 1 ones rotated right by immr, repeated; false if reserved. */
static bool decode_bit_masks(unsigned sf, unsigned n, unsigned immr, unsigned imms, uint64_t *mask)
{
    unsigned code = n << 6 | (~imms & 0x3f);
    if (code < 2 || (n && !sf))
        return false;
    unsigned size = 1u << (31 - __builtin_clz(code)), levels = size - 1;
    unsigned s = imms & levels, r = immr & levels;
    if (s == levels)
        return false;
    uint64_t element = ones(s + 1);
    if (r)
        element = (element >> r | element << (size - r)) & ones(size);
    for (; size < 64; size *= 2)
        element |= element << size;
    *mask = sf ? element : (uint32_t)element;
    return true;
}

static bool logical_imm(struct tr *t, enum ir_op op, const struct AND_imm *f)
{
    enum ir_type ty = isz(f->sf);
    uint64_t mask;
    if (!decode_bit_masks(f->sf, f->N, f->immr, f->imms, &mask))
        return false;
    if (op == IR_OR && f->Rn == 31)
        wxsp(t, ty, f->Rd, kint(t, ty, mask)); /* MOV (bitmask immediate) */
    else
        wxsp(t, ty, f->Rd, op2(t, op, ty, rx(t, ty, f->Rn), kint(t, ty, mask)));
    return true;
}

bool AND_imm(struct tr *t, const struct AND_imm *f)
{
    return logical_imm(t, IR_AND, f);
}
bool ORR_imm(struct tr *t, const struct ORR_imm *f)
{
    return logical_imm(t, IR_OR, &(struct AND_imm){f->sf, f->N, f->immr, f->imms, f->Rn, f->Rd});
}
bool EOR_imm(struct tr *t, const struct EOR_imm *f)
{
    return logical_imm(t, IR_XOR, &(struct AND_imm){f->sf, f->N, f->immr, f->imms, f->Rn, f->Rd});
}
bool ANDS_imm(struct tr *t, const struct ANDS_imm *f)
{
    enum ir_type ty = isz(f->sf);
    uint64_t mask;
    if (!decode_bit_masks(f->sf, f->N, f->immr, f->imms, &mask))
        return false;
    ir_ref v = op2(t, IR_AND, ty, rx(t, ty, f->Rn), kint(t, ty, mask));
    wflags(t, op1(t, IR_FLLOGIC, ty, v));
    wx(t, ty, f->Rd, v);
    return true;
}

/* -- Move wide (immediate) -- */

bool MOVN(struct tr *t, const struct MOVN *f)
{
    if (!f->sf && f->hw > 1)
        return false;
    wx(t, isz(f->sf), f->Rd, kint(t, isz(f->sf), ~((uint64_t)f->imm16 << 16 * f->hw)));
    return true;
}

bool MOVZ(struct tr *t, const struct MOVZ *f)
{
    if (!f->sf && f->hw > 1)
        return false;
    wx(t, isz(f->sf), f->Rd, kint(t, isz(f->sf), (uint64_t)f->imm16 << 16 * f->hw));
    return true;
}

bool MOVK(struct tr *t, const struct MOVK *f)
{
    enum ir_type ty = isz(f->sf);
    if (!f->sf && f->hw > 1)
        return false;
    ir_ref kept = op2(t, IR_AND, ty, rx(t, ty, f->Rd), kint(t, ty, ~((uint64_t)0xffff << 16 * f->hw)));
    wx(t, ty, f->Rd, op2(t, IR_OR, ty, kept, kint(t, ty, (uint64_t)f->imm16 << 16 * f->hw)));
    return true;
}

/* -- Bitfield -- */

static bool bitfield_reserved(unsigned sf, unsigned n, unsigned immr, unsigned imms)
{
    return n != sf || (!sf && (immr > 31 || imms > 31));
}

bool UBFM(struct tr *t, const struct UBFM *f)
{
    enum ir_type ty = isz(f->sf);
    unsigned width = type_width(ty), r = f->immr, s = f->imms;
    if (bitfield_reserved(f->sf, f->N, r, s))
        return false;
    ir_ref v = rx(t, ty, f->Rn);
    if (s == width - 1)
        v = shifted(t, ty, v, 1, r); /* LSR */
    else if (s >= r)
        v = low_bits(t, ty, shifted(t, ty, v, 1, r), s - r + 1); /* UBFX, UXTB, UXTH */
    else if (s + 1 == r)
        v = shifted(t, ty, v, 0, width - r); /* LSL */
    else
        v = shifted(t, ty, low_bits(t, ty, v, s + 1), 0, width - r); /* UBFIZ */
    wx(t, ty, f->Rd, v);
    return true;
}

bool SBFM(struct tr *t, const struct SBFM *f)
{
    enum ir_type ty = isz(f->sf);
    unsigned width = type_width(ty), r = f->immr, s = f->imms;
    if (bitfield_reserved(f->sf, f->N, r, s))
        return false;
    ir_ref v = rx(t, ty, f->Rn);
    bool whole = s == 7 || s == 15 || (s == 31 && f->sf); /* a sign extension by itself */
    if (whole && (r == 0 || s < r)) {
        v = opx(t, IR_SEXT, ty, v, 0, 0,
                s == 7    ? 0
                : s == 15 ? 1
                          : 2,
                0, 0); /* SXTB, SXTH, SXTW, SBFIZ of such */
        v = shifted(t, ty, v, 0, r ? width - r : 0);
    } else {
        v = shifted(t, ty, v, 0, width - 1 - s);
        v = shifted(t, ty, v, 2, s >= r ? width - 1 - s + r : r - 1 - s); /* ASR, SBFX, SBFIZ */
    }
    wx(t, ty, f->Rd, v);
    return true;
}

bool BFM(struct tr *t, const struct BFM *f)
{
    enum ir_type ty = isz(f->sf);
    unsigned width = type_width(ty), r = f->immr, s = f->imms;
    if (bitfield_reserved(f->sf, f->N, r, s))
        return false;
    bool extract = s >= r; /* BFXIL, else BFI */
    unsigned len = extract ? s - r + 1 : s + 1, lsb = extract ? 0 : width - r;
    ir_ref v = rx(t, ty, f->Rn);
    if (extract)
        v = shifted(t, ty, v, 1, r);
    if ((extract ? r : lsb) + len < width) /* else the shift alone clears the rest */
        v = low_bits(t, ty, v, len);
    v = shifted(t, ty, v, 0, lsb);
    if (len < width) {
        ir_ref kept = op2(t, IR_AND, ty, rx(t, ty, f->Rd), kint(t, ty, ~(ones(len) << lsb)));
        v = f->Rn == 31 ? kept : op2(t, IR_OR, ty, kept, v); /* BFC */
    }
    wx(t, ty, f->Rd, v);
    return true;
}

/* -- Extract -- */

bool EXTR(struct tr *t, const struct EXTR *f)
{
    enum ir_type ty = isz(f->sf);
    if (f->N != f->sf || f->imms >= type_width(ty))
        return false;
    ir_ref v = rx(t, ty, f->Rm);
    if (f->Rn == f->Rm)
        v = shifted(t, ty, v, 3, f->imms); /* ROR */
    else if (f->imms)
        v = ir_add(t->ir,
                   (struct ir_insn){
                       .op = IR_EXTR, .type = (uint8_t)ty, .a = rx(t, ty, f->Rn), .b = v, .imm = f->imms});
    wx(t, ty, f->Rd, v);
    return true;
}
