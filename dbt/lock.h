/* SPDX-License-Identifier: MIT */
/*
 * A mutex on a futex word: no libc, no thread-local data, may be held across fork (the child owns its copy).
 * After "Futexes Are Tricky" (Drepper, 2011), mutex 2.
 *
 * A process that shares this memory without being a thread (clone(2) with CLONE_VM alone, a vfork child) may be killed
 * at any point, and the others go on.  So the word names the process that holds the lock, and who has waited for long asks
 * whether that one is still there (lock.c).  A robust futex would not do: a thread has one list of them, and it is the guest's.
 */
#ifndef DBT_LOCK_H
#define DBT_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* The word: 0, or LOCK_HELD with the holder's process id above it, and whether anybody waits.  A process has no number as long
 * as it shares its memory with no other one (lock_share). */
#define LOCK_WAITED   1u
#define LOCK_HELD     2u
#define LOCK_PID_FROM 2

struct lock {
    _Atomic uint32_t word;
    /* What puts right what the lock protects after a holder died half-way; called with the lock held.  NULL: the changes are
     * so short, a few stores, that no more can be done than to go on. */
    void (*mend)(void);
};

/* This process's part of the words it writes. */
uint32_t lock_owner(void);
void lock_wait(struct lock *l);
void lock_wake(struct lock *l);

/* Another process is about to share this memory: to be called before it does. */
void lock_share(void);
/* This process does not see the process ids of those it shares memory with, nor they its: nobody asks any more. */
void lock_apart(void);
/* The memory is this process's alone: it is a child of fork. */
void lock_fork_child(void);

/* Has this process or thread (by the caller's PID namespace) come to its end?  A process that its parent has not
 * waited for has. */
bool process_is_gone(int id);

static inline bool lock_try(struct lock *l)
{
    uint32_t c = 0;
    return atomic_compare_exchange_strong(&l->word, &c, lock_owner());
}

static inline void lock_take(struct lock *l)
{
    if (!lock_try(l))
        lock_wait(l);
}

static inline void lock_drop(struct lock *l)
{
    if (atomic_exchange(&l->word, 0) & LOCK_WAITED)
        lock_wake(l);
}

#endif
