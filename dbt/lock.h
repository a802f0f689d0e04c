/* SPDX-License-Identifier: MIT */
/*
 * A mutex on a futex word: no libc, no thread-local data, may be held across fork (the child owns its copy).
 * After "Futexes Are Tricky" (Drepper, 2011), mutex 2: 0 free, 1 held, 2 held with waiters.
 */
#ifndef DBT_LOCK_H
#define DBT_LOCK_H

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>

struct lock {
    _Atomic uint32_t word;
};

static inline long lock_futex(_Atomic uint32_t *word, int op, uint32_t val)
{
    long r;
    register long r10 __asm__("r10") = 0;
    __asm__ volatile("syscall"
                     : "=a"(r)
                     : "0"((long)SYS_futex), "D"(word), "S"((long)op), "d"((long)val), "r"(r10)
                     : "rcx", "r11", "memory");
    return r;
}

static inline bool lock_try(struct lock *l)
{
    uint32_t c = 0;
    return atomic_compare_exchange_strong(&l->word, &c, 1);
}

static inline void lock_take(struct lock *l)
{
    uint32_t c = 0;
    if (atomic_compare_exchange_strong(&l->word, &c, 1))
        return;
    if (c != 2)
        c = atomic_exchange(&l->word, 2);
    while (c != 0) {
        lock_futex(&l->word, FUTEX_WAIT_PRIVATE, 2);
        c = atomic_exchange(&l->word, 2);
    }
}

static inline void lock_drop(struct lock *l)
{
    if (atomic_exchange(&l->word, 0) == 2)
        lock_futex(&l->word, FUTEX_WAKE_PRIVATE, 1);
}

#endif
