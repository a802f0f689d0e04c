/* SPDX-License-Identifier: MIT */
/*
 * Files: open's flags (some have other numbers on AArch64), stat fields, offsets beyond 4 GB, vectors,
 * locks, links, times, descriptors, errors.
 */
#include "t.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static void show_stat(const char *what, const struct stat *s)
{
    printf("%s: mode %o nlink %d size %ld blksize %d own %d mtime %ld.%09ld\n", what, s->st_mode,
           (int)s->st_nlink, (long)s->st_size, (int)s->st_blksize, s->st_uid == geteuid(),
           S_ISREG(s->st_mode) && s->st_mtim.tv_sec < 2000000000 && s->st_mtim.tv_sec > 1500000000
               ? 1
               : (long)s->st_mtim.tv_sec,
           s->st_mtim.tv_sec < 1500000000 ? s->st_mtim.tv_nsec : 0);
}

/* Returns the file "a", open for reading and writing; "link" leads to it. */
static int open_flags(void)
{
    umask(022);
    int fd = open("a", O_RDWR | O_CREAT | O_EXCL, 0666);
    show("open", fd);
    show("again", open("a", O_RDWR | O_CREAT | O_EXCL, 0666));
    show("directory", open("a", O_RDONLY | O_DIRECTORY)), show("is one", open(".", O_WRONLY));
    symlink("a", "link"), mkdir("dir", 0700);
    show("nofollow", open("link", O_RDONLY | O_NOFOLLOW));
    show("path", open("link", O_PATH | O_NOFOLLOW) > 0),
        good("directory", open("dir", O_DIRECTORY | O_RDONLY | O_CLOEXEC));
    int d = open("dir", O_TMPFILE | O_RDWR, 0600);
    printf("tmpfile %d\n", d >= 0 || errno == EOPNOTSUPP);
    return fd;
}

static void status_flags(int fd)
{
    printf("flags %x\n",
           fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK | O_DIRECTORY | O_NOFOLLOW | O_DIRECT));
    show("setfl", fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK));
    printf("flags %d %d %d\n", (fcntl(fd, F_GETFL) & O_APPEND) != 0, (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0,
           (fcntl(fd, F_GETFL) & (O_DIRECTORY | O_NOFOLLOW)) != 0);
    fcntl(fd, F_SETFL, 0);
}

static void offsets(int fd)
{
    struct stat s;
    show("write", write(fd, "0123456789", 10)), show("pwrite", pwrite(fd, "big", 3, (off_t)5 << 32));
    fstat(fd, &s);
    printf("%ld %d\n", (long)s.st_size, s.st_blocks < 1000);
    show("lseek", lseek(fd, -3, SEEK_END)), show("hole", lseek(fd, 0, SEEK_DATA));
    char buf[100] = {0};
    show("read", read(fd, buf, 10));
    puts(buf);
    show("lseek", lseek(fd, -1, SEEK_SET)), show("pread", pread(fd, buf, 5, -1));
    struct iovec v[2] = {{buf, 3}, {buf + 50, 4}};
    show("preadv", preadv(fd, v, 2, 2)), show("pwritev", pwritev(fd, v, 2, ((off_t)1 << 33) + 5));
    printf("%.3s %.4s\n", buf, buf + 50);
    show("truncate", ftruncate(fd, 100));
}

static void attributes(int fd)
{
    struct stat s, t;
    struct timespec tm[2] = {{1000, 5}, {1234567890, 987654321}};
    show("utimens", futimens(fd, tm));
    fstat(fd, &s), show_stat("fstat", &s);
    stat("link", &t), printf("%d %d\n", s.st_ino == t.st_ino, s.st_dev == t.st_dev);
    lstat("link", &t), printf("%o %ld\n", t.st_mode, (long)t.st_size);
    fstatat(AT_FDCWD, "dir", &t, 0), printf("%o\n", t.st_mode);
    stat("/dev/null", &t), printf("%o %lx\n", t.st_mode & S_IFMT, (long)t.st_rdev);
    struct statx x;
    show("statx", statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x));
    printf("%lu %o %u %ld\n", (unsigned long)x.stx_size, x.stx_mode, x.stx_nlink, (long)x.stx_mtime.tv_sec);
}

