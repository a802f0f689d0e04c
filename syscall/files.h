/* SPDX-License-Identifier: MIT */
/* Opening files: what system calls and requests of io_uring share.  Flags are in host numbers. */
#ifndef SYSCALL_FILES_H
#define SYSCALL_FILES_H

#include "syscall/sysroot.h"
#include "syscall/task.h"

/* Is the last component followed?  The kernel follows that of no path that must be new. */
bool open_follows(uint64_t flags);
/* Opens the guest's version of a file of /proc: a descriptor, -errno, or -ENOENT if the path is none of those. */
int64_t open_proc(struct task *t, int dirfd, const struct path_arg *p, uint64_t flags);

#endif
