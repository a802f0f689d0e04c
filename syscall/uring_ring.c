/* SPDX-License-Identifier: MIT */
/*
 * A ring's memory, found from any descriptor that leads to it, and the order among those who submit.
 *
 * What must be known of a ring stands in its own memory, in the padding before the completions, which the kernel neither
 * reads nor writes: so it goes wherever the ring goes, through dup, fork, exec and sockets.  A ring without this note is
 * restricted, or a native program's.  The memory is found among the guest's mappings by what backs them, since each ring
 * has an inode of its own (Linux 5.16); if it is not mapped here, it is mapped for the call: a mapping that stayed would keep the
 * ring alive when the guest has closed it.  Memory that the guest itself gave (NO_MMAP) cannot be found so, and is listed.
 *
 * Every request that the kernel takes must have been looked at.  So one submits at a time, from looking to the kernel's
 * having taken them.  But a submitter that waits for completions in the same call must not keep others out: it notes how far
 * it is going to submit, and once the kernel's head is there, the next may submit.  The kernel does not wait when it has
 * submitted less.  Both (struct note's order) are one word of 64 bits, because processes may share a ring; a submitter that
 * was killed in between is noticed.
 */
#include "syscall/uring.h"

#include "dbt/lock.h"
#include "dbt/own.h"
#include "loader/space.h"
#include "syscall/host.h"
#include "syscall/user.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

/* Where things are in a ring's memory; every kernel so far has them so, and ring_mark looks. */
enum { AT_HEAD = 0, AT_TAIL = 4, AT_ENTRIES = 24, AT_NOTE = 48, AT_ORDER = 56, AT_CQES = 64 };

struct note {
    uint32_t mark; /* MARK, and flags in the low byte */
    uint32_t array;
    uint64_t order; /* low half: the thread that submits; high half: how far */
};
static_assert(sizeof(struct note) == AT_CQES - AT_NOTE, "it fits");
#define MARK        0x78727500u
#define ORDER_WAITS (1ull << 31) /* that thread's call may wait in the kernel, for up to the high half */

#define USER_RINGS 64
struct user_ring {
    uint64_t id;
    gaddr rings, sqes;
    bool inherited;
};
static struct {
    struct lock lock;
    uint32_t count; /* slots used so far */
} user_rings OWN_BY_FORK;
static struct user_ring user_ring[USER_RINGS];

/* Where a ring was mapped last: a guess, by inode. */
static struct hint {
    gaddr rings, sqes;
} hints[64];

static uint64_t ring_device;

/* -- access -- */

static int ring_read(const struct ring *r, uint64_t at, void *out, size_t n)
{
    return user_read(out, r->rings + at, n);
}

static int ring_swap(const struct ring *r, uint64_t at, uint64_t old, uint64_t new)
{
    return user_swap(r->rings + at, 8, old, new);
}

uint32_t ring_slot(const struct ring *r, uint32_t i)
{
    uint32_t slot = (r->head + i) & (r->entries - 1);

    if ((r->flags & RING_HAS_ARRAY) && ring_read(r, r->array + 4ull * slot, &slot, sizeof slot) < 0)
        return RING_NO_SLOT;
    return slot < r->entries ? slot : RING_NO_SLOT;
}

int ring_sqe_read(const struct ring *r, uint64_t at, struct io_uring_sqe *out)
{
    return user_read(out, r->sqes + at, 64);
}

int ring_sqe_swap(const struct ring *r, uint64_t at, unsigned field, unsigned size, uint64_t old,
                  uint64_t new)
{
    return user_swap(r->sqes + at + field, size, old, new);
}

/* -- finding -- */

uint64_t ring_id(uint64_t fd)
{
    struct stat st;

    if (host_raw(SYS_fstat, fd, ptr(&st), 0, 0, 0, 0) != 0 || (st.st_mode & S_IFMT))
        return 0;
    ring_device = st.st_dev; /* all of them are on one */
    return st.st_ino;
}

/* The same for a descriptor or a number of the thread's. */
static uint64_t ring_known(const struct task *t, uint64_t fd, bool registered)
{
    return !registered ? ring_id(fd) : fd < RING_IDS ? t->ring_ids[fd] : 0;
}

