/* SPDX-License-Identifier: MIT */
/*
 * Any 32-bit word may be executed: the decoder against Capstone and objdump, on words that nobody chose.
 *
 *     sweep RULES [OPTION...] SELECTION...
 *
 * Selections:
 *     fields              every line of the pattern files, each field at each of its boundary values while the others are
 *                         random; and the same words with one fixed bit flipped
 *     sample N SEED       N random words
 *     upper               all values of bits 31 to 10, each with a few of the registers below
 *     range FIRST COUNT   these words (hexadecimal); range 0 100000000 is all
 *     slices LOG FIRST COUNT   slices of 2^24 words, by number (hexadecimal; slices LOG 0 100 is all), but for those that
 *                         LOG, a file, has a line of; a slice in which nothing is unexplained gets one when it is done.
 *                         So it can be stopped and go on, and several can share the work.
 * Options, before the selections:
 *     --objdump PROGRAM   ask it, too
 *     --no-capstone       do not ask Capstone
 *     --decode            decode and verify only; otherwise also optimise, compile and evaluate
 *     --unused            rules that explain nothing are errors (for selections that are large enough)
 *
 * What the decoder accepts must be an instruction to them, and the other way round; differences.rules has the
 * exceptions and their reasons.  Everything else is printed in groups (by our pattern or by the upper bits).
 */
#include "dbt/types.h"

#include "a64_decode.h"
#include "oracle.h"
#include "rules.h"
#include "sweep_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH ((size_t)1 << 20)

static const char *objdump;
static bool no_capstone, want_unused;
static enum depth depth = DEPTH_RUN;

static uint32_t batch[BATCH];
static bool known[BATCH], ours[BATCH];
static size_t batch_count;
static uint64_t total, accepted, unexplained;
static uint64_t random_state;

static uint32_t random_word(void)
{
    random_state += 0x9e3779b97f4a7c15;
    uint64_t z = random_state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (uint32_t)(z >> 32);
}

/* -- unexplained differences -- */

static struct group {
    enum oracle who;
    bool ours;
    int pattern;                    /* ours: its number */
    uint32_t key;                   /* not ours: the upper bits */
    uint32_t example, ones, zeroes; /* bits that are the same in all */
    uint64_t count;
} groups[4096];
static unsigned group_count;

static void note(enum oracle who, bool mine, uint32_t w)
{
    unexplained++;
    int pattern = mine ? a64_pattern_of(w) : -1;
    uint32_t key = mine ? 0 : w & 0xffe00000;
    unsigned i = 0;
    while (i < group_count && (groups[i].who != who || groups[i].ours != mine ||
                               groups[i].pattern != pattern || groups[i].key != key))
        i++;
    if (i == sizeof groups / sizeof *groups)
        i--;
    if (i == group_count)
        groups[group_count++] = (struct group){who, mine, pattern, key, w, ~0u, ~0u, 0};
    groups[i].ones &= w;
    groups[i].zeroes &= ~w;
    groups[i].count++;
}

static void print_groups(void)
{
    static const char *const names[] = {"Capstone", "objdump"};
    for (unsigned i = 0; i < group_count; i++) {
        const struct group *g = &groups[i];
        char bits[33];
        for (unsigned b = 0; b < 32; b++)
            bits[31 - b] = g->ones >> b & 1 ? '1' : g->zeroes >> b & 1 ? '0' : '-';
        bits[32] = 0;
        printf("%08x %s: %s %s; %" PRIu64 " words %s\n", g->example,
               g->ours ? a64_patterns[g->pattern].name : "not ours", names[g->who],
               g->ours ? "does not know it" : "knows it", g->count, bits);
    }
}

/* -- batches -- */

static void compare(enum oracle who)
{
    for (size_t i = 0; i < batch_count; i++)
        if (known[i] != ours[i] && !rules_explain(who, ours[i], batch[i]))
            note(who, ours[i], batch[i]);
}

static void flush(void)
{
    for (size_t i = 0; i < batch_count; i++) {
        ours[i] = sweep_run(batch[i], depth);
        accepted += ours[i];
    }
    total += batch_count;
    if (batch_count == 0)
        return;
    if (!no_capstone) {
        oracle_capstone(batch, batch_count, known);
        compare(ORACLE_CAPSTONE);
    }
    if (objdump) {
        oracle_objdump(objdump, batch, batch_count, known);
        compare(ORACLE_OBJDUMP);
    }
    batch_count = 0;
}

static void add(uint32_t w)
{
    batch[batch_count++] = w;
    if (batch_count == BATCH)
        flush();
}

/* -- selections -- */

static uint32_t place(uint32_t value, unsigned shift, unsigned width)
{
    return (value & ~(~0u << width)) << shift;
}

/* A run of open bits of a pattern at its telling values: a field may be one run or share it with its neighbours, and
 * its edges are found either way. */
