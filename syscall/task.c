/* SPDX-License-Identifier: MIT */
/*
 * The main loop of a guest thread: run translated code, do what it asked for, deliver signals, again.
 *
 * Each reason to leave translated code becomes what the hardware and the arm64 kernel would make of it.  An
 * instruction that the translator does not know is SIGILL for the guest; because that may be xrun's own gap,
 * it is named once a word, but not for the encodings that are undefined on purpose (UDF).
 */
#include "syscall/task.h"

#include "loader/space.h"
#include "loader/vdso.h"
#include "syscall/dispatch.h"
#include "syscall/host.h"
#include "syscall/signal.h"
#include "syscall/user.h"

#include <stdatomic.h>

struct options options;

/* True once for each word, as far as the table reaches. */
static bool first_time(uint32_t word)
{
    static _Atomic uint32_t seen[64];
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        uint32_t v = 0;
        if (atomic_compare_exchange_strong(&seen[i], &v, word))
            return true;
        if (v == word)
            return false;
    }
    return false;
}

static void on_illegal(struct task *t)
{
    gaddr pc = t->cpu->pc;
    uint32_t word = 0;
    if (user_read(&word, pc, sizeof word) == 0 && word >> 16 != 0 && first_time(word))
        host_message("unknown instruction %x at %lx: SIGILL", word, (unsigned long)pc);
    signal_force(t, &(struct signal_fault){.signo = SIGILL, .code = ILL_ILLOPC, .addr = pc});
}

static void on_syscall(struct task *t)
{
    if (vdso_is_call(t->cpu->pc))
        vdso_call(t);
    else
        syscall_dispatch(t);
}

static void on_fault(struct task *t)
{
    const struct cpu_fault *f = &t->cpu->fault;
    /* x86 does not say which address it was when that was not canonical. */
    int code = f->code == SI_KERNEL ? SEGV_MAPERR : f->code;
    /* What the guest does not know of is not there for it. */
    if (f->signo == SIGSEGV && code == SEGV_ACCERR && space_prot(f->addr) < 0)
        code = SEGV_MAPERR;
    signal_force(t, &(struct signal_fault){.signo = f->signo,
                                           .code = code,
                                           .addr = f->addr,
                                           .write = f->write != 0,
                                           .stack = f->stack != 0});
}

static void on_fetch_fault(struct task *t)
{
    struct signal_fault f = {.signo = SIGSEGV, .code = SEGV_MAPERR, .addr = t->cpu->pc, .fetch = true};
    switch (t->cpu->exit_arg) {
    case SPACE_FETCH_BUSY: space_wait(); return;
    case SPACE_FETCH_DENIED: f.code = SEGV_ACCERR; break;
    case SPACE_FETCH_MISALIGNED:
        f.signo = SIGBUS;
        f.code = BUS_ADRALN;
        break;
    case SPACE_FETCH_BUS:
        if (!space_is_file(f.addr))
            break; /* MADV_GUARD_INSTALL */
        f.signo = SIGBUS;
        f.code = BUS_ADRERR;
        break;
    default: break;
    }
    signal_force(t, &f);
}

/* The poll bit of a signal that was delivered on another way.  One that comes in between sets both again. */
static void drop_stale_poll(struct task *t)
{
    __atomic_fetch_and(&t->cpu->poll, ~POLL_OWNER, __ATOMIC_SEQ_CST);
    if (t->attention)
        signal_deliver(t);
}

_Noreturn void task_run(struct task *t)
{
    for (;;) {
        enum exit_reason why = dbt_run(t->cpu);
        /* A signal that came before the fault is delivered before it, under the mask of that time; the instruction is
         * then run once more. */
        if (t->attention && why != EXIT_SYSCALL)
            why = EXIT_SIGNAL;
        switch (why) {
        case EXIT_SYSCALL: on_syscall(t); break;
        case EXIT_ILLEGAL: on_illegal(t); break;
        case EXIT_NO_PAD:
            signal_force(t, &(struct signal_fault){.signo = SIGILL, .code = ILL_ILLOPC, .addr = t->cpu->pc});
            break;
        case EXIT_BREAK:
            signal_force(t, &(struct signal_fault){.signo = SIGTRAP, .code = TRAP_BRKPT, .addr = t->cpu->pc});
            break;
        case EXIT_FAULT: on_fault(t); break;
        case EXIT_FETCH_FAULT: on_fetch_fault(t); break;
        default: break;
        }
        if (task_has_more(t))
            signal_deliver(t);
        else if (t->cpu->poll & POLL_OWNER)
            drop_stale_poll(t);
    }
}
