/* SPDX-License-Identifier: MIT */
/*
 * --strace: "PID name(arguments) = result", as strace writes it, one write(2) a line.
 *
 * A line is written after the call, so that buffers that the kernel fills can be shown; calls that may not
 * come back (execve, exit) are written before, and a second time only if they fail.  Arguments are shown by
 * their kind (abi/a64/syscalls.h); structures are shown by address.  Text is cut at 48 bytes.
 */
#include "syscall/strace.h"

#include "abi/abi.h"
#include "syscall/dispatch.h"
#include "syscall/text.h"
#include "syscall/user.h"

#include <asm/unistd.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>

#define SHOWN 48

struct arg {
    const uint64_t *a; /* all arguments */
    int i;             /* this one */
    bool done;         /* the call has been made */
    int64_t result;
};

struct name {
    uint64_t value;
    const char *name;
};

/* Names of the set bits; what is left over in hexadecimal. */
static void flags(struct text *m, const struct name *names, uint64_t v, bool any)
{
    for (; names->name; names++) {
        if ((v & names->value) != names->value)
            continue;
        text_str(m, any ? "|" : "");
        text_str(m, names->name);
        v &= ~names->value;
        any = true;
    }
    if (v || !any) {
        text_str(m, any ? "|" : "");
        text_hex(m, v);
    }
}

static void quoted(struct text *m, const char *s, size_t n, bool cut)
{
    text_char(m, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '"' || c == '\\') {
            text_char(m, '\\');
            text_char(m, (char)c);
        } else if (c == '\n') {
            text_str(m, "\\n");
        } else if (c == '\t') {
            text_str(m, "\\t");
        } else if (c == '\r') {
            text_str(m, "\\r");
        } else if (c < 32 || c > 126) {
            char esc[4] = {'\\', (char)('0' + (c >> 6)), (char)('0' + (c >> 3 & 7)), (char)('0' + (c & 7))};
            text_mem(m, esc, 4);
        } else {
            text_char(m, (char)c);
        }
    }
    text_str(m, cut ? "\"..." : "\"");
}

static void arg_int(struct text *m, const struct arg *g)
{
    text_dec(m, (int32_t)g->a[g->i]);
}
static void arg_uint(struct text *m, const struct arg *g)
{
    text_udec(m, (uint32_t)g->a[g->i]);
}
static void arg_long(struct text *m, const struct arg *g)
{
    text_dec(m, (int64_t)g->a[g->i]);
}
static void arg_size(struct text *m, const struct arg *g)
{
    text_udec(m, g->a[g->i]);
}
static void arg_hex(struct text *m, const struct arg *g)
{
    text_hex(m, g->a[g->i]);
}
static void arg_oct(struct text *m, const struct arg *g)
{
    text_oct(m, g->a[g->i]);
}

static void arg_ptr(struct text *m, const struct arg *g)
{
    if (g->a[g->i])
        text_hex(m, g->a[g->i]);
    else
        text_str(m, "NULL");
}

static void arg_str(struct text *m, const struct arg *g)
{
    char s[PATH_MAX];
    int64_t n = g->a[g->i] ? user_string(s, g->a[g->i], sizeof s) : -1;

    if (n < 0)
        arg_ptr(m, g);
    else
        quoted(m, s, (size_t)n, false);
}

static void arg_bytes(struct text *m, const struct arg *g, uint64_t n)
{
    char s[SHOWN];
    size_t shown = n < SHOWN ? n : SHOWN;

    if (!g->a[g->i] || user_read(s, g->a[g->i], shown) < 0)
        arg_ptr(m, g);
    else
        quoted(m, s, shown, n > SHOWN);
}

static void arg_in(struct text *m, const struct arg *g)
{
    arg_bytes(m, g, g->a[g->i + 1]);
}

static void arg_out(struct text *m, const struct arg *g)
{
    if (g->done && g->result >= 0)
        arg_bytes(m, g, (uint64_t)g->result);
    else
        arg_ptr(m, g);
}

static void arg_at(struct text *m, const struct arg *g)
{
    if ((int)g->a[g->i] == AT_FDCWD)
        text_str(m, "AT_FDCWD");
    else
        arg_int(m, g);
}

static void arg_sig(struct text *m, const struct arg *g)
{
    const char *name = sigabbrev_np((int)g->a[g->i]);

    if (name) {
        text_str(m, "SIG");
        text_str(m, name);
    } else {
        arg_int(m, g);
    }
}

