/* SPDX-License-Identifier: MIT */
/*
 * Looks a system call up in the table and does what its line says.
 *
 * The original first argument is kept, because x0 is both an argument and the result: a call that is to be
 * repeated after a signal needs the argument back (as the kernel's regs->orig_x0).  Calls that the table does
 * not know are named once and fail as on an old kernel.  Handlers of x86-64's extra calls do not exist: a
 * guest cannot name them.  Pointers into xrun's own memory become pointers to nothing first (buffers.h).
 */
#include "syscall/dispatch.h"

#include "abi/abi.h"
#include "syscall/buffers.h"
#include "syscall/calls.h"
#include "syscall/fuse.h"
#include "syscall/seccomp.h"
#include "syscall/self_mem.h"
#include "syscall/strace.h"
#include "syscall/text.h"

#include <errno.h>
#include <string.h>

void log_once(bool *flag, const char *what, const char *name)
{
    char buf[160];
    struct text m = TEXT(buf, -1);

    if (__atomic_exchange_n(flag, true, __ATOMIC_RELAXED))
        return;
    text_str(&m, "xrun: ");
    text_str(&m, what);
    text_str(&m, name);
    text_str(&m, "\n");
    host_raw(SYS_write, 2, ptr(buf), m.n, 0, 0, 0);
}

static int64_t call_unknown(struct task *t, uint64_t nr, const uint64_t a[6])
{
    static bool seen[1024];
    char digits[24];
    struct text d = TEXT(digits, -1);

    text_dec(&d, (int64_t)nr);
    text_char(&d, 0);
    log_once(&seen[nr % 1024], "unknown system call ", digits);
    if (options.strace)
        strace_unknown(t, nr, a);
    return -ENOSYS;
}

static int64_t call_missing(const struct call *c)
{
    static bool seen[1024];

    log_once(&seen[(uintptr_t)c / sizeof *c % 1024], "not supported: ", c->name);
    return -ENOSYS;
}

static int64_t call_known(struct task *t, const struct call *c, const uint64_t a[6])
{
    switch (c->kind) {
    case CALL_PASS: return host_syscall(t, c->host, a);
    case CALL_PATH: return path_call(t, c->host, c->sig, a);
    case CALL_BUFS: return bufs_call(t, c, a);
    case CALL_LESS: task_part(t); return host_syscall(t, c->host, a);
    case CALL_OWN: return c->fn(t, a);
    case CALL_MISS: return call_missing(c);
    default: return -ENOSYS;
    }
}

static int64_t call_guarded(struct task *t, const struct call *c, const uint64_t a[6])
{
    uint64_t b[6];

    if (!pointers_own(a))
        return call_known(t, c, a);
    memcpy(b, a, sizeof b);
    pointers_guard(c, b);
    return call_known(t, c, b);
}

static int64_t call_make(struct task *t, const struct call *c, const uint64_t a[6])
{
    int64_t result;

    if (options.strace)
        strace_enter(t, c, a);
    result = call_guarded(t, c, a);
    if (self_mem_open && result > 0)
        self_mem_written(c, a, result);
    fuse_look(t, c, a, result);
    if (options.strace)
        strace_leave(t, c, a, result);
    return result;
}

/* True: the guest's filters let the call through. */
static bool call_allowed(struct task *t, const struct call *c, uint64_t nr, const uint64_t a[6])
{
    int64_t result = -XRUN_ERESTARTNOINTR;
    enum verdict v = seccomp_judge(t, nr, a, &result);

    if (v == VERDICT_GO)
        return true;
    if (v != VERDICT_AGAIN)
        t->last_nr = -1;
    if (v != VERDICT_DONE)
        abi->call_result(t->cpu, result);
    if (v == VERDICT_RESULT && c && options.strace)
        strace_leave(t, c, a, result);
    return false;
}

void syscall_dispatch(struct task *t)
{
    uint64_t nr = abi->call_nr(t->cpu), a[6];
    const struct call *c = call_find(nr);
    bool tagged = abi->call_args(t->cpu, a);
    int64_t result;

    t->orig_x0 = a[0];
    t->last_nr = (int64_t)nr;
    if (t->seccomp_mode && !call_allowed(t, c, nr, a))
        return;
    if (c && tagged)
        pointers_plain(t, c, a);
    result = c ? call_make(t, c, a) : call_unknown(t, nr, a);
    if (t->last_nr < 0)
        return;
    abi->call_result(t->cpu, result);
    if (!is_restart(result))
        t->last_nr = -1;
}
