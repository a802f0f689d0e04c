/* SPDX-License-Identifier: MIT */
/*
 * C functions behind system registers.  FPCR and FPSR are in helpers_fp.c.
 */
#include "dbt/cpu.h"

#include <time.h>

/* CNTVCT_EL0 at 1 GHz. */
void a64_helper_counter(struct cpu *cpu, union vec io[4])
{
    struct timespec now;
    (void)cpu;
    clock_gettime(CLOCK_MONOTONIC, &now);
    io[0].u64[0] = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
