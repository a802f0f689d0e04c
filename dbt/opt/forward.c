/* SPDX-License-Identifier: MIT */
/*
 * Forwarding of guest state: a GET of a cell whose value is known becomes that value; a PUT that nobody can
 * see goes.
 *
 * What must hold:
 *  1. At every instruction that may fault or leave (M, X, E) and every HELPER that reads state, the cells are what
 *     the PUTs before it made them.  So a PUT is dead only if another PUT to the cell follows with none of those
 *     between.
 *  2. A HELPER that writes state makes everything that is known about cells unknown.
 *  3. LDX, STX and CLREX write the monitor's address without a PUT.
 *  4. Cells do not overlap but at the same offset; a cell read as an integer and written as a vector is not
 *     forwarded.
 *  5. An INSN between a dead PUT and the one that replaces it is marked INSN_INCOMPLETE: the back end must put no way
 *     out in front of it.
 *
 * A dead PUT of a vector is only marked (PUT_IDLE): where the cell sits in a register and the value is used further on,
 * the back end does well to keep it there instead of in another one.
 *
 * A narrow GET of a wider known value becomes TRUNC or LOW of it, which folding then sees through.
 */
#include "dbt/opt/internal.h"

#include "dbt/cpu.h"

#include <string.h>

#define CELLS (sizeof(struct cpu) / 8)

struct cell {
    uint32_t epoch; /* entry is valid if it equals the pass's */
    ir_ref value;
    ir_ref put; /* last PUT to it, or 0 */
};

static struct cell cells[CELLS];
static uint32_t epoch;

static struct cell *cell_of(const struct ir_insn *i)
{
    struct cell *c = &cells[(uint64_t)i->imm / 8 % CELLS];
    if (c->epoch != epoch)
        *c = (struct cell){.epoch = epoch};
    return c;
}

static bool same_class(enum ir_type a, enum ir_type b)
{
    return ir_type_is_xmm(a) == ir_type_is_xmm(b);
}

/* Turns the GET at r into what the cell is known to hold. */
static void forward_get(struct ir *ir, ir_ref r, ir_ref *map)
{
    struct ir_insn *i = &ir->insn[r];
    struct cell *c = cell_of(i);
    enum ir_type want = i->type, have = c->value ? ir_result_type(&ir->insn[c->value]) : T_NONE;
    if (c->value && (have == want || (ir_type_is_vec(have) && ir_type_is_vec(want)))) {
        map[r] = c->value;
        opt_kill(i);
    } else if (have == T_I64 && want == T_I32) {
        *i = (struct ir_insn){.op = IR_TRUNC, .type = T_I32, .a = c->value};
    } else if (ir_type_is_vec(have) && ir_type_is_float(want)) {
        *i = (struct ir_insn){.op = IR_LOW, .type = want, .a = c->value};
    } else {
        c->value = r;
    }
}

static void forward_put(struct ir *ir, ir_ref r, ir_ref barrier)
{
    struct ir_insn *i = &ir->insn[r];
    struct cell *c = cell_of(i);
    enum ir_type t = ir_result_type(&ir->insn[i->a]);
    if (c->value == i->a) {
        opt_kill(i);
        return;
    }
    if (c->put > barrier && same_class(t, ir->insn[c->put].type)) {
        if (ir_type_is_vec(ir->insn[c->put].type))
            ir->insn[c->put].cc = PUT_IDLE;
        else
            opt_kill(&ir->insn[c->put]);
        for (ir_ref k = c->put; k < r; k++)
            if (ir->insn[k].op == IR_INSN)
                ir->insn[k].size |= INSN_INCOMPLETE;
    }
    c->value = i->a;
    c->put = r;
}

/* What is known about the cell is not so any more. */
static void forget(int64_t cell)
{
    cells[cell / 8].epoch = 0;
}

void opt_forward(struct ir *ir)
{
    ir_ref *map = opt_map(ir), barrier = 0, flags = 0;
    epoch++;
    for (ir_ref r = 1; r < ir->count; r++) {
        struct ir_insn *i = &ir->insn[r];
        opt_rename(i, map);
        map[r] = r;
        switch (i->op) {
        case IR_GET: forward_get(ir, r, map); break;
        case IR_PUT: forward_put(ir, r, barrier); break;
        case IR_GETFL:
            if (flags) {
                map[r] = flags;
                opt_kill(i);
            } else {
                flags = r;
            }
            break;
        case IR_PUTFL: flags = i->a; break;
        case IR_LABEL:
            epoch++;
            flags = 0;
            barrier = r;
            break;
        case IR_HELPER:
            if (i->cc != EFFECT_NONE)
                barrier = r;
            if (i->cc & EFFECT_WRITES) {
                epoch++;
                flags = 0;
            }
            break;
        default:
            if (ir_op_has(i->op, F_M | F_X | F_E))
                barrier = r;
            if (ir_op_has(i->op, F_G))
                forget(offsetof(struct cpu, mon_addr));
        }
    }
}
