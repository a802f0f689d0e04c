/* SPDX-License-Identifier: MIT */
/*
 * The guest's maps and smaps of a process: the host's text, cut to what is the guest's.
 *
 * The host knows files, offsets and statistics; the list in space.c knows what belongs to the guest and which
 * protection it asked for.  Each line of the host's is cut along the guest's ranges, so a line may become
 * none, one or more; each has its share of the statistics of smaps.  Names in brackets follow from
 * space_layout.  The list of another process is read as it stands, without its lock: while it changes, a mapping may be missed.
 */
#include "loader/space_map.h"

#include "syscall/host.h"
#include "syscall/host_maps.h"
#include "syscall/proc_files.h"
#include "syscall/text.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define NAME_COLUMN 73

struct out {
    struct text text;
    bool smaps;
    int64_t pid; /* 0: this process */
    size_t node; /* of another: the list has been read up to this one */
    struct space_layout layout;
    gaddr shown;        /* lines begin here or above */
    struct text record; /* a line of the host's and, in smaps, the lines about it, each with a NUL */
};

/* Of `all` pages of a line, those of one piece: what is between those of the pieces before it, `from`, and `to`. */
struct part {
    uint64_t from, to, all;
};

/* The first node that ends above addr, which never is less than the last time. */
static bool next_node(struct out *o, gaddr addr, struct node *n)
{
    struct space_nodes its = {0};
    if (!o->pid)
        return space_next(addr, n);
    if (!proc_peek(o->pid, &its, &space_nodes, sizeof its))
        return false;
    for (; o->node < its.count && proc_peek(o->pid, n, &its.node[o->node], sizeof *n); o->node++)
        if (n->end > addr)
            return true;
    return false;
}

/* Ranges with a name of their own. */
static const char *range_name(const struct space_layout *s, gaddr a, gaddr *end)
{
    const struct {
        gaddr start, end;
        const char *name;
    } named[] = {{page_down(s->brk_start), page_up(s->brk), "[heap]"},
                 {s->stack_start, s->stack_end, "[stack]"},
                 {s->vdso, s->vdso + PAGE, "[vdso]"}};
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

static void print_piece(struct out *o, const struct maps_line *l, gaddr start, gaddr end, int prot,
                        const char *name)
{
    char buf[256];
    struct text s = TEXT(buf, -1);
    text_hex_digits(&s, start, 8);
    text_char(&s, '-');
    text_hex_digits(&s, end, 8);
    const char perm[] = {' ',
                         prot & PROT_READ ? 'r' : '-',
                         prot & PROT_WRITE ? 'w' : '-',
                         prot & PROT_EXEC ? 'x' : '-',
                         l->shared,
                         ' '};
    text_mem(&s, perm, sizeof perm);
    text_hex_digits(&s, l->name[0] == '/' ? l->offset + (start - l->start) : l->offset, 8);
    text_char(&s, ' ');
    text_mem(&s, l->device, l->device_len < 100 ? l->device_len : 100);
    text_char(&s, ' ');
    while (*name && s.n < NAME_COLUMN)
        text_char(&s, ' ');
    text_mem(&o->text, buf, s.n);
    text_str(&o->text, name);
    text_char(&o->text, '\n');
}

static uint64_t resident(gaddr start, gaddr end)
{
    uint8_t in[4096];
    uint64_t n = 0;
    for (uint64_t len; start < end; start += len) {
        len = end - start < sizeof in * PAGE ? end - start : sizeof in * PAGE;
        if (host_raw(SYS_mincore, start, len, ptr(in), 0, 0, 0) == 0)
            for (size_t i = 0; i < len / PAGE; i++)
                n += in[i] & 1;
    }
    return n;
}

/* The protection in VmFlags, which the host has as it needs it; returns what is behind it. */
static const char *print_protection(struct out *o, const char *line, int prot)
{
    static const struct {
        int prot;
        char flag[4];
    } flags[] = {{PROT_READ, " rd"}, {PROT_WRITE, " wr"}, {PROT_EXEC, " ex"}};
    const char *rest = strchr(line, ':') + 1;
    text_mem(&o->text, line, (size_t)(rest - line));
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (prot & flags[i].prot)
            text_str(&o->text, flags[i].flag);
        if (strncmp(rest, flags[i].flag, 3) == 0)
            rest += 3;
    }
    return rest;
}

