/* SPDX-License-Identifier: MIT */
/*
 * The guest's view of /proc/PID/{maps,smaps,auxv,cmdline,environ,stat,status,limits,fdinfo} and of /proc/cpuinfo: text of our own,
 * made when the file is opened (the real ones are made when they are read; nobody keeps them open to see
 * changes).
 *
 * The command line and the environment are read from the guest's stack, so programs that write there to
 * change what ps shows see it themselves.  The auxiliary vector is the one that the program began with.  See proc(5).
 */
#include "syscall/proc_files.h"

#include "abi/abi.h"
#include "loader/space.h"
#include "syscall/limits.h"
#include "syscall/task.h"
#include "syscall/text.h"
#include "syscall/user.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

static void put_guest(struct text *m, gaddr start, gaddr end)
{
    char buf[512];

    while (start < end) {
        size_t n = end - start < sizeof buf ? end - start : sizeof buf;
        if (user_read(buf, start, n) < 0)
            return;
        text_mem(m, buf, n);
        start += n;
    }
}

/* A title that is written over the arguments (setproctitle) may go on over the environment, up to its NUL. */
static void put_cmdline(struct text *m)
{
    const struct space_layout *l = &space_layout;
    char title[PAGE];
    gaddr start = l->arg_start,
          end = l->env_start == l->arg_end && l->env_end > l->env_start ? l->env_end : l->arg_end;
    size_t n = end - start < sizeof title ? end - start : sizeof title;

    if (l->arg_start < l->arg_end && user_read(title, l->arg_end - 1, 1) == 0 && title[0] &&
        user_read(title, start, n) == 0)
        text_mem(m, title, strnlen(title, n - 1) + 1);
    else
        put_guest(m, start, l->arg_end);
}

static uint64_t auxv_value(uint64_t type)
{
    for (size_t i = 0; i < SPACE_AUXV; i++)
        if (space_layout.auxv[i][0] == type)
            return space_layout.auxv[i][1];
    return 0;
}

static void put_hwcaps(struct text *m)
{
    static const uint64_t types[2] = {AT_HWCAP, AT_HWCAP2};

    for (int w = 0; w < 2; w++) {
        uint64_t v = auxv_value(types[w]);
        for (int bit = 0; bit < 64; bit++) {
            if ((v >> bit & 1) && abi->hwcap[w][bit]) {
                text_char(m, ' ');
                text_str(m, abi->hwcap[w][bit]);
            }
        }
    }
}

static int64_t host_read(int64_t fd, char *buf, size_t n)
{
    int64_t r;

    do
        r = host_raw(SYS_read, (uint64_t)fd, ptr(buf), n, 0, 0, 0);
    while (r == -EINTR);
    return r;
}

/* The whole of a small file in buf, with a NUL; its length or -errno. */
static int64_t slurp(int64_t fd, char *buf, size_t cap)
{
    size_t n = 0;
    int64_t r;

    while ((r = host_read(fd, buf + n, cap - 1 - n)) > 0)
        n += (size_t)r;
    buf[n] = 0;
    return r < 0 ? r : (int64_t)n;
}

static void put_processor(struct text *m, int64_t number)
{
    text_str(m, "processor\t: ");
    text_dec(m, number);
    text_str(m, "\nBogoMIPS\t: 100.00\nFeatures\t:");
    put_hwcaps(m);
    text_char(m, '\n');
    text_str(m, abi->cpuinfo_tail);
}

static void put_cpuinfo(struct text *m)
{
    char online[1024]; /* "0-3,8-11" */
    const char *p = online;
    int64_t fd = host_raw(SYS_openat, (uint64_t)AT_FDCWD, ptr("/sys/devices/system/cpu/online"),
                          O_RDONLY | O_CLOEXEC, 0, 0, 0);

    if (fd < 0 || slurp(fd, online, sizeof online) <= 0)
        memcpy(online, "0", 2);
    if (fd >= 0)
        host_close(fd);
    for (;;) {
        int64_t first = text_parse(p, &p), last = first;
        if (*p == '-')
            last = text_parse(p + 1, &p);
        for (; first >= 0 && first <= last; first++)
            put_processor(m, first);
        if (*p++ != ',')
            return;
    }
}

