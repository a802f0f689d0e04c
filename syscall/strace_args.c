/* SPDX-License-Identifier: MIT */
/*
 * Arguments for --strace: numbers, text, and the structures that are short enough for a line.
 *
 * What cannot be read is shown as an address, and so is what the kernel has not filled: structures of the kind *_out
 * before the call, or after one that failed.  Text is cut at 48 bytes, a list at 16 entries.
 */
#include "syscall/strace_args.h"

#include "abi/abi.h"
#include "syscall/calls.h"
#include "syscall/strace_names.h"
#include "syscall/user.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>

#define SHOWN   48
#define ENTRIES 16

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

static void pointer(struct text *m, uint64_t v)
{
    if (v)
        text_hex(m, v);
    else
        text_str(m, "NULL");
}

static void arg_ptr(struct text *m, const struct arg *g)
{
    pointer(m, g->a[g->i]);
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

void signal_print(struct text *m, int signo)
{
    const char *name = sigabbrev_np(signo);

    if (name) {
        text_str(m, "SIG");
        text_str(m, name);
    } else if (signo >= 32 && signo <= 64) {
        text_str(m, "SIGRT_");
        text_dec(m, signo - 32);
    } else {
        text_dec(m, signo);
    }
}

/* The codes that only this signal has; NULL: it has none, or this is not one of them. */
static const char *own_codes(const siginfo_t *i)
{
    if (i->si_code <= 0 || i->si_code == SI_KERNEL)
        return NULL;
    switch (i->si_signo) {
    case SIGSEGV: return "segvcode";
    case SIGBUS: return "buscode";
    case SIGILL: return "illcode";
    case SIGFPE: return "fpecode";
    case SIGTRAP: return "trapcode";
    case SIGCHLD: return "cldcode";
    default: return NULL;
    }
}

static void field_int(struct text *m, const char *name, int64_t v)
{
    text_str(m, name);
    text_dec(m, v);
}

static void field_ptr(struct text *m, const char *name, const void *v)
{
    text_str(m, name);
    pointer(m, ptr(v));
}

void siginfo_print(struct text *m, const siginfo_t *i)
{
    const char *own = own_codes(i), *set = own ? own : "sicode";
    bool child = own && i->si_signo == SIGCHLD;

    text_str(m, "{si_signo=");
    signal_print(m, i->si_signo);
    text_str(m, ", si_code=");
    names_print(m, names_find(set, strlen(set)), (uint32_t)i->si_code);
    if (child || i->si_code == SI_USER || i->si_code == SI_TKILL || i->si_code == SI_QUEUE) {
        field_int(m, ", si_pid=", i->si_pid);
        field_int(m, ", si_uid=", i->si_uid);
    }
    if (child)
        field_int(m, ", si_status=", i->si_status);
    else if (own)
        field_ptr(m, ", si_addr=", i->si_addr);
    if (i->si_code == SI_QUEUE || i->si_code == SI_TIMER)
        field_ptr(m, ", si_value=", i->si_ptr);
    text_char(m, '}');
}

static void arg_sig(struct text *m, const struct arg *g)
{
    signal_print(m, (int)g->a[g->i]);
}

static void arg_prot(struct text *m, const struct arg *g)
{
    static const struct name names[] = {{PROT_READ, "PROT_READ"},
                                        {PROT_WRITE, "PROT_WRITE"},
                                        {PROT_EXEC, "PROT_EXEC"},
                                        {0x10, "PROT_BTI"},
                                        {0, NULL}};

    if (g->a[g->i])
        names_print(m, &(struct name_set){"", 0, names}, g->a[g->i]);
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

    names_print(m, &(struct name_set){"", 0, names}, g->a[g->i]);
}

static void arg_oflags(struct text *m, const struct arg *g)
{
    static const struct name names[] = {
        {O_RDONLY, "O_RDONLY"},       {O_WRONLY, "O_WRONLY"},     {O_RDWR, "O_RDWR"},
        {O_TMPFILE, "O_TMPFILE"},     {O_CREAT, "O_CREAT"},       {O_EXCL, "O_EXCL"},
        {O_NOCTTY, "O_NOCTTY"},       {O_TRUNC, "O_TRUNC"},       {O_APPEND, "O_APPEND"},
        {O_NONBLOCK, "O_NONBLOCK"},   {O_SYNC, "O_SYNC"},         {O_DSYNC, "O_DSYNC"},
        {O_ASYNC, "O_ASYNC"},         {O_DIRECT, "O_DIRECT"},     {0x8000, "O_LARGEFILE"},
        {O_DIRECTORY, "O_DIRECTORY"}, {O_NOFOLLOW, "O_NOFOLLOW"}, {O_NOATIME, "O_NOATIME"},
        {O_CLOEXEC, "O_CLOEXEC"},     {O_PATH, "O_PATH"},         {0, NULL}};

    names_print(m, &(struct name_set){"", 3, names}, abi_open_flags_to_host(g->a[g->i]));
}

/* -- structures: each prints what is at g's address, or says that it cannot -- */

static bool at_timespec(struct text *m, const struct arg *g)
{
    struct timespec t;

    if (user_read(&t, g->a[g->i], sizeof t) < 0)
        return false;
    text_str(m, "{tv_sec=");
    text_dec(m, t.tv_sec);
    text_str(m, ", tv_nsec=");
    text_dec(m, t.tv_nsec);
    text_char(m, '}');
    return true;
}

/* Two of them: struct itimerspec, and the times of utimensat. */
static bool two_timespecs(struct text *m, const struct arg *g, const char *first, const char *second)
{
    uint64_t a[1];
    struct arg one = {a, 0, g->done, g->result};

    a[0] = g->a[g->i];
    text_str(m, first);
    if (!at_timespec(m, &one))
        return false;
    text_str(m, second);
    a[0] += sizeof(struct timespec);
    return at_timespec(m, &one);
}

static bool at_itimerspec(struct text *m, const struct arg *g)
{
    bool good = two_timespecs(m, g, "{it_interval=", ", it_value=");

    text_char(m, '}');
    return good;
}

static bool at_times(struct text *m, const struct arg *g)
{
    bool good = two_timespecs(m, g, "[", ", ");

    text_char(m, ']');
    return good;
}

static bool at_pair(struct text *m, const struct arg *g)
{
    int32_t v[2];

    if (user_read(v, g->a[g->i], sizeof v) < 0)
        return false;
    text_char(m, '[');
    text_dec(m, v[0]);
    text_str(m, ", ");
    text_dec(m, v[1]);
    text_char(m, ']');
    return true;
}

static bool at_sigset(struct text *m, const struct arg *g)
{
    uint64_t set;
    bool any = false;

    if (user_read(&set, g->a[g->i], sizeof set) < 0)
        return false;
    bool most = __builtin_popcountll(set) > 32;
    text_str(m, most ? "~[" : "[");
    for (int signo = 1; signo <= 64; signo++) {
        if ((set >> (signo - 1) & 1) == most)
            continue;
        const char *name = sigabbrev_np(signo);
        text_str(m, any ? " " : "");
        if (name) {
            text_str(m, name);
        } else {
            text_str(m, "RT_");
            text_dec(m, signo - 32);
        }
        any = true;
    }
    text_char(m, ']');
    return true;
}

static bool at_sigaction(struct text *m, const struct arg *g)
{
    uint64_t act[4];
    struct arg mask = {act, 3, false, 0};

    if (user_read(act, g->a[g->i], sizeof act) < 0)
        return false;
    text_str(m, "{sa_handler=");
    if (act[0] <= 1)
        text_str(m, act[0] ? "SIG_IGN" : "SIG_DFL");
    else
        text_hex(m, act[0]);
    text_str(m, ", sa_mask=");
    act[3] = g->a[g->i] + 24;
    at_sigset(m, &mask);
    text_str(m, ", sa_flags=");
    names_print(m, names_find("saflags", 7), act[1]);
    text_char(m, '}');
    return true;
}

static bool at_limits(struct text *m, const struct arg *g)
{
    uint64_t v[2];

    if (user_read(v, g->a[g->i], sizeof v) < 0)
        return false;
    for (int i = 0; i < 2; i++) {
        text_str(m, i ? ", rlim_max=" : "{rlim_cur=");
        if (v[i] == RLIM_INFINITY)
            text_str(m, "RLIM_INFINITY");
        else
            text_udec(m, v[i]);
    }
    text_char(m, '}');
    return true;
}

static bool at_stat(struct text *m, const struct arg *g)
{
    static const char *const types[16] = {
        [1] = "S_IFIFO", [2] = "S_IFCHR",  [4] = "S_IFDIR",  [6] = "S_IFBLK",
        [8] = "S_IFREG", [10] = "S_IFLNK", [12] = "S_IFSOCK"};
    uint32_t mode;
    int64_t size;

    if (user_read(&mode, g->a[g->i] + abi->stat_mode_at, sizeof mode) < 0 ||
        user_read(&size, g->a[g->i] + abi->stat_size_at, sizeof size) < 0)
        return false;
    const char *type = types[mode >> 12 & 15];
    text_str(m, "{st_mode=");
    text_str(m, type ? type : "0");
    text_char(m, '|');
    text_oct(m, mode & 07777);
    text_str(m, ", st_size=");
    text_dec(m, size);
    text_str(m, ", ...}");
    return true;
}

static bool at_status(struct text *m, const struct arg *g)
{
    int32_t v;

    if (g->result <= 0 || user_read(&v, g->a[g->i], sizeof v) < 0)
        return false;
    text_char(m, '[');
    if ((v & 0x7f) == 0) {
        text_str(m, "WEXITSTATUS=");
        text_dec(m, v >> 8 & 0xff);
    } else {
        text_str(m, (v & 0xff) == 0x7f ? "WSTOPSIG=" : "WTERMSIG=");
        const char *name = sigabbrev_np((v & 0xff) == 0x7f ? v >> 8 & 0xff : v & 0x7f);
        text_str(m, name ? "SIG" : "?");
        text_str(m, name ? name : "");
        text_str(m, (v & 0xff) != 0x7f && (v & 0x80) ? ", core" : "");
    }
    text_char(m, ']');
    return true;
}

static bool at_poll(struct text *m, const struct arg *g)
{
    uint64_t n = (uint32_t)g->a[g->i + 1];
    const struct name_set *names = names_find("pollevent", 9);
    struct pollfd p;

    text_char(m, '[');
    for (uint64_t i = 0; i < n && i < ENTRIES; i++) {
        if (user_read(&p, g->a[g->i] + i * sizeof p, sizeof p) < 0)
            return false;
        text_str(m, i ? ", {fd=" : "{fd=");
        text_dec(m, p.fd);
        text_str(m, ", events=");
        names_print(m, names, (uint16_t)p.events);
        if (g->done && g->result > 0 && p.revents) {
            text_str(m, ", revents=");
            names_print(m, names, (uint16_t)p.revents);
        }
        text_char(m, '}');
    }
    text_str(m, n > ENTRIES ? ", ...]" : "]");
    return true;
}

/* Of execve: a list of pointers to strings. */
static bool at_strings(struct text *m, const struct arg *g)
{
    uint64_t v[1];

    text_char(m, '[');
    for (int i = 0;; i++) {
        if (user_read(v, g->a[g->i] + (uint64_t)i * 8, sizeof v) < 0)
            return false;
        if (!v[0])
            break;
        text_str(m, i ? ", " : "");
        if (i == ENTRIES) {
            text_str(m, "...");
            break;
        }
        arg_str(m, &(struct arg){v, 0, false, 0});
    }
    text_char(m, ']');
    return true;
}

static void put_inet(struct text *m, const struct sockaddr_in *in)
{
    const uint8_t *b = (const uint8_t *)&in->sin_addr;

    text_str(m, "{AF_INET, ");
    for (int i = 0; i < 4; i++) {
        text_str(m, i ? "." : "");
        text_udec(m, b[i]);
    }
    text_char(m, ':');
    text_udec(m, ntohs(in->sin_port));
    text_char(m, '}');
}

static bool at_address(struct text *m, const struct arg *g)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_un un;
    } u;
    uint64_t n = (uint32_t)g->a[g->i + 1];

    memset(&u, 0, sizeof u);
    n = n < sizeof u - 1 ? n : sizeof u - 1;
    if (n < sizeof u.any.sa_family || user_read(&u, g->a[g->i], n) < 0)
        return false;
    if (u.any.sa_family == AF_INET) {
        put_inet(m, &u.in);
        return true;
    }
    text_char(m, '{');
    names_print(m, names_find("family", 6), u.any.sa_family);
    if (u.any.sa_family == AF_UNIX && n > 2) {
        size_t len = u.un.sun_path[0] ? strnlen(u.un.sun_path, n - 2) : n - 2;
        text_str(m, ", ");
        quoted(m, u.un.sun_path, len, false);
    }
    text_char(m, '}');
    return true;
}

