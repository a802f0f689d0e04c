/* SPDX-License-Identifier: MIT */
/* Two threads that wait for each other on a futex. */
#include "bench.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic uint32_t turn;
static long rounds;

static void futex(int op, uint32_t value)
{
    syscall(SYS_futex, &turn, op, value, NULL, NULL, 0);
}

static void play(uint32_t me)
{
    for (long r = rounds; r > 0; r--) {
        for (uint32_t v; (v = atomic_load(&turn)) % 2 != me;)
            futex(FUTEX_WAIT_PRIVATE, v);
        atomic_fetch_add(&turn, 1);
        futex(FUTEX_WAKE_PRIVATE, 1);
    }
}

static void *other(void *arg)
{
    play(1);
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t;
    rounds = bench_rounds(argc, argv, 10000);
    pthread_create(&t, NULL, other, NULL);
    play(0);
    pthread_join(t, NULL);
    return bench_end(turn);
}
