/* SPDX-License-Identifier: MIT */
/* What abi/ asks of the translator, for tests that do without it. */
#include "dbt/cpu.h"

uint32_t a64_fpsr_read(struct cpu *cpu)
{
    return cpu->a64.fpsr;
}
