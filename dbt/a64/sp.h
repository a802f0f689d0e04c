/* SPDX-License-Identifier: MIT */
/* The stack pointer's alignment. */
#ifndef DBT_A64_SP_H
#define DBT_A64_SP_H

#include "dbt/a64/tr.h"

/* To be called behind each instruction, whose IR begins at `first`: leaves if the stack pointer has become misaligned. */
void sp_check(struct tr *t, ir_ref first);
/* struct dbt_guest's careful */
bool sp_misaligned(const struct cpu *cpu);

#endif
