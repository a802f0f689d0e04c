/* SPDX-License-Identifier: MIT */
/*
 * Exceptions, hints, barriers, system registers and cache maintenance: Arm ARM C4.1.87, C5.
 *
 * What user code may read is what Linux lets it: the registers that are accessible at EL0, and the
 * identification registers that the kernel emulates (Documentation/arch/arm64/cpu-feature-registers.rst),
 * whose fields come from the table of features. Writing FPCR or FPSR ends the unit, so that no pass takes a
 * floating-point operation across it.
 */
#include "dbt/a64/base.h"
#include "dbt/a64/feature.h"
#include "dbt/a64/pauth.h"

#include "a64_decode.h"

/* -- Exception generation -- */

static bool trap(struct tr *t, enum exit_reason why, ir_ref arg, gaddr pc)
{
    ir_add(t->ir,
           (struct ir_insn){.op = IR_TRAP, .type = T_NONE, .cc = (uint8_t)why, .a = arg, .imm = (int64_t)pc});
    t->end = true;
    return true;
}

bool SVC(struct tr *t, const struct SVC *f)
{
    return trap(t, EXIT_SYSCALL, k64(t, f->imm16), t->pc + 4);
}
bool BRK(struct tr *t, const struct BRK *f)
{
    return trap(t, EXIT_BREAK, k64(t, f->imm16), t->pc);
}

/* -- Hints, barriers -- */

bool HINT(struct tr *t, const struct HINT *f)
{
    if (a64_has(FEAT_PAUTH))
        pauth_hint(t, f->CRm << 3 | f->op2);
    return true;
}

/* Barriers of loads or of stores only, in any domain, order nothing that the host does not; the others are full. */
static bool barrier(struct tr *t, unsigned crm)
{
    bool full = (crm & 3) == 0 || (crm & 3) == 3;
    fence(t, full ? FENCE_FULL : FENCE_PASSES);
    return true;
}

bool DSB(struct tr *t, const struct DSB *f)
{
    return barrier(t, f->CRm);
}
bool DMB(struct tr *t, const struct DMB *f)
{
    return barrier(t, f->CRm);
}

/* A speculation barrier: nothing that the guest can see. */
bool SB(struct tr *t, const struct SB *f)
{
    return true;
}

/* Waiting is allowed to end at any time, and the host's scheduler is the better judge. */
bool WFET(struct tr *t, const struct WFET *f)
{
    return true;
}
bool WFIT(struct tr *t, const struct WFIT *f)
{
    return true;
}

/* What follows is fetched anew: it may just have been written. */
bool ISB(struct tr *t, const struct ISB *f)
{
    jump(t, t->pc + 4);
    return true;
}

/* -- System register move -- */

/* A system register's number: op0 2 or 3 as o0. */
#define SYSREG(op0, op1, crn, crm, op2) (((op0)&1) << 14 | (op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))

enum sysreg {
    NZCV = SYSREG(3, 3, 4, 2, 0),
    FPCR = SYSREG(3, 3, 4, 4, 0),
    FPSR = SYSREG(3, 3, 4, 4, 1),
    DIT = SYSREG(3, 3, 4, 2, 5),
    SSBS = SYSREG(3, 3, 4, 2, 6),
    RNDR = SYSREG(3, 3, 2, 4, 0),
    RNDRRS = SYSREG(3, 3, 2, 4, 1),
    TPIDR_EL0 = SYSREG(3, 3, 13, 0, 2),
    TPIDRRO_EL0 = SYSREG(3, 3, 13, 0, 3),
    CTR_EL0 = SYSREG(3, 3, 0, 0, 1),
    DCZID_EL0 = SYSREG(3, 3, 0, 0, 7),
    CNTFRQ_EL0 = SYSREG(3, 3, 14, 0, 0),
    CNTVCT_EL0 = SYSREG(3, 3, 14, 0, 2),
    MIDR_EL1 = SYSREG(3, 0, 0, 0, 0),
    MPIDR_EL1 = SYSREG(3, 0, 0, 0, 5),
    REVIDR_EL1 = SYSREG(3, 0, 0, 0, 6),
    ID_AA64DFR0_EL1 = SYSREG(3, 0, 0, 5, 0),
};

