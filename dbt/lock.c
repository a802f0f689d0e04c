/* SPDX-License-Identifier: MIT */
/* The slow side of lock.h: waiting, and holders that have died. */
#include "dbt/lock.h"

#include "dbt/own.h"
#include "dbt/raw.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Until the holder is asked after; also what a wake that died with its caller costs. */
#define PATIENCE_NS 100000000

/* The process that was alone when its words had no number; 0: no other one shares the memory. */
static _Atomic int first OWN_BY_FORK;
static _Atomic bool apart OWN_BY_FORK;

void lock_share(void)
{
    int none = 0;
    atomic_compare_exchange_strong(&first, &none, getpid());
}

void lock_apart(void)
{
    atomic_store(&apart, true);
}

void lock_fork_child(void)
{
    atomic_store(&first, 0);
    atomic_store(&apart, false);
}

uint32_t lock_owner(void)
{
    uint32_t pid = atomic_load_explicit(&first, memory_order_relaxed) ? (uint32_t)getpid() : 0;
    return pid << LOCK_PID_FROM | LOCK_HELD;
}

bool process_is_gone(int id)
{
    if (atomic_load(&apart) || id == getpid())
        return false;
    long fd = raw_call(SYS_pidfd_open, id, 0, 0, 0, 0, 0);
    if (fd < 0) /* not the first thread of a process, or no descriptor is left */
        return raw_call(SYS_tkill, id, 0, 0, 0, 0, 0) == -ESRCH;
    struct pollfd p = {(int)fd, POLLIN, 0};
    bool ended = raw_call(SYS_poll, (long)&p, 1, 0, 0, 0, 0) == 1;
    raw_call(SYS_close, fd, 0, 0, 0, 0, 0);
    return ended;
}

static struct timespec patience_end(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += PATIENCE_NS;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static bool holder_is_gone(uint32_t word)
{
    int pid = (int)(word >> LOCK_PID_FROM), shared = atomic_load(&first);
    return shared && process_is_gone(pid ? pid : shared);
}

void lock_wait(struct lock *l)
{
    struct timespec end = patience_end(); /* whatever signals come meanwhile */
    uint32_t mine = lock_owner() | LOCK_WAITED, seen = 0;
    while (!atomic_compare_exchange_strong(&l->word, &seen, mine)) {
        if (!(seen & LOCK_WAITED) && !atomic_compare_exchange_strong(&l->word, &seen, seen | LOCK_WAITED)) {
            seen = 0;
            continue;
        }
        seen |= LOCK_WAITED;
        long r = raw_call(SYS_futex, (long)&l->word, FUTEX_WAIT_BITSET_PRIVATE, seen, (long)&end, 0,
                          FUTEX_BITSET_MATCH_ANY);
        if (r == -ETIMEDOUT && holder_is_gone(seen) &&
            atomic_compare_exchange_strong(&l->word, &seen, mine)) {
            if (l->mend)
                l->mend();
            return;
        }
        if (r == -ETIMEDOUT)
            end = patience_end();
        seen = 0;
    }
}

void lock_wake(struct lock *l)
{
    raw_call(SYS_futex, (long)&l->word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}
