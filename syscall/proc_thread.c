/* SPDX-License-Identifier: MIT */
/*
 * The signals and the seccomp filters of a thread as /proc shows them.  The host's sets of signals have xrun's own handlers in
 * them, and synchronous signals, which it never blocks; all else is the host's to know (signal.c).  Filters it does not know.
 *
 * Of another process they are read from its memory while it goes on, so a thread may end meanwhile: then what was found first
 * counts.  Its threads have other numbers here if it is in another PID namespace; then the oldest is taken, which is the only
 * one mostly, and whose dispositions are those of all.
 */
#include "syscall/proc_files.h"
#include "syscall/process.h"
#include "syscall/seccomp.h"
#include "syscall/sighand.h"

enum { TASKS_MAX = 1 << 16 };

static bool find_task(int64_t pid, int64_t tid, struct task *t)
{
    struct task one = {.cpu = NULL}, *at = NULL;
    bool found = false;

    if (!proc_peek(pid, &at, &process_tasks, sizeof at))
        return false;
    for (int i = 0; at && i < TASKS_MAX && proc_peek(pid, &one, at, sizeof one); i++) {
        bool same = one.tid == tid;
        if (same || !one.borrowed) {
            *t = one;
            found = true;
        }
        at = same ? NULL : one.next;
    }
    return found;
}

static bool get(int64_t pid, int64_t tid, struct task *t, struct sighand *h)
{
    return find_task(pid, tid, t) && proc_peek(pid, h, t->sighand, sizeof *h);
}

struct proc_thread proc_thread(int64_t pid, int64_t tid)
{
    struct task t;
    struct sighand h = {.refs = 0};
    struct proc_thread s = {.keep = {~0ull, ~0ull, ~0ull, ~0ull}};

    process_lock();
    bool known = get(pid, tid, &t, &h);
    unsigned filters = known ? seccomp_filters(pid, &t) : 0;
    process_unlock();
    if (!known)
        return s;
    s = (struct proc_thread){.keep = {~0ull, ~SIGNALS_SYNC, 0, 0},
                             .own = {t.early_mask, t.sigmask & SIGNALS_SYNC},
                             .seccomp_mode = t.seccomp_mode,
                             .filters = filters};
    for (int signo = 1; signo <= 64; signo++) {
        uint64_t handler = h.action[signo - 1].handler;
        if (handler == (uint64_t)SIG_IGN)
            s.own[2] |= signal_bit(signo);
        else if (handler != (uint64_t)SIG_DFL)
            s.own[3] |= signal_bit(signo);
    }
    return s;
}
