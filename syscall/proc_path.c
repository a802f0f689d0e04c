/* SPDX-License-Identifier: MIT */
/*
 * Recognises paths of /proc that need the guest's view, wherever a proc file system is mounted.
 *
 * They end in self, thread-self or PID, perhaps task/TID, and one of a few names, with repeated slashes and ".", absolute or
 * relative to a descriptor or the working directory; and there is such a file on a proc file system.  Another process whose exe
 * leads to this xrun is a guest too, and the same variables at the same addresses of its memory say what it is: of interest
 * are which program, its mappings, signals, filters and limits.  Of any process, fdinfo tells open's flags, in the numbers of the
 * machine that asks.  The rest of what it shows is its own affair.
 * Links elsewhere that lead into /proc are not followed.  This runs on every path of the guest, so the usual
 * one leaves after a compare, and the host is asked only where all of the path fits.
 */
#include "syscall/proc_files.h"

#include "syscall/kept.h"
#include "syscall/sysroot.h"
#include "syscall/task.h"
#include "syscall/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>

static const struct {
    const char *name;
    enum proc_file file;
} names[] = {
    {"exe", PROC_EXE},         {"maps", PROC_MAPS},       {"smaps", PROC_SMAPS}, {"auxv", PROC_AUXV},
    {"cmdline", PROC_CMDLINE}, {"environ", PROC_ENVIRON}, {"stat", PROC_STAT},   {"cpuinfo", PROC_CPUINFO},
    {"arch", PROC_ARCH},       {"status", PROC_STATUS},   {"mem", PROC_MEM},     {"limits", PROC_LIMITS},
};
#define NAMES (sizeof names / sizeof *names)

