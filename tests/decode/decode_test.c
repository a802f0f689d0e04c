/* SPDX-License-Identifier: MIT */
/*
 * The decoder against its own pattern files and against Capstone.
 *
 * Each pattern is filled with random bits some hundreds of times.  Each such word must decode to this
 * pattern; where its function accepts it, the IR must verify, and Capstone must know the word under a
 * mnemonic that goes with the function's name (aliases.c).  A pattern that accepts none of its words is dead
 * and an error. Then words without any pattern's help: what we accept, Capstone must accept.
 *
 *     decode_test [--gaps] [SEED]
 *
 * --gaps lists which mnemonics of Capstone's were met in random words and rejected by us: what is not
 * implemented, and later extensions.
 */
#include "dbt/guest.h"

#include "a64_decode.h"
#include "aliases.h"

#include <capstone/capstone.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_EACH   400
#define WORDS_RANDOM 2000000
#define TEST_PC      0x400000

static csh capstone;
static cs_insn *disas;
static struct ir ir;
static unsigned failures, repeated; /* repeated: for the name that failed last */
static const char *failed_last;
static uint64_t random_state = 88172645463325252u;

static uint32_t random_word(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 16);
}

static void fail(uint32_t w, const char *name, const char *what, const char *detail)
{
    failures++;
    repeated = failed_last == name ? repeated + 1 : 0;
    failed_last = name;
    if (repeated < 4)
        printf("%08x %s: %s%s%s\n", w, name, what, *detail ? ": " : "", detail);
}

/* Capstone's mnemonic of w, or NULL. */
static const char *capstone_mnemonic(uint32_t w)
{
    const uint8_t *code = (const uint8_t *)&w;
    size_t size = sizeof w;
    uint64_t address = TEST_PC;
    return cs_disasm_iter(capstone, &code, &size, &address, disas) ? disas->mnemonic : NULL;
}

/* Translates w into `ir` as a unit of its own; false if we reject it. */
static bool translate(uint32_t w)
{
    bool end = false;
    ir_reset(&ir, TEST_PC);
    ir_op0(&ir, IR_INSN, T_NONE, TEST_PC);
    uint32_t count = ir.count;
    if (!dbt_guest_a64.insn(&ir, TEST_PC, &w, sizeof w, &end)) {
        if (ir.count != count)
            fail(w, "", "was rejected, but left IR", "");
        return false;
    }
    if (!end)
        ir_op0(&ir, IR_JUMP, T_NONE, TEST_PC + 4);
    return true;
}

/* Instructions that name an address: the IR must know the one that Capstone prints. */
static void check_target(uint32_t w, const struct a64_pattern *p)
{
    static const char *const names[] = {"B",    "BL",  "B_cond", "CBZ",     "CBNZ",      "TBZ",
                                        "TBNZ", "ADR", "ADRP",   "LDR_lit", "LDRSW_lit", "LDR_lit_vec"};
    bool has_target = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        has_target = has_target || strcmp(p->name, names[i]) == 0;
    const char *text = strrchr(disas->op_str, '#');
    if (!has_target || !text)
        return;
    int64_t target = (int64_t)strtoull(text + 1, NULL, 0);
    if (text[1] == '-')
        target = -(int64_t)strtoull(text + 2, NULL, 0);
    for (uint32_t i = 1; i < ir.count; i++) {
        unsigned op = ir.insn[i].op;
        if ((op == IR_PC || op == IR_EXIT_IF || op == IR_JUMP || op == IR_CALL) && ir.insn[i].imm == target)
            return;
    }
    /* The address may have been formed for XZR only. */
    if ((w & 31) != 31 || p->name[0] != 'A')
        fail(w, p->name, "has another target than", disas->op_str);
}

/* Capstone's tables end with ARMv8.0-A; of what came later they know some. */
static bool may_be_unknown(const struct a64_pattern *p, uint32_t w)
{
    return p->feature != 0 || alias_unknown_to_capstone(p->name, w);
}

