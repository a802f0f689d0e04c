/* SPDX-License-Identifier: MIT */
/*
 * execve and execveat: a program of the guest's is run by a new xrun, a native one by the kernel.
 *
 * The file is opened once and looked at (exec_look.h), so every error is known before anything is lost.  The new xrun gets the
 * open file (--exec-fd), not its name: that is the same file for certain, works for memfds, deleted files and descriptors that
 * close on exec, and follows the kernel, which opens before it looks.  argv[0] and AT_EXECFN travel as options; the environment
 * is the guest's own.  A program that the kernel started with xrun behind a root without /proc does not know where xrun is
 * (exec_self.h); what it starts is the kernel's to start, too.
 *
 * A program whose file gives other rights (set-user-id, set-group-id, capabilities) is the kernel's to run, because only it can
 * give them: by binfmt_misc, where xrun is registered with it.  Elsewhere, and under -L, which the one that is started so
 * would not know, it runs with the rights of who starts it, as from a file system mounted nosuid.
 */
#include "syscall/calls.h"
#include "syscall/dispatch.h"
#include "syscall/exec_look.h"
#include "syscall/exec_self.h"
#include "syscall/exec_vector.h"
#include "syscall/host.h"
#include "syscall/kept.h"
#include "syscall/limits.h"
#include "syscall/seccomp.h"
#include "syscall/signal.h"
#include "syscall/stats.h"
#include "syscall/sysroot.h"
#include "syscall/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

/* Descriptors that the new xrun inherits, negative: not there; and the options that name them and AT_EXECFN. */
enum { PASS_PROGRAM, PASS_FILTERS, PASS_SELF, PASS_COUNT };
struct passed {
    int64_t fd[PASS_COUNT];
    char option[PASS_COUNT][32], execfn[PATH_MAX + 16];
};

/* execve or execveat.  What xrun has changed for its own needs is as the guest sees it in the meantime. */
static int64_t host_exec(struct task *t, long nr, const uint64_t a[6])
{
    int64_t r = signal_exec_begin(t);
    if (r)
        return r;
    limits_exec_begin(t);
    stats_exec(t);
    r = host_syscall(t, nr, a);
    limits_exec_failed();
    signal_exec_failed(t);
    return r;
}

static int64_t exec_path(struct task *t, const char *path, const struct vector *v, gaddr envp)
{
    return host_exec(t, SYS_execve, (uint64_t[6]){(uint64_t)path, (uint64_t)v->arg, envp});
}

/* xrun by its name in /proc, by its own, or as it was kept. */
static int64_t exec_self(struct task *t, struct vector *v, gaddr envp)
{
    int64_t r = exec_path(t, "/proc/self/exe", v, envp);
    if (exec_missing(r) && options.self)
        r = exec_path(t, options.self, v, envp);
    int kept = exec_missing(r) ? exec_self_fd() : -1;
    if (kept >= 0)
        r = host_exec(t, SYS_execveat,
                      (uint64_t[6]){(uint64_t)kept, (uint64_t) "", (uint64_t)v->arg, envp, AT_EMPTY_PATH});
    return r;
}

/* Opens what xrun is to inherit: 0, or -errno and nothing is open. */
static int64_t open_passed(const struct task *t, const struct exec *x, struct passed *p)
{
    p->fd[PASS_PROGRAM] = host_raw(SYS_fcntl, (uint64_t)x->fd, F_DUPFD, 3, 0, 0, 0);
    if (p->fd[PASS_PROGRAM] < 0)
        return p->fd[PASS_PROGRAM];
    p->fd[PASS_FILTERS] = seccomp_save(t);
    if (p->fd[PASS_FILTERS] < 0 && p->fd[PASS_FILTERS] != -ENOENT) {
        host_close(p->fd[PASS_PROGRAM]);
        return p->fd[PASS_FILTERS];
    }
    exec_self_restore();
    int kept = exec_self_fd();
    p->fd[PASS_SELF] = kept < 0 ? -ENOENT : kept_copy(kept, F_DUPFD);
    return 0;
}

static void close_passed(const struct passed *p)
{
    for (int i = 0; i < PASS_COUNT; i++)
        if (p->fd[i] >= 0)
            host_close(p->fd[i]);
}

/* The options of the new xrun. */
static void add_options(const struct exec *x, struct passed *p, struct vector *v, const char *argv0)
{
    static const char *const names[PASS_COUNT] = {"--exec-fd=", "--seccomp-fd=", "--self-fd="};
    vector_add(v, "xrun");
    for (char **f = options.forward; f && *f; f++)
        vector_add(v, *f);
    for (int i = 0; i < PASS_COUNT; i++) {
        if (p->fd[i] < 0)
            continue;
        text_numbered(p->option[i], sizeof p->option[i], names[i], (uint64_t)p->fd[i]);
        vector_add(v, p->option[i]);
    }
    strcpy(p->execfn, "--execfn=");
    strcat(p->execfn, x->execfn);
    vector_add(v, p->execfn);
    vector_add(v, "-0");
    vector_add(v, argv0);
    vector_add(v, "--");
    vector_add(v, x->path);
}

