// SPDX-License-Identifier: MIT
/*
 * Address arithmetic moves into the accesses: LD, LDS and ST take base + (index << cc) + imm.
 *
 * The sum itself stays if somebody else uses it (a written-back base); otherwise dce drops it.  Displacements
 * are kept to 32 bits signed, the reach of an x86 operand.
 */
#include "dbt/opt/internal.h"

static bool fits(int64_t v)
{
    return v >= INT32_MIN && v <= INT32_MAX;
}

/* Takes a constant summand of the base into imm. */
static bool take_offset(struct ir *ir, struct ir_insn *i)
{
    const struct ir_insn *sum = &ir->insn[i->a];
    if (sum->type != T_I64 || (sum->op != IR_ADD && sum->op != IR_SUB) || !is_const(ir, sum->b))
        return false;
    int64_t k = ir->insn[sum->b].imm;
    if (!fits(k))
        return false;
    int64_t imm = sum->op == IR_ADD ? i->imm + k : i->imm - k;
    if (!fits(imm))
        return false;
    i->a = sum->a;
    i->imm = imm;
    return true;
}

/* Splits a base that is a sum of two values into base and index. */
static bool take_index(struct ir *ir, struct ir_insn *i)
{
    const struct ir_insn *sum = &ir->insn[i->a];
    if (i->b || sum->type != T_I64 || sum->op != IR_ADD || is_const(ir, sum->b))
        return false;
    i->a = sum->a;
    i->b = sum->b;
    i->cc = 0;
    return true;
}

static bool take_scale(struct ir *ir, struct ir_insn *i)
{
    const struct ir_insn *shl = &ir->insn[i->b];
    if (!i->b || shl->op != IR_SHL || shl->type != T_I64 || !is_const(ir, shl->b))
        return false;
    uint64_t k = (uint64_t)ir->insn[shl->b].imm & 63;
    if (k + i->cc > 3)
        return false;
    i->b = shl->a;
    i->cc = (uint8_t)(i->cc + k);
    return true;
}

void opt_address(struct ir *ir)
{
    for (ir_ref r = 1; r < ir->count; r++) {
        struct ir_insn *i = &ir->insn[r];
        if (i->op != IR_LD && i->op != IR_LDS && i->op != IR_ST)
            continue;
        while (take_offset(ir, i) || take_index(ir, i) || take_scale(ir, i))
            ;
    }
}
