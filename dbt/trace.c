/* SPDX-License-Identifier: MIT */
/*
 * Tier 2: the path that hot code takes, as one unit.
 *
 * Heads (heads.c) count how often they are entered (x86/lower_exit.c).  When a count overflows, the unit is noted here and
 * its block is dropped; the thread that comes to it next evaluates what follows, unit by unit, and the way it went is
 * then compiled as one: branches that were taken become side exits in the other direction, jumps vanish, and passes and
 * register allocation see the whole.  That is trace selection as in Dynamo (Bala, Duesterwald, Banerjia, PLDI 2000),
 * with tier 0 as the recorder.
 *
 * A trace goes through calls of little functions and back out of them: where they are called through a pointer, the pointer
 * is compared with what it was (EXPECT in ir/ops.h), and nothing is pushed for the return.  A loop goes through larger ones
 * (pthread_mutex_lock has ten units), because it runs the same way again; elsewhere the sides of a large function are left
 * too often, which costs as many calls as are open (5% in bash's arithmetic).  It ends at other calls, where it
 * comes back to its head or to the head of another, at returns to whoever called it, at indirect jumps, whose targets change
 * (but those of PLT entries), and at its limits.
 * A loop that turns only a few times is no good trace, because it is left as often as it is entered: it goes into the trace
 * of the loop around it, all its turns one behind the other.
 * The path that was recorded may be a rare one; where it is left, units count, and the other becomes a trace in its turn.  If
 * it leads from a side of a loop back to the loop's head, it becomes a part of that trace instead (LABEL in ir/ops.h), as in the
 * trace trees of Gal and Franz (UC Irvine ICS-TR-06-16, 2006): so that a loop with several ways through it keeps its registers
 * on all of them.
 * A small loop has several turns in its trace: they share one poll, and the addresses in each are those of the first plus a number.
 *
 * An indirect jump at the end that goes elsewhere now than when tier 1 first met it goes to many places: its inline cache
 * is made to do little.
 *
 * With --tier=2 every unit is recorded when it is first run.
 */
#include "dbt/core.h"

#include <string.h>

#define SHORT_TURNS  4   /* a loop that turns less often is recorded with what is around it */
#define SHORT_TRIES  4   /* if that becomes hot before so many more overflows */
#define INLINE_STEPS 6   /* the largest function that is called in a trace */
#define LOOP_STEPS   16  /* the same in a trace that is a loop */
#define HOT_NOTES    256 /* where one takes the place of another, that comes up again */
#define LOOPS        128
#define WAY_STEPS    16  /* in another way through a loop */
#define TURNS        4   /* of a small loop, in its trace */
#define TURNS_BYTES  192 /* of guest code in all of them */
#define FEW_TRACES   512 /* so many are made at the first overflow of a count */

static struct note {
    gaddr pc;     /* waits for its recording; 0: none does */
    gaddr led_to; /* where the inline cache of its unit led */
} notes[HOT_NOTES];

static struct note *note_of(gaddr pc)
{
    return &notes[(pc >> 2) % HOT_NOTES];
}

/*
 * How often a count must overflow.  A program with few hot paths gains much by each; one with thousands (a compiler, whose
 * time is spent all over) is done before most have paid for themselves, and has less use for more code.
 */
static unsigned wanted_overflows(void)
{
    return 1 + cache_traces() / FEW_TRACES;
}

/* The loops, by their heads; one that has lost its place gets no more ways. */
static struct region loops[LOOPS];

static struct region *loop_of(gaddr head)
{
    return &loops[(head >> 2) % LOOPS];
}

static struct overflows {
    gaddr pc;
    unsigned count;
} overflows[HOT_CELLS];

/* The count of the unit at pc, which others may share, has overflowed while that was entered: as often as it must? */
static bool is_hot(gaddr pc)
{
    struct overflows *o = &overflows[hot_cell(pc)];
    if (o->pc != pc)
        o->count = 0;
    o->pc = pc;
    return ++o->count >= wanted_overflows();
}

bool trace_wanted(gaddr pc)
{
    return core.config.tier == 2 || note_of(pc)->pc == pc;
}

