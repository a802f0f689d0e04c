/* SPDX-License-Identifier: MIT */
/*
 * Recognises paths of /proc that need the guest's view.
 *
 * /proc/self, /proc/thread-self, /proc/PID and their task/TID, with repeated slashes and ".", and relative to
 * a descriptor or the working directory.  Another process is never matched: what it shows is its own affair.
 * Links elsewhere that lead into /proc are not followed.  This runs on every path of the guest, so the usual
 * one leaves after a compare.
 */
#include "syscall/proc_files.h"
#include "syscall/sysroot.h"
#include "syscall/task.h"
#include "syscall/text.h"

#include <asm/unistd.h>
#include <string.h>

static const struct {
    const char *name;
    enum proc_file file;
} names[] = {
    {"exe", PROC_EXE},         {"maps", PROC_MAPS},       {"smaps", PROC_SMAPS}, {"auxv", PROC_AUXV},
    {"cmdline", PROC_CMDLINE}, {"environ", PROC_ENVIRON}, {"stat", PROC_STAT},   {"cpuinfo", PROC_CPUINFO},
};
#define NAMES (sizeof names / sizeof *names)

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

static bool own_process(const char *comp, size_t n)
{
    const char *end;
    int64_t pid;

    if (is(comp, n, "self") || is(comp, n, "thread-self"))
        return true;
    pid = text_parse(comp, &end);
    return pid > 0 && end == comp + n &&
           (pid == host_raw(__NR_getpid, 0, 0, 0, 0, 0, 0) || pid == host_raw(__NR_gettid, 0, 0, 0, 0, 0, 0));
}

static enum proc_file match_absolute(const char *p)
{
    const char *comp, *end;
    size_t n = component(&p, &comp);
    enum proc_file f;

    if (!is(comp, n, "proc"))
        return PROC_NONE;
    n = component(&p, &comp);
    if (is(comp, n, "cpuinfo"))
        return *p == 0 ? PROC_CPUINFO : PROC_NONE;
    if (!own_process(comp, n))
        return PROC_NONE;
    n = component(&p, &comp);
    if (is(comp, n, "task")) {
        n = component(&p, &comp);
        if (text_parse(comp, &end) <= 0 || end != comp + n)
            return PROC_NONE;
        n = component(&p, &comp);
    }
    f = name_file(comp, n);
    return *p == 0 && f != PROC_CPUINFO ? f : PROC_NONE;
}

enum proc_file proc_match(int dirfd, const char *path)
{
    char full[2 * PATH_MAX];
    const char *base = strrchr(path, '/');
    int64_t n;
    size_t len = strlen(path);

    base = base ? base + 1 : path;
    if (name_file(base, strlen(base)) == PROC_NONE)
        return PROC_NONE;
    if (path[0] == '/')
        return match_absolute(path);
    if (len >= PATH_MAX - 1 || (n = fd_path(dirfd, full)) <= 0 || strncmp(full, "/proc", 5) != 0)
        return PROC_NONE;
    full[n] = '/';
    memcpy(full + n + 1, path, len + 1);
    return match_absolute(full);
}
