/* SPDX-License-Identifier: MIT */
/*
 * Opening files and what else speaks of open's flags; calls with paths.
 *
 * AArch64's O_DIRECTORY, O_NOFOLLOW, O_DIRECT and O_LARGEFILE are the same four bits as x86-64's, in another
 * order, so a forgotten translation does not fail, it does something else: every call that takes them is here
 * or in misc.c.
 */
#include "syscall/files.h"

#include "abi/abi.h"
#include "syscall/calls.h"
#include "syscall/exec_self.h"
#include "syscall/proc_files.h"
#include "syscall/self_mem.h"
#include "syscall/user.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>

bool open_follows(uint64_t flags)
{
    return !(flags & O_NOFOLLOW) && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
}

int64_t open_proc(struct task *t, int dirfd, const struct path_arg *p, uint64_t flags)
{
    struct proc_place place = {.file = PROC_NONE};

    if (!(flags & O_PATH))
        place = proc_match(dirfd, p->guest);
    if (place.file == PROC_MEM && (flags & O_ACCMODE) != O_RDONLY)
        self_mem_open = true;
    return place.file == PROC_NONE || place.file == PROC_MEM ? -ENOENT
                                                             : proc_open(place, dirfd, p->guest, flags);
}

int64_t sys_openat(struct task *t, const uint64_t a[6])
{
    uint64_t flags = abi_open_flags_to_host(a[2]);
    struct path_arg p;
    int64_t r;

    if ((r = path_arg(&p, (int)a[0], a[1], open_follows(flags))) < 0)
        return r;
    if ((r = open_proc(t, (int)a[0], &p, flags)) != -ENOENT)
        return r;
    return host_syscall(t, SYS_openat, (uint64_t[6]){a[0], p.use, flags, a[3]});
}

/* Copies a structure of `size` bytes that may be longer or shorter than ours: what we do not know must be 0.
 */
static int64_t read_extensible(void *out, size_t known, gaddr from, uint64_t size)
{
    uint8_t rest[64];

    memset(out, 0, known);
    if (user_read(out, from, size < known ? size : known) < 0)
        return -EFAULT;
    for (uint64_t at = known; at < size;) {
        size_t n = size - at < sizeof rest ? size - at : sizeof rest;
        if (user_read(rest, from + at, n) < 0)
            return -EFAULT;
        for (size_t i = 0; i < n; i++)
            if (rest[i])
                return -E2BIG;
        at += n;
    }
    return 0;
}

int64_t sys_openat2(struct task *t, const uint64_t a[6])
{
    struct open_how how;
    struct path_arg p;
    int64_t r;

    if (a[3] < sizeof how)
        return -EINVAL;
    if (a[3] > 4096)
        return -E2BIG;
    if ((r = read_extensible(&how, sizeof how, a[2], a[3])) < 0)
        return r;
    how.flags = abi_open_flags_to_host(how.flags);
    p.use = a[1];
    if (!(how.resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT))) {
        /* What is not to be followed must be left for the kernel to find. */
        bool follow = open_follows(how.flags) && how.resolve == 0;
        if ((r = path_arg(&p, (int)a[0], a[1], follow)) < 0)
            return r;
        if ((r = open_proc(t, (int)a[0], &p, how.flags)) != -ENOENT)
            return r;
    }
    return host_syscall(t, SYS_openat2, (uint64_t[6]){a[0], p.use, ptr(&how), sizeof how});
}

int64_t sys_open_by_handle_at(struct task *t, const uint64_t a[6])
{
    return host_syscall(t, SYS_open_by_handle_at, (uint64_t[6]){a[0], a[1], abi_open_flags_to_host(a[2])});
}

int64_t sys_pipe2(struct task *t, const uint64_t a[6])
{
    return host_syscall(t, SYS_pipe2, (uint64_t[6]){a[0], abi_open_flags_to_host(a[1])});
}

int64_t sys_mq_open(struct task *t, const uint64_t a[6])
{
    return host_syscall(t, SYS_mq_open, (uint64_t[6]){a[0], abi_open_flags_to_host(a[1]), a[2], a[3]});
}

