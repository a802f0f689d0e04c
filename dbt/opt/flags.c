/* SPDX-License-Identifier: MIT */
/*
 * Flags go where they are needed and nowhere else.
 *
 * Every PUTFL is taken away; its value is attached to the exits that it reaches (their operand c), unless the
 * code that the exit leads to overwrites NZCV before reading it.  The back end then stores flags on the way
 * out, mostly in cold code. Where something inside the unit reads the cell (a HELPER), the PUTFL in force
 * stays, and exits behind it need nothing.
 *
 * The liberty taken (see ir.h): at a fault the NZCV cell may be stale if the flags are dead there.  They are
 * not where a read of NZCV follows the access: the handler repairs the page, returns, and the guest goes on
 * from the access with what stands in the cell.  Only the unit as translated shows such reads (forwarding and
 * folding turn them into values), so opt_flags_mark looks for them first: it marks with imm = 1 the PUTFLs
 * that must stay, and with INSN_NZCV the instructions with such accesses.  Of the simple kinds of flags the PUTFL
 * then needs no code (PUTFL_FAULTS): the back end keeps their operands and notes where, and a fault computes them.  Code
 * that runs for the first time is evaluated as it was built, with all flags.
 *
 * What reads NZCV in the unit also keeps the back end from leaving in front of it (INSN_INCOMPLETE): the cell does not hold
 * the flags that a PUTFL before made.
 *
 * What would show it: a handler that looks at the pstate of its frame, or that moves the pc to code that reads flags
 * which the code at the fault does not.  Without the liberty, flags that an access follows would be stored, since
 * there is hardly a comparison without an access between it and the next one: measured, with accesses taken for reads
 * here and in the search behind the ends of units, user time grew by 48% (integer_sieve), 40% (memory_table), 27%
 * (integer_hash), 10% (memory_copy), 7% (integer_sort), 8% (python3), 11% (lua), 2% (sqlite3).  Working all of them
 * out at the fault was rejected, too: the operands are often gone by then (SUBS of a counter), and in a loop they are those
 * of the iteration before, or of what came before the loop, which nothing records for less than a store in each.
 */
#include "dbt/opt/internal.h"

struct pending {
    ir_ref put; /* the PUTFL in force, or 0 */
    ir_ref value;
    bool stored; /* the PUTFL was kept */
};

static bool exit_needs(const struct ir_insn *i, opt_flags_dead_fn *dead)
{
    switch (i->op) {
    case IR_POLL:
    case IR_EXIT_IF:
    case IR_JUMP:
    case IR_CALL: return !dead || !dead((gaddr)i->imm);
    default: return true;
    }
}

/* The instructions with accesses between two refs. */
static void mark_accesses(struct ir *ir, ir_ref from, ir_ref to)
{
    ir_ref insn = from;
    while (insn > 0 && ir->insn[insn].op != IR_INSN)
        insn--;
    for (ir_ref r = from; r < to; r++) {
        if (ir->insn[r].op == IR_INSN)
            insn = r;
        else if (ir_op_has(ir->insn[r].op, F_M))
            ir->insn[insn].size |= INSN_NZCV;
    }
}

/* The instructions that begin between two refs. */
static void mark_incomplete(struct ir *ir, ir_ref from, ir_ref to)
{
    for (ir_ref r = from; r < to; r++)
        if (ir->insn[r].op == IR_INSN)
            ir->insn[r].size |= INSN_INCOMPLETE;
}

bool opt_flags_mark(struct ir *ir, opt_flags_dead_fn *dead)
{
    ir_ref put = 0, marked = 0, read = 0; /* up to `read`, INSNs are marked */
    bool found = false, access = false;   /* something behind the PUTFL, and behind `marked`, may fault */
    for (ir_ref r = 1; r < ir->count; r++) {
        struct ir_insn *i = &ir->insn[r];
        if (i->op == IR_PUTFL || i->op == IR_LABEL) {
            put = i->op == IR_PUTFL ? r : 0;
            marked = read = r;
            found |= put != 0;
            access = false;
        } else if (!put) {
            continue;
        } else if (ir_op_has(i->op, F_M)) {
            access = true;
        } else if (i->op == IR_GETFL || (ir_op_has(i->op, F_X | F_E) && exit_needs(i, dead))) {
            mark_incomplete(ir, read, r);
            read = r;
            if (!access)
                continue;
            ir->insn[put].imm = 1;
            mark_accesses(ir, marked, r);
            marked = r;
            access = false;
        }
    }
    return found;
}

static bool is_simple(enum ir_op op)
{
    return op == IR_FLSUB || op == IR_FLADD || op == IR_FLLOGIC;
}

/* The PUTFL in force must be made where it stands, because something reads the cell. */
static void make_now(struct ir *ir, struct pending *p)
{
    if (p->put)
        ir->insn[p->put].cc = 0;
    p->stored = true;
}

static void drop_put(struct ir *ir, const struct pending *p)
{
    if (p->put && !p->stored && ir->insn[p->put].cc != PUTFL_FAULTS)
        opt_kill(&ir->insn[p->put]);
}

void opt_flags(struct ir *ir, opt_flags_dead_fn *dead)
{
    struct pending p = {0};
    for (ir_ref r = 1; r < ir->count; r++) {
        struct ir_insn *i = &ir->insn[r];
        if (i->op == IR_PUTFL) {
            drop_put(ir, &p);
            bool lazy = i->imm && is_simple(ir->insn[i->a].op);
            i->cc = lazy ? PUTFL_FAULTS : 0;
            p = (struct pending){.put = r, .value = i->a, .stored = i->imm && !lazy};
        } else if (i->op == IR_LABEL) {
            drop_put(ir, &p);
            p.put = 0;
        } else if (i->op == IR_HELPER ? i->cc != EFFECT_NONE : i->op == IR_GETFL) {
            make_now(ir, &p);
        } else if ((ir_op_has(i->op, F_X | F_E)) && p.put && !p.stored && exit_needs(i, dead)) {
            i->c = p.value;
        }
    }
    drop_put(ir, &p);
}
