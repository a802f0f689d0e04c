/* SPDX-License-Identifier: MIT */
/*
 * Seccomp for the guest (seccomp(2); kernel/seccomp.c for the order of checks).
 *
 * Filters are a tree that grows at its leaves, as in the kernel: a thread points to its newest filter, each filter to
 * the one before it, and each pointer counts.  A filter never changes once it is in place, so judging takes no lock;
 * TSYNC replaces another thread's pointer only by one of which the old is an ancestor, so that stays alive.
 *
 * Rejected: translating the guest's program into one for the host's kernel.  xrun's own calls would be judged too, and
 * what a filter says about arguments (flags that differ) or about calls that x86-64 has more of could not be carried over.
 *
 * Listeners (SECCOMP_FILTER_FLAG_NEW_LISTENER) are the host kernel's own.  A call that is to be notified becomes a call of
 * rt_sigreturn with the guest's arguments, by an instruction whose address says which call it is, and a filter in the
 * host's kernel sends just those to the listener.  A guest that reads it gets the guest's number back; the program counter
 * is 0.  If the response says to go on, the host makes that call, and xrun sees it by that (host_notify), so it does not matter
 * whether a guest or a native program listens.
 *
 * What TSYNC gives other threads besides the filters (no_new_privs, and what the listeners of these filters need) they get
 * by the host's own TSYNC.
 *
 * Not there: nobody traces, so SECCOMP_RET_TRACE is ENOSYS; what is to be logged is not.
 */
#include "syscall/seccomp.h"

#include "abi/abi.h"
#include "syscall/bpf.h"
#include "syscall/calls.h"
#include "syscall/dispatch.h"
#include "syscall/host.h"
#include "syscall/proc_files.h"
#include "syscall/process.h"
#include "syscall/signal.h"
#include "syscall/text.h"
#include "syscall/user.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#define MAX_ERRNO   4095
#define INSNS_MAX   32768 /* of all filters of a thread together */
#define INSNS_EXTRA 4     /* counted for each filter that is there already */
#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* si_code; the C library does not show it */
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1ul << 5)
#endif
#define FLAGS_ALL                                                                                            \
    (SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW |                  \
     SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC_ESRCH |                                    \
     SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)

struct filter {
    struct filter *before;
    _Atomic uint32_t refs;
    uint32_t count, cost;
    bool listens; /* it brought a listener; dead if a newer one has brought one, too */
    struct sock_filter insn[];
};

/* -- the tree -- */

static size_t filter_size(size_t count)
{
    return page_up(sizeof(struct filter) + count * sizeof(struct sock_filter));
}

static struct filter *filter_new(size_t count)
{
    struct filter *f = host_alloc(filter_size(count));

    if (f) {
        f->before = NULL;
        f->refs = 1;
        f->count = (uint32_t)count;
        f->listens = false;
    }
    return f;
}

unsigned seccomp_filters(int64_t pid, const struct task *t)
{
    struct filter f = {.before = t->filter};
    unsigned n = 0;

    while (f.before && n < INSNS_MAX / INSNS_EXTRA && proc_peek(pid, &f, f.before, sizeof f))
        n++;
    return n;
}

static void filter_drop(struct filter *f)
{
    while (f && --f->refs == 0) {
        struct filter *before = f->before;
        host_free(f, filter_size(f->count));
        f = before;
    }
}

static struct filter *filter_share(struct filter *f)
{
    if (f)
        f->refs++;
    return f;
}

static bool is_ancestor(const struct filter *old, const struct filter *f)
{
    while (f && f != old)
        f = f->before;
    return f == old;
}

void seccomp_inherit(struct task *child, const struct task *parent)
{
    child->filter = filter_share(parent->filter);
    child->seccomp_mode = parent->seccomp_mode;
}

void seccomp_drop(struct task *t)
{
    filter_drop(t->filter);
    t->filter = NULL;
}

/* -- judging -- */

static siginfo_t sigsys(const struct task *t, uint64_t nr, uint32_t data)
{
    siginfo_t info;

    memset(&info, 0, sizeof info);
    info.si_signo = SIGSYS;
    info.si_code = SYS_SECCOMP;
    info.si_errno = (int)data;
    info.si_call_addr = (void *)t->cpu->pc;
    info.si_syscall = (int)nr;
    info.si_arch = abi->audit_arch;
    return info;
}