static void arg_prot(struct text *m, const struct arg *g)
{
    static const struct name names[] = {{PROT_READ, "PROT_READ"},
                                        {PROT_WRITE, "PROT_WRITE"},
                                        {PROT_EXEC, "PROT_EXEC"},
                                        {0x10, "PROT_BTI"},
                                        {0, NULL}};

    if (g->a[g->i])
        flags(m, names, g->a[g->i], false);
    else
        text_str(m, "PROT_NONE");
}

static void arg_atf(struct text *m, const struct arg *g)
{
    static const struct name names[] = {{AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW"},
                                        {AT_SYMLINK_FOLLOW, "AT_SYMLINK_FOLLOW"},
                                        {AT_EMPTY_PATH, "AT_EMPTY_PATH"},
                                        {AT_NO_AUTOMOUNT, "AT_NO_AUTOMOUNT"},
                                        {0, NULL}};

    if (g->a[g->i])
        flags(m, names, g->a[g->i], false);
    else
        text_char(m, '0');
}

static void arg_oflags(struct text *m, const struct arg *g)
{
    static const struct name names[] = {
        {O_TMPFILE, "O_TMPFILE"},     {O_CREAT, "O_CREAT"},       {O_EXCL, "O_EXCL"},
        {O_NOCTTY, "O_NOCTTY"},       {O_TRUNC, "O_TRUNC"},       {O_APPEND, "O_APPEND"},
        {O_NONBLOCK, "O_NONBLOCK"},   {O_SYNC, "O_SYNC"},         {O_DSYNC, "O_DSYNC"},
        {O_ASYNC, "O_ASYNC"},         {O_DIRECT, "O_DIRECT"},     {0x8000, "O_LARGEFILE"},
        {O_DIRECTORY, "O_DIRECTORY"}, {O_NOFOLLOW, "O_NOFOLLOW"}, {O_NOATIME, "O_NOATIME"},
        {O_CLOEXEC, "O_CLOEXEC"},     {O_PATH, "O_PATH"},         {0, NULL}};
    static const char *const modes[] = {"O_RDONLY", "O_WRONLY", "O_RDWR", "3"};
    uint64_t v = abi_open_flags_to_host(g->a[g->i]);

    text_str(m, modes[v & 3]);
    if (v & ~3ull)
        flags(m, names, v & ~3ull, true);
}

static const struct kind {
    const char *word;
    void (*print)(struct text *m, const struct arg *g);
} kinds[] = {
    {"int", arg_int},   {"fd", arg_int},    {"uint", arg_uint}, {"long", arg_long}, {"size", arg_size},
    {"hex", arg_hex},   {"oct", arg_oct},   {"ptr", arg_ptr},   {"str", arg_str},   {"path", arg_str},
    {"lpath", arg_str}, {"npath", arg_str}, {"fpath", arg_str}, {"in", arg_in},     {"out", arg_out},
    {"at", arg_at},     {"sig", arg_sig},   {"prot", arg_prot}, {"atf", arg_atf},   {"oflags", arg_oflags},
};

static void arg_print(struct text *m, const char *word, size_t n, const struct arg *g)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (sig_is(word, n, kinds[k].word)) {
            kinds[k].print(m, g);
            return;
        }
    }
    arg_hex(m, g);
}

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

static void result_print(struct text *m, int64_t r, bool address)
{
    static const char *const restart[] = {"RESTARTSYS", "RESTARTNOINTR", "RESTARTNOHAND", "?",
                                          "RESTART_RESTARTBLOCK"};

    text_str(m, " = ");
    if (is_restart(r)) {
        text_str(m, "? E");
        text_str(m, restart[-r - XRUN_ERESTARTSYS]);
    } else if (r < 0 && r >= -4095) {
        const char *name = strerrorname_np((int)-r);
        text_str(m, "-1 ");
        text_str(m, name ? name : "E?");
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
    host_raw(__NR_write, 2, (uint64_t)(uintptr_t)m->buf, m->n, 0, 0, 0);
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
    result_print(&m, result, strchr(c->sig, ':') != NULL);
    if (c->kind == CALL_NONE || c->kind == CALL_MISS) {
        text_str(&m, " (");
        text_str(&m, c->why);
        text_char(&m, ')');
    }
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
