/* SPDX-License-Identifier: MIT */
/*
 * Runs IR tests from text files.  A file holds any number of tests:
 *
 *     --TEST name--
 *     --OPS--            lines of single operations, each a case: see op_line.c
 *     --TEST name--
 *     --SET--            cells before (optional): see cells.c
 *     --CODE--           a unit, with $x3 for the offset of a cell
 *     --EXPECT--         cells after evaluating it
 *     --REJECT--         or: part of what the parser or the verifier says against it
 *     --PASS name ...--  or: passes of dbt/opt to run (forward fold flags address dce run) ...
 *     --EXPECT--         ... and the unit that they leave
 *
 * Every unit that is accepted is also printed and parsed again, and must stay the same.  A unit before and
 * after its passes is evaluated on random registers (with SET's cells over them; units that touch memory only
 * if there is a SET) and must do the same; NZCV may differ where pass `flags` was told that the code at the
 * target overwrites it, which in tests is so for addresses from 0x8000 on.
 *
 * Options: --all-ops: fail if an operation was evaluated by no test; --fp-host: see fp_host.c.
 */
#include "tests/ir/runner.h"
#include "dbt/opt/opt.h"

#include <stdlib.h>
#include <string.h>

bool op_seen[IR_OP_COUNT];
static unsigned passed, failed;

enum section { S_TEST, S_OPS, S_SET, S_CODE, S_PASS, S_EXPECT, S_REJECT, S_COUNT };
static const char *const section_name[S_COUNT] = {"TEST", "OPS", "SET", "CODE", "PASS", "EXPECT", "REJECT"};

struct test {
    const char *file;
    char *text[S_COUNT]; /* of PASS and TEST: what stands in the marker's line */
};

static void report(const struct test *t, bool ok, const char *why)
{
    if (ok) {
        passed++;
        return;
    }
    failed++;
    printf("FAIL %s: %s: %s\n", t->file, t->text[S_TEST] ? t->text[S_TEST] : "?", why);
}

static char *printed(const struct ir *ir)
{
    char *text = NULL;
    size_t length;
    FILE *f = open_memstream(&text, &length);
    ir_print(ir, f);
    fclose(f);
    return text;
}

