/* SPDX-License-Identifier: MIT */
/*
 * Seccomp inside the guest: filters see the guest's call numbers and architecture, so xrun evaluates them itself,
 * before the call is looked up.  Each thread has a list of filters; they go on to its children and over exec.
 */
#ifndef SYSCALL_SECCOMP_H
#define SYSCALL_SECCOMP_H

#include "syscall/task.h"

struct filter;

enum verdict {
    VERDICT_GO,     /* make the call */
    VERDICT_RESULT, /* *result is what it gives; never to be repeated, whatever its number */
    VERDICT_AGAIN,  /* it is to be repeated after a signal */
    VERDICT_DONE,   /* a signal was delivered: registers are as they shall be */
};
/* Asks the filters of t about call nr; only for tasks with a mode. May not come back. */
enum verdict seccomp_judge(struct task *t, uint64_t nr, const uint64_t a[6], int64_t *result);

/* How many filters t, a copy of a task in the process pid (0: this one), has.  Under the task lock. */
unsigned seccomp_filters(int64_t pid, const struct task *t);

/* A new thread's filters are its parent's.  Under the task lock, so that none is left out of TSYNC. */
void seccomp_inherit(struct task *child, const struct task *parent);
/* The thread is gone. */
void seccomp_drop(struct task *t);

/* prctl's way to the call of the same name; PR_GET_SECCOMP is t->seccomp_mode. */
int64_t seccomp_prctl(struct task *t, uint64_t mode, gaddr program);

/* ioctl SECCOMP_IOCTL_NOTIF_RECV, which speaks of the guest's calls. */
int64_t seccomp_receive(struct task *t, const uint64_t a[6]);

/* The filters as a file for the xrun that exec starts: a descriptor, or -errno; -ENOENT: there are none. */
int64_t seccomp_save(const struct task *t);
/* Takes them over from such a file, and closes it.  False: it cannot be read. */
bool seccomp_restore(struct task *t, int fd);

#endif
