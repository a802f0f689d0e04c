/* SPDX-License-Identifier: MIT */
/*
 * The system calls about memory: thin, because loader/space.c has the rules.
 *
 * madvise: advice is the same number on both sides.  What drops contents (and so may drop code) also drops
 * translations; the guest needs no IC IVAU for that, because new pages are clean on hardware too.
 *
 * Calls that ask about memory or advise on it find none in the gap below the stack, nor where xrun's own is.
 */
#include "loader/space.h"
#include "loader/space_lock.h"
#include "syscall/calls.h"

#include <errno.h>
#include <sys/mman.h>

int64_t sys_mmap(struct task *t, const uint64_t a[6])
{
    return space_mmap(a[0], a[1], (int)a[2], (int)a[3], (int)a[4], (off_t)a[5]);
}

int64_t sys_munmap(struct task *t, const uint64_t a[6])
{
    return space_munmap(a[0], a[1]);
}

int64_t sys_mprotect(struct task *t, const uint64_t a[6])
{
    return space_mprotect(a[0], a[1], (int)a[2]);
}

int64_t sys_mremap(struct task *t, const uint64_t a[6])
{
    return space_mremap(a[0], a[1], a[2], (int)a[3], a[4]);
}

int64_t sys_brk(struct task *t, const uint64_t a[6])
{
    return space_brk(a[0]);
}

int64_t sys_mlockall(struct task *t, const uint64_t a[6])
{
    return space_lock_all((int)a[0]);
}

int64_t sys_munlockall(struct task *t, const uint64_t a[6])
{
    return space_unlock_all();
}

/* A call about the memory [a[0], a[0] + a[1]).  Where a part of that is hidden from the guest, the kernel is asked about a place
 * where nothing is, because what it looks at first differs from call to call. */
static int64_t range_call(struct task *t, long nr, const uint64_t a[6])
{
    gaddr start = page_down(a[0]), end = a[0] + a[1];

    if (end <= start || !space_hidden(start, end - start))
        return host_syscall(t, nr, a);
    uint64_t most = SPACE_HOLE / 2;
    return host_syscall(t, nr, (uint64_t[6]){space_hole(a[0]), a[1] < most ? a[1] : most, a[2]});
}

int64_t sys_msync(struct task *t, const uint64_t a[6])
{
    return range_call(t, SYS_msync, a);
}

int64_t sys_mlock(struct task *t, const uint64_t a[6])
{
    return range_call(t, SYS_mlock, a);
}

int64_t sys_mlock2(struct task *t, const uint64_t a[6])
{
    return range_call(t, SYS_mlock2, a);
}

int64_t sys_munlock(struct task *t, const uint64_t a[6])
{
    return range_call(t, SYS_munlock, a);
}

int64_t sys_mincore(struct task *t, const uint64_t a[6])
{
    return range_call(t, SYS_mincore, a);
}

int64_t sys_madvise(struct task *t, const uint64_t a[6])
{
    int64_t r = range_call(t, SYS_madvise, a);
    int prot = space_prot(a[0]);
    bool drops = a[2] == MADV_DONTNEED || a[2] == MADV_REMOVE || a[2] == MADV_FREE;
    if (drops && r == 0 && prot >= 0 && (prot & PROT_EXEC))
        dbt_invalidate(a[0], a[1]);
    return r;
}
