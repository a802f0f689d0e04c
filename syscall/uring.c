/* SPDX-License-Identifier: MIT */
/*
 * io_uring.
 *
 * Requests go from memory that guest and kernel share straight to the kernel.  A few carry what differs between the machines:
 * flags of open (OPENAT, OPENAT2, PIPE), struct epoll_event (EPOLL_CTL, EPOLL_WAIT), and all paths, because of the sysroot
 * and /proc.  The kernel reads them only in io_uring_enter; there they are rewritten (uring_sqe.c), and put back
 * when the kernel has taken them, before the call waits for anything.
 *
 * With SQPOLL a thread of the kernel reads them at any time.  The kernel can restrict a ring to a list of requests, before
 * it is enabled (Linux 5.10).  So such a ring is made disabled, restricted to what is the same on both sides, and enabled;
 * what is not on the list completes with EACCES, and IORING_REGISTER_PROBE says that it is not there.  A guest's own
 * restrictions are cut down in the same way, which works because a ring takes only one set of them.  The same is done where a
 * ring's memory cannot be marked (uring_ring.c).
 */
#include "syscall/uring.h"

#include "syscall/calls.h"
#include "syscall/signal.h"
#include "syscall/user.h"

#include <errno.h>
#include <string.h>

enum {
    OPS_MAX = 256,
    REGISTER_OPS = 64 /* more than there are */,
    LIST_MAX = REQUESTS_KNOWN + REGISTER_OPS + 1
};