static void check_word(uint32_t w, const struct a64_pattern *p)
{
    const char *wrong = ir_verify(&ir);
    if (wrong)
        fail(w, p->name, "bad IR", wrong);
    const char *mnemonic = capstone_mnemonic(w);
    if (!mnemonic) {
        if (!may_be_unknown(p, w))
            fail(w, p->name, "Capstone knows no such instruction", "");
    } else if (!alias_matches(p->name, mnemonic)) {
        fail(w, p->name, "Capstone calls it", mnemonic);
    } else {
        check_target(w, p);
    }
}

/* A word of this pattern. */
static uint32_t fill_pattern(const struct a64_pattern *p)
{
    for (;;) {
        uint32_t w = (random_word() & ~p->mask) | p->value;
        bool ok = true;
        for (size_t i = 0; i < sizeof p->except / sizeof p->except[0]; i++)
            ok = ok && (w & p->except[i].mask) != p->except[i].value;
        if (ok)
            return w;
    }
}

/* System registers are few among many numbers. */
static bool is_sparse(const char *name)
{
    return strcmp(name, "MRS") == 0 || strcmp(name, "MSR_reg") == 0 || strcmp(name, "SYS") == 0;
}

static void check_patterns(void)
{
    for (unsigned n = 0; n < a64_pattern_count; n++) {
        const struct a64_pattern *p = &a64_patterns[n];
        unsigned accepted = 0, tries = is_sparse(p->name) ? 200 * WORDS_EACH : WORDS_EACH;
        for (unsigned i = 0; i < tries; i++) {
            uint32_t w = fill_pattern(p);
            int found = a64_pattern_of(w);
            if (found != (int)n)
                fail(w, p->name, "decodes as", found < 0 ? "nothing" : a64_patterns[found].name);
            else if (translate(w)) {
                accepted++;
                check_word(w, p);
            }
        }
        if (!accepted)
            fail(p->value, p->name, "accepts none of its words", "");
    }
}

/* -- words of no pattern's -- */

static struct gap {
    char mnemonic[CS_MNEMONIC_SIZE];
    uint32_t word;
    unsigned count;
} gaps[1000];
static unsigned gap_count;

static void add_gap(const char *mnemonic, uint32_t w)
{
    unsigned i = 0;
    while (i < gap_count && strcmp(gaps[i].mnemonic, mnemonic) != 0)
        i++;
    if (i == sizeof gaps / sizeof gaps[0])
        return;
    if (i == gap_count) {
        gap_count++;
        snprintf(gaps[i].mnemonic, sizeof gaps[i].mnemonic, "%s", mnemonic);
        gaps[i].word = w;
    }
    gaps[i].count++;
}

static void check_random(bool want_gaps)
{
    unsigned accepted = 0;
    for (unsigned i = 0; i < WORDS_RANDOM; i++) {
        uint32_t w = random_word();
        if (translate(w)) {
            accepted++;
            if (!capstone_mnemonic(w) && !may_be_unknown(&a64_patterns[a64_pattern_of(w)], w))
                fail(w, a64_patterns[a64_pattern_of(w)].name,
                     "accepted, but Capstone knows no such instruction", "");
        } else if (want_gaps && capstone_mnemonic(w)) {
            add_gap(capstone_mnemonic(w), w);
        }
    }
    printf("%u patterns; %u of %u random words accepted\n", a64_pattern_count, accepted, WORDS_RANDOM);
    for (unsigned i = 0; i < gap_count; i++)
        printf("gap %-12s %08x %u\n", gaps[i].mnemonic, gaps[i].word, gaps[i].count);
}

int main(int argc, char **argv)
{
    bool want_gaps = argc > 1 && strcmp(argv[1], "--gaps") == 0;
    if (argc > 1 + want_gaps)
        random_state = strtoull(argv[1 + want_gaps], NULL, 0) | 1;
    if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &capstone) != CS_ERR_OK ||
        !(disas = cs_malloc(capstone))) {
        fprintf(stderr, "decode_test: no Capstone for arm64\n");
        return 1;
    }
    ir_init(&ir);
    check_patterns();
    check_random(want_gaps);
    ir_free(&ir);
    cs_free(disas, 1);
    cs_close(&capstone);
    if (failures)
        printf("%u failures\n", failures);
    return failures != 0;
}
