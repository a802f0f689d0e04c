/* SPDX-License-Identifier: MIT */
/*
 * The sysroot: a folder in which the guest's absolute paths are looked up before the host's own.
 *
 * As qemu-user does it, only what exists in the sysroot is redirected; everything else, and all that is newly
 * made, is the host's.  Unlike there, symbolic links are followed here, component by component, because the
 * kernel would take an absolute link (/etc/alternatives/awk) to the host's file of that name.  A link that
 * leads to something that the sysroot does not have leads to the host.  /proc, /sys, /dev and where temporary
 * files live are always the host's: in an unpacked system they are empty folders, and a file that was just made
 * in /tmp would not be found by listing it.  Relative paths, and absolute ones that name the
 * sysroot itself (the guest's getcwd shows those), are left to the kernel unless an absolute link of the
 * sysroot is on the way.
 *
 * chroot(2) and openat2's RESOLVE_IN_ROOT were rejected: neither can fall back to the host in the middle of a
 * path, and the second needs descriptors that a guest could see.  Nothing is remembered between calls: guests
 * install packages.
 */
#include "syscall/sysroot.h"

#include "syscall/proc_files.h"
#include "syscall/task.h"
#include "syscall/text.h"
#include "syscall/user.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define LINKS_MAX 40

/* cur: the sysroot and the components walked so far; rest: those to come. */
struct walk {
    char cur[PATH_MAX], rest[PATH_MAX];
    size_t root, len;
    bool absolute; /* an absolute link was followed, or ".." out of a folder of the host's */
};

enum { WALK_MISSING, WALK_FOUND, WALK_HOST };

/* Takes the next component off w->rest; its length, 0 at the end.  *last: nothing but slashes follows. */
static size_t walk_next(struct walk *w, size_t *at, const char **comp, bool *last)
{
    size_t n = 0, i;

    while (w->rest[*at] == '/')
        ++*at;
    *comp = w->rest + *at;
    while ((*comp)[n] != 0 && (*comp)[n] != '/')
        n++;
    for (i = n; (*comp)[i] == '/';)
        i++;
    *last = (*comp)[i] == 0;
    *at += n;
    return n;
}

static void walk_up(struct walk *w)
{
    while (w->len > w->root && w->cur[--w->len] != '/')
        ;
    w->cur[w->len] = 0;
}

static int walk_push(struct walk *w, const char *comp, size_t n)
{
    if (w->len + 1 + n >= sizeof w->cur)
        return -ENAMETOOLONG;
    w->cur[w->len] = '/';
    memcpy(w->cur + w->len + 1, comp, n);
    w->len += 1 + n;
    w->cur[w->len] = 0;
    return 0;
}

/* Is w->cur one of the folders that are never the sysroot's? */
static bool walk_host_dir(const struct walk *w)
{
    static const char *const host[] = {"/proc", "/sys", "/dev", "/tmp", "/var/tmp", "/run"};
    const char *top = w->cur + w->root;

    for (size_t i = 0; i < sizeof host / sizeof *host; i++)
        if (!strcmp(top, host[i]))
            return true;
    return false;
}

/* Does ".." lead out of the host's folder w->cur again?  Then goes there.  If there is a link on the way, or something is missing,
 * all of it is the host's. */
static bool walk_out(struct walk *w, size_t *at)
{
    size_t folder = w->len, from = *at, n;
    const char *comp;
    char c;
    bool last;

    if (!strstr(w->rest + *at, ".."))
        return false;
    while (w->len >= folder && (n = walk_next(w, at, &comp, &last)) != 0) {
        if (n == 1 && comp[0] == '.')
            continue;
        if (n == 2 && comp[0] == '.' && comp[1] == '.')
            walk_up(w);
        else if (walk_push(w, comp, n) < 0 || host_raw(SYS_readlinkat, (uint64_t)AT_FDCWD,
                                                       ptr(w->cur + w->root), ptr(&c), 1, 0, 0) != -EINVAL)
            break;
    }
    if (w->len < folder)
        return w->absolute = true;
    w->cur[w->len = folder] = 0;
    *at = from;
    return false;
}

