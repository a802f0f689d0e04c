/* SPDX-License-Identifier: MIT */
/*
 * The end of a guest with a core file of the guest's own, and the core-dump flag in its wait status.
 *
 * Only the kernel sets that flag, and only when it has dumped the process itself: xrun and x86-64 registers.  So a helper
 * process, which is a copy of this one and so keeps the guest's memory, lets the kernel dump one page and then writes the
 * guest's core over that.  It traces the dying thread for that: PTRACE_EVENT_EXIT comes when the kernel has dumped, and
 * before the parent is told of the death.  Where tracing is forbidden, the helper writes the core and there is no flag.
 *
 * All threads are out of translated code meanwhile, so that their registers are complete.  Not done: patterns that pipe
 * to a program (only the kernel can), and names with the path of the executable, which is xrun's.
 */
#include "syscall/core.h"

#include "loader/space.h"
#include "syscall/host.h"
#include "syscall/sighand.h"
#include "syscall/signal.h"
#include "syscall/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

#define SMALLEST 4096 /* the kernel dumps nothing if the limit is less */

struct dump {
    struct core_subject of;
    uint64_t limit;
    char name[PATH_MAX];
    _Atomic uint32_t *ready; /* shared with the helper: READY_* */
};
enum { READY_NOT, READY_TRACED, READY_WRITTEN };

bool core_signal(int signo)
{
    return signal_bit(signo) & (SIGNALS_SYNC | signal_bit(SIGQUIT) | signal_bit(SIGABRT) |
                                signal_bit(SIGXCPU) | signal_bit(SIGXFSZ) | signal_bit(SIGSYS));
}

static uint64_t core_limit(void)
{
    struct rlimit r = {0, 0};
    host_raw(SYS_prlimit64, 0, RLIMIT_CORE, 0, ptr(&r), 0, 0);
    return r.rlim_cur;
}

/* A program that holds secrets forbids it (PR_SET_DUMPABLE); who has changed his credentials has them kept, too. */
static bool is_dumpable(void)
{
    return host_raw(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0, 0) == 1;
}

bool core_wanted(void)
{
    return core_limit() >= SMALLEST;
}

/* -- the name: core(5) -- */

