/* SPDX-License-Identifier: MIT */
/*
 * Requests of io_uring that carry what differs between machines, on rings of every form: what they do, what they leave in
 * the ring's memory, which of them are taken, and several who submit at once.
 */
#include "tests/abi/ring.h"

#include <linux/openat2.h>
#include <linux/time_types.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>

static int one(struct ring *r, const char *name, int op, int fd, const void *addr, unsigned len, uint64_t off,
               unsigned flags)
{
    put(r, op, fd, addr, len, off, flags);
    enter(r, name, 1, 1);
    return reap(r, name, true);
}

static void flags_of(const char *name, int fd)
{
    if (fd < 0)
        return;
    printf("%s: ", name);
    print_open_flags(fcntl(fd, F_GETFL));
    printf(" %d\n", fcntl(fd, F_GETFD));
    close(fd);
}

/* A page of zeros that ends at a hole. */
static void *page_at_hole(void)
{
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    munmap(page + 4096, 4096);
    return page;
}

static void check_open_flags(struct ring *r)
{
    static const unsigned flags[] = {O_RDONLY,
                                     O_RDWR,
                                     O_DIRECTORY,
                                     O_NOFOLLOW,
                                     O_PATH | O_NOFOLLOW,
                                     O_APPEND | O_WRONLY,
                                     O_CLOEXEC,
                                     O_NONBLOCK,
                                     O_DIRECTORY | O_NOFOLLOW,
                                     O_CREAT | O_EXCL};
    static const char *const names[] = {"file", "dir", "link", "none", "dirlink"};
    struct open_how how = {0};

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            if (flags[i] & O_CREAT && !strcmp(names[k], "none"))
                continue;
            flags_of("openat", one(r, "openat", IORING_OP_OPENAT, AT_FDCWD, names[k], 0, 0, flags[i]));
            how.flags = flags[i];
            flags_of("openat2", one(r, "openat2", IORING_OP_OPENAT2, AT_FDCWD, names[k], sizeof how,
                                    (uintptr_t)&how, 0));
        }
}

static void check_open_errors(struct ring *r)
{
    struct open_how how = {.flags = O_CREAT | O_EXCL}, *page = page_at_hole();

    one(r, "openat2 short", IORING_OP_OPENAT2, AT_FDCWD, "file", 8, (uintptr_t)&how, 0);
    one(r, "openat2 bad", IORING_OP_OPENAT2, AT_FDCWD, "file", sizeof how, 16, 0);
    one(r, "openat2 huge", IORING_OP_OPENAT2, AT_FDCWD, "file", 5000, (uintptr_t)page, 0);
    one(r, "openat2 long", IORING_OP_OPENAT2, AT_FDCWD, "file", 4096, (uintptr_t)page, 0);
    page[10].flags = 1;
    one(r, "openat2 newer", IORING_OP_OPENAT2, AT_FDCWD, "file", 4096, (uintptr_t)page, 0);
    one(r, "openat bad", IORING_OP_OPENAT, AT_FDCWD, (void *)16, 0, 0, 0);
    one(r, "openat bad directory", IORING_OP_OPENAT, 999, "file", 0, 0, 0);
    munmap(page, 4096);
}

static void check_in_directory(struct ring *r)
{
    struct statx stx;
    int dir = open("dir", O_RDONLY);

    flags_of("openat in", one(r, "openat in", IORING_OP_OPENAT, dir, "inner", 0, 0, O_NOFOLLOW));
    one(r, "statx in", IORING_OP_STATX, dir, "inner", 0x7ff, (uintptr_t)&stx, 0);
    one(r, "statx link", IORING_OP_STATX, AT_FDCWD, "link", 0x7ff, (uintptr_t)&stx, AT_SYMLINK_NOFOLLOW);
    printf("mode %o\n", stx.stx_mode & S_IFMT);
    close(dir);
}

static int xattr_of_file(struct ring *r, const char *name, int op, unsigned size, const void *value)
{
    struct io_uring_sqe *s = put(r, op, 0, "user.a", size, (uintptr_t)value, 0);

    memcpy((char *)s + 48, &(uint64_t){(uintptr_t) "file"}, 8);
    enter(r, name, 1, 1);
    return reap(r, name, true);
}

static void check_xattrs(struct ring *r)
{
    char value[16] = "";

    one(r, "setxattr", IORING_OP_SETXATTR, 0, "user.a", 3, (uintptr_t) "abc", 0);
    xattr_of_file(r, "setxattr", IORING_OP_SETXATTR, 3, "abc");
    int n = xattr_of_file(r, "getxattr", IORING_OP_GETXATTR, sizeof value, value);
    printf("%d %s\n", n, value);
}

