/* SPDX-License-Identifier: MIT */
/* Files like the host's /proc/self/maps and smaps, line by line. */
#ifndef SYSCALL_HOST_MAPS_H
#define SYSCALL_HOST_MAPS_H

#include "dbt/types.h"

struct maps_reader {
    int64_t fd;
    size_t have, at;
    bool skip; /* the line at hand was too long: the rest of it is not shown */
    char buf[8192];
};

/* 0 or -errno; after 0, maps_close is due.  A file that is open is read through a reader of which only fd is set. */
int64_t maps_open(struct maps_reader *r, const char *path);
/* The next line, with a NUL for its newline, valid until the next call; NULL at the end.  Lines that do not
 * fit in the buffer are left out: none is that long unless a file's name is made of newlines. */
const char *maps_next(struct maps_reader *r);
void maps_close(struct maps_reader *r);

/* "start-end perm offset dev inode   name"; the strings stand in the line. */
struct maps_line {
    gaddr start, end;
    uint64_t offset;
    char shared;        /* 's' or 'p' */
    const char *device; /* and inode: one blank between them */
    size_t device_len;
    const char *name; /* "" if there is none */
};
struct maps_line maps_parse(const char *line);

#endif
