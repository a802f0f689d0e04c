/* SPDX-License-Identifier: MIT */
/* A thread that has found the pointer that it calls to be the one that an inline cache leads to must get there, even if that
 * code is being made anew and another thread calls something else at the same place. */
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 3, SECONDS = 2 };

static int end, wrong;
static long calls;

__attribute__((noinline, aligned(64))) static int call(int (*f)(void))
{
    int r = f();
    __asm__ volatile("" : "+r"(r));
    return r;
}

__attribute__((noinline, aligned(256))) static int one(void)
{
    __asm__ volatile("nop");
    return 1;
}

__attribute__((noinline, aligned(256))) static int two(void)
{
    __asm__ volatile("nop");
    return 2;
}

static void *call_one(void *arg)
{
    while (!__atomic_load_n(&end, __ATOMIC_RELAXED)) {
        if (call(one) != 1)
            __atomic_store_n(&wrong, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
    }
    return arg;
}

static void change(int (*f)(void))
{
    __builtin___clear_cache((char *)f, (char *)f + 64);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(void)
{
    pthread_t thread[THREADS];
    double start = now();
    for (int k = 0; k < THREADS; k++)
        if (pthread_create(&thread[k], NULL, call_one, NULL))
            return 1;
    while (now() < start + SECONDS && !__atomic_load_n(&wrong, __ATOMIC_RELAXED)) {
        long before = __atomic_load_n(&calls, __ATOMIC_RELAXED);
        change(two);
        for (int k = 0; k < 200 && __atomic_load_n(&calls, __ATOMIC_RELAXED) == before; k++)
            ;
        usleep(1);
        change(one);
        if (call(two) != 2)
            wrong = 1;
    }
    __atomic_store_n(&end, 1, __ATOMIC_RELAXED);
    for (int k = 0; k < THREADS; k++)
        pthread_join(thread[k], NULL);
    puts(wrong ? "went elsewhere" : "ok");
    return wrong;
}