/* Ends the thread as the kernel would with this signal; its process too, if it was the only one. */
static enum verdict end_thread(struct task *t, int signo, const siginfo_t *info)
{
    if (process_is_single(t))
        signal_die(t, signo, info);
    sys_exit(t, (uint64_t[6]){(uint64_t)signo});
    return VERDICT_AGAIN; /* a signal comes first; then the call is repeated, and judged again */
}

static enum verdict judge_strict(struct task *t, uint64_t nr)
{
    static const char *const allowed[] = {"read", "write", "exit", "rt_sigreturn"};
    const struct call *c = call_find(nr);

    for (size_t i = 0; c && i < sizeof allowed / sizeof *allowed; i++)
        if (strcmp(c->name, allowed[i]) == 0)
            return VERDICT_GO;
    return end_thread(t, SIGKILL, NULL);
}

/* The strictest action of all filters; the newest one's if several say the same.  *match: whose it is. */
static uint32_t judge_filters(const struct filter *f, const struct seccomp_data *data,
                              const struct filter **match)
{
    uint32_t ret = SECCOMP_RET_ALLOW;

    *match = NULL;
    for (; f; f = f->before) {
        uint32_t r = bpf_run(f->insn, data);
        if ((int32_t)(r & SECCOMP_RET_ACTION_FULL) < (int32_t)(ret & SECCOMP_RET_ACTION_FULL)) {
            ret = r;
            *match = f;
        }
    }
    return ret;
}

/* Asks the listener that the filter has brought. */
static enum verdict notify(struct task *t, const struct filter *match, uint64_t nr, const uint64_t a[6],
                           int64_t *result)
{
    const struct filter *f = t->filter;

    while (f != match && !f->listens)
        f = f->before;
    if (f != match || !f->listens || nr >= HOST_NOTIFY_MAX) {
        *result = -ENOSYS;
        return VERDICT_RESULT;
    }
    uint64_t mask = 0;
    bool go;
    host_raw(SYS_rt_sigprocmask, SIG_SETMASK, 0, (uint64_t)&mask, sizeof mask, 0, 0);
    *result = host_notify(&t->attention, nr, a, mask, &go);
    if (go)
        return VERDICT_GO;
    return *result == -XRUN_ERESTARTNOINTR ? VERDICT_AGAIN : VERDICT_RESULT;
}

enum verdict seccomp_judge(struct task *t, uint64_t nr, const uint64_t a[6], int64_t *result)
{
    struct seccomp_data d = {(int)nr, abi->audit_arch, t->cpu->pc, {a[0], a[1], a[2], a[3], a[4], a[5]}};
    const struct filter *match;
    uint32_t ret, data;
    siginfo_t info;

    if (t->seccomp_mode == SECCOMP_MODE_STRICT)
        return judge_strict(t, nr);
    ret = judge_filters(t->filter, &d, &match);
    data = ret & SECCOMP_RET_DATA;
    info = sigsys(t, nr, data);
    switch (ret & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_LOG: return VERDICT_GO;
    case SECCOMP_RET_ERRNO: *result = -(int64_t)(data < MAX_ERRNO ? data : MAX_ERRNO); return VERDICT_RESULT;
    case SECCOMP_RET_TRACE: *result = -ENOSYS; return VERDICT_RESULT;
    case SECCOMP_RET_USER_NOTIF: return notify(t, match, nr, a, result);
    case SECCOMP_RET_TRAP:
        t->last_nr = -1; /* the call is not made, so its handler finds the arguments as they were */
        signal_force_info(t, &info);
        return VERDICT_DONE;
    case SECCOMP_RET_KILL_THREAD: return end_thread(t, SIGSYS, &info);
    default: signal_die(t, SIGSYS, &info);
    }
}

/* -- installing -- */

static bool may_install(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct cap[2];

    if (host_raw(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0) == 1)
        return true;
    return host_raw(SYS_capget, (uint64_t)&head, (uint64_t)cap, 0, 0, 0, 0) == 0 &&
           (cap[0].effective >> CAP_SYS_ADMIN & 1);
}

/* What the kernel counts: instructions of its own that these become. */
static uint32_t cost(const struct filter *f)
{
    uint32_t n = 3 + f->count;

    for (uint32_t i = 0; i < f->count; i++) {
        const struct sock_filter *p = &f->insn[i];
        n += p->code == (BPF_RET | BPF_K);
        n += BPF_CLASS(p->code) == BPF_JMP && BPF_OP(p->code) != BPF_JA && p->jt && p->jf;
    }
    return n;
}

