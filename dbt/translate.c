/* SPDX-License-Identifier: MIT */
/*
 * From guest code to a block in the cache: units (tier 1), and traces made of them (tier 2; what they are made of is
 * trace.c's choice).
 *
 * A unit is a contiguous run of guest instructions with one entry.  It goes on behind a forward conditional
 * branch (which becomes a side exit), because compare-and-branch chains then share their flags and their
 * loads of guest state; it ends at anything that must leave, behind a backward conditional branch (what
 * follows a loop is another matter), where a translation of what follows exists already, and at UNIT_INSNS.
 *
 * NZCV is dear to materialise and mostly dead, so at the ends of a unit the code that follows is looked at:
 * if it overwrites the flags on every path before it reads them, they need not be stored.  What was looked at
 * is part of the block's ranges, so that changing it drops the block.
 */
#include "dbt/core.h"

#include "dbt/opt/opt.h"
#include "dbt/own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNIT_INSNS  64 /* guest instructions in a unit */
#define TRACE_INSNS 256
#define WAY_INSNS   64 /* in another way through a loop */
#define TAIL_INSNS  24
#define LOOK_INSNS  32   /* how far the search for dead flags goes */
#define LOOK_DEPTH  3    /* over how many branches */
#define ASKED       32   /* answers about dead flags that are remembered */
#define SEEN        1024 /* instructions that are read for a unit or trace, at most */

#ifdef NDEBUG
enum { VERIFY = false };
#else
enum { VERIFY = true };
#endif

struct asked {
    gaddr pc;
    bool dead;
};

/* An instruction as it was when it was read. */
struct seen {
    gaddr pc;
    uint32_t bytes, count;
};

static struct {
    struct ir ir, look;
    struct asked asked[ASKED]; /* what was looked for during this unit */
    unsigned asked_count;
    struct x86_code code;
    struct unit_facts facts; /* of this unit */
    struct seen seen[SEEN];
    unsigned seen_count; /* SEEN: there was more, or something was read that is not here */
    struct block_range range[BLOCK_RANGES];
    unsigned range_count;
} tr;

static struct {
    gaddr start, end;
} fetched OWN_BY_FORK; /* what is known to be fetchable */

void translate_init(void)
{
    ir_init(&tr.ir);
    ir_init(&tr.look);
    x86_code_init(&tr.code);
}

void fetch_anew(void)
{
    fetched.end = 0;
}

size_t fetchable(gaddr pc, uint64_t *why)
{
    if (pc < fetched.start || pc >= fetched.end || (pc ^ fetched.start) & 3) {
        fetched.start = pc;
        fetched.end = pc + core.config.fetchable(pc, why);
    }
    return fetched.end - pc;
}

/* The instruction at pc, whose memory may change meanwhile: all that is to be known of it is read from here. */
static const void *read_insn(gaddr pc, size_t avail)
{
    struct seen *s = &tr.seen[tr.seen_count < SEEN - 1 ? tr.seen_count++ : SEEN - 1];
    if (s == &tr.seen[SEEN - 1])
        tr.seen_count = SEEN;
    *s = (struct seen){.pc = pc, .count = avail < 4 ? (uint32_t)avail : 4};
    memcpy(&s->bytes, (const void *)pc, s->count);
    return &s->bytes;
}

bool translate_saw(gaddr start, const uint8_t *bytes, size_t count)
{
    for (unsigned i = 0; i < tr.seen_count && tr.seen_count < SEEN; i++) {
        const struct seen *s = &tr.seen[i];
        if (s->pc - start < count && memcmp(bytes + (s->pc - start), &s->bytes, s->count) != 0)
            return false;
    }
    return tr.seen_count < SEEN;
}

/* -- dead flags -- */

enum look { LOOK_ON, LOOK_DEAD, LOOK_LIVE };

/* What the instruction at pc, of *len bytes, does with NZCV first; if it ends a unit, its IR is left in tr.look. */
static enum look look_at(gaddr pc, size_t avail, unsigned *len, bool *end)
{
    bool set;
    const void *code = read_insn(pc, avail);
    *len = core.guest->flags(code, avail, &set);
    if (*len)
        return set ? LOOK_DEAD : LOOK_ON;
    struct ir *ir = &tr.look;
    ir_reset(ir, pc);
    *len = core.guest->insn(ir, pc, code, avail, end);
    if (*len == 0)
        return LOOK_LIVE;
    for (uint32_t i = 1; i < ir->count; i++)
        switch (ir->insn[i].op) {
        case IR_GETFL:
        case IR_HELPER: return LOOK_LIVE;
        case IR_PUTFL: return LOOK_DEAD;
        default: break;
        }
    return LOOK_ON;
}

