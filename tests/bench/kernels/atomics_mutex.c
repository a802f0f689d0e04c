/* SPDX-License-Identifier: MIT */
/* An uncontended mutex and compare-and-swap, one thread. */
#include "bench.h"

#include <pthread.h>
#include <stdatomic.h>

int main(int argc, char **argv)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    _Atomic uint32_t word = 0;
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 25000000); r > 0; r--) {
        pthread_mutex_lock(&m);
        sum += (uint64_t)r;
        pthread_mutex_unlock(&m);
        uint32_t old = atomic_load(&word);
        atomic_compare_exchange_strong(&word, &old, old + (uint32_t)r);
    }
    return bench_end(sum ^ word);
}
