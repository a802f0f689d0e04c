/* SPDX-License-Identifier: MIT */
/*
 * Pointer authentication: Arm ARM D8.8, C6.2 (PACIA ... RETAB), FEAT_PAuth without its later refinements.
 *
 * As under Linux with 48-bit addresses and tags ignored, the code is in bits 54..48, bit 55 tells which half
 * of the address space, and a pointer that fails gets an error code in bits 54..53, on which its use faults.
 *
 * The cipher is the implementation's choice (the identification registers say API, not APA: not QARMA5), and
 * guests can see no more of it than that it is consistent; a cross-process attacker is not the threat here.
 * So it is two rounds of multiply and fold with the key in both, a dozen operations inline: a prologue and an
 * epilogue of every function may bear it. The bits are taken from the top of the product, on which all
 * depend.
 */
#include "dbt/a64/pauth.h"

#include "dbt/a64/bti.h"

#include "a64_decode.h"

static ir_ref and64(struct tr *t, ir_ref a, uint64_t k)
{
    return op2(t, IR_AND, T_I64, a, k64(t, k));
}
static ir_ref xor64(struct tr *t, ir_ref a, ir_ref b)
{
    return op2(t, IR_XOR, T_I64, a, b);
}

static ir_ref hash(struct tr *t, enum pac_key key, ir_ref v, ir_ref modifier)
{
    ir_ref k0 = ir_op0(t->ir, IR_GET, T_I64, A64_CELL(pac_key[key][0]));
    ir_ref k1 = ir_op0(t->ir, IR_GET, T_I64, A64_CELL(pac_key[key][1]));
    ir_ref h = op2(t, IR_MUL, T_I64, xor64(t, v, k0), k64(t, (int64_t)GOLDEN));
    h = xor64(t, h, shifted(t, T_I64, h, 1, 32));
    h = xor64(t, h, op2(t, IR_ADD, T_I64, modifier, k1));
    return op2(t, IR_MUL, T_I64, h, k64(t, 0xd6e8feb86659fd93));
}

/* A pointer without the field (bare), with it as if never signed, and with the code in it. */
struct signed_pointer {
    ir_ref bare, plain, code;
};

static ir_ref plain(struct tr *t, ir_ref p, ir_ref *bare)
{
    ir_ref half = shifted(t, T_I64, shifted(t, T_I64, p, 0, 8), 2, 63);
    *bare = and64(t, p, ~A64_PAC_FIELD);
    /* Tags are ignored in the lower half only. */
    return op2(t, IR_OR, T_I64, *bare, and64(t, half, A64_PAC_FIELD | (uint64_t)0xff << 56));
}

static struct signed_pointer sign(struct tr *t, enum pac_key key, ir_ref p, ir_ref modifier)
{
    struct signed_pointer s;
    s.plain = plain(t, p, &s.bare);
    s.code = shifted(t, T_I64, shifted(t, T_I64, hash(t, key, s.plain, modifier), 1, 57), 0, 48);
    return s;
}

/* What becomes of p: nothing, if the thread has switched the key off. */
static ir_ref unless_off(struct tr *t, enum pac_key key, ir_ref p, ir_ref result)
{
    if (!__atomic_load_n(&a64_pac_switched, __ATOMIC_RELAXED))
        return result;
    ir_ref off = ir_op0(t->ir, IR_GET, T_I32, A64_CELL(pac_off));
    off = opx(t, IR_CMPZ, T_I32, off, k32(t, 1u << key), 0, 0, CC_NE, 0);
    return op3(t, IR_SEL, T_I64, off, p, result);
}

/* A pointer that bears something in the field already gets a code that will not authenticate. */
static ir_ref pac(struct tr *t, enum pac_key key, ir_ref p, ir_ref modifier)
{
    struct signed_pointer s = sign(t, key, p, modifier);
    ir_ref bad = opx(t, IR_CMP, T_I64, p, s.plain, 0, 0, CC_NE, 0);
    bad = op3(t, IR_SEL, T_I64, bad, k64(t, (uint64_t)1 << 54), k64(t, 0));
    return unless_off(t, key, p, op2(t, IR_OR, T_I64, s.bare, xor64(t, s.code, bad)));
}

static ir_ref aut(struct tr *t, enum pac_key key, ir_ref p, ir_ref modifier)
{
    struct signed_pointer s = sign(t, key, p, modifier);
    uint64_t error = key & 1 ? 2 : 1; /* keys B, keys A */
    ir_ref good = opx(t, IR_CMP, T_I64, p, op2(t, IR_OR, T_I64, s.bare, s.code), 0, 0, CC_EQ, 0);
    ir_ref wrong = and64(t, s.plain, ~((uint64_t)3 << 53));
    wrong = op2(t, IR_OR, T_I64, wrong, k64(t, error << 53));
    return unless_off(t, key, p, op3(t, IR_SEL, T_I64, good, s.plain, wrong));
}