/* A ring is mapped by a descriptor: puts the one in fd's place by which the number there was registered. */
static bool descriptor(const struct task *t, uint64_t *fd, bool registered, uint64_t id)
{
    if (registered)
        *fd = (uint32_t)t->ring_fds[*fd];
    return !registered || ring_id(*fd) == id;
}

static bool user_find(uint64_t id, struct user_ring *out)
{
    bool found = false;

    if (!__atomic_load_n(&user_rings.count, __ATOMIC_ACQUIRE))
        return false;
    lock_take(&user_rings.lock);
    for (uint32_t i = 0; i < user_rings.count && !found; i++)
        if (user_ring[i].id == id) {
            *out = user_ring[i];
            found = true;
        }
    lock_drop(&user_rings.lock);
    return found;
}

static bool note_of(const struct ring *r, struct note *n)
{
    return ring_read(r, AT_NOTE, n, sizeof *n) == 0 && (n->mark & ~0xffu) == MARK;
}

/* Is the memory of a ring that the guest gave no longer in use for it? */
static bool user_dead(const struct user_ring *u, gaddr rings)
{
    struct ring r = {.rings = u->rings};
    struct note n;

    return u->rings == rings || !note_of(&r, &n);
}

static bool user_add(const struct user_ring *u)
{
    uint32_t i = 0;

    lock_take(&user_rings.lock);
    while (i < user_rings.count && !user_dead(&user_ring[i], u->rings))
        i++;
    if (i < USER_RINGS) {
        user_ring[i] = *u;
        if (i == user_rings.count)
            __atomic_store_n(&user_rings.count, i + 1, __ATOMIC_RELEASE);
    }
    lock_drop(&user_rings.lock);
    return i < USER_RINGS;
}

void ring_fork_child(struct task *t)
{
    memset(t->ring_ids, 0, sizeof t->ring_ids);
    user_rings.lock = (struct lock){0};
    for (uint32_t i = 0; i < user_rings.count; i++)
        user_ring[i].inherited = true;
}

/* What the note and the memory say; false: there is no note. */
static bool ring_describe(struct ring *r)
{
    struct note n;
    uint32_t entries;

    if (!note_of(r, &n) || ring_read(r, AT_ENTRIES, &entries, sizeof entries) < 0 || entries == 0 ||
        (entries & (entries - 1)) || entries > 1u << 20)
        return false;
    r->flags = n.mark & 0xff;
    r->array = n.array;
    r->entries = entries;
    return true;
}

/* Is it a ring?  Only such answer so to a call that does nothing. */
static bool is_ring(uint64_t fd)
{
    int64_t r = host_raw(SYS_io_uring_enter, fd, 0, 0, 0, 0, 0);

    return r == 0 || r == -EBADFD;
}

/* Where the kernel likes: it lets nobody choose.  0: nowhere. */
static gaddr map(uint64_t fd, uint64_t size, uint64_t offset)
{
    int64_t r = host_raw(SYS_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);

    return HOST_ERROR(r) ? 0 : (gaddr)r;
}

void ring_close(struct ring *r)
{
    if (r->mapped_rings)
        host_raw(SYS_munmap, r->rings, r->mapped_rings, 0, 0, 0, 0);
    if (r->mapped_sqes)
        host_raw(SYS_munmap, r->sqes, r->mapped_sqes, 0, 0, 0, 0);
    r->mapped_rings = r->mapped_sqes = 0;
}

/* Maps `size` bytes of the rings, and of the requests. */
static bool map_ring(struct ring *r, uint64_t fd, uint64_t size, uint64_t sqes)
{
    r->rings = map(fd, size, IORING_OFF_SQ_RING);
    r->mapped_rings = r->rings ? size : 0;
    r->sqes = r->rings && sqes ? map(fd, sqes, IORING_OFF_SQES) : 0;
    r->mapped_sqes = r->sqes ? sqes : 0;
    if (r->rings && (r->sqes || !sqes))
        return true;
    ring_close(r);
    return false;
}

static int64_t open_unmapped(uint64_t fd, struct ring *r)
{
    if (!is_ring(fd) || !map_ring(r, fd, PAGE, 0))
        return RING_PLAIN;
    bool ours = ring_describe(r);
    ring_close(r);
    if (!ours)
        return RING_PLAIN;
    uint64_t array = r->flags & RING_HAS_ARRAY ? r->array + 4ull * r->entries : AT_CQES;
    bool mapped = map_ring(r, fd, array, (uint64_t)r->entries * (r->flags & RING_SQE128 ? 128 : 64));
    return mapped ? RING_OURS : -ENOMEM;
}

