/* SPDX-License-Identifier: MIT */
/* AArch64 user-level register state (Arm ARM, B1.2). NZCV lives in struct cpu, in packed form. */
#ifndef DBT_A64_STATE_H
#define DBT_A64_STATE_H

#include "dbt/types.h"

struct a64_state {
    uint64_t x[32];      /* x[31] is SP */
    union vec v[32];
    union vec qc;        /* FPSR.QC is set if any bit is */
    uint64_t tpidr;      /* TPIDR_EL0 */
    uint64_t tpidrro;    /* TPIDRRO_EL0: 0 on Linux */
    uint32_t fpcr;       /* what the guest wrote, implemented bits only */
    uint32_t fpsr;       /* bits that are not (yet) in MXCSR or qc */
};

/* FPSR as the guest reads it: fpsr | QC | MXCSR's exceptions; and the writes.  For outside of translated code: MXCSR is
 * cpu->mxcsr, not the host register. */
struct cpu;
uint32_t a64_fpsr_read(struct cpu *cpu);
void a64_fpsr_write(struct cpu *cpu, uint32_t v);
void a64_fpcr_write(struct cpu *cpu, uint32_t v);

#endif