int64_t sys_fanotify_init(struct task *t, const uint64_t a[6])
{
    return host_syscall(t, SYS_fanotify_init, (uint64_t[6]){a[0], abi_open_flags_to_host(a[1])});
}

int64_t sys_fcntl(struct task *t, const uint64_t a[6])
{
    uint64_t arg = (int)a[1] == F_SETFL ? abi_open_flags_to_host(a[2]) : a[2];
    int64_t r = host_syscall(t, SYS_fcntl, (uint64_t[6]){a[0], a[1], arg});

    return (int)a[1] == F_GETFL && r >= 0 ? (int64_t)abi_open_flags_to_guest((uint64_t)r) : r;
}

/* Does the path, or a descriptor of the link itself, name an exe?  What that says. */
static bool exe_link(int dirfd, const struct path_arg *p, char out[PATH_MAX])
{
    char link[PATH_MAX];

    if (p->guest[0])
        return proc_exe(dirfd, p->guest, out);
    return p->error == 0 && fd_path(dirfd, link) > 0 && proc_exe(AT_FDCWD, link, out);
}

int64_t sys_readlinkat(struct task *t, const uint64_t a[6])
{
    struct path_arg p;
    char buf[PATH_MAX];
    int64_t r;

    if ((r = path_arg(&p, (int)a[0], a[1], false)) < 0)
        return r;
    if (exe_link((int)a[0], &p, buf)) {
        const char *exe = exe_shown(buf);
        size_t n = strlen(exe);
        if ((int)a[3] <= 0)
            return -EINVAL;
        n = n < (uint64_t)(int)a[3] ? n : (size_t)(int)a[3];
        return user_write(a[2], exe, n) < 0 ? -EFAULT : (int64_t)n;
    }
    return host_syscall(t, SYS_readlinkat, (uint64_t[6]){a[0], p.use, a[2], a[3]});
}

/* The value of the call's AT_ flags, 0 if its signature has none. */
static uint64_t at_flags(const char *sig, const uint64_t a[6])
{
    const char *word;
    size_t n;

    for (int i = 0; i < 6 && (n = sig_word(&sig, &word)) != 0; i++)
        if (sig_is(word, n, "atf"))
            return a[i];
    return 0;
}

static bool is_path(const char *word, size_t n, uint64_t flags, bool *follow)
{
    *follow = sig_is(word, n, "path") || sig_is(word, n, "mpath") ||
              (sig_is(word, n, "npath") && !(flags & AT_SYMLINK_NOFOLLOW)) ||
              (sig_is(word, n, "fpath") && (flags & AT_SYMLINK_FOLLOW));
    return *follow || sig_is(word, n, "lpath") || sig_is(word, n, "npath") || sig_is(word, n, "fpath");
}

int64_t path_call(struct task *t, long nr, const char *sig, const uint64_t a[6])
{
    struct path_arg p[2];
    uint64_t b[6], flags = at_flags(sig, a);
    const char *word;
    int dirfd = AT_FDCWD, paths = 0;
    bool follow;
    size_t n;
    int64_t r;

    memcpy(b, a, sizeof b);
    for (int i = 0; i < 6 && (n = sig_word(&sig, &word)) != 0; i++) {
        if (sig_is(word, n, "at")) {
            dirfd = (int)a[i];
        } else if (is_path(word, n, flags, &follow) && paths < 2) {
            if ((r = path_arg(&p[paths], dirfd, a[i], follow)) < 0)
                return r;
            if (!sig_is(word, n, "mpath") || strcmp(p[paths].guest, "/") != 0)
                b[i] = p[paths].use;
            paths++;
            dirfd = AT_FDCWD;
        }
    }
    return host_syscall(t, nr, b);
}

int64_t sys_chroot(struct task *t, const uint64_t a[6])
{
    exec_keep_self(t);
    task_part(t);
    return path_call(t, SYS_chroot, "path", a);
}

int64_t sys_pivot_root(struct task *t, const uint64_t a[6])
{
    exec_keep_self(t);
    task_part(t);
    return path_call(t, SYS_pivot_root, "path,path", a);
}
