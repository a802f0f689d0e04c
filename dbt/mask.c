/* SPDX-License-Identifier: MIT */
/*
 * Guests that ignore the top bits of data addresses (AArch64's tagged pointers).
 *
 * Hardly any program uses tags, so accesses take their addresses as they are: a tagged one is not canonical
 * for the host and raises #GP (fault.c).  The guest instruction then goes into the set of careful.c, and whatever
 * is translated from it in future masks its addresses.  An instruction that faults although it is in the set has a
 * bad address.
 *
 * Exclusives compare addresses, and one half of a loop may be in the set and the other not: the monitor
 * always holds the address as the guest gave it, and a masked STX masks the monitor first.
 *
 * All of it under core.lock.  mask_explain then says which address it was that is bad.
 */
#include "dbt/core.h"

#include "dbt/ir/eval.h"

#include <string.h>

bool mask_add(gaddr pc)
{
    return core.guest->ignored_bits && careful_add(pc, 1);
}

bool mask_wanted(gaddr pc)
{
    return core.guest->ignored_bits && careful_wanted(pc);
}

static ir_ref int_op(struct ir *ir, enum ir_op op, ir_ref a, int64_t k)
{
    ir_ref b = ir_op0(ir, IR_CONST, op == IR_ADD ? T_I64 : T_I32, k);
    return ir_op2(ir, op, T_I64, a, b);
}

static ir_ref masked(struct ir *ir, ir_ref a)
{
    int64_t k = core.guest->ignored_bits;
    return int_op(ir, IR_SAR, int_op(ir, IR_SHL, a, k), k);
}

static bool is_plain(const struct ir_insn *i)
{
    return i->op == IR_LD || i->op == IR_LDS || i->op == IR_ST;
}

/* Appends a memory operation with its address masked. */
static ir_ref add_masked(struct ir *ir, struct ir_insn i)
{
    const int64_t monitor = offsetof(struct cpu, mon_addr);
    if (is_plain(&i) && i.b) {
        ir_ref index = i.cc ? int_op(ir, IR_SHL, i.b, i.cc) : i.b;
        i.a = ir_op2(ir, IR_ADD, T_I64, i.a, index);
        i.b = 0;
        i.cc = 0;
    }
    if (i.imm)
        i.a = int_op(ir, IR_ADD, i.a, i.imm);
    ir_ref given = i.a;
    i.imm = 0;
    i.a = masked(ir, i.a);
    if (i.op == IR_STX)
        ir_op1(ir, IR_PUT, T_I64, masked(ir, ir_op0(ir, IR_GET, T_I64, monitor)), monitor);
    ir_ref r = ir_add(ir, i);
    if (i.op == IR_LDX)
        ir_op1(ir, IR_PUT, T_I64, given, monitor);
    return r;
}

void mask_insn(struct ir *ir, ir_ref first)
{
    unsigned n = ir->count - first;
    if (n == 0)
        return;
    struct ir_insn old[n];
    ir_ref map[n];
    memcpy(old, ir->insn + first, sizeof old);
    ir->count = first;
    for (unsigned k = 0; k < n; k++) {
        struct ir_insn i = old[k];
        i.a = i.a >= first ? map[i.a - first] : i.a;
        i.b = i.b >= first ? map[i.b - first] : i.b;
        i.c = i.c >= first ? map[i.c - first] : i.c;
        map[k] = ir_op_has(i.op, F_M) ? add_masked(ir, i) : ir_add(ir, i);
    }
}

/* -- what a fault without an address was about -- */

/* Cuts the unit off at its first access and lets it leave with that access's address in cpu->fault.addr instead. */
static bool cut_at_access(struct ir *ir, struct ir_insn *access)
{
    for (ir_ref r = 1; r < ir->count; r++) {
        struct ir_insn *i = &ir->insn[r];
        if (i->op == IR_POLL)
            *i = (struct ir_insn){.op = IR_NOP};
        if (!ir_op_has(i->op, F_M))
            continue;
        *access = *i;
        ir->count = r;
        ir_op1(ir, IR_PUT, T_I64, access->a, offsetof(struct cpu, fault.addr));
        ir_op0(ir, IR_JUMP, T_NONE, (int64_t)ir->pc);
        return true;
    }
    return false;
}

/* With the lock held.  The instruction is decoded again and, up to its first access, evaluated: before that it has
 * written no guest state. */
static bool find_access(struct cpu *cpu, struct ir_insn *access)
{
    static struct ir ir;
    bool end = false;
    uint64_t why;
    size_t avail = core.config.fetchable(cpu->pc, &why);
    if (!ir.cap)
        ir_init(&ir);
    ir_reset(&ir, cpu->pc);
    ir_op0(&ir, IR_INSN, T_NONE, (int64_t)cpu->pc);
    if (!avail || !core.guest->insn(&ir, cpu->pc, (const void *)cpu->pc, avail, &end))
        return false;
    mask_insn(&ir, 2);
    if (!cut_at_access(&ir, access))
        return false;
    gaddr pc = cpu->pc;
    ir_eval(&ir, cpu);
    cpu->pc = pc;
    return true;
}

/* A bad address: the host reports it as #GP. */
void mask_explain(struct cpu *cpu)
{
    struct ir_insn access;
    lock_take(&core.lock);
    bool found = find_access(cpu, &access);
    lock_drop(&core.lock);
    if (!found)
        return;
    cpu->fault.signo = SIGSEGV;
    cpu->fault.code = SEGV_MAPERR;
    cpu->fault.write = access.op != IR_LD && access.op != IR_LDS && access.op != IR_LDX;
}
