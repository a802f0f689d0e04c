/* SPDX-License-Identifier: MIT */
/*
 * The random tester: random valid instructions on random states, run in several ways that must agree.
 *
 *  - random gen N SEED GLOBS BITS > IN
 *    makes N records for patterns that match one of the comma-separated globs, with no other FPCR bits set
 *  - random seq N SEED GLOBS BITS > IN
 *    the same with sequences of instructions: branches, loops, calls, atomics, faults
 *  - random eval < IN > OUT
 *    runs them through decoder and evaluator, one instruction at a time
 *  - random opt < IN > OUT
 *    the same a unit at a time, with the optimiser's passes between
 *  - random diff IN A B [BITS]
 *    prints where A and B, results of IN, differ, but for these bits of FPSR; exit status 1 if they do
 *
 * Other results come from runner.c (qemu-user, hardware, or xrun itself, compiled code and all); differ.py
 * puts it together.  Records and what they leave out: record.h, gen.c, seq.c.
 */
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void die(const char *why)
{
    fprintf(stderr, "random: %s\n", why);
    exit(2);
}

/* Records of sequences come in groups with the same code, so that code is run again with other values. */
static int generate(unsigned long n, uint64_t seed, const char *globs, uint64_t fpcr, bool sequences)
{
    const unsigned group = sequences ? 4 : 1;
    static struct record r;
    rnd_seed(seed);
    unsigned long made = 0;
    for (unsigned long tries = 0; made < n && tries < n * 20; tries++) {
        if (made % group) {
            seq_state(&r, fpcr);
        } else {
            memset(&r, 0, sizeof r);
            r.slot = (uint32_t)(made / group % SLOTS);
            if (!(sequences ? seq_record : gen_record)(&r, globs, fpcr))
                continue;
        }
        fwrite(&r, sizeof r, 1, stdout);
        made++;
    }
    if (!made)
        die("nothing to test among these patterns");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && (!strcmp(argv[1], "gen") || !strcmp(argv[1], "seq")))
        return generate(strtoul(argv[2], NULL, 0), strtoull(argv[3], NULL, 0), argv[4],
                        strtoul(argv[5], NULL, 0), !strcmp(argv[1], "seq"));
    if (argc == 2 && (!strcmp(argv[1], "eval") || !strcmp(argv[1], "opt")))
        return evaluate(!strcmp(argv[1], "opt"));
    if ((argc == 5 || argc == 6) && !strcmp(argv[1], "diff"))
        return compare(argv[2], argv[3], argv[4], argc == 6 ? strtoul(argv[5], NULL, 0) : 0);
    die("usage: random gen|seq N SEED GLOBS BITS | eval | opt | diff IN A B [BITS]");
}
