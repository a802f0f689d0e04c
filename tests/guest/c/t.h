/* SPDX-License-Identifier: MIT */
/*
 * What the guest programs share: reproducible random numbers, and printing in a form that is the same on every machine.
 * A program prints what it sees; tests/guest/c/run.py compares that with a native run of the same source, or with
 * NAME.expected where the instruction set shows.
 */
#ifndef T_H
#define T_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t rnd_state = 0x9e3779b97f4a7c15ull;

__attribute__((unused)) static uint64_t rnd(void)
{
    rnd_state ^= rnd_state << 13;
    rnd_state ^= rnd_state >> 7;
    rnd_state ^= rnd_state << 17;
    return rnd_state;
}

/* Random, but often at a corner: small, near a power of two, or near the ends. */
__attribute__((unused)) static uint64_t rnd_corner(void)
{
    uint64_t r = rnd();
    switch (r >> 60) {
    case 0:
    case 1: return r & 7;
    case 2:
    case 3: return -(r & 7);
    case 4:
    case 5: return (1ull << (r & 63)) - (r >> 6 & 1);
    case 6: return 0x7fffffffffffffff + (r & 3);
    case 7: return 0x7ffffffful + (r & 3);
    default: return r;
    }
}

__attribute__((unused)) static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v;
    h *= 0xff51afd7ed558ccdull;
    return h ^ h >> 32;
}

/* A result of a system call: its value, or the name of the error. */
__attribute__((unused)) static long show(const char *name, long r)
{
    if (r == -1)
        printf("%s: %s\n", name, strerrorname_np(errno));
    else
        printf("%s: %ld\n", name, r);
    return r;
}

/* The same where only success counts, because the value is the machine's. */
__attribute__((unused)) static long good(const char *name, long r)
{
    printf("%s: %s\n", name, r == -1 ? strerrorname_np(errno) : "ok");
    return r;
}

#define CHECK(x) printf("%s: %s\n", #x, (x) ? "yes" : "NO")

#endif
