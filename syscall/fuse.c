/* SPDX-License-Identifier: MIT */
/*
 * File systems in user space: the requests that they read from /dev/fuse (and /dev/cuse) carry flags of open, in the numbers of the
 * machine whose kernel it is (linux/fuse.h).
 *
 * The descriptor often comes from another process (fusermount), so none are kept in a list: a request says at its start how long
 * it is, and where that is what has been read, the descriptor is looked at.
 *
 * Requests that go through a pipe by splice would not be seen, so the first one (FUSE_INIT) does not say that the kernel can
 * do that for reads; libfuse then reads them.  Not seen: what the kernel reads by io_uring.
 */
#include "syscall/fuse.h"

#include "abi/abi.h"
#include "syscall/user.h"

#include <assert.h>
#include <linux/fuse.h>
#include <stddef.h>
#include <sys/sysmacros.h>

static_assert(sizeof(struct fuse_in_header) == FUSE_HEAD, "kernel layout");

/* Where a request has flags, behind the head; -1: it has none. */
static int flags_at(uint32_t opcode)
{
    enum { TMPFILE = 51 }; /* newer than the headers may be */

    switch (opcode) {
    case FUSE_INIT: return offsetof(struct fuse_init_in, flags);
    case FUSE_OPEN:
    case FUSE_OPENDIR: return offsetof(struct fuse_open_in, flags);
    case FUSE_CREATE:
    case TMPFILE: return offsetof(struct fuse_create_in, flags);
    case FUSE_READ:
    case FUSE_READDIR:
    case FUSE_READDIRPLUS: return offsetof(struct fuse_read_in, flags);
    case FUSE_WRITE: return offsetof(struct fuse_write_in, flags);
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR: return offsetof(struct fuse_release_in, flags);
    default: return -1;
    }
}

static bool is_fuse(uint64_t fd)
{
    struct stat st;

    return host_raw(SYS_fstat, fd, ptr(&st), 0, 0, 0, 0) == 0 && S_ISCHR(st.st_mode) &&
           (st.st_rdev == makedev(10, 229) || st.st_rdev == makedev(10, 203)); /* fuse, cuse */
}

/* What cannot be read or written has been taken away by another thread, and is nobody's. */
static void translate(uint32_t opcode, gaddr at)
{
    uint32_t flags;

    if (user_read(&flags, at, sizeof flags) < 0)
        return;
    flags =
        opcode == FUSE_INIT ? flags & ~(uint32_t)FUSE_SPLICE_READ : (uint32_t)abi_open_flags_to_guest(flags);
    if (user_write(at, &flags, sizeof flags) < 0)
        return;
}

void fuse_request(uint64_t fd, gaddr from, uint64_t n)
{
    struct fuse_in_header h;
    int at;

    if (user_read(&h, from, sizeof h) < 0 || h.len != n || (at = flags_at(h.opcode)) < 0)
        return;
    size_t offset = sizeof h + (size_t)at;
    if (offset + sizeof(uint32_t) <= n && is_fuse(fd))
        translate(h.opcode, from + offset);
}
