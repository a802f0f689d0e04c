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
 * size = 1 if it is an F16.
 * `pool` is the unit's pool of constants.  Also the back end's fallback for operations that it does not inline.
 *
 * Floating point: rounding, DAZ and FTZ come from the host's MXCSR, which holds the guest's while guest code runs; the
 * other modes from cpu->fp_{fz,fz16,dn,ah,ahp}.  Exceptions go to MXCSR's sticky bits, the inexact one together with its
 * mask (fp_mxcsr in cpu.h), but the invalid one to cpu->fp_invalid; nothing else in MXCSR changes.  No floating-point
 * instruction of the host is executed: so it does not matter that the invalid exception is unmasked.
 * cpu may be NULL: then the modes in it are off, and the invalid exception goes to MXCSR, too.
 */
void ir_eval_op(const struct ir_insn *insn, const union vec *pool, struct cpu *cpu, union vec io[4]);

/* Is it an instruction by which ir_eval accesses guest memory?  For signal handlers. */
bool ir_eval_is_access(const void *host);

#endif
