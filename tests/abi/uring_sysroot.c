/* SPDX-License-Identifier: MIT */
/* Paths in requests of io_uring lead where those of system calls do: each pair must be the same. */
#include "tests/abi/ring.h"

#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static struct ring ring;
static int bad;

static int by_ring(int op, int fd, const void *addr, unsigned len, uint64_t off, unsigned flags,
                   const char *third)
{
    memcpy((char *)put(&ring, op, fd, addr, len, off, flags) + 48, &third, sizeof third);
    enter(&ring, "request", 1, 1);
    return reap(&ring, "request", false);
}

/* A result, or -errno. */
static long result(long r)
{
    return r < 0 ? -errno : r;
}

static void same(const char *what, const char *path, long call, long request)
{
    bool is = call == request;
    printf("%s %s: %ld%s\n", what, path, call, is ? "" : ", but by a ring:");
    if (!is)
        printf("    %ld\n", request);
    bad += !is;
}

/* Which file it is; closes it. */
static long file_of(long fd)
{
    struct stat st;
    if (fd < 0)
        return result(fd);
    fstat((int)fd, &st);
    close((int)fd);
    return (long)st.st_ino;
}

static void check_path(const char *path)
{
    struct open_how how = {.flags = O_NOFOLLOW};
    struct statx x, y;
    char value[32];
    long r;

    same("open", path, file_of(open(path, O_RDONLY)),
         (r = by_ring(IORING_OP_OPENAT, AT_FDCWD, path, 0, 0, 0, 0)) < 0 ? r : file_of(r));
    r = by_ring(IORING_OP_OPENAT2, AT_FDCWD, path, sizeof how, (uintptr_t)&how, 0, 0);
    same("openat2", path, file_of(syscall(__NR_openat2, AT_FDCWD, path, &how, sizeof how)),
         r < 0 ? r : file_of(r));
    for (unsigned flags = 0; flags <= AT_SYMLINK_NOFOLLOW; flags += AT_SYMLINK_NOFOLLOW) {
        memset(&x, 0, sizeof x), memset(&y, 0, sizeof y);
        same("statx", path, result(statx(AT_FDCWD, path, (int)flags, STATX_BASIC_STATS, &x)),
             by_ring(IORING_OP_STATX, AT_FDCWD, path, STATX_BASIC_STATS, (uintptr_t)&y, flags, 0));
        same("statx inode", path, (long)x.stx_ino, (long)y.stx_ino);
    }
    same("getxattr", path, result(getxattr(path, "user.a", value, sizeof value)),
         by_ring(IORING_OP_GETXATTR, 0, "user.a", sizeof value, (uintptr_t)value, 0, path));
    same("mkdir", path, result(mkdir(path, 0700)), by_ring(IORING_OP_MKDIRAT, AT_FDCWD, path, 0700, 0, 0, 0));
    same("rmdir", path, result(rmdir(path)),
         by_ring(IORING_OP_UNLINKAT, AT_FDCWD, path, 0, 0, AT_REMOVEDIR, 0));
    same("symlink", path, result(symlink("x", path)),
         by_ring(IORING_OP_SYMLINKAT, AT_FDCWD, "x", 0, (uintptr_t)path, 0, 0));
    same("link", path, result(link(path, path)),
         by_ring(IORING_OP_LINKAT, AT_FDCWD, path, (unsigned)AT_FDCWD, (uintptr_t)path, 0, 0));
    same("rename", path, result(rename(path, path)),
         by_ring(IORING_OP_RENAMEAT, AT_FDCWD, path, (unsigned)AT_FDCWD, (uintptr_t)path, 0, 0));
}

int main(int argc, char **argv)
{
    if (!ring_open(&ring, "a ring", 0))
        return 77;
    for (int i = 1; i < argc; i++)
        check_path(argv[i]);
    return bad != 0;
}