static void names(int fd)
{
    struct stat s;
    char buf[100];
    show("link", link("a", "b")), show("rename", rename("b", "dir/c")), show("chmod", chmod("dir/c", 0640)),
        show("access", access("dir/c", R_OK | W_OK));
    fstat(fd, &s), show_stat("after", &s);
    show("rename noreplace", renameat2(AT_FDCWD, "dir/c", AT_FDCWD, "a", 1));
    show("readlink", readlink("link", buf, sizeof buf)),
        show("readlink of a file", readlink("a", buf, sizeof buf));
}

static void errors(int fd)
{
    struct stat s;
    show("unlink of a directory", unlink("dir")), show("rmdir", rmdir("dir")),
        show("missing", stat("missing/x", &s)), show("not a directory", stat("a/x", &s));
    char longname[300];
    memset(longname, 'x', 299), longname[299] = 0;
    show("long", open(longname, O_RDONLY)), show("empty", open("", O_RDONLY)),
        show("bad pointer", open((char *)8, O_RDONLY));
    show("bad buffer", read(fd, (void *)8, 5) < 0 ? -1 : 0), lseek(fd, 0, SEEK_SET),
        show("bad buffer", read(fd, (void *)8, 5));
}

static void locks(int fd)
{
    struct flock l = {.l_type = F_WRLCK, .l_start = 10, .l_len = 20};
    show("setlk", fcntl(fd, F_SETLK, &l));
    fflush(stdout);
    pid_t p = fork();
    if (p == 0) {
        l = (struct flock){.l_type = F_RDLCK, .l_start = 15, .l_len = 1};
        show("setlk in child", fcntl(fd, F_SETLK, &l));
        fcntl(fd, F_GETLK, &l);
        printf("%d %ld %ld %d\n", l.l_type == F_WRLCK, (long)l.l_start, (long)l.l_len, l.l_pid == getppid());
        fflush(stdout);
        _exit(0);
    }
    waitpid(p, NULL, 0);
    l = (struct flock){.l_type = F_WRLCK};
    show("ofd", fcntl(fd, F_OFD_SETLK, &l)), show("flock", flock(fd, LOCK_EX | LOCK_NB));
}

static void descriptors(int fd)
{
    int e = fcntl(fd, F_DUPFD_CLOEXEC, 100);
    printf("%d %d\n", e, fcntl(e, F_GETFD));
    show("dup3", dup3(fd, 101, O_CLOEXEC)), show("dup2", dup2(fd, fd) == fd),
        show("close_range", (long)syscall(SYS_close_range, 100, 200, 0)), show("closed", fcntl(101, F_GETFD));
}

static void space(int fd)
{
    show("fallocate", fallocate(fd, 0, 0, 8192)), show("fsync", fsync(fd)), show("fdatasync", fdatasync(fd)),
        show("fadvise", posix_fadvise(fd, 0, 100, POSIX_FADV_SEQUENTIAL));
    struct statfs sf;
    struct statvfs sv;
    show("statfs", statfs(".", &sf)), show("statvfs", statvfs(".", &sv));
    printf("%d\n", sf.f_bsize == (long)sv.f_bsize && sf.f_namelen >= 255);
    int n = -1;
    show("ioctl", ioctl(fd, FIONREAD, &n)), show("not a terminal", isatty(fd) ? 0 : -1);
    show("copy_file_range",
         copy_file_range(fd, &(loff_t){0}, open("copy", O_CREAT | O_WRONLY, 0600), NULL, 50, 0));
}

/* The working directory is dir afterwards. */
static void other_ways_to_open(void)
{
    char buf[100];
    show("mkfifo", mkfifo("fifo", 0600)), show("fifo", open("fifo", O_WRONLY | O_NONBLOCK));
    show("chdir", chdir("dir"));
    getcwd(buf, sizeof buf);
    printf("%s\n", strrchr(buf, '/'));
    show("openat", openat(open("..", O_PATH), "a", O_RDONLY) > 0);
    show("memfd", write(memfd_create("m", MFD_CLOEXEC), "x", 1));
    int dr = open("a", O_RDONLY | O_CREAT | O_DIRECT, 0600);
    printf("direct %d\n", dr < 0 ? errno == EINVAL : (fcntl(dr, F_GETFL) & O_DIRECT) != 0);
    show("openat2", (long)syscall(SYS_openat2, AT_FDCWD, "/etc",
                                  &(uint64_t[3]){O_RDONLY | O_DIRECTORY, 0, 0x10}, 24) > 0);
}

int main(void)
{
    int fd = open_flags();
    status_flags(fd);
    offsets(fd);
    attributes(fd);
    names(fd);
    errors(fd);
    locks(fd);
    descriptors(fd);
    space(fd);
    other_ways_to_open();
    return 0;
}
