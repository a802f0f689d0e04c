/* SPDX-License-Identifier: MIT */
/* What a file that is to be executed is: a program of the guest's, a script, or the kernel's affair (execve(2)). */
#ifndef SYSCALL_EXEC_LOOK_H
#define SYSCALL_EXEC_LOOK_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCRIPT_LEVELS 5   /* scripts run by scripts */
#define SCRIPT_LINE   256 /* bytes of a file that are looked at, as the kernel's BINPRM_BUF_SIZE */

#define EXECVE_CHECK 0x10000 /* AT_EXECVE_CHECK (Linux 6.14) */

#define FRONT_MAX (2 * SCRIPT_LEVELS + 2)

/* What is to be executed, and how it was found. */
struct exec {
    const char *front[FRONT_MAX]; /* what stands before the guest's own arguments; [0] is argv[0] */
    unsigned front_count;
    unsigned skip;       /* of the guest's own: their argv[0], once a script's interpreter has replaced it */
    bool redirected;     /* an interpreter was found in the sysroot, where the kernel does not look */
    int fd;              /* the file to run */
    char path[PATH_MAX]; /* on the host */
    char execfn[PATH_MAX]; /* as the guest called it */
    char line[SCRIPT_LEVELS][SCRIPT_LINE + 1];
    char script[SCRIPT_LEVELS][PATH_MAX];
};

/* Opens a file to be executed: a descriptor, or -errno.  Does not wait for who writes to a FIFO; what has nothing to open, as a
 * socket, can be executed as little. */
int64_t exec_open(int dirfd, const char *path, uint64_t flags);

/* A script with a native interpreter is KIND_SCRIPT. */
enum exec_kind { KIND_NATIVE, KIND_GUEST, KIND_SCRIPT };
/* Looks at x->fd, which becomes that of a script's interpreter, until it is a program: enum exec_kind, or -errno.  script_gone: a
 * script could not be opened by its name any more. */
int64_t exec_look(struct exec *x, bool script_gone);

/*
 * Cuts "#! interpreter [argument]" in place, as the kernel does: one argument, with its inner blanks, *arg
 * NULL if there is none.  line has n bytes and room for SCRIPT_LINE and a NUL.  0 or -errno.
 */
int64_t script_line(char *line, size_t n, char **interp, char **arg);

#endif
