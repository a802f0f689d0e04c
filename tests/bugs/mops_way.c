/* SPDX-License-Identifier: MIT */
/*
 * Loops that copy and fill, every fourth turn so much that the last of the three instructions has something to do: it becomes
 * a way of its own through the loop, and must do it there, not ask itself again and again.
 * modes: default tier1 tier2 interp no-opt v3
 */
#include "../guest/c/t.h"

enum { SIZE = 5000 };
static uint8_t from[SIZE], to[SIZE];

#define LOOP(name, words)                                                                                    \
    static void name(uint64_t turns)                                                                         \
    {                                                                                                        \
        register uint64_t x0 __asm__("x0") = turns, x4 __asm__("x4") = (uint64_t)from,                       \
                             x5 __asm__("x5") = (uint64_t)to;                                                \
        __asm__ volatile("1: tst x0, #3\n"                                                                   \
                         "mov x2, #5000\n"                                                                   \
                         "mov x6, #16\n"                                                                     \
                         "csel x2, x2, x6, eq\n"                                                             \
                         "mov x3, x5\n"                                                                      \
                         "mov x1, x4\n"                                                                      \
                         ".inst " words "\n"                                                                 \
                         "subs x0, x0, #1\n"                                                                 \
                         "b.ne 1b\n"                                                                         \
                         : "+r"(x0)                                                                          \
                         : "r"(x4), "r"(x5)                                                                  \
                         : "x1", "x2", "x3", "x6", "memory", "cc");                                          \
    }
LOOP(copy, "0x1d010443, 0x1d410443, 0x1d810443")     /* cpyp, cpym, cpye [x3]!, [x1]!, x2! */
LOOP(forwards, "0x19010443, 0x19410443, 0x19810443") /* cpyfp ... */
LOOP(set, "0x19c10443, 0x19c14443, 0x19c18443")      /* setp, setm, sete [x3]!, x2!, x1 */

static void check(void (*loop)(uint64_t))
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < SIZE; i++) {
        from[i] = (uint8_t)(i * 7);
        to[i] = 0;
    }
    loop(200000);
    for (unsigned i = 0; i < SIZE; i++)
        sum += to[i] != from[i];
    printf("%lu\n", sum);
}

int main(void)
{
    check(copy);
    check(forwards);
    set(200000);
    for (unsigned i = 1; i < SIZE; i++)
        if (to[i] != to[0])
            puts("set differs");
    puts("done");
    return 0;
}