static const struct structure {
    const char *detail;
    bool (*print)(struct text *m, const struct arg *g);
    bool out; /* only what a call that succeeded has left there */
} structures[] = {
    {"timespec", at_timespec, false},
    {"timespec_out", at_timespec, true},
    {"itimerspec", at_itimerspec, false},
    {"times", at_times, false},
    {"pair", at_pair, true},
    {"sigset", at_sigset, false},
    {"sigset_out", at_sigset, true},
    {"sigaction", at_sigaction, false},
    {"limits", at_limits, false},
    {"limits_out", at_limits, true},
    {"stat", at_stat, true},
    {"status", at_status, true},
    {"poll", at_poll, false},
    {"strings", at_strings, false},
    {"address", at_address, false},
};

static const struct structure *structure_find(const char *detail, size_t n)
{
    for (size_t i = 0; i < sizeof structures / sizeof *structures; i++)
        if (sig_is(detail, n, structures[i].detail))
            return &structures[i];
    return NULL;
}

static void arg_structure(struct text *m, const struct structure *s, const struct arg *g)
{
    size_t start = m->n;

    if (g->a[g->i] && (!s->out || (g->done && g->result >= 0)) && s->print(m, g))
        return;
    m->n = start;
    arg_ptr(m, g);
}

/* Lists of buffers: their text where the guest gives it, else their lengths. */
static void arg_iov(struct text *m, const struct arg *g, bool in)
{
    uint64_t n = g->a[g->i + 1], v[2];
    size_t start = m->n;

    text_char(m, '[');
    for (uint64_t i = 0; i < n && i < ENTRIES; i++) {
        if (user_read(v, g->a[g->i] + i * sizeof v, sizeof v) < 0) {
            m->n = start;
            arg_ptr(m, g);
            return;
        }
        text_str(m, i ? ", {" : "{");
        if (in)
            arg_bytes(m, &(struct arg){v, 0, false, 0}, v[1]);
        else
            text_hex(m, v[0]);
        text_str(m, ", ");
        text_udec(m, v[1]);
        text_char(m, '}');
    }
    text_str(m, n > ENTRIES ? ", ...]" : "]");
}

