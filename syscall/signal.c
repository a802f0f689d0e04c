/* SPDX-License-Identifier: MIT */
/*
 * Guest signals on host signals.
 *
 *  1. A signal that the guest handles has a host handler with the guest's SA_RESTART, SA_NOCLDSTOP and
 *     SA_NOCLDWAIT; one that it ignores or leaves alone is ignored or left alone on the host.  So the kernel acts
 *     where it can, and it alone decides what interrupts which call.
 *  2. The handler keeps the signal in task.taken and returns to the mask that the guest's handler will have, so that
 *     delivery builds the frame and rarely has to set a mask.  A second one may come before that; then all others
 *     are blocked, and the kernel goes on queueing, in its own order.  A signal that the guest has come to block since it
 *     was taken (because a fault was delivered in between) goes back to the kernel.
 *  3. Synchronous signals are never blocked on the host, because translated code lives on them.  If one is
 *     sent with kill, it goes to task.early until the guest's mask lets it through.  A raised one (si_code > 0)
 *     that arrives with rip behind a system call was sent as well (rt_tgsigqueueinfo may carry any code).
 *  4. A system call that was not started, or that the kernel wants repeated, is left with -ERESTARTNOINTR
 *     (host_syscall.S); with the guest's SA_RESTART on the host handler nothing else needs to be known about
 *     calls.  Rejected: a list of which call restarts when; it cannot see timeouts set on sockets.
 *  5. No lock is taken in the handler.
 */
#include "syscall/signal.h"

#include "abi/a64/frame.h"
#include "abi/abi.h"
#include "loader/space.h"
#include "loader/vdso.h"
#include "syscall/core.h"
#include "syscall/host.h"
#include "syscall/sighand.h"
#include "syscall/stats.h"
#include "syscall/strace.h"
#include "syscall/user.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <ucontext.h>

/* The kernel's struct sigaction, of host and guest alike. */
static_assert(sizeof(struct guest_action) == 32, "kernel layout");

extern const char user_access_begin[], user_access_end[], user_access_fault[];

static struct sighand first_sighand = {.refs = 1};
static bool cores; /* the guest's core files are wanted: their signals must come here first */

static bool is_sync(int signo)
{
    return signal_bit(signo) & SIGNALS_SYNC;
}

/* -- the host's side -- */

uint64_t signal_host_mask(uint64_t guest)
{
    return guest & ~SIGNALS_SYNC;
}

void signal_set_host_mask(uint64_t mask)
{
    host_raw(SYS_rt_sigprocmask, SIG_SETMASK, (uint64_t)&mask, 0, 8, 0, 0);
}

uint64_t signal_block_all(void)
{
    uint64_t all = ~0ull, old = 0;
    host_raw(SYS_rt_sigprocmask, SIG_SETMASK, (uint64_t)&all, (uint64_t)&old, 8, 0, 0);
    return old;
}

static void without_core(void)
{
    struct rlimit none = {0, 0};
    host_raw(SYS_prlimit64, 0, RLIMIT_CORE, (uint64_t)&none, 0, 0, 0);
    host_raw(SYS_prctl, PR_SET_DUMPABLE, 0, 0, 0, 0, 0);
}

/* By the default action. */
static _Noreturn void die(int signo, const siginfo_t *info)
{
    struct guest_action dfl = {0};
    host_raw(SYS_rt_sigaction, (uint64_t)signo, (uint64_t)&dfl, 0, 8, 0, 0);
    uint64_t pid = (uint64_t)host_id(SYS_getpid);
    uint64_t tid = (uint64_t)host_id(SYS_gettid);
    if (!info || host_raw(SYS_rt_tgsigqueueinfo, pid, tid, (uint64_t)signo, (uint64_t)info, 0, 0) != 0)
        host_raw(SYS_tgkill, pid, tid, (uint64_t)signo, 0, 0, 0);
    signal_set_host_mask(~signal_bit(signo));
    /* Only the init process of a namespace gets here. */
    for (;;)
        host_raw(SYS_exit_group, 128 + (uint64_t)signo, 0, 0, 0, 0, 0);
}

static void internal_fault(const struct cpu *cpu, int signo, siginfo_t *info, const greg_t *g)
{
    host_message("internal error: signal %d at host address %lx, accessing %lx; guest pc %lx%s", signo,
                 (unsigned long)g[REG_RIP], (unsigned long)info->si_addr, (unsigned long)cpu->pc,
                 cpu->in_code ? " (or near it: in translated code)" : "");
    host_message("to reproduce: run the same command; --interp and --no-opt tell which part is at fault");
    signal_block_all();
    without_core();
    die(signo, info);
}