static ir_ref strip(struct tr *t, ir_ref p)
{
    ir_ref bare;
    return plain(t, p, &bare);
}

/* -- Registers -- */

static ir_ref modifier(struct tr *t, unsigned z, unsigned rn)
{
    return z ? k64(t, 0) : rxsp(t, T_I64, rn);
}

bool PAC(struct tr *t, const struct PAC *f)
{
    if (f->Z && f->Rn != 31)
        return false;
    wx(t, T_I64, f->Rd, pac(t, f->D << 1 | f->B, rx(t, T_I64, f->Rd), modifier(t, f->Z, f->Rn)));
    return true;
}

bool AUT(struct tr *t, const struct AUT *f)
{
    if (f->Z && f->Rn != 31)
        return false;
    wx(t, T_I64, f->Rd, aut(t, f->D << 1 | f->B, rx(t, T_I64, f->Rd), modifier(t, f->Z, f->Rn)));
    return true;
}

bool XPAC(struct tr *t, const struct XPAC *f)
{
    wx(t, T_I64, f->Rd, strip(t, rx(t, T_I64, f->Rd)));
    return true;
}

bool PACGA(struct tr *t, const struct PACGA *f)
{
    ir_ref h = hash(t, PAC_GA, rx(t, T_I64, f->Rn), rxsp(t, T_I64, f->Rm));
    wx(t, T_I64, f->Rd, and64(t, h, ~(uint64_t)UINT32_MAX));
    return true;
}

/* -- Hint space -- */

void pauth_hint(struct tr *t, unsigned n)
{
    bool b = n & 2, check = n & 4;
    unsigned rd = 30;
    ir_ref m;
    switch (n) {
    case 7: wx(t, T_I64, 30, strip(t, rx(t, T_I64, 30))); return; /* XPACLRI */
    case 8:
    case 10:
    case 12:
    case 14: /* PACIA1716 ... AUTIB1716 */
        rd = 17;
        m = rx(t, T_I64, 16);
        break;
    case 24:
    case 26:
    case 28:
    case 30: m = k64(t, 0); break; /* PACIAZ ... AUTIBZ */
    case 25:
    case 27:
    case 29:
    case 31: m = rxsp(t, T_I64, 31); break; /* PACIASP ... AUTIBSP */
    default: return;
    }
    enum pac_key key = b ? PAC_IB : PAC_IA;
    ir_ref p = rx(t, T_I64, rd);
    wx(t, T_I64, rd, check ? aut(t, key, p, m) : pac(t, key, p, m));
}

/* -- Branches -- */

static bool jump_signed(struct tr *t, enum ir_op op, unsigned m, unsigned rn, ir_ref modifier)
{
    if (op != IR_RET)
        poll(t);
    ir_ref target = aut(t, m ? PAC_IB : PAC_IA, rx(t, T_I64, rn), modifier);
    ir_ref link = 0;
    if (op == IR_CALLR) {
        link = kpc(t, t->pc + 4);
        wx(t, T_I64, 30, link);
        bti_call(t);
    } else if (op == IR_JUMPR) {
        bti_jump(t, rn);
    }
    op2(t, op, T_NONE, target, link);
    t->end = true;
    return true;
}

bool BRAZ(struct tr *t, const struct BRAZ *f)
{
    return jump_signed(t, IR_JUMPR, f->M, f->Rn, k64(t, 0));
}
bool BLRAZ(struct tr *t, const struct BLRAZ *f)
{
    return jump_signed(t, IR_CALLR, f->M, f->Rn, k64(t, 0));
}
bool RETA(struct tr *t, const struct RETA *f)
{
    return jump_signed(t, IR_RET, f->M, 30, rxsp(t, T_I64, 31));
}
bool BRA(struct tr *t, const struct BRA *f)
{
    return jump_signed(t, IR_JUMPR, f->M, f->Rn, rxsp(t, T_I64, f->Rm));
}
bool BLRA(struct tr *t, const struct BLRA *f)
{
    return jump_signed(t, IR_CALLR, f->M, f->Rn, rxsp(t, T_I64, f->Rm));
}

/* -- Load -- */

bool LDRA(struct tr *t, const struct LDRA *f)
{
    int64_t imm = (int64_t)((uint64_t)sext(f->S << 9 | f->imm9, 10) << 3);
    ir_ref base = aut(t, f->M ? PAC_DB : PAC_DA, base_reg(t, f->Rn), k64(t, 0));
    struct address ad = {.base = base, .imm = imm};
    wx(t, T_I64, f->Rt, load(t, IR_LD, T_I64, &ad, 3, 0));
    if (f->W)
        write_back(t, f->Rn, base, imm);
    return true;
}