static void add_run(const struct a64_pattern *p, unsigned shift, unsigned width)
{
    uint32_t run = place(~0u, shift, width);
    for (unsigned b = 0; b <= width; b++)
        for (int d = -1; d <= 1; d++) {
            uint32_t v = place((uint32_t)(((uint64_t)1 << b) + (uint64_t)(int64_t)d), shift, width);
            for (unsigned sign = 0; sign < 2; sign++)
                for (unsigned k = 0; k < 2; k++)
                    add((random_word() & ~p->mask & ~run) | p->value | (sign ? run & ~v : v));
        }
}

static void add_pattern(const struct a64_pattern *p)
{
    for (unsigned shift = 0; shift < 32; shift++)
        for (unsigned width = 1; width <= 32 - shift && !(p->mask >> (shift + width - 1) & 1); width++)
            if (width == 1 || width <= 8 || p->mask >> (shift ? shift - 1 : 0) & 1)
                add_run(p, shift, width);
    for (unsigned b = 0; b < 32; b++)
        for (unsigned k = 0; k < 16; k++)
            add(((random_word() & ~p->mask) | p->value) ^ (p->mask & 1u << b));
}

static void add_upper(void)
{
    static const uint32_t low[] = {0x041, 0x3ff, 0x000, 0x0a1, 0x3e0, 0x3e2, 0x05f, 0x026};
    for (uint32_t u = 0; u < 1u << 22; u++)
        for (unsigned k = 0; k < sizeof low / sizeof *low; k++)
            add(u << 10 | low[k]);
}

static void add_range(uint64_t first, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        add((uint32_t)(first + i));
}

static void read_log(FILE *log, bool done[256])
{
    char line[80];
    while (fgets(line, sizeof line, log)) {
        unsigned long n = strtoul(line, NULL, 16);
        if (n < 256)
            done[n] = true;
    }
}

static void add_slices(const char *path, unsigned first, unsigned count)
{
    bool done[256] = {false};
    FILE *log = fopen(path, "a+");
    if (!log) {
        perror(path);
        exit(2);
    }
    read_log(log, done);
    for (unsigned n = first; n < first + count && n < 256; n++) {
        if (done[n])
            continue;
        flush();
        uint64_t accepted_before = accepted, unexplained_before = unexplained;
        add_range((uint64_t)n << 24, 1u << 24);
        flush();
        if (unexplained == unexplained_before)
            fprintf(log, "%02x %" PRIu64 " accepted\n", n, accepted - accepted_before);
        fflush(log);
    }
    fclose(log);
}

static void usage(void)
{
    fprintf(stderr, "usage: sweep RULES [--objdump PROGRAM] [--no-capstone] [--decode] [--unused]"
                    " [fields] [sample N SEED] [upper] [range FIRST COUNT] [slices LOG FIRST COUNT]...\n");
    exit(2);
}

static char **select_words(char **arg)
{
    if (strcmp(*arg, "fields") == 0) {
        for (unsigned i = 0; i < a64_pattern_count; i++)
            add_pattern(&a64_patterns[i]);
        return arg + 1;
    }
    if (strcmp(*arg, "upper") == 0) {
        add_upper();
        return arg + 1;
    }
    if (!arg[1] || !arg[2])
        usage();
    if (strcmp(*arg, "sample") == 0) {
        random_state = strtoull(arg[2], NULL, 0);
        for (uint64_t n = strtoull(arg[1], NULL, 0); n; n--)
            add(random_word());
    } else if (strcmp(*arg, "range") == 0) {
        add_range(strtoull(arg[1], NULL, 16), strtoull(arg[2], NULL, 16));
    } else if (strcmp(*arg, "slices") == 0 && arg[3]) {
        add_slices(arg[1], (unsigned)strtoul(arg[2], NULL, 16), (unsigned)strtoul(arg[3], NULL, 16));
        return arg + 4;
    } else {
        usage();
    }
    return arg + 3;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        usage();
    rules_read(argv[1]);
    char **arg = argv + 2;
    for (; *arg && strncmp(*arg, "--", 2) == 0; arg++) {
        if (strcmp(*arg, "--objdump") == 0 && arg[1])
            objdump = *++arg;
        else if (strcmp(*arg, "--no-capstone") == 0)
            no_capstone = true;
        else if (strcmp(*arg, "--decode") == 0)
            depth = DEPTH_DECODE;
        else if (strcmp(*arg, "--unused") == 0)
            want_unused = true;
        else
            usage();
    }
    sweep_run_init();
    while (*arg)
        arg = select_words(arg);
    flush();
    print_groups();
    unsigned asked = (no_capstone ? 0 : 1u << ORACLE_CAPSTONE) | (objdump ? 1u << ORACLE_OBJDUMP : 0);
    unsigned unused = want_unused ? rules_unused(asked) : 0;
    printf("%" PRIu64 " words, %" PRIu64 " accepted; %u groups of unexplained differences\n", total, accepted,
           group_count);
    return group_count || unused;
}