static bool rip_in(uint64_t rip, const char *begin, const char *end)
{
    return rip >= (uint64_t)begin && rip < (uint64_t)end;
}

static bool in_notify(uint64_t rip)
{
    return rip_in(rip, host_notify_calls, host_notify_calls_end);
}

static bool is_behind_call(uint64_t rip)
{
    return rip == (uint64_t)host_guard_end || rip == (uint64_t)host_inline_end ||
           rip == (uint64_t)host_raw_end || (in_notify(rip) && rip % HOST_NOTIFY_SIZE >= HOST_NOTIFY_BEHIND);
}

/* Did an instruction fault, or was the signal sent by somebody? */
static bool was_raised(int signo, const siginfo_t *info, uint64_t rip)
{
    return is_sync(signo) && info->si_code > 0 && !is_behind_call(rip);
}

/* The host's mask while the guest's handler of signo runs.  A guess, because the action may be changing: delivery knows. */
static uint64_t handler_mask(const struct task *t, int signo)
{
    const struct guest_action *a = &t->sighand->action[signo - 1];
    return signal_host_mask(t->sigmask | a->mask | (a->flags & SA_NODEFER ? 0 : signal_bit(signo)));
}

static char rouse_mark;

/* The signal is one that is never blocked; the guest does not see it.  A thread that has come out meanwhile and made a system
 * call finds that interrupted, so this is for those that do not come for long. */
void signal_rouse(struct cpu *cpu)
{
    const struct task *t = cpu->owner;
    siginfo_t info = {.si_signo = SIGTRAP, .si_code = SI_QUEUE, .si_ptr = &rouse_mark};
    host_raw(SYS_rt_tgsigqueueinfo, (uint64_t)t->pid, (uint64_t)t->tid, SIGTRAP, (uint64_t)&info, 0, 0);
}

static bool is_rouse(int signo, const siginfo_t *info)
{
    return signo == SIGTRAP && info->si_code == SI_QUEUE && info->si_ptr == &rouse_mark;
}

static void on_signal(int signo, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    struct task *t = task_of_sigstack(uc->uc_stack.ss_sp);
    if (is_rouse(signo, info)) {
        dbt_host_signal(t->cpu, uc);
        return;
    }
    greg_t *g = uc->uc_mcontext.gregs;
    uint64_t rip = (uint64_t)g[REG_RIP];
    if (was_raised(signo, info, rip)) {
        if (rip_in(rip, user_access_begin, user_access_end))
            g[REG_RIP] = (greg_t)user_access_fault;
        else if (!dbt_host_fault(t->cpu, signo, info, uc))
            internal_fault(t->cpu, signo, info, g);
        return;
    }
    if (is_sync(signo)) {
        t->early[signo] = *info;
        __atomic_fetch_or(&t->early_mask, (uint32_t)signal_bit(signo), __ATOMIC_SEQ_CST);
        if (t->sigmask & signal_bit(signo))
            return;
    } else {
        t->taken_mask = t->taken_count ? signal_host_mask(~0ull) : handler_mask(t, signo);
        t->taken[t->taken_count++] = *info;
        memcpy(&uc->uc_sigmask, &t->taken_mask, sizeof t->taken_mask);
    }
    t->attention = 1;
    __atomic_fetch_or(&t->cpu->poll, POLL_OWNER, __ATOMIC_SEQ_CST);
    if (rip_in(rip, host_guard_begin, host_guard_end))
        g[REG_RIP] = (greg_t)host_guard_out;
    if (rip_in(rip, host_notify_begin, host_notify_end) || (in_notify(rip) && !is_behind_call(rip)))
        g[REG_RIP] = (greg_t)host_notify_out;
    if (rip_in(rip, host_inline_begin, host_inline_end))
        g[REG_RIP] = (greg_t)host_inline_out;
    dbt_host_signal(t->cpu, uc);
}

/* Must this signal come here first, although its action is the default one? */
static bool comes_here(int signo)
{
    return (cores && core_signal(signo)) || stats_signal(signo);
}

