/* SPDX-License-Identifier: MIT */
/* xrun's own file, which is to run what the guest executes. */
#ifndef SYSCALL_EXEC_SELF_H
#define SYSCALL_EXEC_SELF_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

struct task;

/* To be called before the guest changes its root: keeps xrun's own file open, because neither it nor /proc may be found
 * behind the new one. */
void exec_keep_self(struct task *t);
/* The same for a program that is executed there: fd was kept by the xrun before. */
void exec_kept_self(int fd);
/* The descriptor that was kept, or -1.  Where the guest has closed it and there is no other way, exec_self_restore makes another. */
int exec_self_fd(void);
void exec_self_restore(void);
/* A descriptor of the file that exec would execute, or -errno. */
int64_t exec_self_open(struct task *t);

/* Was there no file to run at that name?  (Where /proc is not mounted, it may be anything.) */
static inline bool exec_missing(int64_t r)
{
    return r == -ENOENT || r == -ENOTDIR || r == -ELOOP;
}

#endif
