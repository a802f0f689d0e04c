/* SPDX-License-Identifier: MIT */
/*
 * Runs one IR unit twice from the same state, by the evaluator and compiled, and compares everything that a
 * guest could see: struct cpu, the scratch memory, where it goes on.  Used by the tests of the back end.
 */
#ifndef TESTS_X86_UNIT_H
#define TESTS_X86_UNIT_H

#include "dbt/ir/eval.h"
#include "dbt/x86/x86.h"

#define UNIT_MEM  0x20000000u /* scratch guest memory for units */
#define UNIT_SIZE 0x4000u

#define UNIT_X(n) ((int64_t)(offsetof(struct cpu, a64.x) + 8 * (n)))
#define UNIT_V(n) ((int64_t)(offsetof(struct cpu, a64.v) + 16 * (n)))

struct rng {
    uint64_t s;
};
uint64_t rng_u64(struct rng *r);
static inline unsigned rng_below(struct rng *r, unsigned n)
{
    return (unsigned)(rng_u64(r) >> 33) % n;
}
uint64_t rng_special(struct rng *r); /* a random or a telling 64-bit value, integer or floating point */

/* Once: the stubs, the memory, the SIGFPE handler.  avx512 = false compiles for AVX2. */
void unit_init(bool avx512);
/* A random state: registers, flags, scratch memory. x19..x28 point into the scratch memory. */
void unit_randomise(struct cpu *cpu, struct rng *r);
/* Runs ir both ways from *start.  NULL, or what differed first (static storage). */
const char *unit_check(const struct ir *ir, const struct cpu *start);
/* The code of the last unit_check: its listing with Capstone, and the number of instructions in its hot part.
 */
void unit_disassemble(FILE *out);
unsigned unit_hot_count(void);
void unit_print_diff(FILE *out); /* every difference of the last check */
const struct x86_code *unit_code(void);

#endif
