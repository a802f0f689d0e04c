/* SPDX-License-Identifier: MIT */
/*
 * Requests of io_uring that mean another thing to the host: rewritten where they stand before the kernel takes them, and put
 * back afterwards.
 *
 * When a call that submits returns, the kernel has copied all that a request points to and that is rewritten here: paths, struct
 * open_how, struct epoll_event (IORING_FEAT_SUBMIT_STABLE).  So what they point to in the meantime is this thread's.  A field
 * is put back only where it still is what it was made here: the guest may fill a request anew as soon as it is taken.
 *
 * Paths are looked up in the sysroot when a request is submitted, not when it is done: behind a link (IOSQE_IO_LINK) it finds what was
 * there before the chain.  A file of /proc that xrun writes itself is opened at once, and a NOP completes with its descriptor
 * (Linux 6.10; an older kernel, or a request for a registered file, shows the host's).
 *
 * Not possible: EPOLL_WAIT, because its events come when nobody is there to spread them.  It becomes a request that no kernel knows.
 */
#include "syscall/uring.h"

#include "abi/abi.h"
#include "syscall/calls.h"
#include "syscall/files.h"
#include "syscall/host.h"
#include "syscall/sysroot.h"
#include "syscall/user.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/utsname.h>

/* Newer than the headers may be. */
enum {
    OP_WAITID = 50,
    OP_FUTEX_WAIT,
    OP_FUTEX_WAKE,
    OP_FUTEX_WAITV,
    OP_BIND = 56,
    OP_EPOLL_WAIT = 59,
    OP_READV_FIXED,
    OP_WRITEV_FIXED,
    OP_PIPE,
    OP_NONE = 255,
    NOP_INJECT_RESULT = 1
};
#define CHUNK (256u << 10)

/* Of CHUNK bytes, but for the first, which is the caller's. */
struct chunk {
    struct chunk *next;
    size_t used, size;
    uint64_t bytes[];
};

/* One field that was changed; in the order of their making, newest first. */
struct change {
    struct change *next;
    uint64_t at, old, new;
    uint8_t field, size;
};

/* The request at hand. */
struct request {
    struct task *task;
    struct rewrite *w;
    const struct ring *ring;
    uint64_t at;
    struct io_uring_sqe s;
};

static bool has_path(unsigned op)
{
    switch (op) {
    case IORING_OP_STATX:
    case IORING_OP_RENAMEAT:
    case IORING_OP_UNLINKAT:
    case IORING_OP_MKDIRAT:
    case IORING_OP_SYMLINKAT:
    case IORING_OP_LINKAT:
    case IORING_OP_SETXATTR:
    case IORING_OP_GETXATTR: return true;
    default: return false;
    }
}

/* Which fields are pointers.  The same fields of other requests are offsets, lengths, masks, user_data, or nothing; what URING_CMD
 * has there, its driver knows.  addr3 of reads and writes is attr_ptr, and ignored where there are no attributes. */