static bool look_path(gaddr pc, unsigned depth);

/* Both ways out of the instruction that ended the look, or false. */
static bool look_exits(const struct ir *ir, unsigned depth)
{
    /* Copied out: looking further uses the same buffer. */
    gaddr target[2];
    unsigned n = 0;
    for (uint32_t i = 1; i < ir->count; i++)
        switch (ir->insn[i].op) {
        case IR_EXIT_IF:
        case IR_JUMP:
        case IR_CALL:
            if (n == 2)
                return false;
            target[n++] = (gaddr)ir->insn[i].imm;
            break;
        case IR_CALLR:
        case IR_RET:
        case IR_JUMPR:
        case IR_TRAP: return false;
        default: break;
        }
    for (unsigned i = 0; i < n; i++)
        if (!look_path(target[i], depth - 1))
            return false;
    return n > 0;
}

static bool range_add(gaddr start, gaddr end)
{
    for (unsigned i = 0; i < tr.range_count; i++)
        if (tr.range[i].start <= start && end <= tr.range[i].end)
            return true;
    if (tr.range_count == BLOCK_RANGES)
        return false;
    tr.range[tr.range_count++] = (struct block_range){start, end};
    return true;
}

static bool look_path(gaddr start, unsigned depth)
{
    uint64_t why;
    if (depth == 0)
        return false;
    size_t avail = fetchable(start, &why);
    gaddr pc = start;
    for (unsigned n = 0; n < LOOK_INSNS && avail; n++) {
        bool end = false;
        unsigned len;
        enum look l = look_at(pc, avail, &len, &end);
        if (l == LOOK_LIVE)
            return false;
        pc += len;
        avail -= len < avail ? len : avail;
        if (l == LOOK_DEAD)
            return range_add(start, pc);
        if (end)
            return look_exits(&tr.look, depth) && range_add(start, pc);
    }
    return false;
}

/* The passes ask for the same few exits more than once. */
static bool flags_dead(gaddr pc)
{
    for (unsigned i = 0; i < tr.asked_count; i++)
        if (tr.asked[i].pc == pc)
            return tr.asked[i].dead;
    bool dead = look_path(pc, LOOK_DEPTH);
    if (tr.asked_count < ASKED)
        tr.asked[tr.asked_count++] = (struct asked){pc, dead};
    return dead;
}

bool translate_overwrites_flags(gaddr pc)
{
    fetch_anew();
    tr.range_count = tr.seen_count = 0;
    return look_path(pc, LOOK_DEPTH);
}

/* -- units -- */

static void add_insn(struct ir *ir, gaddr pc)
{
    ir_add(ir, (struct ir_insn){.op = IR_INSN, .cc = careful_wanted(pc), .imm = (int64_t)pc});
}

static void add_trap(struct ir *ir, enum exit_reason why, gaddr pc)
{
    ir_add(ir, (struct ir_insn){.op = IR_TRAP, .cc = (uint8_t)why, .imm = (int64_t)pc});
}

/* The unit just ended with EXIT_IF forwards, JUMP next: may it go on with the instruction at next? */
static bool may_go_on(const struct ir *ir, gaddr next)
{
    const struct ir_insn *last = &ir->insn[ir->count - 1], *before = last - 1;
    return ir->count >= 3 && last->op == IR_JUMP && before->op == IR_EXIT_IF && (gaddr)last->imm == next &&
           (gaddr)before->imm >= next;
}

enum ir_guard unit_guard(gaddr pc)
{
    return !core.guarded ? GUARD_NONE : core.config.guarded(pc) ? GUARD_HERE : GUARD_ELSEWHERE;
}

static void begin(struct ir *ir, gaddr start)
{
    fetch_anew();
    tr.facts = (struct unit_facts){.variant = core.guest->variant()};
    tr.seen_count = 0;
    ir_reset(ir, start);
    ir->guard = unit_guard(start);
    ir->shared = core.shared;
    ir->careful = core.careful;
}

/* Appends the instruction at *pc and moves *pc behind it; true: it ends the unit.  A thread that is `alone` runs what
 * others must not. */