/* Takes the last component off the first *len bytes of path, with the slashes and "." behind it; its length. */
static size_t take_last(const char *path, size_t *len, const char **comp)
{
    size_t end, start;

    do {
        for (end = *len; end > 0 && path[end - 1] == '/';)
            end--;
        for (start = end; start > 0 && path[start - 1] != '/';)
            start--;
        *len = start;
    } while (end - start == 1 && path[start] == '.');
    *comp = path + start;
    return end - start;
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

static int64_t number(const char *comp, size_t n)
{
    const char *end;
    int64_t v = text_parse(comp, &end);

    return end == comp + n ? v : -1;
}

/* Is path[0..len) there, on a proc file system? */
static bool on_proc(char *path, size_t len)
{
    struct statfs fs;
    char c = path[len];

    path[len] = 0;
    int64_t r = host_raw(SYS_statfs, ptr(path), ptr(&fs), 0, 0, 0, 0);
    path[len] = c;
    return r == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* The process that the component behind the file system's root path[0..root) names, as a struct proc_place has it; -1: none.
 * Numbers are those of the file system's own PID namespace, in which it also says who asks. */
static int64_t process(const char *path, size_t root, const char *comp, size_t n)
{
    static const char self[] = "thread-self";
    char link[PATH_MAX + sizeof self], me[64];
    const char *end;
    int64_t pid, len;

    if (is(comp, n, "self") || is(comp, n, self))
        return 0;
    pid = number(comp, n);
    if (pid <= 0)
        return -1;
    memcpy(link, path, root);
    memcpy(link + root, self, sizeof self);
    len = host_raw(SYS_readlinkat, (uint64_t)AT_FDCWD, ptr(link), ptr(me), sizeof me - 1, 0, 0);
    me[len > 0 ? len : 0] = 0; /* PID/task/TID */
    if (text_parse(me, &end) == pid || (*end && text_parse(end + strlen("/task/"), &end) == pid))
        return 0;
    return pid;
}

/* What an absolute path of len bytes names, as far as the path says.  *there: length of the path of what must be there, which
 * is the file, and of a link its directory. */
static struct proc_place locate(const char *path, size_t len, size_t *there)
{
    const struct proc_place none = {.file = PROC_NONE};
    struct proc_place p = none;
    const char *comp, *above;
    size_t whole = len, n = take_last(path, &len, &comp), up, end;

    p.file = name_file(comp, n);
    if (p.file == PROC_NONE && number(comp, n) >= 0) {
        p.file = PROC_FDINFO;
        n = take_last(path, &len, &comp);
        if (!is(comp, n, "fdinfo"))
            return none;
    }
    *there = p.file == PROC_EXE ? len : whole;
    if (p.file == PROC_CPUINFO)
        return p;
    n = take_last(path, &len, &comp);
    if (p.file == PROC_ARCH) {
        up = take_last(path, &len, &above);
        return is(comp, n, "kernel") && is(above, up, "sys") ? p : none;
    }
    end = len;
    up = take_last(path, &end, &above);
    if (number(comp, n) > 0 && is(above, up, "task")) {
        len = end;
        n = take_last(path, &len, &comp);
    }
    p.pid = process(path, len, comp, n);
    return p.pid < 0 ? none : p;
}

/* call: process_vm_readv or _writev. */
static bool copy(long call, int64_t pid, const void *mine, const void *its, size_t n)
{
    struct iovec here = {(void *)mine, n}, there = {(void *)its, n};

    return host_raw(call, (uint64_t)pid, ptr(&here), 1, ptr(&there), 1, 0) == (int64_t)n;
}

bool proc_peek(int64_t pid, void *to, const void *from, size_t n)
{
    if (pid)
        return copy(SYS_process_vm_readv, pid, to, from, n);
    memcpy(to, from, n);
    return true;
}

bool proc_poke(int64_t pid, void *to, const void *from, size_t n)
{
    if (pid)
        return copy(SYS_process_vm_writev, pid, from, to, n);
    memcpy(to, from, n);
    return true;
}

/* Does the link lead to the file that this program is running from? */
static bool is_xrun(const char *path)
{
    struct stat a, b;

    return host_raw(SYS_newfstatat, (uint64_t)AT_FDCWD, ptr(path), ptr(&a), 0, 0, 0) == 0 &&
           host_raw(SYS_newfstatat, (uint64_t)AT_FDCWD, ptr("/proc/self/exe"), ptr(&b), 0, 0, 0) == 0 &&
           same_file(&a, &b);
}

void proc_directory(struct text *path, int64_t pid)
{
    text_str(path, "/proc/");
    if (pid)
        text_dec(path, pid);
    else
        text_str(path, "self");
    text_char(path, '/');
}

bool proc_is_guest(int64_t pid)
{
    char path[64];
    struct text t = TEXT(path, -1);

    proc_directory(&t, pid);
    text_mem(&t, "exe", sizeof "exe");
    return is_xrun(path);
}

/* exe: that file and no other, or any other. */
static struct proc_place match(int dirfd, const char *path, bool exe)
{
    const struct proc_place none = {.file = PROC_NONE};
    char full[2 * PATH_MAX];
    const char *base = strrchr(path, '/');
    int64_t n = 0;
    size_t len = strlen(path), there;

    base = base ? base + 1 : path;
    enum proc_file f = name_file(base, strlen(base));
    if (f == PROC_NONE && number(base, strlen(base)) >= 0)
        f = PROC_FDINFO;
    if (f == PROC_NONE || (f == PROC_EXE) != exe || len >= PATH_MAX - 1)
        return none;
    if (path[0] != '/') {
        if ((n = fd_path(dirfd, full)) <= 0)
            return none;
        full[n++] = '/';
    }
    memcpy(full + n, path, len + 1);
    struct proc_place p = locate(full, (size_t)n + len, &there);
    if (p.file == PROC_NONE || !on_proc(full, there))
        return none;
    if (p.pid && p.file != PROC_FDINFO) {
        strcpy(full + n + (base - path), "exe");
        p.file = is_xrun(full) ? p.file : PROC_NONE;
    }
    return p;
}

struct proc_place proc_match(int dirfd, const char *path)
{
    struct proc_place p = match(dirfd, path, false);

    if (p.pid &&
        (p.file == PROC_AUXV || p.file == PROC_CMDLINE || p.file == PROC_ENVIRON || p.file == PROC_MEM))
        p.file = PROC_NONE;
    return p;
}

bool proc_match_exe(int dirfd, const char *path, int64_t *pid)
{
    struct proc_place p = match(dirfd, path, true);

    *pid = p.pid;
    return p.file == PROC_EXE;
}