static bool same_text(const struct ir *a, const struct ir *b)
{
    char *x = printed(a), *y = printed(b);
    bool same = strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

static bool same_insns(const struct ir *a, const struct ir *b)
{
    if (a->count != b->count || a->pool_count != b->pool_count)
        return false;
    for (ir_ref n = 0; n < a->count; n++) {
        const struct ir_insn *x = &a->insn[n], *y = &b->insn[n];
        if (x->op != y->op || x->type != y->type || x->size != y->size || x->cc != y->cc || x->a != y->a ||
            x->b != y->b || x->c != y->c || x->imm != y->imm)
            return false;
    }
    return true;
}

static bool round_trip(const struct ir *ir)
{
    struct ir again;
    ir_init(&again);
    char *text = printed(ir);
    bool ok = !ir_parse(&again, text) && same_insns(ir, &again) && same_text(ir, &again);
    free(text);
    ir_free(&again);
    return ok;
}

static bool flags_dead(gaddr pc)
{
    return pc >= 0x8000;
}

/* As for a trace: all passes there are. */
static void run_all(struct ir *ir)
{
    ir->kind = UNIT_TRACE;
    opt_run(ir, flags_dead);
}

static bool run_pass(struct ir *ir, const char *name)
{
    static const struct {
        const char *name;
        void (*run)(struct ir *);
    } plain[] = {{"forward", opt_forward}, {"fold", opt_fold}, {"address", opt_address}, {"dce", opt_dce}};
    for (size_t k = 0; k < sizeof plain / sizeof *plain; k++) {
        if (strcmp(plain[k].name, name) == 0) {
            plain[k].run(ir);
            return true;
        }
    }
    if (strcmp(name, "flags") == 0)
        opt_flags(ir, flags_dead);
    else if (strcmp(name, "run") == 0)
        run_all(ir);
    else
        return false;
    return true;
}

static const char *run_passes(struct ir *ir, const char *names)
{
    char copy[200], *save = NULL;
    snprintf(copy, sizeof copy, "%s", names);
    for (char *name = strtok_r(copy, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
        if (!run_pass(ir, name))
            return "no such pass";
        const char *e = ir_verify(ir);
        if (e)
            return e;
    }
    return NULL;
}

static uint64_t random_word(void)
{
    static uint64_t s = 0x9e3779b97f4a7c15;
    s ^= s << 13, s ^= s >> 7, s ^= s << 17;
    return s >> 60 == 0 ? s & 3 : s >> 60 == 1 ? -(s & 3) : s;
}

static void randomise(struct bench *b, const char *set)
{
    char why[200];
    bench_init(b);
    for (unsigned k = 0; k < 32; k++) {
        b->cpu.a64.x[k] = random_word();
        b->cpu.a64.v[k] = (union vec){.u64 = {random_word(), random_word()}};
    }
    for (unsigned k = 0; k < MEM_WORDS; k++)
        b->mem[k] = random_word();
    b->cpu.flags = nzcv_to_flags((uint32_t)(random_word() & 15) << 28);
    if (set)
        cells_set(b, set, why, sizeof why);
}

static bool same_outcome(const struct bench *x, const struct bench *y)
{
    return memcmp(&x->cpu.a64, &y->cpu.a64, sizeof x->cpu.a64) == 0 &&
           memcmp(x->mem, y->mem, sizeof x->mem) == 0 && x->cpu.pc == y->cpu.pc && x->exit == y->exit &&
           x->cpu.exit_arg == y->cpu.exit_arg && x->exc == y->exc && x->cpu.mon_addr == y->cpu.mon_addr &&
           (x->cpu.pc >= 0x8000 || flags_to_nzcv(x->cpu.flags) == flags_to_nzcv(y->cpu.flags));
}

static bool touches_memory(const struct ir *ir)
{
    for (ir_ref n = 1; n < ir->count; n++)
        if (ir_op_has(ir->insn[n].op, F_M))
            return true;
    return false;
}

/* Both units on one bench in turn: the code holds the address of its memory. */
static bool same_meaning(struct bench *b, const struct ir *before, const struct ir *after, const char *set)
{
    static struct bench start, first;
    if (touches_memory(before) && !set)
        return true;
    for (unsigned k = 0; k < 50; k++) {
        randomise(b, set);
        start = *b;
        bench_eval(b, before);
        first = *b;
        *b = start;
        bench_eval(b, after);
        if (!same_outcome(&first, b))
            return false;
    }
    return true;
}

static void copy_unit(struct ir *to, const struct ir *from)
{
    ir_reset(to, from->pc);
    to->count = 0;
    to->labels = from->labels;
    for (ir_ref n = 0; n < from->count; n++) {
        if (from->insn[n].op == IR_VCONST) {
            const union vec *v = &from->pool[from->insn[n].imm];
            ir_vconst(to, from->insn[n].type, v->u64[0], v->u64[1]);
        } else {
            ir_add(to, from->insn[n]);
        }
    }
}

static void test_pass(const struct test *t, struct bench *b, struct ir *ir)
{
    struct ir before, want;
    ir_init(&before);
    ir_init(&want);
    copy_unit(&before, ir);
    char *text = cells_substitute(b, t->text[S_EXPECT]);
    const char *e = run_passes(ir, t->text[S_PASS]);
    if (!e)
        e = ir_parse(&want, text);
    if (!e && !same_text(ir, &want)) {
        e = "the passes leave another unit";
        puts("left:");
        ir_print(ir, stdout);
    }
    if (!e && !same_meaning(b, &before, ir, t->text[S_SET]))
        e = "the passes changed the meaning";
    report(t, !e, e);
    free(text);
    ir_free(&before);
    ir_free(&want);
}

static void test_unit(const struct test *t, struct bench *b, struct ir *ir)
{
    char why[400] = "";
    bool ok = cells_set(b, t->text[S_SET] ? t->text[S_SET] : "", why, sizeof why);
    if (ok) {
        bench_eval(b, ir);
        ok = cells_expect(b, t->text[S_EXPECT], why, sizeof why);
    }
    report(t, ok, why);
}

static void test_code(const struct test *t)
{
    static struct bench bench;
    struct bench *b = &bench;
    struct ir ir;
    ir_init(&ir);
    bench_init(b);
    char *text = cells_substitute(b, t->text[S_CODE]);
    const char *e = ir_parse(&ir, text);
    if (!e && !round_trip(&ir))
        e = "print and parse do not agree";
    else if (!e)
        e = ir_verify(&ir);
    if (t->text[S_REJECT]) {
        char *want = t->text[S_REJECT] + strspn(t->text[S_REJECT], " \n");
        want[strcspn(want, "\n")] = '\0';
        report(t, e && strstr(e, want), e ? e : "not rejected");
    } else if (e || !t->text[S_EXPECT]) {
        report(t, false, e ? e : "no EXPECT");
    } else if (t->text[S_PASS]) {
        test_pass(t, b, &ir);
    } else {
        test_unit(t, b, &ir);
    }
    free(text);
    ir_free(&ir);
}

static void test_ops(const struct test *t)
{
    char *save = NULL, why[800];
    for (char *line = strtok_r(t->text[S_OPS], "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        if (!line[strspn(line, " \t")] || line[strspn(line, " \t")] == '#')
            continue;
        why[0] = '\0';
        report(t, op_lines_run(line, why, sizeof why), why);
    }
}

static void test_run(struct test *t)
{
    if (t->text[S_OPS])
        test_ops(t);
    else if (t->text[S_CODE])
        test_code(t);
    else if (t->text[S_TEST])
        report(t, false, "neither OPS nor CODE");
    memset(t->text, 0, sizeof t->text);
}

/* A marker line "--NAME rest--": its section, with the rest; else S_COUNT. */
static enum section marker(char *line, char **rest)
{
    size_t n = strlen(line);
    for (unsigned s = 0; s < S_COUNT; s++) {
        size_t k = strlen(section_name[s]);
        if (n >= k + 4 && strncmp(line, "--", 2) == 0 && strncmp(line + 2, section_name[s], k) == 0 &&
            strcmp(line + n - 2, "--") == 0) {
            line[n - 2] = '\0';
            *rest = line + 2 + k;
            *rest += strspn(*rest, " ");
            return (enum section)s;
        }
    }
    return S_COUNT;
}

static char *file_read(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = NULL;
    size_t length = 0;
    if (!f || getdelim(&text, &length, '\0', f) < 0) {
        printf("FAIL %s: cannot be read\n", path);
        failed++;
    }
    if (f)
        fclose(f);
    return text;
}

static void file_run(const char *path)
{
    char *text = file_read(path);
    const char *base = strrchr(path, '/');
    struct test t = {.file = base ? base + 1 : path};
    /* Sections are cut out of the text in place: a marker's line ends the section before it. */
    for (char *line = text, *next; line && *line; line = next) {
        size_t n = strcspn(line, "\n");
        next = line + n + (line[n] != '\0');
        char copy[200], *rest;
        snprintf(copy, sizeof copy, "%.*s", (int)n, line);
        enum section s = marker(copy, &rest);
        if (s == S_COUNT)
            continue;
        line[n] = '\0';
        marker(line, &rest);
        line[0] = '\0';
        if (s == S_TEST)
            test_run(&t);
        t.text[s] = s == S_TEST || s == S_PASS ? rest : next;
    }
    test_run(&t);
    free(text);
}

static void check_all_seen(void)
{
    struct test t = {.file = "--all-ops"};
    for (unsigned k = 0; k < IR_OP_COUNT; k++) {
        t.text[S_TEST] = (char *)ir_op_info[k].name;
        report(&t, op_seen[k], "no test evaluates it");
    }
}

int main(int argc, char **argv)
{
    bool all = false;
    for (int k = 1; k < argc; k++) {
        if (strcmp(argv[k], "--all-ops") == 0)
            all = true;
        else if (strcmp(argv[k], "--fp-host") == 0)
            failed += fp_host_run(), passed++;
        else
            file_run(argv[k]);
    }
    if (all)
        check_all_seen();
    printf("%u passed, %u failed\n", passed, failed);
    return failed || !passed;
}
