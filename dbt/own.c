/* SPDX-License-Identifier: MIT */
/*
 * Memory in xrun's window, at ever higher addresses, so that no list of what is free is needed: the window is a
 * million times larger than a thread's share.  At its end it starts over, and steps over what is still there.
 */
#include "dbt/own.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define PAGE  4096ull
#define HUGE  (2ull << 20)
#define TRIES 4096

static _Atomic uint64_t next = OWN_MEMORY;

/* Without the C library's errno, which all guest threads share. */
static int64_t map_at(uint64_t addr, size_t size, int prot, int flags)
{
    register long r10 __asm__("r10") = flags, r8 __asm__("r8") = -1, r9 __asm__("r9") = 0;
    int64_t r;

    __asm__ volatile("syscall"
                     : "=a"(r)
                     : "0"((long)SYS_mmap), "D"(addr), "S"(size), "d"((long)prot), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return r;
}

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
        int64_t r = map_at(at, size, prot, how);
        if (r == (int64_t)at)
            return (void *)at;
        if (r != -17) /* EEXIST: something is there */
            return NULL;
    }
    return NULL;
}