/* Fields of stat that speak of the address space, by their number in proc(5). */
static bool stat_field(int field, uint64_t *v)
{
    const struct space_layout *l = &space_layout;

    switch (field) {
    case 26: *v = l->code_start; return true;
    case 27: *v = l->code_end; return true;
    case 28: *v = l->stack_top; return true;
    case 29: /* esp and eip: 0 but for a process that dumps core */
    case 30: *v = 0; return true;
    case 45: *v = l->data_start; return true;
    case 46: *v = l->data_end; return true;
    case 47: *v = l->brk_start; return true;
    case 48: *v = l->arg_start; return true;
    case 49: *v = l->arg_end; return true;
    case 50: *v = l->env_start; return true;
    case 51: *v = l->env_end; return true;
    default: return false;
    }
}

/* Signals, in 31 bits each; what speaks of the address space is of another process as the kernel was told (loader/main.c). */
static bool stat_value(int64_t pid, const struct proc_thread *s, int field, const char *host, uint64_t *v)
{
    enum { FIRST = 31, MASK = 0x7fffffff };
    const char *end;

    if (field < FIRST || field >= FIRST + PROC_SIGNAL_SETS)
        return !pid && stat_field(field, v);
    *v = ((uint64_t)text_parse(host, &end) & s->keep[field - FIRST]) | s->own[field - FIRST];
    *v &= MASK;
    return true;
}

static void put_stat(struct text *m, int64_t pid, int64_t real)
{
    char buf[1024];
    const char *p, *name_end;
    uint64_t v;

    if (slurp(real, buf, sizeof buf) <= 0 || !(name_end = strrchr(buf, ')')))
        return;
    struct proc_thread s = proc_thread(pid, text_parse(buf, &p));
    text_mem(m, buf, (size_t)(name_end + 1 - buf));
    p = name_end + 1;
    for (int field = 3; *p == ' '; field++) {
        size_t n = 1 + strcspn(p + 1, " \n");
        if (stat_value(pid, &s, field, p + 1, &v)) {
            text_char(m, ' ');
            text_udec(m, v);
        } else {
            text_mem(m, p, n);
        }
        p += n;
    }
    text_char(m, '\n');
}

/* Behind the name of a line, if that is what the line has. */
static const char *value_of(const char *line, const char *name)
{
    size_t n = strlen(name);

    return strncmp(line, name, n) == 0 && line[n] == ':' ? line + n + 1 : NULL;
}

static bool put_filters(struct text *m, const struct proc_thread *s, const char *line)
{
    bool mode = value_of(line, "Seccomp");

    if (!s->seccomp_mode || (!mode && !value_of(line, "Seccomp_filters")))
        return false;
    text_str(m, mode ? "Seccomp:\t" : "Seccomp_filters:\t");
    text_udec(m, mode ? s->seccomp_mode : s->filters);
    return true;
}

static bool put_signals(struct text *m, const struct proc_thread *s, const char *line)
{
    static const char *const sets[PROC_SIGNAL_SETS] = {"SigPnd", "SigBlk", "SigIgn", "SigCgt"};
    const char *value;
    int i = 0;

    while (i < PROC_SIGNAL_SETS && !(value = value_of(line, sets[i])))
        i++;
    if (i == PROC_SIGNAL_SETS)
        return false;
    uint64_t v = (text_parse_hex(value + 1, &value) & s->keep[i]) | s->own[i];
    text_str(m, sets[i]);
    text_str(m, ":\t");
    text_hex_digits(m, v, 16);
    return true;
}

static void put_status(struct text *m, int64_t pid, int64_t real)
{
    struct proc_thread s = {.keep = {0}};
    char buf[16384];
    const char *value;

    if (slurp(real, buf, sizeof buf) <= 0)
        return;
    for (const char *p = buf; *p;) {
        size_t n = strcspn(p, "\n");
        if ((value = value_of(p, "Pid")) != NULL)
            s = proc_thread(pid, text_parse(value + 1, &value));
        if (!put_signals(m, &s, p) && !put_filters(m, &s, p))
            text_mem(m, p, n);
        text_char(m, '\n');
        p += n + (p[n] != 0);
    }
}

static void put_limit(struct text *m, uint64_t v)
{
    size_t column = m->n + 21;

    if (v == RLIM_INFINITY)
        text_str(m, "unlimited");
    else
        text_udec(m, v);
    while (m->n < column)
        text_char(m, ' ');
}

