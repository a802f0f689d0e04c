/* SPDX-License-Identifier: MIT */
/*
 * The system calls about signals: rt_sigaction, rt_sigprocmask, rt_sigsuspend, rt_sigpending,
 * rt_sigtimedwait, sigaltstack, rt_sigreturn.  (kill and its kin pass through.)
 *
 * The host's mask is changed through host_syscall only: while a taken signal waits for delivery its handler is what
 * has set the mask (signal.c, 2), and opening it then would let in more signals than there is room for.  host_syscall does
 * not start in that state, so the signal is delivered and the guest's call repeated.
 */
#include "abi/a64/frame.h"
#include "abi/abi.h"
#include "syscall/calls.h"
#include "syscall/host.h"
#include "syscall/sighand.h"
#include "syscall/signal.h"
#include "syscall/user.h"

#include <errno.h>

static int64_t host_mask_set(struct task *t, uint64_t guest)
{
    uint64_t mask = signal_host_mask(guest);
    int64_t r = host_syscall(t, SYS_rt_sigprocmask, (uint64_t[6]){SIG_SETMASK, (uint64_t)&mask, 0, 8});
    if (r == 0) {
        t->sigmask = guest;
        if (t->early_mask & ~guest)
            t->attention = 1;
    }
    return r;
}

int64_t sys_rt_sigaction(struct task *t, const uint64_t a[6])
{
    int signo = (int)a[0];
    struct guest_action new, old;
    if (a[3] != 8 || signo < 1 || signo > 64)
        return -EINVAL;
    if (a[1] && user_read(&new, a[1], sizeof new))
        return -EFAULT;
    if (a[1] && (signo == SIGKILL || signo == SIGSTOP))
        return -EINVAL;
    if (t->attention)
        return -XRUN_ERESTARTNOINTR;
    struct sighand *h = t->sighand;
    lock_take(&h->lock);
    old = h->action[signo - 1];
    if (a[1]) {
        new.mask &= ~SIGNALS_UNBLOCKABLE;
        new.flags &= SA_KNOWN;
        h->action[signo - 1] = new;
        signal_host_action(signo, &new);
    }
    lock_drop(&h->lock);
    if (a[1] && new.handler == (uint64_t)SIG_IGN && signo < 32)
        signal_early_drop(t, signo);
    return a[2] ? user_write(a[2], &old, sizeof old) : 0;
}

int64_t sys_rt_sigprocmask(struct task *t, const uint64_t a[6])
{
    uint64_t set, mask = t->sigmask, old = t->sigmask;
    if (a[3] != 8)
        return -EINVAL;
    if (a[1]) {
        if (user_read(&set, a[1], sizeof set))
            return -EFAULT;
        set &= ~SIGNALS_UNBLOCKABLE;
        switch ((int)a[0]) {
        case SIG_BLOCK: mask |= set; break;
        case SIG_UNBLOCK: mask &= ~set; break;
        case SIG_SETMASK: mask = set; break;
        default: return -EINVAL;
        }
    }
    if (mask != old) {
        int64_t r = host_mask_set(t, mask);
        if (r)
            return r;
    }
    return a[2] ? user_write(a[2], &old, sizeof old) : 0;
}

int64_t signal_mask_enter(struct task *t, gaddr set, uint64_t size, uint64_t *host)
{
    uint64_t mask;
    *host = signal_host_mask(t->sigmask);
    if (!set)
        return 0;
    if (size != 8)
        return -EINVAL;
    if (user_read(&mask, set, sizeof mask))
        return -EFAULT;
    mask &= ~SIGNALS_UNBLOCKABLE;
    *host = signal_host_mask(mask);
    t->saved_mask = t->sigmask;
    t->restore_mask = true;
    t->sigmask = mask;
    if (t->early_mask & ~mask)
        t->attention = 1;
    return 0;
}

void signal_mask_leave(struct task *t, int64_t result)
{
    if (!t->restore_mask || (result == -EINTR && t->attention))
        return;
    /* The call was not started or has put the host's mask back itself.  A synchronous signal that only the
     * temporary mask lets through ends the call, as the kernel would. */
    if (t->early_mask & ~t->sigmask)
        return;
    t->restore_mask = false;
    t->sigmask = t->saved_mask;
}

int64_t sys_rt_sigsuspend(struct task *t, const uint64_t a[6])
{
    uint64_t host;
    if (a[1] != 8)
        return -EINVAL;
    if (!a[0])
        return -EFAULT;
    int64_t r = signal_mask_enter(t, a[0], a[1], &host);
    if (r)
        return r;
    if (t->early_mask & ~t->sigmask)
        return -XRUN_ERESTARTNOHAND;
    do
        r = host_syscall(t, SYS_rt_sigsuspend, (uint64_t[6]){(uint64_t)&host, 8});
    while (r == -EINTR && !t->attention);
    signal_mask_leave(t, r);
    return r == -EINTR ? -XRUN_ERESTARTNOHAND : r;
}

