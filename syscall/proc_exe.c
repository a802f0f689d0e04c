/* SPDX-License-Identifier: MIT */
/*
 * Where the links exe of guest processes lead.
 *
 * The path by which the program was reached when it started, as long as its file is there.  After that, what the kernel calls
 * the file where it is mapped: its new name, the one behind a new root, or the old one and " (deleted)".  A file without a
 * name is opened through a descriptor, which is kept where there was no name from the start.  One that lost it later is opened
 * through its mapping, which the kernel allows to the privileged only; to the others it is gone.  (A descriptor that is kept for
 * all programs would be seen in /proc/self/fd.)
 */
#include "loader/space.h"
#include "syscall/host_maps.h"
#include "syscall/kept.h"
#include "syscall/proc_files.h"
#include "syscall/task.h"
#include "syscall/text.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* The file that was loaded. */
static struct program {
    dev_t dev;
    ino_t ino;
} program;

/* Where it has no name. */
static struct kept nameless;

static bool leads_to(const char *name, const struct program *p)
{
    struct stat st;

    return host_raw(SYS_newfstatat, (uint64_t)AT_FDCWD, ptr(name), ptr(&st), 0, 0, 0) == 0 &&
           st.st_dev == p->dev && st.st_ino == p->ino;
}

void proc_keep_exe(int fd)
{
    struct stat st;

    if (host_raw(SYS_fstat, (uint64_t)fd, ptr(&st), 0, 0, 0, 0) < 0)
        return;
    program = (struct program){st.st_dev, st.st_ino};
    if (!options.exe || leads_to(options.exe, &program))
        return;
    int64_t mine = host_raw(SYS_fcntl, (uint64_t)fd, F_DUPFD_CLOEXEC, 3, 0, 0, 0);
    if (mine >= 0)
        kept_take(&nameless, (int)kept_up(mine), &st);
}

/* What was known at the start of the process: the program's path, and which file that was. */
static bool at_start(int64_t pid, char name[PATH_MAX], struct program *p)
{
    const char *exe = options.exe;

    if (!pid && exe) {
        strcpy(name, exe);
        *p = program;
    }
    if (!pid)
        return exe;
    if (!proc_peek(pid, &exe, &options.exe, sizeof exe) || !proc_peek(pid, p, &program, sizeof *p) || !exe ||
        !proc_peek(pid, name, exe, PATH_MAX))
        return false;
    name[PATH_MAX - 1] = 0;
    return true;
}

/* What the mapping of the program's code says: its file's name, and the path that leads to the file if that is permitted. */
static bool mapped(int64_t pid, char name[PATH_MAX], char link[PATH_MAX])
{
    struct maps_reader r;
    struct maps_line l;
    char path[64];
    struct text list = TEXT(path, -1), file = {link, 0, PATH_MAX, -1, 0};
    const char *line;
    gaddr code;
    bool found = false;

    proc_directory(&list, pid);
    text_mem(&list, "maps", sizeof "maps");
    if (!proc_peek(pid, &code, &space_layout.code_start, sizeof code) || maps_open(&r, path) < 0)
        return false;
    while (!found && (line = maps_next(&r)) != NULL) {
        l = maps_parse(line);
        found = l.start <= code && code < l.end && l.name[0] == '/' && strlen(l.name) < PATH_MAX;
    }
    maps_close(&r);
    if (!found)
        return false;
    strcpy(name, l.name);
    proc_directory(&file, pid);
    text_str(&file, "map_files/");
    text_hex_digits(&file, l.start, 1);
    text_char(&file, '-');
    text_hex_digits(&file, l.end, 1);
    text_char(&file, 0);
    return true;
}

bool proc_exe(int dirfd, const char *path, char name[PATH_MAX])
{
    char link[PATH_MAX];
    struct program p;
    int64_t pid;

    if (!proc_match_exe(dirfd, path, &pid) || !at_start(pid, name, &p))
        return false;
    if (!leads_to(name, &p))
        mapped(pid, name, link);
    return true;
}

bool proc_exe_file(int dirfd, const char *path, char file[PATH_MAX])
{
    char link[PATH_MAX];
    struct program p;
    int64_t pid;

    if (!proc_match_exe(dirfd, path, &pid) || !at_start(pid, file, &p))
        return false;
    if (leads_to(file, &p))
        return true;
    bool is_mapped = mapped(pid, file, link);
    if (is_mapped && leads_to(file, &p))
        return true;
    if (!pid && kept_is_there(&nameless)) {
        struct text t = {file, 0, PATH_MAX, -1, 0};
        proc_directory(&t, pid);
        text_str(&t, "fd/");
        text_dec(&t, nameless.fd);
        text_char(&t, 0);
    } else if (is_mapped) {
        strcpy(file, link);
    }
    return true;
}
