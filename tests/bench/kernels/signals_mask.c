/* SPDX-License-Identifier: MIT */
/* Signals blocked and let through, as around every critical section. */
#include "bench.h"

#include <signal.h>

int main(int argc, char **argv)
{
    sigset_t set, old;
    uint64_t sum = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    for (long r = bench_rounds(argc, argv, 400000); r > 0; r--) {
        sigprocmask(SIG_BLOCK, &set, &old);
        sum += (uint64_t)sigismember(&old, SIGUSR1) + 1;
        sigprocmask(SIG_SETMASK, &old, NULL);
    }
    return bench_end(sum);
}
