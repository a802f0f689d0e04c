/* SPDX-License-Identifier: MIT */
/*
 * Loops: a trace that goes back to its own head has registers of its own choice.
 *
 * Everywhere else a guest register is either pinned to one host register or stands in its cell, whatever the code at
 * hand uses.  A loop exchanges some of them: a pinned register that the loop does not need gets a cell that it does.
 * That is done once in front of the loop (the prologue), and undone on every way out of it; the way back to the head
 * goes behind the prologue.  Other ways through the loop (LABEL) begin and end with the exchange in force.
 *
 * What must hold:
 *  1. Between the prologue and a way out, one map says for the whole loop where each cell is: `in` of a swap in its
 *     register, `out` in memory.  So a fault needs no map of its own either: the handler goes on in code that undoes
 *     the exchange (x86_code.restore) and leaves.
 *  2. The exchange is moves: EFLAGS stay, and so do temps.
 *  3. C functions are called with the exchange in force, so STUB_HELPER must not write pinned registers to their cells;
 *     those that look at guest state (EFFECT_READS, EFFECT_WRITES) are not called from a loop that exchanges.
 *  4. The way back is no exit that is patched when the unit is dropped: who drops it asks all threads out by their poll
 *     (cache.c), and every cycle has one.
 *
 * An exchange costs four accesses to memory each time the loop is entered and left, and nobody knows how often it turns.
 * So it must save two a turn; one, where a single condition ends the loop, which then is not left on the way.  What is
 * carried from turn to turn in a vector register counts for more: through memory that takes 11 cycles (Zen 5).
 */
#include "dbt/x86/lower_impl.h"

#include <string.h>

enum { CARRIED_X = 8, CARRIED_G = 1 };

/* How much the first path of a loop uses each cell, by offset / 8: other paths may go through a loop around this one,
 * and turn less.  `dirty`: any path writes it. */
struct weights {
    uint16_t reads[GRANULES], writes[GRANULES];
    bool read_first[GRANULES], is_x[GRANULES], dirty[GRANULES];
    unsigned exits, per_write;
};

static unsigned least_gain(const struct weights *w)
{
    return w->exits > 1 ? 2 : 1;
}

/* May registers be exchanged around this?  Loops of exclusives turn once. */
static bool bears_exchange(const struct ir_insn *i)
{
    if (i->op == IR_HELPER)
        return i->cc == EFFECT_NONE;
    return i->op != IR_STX && i->op != IR_CALL && i->op != IR_CALLR && i->op != IR_RET && i->op != IR_JUMPR;
}

static void weigh(const struct lower *l, const struct ir_insn *i, struct weights *w)
{
    uint32_t k = (uint32_t)(i->imm / 8);
    w->exits += i->op == IR_EXIT_IF && !lower_way(l, (gaddr)i->imm);
    if (i->op == IR_ATOM || i->op == IR_CAS)
        w->per_write = 2; /* it waits for all stores before it */
    if ((i->op != IR_GET && i->op != IR_PUT) || k >= GRANULES || (i->op == IR_PUT && i->cc == PUT_IDLE))
        return;
    if (!w->reads[k] && !w->writes[k])
        w->read_first[k] = i->op == IR_GET;
    w->reads[k] += i->op == IR_GET;
    w->writes[k] += i->op == IR_PUT;
    w->is_x[k] |= ir_type_is_xmm(i->type);
}

static unsigned weight(const struct weights *w, unsigned k)
{
    bool carried = w->read_first[k] && w->writes[k];
    return w->reads[k] + w->writes[k] * w->per_write + (!carried ? 0u : w->is_x[k] ? CARRIED_X : CARRIED_G);
}

/* The cell of this list that is not pinned and is used most; GRANULES: none is used. */
static unsigned best_unpinned(const struct lower *l, const struct weights *w, const int32_t *cells)
{
    unsigned best = GRANULES, most = 0;
    for (; *cells; cells++) {
        unsigned k = (unsigned)*cells / 8;
        if (l->pin_of[k] == NOREG && weight(w, k) > most) {
            most = weight(w, k);
            best = k;
        }
    }
    return best;
}

/* The pinned cell of this list that is used least; GRANULES: there is none. */
static unsigned least_pinned(const struct lower *l, const struct weights *w, const int32_t *cells)
{
    unsigned best = GRANULES, least = UINT32_MAX;
    for (; *cells; cells++) {
        unsigned k = (unsigned)*cells / 8;
        if (l->pin_of[k] != NOREG && weight(w, k) < least) {
            least = weight(w, k);
            best = k;
        }
    }
    return best;
}

