/* SPDX-License-Identifier: MIT */
/* --strace: one line to stderr for each system call, from the signatures of the call table. */
#ifndef SYSCALL_STRACE_H
#define SYSCALL_STRACE_H

#include "syscall/calls.h"

#include <signal.h>

/* Before the call: prints it if it may not come back. */
void strace_enter(struct task *t, const struct call *c, const uint64_t a[6]);
void strace_leave(struct task *t, const struct call *c, const uint64_t a[6], int64_t result);
/* "--- SIGNAME {what its handler is told} ---" where the guest gets a signal. */
void strace_signal(struct task *t, const siginfo_t *info);
void strace_unknown(struct task *t, uint64_t nr, const uint64_t a[6]);

#endif
