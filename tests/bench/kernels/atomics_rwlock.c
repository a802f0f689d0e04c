/* SPDX-License-Identifier: MIT */
/* A lock for many readers, one of sixteen times for a writer. */
#include "bench.h"

#include <pthread.h>

int main(int argc, char **argv)
{
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    uint64_t table[16] = {0}, sum = 0;
    for (long r = bench_rounds(argc, argv, 9300000); r > 0; r--) {
        if ((r & 15) == 0) {
            pthread_rwlock_wrlock(&lock);
            table[r >> 4 & 15] += (uint64_t)r;
        } else {
            pthread_rwlock_rdlock(&lock);
            sum += table[r & 15];
        }
        pthread_rwlock_unlock(&lock);
    }
    pthread_rwlock_destroy(&lock);
    return bench_end(sum);
}
