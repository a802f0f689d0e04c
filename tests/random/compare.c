/* SPDX-License-Identifier: MIT */
/* Shows where two results of the same records differ. */
#include "random.h"

#include "a64_decode.h"

#include <stdio.h>
#include <string.h>

#define NOP 0xd503201f /* what differ.py leaves of an instruction that does not matter */

static const char *name_of(uint32_t word)
{
    int i = a64_pattern_of(word);
    return i < 0 ? "?" : a64_patterns[i].name;
}

static void show_input(const struct record *in)
{
    printf("  fpcr %08lx fpsr %08lx nzcv %08lx\n", in->fpcr, in->fpsr, in->nzcv);
    if (in->count > 1) {
        for (unsigned i = 0; i < in->count; i++)
            if (in->word[i] != NOP)
                printf("  %08lx: %08x %s\n", slot_pc(in) + 4 * i, in->word[i], name_of(in->word[i]));
        return;
    }
    uint32_t w = in->word[0];
    const unsigned field[4] = {w & 31, w >> 5 & 31, w >> 16 & 31, w >> 10 & 31};
    const char *const name[4] = {"d", "n", "m", "a"};
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
    printf("%08x %s\n", in->word[0], in->count > 1 ? "sequence" : name_of(in->word[0]));
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
    show_u64("signals ", 0, a->signals, b->signals);
    show_u64("seen ", 0, a->seen, b->seen);
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

/* The first three differences of each pattern (and of sequences) in full, then a count for each. */
int compare(const char *in_path, const char *a_path, const char *b_path, uint64_t fpsr_ignored)
{
    static unsigned bad[4096], seen[4096];
    static struct record in, a, b;
    FILE *fin = open_records(in_path), *fa = open_records(a_path), *fb = open_records(b_path);
    unsigned long total = 0, differ = 0, words = 0;
    while (fread(&in, sizeof in, 1, fin) == 1) {
        if (fread(&a, sizeof a, 1, fa) != 1 || fread(&b, sizeof b, 1, fb) != 1)
            die("a result is too short: what made it must have died");
        int p = in.count == 1 ? a64_pattern_of(in.word[0]) : -1;
        unsigned at = p < 0 ? 4095 : (unsigned)p;
        total++, words += in.count;
        for (unsigned i = 0; i < in.count; i++) {
            int q = a64_pattern_of(in.word[i]);
            seen[q < 0 ? 4095 : q]++;
        }
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
            printf("%-16s %u differ\n", i == 4095 ? "sequences" : a64_patterns[i].name, bad[i]);
    }
    printf("%lu of %lu records differ; %lu instructions, %u patterns\n", differ, total, words, patterns);
    return differ != 0;
}