/* xrun with the program as an open file. */
static int64_t exec_guest(struct task *t, struct exec *x, struct vector *v, gaddr argv, int64_t argc,
                          gaddr envp)
{
    const char *argv0 = x->front_count ? x->front[0] : "";
    struct passed passed;
    uint64_t p;
    int64_t r = open_passed(t, x, &passed);
    if (r < 0)
        return r;
    if (!x->front_count && argc > 0 && exec_pointer(&p, argv, 0) == 0)
        argv0 = (const char *)p;
    add_options(x, &passed, v, argv0);
    for (unsigned i = 1; i < x->front_count; i++)
        vector_add(v, x->front[i]);
    r = vector_add_guest(v, argv, 1, argc);
    if (r == 0)
        r = exec_self(t, v, envp);
    close_passed(&passed);
    return r;
}

/* The kernel cannot be given the guest's filters, so a native program would run without them. */
static bool escapes_filters(const struct task *t)
{
    static bool said;
    if (t->filter)
        log_once(&said, "not supported: ", "native programs under the guest's seccomp filters");
    return t->filter;
}

/* A script with a native interpreter, but another that the kernel would not find: it starts the last one. */
static int64_t exec_native_script(struct task *t, struct exec *x, struct vector *v, gaddr argv, int64_t argc,
                                  gaddr envp)
{
    if (escapes_filters(t))
        return -EACCES;
    for (unsigned i = 0; i < x->front_count; i++)
        vector_add(v, x->front[i]);
    int64_t r = vector_add_guest(v, argv, x->skip, argc);
    return r < 0 ? r : exec_path(t, x->path, v, envp);
}

static int64_t exec_native(struct task *t, int dirfd, const struct path_arg *p, const uint64_t a[6],
                           uint64_t flags)
{
    if (escapes_filters(t))
        return -EACCES;
    return host_exec(t, SYS_execveat, (uint64_t[6]){(uint64_t)(int64_t)dirfd, p->use, a[0], a[1], flags});
}

/* Would the kernel give other rights to who runs this file? */
static bool gives_rights(int64_t fd)
{
    struct stat st;
    struct statfs fs;
    bool user, group;

    if (host_raw(SYS_fstat, (uint64_t)fd, (uint64_t)&st, 0, 0, 0, 0) < 0 ||
        host_raw(SYS_fstatfs, (uint64_t)fd, (uint64_t)&fs, 0, 0, 0, 0) < 0 || (fs.f_flags & ST_NOSUID) ||
        host_raw(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0) != 0)
        return false;
    user = (st.st_mode & S_ISUID) && host_id(SYS_geteuid) != (int64_t)st.st_uid;
    group = (st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) && host_id(SYS_getegid) != (int64_t)st.st_gid;
    return user || group ||
           host_raw(SYS_fgetxattr, (uint64_t)fd, (uint64_t) "security.capability", 0, 0, 0, 0) > 0;
}

/* Must the kernel itself start this program of the guest's, as far as it can? */
static bool is_kernels(const struct task *t, const struct exec *x)
{
    return !options.sysroot && !t->filter && !x->front_count && gives_rights(x->fd);
}

/* xrun cannot be reached, so it was not started: can the kernel start it?  It has it open where it is registered. */
static bool may_be_kernels(const struct task *t, int64_t r)
{
    return (exec_missing(r) || r == -EACCES) && !options.sysroot && !t->filter;
}

/* -- the calls -- */

/* A name for show: cut if it is too long. */
static void copy_cut(char *to, const char *from, size_t size)
{
    size_t n = strlen(from);
    n = n < size ? n : size - 1;
    memcpy(to, from, n);
    to[n] = 0;
}

/* Can the file be named by way of its descriptor, or its folder's, only? */
static bool names_fd(int dirfd, const char *guest)
{
    return dirfd != AT_FDCWD && guest[0] != '/';
}

/* The name that scripts and AT_EXECFN see. */
static void set_execfn(struct exec *x, int dirfd, const char *guest)
{
    x->execfn[0] = 0;
    if (names_fd(dirfd, guest)) {
        text_numbered(x->execfn, sizeof x->execfn, "/dev/fd/", (unsigned)dirfd);
        if (guest[0])
            strcat(x->execfn, "/");
    }
    copy_cut(x->execfn + strlen(x->execfn), guest, sizeof x->execfn - strlen(x->execfn));
}

