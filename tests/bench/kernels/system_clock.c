/* SPDX-License-Identifier: MIT */
/* The time of day, asked for again and again. */
#include "bench.h"

#include <time.h>

int main(int argc, char **argv)
{
    struct timespec last = {0, 0}, now;
    uint64_t backwards = 0;
    for (long r = bench_rounds(argc, argv, 5400000); r > 0; r--) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        backwards += now.tv_sec < last.tv_sec || (now.tv_sec == last.tv_sec && now.tv_nsec < last.tv_nsec);
        last = now;
    }
    return bench_end(backwards);
}
