/* SPDX-License-Identifier: MIT */
/*
 * A file system in user space: the requests that it reads from /dev/fuse have flags of open, in the machine's own numbers.  Through
 * fuse-overlayfs, a file could not be opened with O_DIRECT, because that was O_DIRECTORY to it.
 * With an argument, the head of each request is read apart (readv), as some libraries do.
 * flags: -static
 * args:
 * args: apart
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FOLDER = 1, OLD, NEW };
static uint32_t opened[16]; /* flags, by the handles that the requests are given */
static unsigned count;
static bool apart;
static bool splices; /* as libfuse does where the kernel offers it */

static uint64_t note(const char *what, uint32_t flags)
{
    printf("%s: access %u, append %d, directory %d, nofollow %d, direct %d, noatime %d\n", what,
           flags & O_ACCMODE, !!(flags & O_APPEND), !!(flags & O_DIRECTORY), !!(flags & O_NOFOLLOW),
           !!(flags & O_DIRECT), !!(flags & O_NOATIME));
    opened[count] = flags;
    return count++;
}

static void check(const char *what, uint64_t handle, uint32_t flags)
{
    if ((flags ^ opened[handle]) & ~(uint32_t)(O_CREAT | O_EXCL | O_TRUNC))
        printf("%s: %x, opened with %x\n", what, flags, opened[handle]);
}

static struct fuse_entry_out entry(uint64_t node)
{
    struct fuse_entry_out e = {.nodeid = node,
                               .attr = {.ino = node,
                                        .mode = node == FOLDER ? S_IFDIR | 0755 : S_IFREG | 0644,
                                        .nlink = 1,
                                        .size = 4096}};
    return e;
}

static void answer(int fd, uint64_t unique, int error, const void *a, size_t an, const void *b, size_t bn)
{
    struct fuse_out_header h = {(uint32_t)(sizeof h + an + bn), error, unique};
    struct iovec v[3] = {{&h, sizeof h}, {(void *)a, an}, {(void *)b, bn}};

    if (writev(fd, v, 3) < 0 && errno != ENOENT)
        printf("answer: %s\n", strerrorname_np(errno));
}

static void serve(int fd, const struct fuse_in_header *h, const void *arg)
{
    struct fuse_init_out init = {.major = 7, .minor = 31, .max_write = 65536};
    struct fuse_entry_out e = entry(h->nodeid);
    struct fuse_attr_out attr = {.attr = e.attr};
    struct fuse_open_out open = {.open_flags = 0};
    const struct fuse_read_in *r = arg;
    const struct fuse_write_in *w = arg;
    const struct fuse_release_in *c = arg;
    struct fuse_write_out written = {0};

    switch (h->opcode) {
    case FUSE_INIT:
        splices = ((const struct fuse_init_in *)arg)->flags & FUSE_SPLICE_READ;
        answer(fd, h->unique, 0, &init, sizeof init, NULL, 0);
        break;
    case FUSE_LOOKUP:
        e = entry(OLD);
        answer(fd, h->unique, strcmp(arg, "old") ? -ENOENT : 0, &e, strcmp(arg, "old") ? 0 : sizeof e, NULL, 0);
        break;
    case FUSE_GETATTR: answer(fd, h->unique, 0, &attr, sizeof attr, NULL, 0); break;
    case FUSE_OPEN:
    case FUSE_OPENDIR:
        open.fh = note(h->opcode == FUSE_OPEN ? "open" : "opendir", ((const struct fuse_open_in *)arg)->flags);
        answer(fd, h->unique, 0, &open, sizeof open, NULL, 0);
        break;
    case FUSE_CREATE:
        e = entry(NEW);
        open.fh = note("create", ((const struct fuse_create_in *)arg)->flags);
        answer(fd, h->unique, 0, &e, sizeof e, &open, sizeof open);
        break;
    case FUSE_READ:
    case FUSE_READDIR:
        check("read", r->fh, r->flags);
        answer(fd, h->unique, 0, NULL, 0, NULL, 0);
        break;
    case FUSE_WRITE:
        check("write", w->fh, w->flags);
        written.size = w->size;
        answer(fd, h->unique, 0, &written, sizeof written, NULL, 0);
        break;
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
        check("release", c->fh, c->flags);
        answer(fd, h->unique, 0, NULL, 0, NULL, 0);
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT: break;
    default: answer(fd, h->unique, -ENOSYS, NULL, 0, NULL, 0);
    }
}

static void use(void)
{
    static char buf[8192] __attribute__((aligned(4096)));
    int fd = open("m/old", O_RDWR | O_DIRECT);

    if (fd < 0 || pread(fd, buf, 4096, 0) < 0 || pwrite(fd, buf, 4096, 0) < 0)
        _exit(1);
    close(fd);
    close(open("m/old", O_RDONLY | O_NOFOLLOW | O_NOATIME));
    close(open("m/old", O_WRONLY | O_APPEND));
    fd = open("m/new", O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, buf, 3) < 0)
        _exit(2);
    close(fd);
    close(open("m", O_RDONLY | O_DIRECTORY));
    _exit(umount2("m", MNT_DETACH) ? 3 : 0);
}

static ssize_t request(int fd, void *buf, size_t size)
{
    static int p[2];
    size_t head = sizeof(struct fuse_in_header);

    if (apart)
        return readv(fd, (struct iovec[]){{buf, head}, {(char *)buf + head, size - head}}, 2);
    if (!splices)
        return read(fd, buf, size);
    if (!p[1] && pipe2(p, O_CLOEXEC) == 0)
        fcntl(p[1], F_SETPIPE_SZ, size);
    ssize_t n = splice(fd, NULL, p[1], NULL, size, 0);
    return n > 0 ? read(p[0], buf, (size_t)n) : n;
}

int main(int argc, char **argv)
{
    static _Alignas(8) char buf[1 << 18];
    char options[100];
    int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC), status;
    ssize_t n;

    apart = argc > 1 && argv[1];
    if (fd < 0 || unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
        printf("no FUSE for this user\n");
        return 0;
    }
    mkdir("m", 0700);
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%d,group_id=%d", fd, (int)getuid(),
             (int)getgid());
    good("mount", mount("none", "m", "fuse", 0, options));
    fflush(stdout);
    if (fork() == 0) {
        close(fd);
        use();
    }
    while ((n = request(fd, buf, sizeof buf)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            serve(fd, (struct fuse_in_header *)buf, buf + sizeof(struct fuse_in_header));
    printf("end: %s\n", strerrorname_np(errno));
    wait(&status);
    printf("status %d\n", status);
    rmdir("m");
    return 0;
}
