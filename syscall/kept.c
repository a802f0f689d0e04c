/* SPDX-License-Identifier: MIT */
/* See kept.h.  A number that the guest has closed may be another file by now. */
#include "syscall/kept.h"

#include "syscall/task.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>

enum { OUT_OF_THE_WAY = 1000 };

static bool status(int fd, struct stat *st)
{
    return host_raw(SYS_fstat, (uint64_t)fd, ptr(st), 0, 0, 0, 0) == 0;
}

bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int64_t kept_copy(int64_t fd, int cmd)
{
    struct rlimit files;
    int64_t r = host_raw(SYS_fcntl, (uint64_t)fd, (uint64_t)cmd, OUT_OF_THE_WAY, 0, 0, 0);

    if (r == -EINVAL && host_raw(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, ptr(&files), 0, 0) == 0)
        r = host_raw(SYS_fcntl, (uint64_t)fd, (uint64_t)cmd, files.rlim_cur - files.rlim_cur / 4, 0, 0, 0);
    return r;
}

int64_t kept_up(int64_t fd)
{
    int64_t high = kept_copy(fd, F_DUPFD_CLOEXEC);
    if (high < 0)
        return fd;
    host_close(fd);
    return high;
}

bool kept_take(struct kept *k, int fd, struct stat *st)
{
    if (!status(fd, st))
        return false;
    host_raw(SYS_fcntl, (uint64_t)fd, F_SETFD, FD_CLOEXEC, 0, 0, 0);
    *k = (struct kept){fd, st->st_dev, st->st_ino};
    return true;
}

bool kept_is_there(const struct kept *k)
{
    struct stat st;
    return k->fd && status(k->fd, &st) && st.st_dev == k->dev && st.st_ino == k->ino;
}
