/* SPDX-License-Identifier: MIT */
/* The guest's vDSO: one page of AArch64 code that xrun makes itself. */
#ifndef LOADER_VDSO_H
#define LOADER_VDSO_H

#include "loader/space.h"
#include "syscall/task.h"

/* Offsets of the functions in the page. */
enum {
    VDSO_CLOCK_GETTIME = 0x800,
    VDSO_GETTIMEOFDAY = 0x810,
    VDSO_CLOCK_GETRES = 0x820,
    VDSO_SIGRETURN = 0x834,
};

/* Maps it and sets space_layout.vdso; false: no memory. */
bool vdso_map(void);

/* Is pc behind the instruction that stands for one of the functions, and not for a system call? */
static inline bool vdso_is_call(gaddr pc)
{
    gaddr at = pc - space_layout.vdso - 4;
    return (at == VDSO_CLOCK_GETTIME || at == VDSO_GETTIMEOFDAY || at == VDSO_CLOCK_GETRES) &&
           space_layout.vdso;
}
/* Then: does the function.  A bad pointer of the guest's is SIGSEGV at that instruction. */
void vdso_call(struct task *t);

#endif
