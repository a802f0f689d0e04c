/* SPDX-License-Identifier: MIT */
/*
 * Writes to /proc/self/mem.
 *
 * The kernel keeps the instruction cache coherent when it writes to executable memory for this file, because debuggers set
 * breakpoints so: a program that changes its own code in this way, which need not even be writable, owes no IC IVAU.
 * Nobody pays for this but processes that have opened the file for writing; in these each call that writes to a descriptor is
 * looked at.  What other processes write is not seen, nor what the kernel writes by io_uring.
 */
#include "syscall/self_mem.h"

#include "dbt/dbt.h"
#include "syscall/host.h"
#include "syscall/proc_files.h"
#include "syscall/sysroot.h"

#include <fcntl.h>
#include <unistd.h>

bool self_mem_open;

static bool is_self_mem(int fd)
{
    char path[PATH_MAX];
    int64_t n = fd_path(fd, path);

    if (n <= 0)
        return false;
    path[n] = 0;
    return proc_match(AT_FDCWD, path).file == PROC_MEM;
}

void self_mem_written(const struct call *c, const uint64_t a[6], int64_t result)
{
    int64_t at;

    if (c->kind != CALL_PASS && c->kind != CALL_BUFS)
        return;
    switch (c->host) {
    case SYS_pwrite64:
    case SYS_pwritev:
    case SYS_pwritev2: at = (int64_t)a[3]; break;
    case SYS_write:
    case SYS_writev: at = -1; break;
    default: return;
    }
    if (!is_self_mem((int)a[0]))
        return;
    if (at == -1)
        at = host_raw(SYS_lseek, a[0], 0, SEEK_CUR, 0, 0, 0) - result;
    dbt_invalidate((uint64_t)at, (size_t)result);
}