/* Reads and checks the guest's program. */
static int64_t read_program(const struct task *t, gaddr from, struct filter **out)
{
    struct sock_fprog p;
    struct filter *f;

    if (user_read(&p, from, sizeof p) < 0)
        return -EFAULT;
    if (p.len == 0 || p.len > BPF_MAXINSNS)
        return -EINVAL;
    if (!may_install())
        return -EACCES;
    if (!p.filter)
        return -EINVAL;
    if (!(f = filter_new(p.len)))
        return -ENOMEM;
    int64_t r = user_read(f->insn, abi->pointer(t->cpu, (gaddr)p.filter), p.len * sizeof *f->insn);
    if (r == 0 && !bpf_check(f->insn, p.len))
        r = -EINVAL;
    if (r < 0) {
        filter_drop(f);
        return r;
    }
    f->cost = cost(f);
    *out = f;
    return 0;
}

static int cannot_sync(struct task *o, void *arg)
{
    const struct task *t = arg;

    return o->seccomp_mode == SECCOMP_MODE_STRICT || !is_ancestor(o->filter, t->filter) ? o->tid : 0;
}

static int sync_one(struct task *o, void *arg)
{
    const struct task *t = arg;
    struct filter *old = o->filter;

    o->filter = filter_share(t->filter);
    o->seccomp_mode = SECCOMP_MODE_FILTER;
    filter_drop(old);
    return 0;
}

static int64_t install_host(uint64_t flags, const struct sock_filter *insn, size_t n)
{
    struct sock_fprog program = {(unsigned short)n, (struct sock_filter *)insn};

    return host_raw(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, (uint64_t)&program, 0, 0, 0);
}

/* The host's filter: calls of host_notify go to the listener.  Its descriptor, or -errno. */
static int64_t install_listener(uint64_t flags)
{
    const uint64_t from = (uint64_t)host_notify_calls, to = (uint64_t)host_notify_calls_end;
    struct sock_filter insn[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigreturn, 0, 6),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(from >> 32), 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)from, 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)to, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return install_host(flags, insn, sizeof insn / sizeof *insn);
}

/* The host's part of TSYNC.  It cannot fail by a thread that the guest's has passed: of threads whose filters are older
 * ones of t's, the host's are, too. */
static int64_t sync_host(struct task *t)
{
    static const struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const uint64_t flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW;

    return process_has_others(t) ? install_host(flags, &all, 1) : 0;
}

/* Under the task lock.  0 or a descriptor, -errno, or with *done false the thread that cannot follow. */
static int64_t attach(struct task *t, struct filter *f, uint64_t flags, bool *done)
{
    uint32_t total = f->cost;
    int64_t r = 0;
    int other;

    *done = false;
    for (const struct filter *b = t->filter; b; b = b->before)
        total += b->cost + INSNS_EXTRA;
    if (total > INSNS_MAX)
        return -ENOMEM;
    if ((flags & SECCOMP_FILTER_FLAG_TSYNC) && (other = process_others(t, cannot_sync, t)) != 0)
        return flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH ? -ESRCH : other;
    if ((flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) && (r = install_listener(flags)) < 0)
        return r;
    if ((flags & SECCOMP_FILTER_FLAG_TSYNC) && !(flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) &&
        (r = sync_host(t)) != 0)
        return r;
    f->listens = flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;
    f->before = t->filter;
    t->filter = f;
    t->seccomp_mode = SECCOMP_MODE_FILTER;
    if (flags & SECCOMP_FILTER_FLAG_TSYNC)
        process_others(t, sync_one, t);
    *done = true;
    return r;
}

static bool flags_good(uint64_t flags)
{
    const uint64_t both = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_NEW_LISTENER;

    return !(flags & ~FLAGS_ALL) && !((flags & both) == both && !(flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH)) &&
           !((flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV) && !(flags & SECCOMP_FILTER_FLAG_NEW_LISTENER));
}

static int64_t set_filter(struct task *t, uint64_t flags, gaddr program)
{
    struct filter *f;
    bool done;
    int64_t r;

    if (!flags_good(flags))
        return -EINVAL;
    if ((r = read_program(t, program, &f)) < 0)
        return r;
    if (t->seccomp_mode == SECCOMP_MODE_STRICT) {
        filter_drop(f);
        return -EINVAL;
    }
    task_part(t);
    process_lock();
    r = attach(t, f, flags, &done);
    process_unlock();
    if (!done)
        filter_drop(f);
    return r;
}

static int64_t set_strict(struct task *t)
{
    if (t->seccomp_mode == SECCOMP_MODE_FILTER)
        return -EINVAL;
    task_part(t);
    t->seccomp_mode = SECCOMP_MODE_STRICT;
    return 0;
}

