/* SPDX-License-Identifier: MIT */
/*
 * io_uring without its library: each kind of request once on rings of several kinds, and what a ring says about
 * itself.  Differences with a reason are in uring.differences.
 */
#include "tests/abi/show.h"

#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

struct ring {
    int fd;
    struct io_uring_params p;
    uint8_t *sq, *cq;
    struct io_uring_sqe *sqe;
};

static const char *kind = ""; /* before the name of each request */

static volatile uint32_t *sq_word(struct ring *r, uint32_t off)
{
    return (volatile uint32_t *)(r->sq + off);
}
static volatile uint32_t *cq_word(struct ring *r, uint32_t off)
{
    return (volatile uint32_t *)(r->cq + off);
}

static bool ring_open(struct ring *r, const char *name, unsigned flags)
{
    memset(r, 0, sizeof *r);
    r->p.flags = flags;
    r->p.sq_thread_idle = 100;
    r->fd = (int)syscall(__NR_io_uring_setup, 8, &r->p);
    if (show(r->fd < 0 ? -1 : 0, "setup %s", name) != 0)
        return false;
    printf("  entries %u %u flags %#x features %#x\n", r->p.sq_entries, r->p.cq_entries, r->p.flags,
           r->p.features);
    r->sq = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
    r->cq = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
    r->sqe = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQES);
    if (r->sq == MAP_FAILED) /* the length is exact */
        r->sq = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
    if (r->cq == MAP_FAILED)
        r->cq = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
    return r->sq != MAP_FAILED && r->cq != MAP_FAILED && r->sqe != MAP_FAILED;
}

static struct io_uring_sqe *request(struct ring *r)
{
    memset(r->sqe, 0, sizeof *r->sqe);
    return r->sqe;
}

/* Submits the one request and prints its completions. */
static void submit(struct ring *r, const char *name)
{
    uint32_t tail = *sq_word(r, r->p.sq_off.tail), mask = *sq_word(r, r->p.sq_off.ring_mask);

    r->sqe->user_data = 0x1234;
    sq_word(r, r->p.sq_off.array)[tail & mask] = 0;
    __atomic_store_n(sq_word(r, r->p.sq_off.tail), tail + 1, __ATOMIC_RELEASE);
    unsigned flags = IORING_ENTER_GETEVENTS | (r->p.flags & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0);
    show(syscall(__NR_io_uring_enter, r->fd, 1, 1, flags, NULL, 0), "enter %s", name);
    struct io_uring_cqe *cqe = (void *)(r->cq + r->p.cq_off.cqes);
    uint32_t head = *cq_word(r, r->p.cq_off.head),
             end = __atomic_load_n(cq_word(r, r->p.cq_off.tail), __ATOMIC_ACQUIRE);
    for (; head != end; head++) {
        struct io_uring_cqe *c = &cqe[head & *cq_word(r, r->p.cq_off.ring_mask)];
        bool made = c->res > 2 && (r->sqe->opcode == IORING_OP_OPENAT ||
                                   r->sqe->opcode == IORING_OP_OPENAT2 || r->sqe->opcode == IORING_OP_SOCKET);
        printf("%s%s: data %llx res %d flags %#x\n", kind, name, (unsigned long long)c->user_data,
               made ? 3 : c->res, c->flags & ~0xffff0000u);
        if (made)
            close(c->res);
    }
    __atomic_store_n(cq_word(r, r->p.cq_off.head), head, __ATOMIC_RELEASE);
}

static void simple(struct ring *r, const char *name, int op, int fd, void *addr, unsigned len, uint64_t off,
                   unsigned flags)
{
    struct io_uring_sqe *s = request(r);

    s->opcode = (uint8_t)op;
    s->fd = fd;
    s->addr = (uintptr_t)addr;
    s->len = len;
    s->off = off;
    s->rw_flags = (int)flags;
    submit(r, name);
}

