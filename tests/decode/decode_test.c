/* SPDX-License-Identifier: MIT */
/*
 * The decoder against its own pattern files, and its names against Capstone's.
 *
 * Each pattern is filled with random bits some hundreds of times.  Each such word must decode to this
 * pattern; where its function accepts it, the IR must verify, and if Capstone knows the word, its mnemonic must
 * go with the function's name (aliases.c) and its target be ours.  A pattern that accepts none of its words is dead
 * and an error.  Which words are instructions at all is the sweep's question (sweep.c).
 *
 *     decode_test [SEED]
 */
#include "dbt/guest.h"

#include "a64_decode.h"
#include "aliases.h"

#include <capstone/capstone.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_EACH 400
#define TEST_PC    0x400000

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

static void check_word(uint32_t w, const struct a64_pattern *p)
{
    const char *wrong = ir_verify(&ir);
    if (wrong)
        fail(w, p->name, "bad IR", wrong);
    const char *mnemonic = capstone_mnemonic(w);
    if (!mnemonic)
        return;
    if (!alias_matches(p->name, mnemonic))
        fail(w, p->name, "Capstone calls it", mnemonic);
    else
        check_target(w, p);
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

int main(int argc, char **argv)
{
    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 0) | 1;
    if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &capstone) != CS_ERR_OK ||
        !(disas = cs_malloc(capstone))) {
        fprintf(stderr, "decode_test: no Capstone for arm64\n");
        return 1;
    }
    ir_init(&ir);
    check_patterns();
    printf("%u patterns\n", a64_pattern_count);
    ir_free(&ir);
    cs_free(disas, 1);
    cs_close(&capstone);
    if (failures)
        printf("%u failures\n", failures);
    return failures != 0;
}
