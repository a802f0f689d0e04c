/* SPDX-License-Identifier: MIT */
/*
 * The system calls about memory: thin, because loader/space.c has the rules.
 *
 * madvise: advice is the same number on both sides.  What drops contents (and so may drop code) also drops
 * translations; the guest needs no IC IVAU for that, because new pages are clean on hardware too.
 *
 * Calls that ask about memory or advise on it find none in the gap below the stack, nor where xrun's own is.
 */
#include "abi/abi.h"
#include "loader/space.h"
#include "loader/space_lock.h"
#include "syscall/calls.h"
#include "syscall/host.h"
#include "syscall/user.h"

#include <errno.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/uio.h>

int64_t sys_mmap(struct task *t, const uint64_t a[6])
{
    if ((a[2] & PROT_EXEC) && !(a[3] & MAP_ANONYMOUS) && space_no_code((int)a[4]))
        return -EPERM;
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

/* Some of the contents of [start, start + len) may have gone. */
static void dropped(gaddr start, uint64_t len)
{
    if (len && start + len > start && space_has_code(start, len))
        dbt_invalidate(start, len);
}

static bool drops(int advice)
{
    enum { DONTNEED_LOCKED = 24, GUARD_INSTALL = 102 }; /* Linux 5.18, 6.13 */
    return advice == MADV_DONTNEED || advice == MADV_REMOVE || advice == MADV_FREE ||
           advice == DONTNEED_LOCKED || advice == GUARD_INSTALL;
}

int64_t drop_code(gaddr start, uint64_t len, int advice)
{
    if (!drops(advice) || start + len <= start || space_hidden(page_down(start), len) ||
        !space_has_code(start, len))
        return 1;
    int64_t r = host_raw(SYS_madvise, start, len, (uint64_t)advice, 0, 0, 0);
    dbt_invalidate(start, len);
    return r;
}

/* Where it fails in the middle, the first part has gone. */
int64_t sys_madvise(struct task *t, const uint64_t a[6])
{
    int64_t r = range_call(t, SYS_madvise, a);
    if (drops((int)a[2]))
        dropped(a[0], a[1]);
    return r;
}

/* The kernel lets a process drop contents in this way only of its own (Linux 6.13). */
int64_t sys_process_madvise(struct task *t, const uint64_t a[6])
{
    struct iovec iov[IOV_MAX];
    uint64_t n = a[2];

    bool drop = drops((int)a[3]);
    if (n > IOV_MAX || user_read(iov, a[1], n * sizeof *iov) < 0)
        return host_syscall(t, SYS_process_madvise, a);
    for (uint64_t i = 0; i < n; i++) {
        gaddr base = abi->pointer(t->cpu, ptr(iov[i].iov_base));
        bool hidden = drop && space_hidden(page_down(base), iov[i].iov_len);
        iov[i].iov_base = (void *)(hidden ? space_hole(base) : base);
    }
    int64_t r = host_syscall(t, SYS_process_madvise, (uint64_t[6]){a[0], ptr(iov), n, a[3], a[4]});
    for (uint64_t i = 0; drop && i < n; i++)
        dropped(ptr(iov[i].iov_base), iov[i].iov_len);
    return r;
}