static void check_files(struct ring *r)
{
    char text[64] = "";
    struct iovec iov[2] = {{"some ", 5}, {"text\n", 5}}, back = {text, 40};
    struct statx stx;
    int fd = open("file", O_CREAT | O_RDWR | O_TRUNC, 0600);

    simple(r, "nop", IORING_OP_NOP, -1, NULL, 0, 0, 0);
    simple(r, "writev", IORING_OP_WRITEV, fd, iov, 2, 0, 0);
    simple(r, "write", IORING_OP_WRITE, fd, "more", 4, 10, 0);
    simple(r, "readv", IORING_OP_READV, fd, &back, 1, 0, 0);
    printf("  %s\n", text);
    simple(r, "read", IORING_OP_READ, fd, text, 6, 4, 0);
    printf("  %.6s\n", text);
    simple(r, "read of a bad address", IORING_OP_READ, fd, (void *)16, 6, 4, 0);
    simple(r, "read of a bad descriptor", IORING_OP_READ, 999, text, 6, 4, 0);
    simple(r, "fsync", IORING_OP_FSYNC, fd, NULL, 0, 0, 0);
    simple(r, "sync_file_range", IORING_OP_SYNC_FILE_RANGE, fd, NULL, 10, 0, 0);
    simple(r, "fallocate", IORING_OP_FALLOCATE, fd, (void *)100, 0, 0, 0);
    simple(r, "fadvise", IORING_OP_FADVISE, fd, NULL, 10, 0, 4);
    simple(r, "madvise", IORING_OP_MADVISE, -1, (void *)((uintptr_t)text & ~4095ul), 4096, 0, 0);
    simple(r, "statx", IORING_OP_STATX, AT_FDCWD, "file", 0x7ff, (uintptr_t)&stx, 0);
    printf("  size %llu\n", (unsigned long long)stx.stx_size);
    simple(r, "mkdirat", IORING_OP_MKDIRAT, AT_FDCWD, "dir", 0700, 0, 0);
    simple(r, "symlinkat", IORING_OP_SYMLINKAT, AT_FDCWD, "target", 0, (uintptr_t) "link", 0);
    simple(r, "linkat", IORING_OP_LINKAT, AT_FDCWD, "file", (unsigned)AT_FDCWD, (uintptr_t) "hard", 0);
    simple(r, "renameat", IORING_OP_RENAMEAT, AT_FDCWD, "hard", (unsigned)AT_FDCWD, (uintptr_t) "name", 0);
    simple(r, "unlinkat", IORING_OP_UNLINKAT, AT_FDCWD, "name", 0, 0, 0);
    simple(r, "unlinkat link", IORING_OP_UNLINKAT, AT_FDCWD, "link", 0, 0, 0);
    simple(r, "unlinkat dir", IORING_OP_UNLINKAT, AT_FDCWD, "dir", 0, 0, AT_REMOVEDIR);
    simple(r, "openat", IORING_OP_OPENAT, AT_FDCWD, "file", 0, 0, O_RDONLY);
    simple(r, "openat2", IORING_OP_OPENAT2, AT_FDCWD, "file", 24, (uintptr_t) & (uint64_t[3]){0}, 0);
    simple(r, "close", IORING_OP_CLOSE, fd, NULL, 0, 0, 0);
    simple(r, "no such request", 200, fd, NULL, 0, 0, 0);
}

static void check_rest(struct ring *r)
{
    int two[2], pipes[2];
    char text[32] = "";
    uint32_t word = 1;
    struct iovec iov = {text, sizeof text};
    struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
    struct __kernel_timespec ts = {0, 1000};
    struct epoll_event e = {EPOLLIN, {.u64 = 5}};

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, two) || pipe(pipes))
        exit(2);
    simple(r, "timeout", IORING_OP_TIMEOUT, -1, &ts, 1, 0, 0);
    simple(r, "timeout_remove", IORING_OP_TIMEOUT_REMOVE, -1, (void *)99, 0, 0, 0);
    simple(r, "async_cancel", IORING_OP_ASYNC_CANCEL, -1, (void *)99, 0, 0, 0);
    simple(r, "send", IORING_OP_SEND, two[0], "message", 7, 0, 0);
    simple(r, "poll_add", IORING_OP_POLL_ADD, two[1], NULL, 0, 0, POLLIN);
    simple(r, "recv", IORING_OP_RECV, two[1], text, sizeof text, 0, 0);
    printf("  %s\n", text);
    simple(r, "sendmsg", IORING_OP_SENDMSG, two[0], &m, 1, 0, 0);
    simple(r, "recvmsg", IORING_OP_RECVMSG, two[1], &m, 1, 0, 0);
    simple(r, "shutdown", IORING_OP_SHUTDOWN, two[0], NULL, SHUT_WR, 0, 0);
    simple(r, "socket", IORING_OP_SOCKET, AF_UNIX, NULL, 0, SOCK_STREAM, 0);
    simple(r, "accept", IORING_OP_ACCEPT, two[0], NULL, 0, 0, 0);
    simple(r, "epoll_ctl", IORING_OP_EPOLL_CTL, epoll_create1(0), &e, EPOLL_CTL_ADD, (uint64_t)two[0], 0);
    simple(r, "write to a pipe", IORING_OP_WRITE, pipes[1], "pipe", 4, (uint64_t)-1, 0);
    simple(r, "read of a pipe", IORING_OP_READ, pipes[0], text, 4, (uint64_t)-1, 0);
    simple(r, "futex_wake", 52, FUTEX_32, &word, 0, 1, 0);
    close(two[0]), close(two[1]), close(pipes[0]), close(pipes[1]);
}

static void check_register(struct ring *r)
{
    struct {
        struct io_uring_probe p;
        struct io_uring_probe_op op[64];
    } probe;
    char buf[4096];
    struct iovec iov = {buf, sizeof buf};

    memset(&probe, 0, sizeof probe);
    show(syscall(__NR_io_uring_register, r->fd, IORING_REGISTER_PROBE, &probe, 64), "probe");
    printf("  last %u\n", probe.p.last_op);
    for (int i = 0; i < probe.p.ops_len && i < 64; i++)
        printf("%sprobe %d: %d\n", kind, i, probe.op[i].flags);
    show(syscall(__NR_io_uring_register, r->fd, IORING_REGISTER_BUFFERS, &iov, 1), "buffers");
    simple(r, "write_fixed", IORING_OP_WRITE_FIXED, open("file", O_RDWR), buf, 16, 0, 0);
    show(syscall(__NR_io_uring_register, r->fd, IORING_UNREGISTER_BUFFERS, NULL, 0), "no buffers");
    for (unsigned op = 0; op < 45; op++)
        if (op != IORING_REGISTER_ENABLE_RINGS && op != IORING_REGISTER_PERSONALITY)
            show(syscall(__NR_io_uring_register, r->fd, op, NULL, 0), "register %u", op);
}

