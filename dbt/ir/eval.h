/* SPDX-License-Identifier: MIT */
/* The evaluator: says what each IR operation means.  `--interp` runs on it, and everything else is judged by it. */
#ifndef DBT_IR_EVAL_H
#define DBT_IR_EVAL_H

#include "dbt/cpu.h"
#include "dbt/ir/ir.h"

/*
 * Evaluates one unit on cpu.  Guest memory is accessed directly; cpu->pc is kept at the current guest instruction
 * (INSN), so that a fault finds complete state.  On return cpu->pc is where to go on; exit_arg as TRAP sets it.
 * Returns EXIT_NONE after a jump of any kind, EXIT_SIGNAL from POLL, else TRAP's reason.
 */
enum exit_reason ir_eval(const struct ir *ir, struct cpu *cpu);

/*
 * Evaluates one pure (P-flagged) operation: operands a, b, c in io[1..3], result in io[0].  Results are zero above their
 * type's width; a flags value is the nibble NZCV.  ITOF's scalar source must be told by `size` (ops.h), BITCAST's by
 * size = 1 if it is an F16.  FP modes are taken from and exceptions added to the host's MXCSR.
 * `pool` is the unit's pool of constants.  Also the back end's fallback for operations that it does not inline.
 */
void ir_eval_op(const struct ir_insn *insn, const union vec *pool, struct cpu *cpu, union vec io[4]);

/* Is it an instruction by which ir_eval accesses guest memory?  For signal handlers. */
bool ir_eval_is_access(const void *host);

#endif
