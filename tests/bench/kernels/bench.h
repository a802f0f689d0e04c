/* SPDX-License-Identifier: MIT */
/* What every kernel shares: it does its work argv[1] times (or its own default) and prints one checksum. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline long bench_rounds(int argc, char **argv, long standard) { return argc > 1 ? atol(argv[1]) : standard; }
static inline uint32_t bench_random(uint32_t *s) { return *s = *s * 1664525u + 1013904223u; }
static inline int bench_end(uint64_t sum)
{
    printf("%016llx\n", (unsigned long long)sum);
    return 0;
}

#endif
