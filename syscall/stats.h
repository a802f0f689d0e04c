/* SPDX-License-Identifier: MIT */
/* --stats: what the translator has counted, when a process ends. */
#ifndef SYSCALL_STATS_H
#define SYSCALL_STATS_H

#include "syscall/task.h"

/* The process of t ends, as `how` and number say: writes its report, once. */
void stats_end(struct task *t, const char *how, int64_t number);
/* It is about to execute another program. */
void stats_exec(struct task *t);
/* This process is a copy of another. */
void stats_fork_child(void);

/* Must this signal come to xrun although its action is the default one, because that ends the process? */
bool stats_signal(int signo);

#endif
