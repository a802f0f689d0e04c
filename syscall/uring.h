/* SPDX-License-Identifier: MIT */
/* What uring.c (the calls), uring_ring.c (a ring's memory) and uring_sqe.c (its requests) share. */
#ifndef SYSCALL_URING_H
#define SYSCALL_URING_H

#include "syscall/task.h"

#include <linux/io_uring.h>

/* Newer than the headers may be. */
enum {
    RING_REGISTERED_ONLY = 1 << 15,   /* IORING_SETUP_REGISTERED_FD_ONLY */
    RING_NO_MMAP = 1 << 14,           /* IORING_SETUP_NO_MMAP */
    RING_NO_SQARRAY = 1 << 16,        /* IORING_SETUP_NO_SQARRAY */
    RING_SETUP_KNOWN = (1 << 19) - 1, /* up to IORING_SETUP_CQE_MIXED */
    RING_ENTER_ARG_REG = 1 << 6,      /* IORING_ENTER_EXT_ARG_REG */
    RING_REGISTER_RESIZE = 33,        /* IORING_REGISTER_RESIZE_RINGS */
};
#define RING_USE_REGISTERED (1u << 31) /* IORING_REGISTER_USE_REGISTERED_RING */

/* What a ring's note says of it. */
enum {
    RING_SQE128 = 1,
    RING_HAS_ARRAY = 2,
    RING_ALONE = 4,  /* one thread submits, the kernel sees to it */
    RING_POLLED = 8, /* IORING_SETUP_IOPOLL */
    RING_LISTED = 16 /* the guest has restricted it */
};

/* A ring's memory for the time of one call. */
struct ring {
    gaddr rings, sqes;
    uint64_t mapped_rings, mapped_sqes; /* bytes that were mapped for the call */
    unsigned flags;                     /* RING_... */
    uint32_t array, entries;
    uint32_t head, tail;
};

/* fd as the call has it: a descriptor, or a number of the thread's registered rings.  RING_PLAIN: the kernel may have its requests as
 * they are, or there is no ring; RING_OURS: *r is filled in, ring_close is due; or -errno. */
enum { RING_PLAIN, RING_OURS };
int64_t ring_open(const struct task *t, uint64_t fd, bool registered, struct ring *r);
void ring_close(struct ring *r);

/* Marks a new ring whose requests are rewritten; how: as for ring_open.  False: it cannot be.  p: as the kernel gave it back. */
bool ring_mark(uint64_t fd, const struct io_uring_params *p, bool registered, uint64_t *id);
/* The ring has new memory. */
void ring_remark(const struct task *t, uint64_t fd, bool registered, const struct io_uring_params *p);
void ring_set_listed(struct ring *r);
/* What a registered ring is known by; 0: not a ring. */
uint64_t ring_id(uint64_t fd);

/* One submitter at a time; head and tail are those of now.  ring_pass_on says that the kernel has been asked for all up to `end`
 * by a call that may wait afterwards: when they are gone, the next may come. */
int ring_take(struct task *t, struct ring *r);
void ring_pass_on(struct task *t, struct ring *r, uint32_t end);
void ring_leave(struct task *t, struct ring *r);

/* Where request number i (from head on) stands. */
#define RING_NO_SLOT (~0u)
uint32_t ring_slot(const struct ring *r, uint32_t i);
/* `at`: bytes from the start of the requests. */
int ring_sqe_read(const struct ring *r, uint64_t at, struct io_uring_sqe *out);
/* Changes 4 or 8 bytes at offset `field` of a request if they are what they were. */
int ring_sqe_swap(const struct ring *r, uint64_t at, unsigned field, unsigned size, uint64_t old,
                  uint64_t new);

void ring_fork_child(struct task *t);

/* Requests that were rewritten, until they are put back. */
struct rewrite {
    struct change *last; /* what was changed, the newest first */
    struct chunk *chunk; /* memory for it */
    bool failed;         /* there was none */
    uint64_t first[1024];
};
/* Rewrites the first n requests in place, from r->head on, which t submits.  0 or -errno; afterwards requests_restore is due. */
int64_t requests_rewrite(struct task *t, struct rewrite *w, const struct ring *r, uint32_t n);
void requests_restore(struct rewrite *w, const struct ring *r);
/* Is the request the same on both sides, if nothing is rewritten? */
bool request_same(unsigned op);
/* Can it be made at all, by rewriting? */
bool request_possible(unsigned op);
enum { REQUESTS_KNOWN = 63 };

#endif
