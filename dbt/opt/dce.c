/* SPDX-License-Identifier: MIT */
/*
 * Dead code: what has no effect and no user goes, and the array is closed up.
 *
 * Loads stay even if unused, because they may fault, and floating point because it may set exception flags; so do
 * helpers, which may do either.  A comparison goes if the same one follows before anybody can look at FPSR: that is what
 * becomes of FCMP and B.cond.  Of several INSN marks in a row only the last says anything.
 */
#include "dbt/opt/internal.h"

#include <string.h>

static bool same_compare(const struct ir_insn *i, const struct ir_insn *later)
{
    return i->op == IR_FLFCMP && later && later->type == i->type && later->a == i->a && later->b == i->b &&
           later->imm == i->cc;
}

void opt_dce(struct ir *ir)
{
    ir_ref *map = opt_map(ir);
    /* Backwards: map[r] becomes nonzero for what is used. */
    memset(map, 0, ir->count * sizeof *map);
    bool effect_seen = true;
    const struct ir_insn *compare = NULL; /* the FCMP that follows */
    for (ir_ref r = ir->count - 1; r > 0; r--) {
        struct ir_insn *i = &ir->insn[r];
        if (i->op == IR_INSN) {
            if (!effect_seen)
                opt_kill(i);
            effect_seen = false;
            continue;
        }
        if (!map[r] && (ir_droppable(i->op) || same_compare(i, compare))) {
            opt_kill(i);
            continue;
        }
        if (!map[i->a] && i->op == IR_PUT && i->cc == PUT_IDLE) {
            opt_kill(i);
            continue;
        }
        if (i->op == IR_FCMP)
            compare = i;
        else if (i->op == IR_HELPER || ir_op_has(i->op, F_M | F_X | F_E))
            compare = NULL;
        effect_seen = true;
        map[i->a] = map[i->b] = map[i->c] = 1;
    }
    ir_ref n = 1;
    map[0] = 0;
    for (; n < ir->count && ir->insn[n].op != IR_NOP; n++) /* nothing moves */
        map[n] = n;
    for (ir_ref r = n; r < ir->count; r++) {
        if (ir->insn[r].op == IR_NOP)
            continue;
        struct ir_insn *i = &ir->insn[n];
        *i = ir->insn[r];
        opt_rename(i, map);
        map[r] = n++;
    }
    ir->count = n;
}