/* Gives the host the disposition that goes with the guest's. */
void signal_host_action(int signo, const struct guest_action *a)
{
    bool handled = is_sync(signo) || (a->handler != (uint64_t)SIG_DFL && a->handler != (uint64_t)SIG_IGN) ||
                   (a->handler == (uint64_t)SIG_DFL && comes_here(signo));
    struct guest_action host = {.handler = a->handler, .flags = a->flags & (SA_NOCLDSTOP | SA_NOCLDWAIT)};
    if (handled) {
        host.handler = (uint64_t)on_signal;
        host.flags |= SA_SIGINFO | SA_ONSTACK | SA_RESTORER | (a->flags & SA_RESTART);
        host.restorer = (uint64_t)host_sigreturn;
        host.mask = ~(signal_bit(SIGSEGV) | signal_bit(SIGBUS));
    }
    host_raw(SYS_rt_sigaction, (uint64_t)signo, (uint64_t)&host, 0, 8, 0, 0);
}

_Noreturn void signal_die(struct task *t, int signo, const siginfo_t *info)
{
    signal_block_all();
    if (options.strace)
        strace_signal(t, info);
    stats_end(t, "killed by signal ", signo);
    if (!core_dump(t, signo, info))
        without_core();
    die(signo, info);
}

/* Makes the host's mask the guest's, unless a signal is taken first: then its delivery does so. */
static void settle_host_mask(struct task *t)
{
    uint64_t mask = signal_host_mask(t->sigmask);
    host_syscall(t, SYS_rt_sigprocmask, (uint64_t[6]){SIG_SETMASK, (uint64_t)&mask, 0, 8});
}

/* -- set-up -- */

void signal_thread_init(struct task *t)
{
    stack_t ss = {.ss_sp = t->sigstack, .ss_size = TASK_SIGSTACK};
    host_raw(SYS_sigaltstack, (uint64_t)&ss, 0, 0, 0, 0, 0);
    signal_set_host_mask(signal_host_mask(t->sigmask));
}

void signal_init(struct task *t)
{
    t->sighand = &first_sighand;
    for (int signo = 1; signo <= 64; signo++) {
        struct guest_action *a = &first_sighand.action[signo - 1];
        host_raw(SYS_rt_sigaction, (uint64_t)signo, 0, (uint64_t)a, 8, 0, 0);
        if (a->handler != (uint64_t)SIG_IGN)
            a->handler = (uint64_t)SIG_DFL;
        a->flags = a->restorer = a->mask = 0;
    }
    host_raw(SYS_rt_sigprocmask, SIG_SETMASK, 0, (uint64_t)&t->sigmask, 8, 0, 0);
    t->sigstack = host_alloc(TASK_SIGSTACK);
    cores = core_wanted();
    for (int signo = 1; signo <= 64; signo++)
        if (comes_here(signo) || is_sync(signo))
            signal_host_action(signo, &first_sighand.action[signo - 1]);
    signal_thread_init(t);
}

void signal_core_limit(struct task *t)
{
    struct sighand *h = t->sighand;
    lock_take(&h->lock);
    cores = core_wanted();
    for (int signo = 1; signo < 32; signo++)
        if (core_signal(signo))
            signal_host_action(signo, &h->action[signo - 1]);
    lock_drop(&h->lock);
}

struct sighand *sighand_share(struct sighand *h)
{
    h->refs++;
    return h;
}

struct sighand *sighand_copy(struct sighand *h)
{
    struct sighand *n = host_alloc(sizeof *n);
    if (!n)
        return NULL;
    lock_take(&h->lock);
    memcpy(n->action, h->action, sizeof n->action);
    lock_drop(&h->lock);
    n->refs = 1;
    return n;
}

void sighand_drop(struct sighand *h)
{
    if (--h->refs == 0 && h != &first_sighand)
        host_free(h, sizeof *h);
}

int64_t signal_exec_begin(struct task *t)
{
    int64_t r = host_syscall(t, SYS_rt_sigprocmask, (uint64_t[6]){SIG_SETMASK, (uint64_t)&t->sigmask, 0, 8});
    if (r)
        return r;
    struct guest_action ign = {.handler = (uint64_t)SIG_IGN};
    for (int signo = 1; signo < 32; signo++)
        if (is_sync(signo) && t->sighand->action[signo - 1].handler == (uint64_t)SIG_IGN)
            host_raw(SYS_rt_sigaction, (uint64_t)signo, (uint64_t)&ign, 0, 8, 0, 0);
    return 0;
}

void signal_exec_failed(struct task *t)
{
    for (int signo = 1; signo < 32; signo++)
        if (is_sync(signo))
            signal_host_action(signo, &t->sighand->action[signo - 1]);
    settle_host_mask(t);
}

