/* SPDX-License-Identifier: MIT */
/* The guest's vDSO: one page of AArch64 code that xrun makes itself. */
#ifndef LOADER_VDSO_H
#define LOADER_VDSO_H

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

/*
 * Called with pc at an instruction that the translator does not know.  False: it is not one of the vDSO's.
 * True: the function was done, pc is behind it.  A bad pointer of the guest's sets *fault instead, and pc
 * stays.
 */
bool vdso_call(struct task *t, gaddr *fault);

#endif
