/* SPDX-License-Identifier: MIT */
/* What signal.c (delivery) and sigcalls.c (the calls) share. */
#ifndef SYSCALL_SIGHAND_H
#define SYSCALL_SIGHAND_H

#include "dbt/lock.h"
#include "syscall/task.h"

#include <assert.h>

#ifndef SA_RESTORER
#define SA_RESTORER 0x04000000
#endif
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1u << 31)
#endif

/* What rt_sigaction keeps of sa_flags: a program sees by that what there is (sigaction(2)).  SA_EXPOSE_TAGBITS is not there: the
 * host does not say which tag a bad address had. */
#define SA_KNOWN                                                                                             \
    ((uint64_t)(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER) |           \
     (uint32_t)SA_RESETHAND | SA_RESTORER)

/* struct sigaction as AArch64 and x86-64 kernels have it. */
struct guest_action {
    uint64_t handler, flags, restorer, mask;
};

struct sighand {
    struct lock lock;
    _Atomic uint32_t refs;
    struct guest_action action[64];
};

static inline uint64_t signal_bit(int signo)
{
    return 1ull << (signo - 1);
}
#define SIGNALS_SYNC                                                                                         \
    (signal_bit(SIGSEGV) | signal_bit(SIGBUS) | signal_bit(SIGFPE) | signal_bit(SIGILL) | signal_bit(SIGTRAP))
#define SIGNALS_UNBLOCKABLE (signal_bit(SIGKILL) | signal_bit(SIGSTOP))

void signal_host_action(int signo, const struct guest_action *a);

/* The handler sets bits of early_mask at any time. */
static inline void signal_early_drop(struct task *t, int signo)
{
    __atomic_fetch_and(&t->early_mask, ~(uint32_t)signal_bit(signo), __ATOMIC_SEQ_CST);
}

static inline bool signal_on_altstack(const struct task *t, gaddr sp)
{
    return !(t->altstack_flags & (int)SS_AUTODISARM) && sp > t->altstack_sp &&
           sp - t->altstack_sp <= t->altstack_size;
}

#endif
