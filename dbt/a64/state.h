/* SPDX-License-Identifier: MIT */
/* AArch64 user-level register state (Arm ARM, B1.2). NZCV lives in struct cpu, in packed form. */
#ifndef DBT_A64_STATE_H
#define DBT_A64_STATE_H

#include "dbt/types.h"

enum pac_key { PAC_IA, PAC_IB, PAC_DA, PAC_DB, PAC_GA };
/* Where a signed pointer has its code, as under Linux with addresses of 48 bits and tags that are ignored. */
#define A64_PAC_FIELD ((uint64_t)0x7f << 48)

/* What the last instruction was, if it was an indirect branch: BR X16, BR X17 or BR from unguarded memory; BLR; BR. */
enum btype { BTYPE_NONE, BTYPE_X16, BTYPE_CALL, BTYPE_JUMP };

struct a64_state {
    union vec v[32];
    union vec qc;     /* FPSR.QC is set if any bit is */
    union vec nep;    /* all ones if FPCR.NEP is set, else 0 */
    uint64_t tpidr;   /* TPIDR_EL0 */
    uint64_t tpidrro; /* TPIDRRO_EL0: 0 on Linux */
    /* What translated code reads or writes has 8 bytes of its own (opt/forward.c). */
    uint32_t fpcr;  /* what the guest wrote, implemented bits only */
    uint32_t fpsr;  /* bits that are not (yet) in MXCSR or qc */
    uint32_t btype; /* PSTATE.BTYPE: enum btype */
    /* nonzero: system calls take tagged pointers (set by the owner; follows the registers to new threads) */
    uint32_t tagged_addr;
    uint64_t ssbs, dit;                  /* PSTATE.SSBS, PSTATE.DIT: 0 or 1, without effect */
    uint64_t pac_off;                    /* keys that do nothing: 1 << enum pac_key */
    _Alignas(16) uint64_t pac_key[5][2]; /* by enum pac_key: keys of pointer authentication */
    uint64_t x[32];                      /* x[31] is SP; last, next to what else is used most (CPU_BIAS) */
};

/* FPSR as the guest reads it: fpsr | QC | MXCSR's exceptions; and the writes.  For outside of translated code: MXCSR is
 * cpu->mxcsr, not the host register. */
struct cpu;
uint32_t a64_fpsr_read(struct cpu *cpu);
void a64_fpsr_write(struct cpu *cpu, uint32_t v);
void a64_fpcr_write(struct cpu *cpu, uint32_t v);

/* For helpers that with FPCR.AH flush to zero, round to the nearest and raise nothing: puts the guest's MXCSR away and back
 * if it is set. */
unsigned a64_quiet_begin(const struct cpu *cpu);
void a64_quiet_end(struct cpu *cpu, unsigned csr);

/* Some thread has switched a key off (pac_off): translations from before do not ask. */
extern bool a64_pac_switched;

/* What of FPCR and FPSR any thread has ever used: a set of enum fp_mode, which never shrinks. */
extern uint32_t a64_fp_asked;

#endif
