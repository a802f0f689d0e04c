/* SPDX-License-Identifier: MIT */
/*
 * The translator as the rest of xrun sees it.
 *
 * Set-up: dbt_init once, cpu_new for each guest thread, cpu_bind on the host thread that runs it.  Then dbt_run again and
 * again; it returns when the guest needs something from outside.  The translator knows no Linux: what it must ask is in
 * struct dbt_config.
 */
#ifndef DBT_DBT_H
#define DBT_DBT_H

#include "dbt/cpu.h"

#include <signal.h>
#include <stdio.h>

enum dbt_dump { DUMP_IN = 1, DUMP_IR = 2, DUMP_OPT = 4, DUMP_RA = 8, DUMP_OUT = 16 };

/* What such memory (dbt_config.store) begins with. */
#define DBT_STORE_ALIGN 8u
struct dbt_store {
    _Atomic uint32_t
        used; /* bytes behind the head, a multiple of DBT_STORE_ALIGN; written by the translator */
    _Atomic uint32_t whole; /* there is memory for the head; written by who gives the store */
};

struct dbt_config {
    bool interp; /* evaluate the IR instead of compiling it */
    bool no_opt; /* no passes */
    int tier;    /* 1: compile everything at once, and only once; 2: all of it as traces; 0: as it pays */
    unsigned careful; /* every guest instruction in this careful form at least: 1, 2 (careful.c) */
    bool v3;          /* use AVX2 only, even where the host has AVX-512 */
    unsigned dump;    /* set of enum dbt_dump */
    gaddr dump_pc;    /* 0: every unit */
    FILE *dump_out;
    size_t cache_size; /* bytes of translated code; 0: the default */
    bool stats;        /* count and time what dbt_stats is to tell */
    /* How many bytes from pc on may be fetched as code (at least one instruction's, or 0 with *why as exit_arg of
     * EXIT_FETCH_FAULT).  Called with the translator's lock held. */
    size_t (*fetchable)(gaddr pc, uint64_t *why);
    /* Told of each translation made, with the translator's lock held; may be NULL. */
    void (*made)(const void *host, size_t size, gaddr pc);
    /* Told that all of them have gone, and that others will take their places; may be NULL. */
    void (*gone)(void);
    /* Makes the system call that cpu's registers ask for (pc is behind it): between dbt_serve_begin and dbt_serve_end.
     * NULL: dbt_run returns EXIT_SYSCALL instead. */
    void (*syscall)(struct cpu *cpu);
    /* Has dbt_host_signal called on the thread of cpu, soon, if that is waiting for memory.  NULL: threads do not wait for each
     * other there. */
    void (*rouse)(struct cpu *cpu);
    /* Where else the byte at addr can be run from: the lowest such address above `after`, or 0.  NULL: nowhere ever. */
    gaddr (*alias)(gaddr addr, gaddr after);
    /* Is the code at pc in guarded memory?  Asked only after dbt_guard. */
    bool (*guarded)(gaddr pc);
    /*
     * Memory that this user's processes of this build and `kind` share, where they keep translations: of *size bytes, all
     * zero at first, the first `head` of which are there; madvise gets the rest.  NULL: there is none.
     */
    struct dbt_store *(*store)(uint64_t kind, size_t head, size_t *size);
    /* Does the code at pc come from a file, so that other processes may run it, too? */
    bool (*stays)(gaddr pc);
    /* Disassembles guest code for DUMP_IN, host code for DUMP_OUT; may be NULL. */
    void (*disas)(FILE *out, bool host, const void *bytes, size_t len, uint64_t addr);
};

/* Returns NULL, or why the host cannot do it (no x86-64-v3, no memory). */
const char *dbt_init(const struct dbt_config *config);

/* A new thread's state, zeroed, or a copy of `from`'s guest registers; NULL when memory is gone. Owned by the caller. */
struct cpu *cpu_new(const struct cpu *from);
void cpu_free(struct cpu *cpu);
/* As cpu_new, in place of the state of a thread that has ended; what that has found in the cache stays known. */
void cpu_renew(struct cpu *cpu, const struct cpu *from);
/* To be called on the host thread that is to run it. */
void cpu_bind(struct cpu *cpu);

/* Runs the guest from cpu->pc until something is to be done; never EXIT_NONE or an internal reason. */
enum exit_reason dbt_run(struct cpu *cpu);

/*
 * To be called first by the handler of SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP (host signal context uc) on the thread of cpu.
 * True: the fault belonged to translated code (or the evaluator); uc was changed so that on return from the handler
 * execution goes on, either past it or with dbt_run returning EXIT_FAULT and complete guest state.
 * False: not ours, uc is unchanged.
 */
bool dbt_host_fault(struct cpu *cpu, int signo, siginfo_t *info, void *uc);
/* By the handler of any other signal, after cpu->poll was set, and of what config.rouse sends: where guest state is
 * complete, dbt_run returns at once with EXIT_SIGNAL.  That is at every access to memory that has not been made, because
 * it may be waiting for its page (userfaultfd) until the guest has seen the signal. */
void dbt_host_signal(struct cpu *cpu, void *uc);

/* Drops every translation of guest code in [start, start + len).  Safe from any thread; other threads leave such code
 * at the latest at their next block boundary. */
void dbt_invalidate(gaddr start, size_t len);

/* From now on there is guarded memory (AArch64's PROT_BTI): to be called before the first of it is to be seen by the guest.
 * Until then nobody pays for it. */
void dbt_guard(void);
bool dbt_guarded(void); /* was it called? */

/* For the function that makes system calls.  The second does not return (a return behind the kernel's would not be
 * predicted): the guest goes on at cpu->pc, or, if `on` is false because its owner has more to do, dbt_run returns. */
void dbt_serve_begin(struct cpu *cpu);
_Noreturn void dbt_serve_end(struct cpu *cpu, bool on);

/* From now on other threads or processes see the guest's memory while it works on it: to be called before they can.  Until
 * then an access that they would have to see as one may be two. */
void dbt_share(void);

/* Around fork: prepare takes the lock and makes what the child needs; then exactly one of the others on each side.  alone: no
 * other thread runs in this memory, and none comes before that. */
void dbt_fork_prepare(bool alone);
void dbt_fork_parent(void);
void dbt_fork_child(struct cpu *cpu); /* of the thread that forked */

/* Processes share translations.  To be called by one that becomes less trusted than others of its user are, before it does: it
 * must not be able to write what they run. */
void dbt_part(void);

/* What config.stats has counted since the process began, as lines of text of at most size bytes; returns how many.  Not from
 * within guest code or a signal handler. */
size_t dbt_stats(char *to, size_t size);

/* Keeps every thread out of guest code, with its state complete, until dbt_go_on; it takes the lock of dbt_fork_prepare. */
void dbt_stop(void);
void dbt_go_on(void);

#endif
