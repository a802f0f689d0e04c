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
#include <sys/uio.h>

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

/* What a call has read: one buffer of so many bytes, or a list. */
struct bytes {
    const struct task *t;
    gaddr at;
    uint64_t n;
    bool list;
};

/* Copies n bytes from `offset` on, or puts them back.  False: they are not there; then another thread has taken them away, and they
 * are nobody's. */
static bool copy(const struct bytes *b, uint64_t offset, void *buf, size_t n, bool back)
{
    struct iovec v = {(void *)b->at, b->n};

    for (uint64_t i = 0; n && i < (b->list ? b->n : 1); i++) {
        if (b->list && user_read(&v, b->at + i * sizeof v, sizeof v) < 0)
            return false;
        if (offset >= v.iov_len) {
            offset -= v.iov_len;
            continue;
        }
        size_t here = n < v.iov_len - offset ? n : v.iov_len - offset;
        gaddr from = abi->pointer(b->t->cpu, ptr(v.iov_base)) + offset;
        if ((back ? user_write(from, buf, here) : user_read(buf, from, here)) < 0)
            return false;
        buf = (char *)buf + here;
        n -= here;
        offset = 0;
    }
    return n == 0;
}

static void translate(const struct bytes *b, uint32_t opcode, uint64_t offset)
{
    uint32_t flags;

    if (!copy(b, offset, &flags, sizeof flags, false))
        return;
    flags =
        opcode == FUSE_INIT ? flags & ~(uint32_t)FUSE_SPLICE_READ : (uint32_t)abi_open_flags_to_guest(flags);
    copy(b, offset, &flags, sizeof flags, true);
}

void fuse_request(const struct task *t, const struct call *c, const uint64_t a[6], uint64_t n)
{
    bool list = c->host == SYS_readv;
    struct bytes b = {t, a[1], list ? a[2] : n, list};
    struct fuse_in_header h;
    int at;

    if (!copy(&b, 0, &h, sizeof h, false) || h.len != n || (at = flags_at(h.opcode)) < 0)
        return;
    uint64_t offset = sizeof h + (uint64_t)at;
    if (offset + sizeof(uint32_t) <= n && is_fuse(a[0]))
        translate(&b, h.opcode, offset);
}
