/* SPDX-License-Identifier: MIT */
/* What the loader shares with exec. */
#ifndef SYSCALL_EXEC_H
#define SYSCALL_EXEC_H

#include <stddef.h>
#include <stdint.h>

struct task;

/* To be called before the guest changes its root: keeps xrun's own file open, because neither it nor /proc may be found
 * behind the new one. */
void exec_keep_self(struct task *t);
/* The same for a program that is executed there: fd was kept by the xrun before. */
void exec_kept_self(int fd);
/* A descriptor of the file that exec would execute, or -errno. */
int64_t exec_self_open(struct task *t);

#define SCRIPT_LEVELS 5   /* scripts run by scripts */
#define SCRIPT_LINE   256 /* bytes of a file that are looked at, as the kernel's BINPRM_BUF_SIZE */

/*
 * Cuts "#! interpreter [argument]" in place, as the kernel does: one argument, with its inner blanks, *arg
 * NULL if there is none.  line has n bytes and room for SCRIPT_LINE and a NUL.  0 or -errno.
 */
int64_t script_line(char *line, size_t n, char **interp, char **arg);

#endif
