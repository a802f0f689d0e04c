/* SPDX-License-Identifier: MIT */
/*
 * Folding: the unit is written anew, each instruction simplified as it is appended.
 *
 * Before anyone adds a rule, this must hold:
 *  1. A rule looks at operands that are in the new unit already, and makes new instructions only through fold_emit,
 *     so that what it makes is folded and shared like everything else.
 *  2. A rule's result is the same value to the last bit for all inputs.  Floating point is left alone: no identity of
 *     real numbers holds for NaNs, signed zeros and the exception flags.
 *  3. A value that flags are made from stays next to its FL operation (SUB then FLSUB): the back end makes both with
 *     one host instruction.  So SUB by a constant is not turned into ADD.
 *  4. Rules terminate: each makes an instruction of lower cost, or moves a constant to the right.
 *
 * Pure operations are shared (common subexpressions, by a hash of the whole instruction).  Constant operands
 * are evaluated by ir_eval_op: what an operation means is not written twice.
 */
#include "dbt/opt/internal.h"

#include "dbt/ir/eval.h"

#include <string.h>

#define HASH 512u

static struct {
    struct ir out;
    ir_ref hash[HASH]; /* newest instruction with this hash */
    ir_ref label;      /* the last LABEL: what stands before it is not known behind it */
} fold;

struct opt_lowered fold_lowered;

static uint32_t insn_hash(const struct ir_insn *i)
{
    uint64_t h =
        ((uint64_t)i->op | (uint64_t)i->type << 8 | (uint64_t)i->size << 16 | (uint64_t)i->cc << 24) ^
        (uint64_t)i->imm * GOLDEN ^ (uint64_t)i->a << 32 ^ (uint64_t)i->b << 44 ^ (uint64_t)i->c << 52;
    h *= 0xff51afd7ed558ccdu;
    return (uint32_t)(h >> 40) & (HASH - 1);
}

static bool same_insn(const struct ir_insn *a, const struct ir_insn *b)
{
    return a->op == b->op && a->type == b->type && a->imm == b->imm && a->a == b->a && a->b == b->b &&
           a->c == b->c && a->size == b->size && a->cc == b->cc;
}

/* The same pure instruction in the new unit, if it is near: so no more values are live at once than there are places for
 * (CPU_SPILLS).  Or it is appended.  The table is never cleared: what an older unit left
 * in it either is no ref of this one, or leads to an instruction that is compared like any other. */
static ir_ref emit_shared(struct ir *out, const struct ir_insn *i)
{
    ir_ref *head = &fold.hash[insn_hash(i)];
    if (*head > fold.label && *head < out->count && out->count - *head <= CPU_SPILLS &&
        same_insn(&out->insn[*head], i))
        return *head;
    return *head = ir_add(out, *i);
}

static bool all_const(const struct ir *out, const struct ir_insn *i)
{
    return is_const(out, i->a) && (!i->b || is_const(out, i->b)) && (!i->c || is_const(out, i->c));
}

/* An integer operation on constants. */
static ir_ref fold_constants(struct ir *out, const struct ir_insn *i)
{
    if (!all_const(out, i) || !ir_type_is_int(ir_result_type(i)))
        return 0;
    union vec io[4];
    memset(io, 0, sizeof io);
    io[1].u64[0] = (uint64_t)out->insn[i->a].imm;
    io[2].u64[0] = (uint64_t)out->insn[i->b].imm;
    io[3].u64[0] = (uint64_t)out->insn[i->c].imm;
    ir_eval_op(i, out->pool, NULL, io);
    return fold_const(out, ir_result_type(i), io[0].u64[0]);
}

static bool commutes(enum ir_op op)
{
    return op == IR_ADD || op == IR_MUL || op == IR_AND || op == IR_OR || op == IR_XOR || op == IR_CMPZ;
}

/* Which operations have rules beside the one for constants, and where (INT: and those on vectors in fold_vec.c); most
 * instructions have none. */
