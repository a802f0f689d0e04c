/* SPDX-License-Identifier: MIT */
/* Shared by the passes: a map from old refs to the values that replace them. Used under the translator's lock. */
#ifndef DBT_OPT_INTERNAL_H
#define DBT_OPT_INTERNAL_H

#include "dbt/opt/opt.h"

/* An array with an entry for each instruction of ir, undefined but for the first, which is 0; valid until the next
 * call.  A pass that goes forward gives each instruction its entry before a later one can refer to it. */
ir_ref *opt_map(const struct ir *ir);
/* Replaces the operands of an instruction as the map says. */
static inline void opt_rename(struct ir_insn *i, const ir_ref *map)
{
    i->a = map[i->a];
    i->b = map[i->b];
    i->c = map[i->c];
}
static inline void opt_kill(struct ir_insn *i)
{
    *i = (struct ir_insn){.op = IR_NOP};
}

static inline bool is_const(const struct ir *ir, ir_ref r)
{
    return r && ir->insn[r].op == IR_CONST;
}
static inline bool is_const_of(const struct ir *ir, ir_ref r, uint64_t v)
{
    if (!is_const(ir, r))
        return false;
    uint64_t mask = ir->insn[r].type == T_I32 ? 0xffffffffu : ~(uint64_t)0;
    return ((uint64_t)ir->insn[r].imm & mask) == (v & mask);
}

/*
 * A cell that is counted down (a stack pointer that makes room): `put` is its PUT.  From there on its new value is the one to
 * compute addresses from: the old one would need a register of its own.  Upwards go loops, whose steps do well not to
 * wait for each other.  A few at a time are remembered.
 */
struct opt_lowered {
    ir_ref ref[4];
    unsigned count;
};
static inline void opt_lowered_note(struct opt_lowered *l, const struct ir *ir, const struct ir_insn *put)
{
    const struct ir_insn *v = &ir->insn[put->a], *old = &ir->insn[v->a];
    if ((v->op != IR_ADD && v->op != IR_SUB) || v->type != T_I64 || !is_const(ir, v->b) ||
        old->op != IR_GET || old->imm != put->imm || (ir->insn[v->b].imm < 0) != (v->op == IR_ADD))
        return;
    l->ref[l->count++ % 4] = put->a;
}
static inline bool opt_lowered_is(const struct opt_lowered *l, ir_ref r)
{
    for (unsigned k = 0; k < 4 && k < l->count; k++)
        if (l->ref[k] == r)
            return true;
    return false;
}

/*
 * Folding writes a new unit instruction by instruction: fold_emit simplifies one (its operands are already refs of the new
 * unit), appends what is left of it and returns the ref that stands for it.  Rules call it for what they make.
 */
ir_ref fold_emit(struct ir *out, struct ir_insn insn);

extern struct opt_lowered fold_lowered; /* of the unit that is written */

/* A rule returns the replacing ref, or 0 if it does not apply. */
ir_ref fold_cond(struct ir *out, const struct ir_insn *i); /* fold_flags.c: COND */
ir_ref fold_int(struct ir *out, const struct ir_insn *i);  /* fold_int.c: integers and comparisons */
ir_ref fold_move(struct ir *out, const struct ir_insn *i); /* fold_move.c: conversions and register moves */
ir_ref fold_vec(struct ir *out, const struct ir_insn *i);  /* fold_vec.c: rotations, AES, shuffles */

static inline ir_ref fold_const(struct ir *out, enum ir_type t, uint64_t v)
{
    if (t == T_I32)
        v = (uint32_t)v;
    return fold_emit(out, (struct ir_insn){.op = IR_CONST, .type = (uint8_t)t, .imm = (int64_t)v});
}
static inline ir_ref fold_op2(struct ir *out, enum ir_op op, enum ir_type t, ir_ref a, ir_ref b)
{
    return fold_emit(out, (struct ir_insn){.op = (uint8_t)op, .type = (uint8_t)t, .a = a, .b = b});
}
static inline ir_ref fold_compare(struct ir *out, enum ir_type t, unsigned cc, ir_ref a, ir_ref b)
{
    return fold_emit(out,
                     (struct ir_insn){.op = IR_CMP, .type = (uint8_t)t, .cc = (uint8_t)cc, .a = a, .b = b});
}

#endif