/* A descriptor of the guest's once more: one of O_PATH can be executed, but only its like can be read. */
static int64_t open_again(int dirfd)
{
    char path[32];
    if (dirfd == AT_FDCWD)
        return -EACCES; /* a directory */
    int64_t r = host_raw(SYS_fcntl, (uint64_t)(int64_t)dirfd, F_GETFL, 0, 0, 0, 0);
    if (r < 0 || !(r & O_PATH))
        return host_raw(SYS_fcntl, (uint64_t)(int64_t)dirfd, F_DUPFD_CLOEXEC, 3, 0, 0, 0);
    text_numbered(path, sizeof path, "/proc/self/fd/", (unsigned)dirfd);
    return exec_open(AT_FDCWD, path, 0);
}

/* The file's descriptor, or -errno.  An empty path means dirfd itself (flags have been checked). */
static int64_t open_program(int dirfd, const struct path_arg *p, uint64_t flags, struct exec *x)
{
    if (p->guest[0] == 0)
        return open_again(dirfd);
    const char *path = p->use == (uint64_t)p->host ? p->host : p->guest;
    copy_cut(x->path, path, sizeof x->path);
    return exec_open(dirfd, path, flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0);
}

static int64_t run(struct task *t, struct exec *x, gaddr argv, gaddr envp, int64_t kind)
{
    struct vector v;
    int64_t argc = exec_count(argv), r;
    size_t options_max = 16;
    if (argc < 0)
        return argc;
    for (char **f = options.forward; f && *f; f++)
        options_max++;
    r = vector_init(&v, t, VECTOR_RUN, (size_t)argc + FRONT_MAX + options_max);
    if (r < 0)
        return r;
    r = kind == KIND_GUEST ? exec_guest(t, x, &v, argv, argc, envp)
                           : exec_native_script(t, x, &v, argv, argc, envp);
    vector_free(&v, t);
    return r;
}

/* a: argv, envp. */
static int64_t exec_plain(struct task *t, int dirfd, gaddr path, const uint64_t a[2], uint64_t flags)
{
    struct exec x;
    struct path_arg p;
    uint64_t rest[6] = {a[0], a[1]};
    if (flags & ~(uint64_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | EXECVE_CHECK))
        return -EINVAL;
    int64_t r = path_arg(&p, dirfd, path, !(flags & AT_SYMLINK_NOFOLLOW));
    if (r < 0)
        return r;
    if (p.error < 0)
        return p.error;
    if (p.guest[0] == 0 && !(flags & AT_EMPTY_PATH))
        return -ENOENT;
    if (flags & EXECVE_CHECK)
        return host_syscall(t, SYS_execveat,
                            (uint64_t[6]){(uint64_t)(int64_t)dirfd, p.use, a[0], a[1], flags});
    x.front_count = x.skip = 0;
    x.redirected = false;
    x.path[0] = 0;
    set_execfn(&x, dirfd, p.guest);
    bool script_gone = names_fd(dirfd, p.guest) &&
                       (host_raw(SYS_fcntl, (uint64_t)(int64_t)dirfd, F_GETFD, 0, 0, 0, 0) & FD_CLOEXEC);
    r = open_program(dirfd, &p, flags, &x);
    /* What cannot be read can perhaps be run by the kernel. */
    if (r == -EACCES)
        return exec_native(t, dirfd, &p, rest, flags);
    if (r < 0)
        return r;
    x.fd = (int)r;
    if (!x.path[0])
        strcpy(x.path, x.execfn);
    int64_t kind = r = exec_look(&x, script_gone);
    bool native = kind == KIND_NATIVE || (kind == KIND_SCRIPT && !x.redirected);
    if (native || (kind == KIND_GUEST && is_kernels(t, &x)))
        r = exec_native(t, dirfd, &p, rest, flags);
    if ((kind == KIND_SCRIPT && !native) || (kind == KIND_GUEST && (r == kind || r == -ENOEXEC)))
        r = run(t, &x, a[0], a[1], kind);
    if (kind == KIND_GUEST && may_be_kernels(t, r)) {
        int64_t kernel = exec_native(t, dirfd, &p, rest, flags);
        r = kernel == -ENOEXEC ? r : kernel;
    }
    if (x.fd >= 0)
        host_close(x.fd);
    return r;
}

static int64_t exec_at(struct task *t, int dirfd, gaddr path, uint64_t a[2], uint64_t flags)
{
    struct vector v;
    struct rlimit files;
    int64_t r = lists_plain(t, &v, a);
    if (r == 0)
        r = exec_plain(t, dirfd, path, a, flags);
    if (r == -EMFILE && limits_exec_files(t, &files))
        r = exec_plain(t, dirfd, path, a, flags);
    limits_exec_files_end(t);
    vector_free(&v, t);
    return r;
}

int64_t sys_execve(struct task *t, const uint64_t a[6])
{
    return exec_at(t, AT_FDCWD, a[0], (uint64_t[2]){a[1], a[2]}, 0);
}

int64_t sys_execveat(struct task *t, const uint64_t a[6])
{
    return exec_at(t, (int)a[0], a[1], (uint64_t[2]){a[2], a[3]}, a[4]);
}
