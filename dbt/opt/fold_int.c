/* SPDX-License-Identifier: MIT */
/*
 * Integer identities: neutral and absorbing constants, chains of additions and shifts, comparisons.  Scalars
 * only, but for what is said of any type (x ^ x).  See fold.c for what must hold.
 */
#include "dbt/opt/internal.h"

static uint64_t value(const struct ir *out, ir_ref r)
{
    return (uint64_t)out->insn[r].imm;
}
static uint64_t ones(enum ir_type t)
{
    return t == T_I32 ? 0xffffffffu : ~(uint64_t)0;
}

static ir_ref fold_addition(struct ir *out, const struct ir_insn *i)
{
    if (!is_const(out, i->b))
        return 0;
    uint64_t k = value(out, i->b);
    if (k == 0)
        return i->a;
    const struct ir_insn a = out->insn[i->a];
    if (a.op == IR_PC)
        return fold_emit(out,
                         (struct ir_insn){.op = IR_PC, .type = T_I64, .imm = (int64_t)((uint64_t)a.imm + k)});
    if (a.op == IR_ADD && is_const(out, a.b) && !opt_lowered_is(&fold_lowered, i->a))
        return fold_op2(out, IR_ADD, i->type, a.a, fold_const(out, i->type, value(out, a.b) + k));
    return 0;
}

/* Is r a truth value (0 or 1)? */
static bool is_truth(const struct ir *out, ir_ref r)
{
    return ir_op_info[out->insn[r].op].result == 'B';
}

static ir_ref fold_and(struct ir *out, const struct ir_insn *i)
{
    if (i->a == i->b || is_const_of(out, i->b, ones(i->type)))
        return i->a;
    if (is_const_of(out, i->b, 0))
        return i->b;
    if (is_const_of(out, i->b, 1) && is_truth(out, i->a))
        return i->a;
    const struct ir_insn a = out->insn[i->a];
    if (is_const(out, i->b) && a.op == IR_AND && is_const(out, a.b))
        return fold_op2(out, IR_AND, i->type, a.a,
                        fold_const(out, i->type, value(out, a.b) & value(out, i->b)));
    return 0;
}

static ir_ref fold_or_xor(struct ir *out, const struct ir_insn *i)
{
    if (is_const_of(out, i->b, 0))
        return i->a;
    if (i->a == i->b)
        return i->op == IR_OR ? i->a : fold_const(out, i->type, 0);
    if (is_const_of(out, i->b, ones(i->type)))
        return i->op == IR_OR ? i->b
                              : fold_emit(out, (struct ir_insn){.op = IR_NOT, .type = i->type, .a = i->a});
    return 0;
}

static ir_ref fold_truth_inverse(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn a = out->insn[i->a];
    if (a.op != IR_CMP && a.op != IR_FCMP && a.op != IR_COND && a.op != IR_CMPZ)
        return 0;
    struct ir_insn inverse = a;
    inverse.cc = a.op == IR_CMPZ ? (a.cc == CC_NE ? CC_EQ : CC_NE) : a.cc ^ 1;
    return fold_emit(out, inverse);
}

/* What was added is taken away again. */
static ir_ref fold_subtraction(const struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn *a = &out->insn[i->a];
    if (is_const_of(out, i->b, 0))
        return i->a;
    if (a->op != IR_ADD || a->type != i->type)
        return 0;
    return a->b == i->b ? a->a : a->a == i->b ? a->b : 0;
}

static ir_ref fold_shift(struct ir *out, const struct ir_insn *i)
{
    if (!is_const(out, i->b))
        return 0;
    uint64_t width = i->type == T_I32 ? 32 : 64, k = value(out, i->b) & (width - 1);
    if (k == 0)
        return i->a;
    const struct ir_insn a = out->insn[i->a];
    if (a.op != i->op || i->op == IR_ROR || !is_const(out, a.b))
        return 0;
    uint64_t sum = k + (value(out, a.b) & (width - 1));
    if (sum >= width) {
        if (i->op != IR_SAR)
            return fold_const(out, i->type, 0);
        sum = width - 1;
    }
    return fold_op2(out, i->op, i->type, a.a, fold_const(out, i->type, sum));
}

static ir_ref fold_mul(struct ir *out, const struct ir_insn *i)
{
    if (!is_const(out, i->b))
        return 0;
    uint64_t k = value(out, i->b);
    if (k == 0)
        return i->b;
    if (k == 1)
        return i->a;
    if ((k & (k - 1)) == 0)
        return fold_op2(out, IR_SHL, i->type, i->a, fold_const(out, i->type, (uint64_t)__builtin_ctzll(k)));
    return 0;
}

/* Comparisons with zero: truth values compared are themselves; tests of an AND are CMPZ. */
static ir_ref fold_cmp(struct ir *out, const struct ir_insn *i)
{
    if (!ir_type_is_int(i->type) || !is_const_of(out, i->b, 0))
        return 0;
    const struct ir_insn a = out->insn[i->a];
    bool eq = i->cc == CC_EQ, ne = i->cc == CC_NE;
    if (is_truth(out, i->a) && ne)
        return i->a;
    if (is_truth(out, i->a) && eq)
        return fold_op2(out, IR_XOR, T_I32, i->a, fold_const(out, T_I32, 1));
    if ((eq || ne) && a.op == IR_AND)
        return fold_emit(out,
                         (struct ir_insn){.op = IR_CMPZ, .type = a.type, .cc = i->cc, .a = a.a, .b = a.b});
    return 0;
}

static ir_ref fold_scalar(struct ir *out, const struct ir_insn *i)
{
    switch (i->op) {
    case IR_ADD: return fold_addition(out, i);
    case IR_SUB: return fold_subtraction(out, i);
    case IR_MUL: return fold_mul(out, i);
    case IR_AND: return fold_and(out, i);
    case IR_XOR:
        if (is_const_of(out, i->b, 1) && is_truth(out, i->a)) {
            ir_ref r = fold_truth_inverse(out, i);
            if (r)
                return r;
        }
        return fold_or_xor(out, i);
    case IR_OR: return fold_or_xor(out, i);
    case IR_ANDN: return is_const_of(out, i->b, 0) ? i->a : 0;
    case IR_SHL:
    case IR_SHR:
    case IR_SAR:
    case IR_ROR: return fold_shift(out, i);
    case IR_EXTR: return i->imm == 0 ? i->b : 0;
    case IR_CLZ: /* what compilers make where there is no CTZ */
        if (out->insn[i->a].op != IR_RBIT)
            return 0;
        return fold_emit(out, (struct ir_insn){.op = IR_CTZ, .type = i->type, .a = out->insn[i->a].a});
    default: return 0;
    }
}

ir_ref fold_int(struct ir *out, const struct ir_insn *i)
{
    switch (i->op) {
    case IR_CMP: return fold_cmp(out, i);
    case IR_SEL:
        if (i->b == i->c || is_const_of(out, i->a, 1))
            return i->b;
        return is_const_of(out, i->a, 0) ? i->c : 0;
    default: return ir_type_is_int(i->type) ? fold_scalar(out, i) : 0;
    }
}