static bool append_insn(struct ir *ir, gaddr *pc, size_t avail, bool alone)
{
    bool end = false;
    bool first_of_all = ir->count == 1, beyond = false;
    const void *code = read_insn(*pc, avail);
    add_insn(ir, *pc);
    tr.facts.insns++;
    if (first_of_all && ir->guard != GUARD_NONE)
        core.guest->land(ir, *pc, code);
    bool is_alone = !alone && core.guest->alone((const void *)*pc, avail, &beyond);
    if (beyond)
        tr.seen_count = SEEN;
    if (is_alone) {
        add_trap(ir, EXIT_ALONE, *pc);
        *pc += 4;
        return true;
    }
    ir_ref first = ir->count;
    unsigned len = core.guest->insn(ir, *pc, code, avail, &end);
    if (mask_wanted(*pc))
        mask_insn(ir, first);
    if (len == 0)
        add_trap(ir, EXIT_ILLEGAL, *pc);
    tr.facts.bytes += len;
    *pc += len ? len : 4; /* the bytes that were found wanting belong to the unit */
    return end || len == 0;
}

/* Appends instructions up to the first that ends a unit, or *room of them, and takes their number from *room.  Returns
 * where they end, or 0: cannot be fetched. */
static gaddr append_unit(struct ir *ir, gaddr start, unsigned *room, bool alone, uint64_t *why)
{
    gaddr pc = start;
    for (size_t avail; (avail = fetchable(pc, why)) != 0; --*room) {
        if (*room == 0)
            break;
        if (append_insn(ir, &pc, avail, alone)) {
            --*room;
            return pc;
        }
    }
    if (pc == start)
        return 0;
    ir_op0(ir, IR_JUMP, T_NONE, (int64_t)pc);
    return pc;
}

/* How much goes into a unit at most, and is it for a thread that is alone? */
struct extent {
    unsigned insns, sides;
    bool alone;
};

/* Builds the IR of the unit at start; false: cannot be fetched. */
static bool build(struct ir *ir, gaddr start, struct extent most, uint64_t *why)
{
    begin(ir, start);
    ir->careful |= most.alone; /* nobody asks between its instructions */
    gaddr pc = append_unit(ir, start, &most.insns, most.alone, why), next;
    if (pc == 0)
        return false;
    while (tr.facts.on_count < most.sides && most.insns && may_go_on(ir, pc)) {
        if (cache_find(pc)) {
            tr.facts.met = pc;
            break;
        }
        struct ir_insn jump = ir->insn[--ir->count];
        next = append_unit(ir, pc, &most.insns, most.alone, why);
        if (next == 0) {
            ir_add(ir, jump);
            break;
        }
        tr.facts.on[tr.facts.on_count++] = pc;
        pc = next;
    }
    ir->guest_bytes = (uint32_t)(pc - start);
    tr.facts.behind = heads_behind(ir);
    heads_add(&tr.facts.behind);
    ir->kind = head_kind(start);
    return true;
}

static void verify(const struct ir *ir, const char *stage)
{
    const char *wrong = ir_verify(ir);
    if (!wrong)
        return;
    fprintf(stderr, "xrun: internal error: IR of the block at %#lx is invalid %s: %s\n",
            (unsigned long)ir->pc, stage, wrong);
    ir_print(ir, stderr);
    abort();
}

static bool goes_many_ways(const struct ir *ir)
{
    const struct ir_insn *last = &ir->insn[ir->count - 1];
    return (last->op == IR_JUMPR || last->op == IR_CALLR) && last->cc == JUMP_MANY;
}

static bool is_tail(const struct ir *ir)
{
    enum ir_op last = ir->insn[ir->count - 1].op;
    return tr.facts.insns <= TAIL_INSNS && (last == IR_JUMPR || last == IR_CALLR || last == IR_RET);
}

/* Its own code is in the first `own` ranges. */
static struct block *finish(struct ir *ir, unsigned own)
{
    struct block_traits traits = {ir->kind, (uint8_t)own, is_tail(ir), goes_many_ways(ir)};
    if (core.config.interp)
        return cache_insert(ir->pc, tr.range, tr.range_count, NULL, ir, traits);
    FILE *ra = dump_wanted(DUMP_RA, ir->pc) ? core.config.dump_out : NULL;
    x86_lower(ir, &core.target, &tr.code, ra);
    if (dump_wanted(DUMP_OUT, ir->pc))
        dump_host(&tr.code, ir->pc);
    return cache_insert(ir->pc, tr.range, tr.range_count, &tr.code, NULL, traits);
}

