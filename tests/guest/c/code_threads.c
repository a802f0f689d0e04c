/* SPDX-License-Identifier: MIT */
/*
 * Code that one thread writes while others run it: what is called after the writer said so is the new code.  Written in
 * place and flushed, through another mapping, by changing the protection, by unmapping and mapping anew, and by mapping
 * over it.
 */
#include "t.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS 1500

static char *run, *write_at;
static long version, stop, stale, calls;

static void put(char *at, long n)
{
    uint32_t *w = (uint32_t *)at;
    w[0] = 0xd2800000u | (uint32_t)n << 5, w[1] = 0xd65f03c0; /* mov x0, #n; ret */
}

static void *runner(void *arg)
{
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        long before = __atomic_load_n(&version, __ATOMIC_ACQUIRE);
        __asm__ volatile("isb" ::: "memory");
        long got = before ? ((long (*)(void))run)() : 0;
        if (got < before)
            __atomic_fetch_add(&stale, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
    }
    return arg;
}

static void in_place(long n)
{
    put(write_at, n);
    __builtin___clear_cache(write_at, write_at + 8);
}

/* New code under the same address in one step; nobody may run the page while it is not there. */
static char *spare;
static void move_over(long n)
{
    char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    put(p, n);
    __builtin___clear_cache(p, p + 8);
    mprotect(p, 4096, PROT_READ | PROT_EXEC);
    spare = mremap(p, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, run);
}

static int file;
static void map_over(long n)
{
    char page[4096] = {0};
    put(page, n);
    pwrite(file, page, sizeof page, n * 4096);
    mmap(run, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, n * 4096);
}

static void many(const char *name, void (*change)(long), int threads)
{
    pthread_t t[3];
    version = stop = stale = calls = 0;
    for (int i = 0; i < threads; i++)
        pthread_create(&t[i], NULL, runner, NULL);
    while (threads && !__atomic_load_n(&calls, __ATOMIC_RELAXED)) /* a loaded machine may start them late */
        usleep(100);
    for (long n = 1; n <= ROUNDS; n++) {
        change(n);
        __atomic_store_n(&version, n, __ATOMIC_RELEASE);
        if (n % 50 == 0)
            usleep(100);
        if (((long (*)(void))run)() != n)
            stale++;
    }
    stop = 1;
    for (int i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    printf("%s: stale %ld, called %d\n", name, stale, calls > 0);
}

/* Alone: protection taken away and given back with other contents in between, and munmap. */
static void protect(long n)
{
    mprotect(run, 4096, PROT_READ | PROT_WRITE);
    put(run, n);
    mprotect(run, 4096, PROT_READ | PROT_EXEC);
    __builtin___clear_cache(run, run + 8);
}
static void unmap(long n)
{
    munmap(run, 4096);
    char *p =
        mmap(run, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    put(p, n);
    __builtin___clear_cache(p, p + 8);
    mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

int main(void)
{
    run = write_at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    many("in place", in_place, 2);
    int fd = memfd_create("code", 0);
    ftruncate(fd, 4096);
    write_at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    run = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    many("other mapping", in_place, 2);
    run = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    many("protected", protect, 0), many("unmapped", unmap, 0);
    many("moved over", move_over, 1);
    file = memfd_create("pages", 0);
    many("mapped over", map_over, 1);
    return 0;
}
