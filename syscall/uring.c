/* SPDX-License-Identifier: MIT */
/*
 * io_uring: requests that mean another thing to the host than to the guest are kept out by the ring itself.
 *
 * Requests go from memory that guest and kernel share straight to the kernel, with SQPOLL without any call.  A few carry
 * what differs between the machines: flags of open (OPENAT, OPENAT2, PIPE), struct epoll_event (EPOLL_CTL, EPOLL_WAIT),
 * and under -L the paths.  The kernel can restrict a ring to a list of requests, before it is enabled (Linux 5.10).  So
 * each ring is made disabled, restricted to what is the same on both sides, and enabled; what is not on the list
 * completes with EACCES, and IORING_REGISTER_PROBE says that it is not there.  A guest's own restrictions are cut down in the
 * same way, which works because a ring takes only one set of them.
 *
 * Rejected: rewriting requests when the guest submits them.  They would have to be put back afterwards, under the eyes of
 * the guest's other threads, and a ring's memory be found from any descriptor that leads to it, inherited ones included.
 */
#include "syscall/calls.h"
#include "syscall/signal.h"
#include "syscall/user.h"

#include <asm/unistd.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>

#ifndef IORING_SETUP_REGISTERED_FD_ONLY
#define IORING_SETUP_REGISTERED_FD_ONLY (1u << 15)
#endif
#ifndef IORING_REGISTER_USE_REGISTERED_RING
#define IORING_REGISTER_USE_REGISTERED_RING (1u << 31)
#endif
#ifndef IORING_ENTER_EXT_ARG_REG
#define IORING_ENTER_EXT_ARG_REG (1u << 6)
#endif

enum { OP_EPOLL_WAIT = 59, OP_WRITEV_FIXED = 61, OP_KNOWN = OP_WRITEV_FIXED + 1, OPS_MAX = 256 };
#define REGISTER_OPS 64 /* more than there are */
#define LIST_MAX     (OP_KNOWN + REGISTER_OPS + 1)

static uint64_t ptr(const void *p)
{
    return (uint64_t)(uintptr_t)p;
}

/* Is the request the same on both sides?  What is not known is not. */
static bool op_same(unsigned op)
{
    switch (op) {
    case IORING_OP_OPENAT:
    case IORING_OP_OPENAT2:
    case IORING_OP_EPOLL_CTL:
    case OP_EPOLL_WAIT: return false;
    case IORING_OP_STATX:
    case IORING_OP_RENAMEAT:
    case IORING_OP_UNLINKAT:
    case IORING_OP_MKDIRAT:
    case IORING_OP_SYMLINKAT:
    case IORING_OP_LINKAT:
    case IORING_OP_SETXATTR:
    case IORING_OP_GETXATTR: return !options.sysroot;
    default: return op < OP_KNOWN;
    }
}

static int64_t host_register(uint64_t fd, uint64_t op, const void *arg, uint64_t n)
{
    return host_raw(__NR_io_uring_register, fd, op, ptr(arg), n, 0, 0);
}

/* How many kinds of requests the kernel knows. */
static unsigned known_ops(uint64_t fd, uint64_t how)
{
    union {
        struct io_uring_probe probe;
        uint8_t room[sizeof(struct io_uring_probe) + OPS_MAX * sizeof(struct io_uring_probe_op)];
    } u;

    memset(&u, 0, sizeof u);
    if (host_register(fd, IORING_REGISTER_PROBE | how, &u, OPS_MAX) < 0)
        return 0;
    return u.probe.last_op + 1u;
}

/*
 * Restricts a disabled ring to requests that are the same; how: IORING_REGISTER_USE_REGISTERED_RING or 0.  The other
 * things that a list has to name, so that they go on: flags of requests, operations of io_uring_register.  How many of
 * these there are must be tried out.
 */
static int64_t restrict_ring(uint64_t fd, uint64_t how)
{
    struct io_uring_restriction list[LIST_MAX];
    unsigned ops = known_ops(fd, how), n = 0;
    int64_t r;

    memset(list, 0, sizeof list);
    list[n].opcode = IORING_RESTRICTION_SQE_FLAGS_ALLOWED;
    list[n++].sqe_flags = 0xff;
    for (unsigned op = 0; op < ops && op < OP_KNOWN; op++)
        if (op_same(op)) {
            list[n].opcode = IORING_RESTRICTION_SQE_OP;
            list[n++].sqe_op = (uint8_t)op;
        }
    for (unsigned op = 0; op < REGISTER_OPS; op++) {
        list[n].opcode = IORING_RESTRICTION_REGISTER_OP;
        list[n++].register_op = (uint8_t)op;
    }
    do
        r = host_register(fd, IORING_REGISTER_RESTRICTIONS | how, list, n);
    while (r == -EINVAL && list[--n].opcode == IORING_RESTRICTION_REGISTER_OP);
    return r;
}

