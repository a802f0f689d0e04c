/* SPDX-License-Identifier: MIT */
/* The tasks of the process. */
#ifndef SYSCALL_PROCESS_H
#define SYSCALL_PROCESS_H

#include "syscall/task.h"

/* The first task, for the thread that calls it; NULL: no memory.  The translator must be ready. */
struct task *process_init(void);
/* The newest of them, and by next the others; under their lock. */
extern struct task *process_tasks;
/* Calls f for each; the caller sees to it that none comes or goes. */
void process_each(void (*f)(struct task *t, void *arg), void *arg);

/* Is t the only thread of its process? */
bool process_is_single(struct task *t);
/* The lock of the list of tasks.  process_others calls f for each other thread of t's process, with the lock held, until it
 * returns other than 0, and returns that. */
void process_lock(void);
void process_unlock(void);
int process_others(struct task *t, int (*f)(struct task *o, void *arg), void *arg);
bool process_has_others(struct task *t); /* is there any?  With the lock held */

#endif
