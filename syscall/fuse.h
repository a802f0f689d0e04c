/* SPDX-License-Identifier: MIT */
/* What is read from /dev/fuse (fuse.c). */
#ifndef SYSCALL_FUSE_H
#define SYSCALL_FUSE_H

#include "syscall/calls.h"

enum { FUSE_HEAD = 40 }; /* bytes that each request has at least */

/* read or readv has put n bytes where a[] says; changes them if they are such a request. */
void fuse_request(const struct task *t, const struct call *c, const uint64_t a[6], uint64_t n);

/* Behind every call that was passed on. */
static inline void fuse_look(const struct task *t, const struct call *c, const uint64_t a[6], int64_t result)
{
    if ((c->host == SYS_read || c->host == SYS_readv) && result > FUSE_HEAD)
        fuse_request(t, c, a, (uint64_t)result);
}

#endif
