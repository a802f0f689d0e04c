/* SPDX-License-Identifier: MIT */
/*
 * --strace: "PID name(arguments) = result", as strace writes it, one write(2) a line.
 *
 * A line is written after the call, so that buffers that the kernel fills can be shown; calls that may not
 * come back (execve, exit) are written before, and a second time only if they fail.
 */
#include "syscall/strace.h"

#include "syscall/dispatch.h"
#include "syscall/host.h"
#include "syscall/strace_args.h"

#include <string.h>

static void call_print(struct text *m, struct task *t, const struct call *c, struct arg *g)
{
    const char *sig = c->sig, *word;
    size_t n;

    text_dec(m, t->tid);
    text_char(m, ' ');
    text_str(m, c->name);
    text_char(m, '(');
    while ((n = sig_word(&sig, &word)) != 0 && g->i < 6) {
        text_str(m, g->i ? ", " : "");
        arg_print(m, word, n, g);
        g->i++;
    }
    text_char(m, ')');
}

/* why: what stands behind an error instead of its meaning; NULL: nothing does. */
static void result_print(struct text *m, int64_t r, bool address, const char *why)
{
    static const char *const restart[] = {"RESTARTSYS", "RESTARTNOINTR", "RESTARTNOHAND", "?",
                                          "RESTART_RESTARTBLOCK"};

    text_str(m, " = ");
    if (is_restart(r)) {
        text_str(m, "? E");
        text_str(m, restart[-r - XRUN_ERESTARTSYS]);
    } else if (HOST_ERROR(r)) {
        const char *name = strerrorname_np((int)-r);
        text_str(m, "-1 ");
        text_str(m, name ? name : "E?");
        text_str(m, " (");
        text_str(m, why ? why : strerrordesc_np((int)-r));
        text_char(m, ')');
    } else if (address) {
        text_hex(m, (uint64_t)r);
    } else {
        text_dec(m, r);
    }
}

static void line_out(struct text *m)
{
    if (m->n == m->cap)
        m->n--;
    text_char(m, '\n');
    text_stderr(m->buf, m->n);
}

void strace_enter(struct task *t, const struct call *c, const uint64_t a[6])
{
    char buf[2048];
    struct text m = TEXT(buf, -1);
    struct arg g = {a, 0, false, 0};

    if (c->sig[0] != '!')
        return;
    call_print(&m, t, c, &g);
    line_out(&m);
}

void strace_leave(struct task *t, const struct call *c, const uint64_t a[6], int64_t result)
{
    char buf[2048];
    struct text m = TEXT(buf, -1);
    struct arg g = {a, 0, true, result};

    if (c->sig[0] == '!' && result >= 0)
        return;
    call_print(&m, t, c, &g);
    result_print(&m, result, strchr(c->sig, ':') != NULL,
                 c->kind == CALL_NONE || c->kind == CALL_MISS ? c->why : NULL);
    line_out(&m);
}

void strace_signal(struct task *t, const siginfo_t *info)
{
    char buf[256];
    struct text m = TEXT(buf, -1);

    text_dec(&m, t->tid);
    text_str(&m, " --- ");
    signal_print(&m, info->si_signo);
    text_char(&m, ' ');
    siginfo_print(&m, info);
    text_str(&m, " ---");
    line_out(&m);
}

void strace_unknown(struct task *t, uint64_t nr, const uint64_t a[6])
{
    char buf[512];
    struct text m = TEXT(buf, -1);

    text_dec(&m, t->tid);
    text_str(&m, " syscall_");
    text_udec(&m, nr);
    for (int i = 0; i < 6; i++) {
        text_str(&m, i ? ", " : "(");
        text_hex(&m, a[i]);
    }
    text_str(&m, ") = -1 ENOSYS");
    line_out(&m);
}