/* Registers with one value for ever; false if r is not one of them. */
static bool sysreg_constant(unsigned r, uint64_t *v)
{
    switch (r) {
    case CTR_EL0: *v = 0x8444c004; break; /* 64-byte lines; IC IVAU and DC CVAU are needed (IDC = DIC = 0) */
    case DCZID_EL0: *v = 4; break;        /* DC ZVA: 64 bytes, allowed */
    case CNTFRQ_EL0: *v = 1000000000; break;
    case MIDR_EL1: *v = a64_midr; break;
    case MPIDR_EL1: *v = 0x80000000; break;
    case REVIDR_EL1: *v = 0; break;
    case ID_AA64DFR0_EL1: *v = 6; break;
    default:
        /* The rest of the identification space that Linux emulates reads as zero. */
        *v = a64_id_register(r & 0x7f);
        return r >= SYSREG(3, 0, 0, 2, 0) && r <= SYSREG(3, 0, 0, 7, 7);
    }
    return true;
}

/* Random numbers are always to be had: NZCV = 0000. */
static bool random_number(struct tr *t, unsigned rt)
{
    wx(t, T_I64, rt, helper(t, HELPER_random, T_I64, 0, 0, 0, 0, EFFECT_NONE));
    wflags(t, op1(t, IR_FLNZCV, T_FL, k32(t, 0)));
    return true;
}

/* Bits of PSTATE that only have to remember what was written. */
static bool pstate_read(struct tr *t, unsigned rt, int64_t cell, unsigned bit)
{
    wx(t, T_I32, rt, shifted(t, T_I32, ir_op0(t->ir, IR_GET, T_I32, cell), 0, bit));
    return true;
}
static bool pstate_write(struct tr *t, ir_ref v, int64_t cell)
{
    op1i(t, IR_PUT, T_I32, op2(t, IR_AND, T_I32, v, k32(t, 1)), cell);
    return true;
}

bool MSR_SSBS(struct tr *t, const struct MSR_SSBS *f)
{
    return pstate_write(t, k32(t, f->CRm), A64_CELL(ssbs));
}
bool MSR_DIT(struct tr *t, const struct MSR_DIT *f)
{
    return pstate_write(t, k32(t, f->CRm), A64_CELL(dit));
}

/* FPCR or FPSR has been used: the mode of translations may have changed. */
static void mode_poll(struct tr *t)
{
    ir_op0(t->ir, IR_POLL, T_NONE, (int64_t)t->pc + 4);
}

bool MRS(struct tr *t, const struct MRS *f)
{
    unsigned r = f->o0 << 14 | f->op1 << 11 | f->CRn << 7 | f->CRm << 3 | f->op2;
    uint64_t v;
    if (sysreg_constant(r, &v)) {
        wx(t, T_I64, f->Rt, k64(t, v));
        return true;
    }
    switch (r) {
    case NZCV: wx(t, T_I64, f->Rt, op1(t, IR_NZCV, T_I64, ir_op0(t->ir, IR_GETFL, T_FL, 0))); return true;
    case FPCR: wx(t, T_I32, f->Rt, ir_op0(t->ir, IR_GET, T_I32, A64_CELL(fpcr))); return true;
    case FPSR:
        wx(t, T_I32, f->Rt, helper(t, HELPER_fpsr_read, T_I32, 0, 0, 0, 0, EFFECT_READS | EFFECT_WRITES));
        mode_poll(t);
        return true;
    case TPIDR_EL0: wx(t, T_I64, f->Rt, ir_op0(t->ir, IR_GET, T_I64, A64_CELL(tpidr))); return true;
    case TPIDRRO_EL0: wx(t, T_I64, f->Rt, ir_op0(t->ir, IR_GET, T_I64, A64_CELL(tpidrro))); return true;
    case DIT: return a64_has(FEAT_DIT) && pstate_read(t, f->Rt, A64_CELL(dit), 24);
    case SSBS: return a64_has(FEAT_SSBS) && pstate_read(t, f->Rt, A64_CELL(ssbs), 12);
    case RNDR:
    case RNDRRS: return a64_has(FEAT_RNG) && random_number(t, f->Rt);
    case CNTVCT_EL0:
        wx(t, T_I64, f->Rt, helper(t, HELPER_counter, T_I64, 0, 0, 0, 0, EFFECT_NONE));
        return true;
    default: return false;
    }
}