/* A lock that nobody else could hold is left alone: a page less to copy. */
bool signal_fork_prepare(struct task *t)
{
    bool locks = t->sighand->refs > 1;
    if (locks)
        lock_take(&t->sighand->lock);
    return locks;
}
void signal_fork_done(struct task *t, bool locks)
{
    if (locks)
        lock_drop(&t->sighand->lock);
}

/* -- delivery -- */

/* Where the frame goes: the alternate stack or below sp; the record lies above the frame, both 16-aligned. */
static gaddr frame_address(const struct task *t, const struct guest_action *a)
{
    gaddr sp = t->cpu->a64.x[31];
    if ((a->flags & SA_ONSTACK) && t->altstack_size && !signal_on_altstack(t, sp))
        sp = t->altstack_sp + t->altstack_size;
    sp = (sp - sizeof(struct a64_frame_record)) & ~15ull;
    return sp - sizeof(struct a64_rt_sigframe);
}

static bool push_frame(struct task *t, const struct guest_action *a, struct a64_signal *s)
{
    struct a64_rt_sigframe f;
    struct a64_frame_record record = {t->cpu->a64.x[29], t->cpu->a64.x[30]};
    gaddr at = frame_address(t, a), to = abi->pointer(t->cpu, at);
    s->handler = a->handler;
    s->restorer = a->flags & SA_RESTORER ? a->restorer : space_layout.vdso + VDSO_SIGRETURN;
    s->siginfo = a->flags & SA_SIGINFO;
    s->stack = (struct a64_stack){t->altstack_sp, t->altstack_flags, 0, t->altstack_size};
    s->mask = t->restore_mask ? t->saved_mask : t->sigmask;
    size_t size = a64_frame_build(&f, t->cpu, s);
    if (user_write(to, &f, size) || user_write(to + sizeof f, &record, sizeof record))
        return false;
    a64_frame_enter(t->cpu, at, s);
    return true;
}

/* Ends or repeats the call that a handler has interrupted. */
static void finish_call(struct task *t, bool handler, bool restart)
{
    if (t->last_nr < 0)
        return;
    int64_t code = -(int64_t)t->cpu->a64.x[0];
    t->last_nr = -1;
    bool repeat = !handler || code == XRUN_ERESTARTNOINTR || (code == XRUN_ERESTARTSYS && restart);
    if (repeat) {
        t->cpu->a64.x[0] = t->orig_x0;
        t->cpu->pc -= 4;
    } else {
        t->cpu->a64.x[0] = (uint64_t)-EINTR;
    }
}

static struct guest_action take_action(struct task *t, int signo)
{
    struct sighand *h = t->sighand;
    lock_take(&h->lock);
    struct guest_action *p = &h->action[signo - 1], a = *p;
    if ((a.flags & SA_RESETHAND) && a.handler != (uint64_t)SIG_IGN && a.handler != (uint64_t)SIG_DFL) {
        p->handler = (uint64_t)SIG_DFL;
        signal_host_action(signo, p);
    }
    lock_drop(&h->lock);
    return a;
}

static void run_handler(struct task *t, const struct guest_action *a, struct a64_signal *s)
{
    if (options.strace)
        strace_signal(t, s->info);
    finish_call(t, true, a->flags & SA_RESTART);
    s->guarded = dbt_guarded();
    if (!push_frame(t, a, s)) {
        siginfo_t info = {.si_signo = SIGSEGV, .si_code = SI_KERNEL};
        if (s->signo == SIGSEGV)
            signal_die(t, SIGSEGV, &info);
        signal_force(t, &(struct signal_fault){.signo = SIGSEGV, .code = SI_KERNEL});
        return;
    }
    if (t->altstack_flags & (int)SS_AUTODISARM)
        t->altstack_sp = t->altstack_size = 0, t->altstack_flags = SS_DISABLE;
    t->restore_mask = false;
    t->sigmask |= a->mask | (a->flags & SA_NODEFER ? 0 : signal_bit(s->signo));
    t->sigmask &= ~SIGNALS_UNBLOCKABLE;
}

/* What the kernel would have done: for signals that dump core, or whose disposition changed after they were taken. */
static void default_action(struct task *t, int signo, const siginfo_t *info)
{
    const uint64_t ignored =
        signal_bit(SIGCHLD) | signal_bit(SIGCONT) | signal_bit(SIGURG) | signal_bit(SIGWINCH);
    const uint64_t stops = signal_bit(SIGTSTP) | signal_bit(SIGTTIN) | signal_bit(SIGTTOU);
    if (signal_bit(signo) & ignored)
        return;
    if (signal_bit(signo) & stops) {
        host_raw(SYS_tgkill, (uint64_t)host_id(SYS_getpid), (uint64_t)t->tid, SIGSTOP, 0, 0, 0);
        return;
    }
    signal_die(t, signo, info);
}

