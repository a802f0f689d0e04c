/* SPDX-License-Identifier: MIT */
/* raise() to a handler. */
#include "bench.h"

#include <signal.h>

static volatile uint64_t count;
static void handler(int s) { count += (uint64_t)s; }

int main(int argc, char **argv)
{
    signal(SIGUSR1, handler);
    for (long r = bench_rounds(argc, argv, 400000); r > 0; r--)
        raise(SIGUSR1);
    return bench_end(count);
}