int64_t ring_open(const struct task *t, uint64_t fd, bool registered, struct ring *r)
{
    uint64_t id = ring_known(t, fd, registered);
    struct hint *h = &hints[id % (sizeof hints / sizeof *hints)];
    struct user_ring u;

    memset(r, 0, sizeof *r);
    if (!id)
        return RING_PLAIN;
    if (user_find(id, &u)) {
        r->rings = u.rings;
        r->sqes = u.sqes;
        /* A copy made by fork is not what the kernel looks at. */
        if (u.inherited && !(space_is_shared(u.rings) && space_is_shared(u.sqes)))
            return -EFAULT;
        return ring_describe(r) ? RING_OURS : -EFAULT;
    }
    r->rings = space_find(ring_device, id, IORING_OFF_SQ_RING, h->rings);
    r->sqes = space_find(ring_device, id, IORING_OFF_SQES, h->sqes);
    if (r->rings && r->sqes && ring_describe(r)) {
        *h = (struct hint){r->rings, r->sqes};
        return RING_OURS;
    }
    return descriptor(t, &fd, registered, id) ? open_unmapped(fd, r) : -EFAULT;
}

/* -- notes -- */

static unsigned note_flags(const struct io_uring_params *p)
{
    return (p->flags & IORING_SETUP_SQE128 ? RING_SQE128 : 0) |
           (p->flags & RING_NO_SQARRAY ? 0 : RING_HAS_ARRAY) |
           (p->flags & IORING_SETUP_SINGLE_ISSUER ? RING_ALONE : 0) |
           (p->flags & IORING_SETUP_IOPOLL ? RING_POLLED : 0);
}

/* Does each ring have an inode?  On old kernels all files of this kind are one.  Where no descriptor is left to compare with, a feature
 * that is newer (Linux 5.17) tells. */
static bool own_inodes(uint64_t fd, const struct io_uring_params *p)
{
    static int known;
    int64_t other;

    if (!known && (other = host_raw(SYS_eventfd2, 0, EFD_CLOEXEC, 0, 0, 0, 0)) >= 0) {
        known = ring_id((uint64_t)other) != ring_id(fd) ? 1 : -1;
        host_close(other);
    }
    return known ? known > 0 : p->features & IORING_FEAT_CQE_SKIP;
}

static bool layout_known(const struct io_uring_params *p)
{
    return p->sq_off.head == AT_HEAD && p->sq_off.tail == AT_TAIL && p->sq_off.ring_entries == AT_ENTRIES &&
           p->sq_off.dropped < AT_NOTE && p->sq_off.flags < AT_NOTE && p->cq_off.overflow < AT_NOTE &&
           p->cq_off.flags < AT_NOTE && p->cq_off.cqes >= AT_CQES && !p->sq_off.resv1 && !p->cq_off.resv1 &&
           (p->features & IORING_FEAT_SUBMIT_STABLE) && !(p->flags & ~RING_SETUP_KNOWN);
}

/* The last of the offsets of either ring is the address that the guest gave; it has no name in older headers. */
static gaddr given_address(const void *offsets)
{
    gaddr a;

    memcpy(&a, (const char *)offsets + 32, sizeof a);
    return a;
}

static bool mark_user(const struct io_uring_params *p, const struct note *n, uint64_t id)
{
    struct user_ring u = {id, given_address(&p->cq_off), given_address(&p->sq_off), false};

    return user_write(u.rings + AT_NOTE, n, sizeof *n) == 0 && user_add(&u);
}

static bool mark_mapped(uint64_t fd, const struct note *n)
{
    static const struct note none;
    struct note old;
    struct ring r = {0};
    bool done;

    if (!map_ring(&r, fd, PAGE, 0))
        return false;
    done = ring_read(&r, AT_NOTE, &old, sizeof old) == 0 && memcmp(&old, &none, sizeof none) == 0 &&
           user_write(r.rings + AT_NOTE, n, sizeof *n) == 0;
    ring_close(&r);
    return done;
}

