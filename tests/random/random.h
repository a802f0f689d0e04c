/* SPDX-License-Identifier: MIT */
/* The random tester's host side: random.c runs and compares records, gen.c makes them, values.c invents
 * operands. */
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

/* The IR of one instruction with what ir_eval needs around it; false: unallocated or unimplemented. */
bool unit_of(struct ir *ir, uint32_t word);

/* Makes a record for a random word of a random pattern among those whose names match one of the `patterns`
 * (comma-separated globs); false: the pattern that was picked has nothing that can be tested. */
bool gen_record(struct record *r, const char *patterns);

#endif
