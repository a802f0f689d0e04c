/* SPDX-License-Identifier: MIT */
/* The passes.  Each takes and leaves a unit that ir_verify accepts and that ir_eval cannot tell from the one before. */
#ifndef DBT_OPT_OPT_H
#define DBT_OPT_OPT_H

#include "dbt/ir/ir.h"

/* Tells whether the code at pc overwrites NZCV on every path before reading it, as far as a short look tells. */
typedef bool opt_flags_dead_fn(gaddr pc, void *arg);

void opt_polls(struct ir *ir);   /* all but the first POLL, and the first behind a HELPER that writes state */
void opt_forward(struct ir *ir); /* reads of guest state that was just read or written; dead writes of it */
void opt_fold(struct ir *ir); /* constants, identities, COND of known flags to CMP, common subexpressions */
bool opt_flags_mark(struct ir *ir, opt_flags_dead_fn *dead,
                    void *arg); /* first: which PUTFL an access that faults needs; false: there is no PUTFL */
void opt_flags(struct ir *ir, opt_flags_dead_fn *dead,
               void *arg);       /* dead PUTFL; flags needed by exits only go to the exits */
void opt_address(struct ir *ir); /* address arithmetic into LD and ST */
void opt_dce(struct ir *ir);     /* what nobody uses becomes NOP, then the array is compacted */

/* All of them, in order. */
void opt_run(struct ir *ir, opt_flags_dead_fn *dead, void *arg);

#endif
