/* SPDX-License-Identifier: MIT */
/* Work that a timer interrupts two thousand times a second. */
#include "bench.h"

#include <signal.h>
#include <sys/time.h>

static volatile sig_atomic_t ticks;
static void on_tick(int s) { ticks += s > 0; }

int main(int argc, char **argv)
{
    struct itimerval every = {{0, 500}, {0, 500}}, off = {{0, 0}, {0, 0}};
    uint64_t h = 1;
    signal(SIGALRM, on_tick);
    setitimer(ITIMER_REAL, &every, NULL);
    for (long r = bench_rounds(argc, argv, 32000000); r > 0; r--)
        h = (h ^ (uint64_t)r) * 1099511628211u;
    setitimer(ITIMER_REAL, &off, NULL);
    return bench_end(h + (ticks > 0));
}
