/* SPDX-License-Identifier: MIT */
/*
 * Code that changes: made in RWX memory, in RW memory then made RX, patched and run again, patched by
 * another thread, mapped twice (write here, run there), freed and made anew at the same address, moved by
 * mremap, called across pages.
 */
#include "t.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

typedef long fn(long);
enum { RET = 0xd65f03c0u };
static uint32_t mov_x0(unsigned v)
{
    return 0xd2800000u | (v & 0xffff) << 5;
}
static uint32_t add_x0(unsigned v)
{
    return 0x91000000u | (v & 0xfff) << 10;
}

static void emit(uint32_t *at, unsigned v)
{
    at[0] = mov_x0(v), at[1] = add_x0(v & 0xfff), at[2] = RET;
    __builtin___clear_cache((char *)at, (char *)(at + 3));
}

static uint32_t *shared_code;
static volatile int stop;
static long seen_bad, calls, written;

/* Until the writer's IC IVAU and DSB, old and new code may be run in any order; then a thread that knows of it runs the new code
 * behind an ISB. */
static void *runner(void *arg)
{
    while (!stop) {
        long least = __atomic_load_n(&written, __ATOMIC_ACQUIRE);
        __asm__ volatile("isb" : : : "memory");
        long v = ((fn *)shared_code)(0);
        if (v < least || v > 3000)
            seen_bad++;
        calls++;
    }
    return arg;
}

/* The same place again and again. */
static void patched(uint32_t *rwx)
{
    long sum = 0;
    for (unsigned i = 0; i < 500; i++) {
        emit(rwx, i);
        sum += ((fn *)rwx)(0);
    }
    printf("patched %ld\n", sum);
}

static void many(uint32_t *rwx)
{
    long sum = 0;
    for (int i = 0; i < 1000; i++)
        emit(rwx + 3 * i, (unsigned)i);
    for (int k = 0; k < 20; k++)
        for (int i = 0; i < 1000; i++)
            sum += ((fn *)(rwx + 3 * i))(0);
    printf("many %ld\n", sum);
}

/* A page at AT that can be written or run, never both; every other time it is unmapped. */
static void write_xor_execute(uint32_t *at)
{
    long sum = 0;
    for (unsigned i = 0; i < 50; i++) {
        uint32_t *p = mmap(at, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        emit(p, i * 3);
        mprotect(p, 4096, PROT_READ | PROT_EXEC);
        sum += ((fn *)p)(0);
        if (i % 2) {
            munmap(p, 4096);
        } else {
            mprotect(p, 4096, PROT_READ | PROT_WRITE);
            p[0] = mov_x0(1000);
            mprotect(p, 4096, PROT_READ | PROT_EXEC);
            __builtin___clear_cache((char *)p, (char *)p + 4);
            sum += ((fn *)p)(0);
        }
    }
    printf("W^X %ld\n", sum);
}

static void two_mappings(void)
{
    int fd = memfd_create("code", 0);
    ftruncate(fd, 8192);
    uint32_t *w = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
             *x = mmap(NULL, 8192, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    long sum = 0;
    for (unsigned i = 0; i < 200; i++) {
        emit(w + 1023, i * 5); /* across the page's end */
        __builtin___clear_cache((char *)(x + 1023), (char *)(x + 1026));
        sum += ((fn *)(x + 1023))(0);
    }
    printf("two mappings, flushed there %ld\n", sum);
}

/* Code goes to TARGET by mremap, and other code comes to where it was. */
static void moved(uint32_t *target)
{
    enum { RWX = PROT_READ | PROT_WRITE | PROT_EXEC };
    uint32_t *from = mmap(NULL, 4096, RWX, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    emit(from, 321);
    long before = ((fn *)from)(0);
    uint32_t *to = mremap(from, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, target);
    printf("moved %ld %ld\n", before, ((fn *)to)(0));
    from = mmap(from, 4096, RWX, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    emit(from, 111);
    printf("anew %ld\n", ((fn *)from)(0));
}

/* A loop that patches itself: the immediate of the add grows with every round. */
static void self_patching(uint32_t *rwx)
{
    static const uint32_t loop[] = {0xd2800001,             /* mov x1, #0 */
                                    0xd2800142,             /* mov x2, #10 */
                                    0x91000421,             /* 1: add x1, x1, #1 <- patched */
                                    0xb9400803,             /* ldr w3, [x0, #8] */
                                    0x11100063,             /* add w3, w3, #0x400 */
                                    0xb9000803,             /* str w3, [x0, #8] */
                                    0x91002004,             /* add x4, x0, #8 */
                                    0xd50b7b24,             /* dc cvau, x4 */
                                    0xd5033b9f,             /* dsb ish */
                                    0xd50b7524,             /* ic ivau, x4 */
                                    0xd5033b9f, 0xd5033fdf, /* dsb ish; isb */
                                    0xf1000442,             /* subs x2, x2, #1 */
                                    0x54fffea1,             /* b.ne 1b */
                                    0xaa0103e0, RET};       /* mov x0, x1 */
    memcpy(rwx, loop, sizeof loop);
    __builtin___clear_cache((char *)rwx, (char *)rwx + sizeof loop);
    printf("self-patching %ld\n", ((fn *)rwx)((long)rwx));
}

static void patched_under_threads(uint32_t *at)
{
    shared_code = at;
    shared_code[0] = mov_x0(0), shared_code[1] = RET;
    __builtin___clear_cache((char *)shared_code, (char *)(shared_code + 2));
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, runner, NULL);
    while (!*(volatile long *)&calls) /* a loaded machine may start them late */
        usleep(100);
    for (unsigned i = 1; i <= 3000; i++) {
        __atomic_store_n(shared_code, mov_x0(i), __ATOMIC_RELEASE);
        __builtin___clear_cache((char *)shared_code, (char *)(shared_code + 1));
        __atomic_store_n(&written, i, __ATOMIC_RELEASE);
    }
    usleep(20000);
    long last = ((fn *)shared_code)(0);
    stop = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("threads: last %ld, bad %ld, ran %d\n", last, seen_bad, calls > 0);
}

int main(void)
{
    /* Four pages, of which write_xor_execute() and moved() replace the last two. */
    uint32_t *rwx = mmap(NULL, 16384, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    patched(rwx);
    many(rwx);
    write_xor_execute(rwx + 2048);
    two_mappings();
    moved(rwx + 3072);
    self_patching(rwx);
    patched_under_threads(rwx + 64);
    return 0;
}
