/* SPDX-License-Identifier: MIT */
/*
 * The guest's /proc/self/maps and smaps: the host's text, cut to what is the guest's.
 *
 * The host knows files, offsets and statistics; the list in space.c knows what belongs to the guest and which
 * protection it asked for.  Each line of the host's is cut along the guest's ranges, so a line may become
 * none, one or more; the statistics of smaps go with the first piece.  Names in brackets follow from
 * space_layout.  Lines are at most PATH_MAX and a bit, so both buffers are on the stack: a thread's host
 * stack has room for them.
 */
#include "loader/space_map.h"
#include "syscall/host.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#define NAME_COLUMN 73

struct out {
    int64_t fd;
    size_t len;
    bool show; /* smaps: the statistics that come now belong to a line that was printed */
    char text[8192];
};

static void out_flush(struct out *o)
{
    host_raw(SYS_write, (uint64_t)o->fd, (uint64_t)o->text, o->len, 0, 0, 0);
    o->len = 0;
}

static void out_bytes(struct out *o, const char *s, size_t n)
{
    if (n > sizeof o->text - o->len)
        out_flush(o);
    if (n > sizeof o->text)
        n = sizeof o->text;
    memcpy(o->text + o->len, s, n);
    o->len += n;
}

static size_t hex_text(char *s, uint64_t v)
{
    size_t digits = 8;
    while (digits < 16 && v >> (4 * digits))
        digits++;
    for (size_t i = 0; i < digits; i++)
        s[i] = "0123456789abcdef"[v >> (4 * (digits - 1 - i)) & 15];
    return digits;
}

static uint64_t hex_value(const char **p)
{
    uint64_t v = 0;
    for (;; ++*p) {
        char c = **p;
        if (c >= '0' && c <= '9')
            v = v << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            v = v << 4 | (uint64_t)(c - 'a' + 10);
        else
            return v;
    }
}

/* A line of the host's: "start-end perm offset dev inode   name". */
struct host_line {
    gaddr start, end;
    uint64_t offset;
    char shared;
    const char *rest; /* dev and inode */
    size_t rest_len;
    const char *name;
};

static struct host_line parse_line(const char *p)
{
    struct host_line l = {0};
    l.start = hex_value(&p);
    p++;
    l.end = hex_value(&p);
    l.shared = p[4];
    p += 6;
    l.offset = hex_value(&p);
    l.rest = ++p;
    p += strcspn(p, " ");
    p += *p == ' ';
    p += strcspn(p, " ");
    l.rest_len = (size_t)(p - l.rest);
    l.name = p + strspn(p, " ");
    return l;
}

/* Ranges with a name of their own. */
static const char *range_name(gaddr a, gaddr *end)
{
    const struct space_layout *s = &space_layout;
    const struct {
        gaddr start, end;
        const char *name;
    } named[] = {{s->brk_start & ~4095ull, space_brk_end(), "[heap]"},
                 {s->stack_start, s->stack_end, "[stack]"},
                 {s->vdso, s->vdso + 4096, "[vdso]"}};
    const char *name = NULL;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (named[i].start > a && named[i].start < *end)
            *end = named[i].start;
        if (a >= named[i].start && a < named[i].end) {
            name = named[i].name;
            if (named[i].end < *end)
                *end = named[i].end;
        }
    }
    return name;
}

static void print_piece(struct out *o, const struct host_line *l, gaddr start, gaddr end, int prot,
                        const char *name)
{
    char s[256];
    size_t n = hex_text(s, start);
    s[n++] = '-';
    n += hex_text(s + n, end);
    const char perm[] = {' ',
                         prot & PROT_READ ? 'r' : '-',
                         prot & PROT_WRITE ? 'w' : '-',
                         prot & PROT_EXEC ? 'x' : '-',
                         l->shared,
                         ' '};
    memcpy(s + n, perm, sizeof perm);
    n += sizeof perm;
    bool file = l->rest_len < 100 && l->name[0] == '/';
    n += hex_text(s + n, file ? l->offset + (start - l->start) : l->offset);
    s[n++] = ' ';
    size_t rest = l->rest_len < 100 ? l->rest_len : 100;
    memcpy(s + n, l->rest, rest);
    n += rest;
    s[n++] = ' ';
    if (*name)
        while (n < NAME_COLUMN)
            s[n++] = ' ';
    out_bytes(o, s, n);
    out_bytes(o, name, strlen(name));
    out_bytes(o, "\n", 1);
}

static bool is_header(const char *line)
{
    return (*line >= '0' && *line <= '9') || (*line >= 'a' && *line <= 'f');
}

static void print_line(struct out *o, const char *line)
{
    if (!is_header(line)) {
        if (o->show) {
            out_bytes(o, line, strlen(line));
            out_bytes(o, "\n", 1);
        }
        return;
    }
    struct host_line l = parse_line(line);
    struct space_piece p;
    o->show = false;
    for (gaddr at = l.start; at < l.end && space_next(at, &p) && p.start < l.end;) {
        gaddr start = p.start > at ? p.start : at, end = p.end < l.end ? p.end : l.end;
        const char *name = range_name(start, &end);
        print_piece(o, &l, start, end, p.prot, name ? name : l.name);
        o->show = true;
        at = end;
    }
}

static void copy_lines(struct out *o, int64_t in)
{
    char buf[8192];
    size_t have = 0;
    for (;;) {
        int64_t n = host_raw(SYS_read, (uint64_t)in, (uint64_t)buf + have, sizeof buf - have, 0, 0, 0);
        if (n <= 0)
            return;
        have += (size_t)n;
        char *line = buf, *nl;
        while ((nl = memchr(line, '\n', have - (size_t)(line - buf))) != NULL) {
            *nl = 0;
            print_line(o, line);
            line = nl + 1;
        }
        have -= (size_t)(line - buf);
        if (have == sizeof buf)
            have = 0;
        memmove(buf, line, have);
    }
}

int space_maps_fd(bool smaps)
{
    const char *path = smaps ? "/proc/self/smaps" : "/proc/self/maps";
    int64_t in = host_raw(SYS_openat, (uint64_t)AT_FDCWD, (uint64_t)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (in < 0)
        return (int)in;
    struct out o = {.len = 0, .show = false};
    o.fd = host_raw(SYS_memfd_create, (uint64_t) "maps", MFD_CLOEXEC, 0, 0, 0, 0);
    if (o.fd >= 0) {
        copy_lines(&o, in);
        out_flush(&o);
        host_raw(SYS_lseek, (uint64_t)o.fd, 0, SEEK_SET, 0, 0, 0);
    }
    host_raw(SYS_close, (uint64_t)in, 0, 0, 0, 0, 0);
    return (int)o.fd;
}
