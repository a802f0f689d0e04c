/* SPDX-License-Identifier: MIT */
/*
 * The system calls about memory: thin, because loader/space.c has the rules.
 *
 * madvise: advice is the same number on both sides.  What drops contents (and so may drop code) also drops
 * translations; the guest needs no IC IVAU for that, because new pages are clean on hardware too.
 */
#include "loader/space.h"
#include "loader/space_lock.h"
#include "syscall/calls.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

int64_t sys_mmap(struct task *t, const uint64_t a[6])
{
    (void)t;
    return space_mmap(a[0], a[1], (int)a[2], (int)a[3], (int)a[4], (off_t)a[5]);
}

int64_t sys_munmap(struct task *t, const uint64_t a[6])
{
    (void)t;
    return space_munmap(a[0], a[1]);
}

int64_t sys_mprotect(struct task *t, const uint64_t a[6])
{
    (void)t;
    return space_mprotect(a[0], a[1], (int)a[2]);
}

int64_t sys_mremap(struct task *t, const uint64_t a[6])
{
    (void)t;
    return space_mremap(a[0], a[1], a[2], (int)a[3], a[4]);
}

int64_t sys_brk(struct task *t, const uint64_t a[6])
{
    (void)t;
    return space_brk(a[0]);
}

int64_t sys_mlockall(struct task *t, const uint64_t a[6])
{
    (void)t;
    return space_lock_all((int)a[0]);
}

int64_t sys_munlockall(struct task *t, const uint64_t a[6])
{
    (void)t;
    (void)a;
    return space_unlock_all();
}

int64_t sys_madvise(struct task *t, const uint64_t a[6])
{
    if ((a[0] & 4095) == 0 && a[1] && space_hidden(a[0], a[1]))
        return -ENOMEM;
    int64_t r = host_syscall(t, SYS_madvise, a);
    int prot = space_prot(a[0]);
    bool drops = a[2] == MADV_DONTNEED || a[2] == MADV_REMOVE || a[2] == MADV_FREE;
    if (drops && r == 0 && prot >= 0 && (prot & PROT_EXEC))
        dbt_invalidate(a[0], a[1]);
    return r;
}
