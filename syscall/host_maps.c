/* SPDX-License-Identifier: MIT */
/*
 * Reads the host's list of mappings: at the start to find xrun's own, later for the guest's /proc/self/maps
 * and to learn the length of what the kernel mapped by itself.
 *
 * Without the C library's stdio, which guest threads may not use (task.h).  Files of /proc are made while
 * they are read, a page or so at a time, so a line may come in two pieces.  The buffer is the caller's, on
 * its stack, and holds the longest line that a mapping of a file can have.  An error in the middle ends the
 * list.
 */
#include "syscall/host_maps.h"

#include "syscall/task.h"
#include "syscall/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

int64_t maps_open(struct maps_reader *r, const char *path)
{
    r->have = r->at = 0;
    r->skip = false;
    r->fd = host_raw(SYS_openat, (uint64_t)AT_FDCWD, (uint64_t)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
    return r->fd < 0 ? r->fd : 0;
}

void maps_close(struct maps_reader *r)
{
    host_close(r->fd);
}

/* Puts more bytes behind those at hand; false: there are none. */
static bool maps_fill(struct maps_reader *r)
{
    int64_t n;

    memmove(r->buf, r->buf + r->at, r->have - r->at);
    r->have -= r->at;
    r->at = 0;
    if (r->have == sizeof r->buf) {
        r->have = 0;
        r->skip = true;
    }
    do
        n = host_raw(SYS_read, (uint64_t)r->fd, (uint64_t)(r->buf + r->have), sizeof r->buf - r->have, 0, 0,
                     0);
    while (n == -EINTR);
    r->have += n > 0 ? (size_t)n : 0;
    return n > 0;
}

const char *maps_next(struct maps_reader *r)
{
    for (;;) {
        char *nl, *line;
        while (!(nl = memchr(r->buf + r->at, '\n', r->have - r->at)))
            if (!maps_fill(r))
                return NULL;
        line = r->buf + r->at;
        *nl = 0;
        r->at = (size_t)(nl + 1 - r->buf);
        if (!r->skip)
            return line;
        r->skip = false;
    }
}

struct maps_line maps_parse(const char *p)
{
    struct maps_line l = {0};

    l.start = text_parse_hex(p, &p);
    p += *p == '-';
    l.end = text_parse_hex(p, &p);
    p += *p == ' ';
    if (strlen(p) < 5) /* no protection: not a line of this kind */
        return (struct maps_line){.device = p, .name = ""};
    l.shared = p[3];
    p += 5;
    l.offset = text_parse_hex(p, &p);
    p += *p == ' ';
    l.device = p;
    p += strcspn(p, " ");
    p += *p == ' ';
    p += strcspn(p, " ");
    l.device_len = (size_t)(p - l.device);
    l.name = p + strspn(p, " ");
    return l;
}
