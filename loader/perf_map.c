/* SPDX-License-Identifier: MIT */
/* Writes perf's map of translated code (perf_map.h). */
#include "loader/perf_map.h"

#include "loader/symbols.h"
#include "syscall/host.h"

#include <stdio.h>
#include <unistd.h>

static void map_path(char path[64], long pid)
{
    snprintf(path, 64, "/tmp/perf-%ld.map", pid);
}

/* The file of this process, opened to append: a guest may close any descriptor.  When the process is new, it is begun, as a
 * copy of its parent's. */
static FILE *map_file(void)
{
    static bool broken;
    static long owner;
    long pid = (long)host_id(SYS_getpid);
    char from[64], to[64], piece[4096];
    size_t n;
    map_path(to, pid);
    if (pid == owner)
        return broken ? NULL : fopen(to, "ae");
    map_path(from, owner);
    FILE *old = owner ? fopen(from, "re") : NULL, *file = fopen(to, "we");
    owner = pid;
    broken = !file;
    if (!file)
        host_message("--perf-map: cannot write %s", to);
    while (file && old && (n = fread(piece, 1, sizeof piece, old)) > 0)
        fwrite(piece, 1, n, file);
    if (old)
        fclose(old);
    return file;
}

void perf_map_add(const void *host, size_t size, gaddr pc)
{
    char name[512];
    FILE *out = map_file();
    if (!out)
        return;
    symbols_name(pc, name, sizeof name);
    fprintf(out, "%lx %zx %s\n", (unsigned long)host, size, name);
    fclose(out);
}

void perf_map_clear(void)
{
    FILE *out = map_file();
    if (!out)
        return;
    if (ftruncate(fileno(out), 0) != 0)
        host_message("--perf-map: cannot empty the file; names may be wrong");
    fclose(out);
}