static void take(struct part *p, uint64_t pages)
{
    p->from = p->to;
    p->to += pages < p->all - p->to ? pages : p->all - p->to;
}

/*
 * The lines about a piece, from those about the whole.  What is in memory is shared out by the pages that are there: exact for
 * private memory without a file, while of a file's pages the kernel tells whether anybody has them.  The rest goes by size, and
 * all of another process.  So the shares add up to the whole, and none is larger than its piece, unless another thread changes
 * it meanwhile.
 */
static void print_statistics(struct out *o, const char *line, int prot, const struct part *size,
                             const struct part *there)
{
    uint64_t most = (size->to - size->from) * (PAGE / 1024);
    for (; *line; line += strlen(line) + 1) {
        size_t at = strcspn(line, " ");
        const char *unit;
        int64_t v = text_parse(line + at + strspn(line + at, " "), &unit);
        if (v >= 0 && strcmp(unit, " kB") == 0 && !strstr(line, "PageSize:")) {
            const struct part *p = there->all && strncmp(line, "Swap", 4) != 0 ? there : size;
            uint64_t part = (uint64_t)v * p->to / p->all - (uint64_t)v * p->from / p->all;
            char buf[24];
            struct text digits = TEXT(buf, -1);
            text_udec(&digits, part > most || strncmp(line, "Size:", 5) == 0 ? most : part);
            text_mem(&o->text, line, at);
            for (; line + at + digits.n < unit; at++)
                text_char(&o->text, ' ');
            text_mem(&o->text, buf, digits.n);
            line = unit;
        } else if (strncmp(line, "VmFlags:", at) == 0) {
            line = print_protection(o, line, prot);
        }
        text_str(&o->text, line);
        text_char(&o->text, '\n');
    }
}

/* What of the record is the guest's; the record is empty then. */
static void print_record(struct out *o)
{
    char *line = o->record.buf;
    line[o->record.n] = line[o->record.n + 1] = 0; /* if it was full, too */
    o->record.n = 0;
    struct maps_line l = maps_parse(line);
    struct part size = {0, 0, (l.end - l.start) / PAGE}, there = {0};
    struct node p;
    for (gaddr at = l.start > o->shown ? l.start : o->shown;
         at < l.end && next_node(o, at, &p) && p.start < l.end;) {
        if (p.kind != NODE_GUEST) {
            at = p.end;
            continue;
        }
        /* If the node begins later, a mapping of the guest's that grows down (MAP_GROWSDOWN) has grown behind our back. */
        gaddr start = at, end = p.end < l.end ? p.end : l.end;
        /* The host may have a part of the stack locked: it is one mapping none the less. */
        if (!o->smaps && start >= o->layout.stack_start && start < o->layout.stack_end)
            end = p.end;
        const char *name = range_name(&o->layout, start, &end);
        print_piece(o, &l, start, end, p.prot, name ? name : l.name);
        if (o->smaps) {
            uint64_t pages = (end - start) / PAGE;
            if (!o->pid && size.to == 0 && pages < size.all)
                there.all = resident(l.start, l.end);
            take(&size, pages);
            take(&there, there.all ? resident(start, end) : 0);
            print_statistics(o, line + strlen(line) + 1, p.prot, &size, &there);
        }
        at = o->shown = end;
    }
}

static bool is_header(const char *line)
{
    return (*line >= '0' && *line <= '9') || (*line >= 'a' && *line <= 'f');
}

/* Reads the host's text. */
static void print_all(struct out *o, int host)
{
    struct maps_reader in = {.fd = host};
    for (const char *line; (line = maps_next(&in)) != NULL;) {
        if (is_header(line))
            print_record(o);
        text_mem(&o->record, line, strlen(line) + 1);
    }
    print_record(o);
}

int space_maps_fd(int64_t pid, int host, bool smaps)
{
    char buf[8192], record[8192];
    struct out o = {
        .smaps = smaps, .pid = pid, .text = TEXT(buf, -1), .record = {record, 0, sizeof record - 2, -1, 0}};
    if (!proc_peek(pid, &o.layout, &space_layout, sizeof o.layout))
        return -EPERM;
    int64_t fd = text_begin(&o.text, "maps");
    if (fd < 0)
        return (int)fd;
    print_all(&o, host);
    return (int)text_end(&o.text, fd);
}