void trace_note(struct cpu *cpu)
{
    lock_take(&core.lock);
    struct block *b = cache_find(cpu->pc);
    if (b && b->kind != UNIT_TRACE && is_hot(cpu->pc)) {
        *note_of(cpu->pc) = (struct note){cpu->pc, cache_indirect(b)};
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

/* Where a recording has come to. */
struct course {
    struct trace trace;
    unsigned open;  /* calls that have not returned */
    unsigned call;  /* how many steps there were up to the outermost of them */
    unsigned large; /* up to the first call that only a loop bears, or 0 */
    unsigned bytes; /* of guest code */
    enum ir_op by;  /* what ended the last unit */
    bool whole;     /* it ran to its end */
    bool goes_on;   /* the trace may go on behind it */
    bool loop;      /* it has come back to where it began */
};

/* Unit ir has gone to its end, in the course of c. */
static bool goes_on_behind(struct course *c, const struct ir *ir)
{
    enum ir_op before = c->by;
    c->by = ir->insn[ir->count - 1].op;
    switch (c->by) {
    case IR_JUMP: return !is_cut(ir);
    case IR_CALL:
    case IR_CALLR:
        if (c->open++ == 0)
            c->call = c->trace.count + 1;
        return c->open <= IR_OPEN_MAX;
    case IR_RET:
        if (c->open == 0)
            return false;
        c->open--;
        return true;
    case IR_JUMPR: return before == IR_CALL;
    default: return false;
    }
}

/* Evaluates the unit at cpu->pc. */
static enum exit_reason run_unit(struct cpu *cpu, struct course *c)
{
    c->whole = c->goes_on = false;
    lock_take(&core.lock);
    struct ir *ir = once_memory(cpu);
    bool built = translate_once(ir, cpu->pc, &cpu->exit_arg);
    lock_drop(&core.lock);
    if (!built)
        return EXIT_FETCH_FAULT;
    if (!core_enter(cpu))
        return EXIT_NONE;
    enum exit_reason r = eval_run(cpu, ir);
    core_leave(cpu);
    const struct ir_insn *last = &ir->insn[ir->count - 1];
    c->bytes += ir->guest_bytes;
    c->goes_on = r == EXIT_NONE && goes_on_behind(c, ir);
    c->whole = r == EXIT_NONE || (last->op == IR_TRAP && r == last->cc);
    return r;
}

/* Is there a trace at pc that this one should lead to, and not contain? */
static bool is_met(struct course *c, gaddr pc)
{
    if (c->open) {
        unsigned steps = c->trace.count - c->call;
        if (steps >= INLINE_STEPS && !c->large)
            c->large = c->call;
        return steps >= LOOP_STEPS;
    }
    lock_take(&core.lock);
    const struct block *b = cache_find(pc);
    bool is = b && b->kind == UNIT_TRACE && (b->loop || (c->by == IR_JUMP && !b->tail));
    lock_drop(&core.lock);
    return is;
}

/* Did an indirect jump of tier 1 on the way lead elsewhere? */
static bool goes_many_ways(const struct trace *t)
{
    const struct note *note = note_of(t->step[0]);
    for (unsigned k = 0; k < t->count; k++) {
        const struct block *b = k ? cache_find(t->step[k]) : NULL;
        gaddr to = b ? cache_indirect(b) : !k && note->pc == t->step[0] ? note->led_to : 0;
        unsigned next = k + 1;
        while (next < t->count && to != t->step[next])
            next++;
        if ((b && b->many) || (to && to != t->step[next]))
            return true;
    }
    return false;
}

/* Has the unit at pc overflowed so often that there will be no better trace than that from there? */
static bool was_tried(gaddr pc)
{
    lock_take(&core.lock);
    const struct overflows *o = &overflows[hot_cell(pc)];
    bool was = o->pc == pc && o->count >= wanted_overflows() + SHORT_TRIES;
    lock_drop(&core.lock);
    return was;
}

/* The loop of this trace has just turned.  Is it left soon, and may there be a better trace, through it? */
static bool is_short(struct cpu *cpu, const struct trace *t, enum exit_reason *r)
{
    if (core.config.tier == 2 || was_tried(t->step[0]))
        return false;
    for (unsigned turn = 1; turn < SHORT_TURNS; turn++)
        for (unsigned k = 0; k < t->count; k++) {
            struct course c = {.by = IR_JUMP};
            if (cpu->pc != t->step[k])
                return k == 0; /* else it may go on another way */
            *r = run_unit(cpu, &c);
            cpu->pc = significant(cpu->pc);
            if (!c.goes_on || core_is_careless(cpu))
                return false;
        }
    return false;
}

/*
 * A loop of two units may begin with either.  Where one begins with what uses the comparison at the end of the other (a search
 * that goes left or right), flags would be carried from turn to turn, so the other is better.  In larger loops more than one
 * way leads to the head, and it had better stay the head: MD5 takes 1.4 of its time otherwise.
 */
static void choose_head(struct trace *t)
{
    const struct block *b = cache_find(t->step[1]);
    if (t->count != 2 || (b && b->kind == UNIT_TRACE) || translate_overwrites_flags(t->step[0]) ||
        !translate_overwrites_flags(t->step[1]))
        return;
    gaddr first = t->step[0];
    t->step[0] = t->step[2] = t->step[1];
    t->step[1] = first;
}

/* c is a loop without calls. */
static void unroll(struct course *c)
{
    struct trace *t = &c->trace;
    unsigned n = t->count;
    for (unsigned turns = 2; turns <= TURNS && turns * c->bytes <= TURNS_BYTES && turns * n <= TRACE_STEPS;
         turns++) {
        memcpy(&t->step[t->count], t->step, n * sizeof *t->step);
        t->count += n;
    }
    t->step[t->count] = t->step[0];
}

static void compile(const struct region *g)
{
    if (!translate_trace(g)) {
        core_flush(FLUSH_FULL);
        translate_trace(g); /* what does not fit now either stays in units */
    }
}

/* With the place of a loop for it. */
static void compile_trace(const struct trace *t, bool loop)
{
    static struct region other;
    struct region *g = loop ? loop_of(t->step[0]) : &other;
    g->path[0] = *t;
    g->count = 1;
    compile(g);
}

/* Did the way that c took begin at a side of the loop at pc, and end there? */
static bool is_way(const struct course *c, gaddr pc)
{
    const struct block *b = cache_find(pc);
    return c->whole && !c->call && !c->open && c->by == IR_JUMP && c->trace.count <= WAY_STEPS && b &&
           b->kind == UNIT_TRACE && b->loop && cache_leads(b, c->trace.step[0]);
}

/* Makes the loop anew, with this way through it; false: it has too many, or one from there (which did not fit). */
static bool add_way(const struct trace *t, gaddr pc)
{
    struct region *g = loop_of(pc);
    if (g->path[0].step[0] != pc || g->count > IR_LABELS_MAX)
        return false;
    for (unsigned k = 1; k < g->count; k++)
        if (g->path[k].step[0] == t->step[0])
            return false;
    g->path[g->count++] = *t;
    cache_drop(cache_find(pc));
    compile(g);
    return true;
}

/* Runs what follows cpu->pc, up to where the trace is to end. */
static enum exit_reason record(struct cpu *cpu, struct course *c)
{
    struct trace *t = &c->trace;
    gaddr head = cpu->pc;
    enum exit_reason r;
    do {
        t->step[t->count] = cpu->pc;
        r = run_unit(cpu, c);
        t->count += c->whole;
        cpu->pc = significant(cpu->pc);
    } while (c->goes_on && t->count < TRACE_STEPS && cpu->pc != head && !core_is_careless(cpu) &&
             !is_met(c, cpu->pc));
    c->loop = c->whole && !c->open && cpu->pc == head;
    if (c->large && !c->loop)
        t->count = c->large;
    else if (c->open) /* it ends with the call that did not return in time */
        t->count = c->call;
    else
        t->step[t->count] = cpu->pc;
    if (c->loop && c->goes_on && is_short(cpu, t, &r))
        t->count = 0;
    return r;
}

/* Compiles what was recorded, if anything was, and there is not yet a trace at its head; end is where it led. */
static void keep(struct course *c, gaddr end)
{
    struct trace *t = &c->trace;
    if (c->loop && c->goes_on && !c->call) {
        choose_head(t);
        unroll(c);
    }
    struct block *old = cache_find(t->step[0]);
    if (old && old->kind == UNIT_TRACE)
        return;
    if (old)
        cache_drop(old);
    t->many = goes_many_ways(t);
    if (c->loop || !is_way(c, end) || !add_way(t, end))
        compile_trace(t, c->loop);
}

enum exit_reason trace_run(struct cpu *cpu)
{
    struct course c = {.by = IR_JUMP};
    gaddr head = cpu->pc;
    enum exit_reason r = record(cpu, &c);
    lock_take(&core.lock);
    if (c.trace.count)
        keep(&c, cpu->pc);
    note_of(head)->pc = 0;
    lock_drop(&core.lock);
    return r;
}
