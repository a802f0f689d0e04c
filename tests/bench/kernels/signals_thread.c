/* SPDX-License-Identifier: MIT */
/* Signals sent to another thread, which waits for them. */
#include "bench.h"

#include <pthread.h>
#include <signal.h>

static long rounds;
static sigset_t set;
static pthread_t first;
static uint64_t sum;

static void *wait_for_them(void *arg)
{
    int signo;
    for (long r = rounds; r > 0; r--) {
        sigwait(&set, &signo);
        sum += (uint64_t)signo;
        pthread_kill(first, SIGUSR2);
    }
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t;
    int signo;
    first = pthread_self();
    rounds = bench_rounds(argc, argv, 4900);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pthread_create(&t, NULL, wait_for_them, NULL);
    for (long r = rounds; r > 0; r--) {
        pthread_kill(t, SIGUSR1);
        sigwait(&set, &signo);
    }
    pthread_join(t, NULL);
    return bench_end(sum);
}
