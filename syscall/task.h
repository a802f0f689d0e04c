/* SPDX-License-Identifier: MIT */
/*
 * One guest thread as the system-call layer sees it, and the shape of a system call.
 *
 * A guest thread is a host thread; nothing here is scheduled by xrun.  struct task is reached by cpu->owner.
 * Guest threads are made with the raw clone call and share the main thread's TLS block: code that runs on
 * them uses no errno and calls nothing of libc that needs per-thread data (no malloc, no stdio) unless it
 * holds the task lock.
 */
#ifndef SYSCALL_TASK_H
#define SYSCALL_TASK_H

#include "dbt/dbt.h"

#include <signal.h>
#include <sys/syscall.h>

#define RING_IDS 16 /* more are not to be had */

struct task {
    struct cpu *cpu;
    uint64_t sigmask;    /* the guest's blocked signals, bit n-1 for signal n */
    uint64_t saved_mask; /* to be restored by the next return to the guest (rt_sigsuspend, ppoll ...) */
    bool restore_mask;
    siginfo_t taken[2];   /* host signals that were taken and wait for delivery to the guest, in order */
    uint32_t taken_count; /* the handler may raise it from 0 or 1 at any time */
    uint64_t taken_mask;  /* the host's mask since the last of them */
    gaddr altstack_sp;    /* sigaltstack */
    uint64_t altstack_size;
    int altstack_flags; /* as they were set; at first, 0 in the first thread, SS_DISABLE in others */
    int tid, pid;       /* 0: not known yet */
    void *stack;        /* host stack of this thread, on which the task lies, too; NULL for the main thread */
    size_t stack_size;
    struct task *next;     /* all tasks of the process, or its spares */
    _Atomic uint32_t left; /* the thread has ended, and needs its stack no more */
    uint64_t orig_x0;      /* the first argument of the system call in progress (x0 holds its result) */
    /* Its number while x0 holds a restart code; else -1.  A call that has replaced the guest's registers (rt_sigreturn) sets it
     * to -1: then the dispatcher leaves them alone. */
    int64_t last_nr;
    _Atomic uint32_t attention; /* something is to be delivered: host_syscall does not start a call */
    uint32_t early_mask;        /* synchronous signals that were sent, not raised, bit n-1: kept in early[] */
    siginfo_t early[12];        /* by signal number */
    struct sighand *sighand;    /* dispositions */
    bool borrowed;              /* a vfork child: its parent frees stack and cpu */
    /* The host's alternate signal stack, TASK_SIGSTACK bytes.  Signal frames name it (uc_stack), and so a handler finds the task
     * (task_of_sigstack); with a gs base for each thread a switch to another one would take twice as long on some hosts. */
    void *sigstack;
    _Atomic uint32_t seccomp_mode; /* SECCOMP_MODE_...: 0, nothing to ask (seccomp.h) */
    struct filter *filter;         /* the newest of its filters */
    /* Vectors of an exec in a vfork child: freed by the parent. */
    struct {
        void *map;
        size_t size;
    } exec[2];
    struct rlimit *files; /* the guest's RLIMIT_NOFILE, while exec has a higher one (limits.h) */
    /* The io_urings that this thread knows by number (uring.h), 0: none whose requests are rewritten; and by which descriptors,
     * each another file's by now, perhaps. */
    uint64_t ring_ids[RING_IDS];
    int ring_fds[RING_IDS];
};
#define TASK_SIGSTACK (64u << 10)

struct task *task_of_sigstack(const void *sigstack);

/* This thread's process is about to become less trusted.  A vfork child runs in its parent's memory, whose part that is, until
 * it executes a program, which begins anew. */
static inline void task_part(const struct task *t)
{
    if (!t->borrowed)
        dbt_part();
}

/* A system call in host terms: a[] are the arguments as the guest gave them; -errno or the result. */
typedef int64_t sys_fn(struct task *t, const uint64_t a[6]);

/* Runs the guest thread until it exits; does not return. */
_Noreturn void task_run(struct task *t);
/* Must signal_deliver be called before the guest goes on? */
static inline bool task_has_more(const struct task *t)
{
    return t->attention || t->last_nr >= 0 || t->restore_mask;
}

/* Raw host system call with the guest's restart rules: if a signal for the guest is taken before the call has
 * started, returns -XRUN_ERESTARTNOINTR without starting it.  The only way in which a call that may block is made. */
int64_t host_syscall(struct task *t, long nr, const uint64_t a[6]);
/* As in the kernel. */
#define XRUN_ERESTARTSYS           512 /* repeat the call after the handler if SA_RESTART, else EINTR */
#define XRUN_ERESTARTNOINTR        513 /* repeat always */
#define XRUN_ERESTARTNOHAND        514 /* repeat unless a handler ran */
#define XRUN_ERESTART_RESTARTBLOCK 516

/* Raw call that cannot block; never restarted. */
int64_t host_raw(long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

/* A pointer as an argument of it. */
static inline uint64_t ptr(const void *p)
{
    return (uint64_t)(uintptr_t)p;
}
/* One that takes nothing: getpid, geteuid ... */
static inline int64_t host_id(long nr)
{
    return host_raw(nr, 0, 0, 0, 0, 0, 0);
}
static inline void host_close(int64_t fd)
{
    host_raw(SYS_close, (uint64_t)fd, 0, 0, 0, 0, 0);
}

/* What the user asked for on the command line; set once by the loader. */
struct options {
    const char *sysroot; /* -L, without a trailing slash, absolute; NULL: none */
    const char *self;    /* path that reaches xrun's own executable, for exec of guest programs */
    const char *exe;     /* what /proc/self/exe shows to the guest: absolute host path of the program */
    char **forward;      /* options that a child xrun is given before the program, NULL-terminated */
    bool strace;
    const char *stats; /* the file that --stats appends to, absolute; "": stderr; NULL: no statistics */
};
extern struct options options;

#endif
