/* SPDX-License-Identifier: MIT */
/*
 * The guest's /proc/self/maps and smaps: the host's text, cut to what is the guest's.
 *
 * The host knows files, offsets and statistics; the list in space.c knows what belongs to the guest and which
 * protection it asked for.  Each line of the host's is cut along the guest's ranges, so a line may become
 * none, one or more; the statistics of smaps go with the first piece.  Names in brackets follow from
 * space_layout.
 */
#include "loader/space_map.h"

#include "syscall/host.h"
#include "syscall/host_maps.h"
#include "syscall/text.h"

#include <string.h>
#include <sys/mman.h>

#define NAME_COLUMN 73

struct out {
    struct text text;
    bool smaps;
    bool show;   /* smaps: the statistics that come now belong to a line that was printed */
    gaddr shown; /* lines begin here or above */
};

/* Ranges with a name of their own. */
static const char *range_name(gaddr a, gaddr *end)
{
    const struct space_layout *s = &space_layout;
    const struct {
        gaddr start, end;
        const char *name;
    } named[] = {{page_down(s->brk_start), space_brk_end(), "[heap]"},
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

static bool is_header(const char *line)
{
    return (*line >= '0' && *line <= '9') || (*line >= 'a' && *line <= 'f');
}

static void print_line(struct out *o, const char *line)
{
    if (!is_header(line)) {
        if (o->show) {
            text_str(&o->text, line);
            text_char(&o->text, '\n');
        }
        return;
    }
    struct maps_line l = maps_parse(line);
    struct space_piece p;
    o->show = false;
    for (gaddr at = l.start > o->shown ? l.start : o->shown;
         at < l.end && space_next(at, &p) && p.start < l.end;) {
        gaddr start = p.start > at ? p.start : at, end = p.end < l.end ? p.end : l.end;
        /* A mapping of the guest's that grows down (MAP_GROWSDOWN) has grown behind our back. */
        if (start > at && !space_hidden(at, start - at))
            start = at;
        /* The host may have a part of the stack locked: it is one mapping none the less. */
        if (!o->smaps && start >= space_layout.stack_start && start < space_layout.stack_end)
            end = p.end;
        const char *name = range_name(start, &end);
        print_piece(o, &l, start, end, p.prot, name ? name : l.name);
        o->show = true;
        at = o->shown = end;
    }
}

int space_maps_fd(bool smaps)
{
    char buf[8192];
    struct maps_reader in;
    int64_t r = maps_open(&in, smaps ? "/proc/self/smaps" : "/proc/self/maps");
    if (r < 0)
        return (int)r;
    struct out o = {.smaps = smaps, .text = TEXT(buf, -1)};
    int64_t fd = text_begin(&o.text, "maps");
    for (const char *line; fd >= 0 && (line = maps_next(&in)) != NULL;)
        print_line(&o, line);
    maps_close(&in);
    return (int)(fd < 0 ? fd : text_end(&o.text, fd));
}
