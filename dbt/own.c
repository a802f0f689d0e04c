/* SPDX-License-Identifier: MIT */
/*
 * Memory in xrun's window, at ever higher addresses, so that no list of what is free is needed: the window is a
 * million times larger than a thread's share.  At its end it starts over, and steps over what is still there.
 */
#include "dbt/own.h"

#include "dbt/raw.h"
#include "dbt/types.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define HUGE  (2ull << 20)
#define TRIES 4096

static _Atomic uint64_t next OWN_BY_FORK = OWN_MEMORY;

/* A place for size bytes; large ones where the kernel can use large pages. */
static uint64_t place(size_t size)
{
    uint64_t align = size >= HUGE ? HUGE : PAGE, at, end, old = next;

    do {
        at = (old + align - 1) & ~(align - 1);
        if (size > OWN_END - OWN_MEMORY || at > OWN_END - size)
            at = OWN_MEMORY;
        end = at + ((size + PAGE - 1) & ~(PAGE - 1));
    } while (!atomic_compare_exchange_weak(&next, &old, end));
    return at;
}

void *own_map(size_t size, int flags)
{
    return own_map_as(size, flags, PROT_READ | PROT_WRITE);
}

void *own_map_as(size_t size, int flags, int prot)
{
    const int how = flags | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;

    for (int i = 0; i < TRIES; i++) {
        uint64_t at = place(size);
        long r = raw_call(SYS_mmap, (long)at, (long)size, prot, how, -1, 0);
        if (r == (long)at)
            return (void *)at;
        if (r != -17) /* EEXIST: something is there */
            return NULL;
    }
    return NULL;
}

void own_ready(void *base, size_t size, size_t need, size_t *ready, int advice)
{
    enum { STEP = 64 << 10 };
    if (need <= *ready)
        return;
    size_t end = (need + STEP - 1) & ~(size_t)(STEP - 1);
    end = end < size ? end : size;
    madvise((uint8_t *)base + *ready, end - *ready, advice);
    *ready = end;
}
