/* SPDX-License-Identifier: MIT */
/*
 * AArch64 signal frames: the guest's registers into the kernel's layout and back.
 *
 * The variable part holds an FPSIMD record always, an ESR record for faults, and a terminator.  The syndrome
 * is what a data or instruction abort from EL0 shows (Arm ARM, ESR_EL1, EC 0x24 and 0x20): language runtimes
 * read the write bit from it.
 */
#include "abi/a64/frame.h"

#include <assert.h>
#include <string.h>

#define FPSIMD_MAGIC 0x46508001u
#define ESR_MAGIC    0x45535201u
#define NZCV         0xf0000000u
#define NOT_USER     0x3dfu /* of pstate: D, A, I, F, and what is not EL0 of AArch64 */

struct record_head {
    uint32_t magic, size;
};
struct fpsimd_record {
    struct record_head head;
    uint32_t fpsr, fpcr;
    union vec v[32];
};
struct esr_record {
    struct record_head head;
    uint64_t esr;
};

static_assert(sizeof(struct a64_rt_sigframe) == 4688, "kernel layout");
static_assert(offsetof(struct a64_rt_sigframe, fault_address) == 304, "kernel layout");
static_assert(offsetof(struct a64_rt_sigframe, reserved) == 592, "kernel layout");
static_assert(sizeof(struct fpsimd_record) == 528, "kernel layout");

const size_t a64_frame_usual = offsetof(struct a64_rt_sigframe, reserved) + sizeof(struct fpsimd_record) +
                               sizeof(struct esr_record) + sizeof(struct record_head);

/* The alignment of PC or SP: no fault of memory, and fault_address stays 0 (arch/arm64/mm/fault.c, do_sp_pc_abort). */
static bool is_register(const struct a64_signal *s)
{
    return s->alignment && (s->sp || s->fetch);
}

static uint64_t syndrome(const struct a64_signal *s)
{
    enum { EC_INSN = 0x20, EC_PC = 0x22, EC_DATA = 0x24, EC_SP = 0x26, IL = 1 << 25, WNR = 1 << 6 };
    enum { TRANSLATION3 = 7, PERMISSION3 = 15, ALIGNMENT = 33 };
    if (is_register(s))
        return (uint64_t)(s->sp ? EC_SP : EC_PC) << 26 | IL;
    uint64_t ec = s->fetch ? EC_INSN : EC_DATA;
    unsigned status = s->alignment ? ALIGNMENT : s->permission ? PERMISSION3 : TRANSLATION3;
    return ec << 26 | IL | (s->write ? WNR : 0) | status;
}

size_t a64_frame_build(struct a64_rt_sigframe *f, struct cpu *cpu, const struct a64_signal *s)
{
    memset(f, 0, offsetof(struct a64_rt_sigframe, reserved));
    memcpy(f->info, s->info, sizeof f->info);
    f->uc_stack = s->stack;
    f->uc_sigmask = s->mask;
    memcpy(f->regs, cpu->a64.x, sizeof f->regs);
    f->sp = cpu->a64.x[31];
    f->pc = cpu->pc;
    f->pstate = flags_to_nzcv(cpu->flags) | cpu->a64.dit << 24 | cpu->a64.ssbs << 12 | cpu->a64.btype << 10;
    struct fpsimd_record fp = {.head = {FPSIMD_MAGIC, sizeof fp}, .fpcr = cpu->a64.fpcr};
    fp.fpsr = a64_fpsr_read(cpu);
    memcpy(fp.v, cpu->a64.v, sizeof fp.v);
    memcpy(f->reserved, &fp, sizeof fp);
    uint8_t *end = f->reserved + sizeof fp;
    if (s->fault) {
        f->fault_address = is_register(s) ? 0 : (uint64_t)s->info->si_addr;
        struct esr_record esr = {{ESR_MAGIC, sizeof esr}, syndrome(s)};
        memcpy(end, &esr, sizeof esr);
        end += sizeof esr;
    }
    memset(end, 0, sizeof(struct record_head));
    return (size_t)(end - (uint8_t *)f) + sizeof(struct record_head);
}

void a64_frame_enter(struct cpu *cpu, gaddr frame, const struct a64_signal *s)
{
    struct a64_state *a = &cpu->a64;
    a->x[0] = (uint64_t)s->signo;
    if (s->siginfo) {
        a->x[1] = frame + offsetof(struct a64_rt_sigframe, info);
        a->x[2] = frame + offsetof(struct a64_rt_sigframe, uc_flags);
    }
    a->x[29] = frame + sizeof(struct a64_rt_sigframe);
    a->x[30] = s->restorer;
    a->x[31] = frame;
    cpu->pc = s->handler;
    a->btype = s->guarded ? BTYPE_CALL : BTYPE_NONE;
    cpu->mon_addr = ~(uint64_t)0;
}

/* The FPSIMD record among the others; NULL: malformed or missing. */
static const struct fpsimd_record *find_fpsimd(const uint8_t *reserved, size_t size)
{
    const struct fpsimd_record *found = NULL;
    for (size_t at = 0; at + sizeof(struct record_head) <= size;) {
        const struct record_head *h = (const void *)(reserved + at);
        if (h->magic == 0)
            return h->size == 0 ? found : NULL;
        if (h->size < sizeof *h || h->size > size - at || h->size % 16 != 0)
            return NULL;
        if (h->magic == FPSIMD_MAGIC) {
            if (found || h->size != sizeof *found)
                return NULL;
            found = (const void *)h;
        } else if (h->magic != ESR_MAGIC) {
            return NULL;
        }
        at += h->size;
    }
    return NULL;
}

bool a64_frame_restore(const struct a64_rt_sigframe *f, size_t size, struct cpu *cpu)
{
    const struct fpsimd_record *fp =
        find_fpsimd(f->reserved, size - offsetof(struct a64_rt_sigframe, reserved));
    if (!fp || (f->pstate & NOT_USER) != 0)
        return false;
    memcpy(cpu->a64.x, f->regs, sizeof f->regs);
    cpu->a64.x[31] = f->sp;
    cpu->pc = f->pc;
    cpu->flags = nzcv_to_flags((uint32_t)f->pstate & NZCV);
    cpu->a64.dit = f->pstate >> 24 & 1;
    cpu->a64.ssbs = f->pstate >> 12 & 1;
    cpu->a64.btype = f->pstate >> 10 & 3;
    cpu->mon_addr = ~(uint64_t)0;
    memcpy(cpu->a64.v, fp->v, sizeof fp->v);
    a64_fpcr_write(cpu, fp->fpcr);
    a64_fpsr_write(cpu, fp->fpsr);
    return true;
}
