/* SPDX-License-Identifier: MIT */
/*
 * Recognises paths of /proc that need the guest's view.
 *
 * /proc/self, /proc/thread-self, /proc/PID and their task/TID, with repeated slashes and ".", and relative to
 * a descriptor or the working directory.  Of another process only exe is of interest: if that leads to this xrun, the
 * process is a guest too, and the same variable at the same address of its memory says which.  The rest of what it shows
 * is its own affair.
 * Links elsewhere that lead into /proc are not followed.  This runs on every path of the guest, so the usual
 * one leaves after a compare.
 */
#include "syscall/proc_files.h"

#include "syscall/kept.h"
#include "syscall/sysroot.h"
#include "syscall/task.h"
#include "syscall/text.h"

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

static const struct {
    const char *name;
    enum proc_file file;
} names[] = {
    {"exe", PROC_EXE},         {"maps", PROC_MAPS},       {"smaps", PROC_SMAPS}, {"auxv", PROC_AUXV},
    {"cmdline", PROC_CMDLINE}, {"environ", PROC_ENVIRON}, {"stat", PROC_STAT},   {"cpuinfo", PROC_CPUINFO},
    {"arch", PROC_ARCH},       {"status", PROC_STATUS},
};
#define NAMES (sizeof names / sizeof *names)

static uint64_t ptr(const void *p)
{
    return (uint64_t)(uintptr_t)p;
}

/* The next component of *p, behind slashes and "."; its length. */
static size_t component(const char **p, const char **comp)
{
    const char *s = *p;
    size_t n;

    do {
        while (*s == '/')
            s++;
        for (n = 0; s[n] != 0 && s[n] != '/';)
            n++;
        *comp = s;
        s += n;
    } while (n == 1 && **comp == '.');
    *p = s;
    return n;
}

static bool is(const char *comp, size_t n, const char *s)
{
    return n == strlen(s) && memcmp(comp, s, n) == 0;
}

static enum proc_file name_file(const char *comp, size_t n)
{
    for (size_t i = 0; i < NAMES; i++)
        if (is(comp, n, names[i].name))
            return names[i].file;
    return PROC_NONE;
}

/* Is it a process?  *pid: which, 0 for this one. */
static bool process(const char *comp, size_t n, int64_t *pid)
{
    const char *end;

    *pid = 0;
    if (is(comp, n, "self") || is(comp, n, "thread-self"))
        return true;
    *pid = text_parse(comp, &end);
    if (*pid <= 0 || end != comp + n)
        return false;
    if (*pid == host_raw(__NR_getpid, 0, 0, 0, 0, 0, 0) || *pid == host_raw(__NR_gettid, 0, 0, 0, 0, 0, 0))
        *pid = 0;
    return true;
}

/* A thread that has ended has no files, and the host says so. */
static bool thread_of_mine(int64_t tid)
{
    int64_t pid = host_raw(__NR_getpid, 0, 0, 0, 0, 0, 0);
    return host_raw(__NR_tgkill, (uint64_t)pid, (uint64_t)tid, 0, 0, 0, 0) != -ESRCH;
}

static enum proc_file match_absolute(const char *p, int64_t *pid)
{
    const char *comp, *end;
    size_t n = component(&p, &comp);
    enum proc_file f;

    if (!is(comp, n, "proc"))
        return PROC_NONE;
    n = component(&p, &comp);
    if (is(comp, n, "cpuinfo"))
        return *p == 0 ? PROC_CPUINFO : PROC_NONE;
    if (is(comp, n, "sys")) {
        n = component(&p, &comp);
        bool kernel = is(comp, n, "kernel");
        n = component(&p, &comp);
        return kernel && is(comp, n, "arch") && *p == 0 ? PROC_ARCH : PROC_NONE;
    }
    if (!process(comp, n, pid))
        return PROC_NONE;
    n = component(&p, &comp);
    if (is(comp, n, "task")) {
        n = component(&p, &comp);
        int64_t tid = text_parse(comp, &end);
        if (tid <= 0 || end != comp + n || (!*pid && !thread_of_mine(tid)))
            return PROC_NONE;
        n = component(&p, &comp);
    }
    f = name_file(comp, n);
    return *p == 0 && f != PROC_CPUINFO && f != PROC_ARCH ? f : PROC_NONE;
}

