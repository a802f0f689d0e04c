// SPDX-License-Identifier: MIT
/*
 * Tier 2: the path that hot code takes, as one unit.
 *
 * Units of tier 1 count how often they are entered (x86/lower_exit.c).  When a count overflows, the unit is noted here and
 * its block is dropped; the thread that comes to it next evaluates what follows, unit by unit, and the way it went is
 * then compiled as one: branches that were taken become side exits in the other direction, jumps vanish, and passes and
 * register allocation see the whole.  That is trace selection as in Dynamo (Bala, Duesterwald, Banerjia, PLDI 2000),
 * with tier 0 as the recorder.
 *
 * A trace ends where it comes back to its head or to the head of another, at calls, returns and indirect jumps, whose
 * targets change, and at its limits.  The path that was recorded may be a rare one; the units of the other go on
 * counting and become a trace in their turn.
 *
 * With --tier=2 every unit is recorded when it is first run.
 */
#include "dbt/core.h"

#define HOT_NOTES 256 /* addresses that wait for their recording; a lost one comes up again */

static gaddr noted[HOT_NOTES];

static gaddr *note_of(gaddr pc)
{
    return &noted[(pc >> 2) % HOT_NOTES];
}

bool trace_wanted(gaddr pc)
{
    return core.config.tier == 2 || *note_of(pc) == pc;
}

void trace_note(struct cpu *cpu)
{
    lock_take(&core.lock);
    struct block *b = cache_find(cpu->pc);
    if (b && !b->trace) {
        *note_of(cpu->pc) = cpu->pc;
        cache_drop(b);
    }
    lock_drop(&core.lock);
}

/*
 * Does the unit end only because it was long enough?  Straight code as long as that has more values than there are
 * registers; in one piece they would be spilled, instead of standing in the guest's own cells.
 */
static bool is_cut(const struct ir *ir)
{
    const struct ir_insn *last = &ir->insn[ir->count - 1];
    return last[-1].op != IR_EXIT_IF && (gaddr)last->imm == ir->pc + ir->guest_bytes;
}

/* Evaluates the unit at cpu->pc.  *whole: it ran to its end. */
static enum exit_reason run_unit(struct cpu *cpu, bool *whole, bool *goes_on)
{
    *whole = *goes_on = false;
    lock_take(&core.lock);
    struct ir *ir = once_memory(cpu);
    bool built = translate_once(ir, cpu->pc, false, &cpu->exit_arg);
    lock_drop(&core.lock);
    if (!built)
        return EXIT_FETCH_FAULT;
    if (!core_enter(cpu))
        return EXIT_NONE;
    enum exit_reason r = eval_run(cpu, ir);
    core_leave(cpu);
    const struct ir_insn *last = &ir->insn[ir->count - 1];
    *goes_on = r == EXIT_NONE && last->op == IR_JUMP && !is_cut(ir);
    *whole = r == EXIT_NONE || (last->op == IR_TRAP && r == last->cc);
    return r;
}

static bool is_trace_head(gaddr pc)
{
    lock_take(&core.lock);
    const struct block *b = cache_find(pc);
    bool is = b && b->trace;
    lock_drop(&core.lock);
    return is;
}

enum exit_reason trace_run(struct cpu *cpu)
{
    struct trace t = {.step = {cpu->pc}};
    enum exit_reason r;
    bool whole, goes_on;
    do {
        t.step[t.count] = cpu->pc;
        r = run_unit(cpu, &whole, &goes_on);
        t.count += whole;
    } while (goes_on && t.count < TRACE_STEPS && cpu->pc != t.step[0] && !core.guest->careful(cpu) &&
             !is_trace_head(cpu->pc));
    t.step[t.count] = cpu->pc;
    lock_take(&core.lock);
    struct block *old = cache_find(t.step[0]);
    if (old && !old->trace)
        cache_drop(old);
    if (t.count && (!old || !old->trace) && !translate_trace(&t)) {
        core_flush(FLUSH_FULL);
        translate_trace(&t); /* what does not fit now either stays in units */
    }
    *note_of(t.step[0]) = 0;
    lock_drop(&core.lock);
    return r;
}
