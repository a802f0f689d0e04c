/* SPDX-License-Identifier: MIT */
/*
 * fstat and newfstatat: struct stat is each architecture's own.  (statx and statfs are the same everywhere.)
 * None of them can be interrupted.
 */
#include "abi/abi.h"
#include "syscall/calls.h"
#include "syscall/sysroot.h"
#include "syscall/user.h"

#include <fcntl.h>

static int64_t stat_out(gaddr to, const struct stat *st)
{
    char out[ABI_STRUCT_MAX];

    abi->stat_put(out, st);
    return user_write(to, out, abi->stat_size);
}

int64_t sys_fstat(struct task *t, const uint64_t a[6])
{
    struct stat st;
    int64_t r = host_raw(SYS_fstat, a[0], ptr(&st), 0, 0, 0, 0);

    return r < 0 ? r : stat_out(a[1], &st);
}

int64_t sys_newfstatat(struct task *t, const uint64_t a[6])
{
    struct stat st;
    struct path_arg p;
    int64_t r = path_arg(&p, (int)a[0], a[1], !(a[3] & AT_SYMLINK_NOFOLLOW));

    if (r == 0)
        r = host_raw(SYS_newfstatat, a[0], p.use, ptr(&st), a[3], 0, 0);
    return r < 0 ? r : stat_out(a[2], &st);
}
