/* SPDX-License-Identifier: MIT */
/* The tasks of the process. */
#ifndef SYSCALL_PROCESS_H
#define SYSCALL_PROCESS_H

#include "syscall/task.h"

/* The first task, for the thread that calls it; NULL: no memory.  The translator must be ready. */
struct task *process_init(void);

#endif