/* *pid: whose it is, 0: this process's. */
static enum proc_file match(int dirfd, const char *path, int64_t *pid)
{
    char full[2 * PATH_MAX];
    const char *base = strrchr(path, '/');
    int64_t n;
    size_t len = strlen(path);

    *pid = 0;
    base = base ? base + 1 : path;
    if (name_file(base, strlen(base)) == PROC_NONE)
        return PROC_NONE;
    if (path[0] == '/')
        return match_absolute(path, pid);
    if (len >= PATH_MAX - 1 || (n = fd_path(dirfd, full)) <= 0 || strncmp(full, "/proc", 5) != 0)
        return PROC_NONE;
    full[n] = '/';
    memcpy(full + n + 1, path, len + 1);
    return match_absolute(full, pid);
}

enum proc_file proc_match(int dirfd, const char *path)
{
    int64_t pid;
    enum proc_file f = match(dirfd, path, &pid);

    return pid || (f == PROC_STATUS && !task_self()->seccomp_mode) ? PROC_NONE : f;
}

static bool peek(int64_t pid, void *to, const void *from, size_t n)
{
    struct iovec here = {to, n}, there = {(void *)from, n};

    return host_raw(__NR_process_vm_readv, (uint64_t)pid, ptr(&here), 1, ptr(&there), 1, 0) == (int64_t)n;
}

/* Does the link lead to the file that this program is running from? */
static bool is_xrun(int dirfd, const char *path)
{
    struct stat a, b;

    return host_raw(__NR_newfstatat, (uint64_t)(int64_t)dirfd, ptr(path), ptr(&a), 0, 0, 0) == 0 &&
           host_raw(__NR_newfstatat, (uint64_t)AT_FDCWD, ptr("/proc/self/exe"), ptr(&b), 0, 0, 0) == 0 &&
           same_file(&a, &b);
}

/* The program's file, where it has no name, and the path by which it is reached then. */
static struct kept nameless;
static char nameless_path[32];

void proc_keep_exe(int fd)
{
    struct stat st, named;

    if (!options.exe || host_raw(__NR_fstat, (uint64_t)fd, ptr(&st), 0, 0, 0, 0) < 0 ||
        (host_raw(__NR_newfstatat, (uint64_t)AT_FDCWD, ptr(options.exe), ptr(&named), 0, 0, 0) == 0 &&
         same_file(&st, &named)))
        return;
    int64_t mine = host_raw(__NR_fcntl, (uint64_t)fd, F_DUPFD_CLOEXEC, 3, 0, 0, 0);
    if (mine < 0 || !kept_take(&nameless, (int)kept_up(mine), &st))
        return;
    struct text path = TEXT(nameless_path, -1);
    text_str(&path, "/proc/self/fd/");
    text_dec(&path, nameless.fd);
    text_char(&path, 0);
}

const char *proc_exe_file(int dirfd, const char *path, char *buf)
{
    const char *exe = proc_exe(dirfd, path, buf);

    return exe && exe == options.exe && kept_is_there(&nameless) ? nameless_path : exe;
}

const char *proc_exe(int dirfd, const char *path, char *buf)
{
    const char *exe;
    int64_t pid;

    if (match(dirfd, path, &pid) != PROC_EXE)
        return NULL;
    if (!pid)
        return options.exe;
    if (!is_xrun(dirfd, path) || !peek(pid, &exe, &options.exe, sizeof exe) || !exe ||
        !peek(pid, buf, exe, PATH_MAX))
        return NULL;
    buf[PATH_MAX - 1] = 0;
    return buf;
}