bool MSR_reg(struct tr *t, const struct MSR_reg *f)
{
    switch (f->o0 << 14 | f->op1 << 11 | f->CRn << 7 | f->CRm << 3 | f->op2) {
    case NZCV: wflags(t, op1(t, IR_FLNZCV, T_FL, rx(t, T_I64, f->Rt))); return true;
    case DIT:
        return a64_has(FEAT_DIT) &&
               pstate_write(t, shifted(t, T_I32, rx(t, T_I32, f->Rt), 1, 24), A64_CELL(dit));
    case SSBS:
        return a64_has(FEAT_SSBS) &&
               pstate_write(t, shifted(t, T_I32, rx(t, T_I32, f->Rt), 1, 12), A64_CELL(ssbs));
    case TPIDR_EL0: op1i(t, IR_PUT, T_I64, rx(t, T_I64, f->Rt), A64_CELL(tpidr)); return true;
    case FPCR:
        helper(t, HELPER_fpcr_write, T_NONE, rx(t, T_I32, f->Rt), 0, 0, 0, EFFECT_READS | EFFECT_WRITES);
        break;
    case FPSR:
        helper(t, HELPER_fpsr_write, T_NONE, rx(t, T_I32, f->Rt), 0, 0, 0, EFFECT_READS | EFFECT_WRITES);
        break;
    default: return false;
    }
    mode_poll(t);
    jump(t, t->pc + 4);
    return true;
}

/* -- System instructions: cache maintenance -- */

enum sysop {
    IC_IVAU = SYSREG(1, 3, 7, 5, 1),
    DC_ZVA = SYSREG(1, 3, 7, 4, 1),
    DC_CVAC = SYSREG(1, 3, 7, 10, 1),
    DC_CVAU = SYSREG(1, 3, 7, 11, 1),
    DC_CVAP = SYSREG(1, 3, 7, 12, 1),
    DC_CVADP = SYSREG(1, 3, 7, 13, 1),
    DC_CIVAC = SYSREG(1, 3, 7, 14, 1),
};

/* The start of the 64-byte line that Xt points into. */
static ir_ref line(struct tr *t, unsigned rt)
{
    return op2(t, IR_AND, T_I64, rx(t, T_I64, rt), k64(t, ~(uint64_t)63));
}

/* The caches of the host are coherent; but cleaning by address faults where a load would. */
static bool clean_line(struct tr *t, unsigned rt)
{
    struct address ad = {.base = rx(t, T_I64, rt)};
    load(t, IR_LD, T_I32, &ad, 0, 0);
    return true;
}

bool SYS(struct tr *t, const struct SYS *f)
{
    switch (SYSREG(1, f->op1, f->CRn, f->CRm, f->op2)) {
    case DC_ZVA: {
        struct address ad = {.base = line(t, f->Rt)};
        ir_ref zero = kvec(t, T_V64, 0, 0);
        for (int i = 0; i < 64; i += 16)
            store(t, T_V64, &ad, zero, 4, i);
        return true;
    }
    case DC_CVAC:
    case DC_CVAU:
    case DC_CIVAC: return clean_line(t, f->Rt);
    case DC_CVAP: return a64_has(FEAT_DPB) && clean_line(t, f->Rt);
    case DC_CVADP: return a64_has(FEAT_DPB2) && clean_line(t, f->Rt);
    case IC_IVAU: return trap(t, EXIT_ICACHE, line(t, f->Rt), t->pc + 4);
    default: return false;
    }
}