static void check_pipes(struct ring *r)
{
    static const unsigned flags[] = {0, O_NONBLOCK, O_DIRECT, O_DIRECTORY};

    for (int i = 0; i < 4; i++) {
        int pipes[2] = {-1, -1};
        one(r, "pipe", OP_PIPE, 0, pipes, 0, 0, flags[i]);
        if (pipes[0] >= 0) {
            flags_of("pipe", pipes[0]);
            close(pipes[1]);
        }
    }
}

static void check_epoll(struct ring *r)
{
    struct epoll_event e = {EPOLLIN, {.u64 = 0x123456789abcdefull}}, got = {0}, *edge;
    char *page = page_at_hole();
    int pipes[2], ep = epoll_create1(0);

    if (pipe(pipes) || write(pipes[1], "x", 1) != 1)
        exit(2);
    one(r, "epoll add", IORING_OP_EPOLL_CTL, ep, &e, EPOLL_CTL_ADD, (uint64_t)pipes[0], 0);
    show(epoll_wait(ep, &got, 1, 0), "epoll");
    printf("%#x %llx\n", got.events, (unsigned long long)got.data.u64);
    edge = (struct epoll_event *)(page + 4096 - sizeof e);
    edge->events = EPOLLOUT, edge->data.u64 = 5;
    one(r, "epoll mod", IORING_OP_EPOLL_CTL, ep, edge, EPOLL_CTL_MOD, (uint64_t)pipes[0], 0);
    one(r, "epoll bad", IORING_OP_EPOLL_CTL, ep, (void *)16, EPOLL_CTL_MOD, (uint64_t)pipes[0], 0);
    one(r, "epoll del", IORING_OP_EPOLL_CTL, ep, NULL, EPOLL_CTL_DEL, (uint64_t)pipes[0], 0);
    close(pipes[0]), close(pipes[1]), close(ep);
    munmap(page, 4096);
}

static void check_requests(struct ring *r)
{
    check_open_flags(r);
    check_open_errors(r);
    check_in_directory(r);
    check_xattrs(r);
    check_pipes(r);
    check_epoll(r);
}

static void put_open(struct ring *r, const char *path, unsigned flags, unsigned sqe_flags)
{
    put(r, IORING_OP_OPENAT, AT_FDCWD, path, 0, 0, flags)->flags = (uint8_t)sqe_flags;
}

/* Many at once, some of which fail, some in chains. */
static void check_batches(struct ring *r)
{
    static const char *const deep = "dir/../dir/../dir/../dir/../file";
    for (int i = 0; i < ENTRIES; i++)
        put_open(r, i % 3 ? deep : "dir", i % 3 ? O_NOFOLLOW : O_DIRECTORY, 0);
    enter(r, "many", ENTRIES, ENTRIES);
    reap(r, "many", true);
    for (int i = 0; i < 8; i++)
        put_open(r, "dir", O_DIRECTORY, 0);
    enter(r, "three of eight", 3, 3);
    enter(r, "too many", 20, 5);
    reap(r, "eight", true);
    enter(r, "of none", 3, 0);
    put_open(r, "dir", O_DIRECTORY, 0);
    put(r, 200, -1, NULL, 0, 0, 0);
    put_open(r, "dir", O_DIRECTORY, 0);
    put_open(r, "dir", O_DIRECTORY, 0);
    enter(r, "stops at a bad one", 4, 0);
    reap(r, "stops at a bad one", true);
    enter(r, "the rest", 4, 0);
    reap(r, "the rest", true);
    put(r, IORING_OP_MKDIRAT, AT_FDCWD, "made", 0700, 0, 0)->flags = IOSQE_IO_LINK;
    put_open(r, "made", O_DIRECTORY, IOSQE_IO_LINK);
    put_open(r, "none", O_DIRECTORY, IOSQE_IO_LINK);
    put_open(r, "dir", O_DIRECTORY, 0);
    put_open(r, "dir", O_DIRECTORY, IOSQE_ASYNC);
    put(r, IORING_OP_UNLINKAT, AT_FDCWD, "dir/none", 0, 0, 0)->flags = IOSQE_IO_HARDLINK;
    put(r, IORING_OP_RENAMEAT, AT_FDCWD, "dir/inner", (unsigned)AT_FDCWD, (uintptr_t) "dir/other", 0)->flags =
        IOSQE_IO_HARDLINK;
    put(r, IORING_OP_RENAMEAT, AT_FDCWD, "dir/other", (unsigned)AT_FDCWD, (uintptr_t) "dir/inner", 0);
    enter(r, "chains", 8, 8);
    reap(r, "chains", true);
    one(r, "unlinkat", IORING_OP_UNLINKAT, AT_FDCWD, "made", 0, 0, AT_REMOVEDIR);
}

