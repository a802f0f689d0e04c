/* SPDX-License-Identifier: MIT */
/* What the evaluator's files share.  eval.c is the loop; each other file evaluates one family of operations. */
#ifndef DBT_IR_EVAL_INTERNAL_H
#define DBT_IR_EVAL_INTERNAL_H

#include "dbt/ir/eval.h"

__extension__ typedef unsigned __int128 u128;

/* Flags in the evaluator: a nibble. */
enum { FL_N = 8, FL_Z = 4, FL_C = 2, FL_V = 1 };
bool eval_cond(unsigned nzcv, unsigned cc);

/* Operations on I32 and I64, and on flags; vectors of integers and moves; rotation and cryptography; floating
 * point.  Operands and result as at ir_eval_op, except that results need not be cut to their type's width. */
void eval_int(const struct ir_insn *i, union vec io[4]);
void eval_vec(const struct ir_insn *i, union vec io[4]);
void eval_crypto(const struct ir_insn *i, union vec io[4]);
void eval_fp(const struct ir_insn *i, struct cpu *cpu, union vec io[4]);

/* One lane or scalar of so many bits, operands cut to that: the integer operations that both have. */
uint64_t eval_unary(const struct ir_insn *i, uint64_t x, unsigned bits);
uint64_t eval_binary(const struct ir_insn *i, uint64_t x, uint64_t y, unsigned bits);

/* Operations on guest memory: a, b, c are the operands' values; the result goes to *r. */
void eval_mem(const struct ir_insn *i, struct cpu *cpu, const union vec *a, const union vec *b,
              const union vec *c, union vec *r);

#endif
