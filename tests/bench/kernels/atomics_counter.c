/* SPDX-License-Identifier: MIT */
/* Two threads adding to one counter, each often enough to fight for it. */
#include "bench.h"

#include <pthread.h>
#include <stdatomic.h>

static _Atomic uint64_t counter;
static long rounds;

static void *work(void *arg)
{
    (void)arg;
    for (long r = 0; r < rounds; r++) {
        atomic_fetch_add(&counter, 1);
        for (int i = 0; i < 8; i++)
            __asm__ volatile("" : : : "memory");
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t t[2];
    rounds = bench_rounds(argc, argv, 12000000);
    for (int i = 0; i < 2; i++)
        if (pthread_create(&t[i], NULL, work, NULL))
            return 1;
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return bench_end(counter);
}
