/* SPDX-License-Identifier: MIT */
/*
 * --stats: where the report of a process goes, and when.
 *
 * A process ends by exit_group, by its last thread's exit, or by a signal.  A signal whose default action ends the process
 * would do so without coming here, so with --stats the host has a handler for those, too (signal.c).  SIGKILL cannot be
 * handled, and leaves no report.  A program that is executed is another program: what was counted is told before, and once
 * more if it cannot be executed.  A child of vfork has counted nothing of its own before it executes a program.
 *
 * The report is one write(2), so that those of several processes do not mix; a file is opened for it, because a guest may
 * close any descriptor.
 */
#include "syscall/stats.h"

#include "dbt/own.h"
#include "syscall/core.h"
#include "syscall/host.h"
#include "syscall/sighand.h"
#include "syscall/signal.h"
#include "syscall/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>

static _Atomic uint32_t told OWN_BY_FORK;

static void write_out(const struct text *m)
{
    if (!options.stats[0]) {
        text_stderr(m->buf, m->n);
        return;
    }
    int64_t fd = host_raw(SYS_openat, (uint64_t)AT_FDCWD, ptr(options.stats),
                          O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666, 0, 0);
    if (fd >= 0 && !text_file_room((int)fd, m->n)) {
        host_close(fd);
        fd = -EFBIG;
    }
    if (fd < 0) {
        host_message("--stats: cannot write %s: error %ld", options.stats, (long)-fd);
        return;
    }
    host_raw(SYS_write, (uint64_t)fd, ptr(m->buf), m->n, 0, 0, 0);
    host_close(fd);
}

/* number: negative for none. */
static void report(const char *how, int64_t number)
{
    char buf[6000], name[16] = "";
    struct text m = TEXT(buf, -1);
    host_raw(SYS_prctl, PR_GET_NAME, ptr(name), 0, 0, 0, 0);
    text_str(&m, "xrun: statistics of process ");
    text_dec(&m, host_id(SYS_getpid));
    text_str(&m, " (");
    text_str(&m, name);
    text_str(&m, "): ");
    text_str(&m, how);
    if (number >= 0)
        text_dec(&m, number);
    text_char(&m, '\n');
    m.n += dbt_stats(buf + m.n, m.cap - m.n);
    write_out(&m);
}

void stats_end(struct task *t, const char *how, int64_t number)
{
    if (options.stats && !t->borrowed && atomic_exchange(&told, 1) == 0)
        report(how, number);
}

void stats_exec(struct task *t)
{
    if (options.stats && !t->borrowed)
        report("executes another program", -1);
}

void stats_fork_child(void)
{
    told = 0;
}

bool stats_signal(int signo)
{
    const uint64_t ends = signal_bit(SIGHUP) | signal_bit(SIGINT) | signal_bit(SIGPIPE) |
                          signal_bit(SIGALRM) | signal_bit(SIGTERM) | signal_bit(SIGUSR1) |
                          signal_bit(SIGUSR2) | signal_bit(SIGPOLL) | signal_bit(SIGSTKFLT) |
                          signal_bit(SIGPROF) | signal_bit(SIGVTALRM) | signal_bit(SIGPWR);
    return options.stats && (signo >= 32 || (ends & signal_bit(signo)) || core_signal(signo));
}