enum rules { RULES_NONE, RULES_COND, RULES_INT, RULES_MOVE, RULES_VEC };
static const uint8_t rules_of[IR_OP_COUNT] = {
    [IR_COND] = RULES_COND, [IR_ADD] = RULES_INT,      [IR_SUB] = RULES_INT,    [IR_MUL] = RULES_INT,
    [IR_AND] = RULES_INT,   [IR_OR] = RULES_INT,       [IR_XOR] = RULES_INT,    [IR_ANDN] = RULES_INT,
    [IR_SHL] = RULES_INT,   [IR_SHR] = RULES_INT,      [IR_SAR] = RULES_INT,    [IR_ROR] = RULES_INT,
    [IR_EXTR] = RULES_INT,  [IR_CMP] = RULES_INT,      [IR_SEL] = RULES_INT,    [IR_ZEXT] = RULES_MOVE,
    [IR_SEXT] = RULES_MOVE, [IR_TRUNC] = RULES_MOVE,   [IR_VZEXT] = RULES_MOVE, [IR_LOW] = RULES_MOVE,
    [IR_CLZ] = RULES_INT,   [IR_BITCAST] = RULES_MOVE, [IR_AESMIX] = RULES_VEC, [IR_VSHUF] = RULES_VEC,
    [IR_VEXT] = RULES_VEC,  [IR_VHIGH] = RULES_VEC,    [IR_VZIP1] = RULES_VEC,
};

static ir_ref fold_rules(struct ir *out, const struct ir_insn *i)
{
    ir_ref r = fold_constants(out, i);
    if (r)
        return r;
    switch (rules_of[i->op]) {
    case RULES_COND: return fold_cond(out, i);
    case RULES_INT: r = fold_int(out, i); return r ? r : fold_vec(out, i);
    case RULES_MOVE: return fold_move(out, i);
    case RULES_VEC: return fold_vec(out, i);
    default: return 0;
    }
}

/* As fold_emit; may reorder the operands of i. */
static ir_ref fold_insn(struct ir *out, struct ir_insn *i)
{
    if (commutes(i->op) && is_const(out, i->a) && !is_const(out, i->b)) {
        ir_ref a = i->a;
        i->a = i->b;
        i->b = a;
    }
    ir_ref r = i->a ? fold_rules(out, i) : 0;
    return r ? r : emit_shared(out, i);
}

ir_ref fold_emit(struct ir *out, struct ir_insn i)
{
    return fold_insn(out, &i);
}

static void swap_units(struct ir *a, struct ir *b)
{
    struct ir t = *a;
    a->insn = b->insn, a->count = b->count, a->cap = b->cap;
    b->insn = t.insn, b->count = t.count, b->cap = t.cap;
}

/* A return address that did not leave the unit is as expected. */
static bool is_met(const struct ir *out, const struct ir_insn *i)
{
    return i->op == IR_EXPECT && out->insn[i->a].op == IR_PC && out->insn[i->a].imm == i->imm;
}

/* The LEAVE_IFs that were seen last. */
struct leaves {
    ir_ref at[8];
    unsigned count;
};

/* Would the unit have been left before if i left it?  Where one address is used again, as compare-and-swap does. */
static bool has_left(const struct ir *out, struct leaves *l, const struct ir_insn *i)
{
    if (i->op != IR_LEAVE_IF)
        return false;
    for (unsigned k = 0; k < l->count && k < 8; k++) {
        const struct ir_insn *before = &out->insn[l->at[k]];
        if (before->a == i->a && (!before->size || (before->size == i->size && before->b == i->b)))
            return true;
    }
    l->at[l->count++ & 7] = out->count;
    return false;
}

void opt_fold(struct ir *ir)
{
    struct ir *out = &fold.out;
    if (!out->insn)
        ir_init(out);
    ir_reset(out, ir->pc);
    /* Lent: rules look at constants of vectors and make none. */
    out->pool = ir->pool, out->pool_count = ir->pool_count;
    ir_ref *map = opt_map(ir);
    fold_lowered.count = 0;
    fold.label = 0;
    struct leaves leaves = {.count = 0};
    for (ir_ref r = 1; r < ir->count; r++) {
        struct ir_insn *i = &ir->insn[r];
        opt_rename(i, map);
        if (i->op == IR_PUT)
            opt_lowered_note(&fold_lowered, out, i);
        if (i->op == IR_LABEL) {
            fold.label = out->count;
            leaves.count = 0;
        }
        if (i->op == IR_NOP || is_met(out, i) || has_left(out, &leaves, i))
            map[r] = 0;
        else
            map[r] = ir_op_has(i->op, F_P) ? fold_insn(out, i) : ir_add(out, *i);
    }
    out->pool = NULL, out->pool_count = 0;
    swap_units(ir, out);
}