static void exchange(struct lower *l, const struct weights *w, const int32_t *cells)
{
    while (l->swap_count < SWAPS) {
        unsigned in = best_unpinned(l, w, cells), out = least_pinned(l, w, cells);
        if (in == GRANULES || out == GRANULES || weight(w, in) < weight(w, out) + least_gain(w))
            return;
        l->swap[l->swap_count++] = (struct swap){
            .reg = l->pin_of[out], .in = (int16_t)(8 * in), .out = (int16_t)(8 * out), .dirty = w->dirty[in]};
        l->pin_of[in] = l->pin_of[out];
        l->pin_of[out] = NOREG;
    }
}

const struct way *lower_way(const struct lower *l, gaddr pc)
{
    for (unsigned k = 0; k < l->way_count; k++)
        if (l->way[k].pc == pc)
            return &l->way[k];
    return NULL;
}

static void find_ways(struct lower *l)
{
    l->way_count = 0;
    l->aside = false;
    for (ir_ref r = 1; l->way_count < l->ir->labels && r < l->ir->count; r++)
        if (insn_of(l, r)->op == IR_LABEL)
            l->way[l->way_count++] = (struct way){(gaddr)insn_of(l, r)->imm, lower_label(l)};
}

void lower_loop_choose(struct lower *l)
{
    struct weights w;
    bool back = false, bears = true, other = false;
    l->swap_count = 0;
    find_ways(l);
    l->loop = false;
    if (l->ir->kind != UNIT_TRACE)
        return;
    memset(&w, 0, sizeof w);
    w.per_write = 1;
    for (ir_ref r = 1; r < l->ir->count; r++) {
        const struct ir_insn *i = insn_of(l, r);
        back |= (i->op == IR_EXIT_IF || i->op == IR_JUMP) && (gaddr)i->imm == l->ir->pc;
        bears &= bears_exchange(i);
        other |= i->op == IR_LABEL;
        if (!other)
            weigh(l, i, &w);
        if (i->op == IR_PUT && (uint64_t)i->imm / 8 < GRANULES)
            w.dirty[i->imm / 8] = true;
    }
    l->loop = back;
    if (!l->loop || !bears)
        return;
    exchange(l, &w, l->target->pin_vec);
    exchange(l, &w, l->target->pin_int);
    if (l->swap_count)
        l->pinned_for.pin_int = NULL; /* the next unit's pins are to be set again */
}

static void move(struct lower *l, bool store, int16_t cell, unsigned reg)
{
    struct x86_mem m = mem_cpu((size_t)cell);
    if (reg >= REG_X && store)
        enc_xmm_store(l->e, 16, m, XMM(reg - REG_X));
    else if (reg >= REG_X)
        enc_xmm_load(l->e, 16, XMM(reg - REG_X), m);
    else if (store)
        enc_store(l->e, 8, m, (gpr){(uint8_t)reg});
    else
        enc_load(l->e, 8, (gpr){(uint8_t)reg}, m);
}

void lower_loop_enter(struct lower *l)
{
    for (unsigned k = 0; k < l->swap_count; k++) {
        move(l, true, l->swap[k].out, l->swap[k].reg);
        move(l, false, l->swap[k].in, l->swap[k].reg);
    }
    if (!l->loop)
        return;
    /* A loop that fits goes into one line (past_line in x86.h).  Others begin in the middle of one: Zen 5 takes twice as long
     * for a loop with more than 12 instructions in the line that it begins in. */
    enc_nop(l->e, (32u - l->e->size) & 63);
    l->head = lower_label(l);
    l->loop_end = UINT32_MAX;
    lower_bind(l, l->head);
}

/* Backwards: what one exchange put out of its register another may have taken in. */
void lower_loop_restore(struct lower *l)
{
    for (unsigned k = l->swap_count; k-- > 0;) {
        if (l->swap[k].dirty)
            move(l, true, l->swap[k].in, l->swap[k].reg);
        move(l, false, l->swap[k].out, l->swap[k].reg);
    }
}

void lower_loop_end(struct lower *l)
{
    if (!l->swap_count)
        return;
    l->restore = lower_label(l);
    lower_cold_begin(l);
    lower_bind(l, l->restore);
    lower_loop_restore(l);
    enc_jmp_mem(l->e, mem_stub(STUB_EXIT));
    lower_cold_end(l);
}
