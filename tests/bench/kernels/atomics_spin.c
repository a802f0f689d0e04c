/* SPDX-License-Identifier: MIT */
/* Two threads and a spin lock. */
#include "bench.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_flag lock = ATOMIC_FLAG_INIT;
static uint64_t count;
static long rounds;

static void *work(void *arg)
{
    for (long r = rounds; r > 0; r--) {
        while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire))
            sched_yield();
        count += (uint64_t)r;
        atomic_flag_clear_explicit(&lock, memory_order_release);
        for (volatile int i = 0; i < 20; i++)
            ;
    }
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t;
    rounds = bench_rounds(argc, argv, 3200000);
    pthread_create(&t, NULL, work, NULL);
    work(NULL);
    pthread_join(t, NULL);
    return bench_end(count);
}
