/* SPDX-License-Identifier: MIT */
/*
 * The seams of a trace: what becomes of the end of a unit behind which the trace goes on.  A jump to there vanishes; a branch
 * becomes a side exit in the other direction; a call opens, and its return closes, a frame that is never pushed (OPEN,
 * CLOSE and EXPECT in ir/ops.h).
 */
#include "dbt/core.h"

/* The opposite of a truth value. */
static ir_ref inverse(struct ir *ir, ir_ref r)
{
    struct ir_insn i = ir->insn[r];
    if (i.op == IR_CMP || i.op == IR_COND || i.op == IR_FCMP || i.op == IR_CMPZ) {
        i.cc ^= 1;
        return ir_add(ir, i);
    }
    return ir_add(ir, (struct ir_insn){.op = IR_CMPZ, .type = T_I32, .cc = CC_EQ, .a = r, .b = r});
}

static void add_expect(struct ir *ir, ir_ref target, gaddr next)
{
    ir_add(ir, (struct ir_insn){.op = IR_EXPECT, .a = target, .imm = (int64_t)next});
}

/* A call, return or other indirect jump was taken away: lets the trace go on at next as it does. */
static bool follow_call(struct ir *ir, const struct ir_insn *end, gaddr next, struct open_calls *o)
{
    bool call = end->op == IR_CALL || end->op == IR_CALLR, ret = end->op == IR_RET;
    if (core.guarded || (call && o->count == IR_OPEN_MAX) ||
        (ret && (!o->count || o->pc[o->count - 1] != next)) ||
        (end->op == IR_CALL && (gaddr)end->imm != next))
        return false;
    if (call) {
        o->pc[o->count++] = (gaddr)ir->insn[end->b].imm;
        ir_op0(ir, IR_OPEN, T_NONE, ir->insn[end->b].imm);
    } else if (ret) {
        o->count--;
        ir_op0(ir, IR_CLOSE, T_NONE, 0);
    }
    if (end->op != IR_CALL)
        add_expect(ir, end->a, next);
    return true;
}

static bool follow_jump(struct ir *ir, const struct ir_insn *jump, gaddr next)
{
    struct ir_insn branch = ir->insn[ir->count - 1];
    if ((gaddr)jump->imm == next)
        return true;
    if (branch.op != IR_EXIT_IF || (gaddr)branch.imm != next)
        return false;
    ir->count--;
    branch.a = inverse(ir, branch.a);
    branch.imm = jump->imm;
    ir_add(ir, branch);
    return true;
}

bool follow(struct ir *ir, gaddr next, struct open_calls *o)
{
    struct ir_insn end = ir->insn[--ir->count];
    bool on = false;
    switch (end.op) {
    case IR_JUMP: on = follow_jump(ir, &end, next); break;
    case IR_CALL:
    case IR_CALLR:
    case IR_RET:
    case IR_JUMPR: on = follow_call(ir, &end, next, o); break;
    default: break;
    }
    if (!on)
        ir_add(ir, end);
    return on;
}

bool follow_many(struct ir *ir, gaddr next)
{
    struct ir_insn *last = &ir->insn[ir->count - 1];
    if (last->op != IR_JUMPR && last->op != IR_CALLR)
        return false;
    last->cc = JUMP_MANY;
    last->imm = (int64_t)next;
    return true;
}

bool follow_back(const struct ir *ir, const struct trace *t, const struct open_calls *o)
{
    return ir->insn[ir->count - 1].op == IR_RET && o->count == 1 && t->step[t->count] == t->step[0];
}
