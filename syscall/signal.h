/* SPDX-License-Identifier: MIT */
/*
 * Guest signals.  The host kernel keeps what is pending and decides what is delivered when; xrun takes one
 * signal at a time from it and builds the guest's frame at the next boundary.  The rules are at the head of
 * signal.c.
 */
#ifndef SYSCALL_SIGNAL_H
#define SYSCALL_SIGNAL_H

#include "syscall/task.h"

/* Reads the inherited dispositions and mask, and installs the handlers of synchronous faults; t is the first
 * task. */
void signal_init(struct task *t);
/* Gives the calling host thread its alternate stack (memory of t) and its host signal mask from t->sigmask.
 */
void signal_thread_init(struct task *t);

/*
 * To be called before each return to the guest: after a system call (task_run does so behind
 * syscall_dispatch, which leaves a restart code in x0 with t->last_nr set) and when dbt_run returned
 * EXIT_SIGNAL.  Delivers what is pending, and repeats or ends the interrupted call as the kernel does: x0 =
 * t->orig_x0 and pc -= 4 to repeat.
 */
void signal_deliver(struct task *t);

/* As dbt_config.rouse. */
void signal_rouse(struct cpu *cpu);

/* Sends a synchronous signal to the guest thread itself, as the kernel's force_sig_fault: if it is blocked or
 * ignored, the process dies of it. */
struct signal_fault {
    int signo, code;
    gaddr addr;
    bool write; /* the access was a write */
    bool fetch; /* it was the instruction's own */
    bool stack; /* not an access: the stack pointer's alignment */
};
void signal_force(struct task *t, const struct signal_fault *f);

/* The same for any siginfo (SIGSYS). */
void signal_force_info(struct task *t, const siginfo_t *info);

/*
 * A signal mask for the time of one call (ppoll, pselect6, epoll_pwait, rt_sigsuspend).  signal_mask_enter
 * reads the guest's set at `set` (NULL: no change) and returns 0 or -errno; *host is what the host call is to
 * be given. signal_mask_leave goes behind the host call with its result: the old mask comes back now, or with
 * the handler's return.
 */
int64_t signal_mask_enter(struct task *t, gaddr set, uint64_t size, uint64_t *host);
void signal_mask_leave(struct task *t, int64_t result);

/* The dispositions: shared by CLONE_SIGHAND, copied otherwise. */
struct sighand *sighand_share(struct sighand *h);
struct sighand *sighand_copy(struct sighand *h);
void sighand_drop(struct sighand *h);

/* Blocks every signal on the host (around clone, in exit); the old host mask. */
uint64_t signal_block_all(void);
void signal_set_host_mask(uint64_t mask);
/* The host mask that a thread with this guest mask has: synchronous signals stay open, xrun needs them. */
uint64_t signal_host_mask(uint64_t guest);

/* Makes the host's dispositions and mask those that an executed program inherits, or says that a signal comes first; the
 * second undoes it. */
int64_t signal_exec_begin(struct task *t);
void signal_exec_failed(struct task *t);

/* Around fork, as dbt_fork_*; the second is told what the first returned. */
bool signal_fork_prepare(struct task *t);
void signal_fork_done(struct task *t, bool locks);

/* The limit of core files has changed. */
void signal_core_limit(struct task *t);

/* Ends the process by this signal, default action, with the guest's core if that is wanted. */
_Noreturn void signal_die(struct task *t, int signo, const siginfo_t *info);

#endif