/* Limits on memory are the guest's own (limits.c). */
static void put_limits(struct text *m, int64_t pid, int64_t real)
{
    enum { NAME = 26, UNIT = NAME + 2 * 21 };
    char buf[4096], line[UNIT];
    struct rlimit r;

    if (slurp(real, buf, sizeof buf) <= 0)
        return;
    for (const char *p = buf; *p;) {
        size_t n = strcspn(p, "\n"), shown = 0;
        if (n > UNIT && limits_kept(pid, p, &r)) {
            struct text start = {line, 0, sizeof line, -1, 0};
            text_mem(&start, p, NAME);
            put_limit(&start, r.rlim_cur);
            put_limit(&start, r.rlim_max);
            text_mem(m, line, start.n);
            shown = UNIT;
        }
        text_mem(m, p + shown, n - shown);
        text_char(m, '\n');
        p += n + (p[n] != 0);
    }
}

/* What the file says of a descriptor: its open flags are the second line; the rest may be of any length. */
static void put_fdinfo(struct text *m, int64_t real)
{
    static const char name[] = "flags:\t";
    char buf[4096];
    int64_t n = host_read(real, buf, sizeof buf - 1);

    buf[n > 0 ? n : 0] = 0;
    char *flags = strstr(buf, name), *p = flags;
    if (flags) {
        uint64_t v = 0;
        p += sizeof name - 1;
        text_mem(m, buf, (size_t)(p - buf));
        for (; *p >= '0' && *p <= '7'; p++)
            v = v << 3 | (uint64_t)(*p - '0');
        if (v == 0)
            text_char(m, '0');
        text_oct(m, abi_open_flags_to_guest(v));
    } else {
        p = buf;
    }
    for (; n > 0; n = host_read(real, p = buf, sizeof buf))
        text_mem(m, p, (size_t)(buf + n - p));
    if (n < 0)
        m->error = n;
}

/* real: the file itself, just opened. */
static void put_file(struct text *m, struct proc_place p, int64_t real)
{
    switch (p.file) {
    case PROC_AUXV: text_mem(m, (const char *)space_layout.auxv, sizeof space_layout.auxv); break;
    case PROC_CMDLINE: put_cmdline(m); break;
    case PROC_ENVIRON: put_guest(m, space_layout.env_start, space_layout.env_end); break;
    case PROC_STAT: put_stat(m, p.pid, real); break;
    case PROC_CPUINFO: put_cpuinfo(m); break;
    case PROC_ARCH:
        text_str(m, abi->machine);
        text_char(m, '\n');
        break;
    case PROC_STATUS: put_status(m, p.pid, real); break;
    case PROC_LIMITS: put_limits(m, p.pid, real); break;
    case PROC_FDINFO: put_fdinfo(m, real); break;
    default: break;
    }
}

static int64_t text_fd(struct proc_place p, int64_t real)
{
    char buf[1024];
    struct text m = TEXT(buf, -1);
    int64_t fd = text_begin(&m, "proc");

    if (fd < 0)
        return fd;
    put_file(&m, p, real);
    return text_end(&m, fd);
}

int64_t proc_open(struct proc_place p, int dirfd, const char *path, uint64_t flags)
{
    /* Who may see it, and what other errors there are, the real file says. */
    int64_t real = host_raw(SYS_openat, (uint64_t)(int64_t)dirfd, ptr(path), flags | O_CLOEXEC, 0, 0, 0);
    int64_t fd = -EACCES; /* to write, for the privileged, too */

    if (real < 0)
        return real;
    if ((flags & O_ACCMODE) == O_RDONLY)
        fd = p.file == PROC_MAPS || p.file == PROC_SMAPS
                 ? space_maps_fd(p.pid, (int)real, p.file == PROC_SMAPS)
                 : text_fd(p, real);
    if (fd == -EPERM && p.pid)
        return real; /* another's memory is not to be looked into: what the host says */
    if (fd >= 0) {
        /* The lowest number that was free. */
        host_raw(SYS_dup3, (uint64_t)fd, (uint64_t)real, flags & O_CLOEXEC, 0, 0, 0);
    }
    host_close(fd >= 0 ? fd : real);
    return fd >= 0 ? real : fd;
}
