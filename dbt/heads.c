/* SPDX-License-Identifier: MIT */
/*
 * Which units count how often they are entered.
 *
 * Counting costs a tenth of what a unit of tier 1 does, most of it for the room that it takes in the processor's caches of
 * code.  So in programs that are not small only those count from which a path is worth recording: where loops begin (jumps
 * backwards lead there), where functions do, where they return to, what indirect jumps lead to, and where a trace was left:
 * its other side may be as hot.  All others are somewhere behind one of these.
 *
 * An address turns out to be a head when what leads there is built, or at the first jump.  By then there may be a
 * translation that does not count: it is dropped, and made anew if anybody comes that way again.
 */
#include "dbt/core.h"

#define FEW_UNITS 1024 /* so many fit, and all count */

static struct pc_set heads;

enum ir_unit head_kind(gaddr pc)
{
    bool all = core.config.tier || core.config.interp || cache_count() < FEW_UNITS;
    return all || pc_set_has(&heads, pc) ? UNIT_HEAD : UNIT_PLAIN;
}

void head_add(gaddr pc)
{
    pc_set_add(&heads, pc);
    struct block *b = cache_find(pc);
    if (b && b->kind == UNIT_PLAIN && cache_may_change(b->code))
        cache_drop(b);
}

/* The target of a jump, if it is backwards. */
static void note_back(struct heads *h, const struct ir *ir, const struct ir_insn *jump)
{
    gaddr to = (gaddr)jump->imm;
    if (to < ir->pc + ir->guest_bytes)
        h->pc[h->count++] = to;
}

struct heads heads_behind(const struct ir *ir)
{
    const struct ir_insn *last = &ir->insn[ir->count - 1];
    struct heads h = {.count = 0};
    if (last->op == IR_CALL)
        h.pc[h.count++] = (gaddr)last->imm;
    if (last->op == IR_CALL || last->op == IR_CALLR) {
        h.pc[h.count++] = (gaddr)ir->insn[last->b].imm;
    } else if (last->op == IR_JUMP) {
        note_back(&h, ir, last);
        if (last[-1].op == IR_EXIT_IF)
            note_back(&h, ir, last - 1);
    }
    return h;
}

void heads_add(const struct heads *h)
{
    for (uint32_t k = 0; k < h->count; k++)
        head_add(h->pc[k]);
}