bool ring_mark(uint64_t fd, const struct io_uring_params *p, bool registered, uint64_t *id)
{
    static _Atomic uint64_t numbers = 1ull << 63; /* for rings without a descriptor */
    struct note n = {.mark = MARK | note_flags(p), .array = p->sq_off.array};

    *id = 0;
    if (!layout_known(p) || (p->flags & IORING_SETUP_SQPOLL) || (!registered && !own_inodes(fd, p)))
        return false;
    *id = registered ? numbers++ : ring_id(fd);
    return p->flags & RING_NO_MMAP ? mark_user(p, &n, *id) : mark_mapped(fd, &n);
}

void ring_remark(const struct task *t, uint64_t fd, bool registered, const struct io_uring_params *p)
{
    static const struct note none;
    struct note n = {.mark = MARK | note_flags(p), .array = p->sq_off.array};
    struct ring r = {0};
    struct user_ring u;
    uint64_t id = ring_known(t, fd, registered);
    bool user = p->flags & RING_NO_MMAP;

    if (user && user_find(id, &u))
        r.rings = u.rings;
    else if (!user)
        r.rings = space_find(ring_device, id, IORING_OFF_SQ_RING, 0);
    if (r.rings && ring_describe(&r)) {
        n.mark |= r.flags & (RING_LISTED | RING_ALONE | RING_POLLED);
        /* The old memory is no ring's any more. */
        if (user_write(r.rings + AT_NOTE, &none, sizeof none) < 0)
            return;
    }
    if (user) {
        mark_user(p, &n, id);
        return;
    }
    if (descriptor(t, &fd, registered, id))
        mark_mapped(fd, &n);
}

void ring_set_listed(struct ring *r)
{
    struct note n;

    if (note_of(r, &n)) {
        uint64_t old, new;
        memcpy(&old, &n, sizeof old);
        n.mark |= RING_LISTED;
        memcpy(&new, &n, sizeof new);
        ring_swap(r, AT_NOTE, old, new);
    }
}

/* -- order -- */

static void pause_for(unsigned n)
{
    static const struct timespec ts = {0, 100000};

    if (n < 100)
        __builtin_ia32_pause();
    else if (n < 1000)
        host_raw(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
    else
        host_raw(SYS_nanosleep, ptr(&ts), 0, 0, 0, 0, 0);
}

/* May the next come in?  r->head is filled in. */
static bool order_free(const struct task *t, const struct ring *r, uint64_t order, unsigned n)
{
    uint32_t tid = (uint32_t)order & ~(uint32_t)ORDER_WAITS;

    if (!order || tid == (uint32_t)t->tid)
        return true;
    if ((order & ORDER_WAITS) && (int32_t)(r->head - (uint32_t)(order >> 32)) >= 0)
        return true;
    return n > 2000 && n % 64 == 0 && process_is_gone((int)tid);
}

int ring_take(struct task *t, struct ring *r)
{
    uint64_t order;

    for (unsigned n = 0; !(r->flags & RING_ALONE); n++) {
        if (ring_read(r, AT_ORDER, &order, sizeof order) < 0 || ring_read(r, AT_HEAD, &r->head, 4) < 0)
            return -EFAULT;
        if (order_free(t, r, order, n)) {
            int e = ring_swap(r, AT_ORDER, order, (uint32_t)t->tid);
            if (e < 0)
                return e;
            if (e == 0)
                break;
        }
        pause_for(n);
    }
    if (ring_read(r, AT_HEAD, &r->head, 4) < 0 || ring_read(r, AT_TAIL, &r->tail, 4) < 0) {
        ring_leave(t, r);
        return -EFAULT;
    }
    return 0;
}

void ring_pass_on(struct task *t, struct ring *r, uint32_t end)
{
    if (!(r->flags & RING_ALONE))
        ring_swap(r, AT_ORDER, (uint32_t)t->tid, (uint64_t)end << 32 | ORDER_WAITS | (uint32_t)t->tid);
}

/* Unless another has come in already. */
void ring_leave(struct task *t, struct ring *r)
{
    uint64_t order;

    if (!(r->flags & RING_ALONE) && ring_read(r, AT_ORDER, &order, sizeof order) == 0 &&
        ((uint32_t)order & ~(uint32_t)ORDER_WAITS) == (uint32_t)t->tid)
        ring_swap(r, AT_ORDER, order, 0);
}
