/* SPDX-License-Identifier: MIT */
/*
 * The order of the passes.
 *
 * One POLL is enough, and one behind each LABEL: nobody comes back but to the entry or to a label, so no guest runs past the
 * others for long without that one.  It goes first, because each is a place where flags and state are to be right.
 *
 * Then forwarding: it turns state that is written and read inside the unit into plain values, which is
 * what folding needs to see through.  Flags come after folding, which has turned the conditions on them into
 * comparisons, so that what is left of them is only what somebody outside may see.  Addresses come last of
 * the rewriting passes, because an address that is folded into an access no longer is a value.
 *
 * Units of tier 1 may never run again: they get only what pays for itself at once, forwarding and flags.  They have one POLL
 * at most, nearly always, and what is dead in them the back end passes over; folding and addresses would make their code
 * 2% smaller and their translation a seventh slower, and programs no faster.
 */
#include "dbt/opt/internal.h"

#include <stdlib.h>

ir_ref *opt_map(const struct ir *ir)
{
    static ir_ref *map;
    static uint32_t cap;
    if (!map || ir->count > cap) {
        cap = ir->cap;
        map = realloc(map, cap * sizeof *map);
        if (!map)
            abort();
    }
    map[0] = 0;
    return map;
}

/* Drops all but the first POLL, and the first behind a LABEL or a HELPER that writes state. */
static void opt_polls(struct ir *ir)
{
    bool seen = false;
    for (ir_ref r = 1; r < ir->count; r++) {
        struct ir_insn *i = &ir->insn[r];
        if ((i->op == IR_HELPER && i->cc & EFFECT_WRITES) || i->op == IR_LABEL)
            seen =
                false; /* it may have set the poll, so that what follows is not run as it is here; or another way */
        if (i->op != IR_POLL)
            continue;
        if (seen)
            opt_kill(i);
        seen = true;
    }
}

void opt_run(struct ir *ir, opt_flags_dead_fn *dead)
{
    bool trace = ir->kind == UNIT_TRACE;
    if (trace)
        opt_polls(ir);
    bool flags = opt_flags_mark(ir, dead);
    opt_forward(ir);
    if (trace)
        opt_fold(ir);
    if (flags)
        opt_flags(ir, dead);
    if (trace) {
        opt_address(ir);
        opt_dce(ir);
    }
}
