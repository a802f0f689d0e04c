/* SPDX-License-Identifier: MIT */
/*
 * The random tester: random valid instructions on random states, run in several ways that must agree.
 *
 *  - random gen N SEED GLOBS BITS > IN
 *    makes N records for patterns that match one of the comma-separated globs, with no other FPCR bits set
 *  - random eval < IN > OUT
 *    runs them through decoder and evaluator
 *  - random opt < IN > OUT
 *    the same with the optimiser's passes between
 *  - random diff IN A B [BITS]
 *    prints where A and B, results of IN, differ, but for these bits of FPSR; exit status 1 if they do
 *
 * Other results come from runner.c (qemu-user, hardware, or xrun itself, compiled code and all); differ.py
 * puts it together.  Records and what they leave out: record.h, gen.c.
 */
#include "random.h"

#include "dbt/a64/state.h"
#include "dbt/cpu.h"
#include "dbt/guest.h"
#include "dbt/ir/eval.h"
#include "dbt/opt/opt.h"

#include "a64_decode.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xmmintrin.h>

static void die(const char *why)
{
    fprintf(stderr, "random: %s\n", why);
    exit(2);
}

/* -- generating --------------------------------------------------------------------------------- */

static int generate(unsigned long n, uint64_t seed, const char *globs, uint64_t fpcr)
{
    struct record r;
    rnd_seed(seed);
    unsigned long made = 0;
    for (unsigned long tries = 0; made < n && tries < n * 20; tries++)
        if (gen_record(&r, globs)) {
            r.fpcr &= fpcr;
            fwrite(&r, sizeof r, 1, stdout);
            made++;
        }
    if (!made)
        die("nothing to test among these patterns");
    return 0;
}

/* -- evaluating --------------------------------------------------------------------------------- */

static helper_fn *helpers[512];

static bool never_dead(gaddr pc, void *arg)
{
    (void)pc, (void)arg;
    return false;
}

static void run(struct cpu *cpu, struct ir *ir, struct record *r)
{
    memcpy(cpu->a64.x, r->x, sizeof r->x);
    memcpy(cpu->a64.v, r->v, sizeof r->v);
    cpu->flags = nzcv_to_flags((uint32_t)r->nzcv);
    cpu->mon_addr = ~(uint64_t)0;
    cpu->helpers = helpers;
    a64_fpcr_write(cpu, (uint32_t)r->fpcr);
    a64_fpsr_write(cpu, (uint32_t)r->fpsr);
    memcpy((void *)MEM_AT, r->mem, sizeof r->mem);
    unsigned host = _mm_getcsr();
    _mm_setcsr(cpu->mxcsr);
    ir_eval(ir, cpu);
    cpu->mxcsr = _mm_getcsr();
    _mm_setcsr(host);
    memcpy(r->mem, (void *)MEM_AT, sizeof r->mem);
    memcpy(r->x, cpu->a64.x, sizeof r->x);
    memcpy(r->v, cpu->a64.v, sizeof r->v);
    r->nzcv = flags_to_nzcv(cpu->flags);
    r->fpcr = cpu->a64.fpcr;
    r->fpsr = a64_fpsr_read(cpu);
}

static int evaluate(bool opt)
{
    static struct cpu cpu;
    struct record r;
    struct ir ir;
    if (mmap((void *)AREA_AT, AREA_SIZE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)AREA_AT)
        die("no room for the data");
    memcpy(helpers + 1, dbt_guest_a64.helpers, dbt_guest_a64.helper_count * sizeof *helpers);
    ir_init(&ir);
    while (fread(&r, sizeof r, 1, stdin) == 1) {
        if (!unit_of(&ir, r.word)) {
            r.status = 4;
        } else {
            const char *bad = ir_verify(&ir);
            if (!bad && opt) {
                opt_run(&ir, never_dead, NULL);
                bad = ir_verify(&ir);
            }
            if (bad) {
                fprintf(stderr, "%08x: %s\n", r.word, bad);
                ir_print(&ir, stderr);
                r.status = 255;
            } else {
                run(&cpu, &ir, &r);
            }
        }
        fwrite(&r, sizeof r, 1, stdout);
    }
    return 0;
}

/* -- comparing ---------------------------------------------------------------------------------- */

