/* SPDX-License-Identifier: MIT */
/* The passes.  Each takes and leaves a unit that ir_verify accepts and that ir_eval cannot tell from the one before. */
#ifndef DBT_OPT_OPT_H
#define DBT_OPT_OPT_H

#include "dbt/ir/ir.h"

/* Tells whether the code at pc overwrites NZCV on every path before reading it, as far as a short look tells. */
typedef bool opt_flags_dead_fn(gaddr pc);

/* Reads of guest state that was just read or written; dead writes of it. */
void opt_forward(struct ir *ir);
/* Constants, identities, COND of known flags to CMP, common subexpressions. */
void opt_fold(struct ir *ir);
/* First: which PUTFL an access that faults needs; false: there is no PUTFL. */
bool opt_flags_mark(struct ir *ir, opt_flags_dead_fn *dead);
/* Dead PUTFL; flags needed by exits only go to the exits. */
void opt_flags(struct ir *ir, opt_flags_dead_fn *dead);
/* Address arithmetic into LD and ST. */
void opt_address(struct ir *ir);
/* What nobody uses becomes NOP, then the array is compacted. */
void opt_dce(struct ir *ir);

/* All of them, in order. */
void opt_run(struct ir *ir, opt_flags_dead_fn *dead);

#endif