static void deliver_one(struct task *t, int signo, const siginfo_t *info)
{
    struct guest_action a = take_action(t, signo);
    if (a.handler == (uint64_t)SIG_DFL)
        default_action(t, signo, info);
    else if (a.handler != (uint64_t)SIG_IGN)
        run_handler(t, &a, &(struct a64_signal){.signo = signo, .info = info});
}

/* True: there were any. */
static bool deliver_early(struct task *t)
{
    bool any = false;
    for (uint32_t open; (open = t->early_mask & ~(uint32_t)t->sigmask) != 0;) {
        int signo = __builtin_ctz(open) + 1;
        siginfo_t info = t->early[signo];
        signal_early_drop(t, signo);
        deliver_one(t, signo, &info);
        any = true;
    }
    return any;
}

/* The first of the signals that the handler has taken is delivered: takes it from the list.  A second one may be coming
 * in just now; where there are two, all are blocked. */
static void drop_first_taken(struct task *t)
{
    uint32_t one = 1;
    if (!__atomic_compare_exchange_n(&t->taken_count, &one, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        t->taken[0] = t->taken[1];
        t->taken_count = 1;
    }
}

static void put_back(struct task *t, const siginfo_t *info)
{
    uint64_t bit = signal_bit(info->si_signo), pid = (uint64_t)host_id(SYS_getpid);
    host_raw(SYS_rt_sigprocmask, SIG_BLOCK, (uint64_t)&bit, 0, 8, 0, 0);
    host_raw(SYS_rt_tgsigqueueinfo, pid, (uint64_t)t->tid, (uint64_t)info->si_signo, (uint64_t)info, 0, 0);
}

/* True: the host's mask may not be the guest's now. */
static bool deliver_taken(struct task *t)
{
    siginfo_t info = t->taken[0];
    uint64_t mask = t->taken_mask;
    bool blocked = t->sigmask & signal_bit(info.si_signo);
    if (blocked)
        put_back(t, &info);
    else
        deliver_one(t, info.si_signo, &info);
    drop_first_taken(t);
    return blocked || mask != signal_host_mask(t->sigmask);
}

/* unsettled: the host's mask may not be the guest's.  It stays so where a signal comes first, also one that is only taken off
 * the list here. */
static void deliver_all(struct task *t, bool unsettled)
{
    while (t->attention) {
        t->attention = 0;
        __atomic_fetch_and(&t->cpu->poll, ~POLL_OWNER, __ATOMIC_SEQ_CST);
        unsettled = deliver_early(t) || unsettled;
        while (t->taken_count)
            unsettled = deliver_taken(t) || unsettled;
        if (unsettled)
            settle_host_mask(t);
    }
}

void signal_deliver(struct task *t)
{
    deliver_all(t, false);
    finish_call(t, false, false);
    if (t->restore_mask) {
        t->restore_mask = false;
        t->sigmask = t->saved_mask;
        settle_host_mask(t);
        deliver_all(t, true);
    }
}

static void force(struct task *t, struct a64_signal *s)
{
    bool blocked = t->sigmask & signal_bit(s->signo);
    struct guest_action a = take_action(t, s->signo);
    if (blocked || a.handler == (uint64_t)SIG_DFL || a.handler == (uint64_t)SIG_IGN)
        signal_die(t, s->signo, s->info);
    run_handler(t, &a, s);
    if (!t->taken_count)
        settle_host_mask(t);
}

void signal_force(struct task *t, const struct signal_fault *f)
{
    siginfo_t info = {.si_signo = f->signo, .si_code = f->code};
    if (f->code > 0 && f->code != SI_KERNEL)
        info.si_addr = (void *)f->addr;
    bool memory = (f->signo == SIGSEGV || f->signo == SIGBUS) && f->code != SI_KERNEL;
    force(t, &(struct a64_signal){.signo = f->signo,
                                  .info = &info,
                                  .fault = memory,
                                  .write = f->write,
                                  .fetch = f->fetch,
                                  .permission = f->signo == SIGSEGV && f->code == SEGV_ACCERR,
                                  .alignment = f->signo == SIGBUS && f->code == BUS_ADRALN,
                                  .sp = f->stack});
}

void signal_force_info(struct task *t, const siginfo_t *info)
{
    force(t, &(struct a64_signal){.signo = info->si_signo, .info = info});
}
