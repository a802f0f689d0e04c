/* SPDX-License-Identifier: MIT */
/* The runner of IR tests: what its files share.  The form of test files is told at the head of runner.c. */
#ifndef TESTS_IR_RUNNER_H
#define TESTS_IR_RUNNER_H

#include "dbt/ir/eval.h"

#define MEM_WORDS 64

/* What a test runs on. */
struct bench {
    struct cpu cpu;
    uint64_t mem[MEM_WORDS] __attribute__((aligned(64)));
    unsigned round; /* MXCSR.RC */
    bool fz, fiz;   /* FPCR.FZ, FIZ */
    unsigned exc;   /* exceptions, before and after */
    enum exit_reason exit;
};

void bench_init(struct bench *b);
/* Evaluates a unit, or one operation, under the bench's floating-point modes. */
void bench_eval(struct bench *b, const struct ir *ir);
void bench_eval_op(struct bench *b, const struct ir_insn *i, union vec io[4]);

/* A literal: number, {low, high} or [lane lane ...]. */
bool parse_value(const char **p, union vec *v);
/* Lines "cell = value".  Sets the bench's cells, or compares with them; false with a message in why. */
bool cells_set(struct bench *b, const char *text, char *why, size_t size);
bool cells_expect(const struct bench *b, const char *text, char *why, size_t size);
/* The text with $name replaced by the cell's offset in struct cpu ($mem: the memory's address); owned by the
 * caller. */
char *cells_substitute(const struct bench *b, const char *text);

/* Lines of single operations. */
bool op_lines_run(const char *text, char *why, size_t size);

/* Against the host's own arithmetic; returns the number of differences. */
unsigned fp_host_run(void);

/* Ops that some test evaluated. */
extern bool op_seen[IR_OP_COUNT];

#endif