enum { A = 1 /* addr */, A2 = 2 /* addr2 */, A3 = 4 /* addr3 */ };
static const uint8_t pointers[REQUESTS_KNOWN] = {
    [IORING_OP_READV] = A | A3,
    [IORING_OP_WRITEV] = A | A3,
    [IORING_OP_READ_FIXED] = A | A3,
    [IORING_OP_WRITE_FIXED] = A | A3,
    [IORING_OP_SENDMSG] = A,
    [IORING_OP_RECVMSG] = A,
    [IORING_OP_TIMEOUT] = A,
    [IORING_OP_TIMEOUT_REMOVE] = A2,
    [IORING_OP_ACCEPT] = A | A2,
    [IORING_OP_LINK_TIMEOUT] = A,
    [IORING_OP_CONNECT] = A,
    [IORING_OP_OPENAT] = A,
    [IORING_OP_FILES_UPDATE] = A,
    [IORING_OP_STATX] = A | A2,
    [IORING_OP_READ] = A | A3,
    [IORING_OP_WRITE] = A | A3,
    [IORING_OP_MADVISE] = A,
    [IORING_OP_SEND] = A | A2,
    [IORING_OP_RECV] = A,
    [IORING_OP_OPENAT2] = A | A2,
    [IORING_OP_EPOLL_CTL] = A,
    [IORING_OP_PROVIDE_BUFFERS] = A,
    [IORING_OP_RENAMEAT] = A | A2,
    [IORING_OP_UNLINKAT] = A,
    [IORING_OP_MKDIRAT] = A,
    [IORING_OP_SYMLINKAT] = A | A2,
    [IORING_OP_LINKAT] = A | A2,
    [IORING_OP_FSETXATTR] = A | A2,
    [IORING_OP_SETXATTR] = A | A2 | A3,
    [IORING_OP_FGETXATTR] = A | A2,
    [IORING_OP_GETXATTR] = A | A2 | A3,
    [IORING_OP_SEND_ZC] = A | A2,
    [IORING_OP_SENDMSG_ZC] = A,
    [OP_WAITID] = A2,
    [OP_FUTEX_WAIT] = A,
    [OP_FUTEX_WAKE] = A,
    [OP_FUTEX_WAITV] = A,
    [OP_BIND] = A,
    [OP_EPOLL_WAIT] = A,
    [OP_READV_FIXED] = A | A3,
    [OP_WRITEV_FIXED] = A | A3,
    [OP_PIPE] = A,
};

/* Does it differ, paths aside?  What is not known does. */
static bool differs(unsigned op)
{
    switch (op) {
    case IORING_OP_OPENAT:
    case IORING_OP_OPENAT2:
    case IORING_OP_EPOLL_CTL:
    case OP_EPOLL_WAIT:
    case OP_PIPE: return true;
    default: return op >= REQUESTS_KNOWN;
    }
}

bool request_same(unsigned op)
{
    return !differs(op) && !(options.sysroot && has_path(op));
}

bool request_possible(unsigned op)
{
    return op < REQUESTS_KNOWN && op != OP_EPOLL_WAIT;
}

/* -- memory -- */

static void *keep(struct rewrite *w, size_t n)
{
    struct chunk *c = w->chunk;

    n = (n + 7) & ~(size_t)7;
    if (c->size - c->used < n) {
        struct chunk *more = host_alloc(CHUNK);
        if (!more) {
            w->failed = true;
            return NULL;
        }
        *more = (struct chunk){.next = c, .size = CHUNK - sizeof *more};
        w->chunk = c = more;
    }
    void *p = (uint8_t *)c->bytes + c->used;
    c->used += n;
    return p;
}

static void change(struct request *q, size_t field, unsigned size, uint64_t old, uint64_t new)
{
    struct change *c;

    if (old == new || !(c = keep(q->w, sizeof *c)))
        return;
    *c = (struct change){q->w->last, q->at, old, new, (uint8_t)field, (uint8_t)size};
    if (ring_sqe_swap(q->ring, q->at, (unsigned)field, size, old, new) == 0)
        q->w->last = c;
}
#define CHANGE(q, field, new)                                                                                \
    change(q, offsetof(struct io_uring_sqe, field), sizeof(q)->s.field, (uint32_t)(q)->s.field,              \
           (uint32_t)(new))
#define CHANGE_PTR(q, field, new) change(q, offsetof(struct io_uring_sqe, field), 8, (q)->s.field, new)

/* -- what they carry -- */

/* The first four bytes stand together. */
static void change_op(struct request *q, uint8_t op)
{
    uint32_t old, new;

    memcpy(&old, &q->s, sizeof old);
    new = (old & ~0xffu) | op;
    change(q, 0, 4, old, new);
}

/* Completes with this result and nothing else. */
static void change_result(struct request *q, int64_t result)
{
    change_op(q, IORING_OP_NOP);
    CHANGE(q, len, result);
    CHANGE(q, rw_flags, NOP_INJECT_RESULT);
}

