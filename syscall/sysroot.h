/* SPDX-License-Identifier: MIT */
/* Where the guest's paths lead on the host: the sysroot (-L), and /proc/self/exe. */
#ifndef SYSCALL_SYSROOT_H
#define SYSCALL_SYSROOT_H

#include "dbt/types.h"

#include <limits.h>

/* The host path for a guest's path whose last component is followed, in out; the path itself where nothing
 * redirects it. 0 or -errno (-ENAMETOOLONG, -ELOOP). */
int sysroot_path(const char *guest_path, char out[PATH_MAX]);

/*
 * The same for a path relative to dirfd (AT_FDCWD: the working directory), with or without following the last
 * component. 1: out is the absolute path to use instead; 0: the path is right as it is; -errno.
 */
int sysroot_at(int dirfd, const char *path, bool follow, char out[PATH_MAX]);

/* What the link /proc/PID/exe of a guest program says: the program's path as the guest means paths, without the sysroot's own
 * (programs look for their files relative to it, and Mono knows /usr by name).  */
const char *exe_shown(const char *exe);

/* The path of an open directory (or AT_FDCWD): its length, or -errno. */
int64_t fd_path(int fd, char out[PATH_MAX]);

/* A path argument of a system call.  `use` is what the host call is given: the guest's own pointer, or
 * host[]. */
struct path_arg {
    uint64_t use;
    int64_t error; /* the guest's string cannot be read: the host call, given its pointer, will say so */
    char guest[PATH_MAX]; /* the guest's string, once path_arg has returned 0; empty for a bad pointer */
    char host[PATH_MAX];
};
int64_t path_arg(struct path_arg *p, int dirfd, gaddr path, bool follow);

#endif
