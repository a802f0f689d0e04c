/* SPDX-License-Identifier: MIT */
/* Rings without their library, of every form. */
#ifndef RING_H
#define RING_H

#include "tests/abi/show.h"

#include <linux/io_uring.h>
#include <stdbool.h>
#include <sys/mman.h>

enum { NO_MMAP = 1 << 14, NO_SQARRAY = 1 << 16, OP_PIPE = 62, ENTRIES = 64 };

struct ring {
    int fd;
    unsigned enter; /* flags for each enter */
    struct io_uring_params p;
    uint8_t *sq;
    uint8_t *sqes;
    unsigned step;
    uint32_t tail;
};

static uint32_t *word(struct ring *r, uint32_t off)
{
    return (uint32_t *)(r->sq + off);
}

static struct io_uring_sqe *slot(struct ring *r, unsigned i)
{
    return (struct io_uring_sqe *)(r->sqes + (size_t)i * r->step);
}

static void ring_map(struct ring *r)
{
    size_t size = r->p.cq_off.cqes + r->p.cq_entries * 32 + r->p.sq_entries * 4;
    r->sq =
        mmap(NULL, (size + 4095) & ~4095ul, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
    if (r->sq == MAP_FAILED)
        r->sq = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
    r->sqes =
        mmap(NULL, r->p.sq_entries * r->step, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQES);
}

static bool ring_open(struct ring *r, const char *name, unsigned flags)
{
    memset(r, 0, sizeof *r);
    r->p.flags = flags;
    r->step = flags & IORING_SETUP_SQE128 ? 128 : 64;
    if (flags & NO_MMAP) {
        uint64_t at[2];
        uint8_t *m = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        r->sq = m;
        r->sqes = m + (2 << 20);
        at[0] = (uintptr_t)r->sqes, at[1] = (uintptr_t)r->sq;
        memcpy((char *)&r->p.sq_off + 32, &at[0], 8);
        memcpy((char *)&r->p.cq_off + 32, &at[1], 8);
        memset(m, 0, 4 << 20);
    }
    r->fd = (int)syscall(__NR_io_uring_setup, ENTRIES, &r->p);
    if (show(r->fd < 0 ? -1 : 0, "setup %s", name) != 0)
        return false;
    if (!(flags & NO_MMAP))
        ring_map(r);
    return r->sq != MAP_FAILED && r->sqes != MAP_FAILED;
}

/* Puts a request behind the last; which place it takes is the caller's. */
static struct io_uring_sqe *put_at(struct ring *r, unsigned place, int op, int fd, const void *addr,
                                   unsigned len, uint64_t off, unsigned flags)
{
    struct io_uring_sqe *s = slot(r, place);
    memset(s, 0, r->step);
    s->opcode = (uint8_t)op;
    s->fd = fd;
    s->addr = (uintptr_t)addr;
    s->len = len;
    s->off = off;
    s->rw_flags = (int)flags;
    s->user_data = r->tail + 100;
    if (!(r->p.flags & NO_SQARRAY))
        word(r, r->p.sq_off.array)[r->tail & (ENTRIES - 1)] = place;
    r->tail++;
    return s;
}

static struct io_uring_sqe *put(struct ring *r, int op, int fd, const void *addr, unsigned len, uint64_t off,
                                unsigned flags)
{
    return put_at(r, r->tail & (ENTRIES - 1), op, fd, addr, len, off, flags);
}

static int by_data(const void *a, const void *b)
{
    const struct io_uring_cqe *x = a, *y = b;
    return x->user_data < y->user_data ? -1 : x->user_data > y->user_data;
}

/* Prints what has completed, in the order of the requests; descriptors are closed.  Returns the last result. */
static int reap(struct ring *r, const char *name, bool print)
{
    struct io_uring_cqe got[256];
    unsigned n = 0, size = r->p.flags & IORING_SETUP_CQE32 ? 32 : 16;
    uint32_t head = *word(r, r->p.cq_off.head),
             tail = __atomic_load_n(word(r, r->p.cq_off.tail), __ATOMIC_ACQUIRE);
    for (; head != tail && n < 256; head++)
        memcpy(&got[n++], r->sq + r->p.cq_off.cqes + (head & *word(r, r->p.cq_off.ring_mask)) * size, 16);
    __atomic_store_n(word(r, r->p.cq_off.head), head, __ATOMIC_RELEASE);
    if (n > 1)
        qsort(got, n, sizeof *got, by_data);
    for (unsigned i = 0; i < n && print; i++)
        printf("%s: %llu: %d\n", name, (unsigned long long)got[i].user_data, got[i].res > 2 ? 3 : got[i].res);
    return n ? got[n - 1].res : -9999;
}

/* Submits n, waits for `wait`, and says whether the requests are what they were. */
static void enter(struct ring *r, const char *name, unsigned n, unsigned wait)
{
    static uint8_t before[ENTRIES * 128];
    memcpy(before, r->sqes, ENTRIES * r->step);
    __atomic_store_n(word(r, r->p.sq_off.tail), r->tail, __ATOMIC_RELEASE);
    show(
        syscall(__NR_io_uring_enter, r->fd, n, wait, r->enter | (wait ? IORING_ENTER_GETEVENTS : 0), NULL, 0),
        "enter %s", name);
    printf("%s: left %u, requests %s\n", name, r->tail - *word(r, r->p.sq_off.head),
           memcmp(before, r->sqes, ENTRIES * r->step) ? "changed" : "as they were");
}

#endif