/* From Linux 6.10 on, and only where a NOP is let through as the request itself would be. */
static bool can_inject(const struct request *q)
{
    static int known;

    if (!known) {
        struct utsname u;
        unsigned major = 0, minor = 0;
        if (host_raw(SYS_uname, ptr(&u), 0, 0, 0, 0, 0) == 0) {
            const char *p = u.release;
            for (; *p >= '0' && *p <= '9'; p++)
                major = major * 10 + (unsigned)(*p - '0');
            for (p += *p == '.'; *p >= '0' && *p <= '9'; p++)
                minor = minor * 10 + (unsigned)(*p - '0');
        }
        known = major > 6 || (major == 6 && minor >= 10) ? 1 : -1;
    }
    return known > 0 && !(q->ring->flags & (RING_POLLED | RING_LISTED)) && !q->s.file_index &&
           !q->s.buf_index && !q->s.ioprio && !(q->s.flags & IOSQE_FIXED_FILE);
}

/* The path that *field points to; true: nothing else is to be done with the request. */
static bool path_field(struct request *q, size_t field, int dirfd, bool follow, struct path_arg *p)
{
    gaddr from;
    int64_t r;

    memcpy(&from, (const char *)&q->s + field, sizeof from);
    r = path_arg(p, dirfd, from, follow);
    if (r < 0) {
        if (can_inject(q))
            change_result(q, r);
        return true;
    }
    if (p->use != from) {
        size_t n = strlen(p->host) + 1;
        char *copy = keep(q->w, n);
        if (!copy)
            return true;
        memcpy(copy, p->host, n);
        change(q, field, 8, from, ptr(copy));
    }
    return false;
}
#define AT_ADDR  offsetof(struct io_uring_sqe, addr)
#define AT_ADDR2 offsetof(struct io_uring_sqe, addr2)
#define AT_ADDR3 offsetof(struct io_uring_sqe, addr3)

static void one_path(struct request *q, size_t field, int dirfd, bool follow)
{
    struct path_arg p;

    path_field(q, field, dirfd, follow, &p);
}

static void two_paths(struct request *q, bool follow)
{
    struct path_arg p;

    if (!path_field(q, AT_ADDR, q->s.fd, follow, &p))
        path_field(q, AT_ADDR2, (int)q->s.len, false, &p);
}

/* True: it is done with. */
static bool open_path(struct request *q, uint64_t flags, bool follow)
{
    struct path_arg p;
    int64_t r;

    if (path_field(q, AT_ADDR, q->s.fd, follow, &p))
        return true;
    if (!can_inject(q) || (r = open_proc(q->task, q->s.fd, &p, flags)) == -ENOENT)
        return false;
    change_result(q, r);
    return true;
}

static void rewrite_open(struct request *q)
{
    uint64_t flags = abi_open_flags_to_host(q->s.open_flags);

    if (!open_path(q, flags, open_follows(flags)))
        CHANGE(q, open_flags, flags);
}

static void rewrite_open2(struct request *q)
{
    struct open_how *how;

    /* What is wrong with the structure, the kernel finds. */
    if (q->s.len < sizeof *how || q->s.len > 4096 || !(how = keep(q->w, q->s.len)))
        return;
    if (user_read(how, q->s.addr2, q->s.len) < 0)
        return;
    how->flags = abi_open_flags_to_host(how->flags);
    if (!(how->resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) &&
        open_path(q, how->flags, open_follows(how->flags) && how->resolve == 0))
        return;
    CHANGE_PTR(q, addr2, ptr(how));
}

static void rewrite_epoll(struct request *q)
{
    uint8_t in[ABI_STRUCT_MAX];
    struct epoll_event *ev;

    if ((int)q->s.len == EPOLL_CTL_DEL || !(ev = keep(q->w, sizeof *ev)))
        return;
    if (user_read(in, q->s.addr, abi->epoll_size) < 0) {
        CHANGE_PTR(q, addr, 0); /* half of it may be there */
        return;
    }
    memcpy(&ev->events, in, sizeof ev->events);
    memcpy(&ev->data, in + abi->epoll_data, sizeof ev->data);
    CHANGE_PTR(q, addr, ptr(ev));
}

/* Code is dropped at once, because nobody knows when the kernel does it. */
static void rewrite_advice(struct request *q)
{
    int64_t r = 1;

    if (can_inject(q))
        r = drop_code(q->s.addr, q->s.off ? q->s.off : q->s.len, (int)q->s.fadvise_advice);
    if (r <= 0)
        change_result(q, r);
}