int64_t sys_io_uring_setup(struct task *t, const uint64_t a[6])
{
    struct io_uring_params p;
    uint32_t flags;
    int64_t fd, r;

    (void)t;
    if (user_read(&p, a[1], sizeof p) < 0)
        return host_raw(__NR_io_uring_setup, a[0], a[1], 0, 0, 0, 0);
    flags = p.flags;
    p.flags |= IORING_SETUP_R_DISABLED;
    fd = host_raw(__NR_io_uring_setup, a[0], ptr(&p), 0, 0, 0, 0);
    if (fd < 0)
        return fd;
    r = 0;
    if (!(flags & IORING_SETUP_R_DISABLED)) {
        uint64_t how = flags & IORING_SETUP_REGISTERED_FD_ONLY ? IORING_REGISTER_USE_REGISTERED_RING : 0;
        r = restrict_ring((uint64_t)fd, how);
        if (r == 0)
            r = host_register((uint64_t)fd, IORING_REGISTER_ENABLE_RINGS | how, NULL, 0);
        p.flags &= ~IORING_SETUP_R_DISABLED;
    }
    if (r == 0)
        r = user_write(a[1], &p, sizeof p);
    if (r == 0)
        return fd;
    if (!(flags & IORING_SETUP_REGISTERED_FD_ONLY))
        host_raw(__NR_close, (uint64_t)fd, 0, 0, 0, 0, 0);
    return r;
}

/* Takes requests that differ out of the guest's list of what is allowed. */
static int64_t guest_restrictions(const uint64_t a[6])
{
    struct io_uring_restriction list[LIST_MAX];
    uint64_t count = (uint32_t)a[3], n = 0;

    if (count > LIST_MAX || user_read(list, a[2], count * sizeof *list) < 0)
        return host_raw(__NR_io_uring_register, a[0], a[1], a[2], a[3], 0, 0);
    for (uint64_t i = 0; i < count; i++)
        if (list[i].opcode != IORING_RESTRICTION_SQE_OP || op_same(list[i].sqe_op))
            list[n++] = list[i];
    if (n == 0 && count) { /* nothing is allowed: but the kernel wants a list */
        memset(list, 0, sizeof *list);
        list[n++].opcode = IORING_RESTRICTION_SQE_FLAGS_REQUIRED;
    }
    return host_register(a[0], a[1], count ? list : NULL, n);
}

/* Requests that differ are not there. */
static int64_t guest_probe(const uint64_t a[6])
{
    struct io_uring_probe head;
    int64_t r = host_raw(__NR_io_uring_register, a[0], a[1], a[2], a[3], 0, 0);

    if (r < 0 || user_read(&head, a[2], sizeof head) < 0)
        return r;
    for (unsigned i = 0; i < head.ops_len && i < (uint32_t)a[3]; i++) {
        gaddr at = a[2] + sizeof head + i * sizeof(struct io_uring_probe_op);
        struct io_uring_probe_op op;
        if (user_read(&op, at, sizeof op) < 0)
            return -EFAULT;
        if (op_same(op.op))
            continue;
        op.flags &= (uint16_t)~IO_URING_OP_SUPPORTED;
        if (user_write(at, &op, sizeof op) < 0)
            return -EFAULT;
    }
    return r;
}

int64_t sys_io_uring_register(struct task *t, const uint64_t a[6])
{
    uint32_t op = (uint32_t)a[1] & ~IORING_REGISTER_USE_REGISTERED_RING;

    switch (op) {
    case IORING_REGISTER_RESTRICTIONS: return guest_restrictions(a);
    case IORING_REGISTER_PROBE: return guest_probe(a);
    case IORING_REGISTER_ENABLE_RINGS:
        /* Fails if it has restrictions (cut down by us), and if it is not disabled: then there is nothing to do. */
        restrict_ring(a[0], a[1] & IORING_REGISTER_USE_REGISTERED_RING);
        break;
    default: break;
    }
    return host_syscall(t, __NR_io_uring_register, a);
}

/* The mask is in a structure, with a time limit. */
static int64_t enter_extended(struct task *t, const uint64_t a[6])
{
    struct io_uring_getevents_arg arg;
    uint64_t b[6], host;
    int64_t r;

    if (a[5] != sizeof arg || user_read(&arg, a[4], sizeof arg) < 0 || !arg.sigmask ||
        signal_mask_enter(t, arg.sigmask, arg.sigmask_sz, &host) < 0)
        return host_syscall(t, __NR_io_uring_enter, a);
    memcpy(b, a, sizeof b);
    arg.sigmask = ptr(&host);
    b[4] = ptr(&arg);
    r = host_syscall(t, __NR_io_uring_enter, b);
    signal_mask_leave(t, r);
    return r;
}

int64_t sys_io_uring_enter(struct task *t, const uint64_t a[6])
{
    if (!(a[3] & IORING_ENTER_GETEVENTS) || !a[4] || (a[3] & IORING_ENTER_EXT_ARG_REG))
        return host_syscall(t, __NR_io_uring_enter, a);
    return a[3] & IORING_ENTER_EXT_ARG ? enter_extended(t, a) : masked_call(t, __NR_io_uring_enter, a, 4);
}