/* A ring that the guest itself makes disabled, and restricts. */
static void check_restricted(void)
{
    static struct io_uring_restriction list[3];
    struct ring r;

    if (!ring_open(&r, "disabled", IORING_SETUP_R_DISABLED))
        return;
    simple(&r, "nop on a disabled ring", IORING_OP_NOP, -1, NULL, 0, 0, 0);
    list[0].opcode = IORING_RESTRICTION_SQE_OP;
    list[0].sqe_op = IORING_OP_NOP;
    list[1].opcode = IORING_RESTRICTION_SQE_OP;
    list[1].sqe_op = IORING_OP_OPENAT;
    list[2].opcode = IORING_RESTRICTION_REGISTER_OP;
    list[2].register_op = IORING_REGISTER_ENABLE_RINGS;
    show(syscall(__NR_io_uring_register, r.fd, IORING_REGISTER_RESTRICTIONS, list, 3), "restrict");
    show(syscall(__NR_io_uring_register, r.fd, IORING_REGISTER_RESTRICTIONS, list, 3), "restrict again");
    show(syscall(__NR_io_uring_register, r.fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0), "enable");
    show(syscall(__NR_io_uring_register, r.fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0), "enable again");
    simple(&r, "nop, allowed", IORING_OP_NOP, -1, NULL, 0, 0, 0);
    simple(&r, "timeout, not allowed", IORING_OP_TIMEOUT, -1, NULL, 0, 0, 0);
    close(r.fd);
    if (!ring_open(&r, "disabled", IORING_SETUP_R_DISABLED))
        return;
    show(syscall(__NR_io_uring_register, r.fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0), "enable");
    check_files(&r);
    close(r.fd);
}

static void on_signal(int signo)
{
    (void)signo;
}

/* Waits for nothing, with a mask that lets a signal in. */
static void check_signals(void)
{
    struct ring r;
    sigset_t all, none;

    if (!ring_open(&r, "to wait", 0))
        return;
    sigfillset(&all);
    sigemptyset(&none);
    signal(SIGUSR1, on_signal);
    sigprocmask(SIG_SETMASK, &all, NULL);
    kill(getpid(), SIGUSR1);
    show(syscall(__NR_io_uring_enter, r.fd, 0, 1, IORING_ENTER_GETEVENTS, &none, 8), "enter with a mask");
    kill(getpid(), SIGUSR1);
    struct __kernel_timespec ts = {20, 0};
    struct io_uring_getevents_arg arg = {.sigmask = (uintptr_t)&none, .sigmask_sz = 8, .ts = (uintptr_t)&ts};
    show(syscall(__NR_io_uring_enter, r.fd, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &arg,
                 sizeof arg),
         "and a time");
    ts = (struct __kernel_timespec){0, 1000};
    show(syscall(__NR_io_uring_enter, r.fd, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &arg,
                 sizeof arg),
         "time is up");
    arg.sigmask_sz = 4;
    show(syscall(__NR_io_uring_enter, r.fd, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &arg,
                 sizeof arg),
         "bad size");
    show(syscall(__NR_io_uring_enter, r.fd, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &arg, 3),
         "bad size");
    sigprocmask(SIG_SETMASK, &none, NULL);
    close(r.fd);
}

int main(void)
{
    static const struct {
        const char *name;
        unsigned flags;
    } kinds[] = {{"plain", 0},
                 {"SQPOLL", IORING_SETUP_SQPOLL},
                 {"CLAMP", IORING_SETUP_CLAMP},
                 {"SUBMIT_ALL", IORING_SETUP_SUBMIT_ALL},
                 {"COOP", IORING_SETUP_COOP_TASKRUN},
                 {"SINGLE", IORING_SETUP_SINGLE_ISSUER},
                 {"DEFER", IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN}};
    struct ring r;

    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    for (int bit = 0; bit < 32; bit++) {
        struct io_uring_params p = {.flags = 1u << bit, .cq_entries = 16};
        int fd = (int)syscall(__NR_io_uring_setup, 4, &p);
        show(fd < 0 ? -1 : 0, "setup bit %d", bit);
        printf("  flags %#x\n", p.flags);
        close(fd);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (ring_open(&r, kinds[i].name, kinds[i].flags)) {
            kind = kinds[i].flags & IORING_SETUP_SQPOLL ? "SQPOLL: " : "";
            check_files(&r);
            check_rest(&r);
            check_register(&r);
            close(r.fd);
        }
    check_restricted();
    check_signals();
    return 0;
}