static void drop_tag(struct request *q, size_t field, __u64 *pointer)
{
    uint64_t old = *pointer;

    *pointer = abi->pointer(q->task->cpu, old);
    change(q, field, 8, old, *pointer);
}

/* The request's own pointers without their tags (abi.h); lists of buffers and messages are not looked at. */
static void drop_tags(struct request *q)
{
    unsigned has = q->s.opcode < REQUESTS_KNOWN ? pointers[q->s.opcode] : 0;

    if (has & A)
        drop_tag(q, AT_ADDR, &q->s.addr);
    if (has & A2)
        drop_tag(q, AT_ADDR2, &q->s.addr2);
    if (has & A3)
        drop_tag(q, AT_ADDR3, &q->s.addr3);
}

static void rewrite(struct request *q)
{
    const struct io_uring_sqe *s = &q->s;

    switch (s->opcode) {
    case IORING_OP_OPENAT: rewrite_open(q); break;
    case IORING_OP_OPENAT2: rewrite_open2(q); break;
    case IORING_OP_EPOLL_CTL: rewrite_epoll(q); break;
    case IORING_OP_MADVISE: rewrite_advice(q); break;
    case IORING_OP_STATX: one_path(q, AT_ADDR, s->fd, !(s->statx_flags & AT_SYMLINK_NOFOLLOW)); break;
    case IORING_OP_UNLINKAT:
    case IORING_OP_MKDIRAT: one_path(q, AT_ADDR, s->fd, false); break;
    case IORING_OP_SYMLINKAT: one_path(q, AT_ADDR2, s->fd, false); break;
    case IORING_OP_RENAMEAT: two_paths(q, false); break;
    case IORING_OP_LINKAT: two_paths(q, s->hardlink_flags & AT_SYMLINK_FOLLOW); break;
    case IORING_OP_SETXATTR:
    case IORING_OP_GETXATTR: one_path(q, AT_ADDR3, AT_FDCWD, true); break;
    case OP_PIPE: CHANGE(q, rw_flags, abi_open_flags_to_host((uint32_t)s->rw_flags)); break;
    default:
        if (!request_possible(s->opcode))
            change_op(q, OP_NONE);
        break;
    }
}

/* A request that is submitted twice at once is changed only once. */
static bool is_changed(const struct rewrite *w, uint64_t at)
{
    for (const struct change *c = w->last; c; c = c->next)
        if (c->at == at)
            return true;
    return false;
}

int64_t requests_rewrite(struct task *t, struct rewrite *w, const struct ring *r, uint32_t n)
{
    struct request q = {.task = t, .w = w, .ring = r};
    bool odd = false; /* not in the order in which they stand: one may come twice */

    w->last = NULL;
    w->failed = false;
    w->chunk = (struct chunk *)w->first;
    *w->chunk = (struct chunk){.size = sizeof w->first - sizeof *w->chunk};
    for (uint32_t i = 0; i < n && !w->failed; i++) {
        uint32_t slot = ring_slot(r, i);
        if (slot == RING_NO_SLOT)
            continue; /* the kernel stops here */
        q.at = (uint64_t)slot * (r->flags & RING_SQE128 ? 128 : 64);
        odd |= slot != ((r->head + i) & (r->entries - 1));
        if (ring_sqe_read(r, q.at, &q.s) < 0)
            return -EFAULT;
        if (odd && is_changed(w, q.at))
            continue;
        drop_tags(&q);
        rewrite(&q);
    }
    return w->failed ? -ENOMEM : 0;
}

void requests_restore(struct rewrite *w, const struct ring *r)
{
    for (const struct change *c = w->last; c; c = c->next)
        ring_sqe_swap(r, c->at, c->field, c->size, c->new, c->old);
    w->last = NULL;
    while (w->chunk != (struct chunk *)w->first) {
        struct chunk *c = w->chunk;
        w->chunk = c->next;
        host_free(c, CHUNK);
    }
}
