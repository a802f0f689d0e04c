/* SPDX-License-Identifier: MIT */
/*
 * Flags of open wherever they occur: the calls that take them, with each pair of flags on each kind of file, and
 * what F_GETFL says afterwards.  Runs in an empty directory.
 */
#include "abi/host_nr.h"
#include "tests/abi/show.h"

#include <linux/openat2.h>
#include <mqueue.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>

static const char *const targets[] = {"file", "dir",     "link",  "dirlink", "dangling",
                                      "fifo", "missing", "file/", "dir/"};
#define TARGETS (sizeof targets / sizeof *targets)

static void make_targets(void)
{
    int fd = open("file", O_CREAT | O_RDWR, 0644);

    if (fd < 0 || write(fd, "0123456789", 10) != 10 || close(fd) || mkdir("dir", 0755) ||
        symlink("file", "link") || symlink("dir", "dirlink") || symlink("nowhere", "dangling") ||
        mkfifo("fifo", 0644))
        exit(2);
}

static void show_fd(int fd)
{
    struct stat st;

    if (fd < 0) {
        printf("%s\n", strerrorname_np(errno));
        return;
    }
    print_open_flags(fcntl(fd, F_GETFL));
    printf(" fd flags %d", fcntl(fd, F_GETFD));
    if (fstat(fd, &st) == 0)
        printf(" type %o size %d", st.st_mode & S_IFMT, S_ISREG(st.st_mode) ? (int)st.st_size : 0);
    printf("\n");
    close(fd);
}

/* What opening made or emptied is as before again. */
static void restore(void)
{
    struct stat st;
    int fd;

    unlink("missing");
    unlink("nowhere");
    if (stat("file", &st) == 0 && st.st_size == 10)
        return;
    fd = open("file", O_WRONLY | O_TRUNC);
    if (fd < 0 || write(fd, "0123456789", 10) != 10 || close(fd))
        exit(2);
}

static void try_open(const char *target, long mode, size_t i, size_t j)
{
    long flags = open_flags[i].bit | open_flags[j].bit | mode | O_NONBLOCK;
    struct open_how how = {.flags = (uint64_t)flags,
                           .mode = flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) ? 0600 : 0};

    printf("open %s %ld %s %s: ", target, mode, open_flags[i].name, open_flags[j].name);
    show_fd((int)syscall(__NR_openat, AT_FDCWD, target, flags, 0600));
    restore();
    printf("openat2 %s %ld %s %s: ", target, mode, open_flags[i].name, open_flags[j].name);
    show_fd((int)syscall(__NR_openat2, AT_FDCWD, target, &how, sizeof how));
    restore();
}

static void check_open(void)
{
    for (size_t k = 0; k < TARGETS; k++)
        for (size_t i = 0; i < OPEN_FLAGS; i++)
            for (size_t j = i; j < OPEN_FLAGS; j++)
                try_open(targets[k], (long)((i + j) % 3), i, j);
}

static void check_openat2(void)
{
    static const uint64_t resolve[] = {RESOLVE_NO_XDEV,
                                       RESOLVE_NO_MAGICLINKS,
                                       RESOLVE_NO_SYMLINKS,
                                       RESOLVE_BENEATH,
                                       RESOLVE_IN_ROOT,
                                       RESOLVE_CACHED,
                                       0x40,
                                       1ull << 40,
                                       RESOLVE_BENEATH | RESOLVE_IN_ROOT};
    static const char *const paths[] = {"file", "link",           "dirlink/x", "/dev/null",
                                        "../x", "/proc/self/exe", "/file"};
    uint8_t how[64];

    for (size_t i = 0; i < sizeof resolve / sizeof *resolve; i++)
        for (size_t k = 0; k < sizeof paths / sizeof *paths; k++) {
            struct open_how h = {.resolve = resolve[i]};
            printf("resolve %#llx %s: ", (unsigned long long)resolve[i], paths[k]);
            show_fd((int)syscall(__NR_openat2, AT_FDCWD, paths[k], &h, sizeof h));
        }
    for (size_t size = 0; size <= sizeof how; size += 4) {
        memset(how, 0, sizeof how);
        show(close((int)syscall(__NR_openat2, AT_FDCWD, "file", how, size)), "openat2 size %zu", size);
        how[sizeof how - 1] = 1;
        show(close((int)syscall(__NR_openat2, AT_FDCWD, "file", how, size)), "openat2 size %zu, more", size);
    }
    for (int bit = 0; bit < 64; bit++) {
        struct open_how h = {.flags = 1ull << bit};
        long r = syscall(__NR_openat2, AT_FDCWD, "dir", &h, sizeof h);
        /* The machines' own bits are checked by name above. */
        if (bit < 14 || bit > 17)
            show(r < 0 ? r : close((int)r), "openat2 bit %d", bit);
    }
}

