/* SPDX-License-Identifier: MIT */
/*
 * Address arithmetic moves into the accesses: LD, LDS, ST and PREFETCH take base + (index << cc) + imm.
 *
 * The sum itself stays if somebody else uses it (a written-back base); otherwise dce drops it.  Displacements
 * are kept to 32 bits signed, the reach of an x86 operand.
 *
 * A sum that stays takes the shift of one of its terms in (LEA), if nobody else wants that.
 */
#include "dbt/opt/internal.h"

#include <string.h>

static bool fits(int64_t v)
{
    return v >= INT32_MIN && v <= INT32_MAX;
}

/* Takes a constant summand of the base into imm. */
static bool take_offset(struct ir *ir, struct ir_insn *i, const struct opt_lowered *lowered)
{
    const struct ir_insn *sum = &ir->insn[i->a];
    if (sum->type != T_I64 || (sum->op != IR_ADD && sum->op != IR_SUB) || !is_const(ir, sum->b) ||
        opt_lowered_is(lowered, i->a))
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

static bool is_small_shift(const struct ir *ir, ir_ref r)
{
    const struct ir_insn *i = &ir->insn[r];
    return i->op == IR_SHL && is_const(ir, i->b) && ir->insn[i->b].imm >= 1 && ir->insn[i->b].imm <= 3;
}

static void take_shifts(struct ir *ir)
{
    ir_ref *uses = opt_map(ir);
    memset(uses, 0, ir->count * sizeof *uses);
    for (ir_ref r = 1; r < ir->count; r++) {
        const struct ir_insn *i = &ir->insn[r];
        uses[i->a]++, uses[i->b]++, uses[i->c]++;
    }
    for (ir_ref r = 1; r < ir->count; r++) {
        struct ir_insn *i = &ir->insn[r];
        if (i->op != IR_ADD || !ir_type_is_int(i->type))
            continue;
        bool first = is_small_shift(ir, i->a) && uses[i->a] == 1;
        ir_ref shift = first ? i->a : i->b, other = first ? i->b : i->a;
        if (!is_small_shift(ir, shift) || uses[shift] != 1 || is_const(ir, other))
            continue;
        const struct ir_insn *s = &ir->insn[shift];
        *i = (struct ir_insn){
            .op = IR_LEA, .type = i->type, .cc = (uint8_t)ir->insn[s->b].imm, .a = other, .b = s->a};
    }
}

/* Does a term of the sum look like a shift that could go into it? */
static bool has_shift(const struct ir *ir, const struct ir_insn *sum)
{
    return sum->op == IR_ADD && (ir->insn[sum->a].op == IR_SHL || ir->insn[sum->b].op == IR_SHL);
}

void opt_address(struct ir *ir)
{
    struct opt_lowered lowered = {.count = 0};
    bool shifts = false;
    for (ir_ref r = 1; r < ir->count; r++) {
        struct ir_insn *i = &ir->insn[r];
        if (i->op == IR_PUT)
            opt_lowered_note(&lowered, ir, i);
        shifts |= has_shift(ir, i);
        if (i->op != IR_LD && i->op != IR_LDS && i->op != IR_ST && i->op != IR_PREFETCH)
            continue;
        while (take_offset(ir, i, &lowered) || take_index(ir, i) || take_scale(ir, i))
            ;
    }
    if (shifts)
        take_shifts(ir);
}
