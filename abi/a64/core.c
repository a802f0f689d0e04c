/* SPDX-License-Identifier: MIT */
/*
 * The registers of a thread as a core file has them (core.h): the kernel's struct elf_prstatus and user_fpsimd_state for AArch64.
 * They are built here field by field, because the host's headers declare x86-64's.
 */
#include "abi/a64/core.h"

#include "dbt/a64/feature.h"

#include <assert.h>
#include <elf.h>
#include <string.h>

struct prstatus {
    int32_t signo, code, error;
    int16_t cursig;
    uint64_t pending, held;
    int32_t pid, parent, group, session;
    uint64_t times[8];
    uint64_t x[31], sp, pc, pstate;
    int32_t fp_valid;
};
struct fpregs {
    union vec v[32];
    uint32_t fpsr, fpcr, reserved[2];
};

static_assert(sizeof(struct prstatus) == 392 && offsetof(struct prstatus, x) == 112, "kernel layout");
static_assert(sizeof(struct fpregs) == 528 && sizeof(struct fpregs) <= ABI_CORE_MAX, "kernel layout");

size_t a64_core_status(void *out, const struct abi_core_thread *t)
{
    struct prstatus s = {.signo = t->signo,
                         .cursig = (int16_t)t->signo,
                         .held = t->blocked,
                         .pid = t->tid,
                         .parent = t->parent,
                         .group = t->group,
                         .session = t->session,
                         .sp = t->cpu->a64.x[31],
                         .pc = t->cpu->pc,
                         .pstate = flags_to_nzcv(t->cpu->flags),
                         .fp_valid = 1};
    memcpy(s.x, t->cpu->a64.x, sizeof s.x);
    memcpy(out, &s, sizeof s);
    return sizeof s;
}

size_t a64_core_fpregs(void *out, struct cpu *cpu)
{
    struct fpregs f = {.fpcr = cpu->a64.fpcr};
    f.fpsr = a64_fpsr_read(cpu);
    memcpy(f.v, cpu->a64.v, sizeof f.v);
    memcpy(out, &f, sizeof f);
    return sizeof f;
}

size_t a64_core_other(unsigned i, uint32_t *type, void *out, const struct cpu *cpu)
{
    const uint64_t masks[] = {A64_PAC_FIELD, A64_PAC_FIELD}; /* of pointers to data, and to code */
    switch (i) {
    case 0:
        *type = NT_ARM_TLS;
        memcpy(out, &cpu->a64.tpidr, sizeof cpu->a64.tpidr);
        return sizeof cpu->a64.tpidr;
    case 1:
        *type = NT_ARM_PAC_MASK;
        memcpy(out, masks, sizeof masks);
        return a64_has(FEAT_PAUTH) ? sizeof masks : 0;
    default: return 0;
    }
}