static const char *name_of(uint32_t word)
{
    int i = a64_pattern_of(word);
    return i < 0 ? "?" : a64_patterns[i].name;
}

static void show_input(const struct record *in)
{
    uint32_t w = in->word;
    const unsigned field[4] = {w & 31, w >> 5 & 31, w >> 16 & 31, w >> 10 & 31};
    const char *const name[4] = {"d", "n", "m", "a"};
    printf("  fpcr %08lx fpsr %08lx nzcv %08lx\n", in->fpcr, in->fpsr, in->nzcv);
    for (unsigned k = 0; k < 4; k++)
        printf("  %s: v%-2u %016lx:%016lx   x%-2u %016lx\n", name[k], field[k], in->v[field[k]][1],
               in->v[field[k]][0], field[k], in->x[field[k]]);
}

static void show_u64(const char *what, unsigned n, uint64_t a, uint64_t b)
{
    if (a != b)
        printf("  -> %s%u: %016lx | %016lx\n", what, n, a, b);
}

static void show_difference(const struct record *in, const struct record *a, const struct record *b)
{
    printf("%08x %s\n", in->word, name_of(in->word));
    show_input(in);
    for (unsigned i = 0; i < 32; i++)
        show_u64("x", i, a->x[i], b->x[i]);
    for (unsigned i = 0; i < 32; i++)
        if (memcmp(a->v[i], b->v[i], 16))
            printf("  -> v%u: %016lx:%016lx | %016lx:%016lx\n", i, a->v[i][1], a->v[i][0], b->v[i][1],
                   b->v[i][0]);
    show_u64("nzcv ", 0, a->nzcv, b->nzcv);
    show_u64("fpcr ", 0, a->fpcr, b->fpcr);
    show_u64("fpsr ", 0, a->fpsr, b->fpsr);
    show_u64("status ", 0, a->status, b->status);
    for (unsigned i = 0; i < MEM_SIZE / 8; i++)
        show_u64("mem+8*", i, a->mem[i], b->mem[i]);
}

static FILE *open_records(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        die(path);
    return f;
}

/* The first three differences of each pattern in full, then a count for each. */
static int compare(const char *in_path, const char *a_path, const char *b_path, uint64_t fpsr_ignored)
{
    static unsigned bad[4096], seen[4096];
    FILE *fin = open_records(in_path), *fa = open_records(a_path), *fb = open_records(b_path);
    struct record in, a, b;
    unsigned long total = 0, differ = 0;
    while (fread(&in, sizeof in, 1, fin) == 1) {
        if (fread(&a, sizeof a, 1, fa) != 1 || fread(&b, sizeof b, 1, fb) != 1)
            die("a result is too short: what made it must have died");
        int p = a64_pattern_of(in.word);
        unsigned at = p < 0 ? 4095 : (unsigned)p;
        total++, seen[at]++;
        a.fpsr &= ~fpsr_ignored;
        b.fpsr &= ~fpsr_ignored;
        if (!memcmp(&a, &b, sizeof a))
            continue;
        differ++;
        if (bad[at]++ < 3)
            show_difference(&in, &a, &b);
    }
    unsigned patterns = 0;
    for (unsigned i = 0; i < 4096; i++) {
        patterns += seen[i] != 0;
        if (bad[i])
            printf("%-16s %u of %u differ\n", i == 4095 ? "?" : a64_patterns[i].name, bad[i], seen[i]);
    }
    printf("%lu of %lu records differ; %u patterns\n", differ, total, patterns);
    return differ != 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && !strcmp(argv[1], "gen"))
        return generate(strtoul(argv[2], NULL, 0), strtoull(argv[3], NULL, 0), argv[4],
                        strtoul(argv[5], NULL, 0));
    if (argc == 2 && (!strcmp(argv[1], "eval") || !strcmp(argv[1], "opt")))
        return evaluate(!strcmp(argv[1], "opt"));
    if ((argc == 5 || argc == 6) && !strcmp(argv[1], "diff"))
        return compare(argv[2], argv[3], argv[4], argc == 6 ? strtoul(argv[5], NULL, 0) : 0);
    die("usage: random gen N SEED GLOBS BITS | eval | opt | diff IN A B [BITS]");
}
