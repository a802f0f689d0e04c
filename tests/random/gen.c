/* SPDX-License-Identifier: MIT */
/*
 * Makes records.  What may be tested is read off the instruction's own IR, so that a new pattern is tested
 * without anybody telling us: not what leaves the unit, takes its address, writes one register twice (which
 * is unpredictable), or writes SP, which is where the runner keeps its record; nor system registers, whose
 * values are a matter of the machine.
 *
 * Instructions that access memory get their base (always bits 9..5) in an even register, which then points
 * into the record's memory, and odd registers hold small offsets; the alignment that exclusives and atomics
 * ask for is kept.
 */
#include "random.h"

#include "dbt/a64/tr.h"
#include "dbt/guest.h"

#include "a64_decode.h"

#include <fnmatch.h>
#include <string.h>

#define UNIT_PC 0x400000

bool unit_of(struct ir *ir, uint32_t word)
{
    const gaddr pc = UNIT_PC;
    bool end = false;
    ir_reset(ir, pc);
    ir_op0(ir, IR_INSN, T_NONE, (int64_t)pc);
    if (!dbt_guest_a64.insn(ir, pc, &word, sizeof word, &end))
        return false;
    if (!end)
        ir_op0(ir, IR_JUMP, T_NONE, (int64_t)pc + 4);
    ir->guest_bytes = 4;
    return true;
}

struct traits {
    bool untestable, memory, strict;
};

/* The operation writes a cell that an earlier one has written: a load of two registers into one, or of its
 * base. */
static bool written_before(const struct ir *ir, ir_ref n)
{
    for (ir_ref k = 1; k < n; k++)
        if (ir->insn[k].op == IR_PUT && ir->insn[k].imm == ir->insn[n].imm)
            return true;
    return false;
}

static struct traits traits_of(const struct ir *ir, uint32_t word)
{
    /* Exclusives, acquiring and releasing accesses; anything atomic. */
    struct traits k = {.strict = (word >> 24 & 0x3f) == 0x08};
    for (ir_ref n = 1; n < ir->count; n++) {
        const struct ir_insn *i = &ir->insn[n];
        bool next = i->op == IR_JUMP && i->imm == UNIT_PC + 4;
        k.memory |= ir_op_has(i->op, F_M) || (i->op == IR_HELPER && i->cc & EFFECT_WRITES);
        k.strict |= ir_op_has(i->op, F_M) && i->op != IR_LD && i->op != IR_LDS && i->op != IR_ST;
        k.untestable |= i->op == IR_PC || i->op == IR_COPY || i->op == IR_FILL || ir_op_has(i->op, F_X) ||
                        (ir_op_has(i->op, F_E) && !next) ||
                        (i->op == IR_PUT && (i->imm == A64_X(31) || written_before(ir, n)));
    }
    return k;
}

/* One of the globs matches, and none of those behind a '!'. */
static bool matches(const char *name, const char *patterns)
{
    char glob[256];
    bool found = false;
    while (*patterns) {
        size_t n = strcspn(patterns, ",");
        if (n < sizeof glob) {
            memcpy(glob, patterns, n);
            glob[n] = 0;
            if (glob[0] == '!' && fnmatch(glob + 1, name, 0) == 0)
                return false;
            found |= fnmatch(glob, name, 0) == 0;
        }
        patterns += n + (patterns[n] == ',');
    }
    return found;
}

/* System registers are a matter of the machine; codes of pointer authentication one of the implementation. */
static bool comparable(const char *name)
{
    static const char *const own[] = {"MRS", "MSR_reg", "SYS", "HINT", "PAC", "AUT", "PACGA", "LDRA"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(name, own[i]) == 0)
            return false;
    return true;
}

static const struct a64_pattern *pick(const char *patterns)
{
    static uint16_t chosen[4096];
    static unsigned count;
    if (!count)
        for (unsigned i = 0; i < a64_pattern_count; i++) {
            const char *name = a64_patterns[i].name;
            if (matches(name, patterns) && comparable(name))
                chosen[count++] = (uint16_t)i;
        }
    return count ? &a64_patterns[chosen[rnd_below(count)]] : NULL;
}

/* Sets the bits of `set` and clears those of `clear`, if w then still belongs to the pattern. */
static uint32_t adjusted(const struct a64_pattern *p, uint32_t w, uint32_t set, uint32_t clear)
{
    uint32_t v = (w | set) & ~clear;
    return (v & p->mask) == p->value ? v : w;
}

/* Base register even, index register odd where it is one, most of large immediate offsets off. */
static uint32_t memory_word(const struct a64_pattern *p, uint32_t w)
{
    w = adjusted(p, w, 0, 1u << 5);
    w = adjusted(p, w, 0, 0xfu << 18);
    return adjusted(p, w, 1u << 16, 0);
}

static bool pick_word(struct record *r, struct traits *k, const char *patterns)
{
    static struct ir ir;
    if (!ir.cap)
        ir_init(&ir);
    const struct a64_pattern *p = pick(patterns);
    for (int tries = 0; p && tries < 60; tries++) {
        r->word = p->value | ((uint32_t)rnd() & ~p->mask);
        if (a64_pattern_of(r->word) != (int)(p - a64_patterns) ||
            !unit_of(&ir, r->word)) /* `where` says it is another's */
            continue;
        *k = traits_of(&ir, r->word);
        if (k->memory && !k->untestable) {
            r->word = memory_word(p, r->word);
            if (!unit_of(&ir, r->word))
                continue;
            *k = traits_of(&ir, r->word);
        }
        if (!k->untestable)
            return true;
    }
    return false;
}

bool gen_record(struct record *r, const char *patterns)
{
    struct traits k;
    memset(r, 0, sizeof *r);
    if (!pick_word(r, &k, patterns))
        return false;
    for (unsigned i = 0; i < 31; i++)
        r->x[i] = value_int();
    bool uxtw = (r->word >> 13 & 7) == 2; /* where there is an index: its low half counts, without a sign */
    for (unsigned i = 0; k.memory && i < 31; i++)
        r->x[i] = i & 1 ? (uxtw || rnd_below(2) ? rnd_below(48) : (uint64_t)0 - rnd_below(16))
                        : MEM_AT + MEM_SIZE / 2 + (rnd_below(9) - 4) * 16 + (k.strict ? 0 : rnd_below(16));
    r->x[31] = RECORD_AT;
    for (unsigned i = 0; i < 32; i++)
        value_vec(r->v[i]);
    for (unsigned i = 0; k.memory && i < MEM_SIZE / 8; i++)
        r->mem[i] = rnd();
    r->nzcv = rnd() & 0xf0000000;
    r->fpcr =
        rnd_below(3) ? 0 : rnd() & (7u << 22 | (rnd_below(3) ? 0 : 3u << 25 | 1u << 19)); /* AHP DN FZ16 */
    r->fpcr &= rnd_below(2) ? ~0u : ~(1u << 24);
    r->fpsr = rnd_below(4) ? 0 : rnd() & 0x0800009f;
    return true;
}