static void show_built(const struct ir *ir)
{
    if (dump_wanted(DUMP_IN, ir->pc))
        dump_guest(ir->pc, ir->guest_bytes);
    if (dump_wanted(DUMP_IR, ir->pc))
        dump_ir("ir", ir);
    if (VERIFY)
        verify(ir, "as built");
}

bool translate_once(struct ir *ir, gaddr pc, uint64_t *why)
{
    uint64_t start = stats_clock();
    if (!build(ir, pc, (struct extent){.insns = UNIT_INSNS}, why))
        return false;
    stats_made(MADE_ONCE, tr.facts.insns, tr.facts.bytes, 0, start);
    show_built(ir);
    return true;
}

bool translate_insn(struct ir *ir, gaddr pc, uint64_t *why)
{
    return build(ir, pc, (struct extent){.insns = 1, .alone = true}, why);
}

/* What was built since start, through the passes and the back end into the cache; NULL: the cache is full. */
static struct block *compile(struct ir *ir, uint64_t start)
{
    unsigned own = tr.range_count; /* more come with the search for dead flags */
    if (!core.config.no_opt && !core.config.interp) {
        opt_run(ir, flags_dead);
        if (VERIFY)
            verify(ir, "after the passes");
        if (dump_wanted(DUMP_OPT, ir->pc))
            dump_ir("opt", ir);
    }
    struct block *b = finish(ir, own);
    if (!b)
        return NULL;
    if (!core.config.interp)
        pool_put(b, tr.range, &tr.code, &tr.facts);
    stats_made(ir->kind == UNIT_TRACE ? MADE_TRACE : MADE_UNIT, tr.facts.insns, tr.facts.bytes, b->size,
               start);
    return b;
}

struct block *translate(gaddr pc, uint64_t *why)
{
    uint64_t start = stats_clock();
    if (!build(&tr.ir, pc, (struct extent){.insns = UNIT_INSNS, .sides = UNIT_SIDES}, why))
        return NULL;
    tr.range_count = 0;
    tr.asked_count = 0;
    range_add(pc, pc + tr.ir.guest_bytes);
    show_built(&tr.ir);
    struct block *b = compile(&tr.ir, start);
    if (!b)
        *why = WHY_FULL;
    return b;
}

/* -- traces -- */

/* Appends a path; false: it cannot be fetched, or is made of too many pieces. */
static bool append_path(struct ir *ir, const struct trace *t, unsigned room)
{
    uint64_t why;
    struct open_calls open = {.count = 0};
    for (unsigned k = 0; k < t->count; k++) {
        ir->guard = unit_guard(t->step[k]);
        ir->shared = core.shared;
        unsigned here = room < UNIT_INSNS ? room : UNIT_INSNS, before = here;
        gaddr end = append_unit(ir, t->step[k], &here, false, &why);
        if (end == 0 || !range_add(t->step[k], end))
            return false;
        room -= before - here;
        if (k == 0 && t->step[0] == ir->pc)
            ir->guest_bytes = (uint32_t)(end - t->step[0]);
        if (t->many && follow_many(ir, t->step[k + 1]))
            break;
        bool last = k == t->count - 1;
        if ((last && !follow_back(ir, t, &open)) || !room || !follow(ir, t->step[k + 1], &open))
            break;
        if (last)
            ir_op0(ir, IR_JUMP, T_NONE, (int64_t)t->step[0]);
    }
    return true;
}

static bool build_region(struct ir *ir, const struct region *g)
{
    tr.range_count = 0;
    begin(ir, g->path[0].step[0]);
    ir->kind = UNIT_TRACE;
    if (!append_path(ir, &g->path[0], TRACE_INSNS))
        return false;
    for (unsigned k = 1; k < g->count; k++) {
        uint32_t count = ir->count;
        unsigned ranges = tr.range_count;
        ir_label(ir, g->path[k].step[0]);
        if (!append_path(ir, &g->path[k], WAY_INSNS)) {
            ir->count = count;
            ir->labels--;
            tr.range_count = ranges;
        }
    }
    return true;
}

bool translate_trace(const struct region *region)
{
    uint64_t start = stats_clock();
    tr.asked_count = 0;
    if (!build_region(&tr.ir, region))
        return true;
    show_built(&tr.ir);
    return compile(&tr.ir, start) != NULL;
}
