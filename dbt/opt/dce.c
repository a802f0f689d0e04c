// SPDX-License-Identifier: MIT
/*
 * Dead code: what has no effect and no user goes, and the array is closed up.
 *
 * Loads stay even if unused, because they may fault, and floating point because it may set exception flags.
 * Of several INSN marks in a row only the last says anything.
 */
#include "dbt/opt/internal.h"

#include <string.h>

static bool sets_fpsr(enum ir_op op)
{
    return op >= IR_FADD && op <= IR_ITOF && op != IR_FABS && op != IR_FNEG;
}

static bool droppable(const struct ir_insn *i)
{
    if (sets_fpsr(i->op))
        return false;
    return ir_op_has(i->op, F_P) || i->op == IR_GET || i->op == IR_GETFL ||
           (i->op == IR_HELPER && i->cc == EFFECT_NONE && i->type != T_NONE);
}

void opt_dce(struct ir *ir)
{
    ir_ref *map = opt_map(ir);
    /* Backwards: map[r] becomes nonzero for what is used. */
    memset(map, 0, ir->count * sizeof *map);
    bool effect_seen = true;
    for (ir_ref r = ir->count - 1; r > 0; r--) {
        struct ir_insn *i = &ir->insn[r];
        if (i->op == IR_INSN) {
            if (!effect_seen)
                opt_kill(i);
            effect_seen = false;
            continue;
        }
        if (!map[r] && droppable(i)) {
            opt_kill(i);
            continue;
        }
        effect_seen = true;
        map[i->a] = map[i->b] = map[i->c] = 1;
    }
    uint32_t n = 1;
    map[0] = 0;
    for (ir_ref r = 1; r < ir->count; r++) {
        if (ir->insn[r].op == IR_NOP)
            continue;
        struct ir_insn *i = &ir->insn[n];
        if (n != r)
            *i = ir->insn[r];
        opt_rename(i, map);
        map[r] = n++;
    }
    ir->count = n;
}
