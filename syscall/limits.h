/* SPDX-License-Identifier: MIT */
/* Resource limits that mean for the guest what it expects. */
#ifndef SYSCALL_LIMITS_H
#define SYSCALL_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

struct task;

/* First thing in the process, before much memory is needed. */
void limits_init(void);

/* How large the code cache should be, so that the guest has the better part of what the hard limits leave; 0: as usual. */
size_t limits_cache(void);

/* Does this line of /proc/PID/limits (pid 0: this process) speak of one that the host knows wrongly?  *r: what it is. */
bool limits_kept(int64_t pid, const char *line, struct rlimit *r);

/* Lets xrun open more files than the guest may until limits_exec_begin, or the second.  *files lasts until then. */
bool limits_exec_files(struct task *t, struct rlimit *files);
void limits_exec_files_end(struct task *t);

/* What an executed program inherits; the second undoes it. */
void limits_exec_begin(struct task *t);
void limits_exec_failed(void);

#endif