/* Puts the target of the link w->cur in front of what is left of the path. */
static int walk_link(struct walk *w, size_t at, const char *target, size_t n)
{
    size_t left = strlen(w->rest + at);

    if (n + left >= sizeof w->rest)
        return -ENAMETOOLONG;
    memmove(w->rest + n, w->rest + at, left + 1);
    memcpy(w->rest, target, n);
    if (target[0] == '/') {
        w->len = w->root;
        w->cur[w->len] = 0;
        w->absolute = true;
    } else {
        walk_up(w);
    }
    return 0;
}

/* Adds to w->cur what has not been walked. */
static int walk_join(struct walk *w, const char *rest)
{
    size_t n = strlen(rest);

    if (w->len + n >= sizeof w->cur)
        return -ENAMETOOLONG;
    memcpy(w->cur + w->len, rest, n + 1);
    w->len += n;
    return 0;
}

/* Does w->cur end in a file?  Then even ".." behind it is an error. */
static bool walk_at_file(const struct walk *w)
{
    struct stat st;

    return w->len > w->root &&
           host_raw(SYS_newfstatat, (uint64_t)AT_FDCWD, ptr(w->cur), ptr(&st), AT_SYMLINK_NOFOLLOW, 0, 0) ==
               0 &&
           !S_ISDIR(st.st_mode);
}

/* Walks w->rest from w->cur on.  Afterwards w->cur is the sysroot, and behind it the guest's path with its
 * links followed as far as the sysroot goes. */
static int walk_path(struct walk *w, bool follow)
{
    char target[PATH_MAX];
    const char *comp;
    size_t at = 0, n;
    int links = 0, r;
    bool last;

    while ((n = walk_next(w, &at, &comp, &last)) != 0) {
        bool up = n == 2 && comp[0] == '.' && comp[1] == '.';
        if (up || (n == 1 && comp[0] == '.')) {
            if (walk_at_file(w))
                return (r = walk_push(w, comp, n)) < 0 || (r = walk_join(w, w->rest + at)) < 0 ? r
                                                                                               : WALK_FOUND;
            if (up)
                walk_up(w);
            continue;
        }
        if ((r = walk_push(w, comp, n)) < 0)
            return r;
        if (walk_host_dir(w)) {
            if (walk_out(w, &at))
                continue;
            return (r = walk_join(w, w->rest + at)) < 0 ? r : WALK_HOST;
        }
        int64_t l =
            host_raw(SYS_readlinkat, (uint64_t)AT_FDCWD, ptr(w->cur), ptr(target), sizeof target, 0, 0);
        if (l == -EINVAL || (l >= 0 && last && !follow && comp[n] == 0))
            continue;
        if (l == (int64_t)sizeof target)
            return -ENAMETOOLONG;
        if (l == -EACCES || l == -ENAMETOOLONG || l == -EIO)
            return (r = walk_join(w, w->rest + at)) < 0 ? r : WALK_FOUND;
        if (l <= 0)
            return (r = walk_join(w, w->rest + at)) < 0 ? r : WALK_MISSING;
        if (++links > LINKS_MAX)
            return -ELOOP;
        if ((r = walk_link(w, at, target, (size_t)l)) < 0)
            return r;
        at = 0;
    }
    /* The sysroot itself is gone for a guest that has changed its root. */
    if (w->len == w->root &&
        host_raw(SYS_faccessat, (uint64_t)AT_FDCWD, ptr(options.sysroot), 0, 0, 0, 0) == -ENOENT)
        return WALK_MISSING;
    /* A trailing slash says that it must be a directory; the kernel is to judge. */
    if (at && w->rest[at - 1] == '/' && w->len > w->root && (r = walk_join(w, "/")) < 0)
        return r;
    return WALK_FOUND;
}

/* The part of a host path behind the sysroot ("" or "/..."), or NULL if it is not in it. */
static const char *inside(const char *path)
{
    size_t n = strlen(options.sysroot);

    if (strncmp(path, options.sysroot, n) != 0 || (path[n] != 0 && path[n] != '/'))
        return NULL;
    return path + n;
}