int64_t sys_rt_sigpending(struct task *t, const uint64_t a[6])
{
    uint64_t set = 0;
    if (a[1] > 8)
        return -EINVAL;
    host_raw(SYS_rt_sigpending, (uint64_t)&set, 8, 0, 0, 0, 0);
    set |= t->early_mask & t->sigmask;
    return user_write(a[0], &set, a[1]);
}

int64_t sys_rt_sigtimedwait(struct task *t, const uint64_t a[6])
{
    uint64_t set;
    if (a[3] != 8)
        return -EINVAL;
    if (user_read(&set, a[0], sizeof set))
        return -EFAULT;
    for (;;) {
        uint32_t early = t->early_mask & (uint32_t)set;
        if (early) {
            int signo = __builtin_ctz(early) + 1;
            signal_early_drop(t, signo);
            return a[1] && user_write(a[1], &t->early[signo], 128) ? -EFAULT : signo;
        }
        int64_t r = host_syscall(t, SYS_rt_sigtimedwait, a);
        if (r != -EINTR || t->attention || !(t->early_mask & (uint32_t)set))
            return r;
    }
}

static int64_t stack_set(struct task *t, const struct a64_stack *s, bool check)
{
    int mode = s->flags & ~(int)SS_AUTODISARM;
    if (signal_on_altstack(t, t->cpu->a64.x[31]))
        return -EPERM;
    if (mode != 0 && mode != SS_ONSTACK && mode != SS_DISABLE)
        return -EINVAL;
    if (s->sp == t->altstack_sp && s->size == t->altstack_size && s->flags == t->altstack_flags)
        return 0;
    if (mode == SS_DISABLE) {
        t->altstack_sp = t->altstack_size = 0;
    } else {
        if (check && s->size < A64_SIGALTSTACK_MIN)
            return -ENOMEM;
        t->altstack_sp = s->sp;
        t->altstack_size = s->size;
    }
    t->altstack_flags = s->flags;
    return 0;
}

/* ss_flags as sigaltstack reports them. */
static int stack_flags(const struct task *t)
{
    int state = !t->altstack_size ? SS_DISABLE : signal_on_altstack(t, t->cpu->a64.x[31]) ? SS_ONSTACK : 0;
    return state | (t->altstack_flags & (int)SS_AUTODISARM);
}

int64_t sys_sigaltstack(struct task *t, const uint64_t a[6])
{
    struct a64_stack new, old = {t->altstack_sp, stack_flags(t), 0, t->altstack_size};
    if (a[0]) {
        if (user_read(&new, a[0], sizeof new))
            return -EFAULT;
        int64_t r = stack_set(t, &new, true);
        if (r)
            return r;
    }
    return a[1] ? user_write(a[1], &old, sizeof old) : 0;
}

/* A frame of the guest's own making may have more records than ours. */
static bool frame_restore(struct a64_rt_sigframe *f, gaddr sp, struct cpu *cpu)
{
    return a64_frame_restore(f, a64_frame_usual, cpu) ||
           (user_read(f, sp, sizeof *f) == 0 && a64_frame_restore(f, sizeof *f, cpu));
}

/* arm64_notify_segfault: the stack is there, so it must be that it does not allow this. */
static void bad_frame(struct task *t, gaddr sp)
{
    siginfo_t info = {.si_signo = SIGSEGV, .si_code = SEGV_ACCERR};
    info.si_addr = (void *)sp;
    signal_force_info(t, &info);
}

int64_t sys_rt_sigreturn(struct task *t, const uint64_t a[6])
{
    struct a64_rt_sigframe f;
    gaddr sp = t->cpu->a64.x[31], from = abi->pointer(t->cpu, sp);
    bool good = (sp & 15) == 0 && user_read(&f, from, a64_frame_usual) == 0;
    if (good) {
        int64_t r = host_mask_set(t, f.uc_sigmask & ~SIGNALS_UNBLOCKABLE);
        if (r)
            return r;
        good = frame_restore(&f, from, t->cpu);
    }
    t->last_nr = -1;
    if (good)
        stack_set(t, &f.uc_stack, true);
    else
        bad_frame(t, sp);
    return (int64_t)t->cpu->a64.x[0];
}

/* Calls are repeated with their own arguments (signal.c, 4), so a guest that asks for this by itself has
 * nothing to restart: the kernel's answer to that. */
int64_t sys_restart_syscall(struct task *t, const uint64_t a[6])
{
    return -EINTR;
}
