/* SPDX-License-Identifier: MIT */
/* Core files of guests. */
#ifndef SYSCALL_CORE_H
#define SYSCALL_CORE_H

#include "syscall/task.h"

/* Is this a signal whose default action is to dump core? */
bool core_signal(int signo);
/* Does the process's limit allow core files? */
bool core_wanted(void);
/* Prepares the end of the process by this signal, with the guest's core.  True: the signal may be raised as things are.
 * False: there is no core, or it has been written already; the kernel must write none. */
bool core_dump(struct task *t, int signo, const siginfo_t *info);

/* What the core is of. */
struct core_subject {
    struct task *task; /* the thread that dies */
    int signo;
    const siginfo_t *info;
    int pid, parent, group, session;
};

/* core_file.c: the core of this process as an ELF file, at most `limit` bytes.  The lists of mappings and of tasks must
 * stay as they are. */
void core_file_write(int fd, const struct core_subject *of, uint64_t limit);

#endif