const char *exe_shown(const char *exe)
{
    const char *in = options.sysroot ? inside(exe) : NULL;

    return in ? in : exe;
}

int64_t fd_path(int fd, char out[PATH_MAX])
{
    char link[40];
    int64_t n;

    if (fd == AT_FDCWD) {
        n = host_raw(SYS_getcwd, ptr(out), PATH_MAX, 0, 0, 0, 0);
        return n > 0 ? n - 1 : n;
    }
    text_numbered(link, sizeof link, "/proc/self/fd/", (unsigned)fd);
    n = host_raw(SYS_readlinkat, (uint64_t)AT_FDCWD, ptr(link), ptr(out), PATH_MAX, 0, 0);
    if (n == PATH_MAX)
        return -ENAMETOOLONG;
    if (n >= 0)
        out[n] = 0;
    return n;
}

static int copy_path(char *out, const char *path)
{
    size_t n = strlen(path);

    if (n >= PATH_MAX)
        return -ENAMETOOLONG;
    memcpy(out, path, n + 1);
    return 0;
}

/* Starts a walk for a path in the sysroot's own terms behind the folder `base` of the sysroot. */
static int walk_start(struct walk *w, const char *base, const char *path)
{
    w->absolute = false;
    w->len = w->root = strlen(options.sysroot);
    if (w->root + strlen(base) >= sizeof w->cur || strlen(path) >= sizeof w->rest)
        return -ENAMETOOLONG;
    memcpy(w->cur, options.sysroot, w->root + 1);
    strcpy(w->rest, path);
    return walk_join(w, base);
}

/* The folder of the sysroot in which a relative path starts: true, and its path behind the sysroot in base.
 */
static bool relative_base(int dirfd, char base[PATH_MAX])
{
    const char *in;

    if (fd_path(dirfd, base) <= 0 || base[0] != '/' || !(in = inside(base)))
        return false;
    memmove(base, in, strlen(in) + 1);
    return true;
}

static int sysroot_walk(int dirfd, const char *path, bool follow, char out[PATH_MAX])
{
    struct walk w;
    char base[PATH_MAX];
    bool guest_form = false; /* an absolute path as the guest means it: redirected if it exists */
    int r;

    base[0] = 0;
    if (path[0] != '/') {
        if (!relative_base(dirfd, base))
            return 0;
    } else if (inside(path)) {
        path = inside(path);
    } else {
        guest_form = true;
    }
    if ((r = walk_start(&w, base, path)) < 0 || (r = walk_path(&w, follow)) < 0)
        return r;
    if (r == WALK_FOUND && (guest_form || w.absolute))
        return (r = copy_path(out, w.cur)) < 0 ? r : 1;
    if (w.absolute || (r == WALK_HOST && !guest_form))
        return (r = copy_path(out, w.cur + w.root)) < 0 ? r : 1;
    if (r == WALK_HOST && strcmp(w.cur + w.root, path) != 0)
        return (r = copy_path(out, w.cur + w.root)) < 0 ? r : 1;
    return 0;
}

int sysroot_at(int dirfd, const char *path, bool follow, char out[PATH_MAX])
{
    if (path[0] == 0)
        return 0;
    if (follow && proc_exe_file(dirfd, path, out))
        return 1;
    return options.sysroot ? sysroot_walk(dirfd, path, follow, out) : 0;
}

int sysroot_path(const char *guest_path, char out[PATH_MAX])
{
    int r = sysroot_at(AT_FDCWD, guest_path, true, out);

    if (r == 0)
        return copy_path(out, guest_path);
    return r < 0 ? r : 0;
}

int64_t path_arg(struct path_arg *p, int dirfd, gaddr path, bool follow)
{
    int64_t r;

    p->use = path;
    p->guest[0] = 0;
    p->error = path ? user_string(p->guest, path, sizeof p->guest) : -EFAULT;
    if (p->error < 0) {
        p->guest[0] = 0;
        return 0;
    }
    if ((r = sysroot_at(dirfd, p->guest, follow, p->host)) < 0)
        return r;
    if (r == 1)
        p->use = ptr(p->host);
    return 0;
}
