/* SPDX-License-Identifier: MIT */
/* The way from a guest's system-call instruction to its result. */
#ifndef SYSCALL_DISPATCH_H
#define SYSCALL_DISPATCH_H

#include "syscall/task.h"

/*
 * Does the system call that the registers of t->cpu ask for; pc is behind the instruction already. Afterwards
 * x0 is the result.  If that is a restart code (-XRUN_ERESTART...), t->last_nr is the call's number and
 * t->orig_x0 the argument that x0 held: whoever delivers signals decides between repeating and -EINTR.
 * Otherwise t->last_nr is -1.
 */
void syscall_dispatch(struct task *t);

/* The same for a call from translated code (struct dbt_config). */
void syscall_serve(struct cpu *cpu);

/* Writes "xrun: <what> <name>" to stderr at the first call with the same flag. */
void log_once(bool *flag, const char *what, const char *name);

static inline bool is_restart(int64_t r)
{
    return r == -XRUN_ERESTARTSYS || r == -XRUN_ERESTARTNOINTR || r == -XRUN_ERESTARTNOHAND ||
           r == -XRUN_ERESTART_RESTARTBLOCK;
}

#endif
