/* SPDX-License-Identifier: MIT */
/* One thread puts, another takes: a ring without locks. */
#include "bench.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define SIZE 1024
static uint64_t ring[SIZE];
static _Atomic uint64_t head __attribute__((aligned(128))), tail __attribute__((aligned(128)));
static long rounds;

static void *produce(void *arg)
{
    for (uint64_t i = 0; i < (uint64_t)rounds; i++) {
        while (i - atomic_load_explicit(&tail, memory_order_acquire) == SIZE)
            sched_yield();
        ring[i % SIZE] = i * 7;
        atomic_store_explicit(&head, i + 1, memory_order_release);
    }
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t;
    uint64_t sum = 0;
    rounds = bench_rounds(argc, argv, 8000000);
    pthread_create(&t, NULL, produce, NULL);
    for (uint64_t i = 0; i < (uint64_t)rounds; i++) {
        while (atomic_load_explicit(&head, memory_order_acquire) == i)
            sched_yield();
        sum = sum * 3 + ring[i % SIZE];
        atomic_store_explicit(&tail, i + 1, memory_order_release);
    }
    pthread_join(t, NULL);
    return bench_end(sum);
}
