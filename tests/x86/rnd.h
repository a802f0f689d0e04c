/* SPDX-License-Identifier: MIT */
/* Numbers below n, always the same ones (xorshift64). */
#ifndef TESTS_X86_RND_H
#define TESTS_X86_RND_H

#include <stdint.h>

static inline unsigned rnd(unsigned n)
{
    static uint64_t seed = 88172645463325252u;
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 20) % n;
}

#endif