static int64_t action_available(gaddr p)
{
    static const uint32_t known[] = {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
                                     SECCOMP_RET_ERRNO,        SECCOMP_RET_USER_NOTIF,  SECCOMP_RET_TRACE,
                                     SECCOMP_RET_LOG,          SECCOMP_RET_ALLOW};
    uint32_t action;

    if (user_read(&action, p, sizeof action) < 0)
        return -EFAULT;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i] == action)
            return 0;
    return -EOPNOTSUPP;
}

int64_t sys_seccomp(struct task *t, const uint64_t a[6])
{
    uint64_t flags = (uint32_t)a[1];
    struct seccomp_notif_sizes sizes = {sizeof(struct seccomp_notif), sizeof(struct seccomp_notif_resp),
                                        sizeof(struct seccomp_data)};

    switch ((uint32_t)a[0]) {
    case SECCOMP_SET_MODE_STRICT: return flags || a[2] ? -EINVAL : set_strict(t);
    case SECCOMP_SET_MODE_FILTER: return set_filter(t, flags, a[2]);
    case SECCOMP_GET_ACTION_AVAIL: return flags ? -EINVAL : action_available(a[2]);
    case SECCOMP_GET_NOTIF_SIZES: return flags ? -EINVAL : user_write(a[2], &sizes, sizeof sizes);
    default: return -EINVAL;
    }
}

int64_t seccomp_prctl(struct task *t, uint64_t mode, gaddr program)
{
    switch (mode) {
    case SECCOMP_MODE_STRICT: return set_strict(t);
    case SECCOMP_MODE_FILTER: return set_filter(t, 0, program);
    default: return -EINVAL;
    }
}

/* -- listening -- */

/* The host's rt_sigreturn becomes the guest's call again. */
int64_t seccomp_receive(struct task *t, const uint64_t a[6])
{
    struct seccomp_notif n;
    int64_t r = host_syscall(t, SYS_ioctl, a);
    uint64_t from = (uint64_t)host_notify_calls, end = (uint64_t)host_notify_calls_end;

    if (r != 0 || user_read(&n, a[2], sizeof n) < 0)
        return r;
    uint64_t at = n.data.instruction_pointer - from;
    if (n.data.nr != SYS_rt_sigreturn || at > end - from)
        return r; /* a native program's */
    n.data.nr = (int)(at / HOST_NOTIFY_SIZE);
    n.data.arch = abi->audit_arch;
    n.data.instruction_pointer = 0;
    return user_write(a[2], &n, sizeof n);
}

/* -- over exec: of each filter, the oldest first, the number of instructions, where its listener expects calls to come from (or
 * 0), and the instructions -- */

static void write_filters(struct text *m, const struct filter *f)
{
    if (!f)
        return;
    write_filters(m, f->before);
    uint64_t head[2] = {f->count, f->listens ? (uint64_t)host_notify_calls : 0};
    text_mem(m, (const char *)head, sizeof head);
    text_mem(m, (const char *)f->insn, head[0] * sizeof *f->insn);
}

int64_t seccomp_save(const struct task *t)
{
    char buf[4096];
    struct text m = TEXT(buf, -1);
    if (!t->filter)
        return -ENOENT;
    int64_t fd = text_begin(&m, "seccomp");
    if (fd < 0)
        return fd;
    write_filters(&m, t->filter);
    fd = text_end(&m, fd);
    if (fd >= 0)
        host_raw(SYS_fcntl, (uint64_t)fd, F_SETFD, 0, 0, 0, 0);
    return fd;
}

bool seccomp_restore(struct task *t, int fd)
{
    uint64_t head[2];
    int64_t r;

    while ((r = host_raw(SYS_read, (uint64_t)fd, (uint64_t)head, sizeof head, 0, 0, 0)) == sizeof head) {
        uint64_t count = head[0];
        struct filter *f = count <= BPF_MAXINSNS ? filter_new(count) : NULL;
        uint64_t size = count * sizeof *f->insn;
        if (!f || host_raw(SYS_read, (uint64_t)fd, (uint64_t)f->insn, size, 0, 0, 0) != (int64_t)size ||
            !bpf_check(f->insn, count))
            return false;
        f->cost = cost(f);
        f->listens = head[1] == (uint64_t)host_notify_calls;
        f->before = t->filter;
        t->filter = f;
        t->seccomp_mode = SECCOMP_MODE_FILTER;
    }
    host_close(fd);
    return r == 0 && t->filter;
}
