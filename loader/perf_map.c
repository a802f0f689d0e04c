/* SPDX-License-Identifier: MIT */
/* Writes perf's map of translated code (perf_map.h). */
#include "loader/perf_map.h"

#include "dbt/own.h"
#include "loader/symbols.h"
#include "syscall/host.h"
#include "syscall/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static struct {
    char path[64]; /* empty: not begun */
    bool broken;
} map OWN_BY_FORK;

static void give_up(void)
{
    host_message("--perf-map: cannot write %s", map.path);
    map.broken = true;
}

static void append(int fd, const char *text, size_t n)
{
    if (!map.broken && (!text_file_room(fd, n) || write(fd, text, n) != (ssize_t)n))
        give_up();
}

/* The file of this process, opened to append: a guest may close any descriptor.  Negative: there is none. */
static int map_file(void)
{
    if (map.broken)
        return -1;
    int new = *map.path ? 0 : O_CREAT | O_TRUNC;
    if (new)
        snprintf(map.path, sizeof map.path, "/tmp/perf-%ld.map", (long)host_id(SYS_getpid));
    int fd = open(map.path, O_WRONLY | O_APPEND | O_CLOEXEC | new, 0666);
    if (fd < 0)
        give_up();
    return fd;
}

void perf_map_add(const void *host, size_t size, gaddr pc)
{
    char name[512], line[600];
    int fd = map_file();
    if (fd < 0)
        return;
    symbols_name(pc, name, sizeof name);
    append(fd, line, (size_t)snprintf(line, sizeof line, "%lx %zx %s\n", (unsigned long)host, size, name));
    close(fd);
}

void perf_map_clear(void)
{
    int fd = map_file();
    if (fd < 0)
        return;
    if (ftruncate(fd, 0) != 0)
        host_message("--perf-map: cannot empty the file; names may be wrong");
    close(fd);
}

void perf_map_fork_child(void)
{
    char piece[4096];
    ssize_t n;
    if (!*map.path || map.broken)
        return;
    int from = open(map.path, O_RDONLY | O_CLOEXEC);
    *map.path = 0;
    int to = map_file();
    while (to >= 0 && from >= 0 && (n = read(from, piece, sizeof piece)) > 0)
        append(to, piece, (size_t)n);
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
}