/* The list of requests in another order, one of them twice, one of them nowhere. */
static void check_array(struct ring *r)
{
    if (r->p.flags & NO_SQARRAY)
        return;
    put_at(r, 9, IORING_OP_OPENAT, AT_FDCWD, "dir", 0, 0, O_DIRECTORY);
    put_at(r, 3, IORING_OP_OPENAT, AT_FDCWD, "dir", 0, 0, O_DIRECTORY);
    word(r, r->p.sq_off.array)[r->tail++ & (ENTRIES - 1)] = 9;
    enter(r, "twice", 3, 3);
    reap(r, "twice", true);
    put(r, IORING_OP_OPENAT, AT_FDCWD, "dir", 0, 0, O_DIRECTORY);
    word(r, r->p.sq_off.array)[r->tail++ & (ENTRIES - 1)] = 5000;
    enter(r, "nowhere", 2, 0);
    reap(r, "nowhere", true);
    r->tail = *word(r, r->p.sq_off.head);
}

static void check_proc(struct ring *r)
{
    char buf[200000];
    ssize_t n, all = 0;
    int fd;

    put_open(r, "/proc/self/maps", O_RDONLY, 0);
    enter(r, "maps", 1, 1);
    fd = reap(r, "maps", true);
    while (fd > 2 && all < (ssize_t)sizeof buf - 1 &&
           (n = read(fd, buf + all, sizeof buf - 1 - (size_t)all)) > 0)
        all += n;
    buf[all] = 0;
    char own[40];
    snprintf(own, sizeof own, "%lx", (unsigned long)slot(r, 0));
    printf("maps: %s, %s\n", strstr(buf, own) ? "this ring" : "no ring",
           strstr(buf, "/xrun\n") ? "xrun" : "its program");
    if (fd > 2)
        close(fd);
    one(r, "maps to write", IORING_OP_OPENAT, AT_FDCWD, "/proc/self/maps", 0, 0, O_CREAT | O_EXCL);
}

/* The ring by other descriptors, in other processes, and by number. */
static void check_descriptors(struct ring *r, unsigned flags)
{
    struct io_uring_rsrc_update u = {.offset = ~0u, .data = (uint32_t)r->fd};
    int fd = r->fd, two[2];

    r->fd = dup(fd);
    flags_of("dup", one(r, "dup", IORING_OP_OPENAT, AT_FDCWD, "dir", 0, 0, O_DIRECTORY));
    close(r->fd);
    r->fd = fd;
    show(syscall(__NR_io_uring_register, fd, IORING_REGISTER_RING_FDS, &u, 1), "register");
    r->fd = (int)u.offset, r->enter = IORING_ENTER_REGISTERED_RING;
    flags_of("by number", one(r, "by number", IORING_OP_OPENAT, AT_FDCWD, "dir", 0, 0, O_DIRECTORY));
    r->fd = fd, r->enter = 0;
    show(syscall(__NR_io_uring_register, fd, IORING_UNREGISTER_RING_FDS, &u, 1), "unregister");
    if (flags & (NO_MMAP | IORING_SETUP_SINGLE_ISSUER))
        return;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, two))
        exit(2);
    fflush(stdout);
    if (fork() == 0) {
        flags_of("child", one(r, "child", IORING_OP_OPENAT, AT_FDCWD, "dir", 0, 0, O_DIRECTORY));
        put_open(r, "dir", O_DIRECTORY, 0);
        __atomic_store_n(word(r, r->p.sq_off.tail), r->tail, __ATOMIC_RELEASE);
        madvise(r->sq, 4096, MADV_DONTFORK);
        fflush(stdout);
        if (fork() == 0) { /* who has the rings, but cannot see them */
            munmap(r->sqes, r->p.sq_entries * r->step);
            show(syscall(__NR_io_uring_enter, r->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0),
                 "enter unmapped");
            fflush(stdout);
            _exit(0);
        }
        wait(NULL);
        flags_of("grandchild", reap(r, "grandchild", true));
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    r->tail = *word(r, r->p.sq_off.head);
    close(two[0]), close(two[1]);
}

