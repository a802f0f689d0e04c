/* SPDX-License-Identifier: MIT */
/*
 * Writes perf's dump of translated code (jitdump.h).
 *
 * Each record is one writev(2) to a file that is opened for it, because a guest may close any descriptor.  What a child of
 * fork takes over from its parent gets the child's numbers and the present time: to perf, it begins with an empty list, because its
 * cache is mapped anew.  It does so at once, because it may run nothing but what it has from its parent.
 */
#include "loader/jitdump.h"

#include "dbt/own.h"
#include "loader/symbols.h"
#include "syscall/host.h"
#include "syscall/text.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MAGIC   0x4a695444u
#define VERSION 1

struct file_header {
    uint32_t magic, version, size, machine, pad, pid;
    uint64_t time, flags;
};

enum { CODE_LOAD = 0 };
struct code_load {
    uint32_t id, size;
    uint64_t time;
    uint32_t pid, tid;
    uint64_t vma, address, code_size, index;
    /* the name, with its 0, and the code */
};

static struct {
    const char *folder;
    char path[PATH_MAX];
    uint64_t size;  /* of what was written */
    uint64_t index; /* of the next translation */
    void *marker;   /* the file's first page */
    bool broken;
} dump;
static uint32_t dump_pid OWN_BY_FORK; /* whose file it is; 0: none yet */

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint32_t own_pid(void)
{
    return (uint32_t)host_id(SYS_getpid);
}

/* A child of vfork works for its parent: to perf, who is in the file is in one process. */
static uint32_t own_tid(void)
{
    return own_pid() == dump_pid ? (uint32_t)host_id(SYS_gettid) : dump_pid;
}

static void give_up(const char *why)
{
    host_message("--jitdump: %s: %s", dump.path, why);
    dump.broken = true;
}

static bool append(const struct iovec *parts, int count)
{
    ssize_t want = 0;
    for (int i = 0; i < count; i++)
        want += (ssize_t)parts[i].iov_len;
    int fd = open(dump.path, O_WRONLY | O_APPEND | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : text_file_room(fd, (size_t)want) ? writev(fd, parts, count) : 0;
    if (fd >= 0)
        close(fd);
    if (n != want) {
        give_up(n < 0 ? strerror(errno) : "no room");
        return false;
    }
    dump.size += (uint64_t)want;
    return true;
}

/* The page that tells perf of the file. */
static bool map_marker(int fd)
{
    if (dump.marker)
        munmap(dump.marker, PAGE);
    dump.marker = own_map(PAGE, MAP_PRIVATE);
    return dump.marker &&
           mmap(dump.marker, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0) != MAP_FAILED;
}

/* Appends the records in the first `size` bytes of another process' file. */
static void take_over(const char *from, uint64_t size)
{
    struct code_load r;
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    for (uint64_t at = sizeof(struct file_header); fd >= 0 && at < size; at += r.size) {
        if (pread(fd, &r, sizeof r, (off_t)at) != sizeof r || r.size < sizeof r)
            break;
        size_t rest = r.size - sizeof r;
        char *data = malloc(rest);
        bool whole = data && pread(fd, data, rest, (off_t)(at + sizeof r)) == (ssize_t)rest;
        r.pid = dump_pid;
        r.tid = own_tid();
        r.time = now();
        whole = whole && append((struct iovec[]){{&r, sizeof r}, {data, rest}}, 2);
        free(data);
        if (!whole)
            break;
    }
    if (fd >= 0)
        close(fd);
}

/* The file of this process is begun. */
static void begin(void)
{
    dump.size = 0;
    dump_pid = own_pid();
    snprintf(dump.path, sizeof dump.path, "%s/jit-%u.dump", dump.folder, dump_pid);
    unlink(dump.path); /* of an earlier process of that number: whoever reads it may go on */
    struct file_header h = {.magic = MAGIC,
                            .version = VERSION,
                            .size = sizeof h,
                            .machine = EM_X86_64,
                            .pid = dump_pid,
                            .time = now()};
    int fd = open(dump.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 || !map_marker(fd))
        give_up(strerror(errno));
    else
        append((struct iovec[]){{&h, sizeof h}}, 1);
    if (fd >= 0)
        close(fd);
}

void jitdump_folder(const char *folder)
{
    dump.folder = folder;
}

void jitdump_add(const void *host, size_t size, gaddr pc)
{
    char name[512];
    if (!dump_pid)
        begin();
    if (dump.broken)
        return;
    symbols_name(pc, name, sizeof name);
    size_t name_size = strlen(name) + 1;
    struct code_load r = {.id = CODE_LOAD,
                          .size = (uint32_t)(sizeof r + name_size + size),
                          .time = now(),
                          .pid = dump_pid,
                          .tid = own_tid(),
                          .vma = (uint64_t)host,
                          .address = (uint64_t)host,
                          .code_size = size,
                          .index = dump.index++};
    append((struct iovec[]){{&r, sizeof r}, {name, name_size}, {(void *)host, size}}, 3);
}

void jitdump_fork_child(void)
{
    static char parent[PATH_MAX];
    if (!dump_pid || dump.broken)
        return;
    uint64_t size = dump.size;
    strcpy(parent, dump.path);
    begin();
    if (!dump.broken)
        take_over(parent, size);
}