static void check_setfl(void)
{
    static const char *const names[] = {"file", "dir", "fifo"};

    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < OPEN_FLAGS; i++) {
            int fd = open(names[k], (k == 1 ? O_RDONLY : O_RDWR) | O_NONBLOCK);
            show(fcntl(fd, F_SETFL, open_flags[i].bit), "F_SETFL %s %s", names[k], open_flags[i].name);
            show_fd(fd);
        }
}

/* Calls that make descriptors, with each flag that one of them may know. */
static void check_makers(void)
{
    for (size_t i = 0; i < OPEN_FLAGS; i++) {
        long f = open_flags[i].bit;
        const char *n = open_flags[i].name;
        int two[2] = {-1, -1};

        if (show(syscall(__NR_pipe2, two, f), "pipe2 %s", n) == 0) {
            show_fd(two[0]);
            show_fd(two[1]);
        }
        printf("eventfd2 %s: ", n), show_fd((int)syscall(__NR_eventfd2, 0, f));
        printf("epoll_create1 %s: ", n), show_fd((int)syscall(__NR_epoll_create1, f));
        printf("inotify_init1 %s: ", n), show_fd((int)syscall(__NR_inotify_init1, f));
        printf("timerfd_create %s: ", n), show_fd((int)syscall(__NR_timerfd_create, CLOCK_MONOTONIC, f));
        sigset_t set;
        sigemptyset(&set);
        printf("signalfd4 %s: ", n), show_fd((int)syscall(__NR_signalfd4, -1, &set, 8, f));
        printf("dup3 %s: ", n), show_fd((int)syscall(__NR_dup3, 1, 70, f));
        printf("socket %s: ", n), show_fd((int)syscall(__NR_socket, AF_UNIX, SOCK_STREAM | f, 0));
        printf("fanotify_init %s: ", n), show_fd((int)syscall(__NR_fanotify_init, 0x200, f));
        printf("pidfd_open %s: ", n), show_fd((int)syscall(__NR_pidfd_open, getpid(), f));
        if (show(syscall(__NR_socketpair, AF_UNIX, SOCK_DGRAM | f, 0, two), "socketpair %s", n) == 0) {
            show_fd(two[0]);
            show_fd(two[1]);
        }
    }
}

static void check_mq(void)
{
    for (size_t i = 0; i < OPEN_FLAGS; i++) {
        struct mq_attr set = {.mq_flags = open_flags[i].bit}, old;
        long fd = syscall(__NR_mq_open, "queue", O_CREAT | O_RDWR | open_flags[i].bit, 0600, NULL);

        printf("mq_open %s: ", open_flags[i].name);
        show_fd(fd < 0 ? -1 : dup((int)fd));
        if (fd >= 0) {
            show(syscall(__NR_mq_getsetattr, fd, &set, &old), "mq_getsetattr %s", open_flags[i].name);
            printf("flags ");
            print_open_flags(old.mq_flags);
            printf(" maxmsg %ld msgsize %ld\n", old.mq_maxmsg, old.mq_msgsize);
            close((int)fd);
        }
        syscall(__NR_mq_unlink, "queue");
    }
}

static void check_accept(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    if (bind(listener, (struct sockaddr *)&name, sizeof name) || listen(listener, 50))
        exit(2);
    for (size_t i = 0; i < OPEN_FLAGS; i++) {
        int client = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(client, (struct sockaddr *)&name, sizeof name))
            exit(2);
        printf("accept4 %s: ", open_flags[i].name);
        show_fd((int)syscall(__NR_accept4, listener, NULL, NULL, open_flags[i].bit));
        while (accept(listener, NULL, NULL) >= 0)
            ;
        close(client);
    }
}

static void check_handles(void)
{
    union {
        struct file_handle h;
        char room[sizeof(struct file_handle) + 128];
    } u = {.h = {.handle_bytes = 128}};
    int mount_id, dir = open(".", O_RDONLY);

    if (show(name_to_handle_at(AT_FDCWD, "file", &u.h, &mount_id, 0), "name_to_handle_at"))
        return;
    printf("handle of %u bytes, type %d\n", u.h.handle_bytes, u.h.handle_type);
    for (size_t i = 0; i < OPEN_FLAGS; i++) {
        if (open_flags[i].bit & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)))
            continue;
        printf("open_by_handle_at %s: ", open_flags[i].name);
        show_fd((int)syscall(__NR_open_by_handle_at, dir, &u.h, open_flags[i].bit | O_RDWR));
        restore();
    }
}

int main(void)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    make_targets();
    check_open();
    check_openat2();
    check_setfl();
    check_makers();
    check_mq();
    check_accept();
    check_handles();
    return 0;
}