/* -- the table -- */

static const struct kind {
    const char *word;
    void (*print)(struct text *m, const struct arg *g);
} kinds[] = {
    {"int", arg_int},       {"fd", arg_int},    {"uint", arg_uint}, {"long", arg_long}, {"size", arg_size},
    {"hex", arg_hex},       {"oct", arg_oct},   {"ptr", arg_ptr},   {"str", arg_str},   {"path", arg_str},
    {"lpath", arg_str},     {"mpath", arg_str}, {"npath", arg_str}, {"fpath", arg_str}, {"in", arg_in},
    {"out", arg_out},       {"at", arg_at},     {"sig", arg_sig},   {"prot", arg_prot}, {"atf", arg_atf},
    {"oflags", arg_oflags}, {"addr", arg_ptr},  {"msg", arg_ptr},   {"mmsg", arg_ptr},
};

/* The part behind the dot: its length. */
static size_t detail_of(const char *word, size_t n, const char **detail)
{
    if (word[n] != '.')
        return 0;
    *detail = word + n + 1;
    return strcspn(*detail, ",:");
}

bool arg_detail_known(const char *detail, size_t n)
{
    return names_find(detail, n) || structure_find(detail, n) || sig_is(detail, n, "in");
}

void arg_print(struct text *m, const char *word, size_t n, const struct arg *g)
{
    const char *detail = "";
    size_t len = detail_of(word, n, &detail);
    const struct name_set *names = len ? names_find(detail, len) : NULL;
    const struct structure *structure = len ? structure_find(detail, len) : NULL;

    if (sig_is(word, n, "iov")) {
        arg_iov(m, g, len != 0);
        return;
    }
    if (names) {
        names_print(m, names, g->a[g->i]);
        return;
    }
    if (structure) {
        arg_structure(m, structure, g);
        return;
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (sig_is(word, n, kinds[k].word)) {
            kinds[k].print(m, g);
            return;
        }
    arg_hex(m, g);
}
