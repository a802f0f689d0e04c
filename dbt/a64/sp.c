/* SPDX-License-Identifier: MIT */
/*
 * The stack pointer's alignment.
 *
 * Linux has SCTLR_EL1.SA0 set: an access whose base register is SP faults while SP is not a multiple of 16, though SP
 * may hold anything as long as nobody uses it (Arm ARM D1.8.2).  No compiler lets it come to that, so ordinary units do
 * not check accesses.  They rely on SP being aligned at their start, and an instruction that may have misaligned it is
 * followed by a LEAVE_IF: from then on all units of the process are careful ones, in which base_reg() checks.  Nearly all
 * writes of SP add a constant and need nothing; `mov sp, x29` and alloca pay with a compare.  Hand-written loops that keep
 * SP misaligned and use it for nothing (pixman's) run in compiled code like others.
 */
#include "dbt/a64/sp.h"

#include "dbt/a64/base.h"

#define ALIGN 15u

/* Is v a multiple of 16 if SP was one before this instruction? */
static bool is_aligned(const struct ir *ir, ir_ref v)
{
    const struct ir_insn *i = &ir->insn[v];
    switch (i->op) {
    case IR_CONST: return (i->imm & ALIGN) == 0;
    case IR_GET: return i->imm == A64_X(31);
    case IR_ZEXT: return i->size == 2 && is_aligned(ir, i->a);
    case IR_ADD:
    case IR_SUB: return is_aligned(ir, i->a) && is_aligned(ir, i->b);
    case IR_AND: return is_aligned(ir, i->a) || is_aligned(ir, i->b);
    default: return false;
    }
}

void sp_check(struct tr *t, ir_ref first)
{
    struct ir *ir = t->ir;
    ir_ref v = 0;
    for (ir_ref r = first; r < ir->count; r++)
        if (ir->insn[r].op == IR_PUT && ir->insn[r].imm == A64_X(31))
            v = ir->insn[r].a;
    if (!v || ir->careful || is_aligned(ir, v))
        return;
    ir_ref wrong = opx(t, IR_CMPZ, T_I64, v, k64(t, ALIGN), 0, 0, CC_NE, 0);
    ir_add(ir, (struct ir_insn){.op = IR_LEAVE_IF, .cc = EXIT_NONE, .a = wrong, .imm = (int64_t)t->pc + 4});
}

bool sp_misaligned(const struct cpu *cpu)
{
    return cpu->a64.x[31] & ALIGN;
}