/* -- several at once -- */

static struct {
    struct ring *r;
    pthread_mutex_t fill;
    int opened, wrong;
} shared = {.fill = PTHREAD_MUTEX_INITIALIZER};

/* Fills under a lock, and submits without: whose requests a call takes is anybody's guess. */
static void *submitter(void *arg)
{
    struct __kernel_timespec ts = {0, 200000};
    struct io_uring_getevents_arg limit = {.ts = (uintptr_t)&ts};
    struct ring *r = shared.r;
    for (int i = 0; i < 400; i++) {
        bool directory = (i + (int)(intptr_t)arg) % 2;
        pthread_mutex_lock(&shared.fill);
        while (r->tail - __atomic_load_n(word(r, r->p.sq_off.head), __ATOMIC_ACQUIRE) >= ENTRIES / 2)
            syscall(__NR_io_uring_enter, r->fd, ENTRIES, 0, 0, NULL, 0);
        put(r, IORING_OP_OPENAT, AT_FDCWD, directory ? "dir" : "file", 0, 0,
            directory ? O_DIRECTORY : O_NOFOLLOW);
        if (i % 4 == 0)
            put(r, IORING_OP_NOP, -1, NULL, 0, 0, 0);
        __atomic_store_n(word(r, r->p.sq_off.tail), r->tail, __ATOMIC_RELEASE);
        pthread_mutex_unlock(&shared.fill);
        unsigned waits = i % 5 ? 0 : IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
        syscall(__NR_io_uring_enter, r->fd, 1 + i % 3, 1, waits, &limit, sizeof limit);
    }
    return NULL;
}

static void *reaper(void *arg)
{
    struct ring *r = shared.r;
    (void)arg;
    for (int got = 0; got < 4 * 500;) {
        syscall(__NR_io_uring_enter, r->fd, ENTRIES, 0, 0, NULL, 0);
        syscall(__NR_io_uring_enter, r->fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
        uint32_t head = *word(r, r->p.cq_off.head),
                 tail = __atomic_load_n(word(r, r->p.cq_off.tail), __ATOMIC_ACQUIRE);
        for (; head != tail; head++, got++) {
            struct io_uring_cqe *c =
                (void *)(r->sq + r->p.cq_off.cqes + (head & *word(r, r->p.cq_off.ring_mask)) * 16);
            shared.opened += c->res > 2;
            shared.wrong += c->res < 0;
            if (c->res > 2)
                close(c->res);
        }
        __atomic_store_n(word(r, r->p.cq_off.head), head, __ATOMIC_RELEASE);
    }
    return NULL;
}

static void check_threads(void)
{
    struct ring r;
    pthread_t t[5];

    if (!ring_open(&r, "for threads", IORING_SETUP_SUBMIT_ALL))
        return;
    shared.r = &r;
    for (intptr_t i = 0; i < 5; i++)
        pthread_create(&t[i], NULL, i < 4 ? submitter : reaper, (void *)i);
    for (int i = 0; i < 5; i++)
        pthread_join(t[i], NULL);
    printf("threads: %d opened, %d not\n", shared.opened, shared.wrong);
    close(r.fd);
}

int main(void)
{
    static const struct {
        const char *name;
        unsigned flags;
    } kinds[] = {{"plain", 0},
                 {"SUBMIT_ALL", IORING_SETUP_SUBMIT_ALL},
                 {"SQE128, CQE32", IORING_SETUP_SQE128 | IORING_SETUP_CQE32},
                 {"NO_SQARRAY", NO_SQARRAY},
                 {"NO_MMAP", NO_MMAP},
                 {"NO_MMAP, NO_SQARRAY", NO_MMAP | NO_SQARRAY},
                 {"DEFER", IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN},
                 {"IOPOLL", IORING_SETUP_IOPOLL}};
    struct ring r;

    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    close(open("file", O_CREAT | O_RDWR, 0600));
    mkdir("dir", 0700);
    close(open("dir/inner", O_CREAT | O_RDWR, 0600));
    if (symlink("file", "link") || symlink("dir", "dirlink"))
        return 2;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!ring_open(&r, kinds[i].name, kinds[i].flags))
            continue;
        check_requests(&r);
        if (!(kinds[i].flags & IORING_SETUP_IOPOLL)) {
            check_batches(&r);
            check_array(&r);
            check_proc(&r);
            check_descriptors(&r, kinds[i].flags);
        }
        close(r.fd);
    }
    check_threads();
    return 0;
}
