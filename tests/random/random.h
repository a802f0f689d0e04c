/* SPDX-License-Identifier: MIT */
/* The random tester's host side: random.c is the command line, gen.c makes records of one instruction, seq.c of sequences,
 * values.c invents operands, evaluate.c runs records on the evaluator, compare.c shows where results differ. */
#ifndef TESTS_RANDOM_RANDOM_H
#define TESTS_RANDOM_RANDOM_H

#include "dbt/ir/ir.h"
#include "record.h"

/* A pseudo-random number, each bit as good as the others. */
uint64_t rnd(void);
void rnd_seed(uint64_t seed);
static inline unsigned rnd_below(unsigned n)
{
    return (unsigned)(rnd() >> 33) % n;
}

/* Operands, biased to what is special in integers, in floating point, in saturation. */
uint64_t value_int(void);
void value_vec(uint64_t v[2]);
/* Two operands whose lanes' products are close to the least normal number. */
void value_tiny_factors(uint64_t a[2], uint64_t b[2]);

void die(const char *why);

/* Appends the IR of one instruction; *end: it ends the unit.  false: unallocated or unimplemented. */
bool insn_ir(struct ir *ir, uint64_t pc, uint32_t word, bool *end);

/* What an instruction's own IR says about it. */
struct traits {
    bool two_addresses;  /* copies memory: tests/guest/c/extensions.c does that */
    bool leaves;         /* anything but going on behind it */
    bool relative;       /* to the program counter */
    bool twice;          /* writes one register twice: unpredictable */
    bool memory, strict; /* accesses memory; with aligned addresses */
    uint32_t writes;     /* general registers; bit 31: SP */
};

/* One of the comma-separated globs matches, and none of those behind a '!'. */
bool name_matches(const char *name, const char *patterns);

/* A random word of a random pattern among those whose names match one of the `patterns` (comma-separated globs; those
 * behind a '!' not), and its traits; false: the pattern that was picked has nothing that `wanted` takes. */
enum mix {
    MIX_ANY,
    MIX_FEW,  /* of few registers */
    MIX_BASE, /* of few registers, and mostly of the base instructions */
};
bool pick_word(uint32_t *word, struct traits *k, const char *patterns, enum mix mix,
               bool (*wanted)(uint32_t, const struct traits *));

/* Fills in registers and flags, with no other bits of FPCR than `fpcr`. */
void gen_state(struct record *r, uint64_t fpcr);

/* Make a record; false: nothing that can be tested was found this time. */
bool gen_record(struct record *r, const char *patterns, uint64_t fpcr);
/* New values for the same code. */
void seq_state(struct record *r, uint64_t fpcr);
bool seq_record(struct record *r, const char *patterns, uint64_t fpcr);

/* Runs the records of standard input through decoder and evaluator; with opt, through the optimiser too. */
int evaluate(bool opt);

/* Prints where the results A and B of the records IN differ, but for these bits of FPSR; 1 if they do. */
int compare(const char *in_path, const char *a_path, const char *b_path, uint64_t fpsr_ignored);

#endif