static int64_t read_line(const char *path, char *buf, size_t cap)
{
    int64_t fd = host_raw(SYS_openat, (uint64_t)AT_FDCWD, ptr(path), O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (fd < 0)
        return fd;
    int64_t n = host_raw(SYS_read, (uint64_t)fd, ptr(buf), cap - 1, 0, 0, 0);
    host_close(fd);
    n = n < 0 ? 0 : n;
    buf[n] = 0;
    buf[strcspn(buf, "\n")] = 0;
    return n;
}

/* A name in a pattern: the kernel makes "!" of its slashes. */
static void put_name(struct text *m, const char *s)
{
    for (; *s; s++)
        text_char(m, *s == '/' ? '!' : *s);
}

static bool put_field(struct text *m, char field, const struct dump *d)
{
    char comm[17] = {0};
    struct utsname u;
    struct timespec now;
    switch (field) {
    case '%': text_char(m, '%'); return true;
    case 'p':
    case 'P': text_dec(m, d->of.pid); return true;
    case 'i':
    case 'I': text_dec(m, d->of.task->tid); return true;
    case 'u': text_dec(m, host_id(SYS_getuid)); return true;
    case 'g': text_dec(m, host_id(SYS_getgid)); return true;
    case 'd': text_char(m, '1'); return true;
    case 's': text_dec(m, d->of.signo); return true;
    case 'c': text_udec(m, d->limit); return true;
    case 't':
        host_raw(SYS_clock_gettime, CLOCK_REALTIME, ptr(&now), 0, 0, 0, 0);
        text_dec(m, now.tv_sec);
        return true;
    case 'e':
        host_raw(SYS_prctl, PR_GET_NAME, ptr(comm), 0, 0, 0, 0);
        put_name(m, comm);
        return true;
    case 'h':
        host_raw(SYS_uname, ptr(&u), 0, 0, 0, 0, 0);
        put_name(m, u.nodename);
        return true;
    default: return false;
    }
}

/* False: no file, or one whose name cannot be foretold. */
static bool make_name(struct dump *d)
{
    char pattern[256], uses_pid[16];
    struct text m = {d->name, 0, sizeof d->name, -1, 0};
    bool pid = false;
    if (read_line("/proc/sys/kernel/core_pattern", pattern, sizeof pattern) <= 0)
        strcpy(pattern, "core");
    if (pattern[0] == '|' || pattern[0] == '@' || pattern[0] == 0)
        return false;
    for (const char *p = pattern; *p; p++) {
        if (*p != '%') {
            text_char(&m, *p);
            continue;
        }
        if (*++p == 0 || !put_field(&m, *p, d))
            return false;
        pid = pid || *p == 'p';
    }
    if (!pid && read_line("/proc/sys/kernel/core_uses_pid", uses_pid, sizeof uses_pid) > 0 &&
        uses_pid[0] == '1') {
        text_char(&m, '.');
        text_dec(&m, d->of.pid);
    }
    text_char(&m, 0);
    return m.n < m.cap;
}

/* -- the helper -- */

static void write_core(const struct dump *d)
{
    int64_t fd = host_raw(SYS_openat, (uint64_t)AT_FDCWD, ptr(d->name),
                          O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600, 0, 0);
    if (fd >= 0)
        core_file_write((int)fd, &d->of, d->limit);
}

static void tell(const struct dump *d, uint32_t what)
{
    *d->ready = what;
    host_raw(SYS_futex, ptr((const void *)d->ready), FUTEX_WAKE, 1, 0, 0, 0);
}

static int64_t trace(int request, int tid, uint64_t data)
{
    return host_raw(SYS_ptrace, (uint64_t)request, (uint64_t)tid, 0, data, 0, 0);
}

/* Follows the dying thread until the kernel has dumped it. */
static void follow(const struct dump *d)
{
    int tid = d->of.task->tid, status = 0;
    for (;;) {
        int64_t r = host_raw(SYS_wait4, (uint64_t)tid, ptr(&status), __WALL, 0, 0, 0);
        if (r == -EINTR)
            continue;
        if (r != tid || !WIFSTOPPED(status))
            return;
        if (status >> 16 == PTRACE_EVENT_EXIT) {
            write_core(d);
            trace(PTRACE_DETACH, tid, 0);
            return;
        }
        bool event = status >> 16 != 0;
        trace(PTRACE_CONT, tid, event ? 0 : (uint64_t)WSTOPSIG(status));
    }
}

static _Noreturn void help(const struct dump *d)
{
    space_fork_child();
    host_raw(SYS_setpgid, 0, 0, 0, 0, 0, 0); /* not to die of what is meant for the guest's group */
    if (trace(PTRACE_SEIZE, d->of.task->tid, PTRACE_O_TRACEEXIT) == 0) {
        tell(d, READY_TRACED);
        follow(d);
    } else {
        write_core(d);
        tell(d, READY_WRITTEN);
    }
    for (;;)
        host_raw(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}

bool core_dump(struct task *t, int signo, const siginfo_t *info)
{
    struct dump d = {.of = {.task = t,
                            .signo = signo,
                            .info = info,
                            .pid = (int)host_id(SYS_getpid),
                            .parent = (int)host_id(SYS_getppid),
                            .group = (int)host_id(SYS_getpgrp),
                            .session = (int)host_id(SYS_getsid)},
                     .limit = core_limit()};
    if (!core_signal(signo) || d.limit < SMALLEST || !is_dumpable() || !make_name(&d))
        return false;
    int64_t page =
        host_raw(SYS_mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, (uint64_t)-1, 0);
    if (HOST_ERROR(page))
        return false;
    d.ready = (_Atomic uint32_t *)page;
    space_fork_prepare();
    dbt_stop();
    space_fork_freeze();
    host_raw(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0, 0);
    host_raw(SYS_prctl, PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0, 0);
    int64_t pid = host_clone(0, NULL, 0, 0, NULL, NULL);
    if (pid == 0)
        help(&d);
    while (pid > 0 && *d.ready == READY_NOT)
        host_raw(SYS_futex, ptr((const void *)d.ready), FUTEX_WAIT, READY_NOT, 0, 0, 0);
    bool traced = pid > 0 && *d.ready == READY_TRACED;
    struct rlimit one_page = {SMALLEST, SMALLEST};
    if (traced)
        host_raw(SYS_prlimit64, 0, RLIMIT_CORE, ptr(&one_page), 0, 0, 0);
    space_fork_parent();
    dbt_go_on();
    return traced;
}