static int64_t host_register(uint64_t fd, uint64_t op, const void *arg, uint64_t n)
{
    return host_raw(SYS_io_uring_register, fd, op, ptr(arg), n, 0, 0);
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
 * Restricts a disabled ring to requests that are the same; how: RING_USE_REGISTERED or 0.  The other
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
    for (unsigned op = 0; op < ops && op < REQUESTS_KNOWN; op++)
        if (request_same(op)) {
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

/* Enables a ring that was made disabled, restricted if wanted, unless the guest has asked for a disabled one. */
static int64_t setup_rest(uint64_t fd, struct io_uring_params *p, uint32_t flags, uint64_t how,
                          bool restricted)
{
    int64_t r = 0;

    if (flags & IORING_SETUP_R_DISABLED)
        return 0;
    p->flags &= ~IORING_SETUP_R_DISABLED;
    if (restricted)
        r = restrict_ring(fd, how);
    return r < 0 ? r : host_register(fd, IORING_REGISTER_ENABLE_RINGS | how, NULL, 0);
}

int64_t sys_io_uring_setup(struct task *t, const uint64_t a[6])
{
    struct io_uring_params p;
    uint32_t flags;
    uint64_t id, how;
    int64_t fd, r;

    if (user_read(&p, a[1], sizeof p) < 0)
        return host_raw(SYS_io_uring_setup, a[0], a[1], 0, 0, 0, 0);
    flags = p.flags;
    p.flags |= IORING_SETUP_R_DISABLED;
    fd = host_raw(SYS_io_uring_setup, a[0], ptr(&p), 0, 0, 0, 0);
    if (fd < 0)
        return fd;
    how = flags & RING_REGISTERED_ONLY ? RING_USE_REGISTERED : 0;
    bool ours = ring_mark((uint64_t)fd, &p, how, &id);
    r = setup_rest((uint64_t)fd, &p, flags, how, !ours);
    if (r == 0)
        r = user_write(a[1], &p, sizeof p);
    if (r == 0 && how && fd < RING_IDS)
        t->ring_ids[fd] = ours ? id : 0;
    if (r == 0)
        return fd;
    if (!how)
        host_close(fd);
    return r;
}

/* Takes requests that differ out of the guest's list of what is allowed. */
static int64_t guest_restrictions(const uint64_t a[6])
{
    struct io_uring_restriction list[LIST_MAX];
    uint64_t count = (uint32_t)a[3], n = 0;

    if (count > LIST_MAX || user_read(list, a[2], count * sizeof *list) < 0)
        return host_raw(SYS_io_uring_register, a[0], a[1], a[2], a[3], 0, 0);
    for (uint64_t i = 0; i < count; i++)
        if (list[i].opcode != IORING_RESTRICTION_SQE_OP || request_same(list[i].sqe_op))
            list[n++] = list[i];
    if (n == 0 && count) { /* nothing is allowed: but the kernel wants a list */
        memset(list, 0, sizeof *list);
        list[n++].opcode = IORING_RESTRICTION_SQE_FLAGS_REQUIRED;
    }
    return host_register(a[0], a[1], count ? list : NULL, n);
}

/* The guest's list for a ring whose requests are rewritten is as good as natively. */
static int64_t restrictions(const struct task *t, const uint64_t a[6], uint64_t fd, bool registered)
{
    struct ring r;
    int64_t e = ring_open(t, fd, registered, &r);

    if (e < 0)
        return e;
    if (e == RING_PLAIN)
        return guest_restrictions(a);
    e = host_raw(SYS_io_uring_register, a[0], a[1], a[2], a[3], 0, 0);
    if (e == 0)
        ring_set_listed(&r);
    ring_close(&r);
    return e;
}

/* Is the ring one whose requests are rewritten? */
static bool is_ours(const struct task *t, uint64_t fd, bool registered)
{
    struct ring r;
    bool ours = ring_open(t, fd, registered, &r) != RING_PLAIN;

    ring_close(&r);
    return ours;
}

/* Requests that cannot be made are not there. */
static int64_t guest_probe(const uint64_t a[6], bool (*possible)(unsigned op))
{
    struct io_uring_probe head;
    int64_t r = host_raw(SYS_io_uring_register, a[0], a[1], a[2], a[3], 0, 0);

    if (r < 0 || user_read(&head, a[2], sizeof head) < 0)
        return r;
    for (unsigned i = 0; i < head.ops_len && i < (uint32_t)a[3]; i++) {
        gaddr at = a[2] + sizeof head + i * sizeof(struct io_uring_probe_op);
        struct io_uring_probe_op op;
        if (user_read(&op, at, sizeof op) < 0)
            return -EFAULT;
        if (possible(op.op))
            continue;
        op.flags &= (uint16_t)~IO_URING_OP_SUPPORTED;
        if (user_write(at, &op, sizeof op) < 0)
            return -EFAULT;
    }
    return r;
}

/* The thread's numbers for rings are given, where the kernel writes them into the list, or given up. */
static int64_t change_numbers(struct task *t, const uint64_t a[6], bool give)
{
    int64_t r = host_syscall(t, SYS_io_uring_register, a);

    for (int64_t i = 0; i < r; i++) {
        struct io_uring_rsrc_update one;
        if (user_read(&one, a[2] + (uint64_t)i * sizeof one, sizeof one) < 0 || one.offset >= RING_IDS)
            continue;
        bool ours = give && is_ours(t, (uint32_t)one.data, false);
        t->ring_ids[one.offset] = ours ? ring_id((uint32_t)one.data) : 0;
        if (give)
            t->ring_fds[one.offset] = (int)one.data;
    }
    return r;
}

static int64_t resize(struct task *t, const uint64_t a[6], uint64_t fd, bool registered)
{
    struct io_uring_params p;
    bool ours = is_ours(t, fd, registered);
    int64_t r = host_syscall(t, SYS_io_uring_register, a);

    if (r >= 0 && ours && user_read(&p, a[2], sizeof p) == 0)
        ring_remark(t, fd, registered, &p);
    return r;
}

int64_t sys_io_uring_register(struct task *t, const uint64_t a[6])
{
    uint32_t op = (uint32_t)a[1] & ~RING_USE_REGISTERED;
    bool registered = (uint32_t)a[1] & RING_USE_REGISTERED;
    uint64_t fd = (uint32_t)a[0];

    switch (op) {
    case IORING_REGISTER_RESTRICTIONS: return restrictions(t, a, fd, registered);
    case IORING_REGISTER_PROBE:
        return guest_probe(a, is_ours(t, fd, registered) ? request_possible : request_same);
    case IORING_REGISTER_ENABLE_RINGS:
        /* Fails if it has restrictions (cut down by us), and if it is not disabled: then there is nothing to do. */
        if (!is_ours(t, fd, registered))
            restrict_ring(fd, a[1] & RING_USE_REGISTERED);
        break;
    case IORING_REGISTER_RING_FDS: return change_numbers(t, a, true);
    case IORING_UNREGISTER_RING_FDS: return change_numbers(t, a, false);
    case RING_REGISTER_RESIZE: return resize(t, a, fd, registered);
    default: break;
    }
    return host_syscall(t, SYS_io_uring_register, a);
}

/* The mask is in a structure, with a time limit. */
static int64_t enter_extended(struct task *t, const uint64_t a[6])
{
    struct io_uring_getevents_arg arg;
    uint64_t b[6], host;
    int64_t r;

    if (a[5] != sizeof arg || user_read(&arg, a[4], sizeof arg) < 0 || !arg.sigmask ||
        signal_mask_enter(t, arg.sigmask, arg.sigmask_sz, &host) < 0)
        return host_syscall(t, SYS_io_uring_enter, a);
    memcpy(b, a, sizeof b);
    arg.sigmask = ptr(&host);
    b[4] = ptr(&arg);
    r = host_syscall(t, SYS_io_uring_enter, b);
    signal_mask_leave(t, r);
    return r;
}

static int64_t enter(struct task *t, const uint64_t a[6])
{
    if (!(a[3] & IORING_ENTER_GETEVENTS) || !a[4] || (a[3] & RING_ENTER_ARG_REG))
        return host_syscall(t, SYS_io_uring_enter, a);
    return a[3] & IORING_ENTER_EXT_ARG ? enter_extended(t, a) : masked_call(t, SYS_io_uring_enter, a, 4);
}

/* Nothing is to be rewritten: one call for all.  It must not submit more than was looked at. */
static int64_t submit_same(struct task *t, struct ring *r, const uint64_t a[6], uint32_t n)
{
    uint64_t b[6];
    int64_t e;

    memcpy(b, a, sizeof b);
    if (n < (uint32_t)a[1] && !(n == 0 && (r->flags & RING_ALONE))) {
        /* The kernel does not wait when there is less to submit than it was asked for. */
        b[1] = n;
        b[3] &= ~(uint64_t)IORING_ENTER_GETEVENTS;
    }
    ring_pass_on(t, r, r->head + n);
    e = enter(t, b);
    ring_leave(t, r);
    return e;
}

/* Submits first, and puts back what was rewritten; then waits.  What was submitted counts, as in the kernel. */
static int64_t submit_rewritten(struct task *t, struct ring *r, struct rewrite *w, const uint64_t a[6],
                                uint32_t n)
{
    int64_t e = host_raw(SYS_io_uring_enter, a[0], n, 0, a[3] & ~(uint64_t)IORING_ENTER_GETEVENTS, 0, 0);

    requests_restore(w, r);
    ring_leave(t, r);
    if (e == (uint32_t)a[1] && (a[3] & IORING_ENTER_GETEVENTS))
        enter(t, (uint64_t[6]){a[0], 0, a[2], a[3], a[4], a[5]});
    return e;
}

static int64_t submit(struct task *t, struct ring *r, const uint64_t a[6])
{
    struct rewrite w;
    int64_t e = ring_take(t, r);
    uint32_t n;

    if (e < 0)
        return e;
    n = r->tail - r->head;
    n = n < r->entries ? n : r->entries;
    n = n < (uint32_t)a[1] ? n : (uint32_t)a[1];
    e = requests_rewrite(t, &w, r, n);
    if (e == 0 && w.last)
        return submit_rewritten(t, r, &w, a, n);
    requests_restore(&w, r);
    if (e == 0)
        return submit_same(t, r, a, n);
    ring_leave(t, r);
    return e;
}

int64_t sys_io_uring_enter(struct task *t, const uint64_t a[6])
{
    struct ring r;
    int64_t e = RING_PLAIN;

    if ((uint32_t)a[1])
        e = ring_open(t, (uint32_t)a[0], a[3] & IORING_ENTER_REGISTERED_RING, &r);
    if (e < 0)
        return e;
    if (e == RING_PLAIN)
        return enter(t, a);
    e = submit(t, &r, a);
    ring_close(&r);
    return e;
}
