/* SPDX-License-Identifier: MIT */
/*
 * Makes records of one instruction.  What may be tested is read off the instruction's own IR, so that a new pattern is
 * tested without anybody telling us: not what leaves the unit, takes its address, writes one register twice (which
 * is unpredictable), or writes SP; nor system registers, whose values are a matter of the machine.
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

#define PROBE_PC 0x400000

bool insn_ir(struct ir *ir, uint64_t pc, uint32_t word, bool *end)
{
    ir_op0(ir, IR_INSN, T_NONE, (int64_t)pc);
    return dbt_guest_a64.insn(ir, pc, &word, sizeof word, end) != 0;
}

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
        bool next = i->op == IR_JUMP && i->imm == PROBE_PC + 4;
        k.memory |= ir_op_has(i->op, F_M) || (i->op == IR_HELPER && i->cc & EFFECT_WRITES);
        k.strict |= ir_op_has(i->op, F_M) && i->op != IR_LD && i->op != IR_LDS && i->op != IR_ST;
        k.strict |= i->op == IR_LEAVE_IF && (i->cc == EXIT_ALIGN_LOAD || i->cc == EXIT_ALIGN_STORE);
        k.relative |= i->op == IR_PC;
        k.leaves |= (ir_op_has(i->op, F_X) && i->op != IR_LEAVE_IF) || (ir_op_has(i->op, F_E) && !next);
        k.two_addresses |= i->op == IR_COPY || i->op == IR_FILL;
        if (i->op != IR_PUT)
            continue;
        k.twice |= written_before(ir, n);
        if (i->imm >= A64_X(0) && i->imm <= A64_X(31))
            k.writes |= 1u << (i->imm - A64_X(0)) / 8;
    }
    return k;
}

/* One of the globs matches, and none of those behind a '!'. */
bool name_matches(const char *name, const char *patterns)
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

/* Neither of the groups of the manual's table for vectors and floating point, which are most patterns. */
static bool is_base(const struct a64_pattern *p)
{
    return (p->value >> 25 & 7) != 7 && !((p->value >> 25 & 5) == 4 && p->value >> 26 & 1);
}

static const struct a64_pattern *pick(const char *patterns, bool base)
{
    static uint16_t chosen[2][4096]; /* all, and those of the base instructions */
    static unsigned count[2];
    if (!count[0])
        for (unsigned i = 0; i < a64_pattern_count; i++) {
            const char *name = a64_patterns[i].name;
            if (!name_matches(name, patterns) || !comparable(name))
                continue;
            chosen[0][count[0]++] = (uint16_t)i;
            if (is_base(&a64_patterns[i]))
                chosen[1][count[1]++] = (uint16_t)i;
        }
    unsigned k = base && count[1];
    return count[k] ? &a64_patterns[chosen[k][rnd_below(count[k])]] : NULL;
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

/* Most registers among the first eight of their kind, so that instructions depend on each other. */
static uint32_t few_registers(const struct a64_pattern *p, uint32_t w)
{
    static const unsigned field[] = {0, 5, 10, 16};
    for (unsigned i = 0; i < 4; i++)
        if (rnd_below(4))
            w = adjusted(p, w, 0, 0x18u << field[i]);
    return w;
}

bool pick_word(uint32_t *word, struct traits *k, const char *patterns, enum mix mix,
               bool (*wanted)(uint32_t, const struct traits *))
{
    static struct ir ir;
    if (!ir.cap)
        ir_init(&ir);
    const struct a64_pattern *p = pick(patterns, mix == MIX_BASE && rnd_below(4));
    for (int tries = 0; p && tries < 60; tries++) {
        uint32_t w = p->value | ((uint32_t)rnd() & ~p->mask);
        if (mix != MIX_ANY)
            w = few_registers(p, w);
        for (int pass = 0; pass < 2; pass++) {
            bool end = false;
            ir_reset(&ir, PROBE_PC);
            if (a64_pattern_of(w) != (int)(p - a64_patterns) || !insn_ir(&ir, PROBE_PC, w, &end))
                break; /* `where` says that it is another's */
            *k = traits_of(&ir, w);
            uint32_t v = k->memory ? memory_word(p, w) : w;
            if (v == w) {
                if (!k->twice && wanted(w, k)) {
                    *word = w;
                    return true;
                }
                break;
            }
            w = v;
        }
    }
    return false;
}

void gen_state(struct record *r, uint64_t fpcr)
{
    for (unsigned i = 0; i < 31; i++)
        r->x[i] = value_int();
    r->x[31] = BASE_AT + 16 * rnd_below(16);
    for (unsigned i = 0; i < 32; i++)
        value_vec(r->v[i]);
    r->nzcv = rnd() & 0xf0000000;
    r->fpcr =
        rnd_below(3) ? 0 : rnd() & (7u << 22 | (rnd_below(3) ? 0 : 3u << 25 | 1u << 19)); /* AHP DN FZ16 */
    r->fpcr &= rnd_below(2) ? ~0u : ~(1u << 24);
    r->fpcr |= rnd_below(2) ? rnd() & (1u << 13 | 7) : 0; /* EBF NEP AH FIZ */
    r->fpcr &= fpcr;
    r->fpsr = rnd_below(4) ? 0 : rnd() & 0x0800009f;
}

/* By itself. */
static bool single(uint32_t word, const struct traits *k)
{
    (void)word;
    return !k->leaves && !k->two_addresses && !k->relative && !(k->writes >> 31);
}

bool gen_record(struct record *r, const char *patterns, uint64_t fpcr)
{
    struct traits k;
    if (!pick_word(&r->word[0], &k, patterns, MIX_ANY, single))
        return false;
    r->count = 1;
    gen_state(r, fpcr);
    if (rnd_below(8) == 0)
        value_tiny_factors(r->v[r->word[0] >> 5 & 31], r->v[r->word[0] >> 16 & 31]);
    bool uxtw =
        (r->word[0] >> 13 & 7) == 2; /* where there is an index: its low half counts, without a sign */
    for (unsigned i = 0; k.memory && i < 31; i++)
        r->x[i] = i & 1 ? (uxtw || rnd_below(2) ? rnd_below(48) : (uint64_t)0 - rnd_below(16))
                        : BASE_AT + (rnd_below(9) - 4) * 16 + (k.strict ? 0 : rnd_below(16));
    for (unsigned i = 0; k.memory && i < MEM_SIZE / 8; i++)
        r->mem[i] = rnd();
    return true;
}
