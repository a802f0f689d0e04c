/* SPDX-License-Identifier: MIT */
/*
 * Keeps the kernel from xrun's own memory.  To the kernel that is as good as the guest's, so a guest's stray
 * pointer into it would not fail with EFAULT but read or overwrite xrun.
 *
 * A pointer that starts in xrun's memory is replaced by one to a page that is never mapped, and the kernel
 * judges the call: the errno, and the order in which it finds faults, are its own.  One that starts outside
 * cannot reach xrun's memory: there is a hole in front of it (loader/space.h).
 *
 * Looked at: arguments, what iov, msg and mmsg arguments list, futex_waitv and filters of sockets.  Not looked at: pointers in
 * the structures of ioctl, io_submit, io_uring, bpf, keyctl and other options of sockets.
 *
 * Tags in a struct iocb, and of the pointer to it, are left on (EFAULT): the kernel gives that pointer back in each event,
 * which the guest may fetch from the ring by itself.  A copy of the request would show there, and a change in place shows to
 * whoever has the event before io_submit returns.
 */
#ifndef SYSCALL_BUFFERS_H
#define SYSCALL_BUFFERS_H

#include "loader/space.h"
#include "syscall/calls.h"

/* Might an argument be a pointer into xrun's memory?  On the way of every call. */
static inline bool pointers_own(const uint64_t a[6])
{
    unsigned own = 0; /* without branches */
    for (unsigned i = 0; i < 6; i++)
        own |= space_is_own(a[i]);
    return own;
}

/* Takes the tags off those among the arguments that are pointers or addresses. */
void pointers_plain(const struct task *t, const struct call *c, uint64_t a[6]);

/* Replaces those among the arguments that are pointers. */
void pointers_guard(const struct call *c, uint64_t a[6]);

/* The BUFS lines: the host call c->host, after the buffers that a[] lists were looked at. */
int64_t bufs_call(struct task *t, const struct call *c, const uint64_t a[6]);

#endif
