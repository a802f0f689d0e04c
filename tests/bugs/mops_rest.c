/* SPDX-License-Identifier: MIT */
/*
 * Copies and fills in hot code, now and then so large that the last of their three instructions has something to do, too:
 * what follows it must find memory, registers and flags as if it were not so.
 * modes: default tier1 tier2 interp no-opt v3
 */
#include "../guest/c/t.h"

enum { SIZE = 65536, MIDDLE = 24576 };
static uint8_t memory[SIZE], want[SIZE];

/* Each: the three instructions, and behind them code in the same run of instructions that reads what they leave. */
#define THREE(name, words)                                                                                   \
    static uint64_t name(uint8_t *to, uint64_t from, uint64_t n)                                             \
    {                                                                                                        \
        register uint64_t d __asm__("x3") = (uint64_t)to, s __asm__("x1") = from, left __asm__("x2") = n;    \
        uint64_t sum;                                                                                        \
        __asm__ volatile(".inst " words "\n add %0, %1, %3\n cinc %0, %0, cs\n add %0, %0, %3, lsl 8"        \
                         : "=&r"(sum), "+r"(d), "+r"(s), "+r"(left)                                          \
                         :                                                                                   \
                         : "memory", "cc");                                                                  \
        return sum - (uint64_t)to;                                                                           \
    }
THREE(copy, "0x1d010443, 0x1d410443, 0x1d810443")     /* cpyp, cpym, cpye [x3]!, [x1]!, x2! */
THREE(forwards, "0x19010443, 0x19410443, 0x19810443") /* cpyfp ... */
THREE(set, "0x19c10443, 0x19c14443, 0x19c18443")      /* setp, setm, sete [x3]!, x2!, x1 */

static const unsigned size[] = {3, 16, 100, 128, 129, 1000, 4096, 4097, 20000};
static const int by[] = {-20000, -4096, -1, 2, 1, 63, 128, 4095, 20000};

static unsigned check(unsigned k, unsigned rare)
{
    unsigned n = rare ? size[rare % 9] : 1 + k % 40;
    int d = by[(rare / 9) % 9];
    unsigned kind = k % 3, bad = 0;
    if (kind == 1 && d > 0) /* not for forwards */
        d = -d;
    for (unsigned i = 0; rare && i < SIZE; i++)
        memory[i] = want[i] = (uint8_t)(i * 7 + k);
    if (rare && kind == 2)
        memset(want + MIDDLE, (int)k, n);
    else if (rare)
        for (unsigned i = 0; i < n; i++)
            want[MIDDLE + d + (int)i] = memory[MIDDLE + i];
    uint64_t end;
    if (kind == 0)
        end = copy(memory + MIDDLE + d, (uint64_t)(memory + MIDDLE), n);
    else if (kind == 1)
        end = forwards(memory + MIDDLE + d, (uint64_t)(memory + MIDDLE), n);
    else
        end = set(memory + MIDDLE, k, n);
    /* Option B: carry is set, and the target is where the copy ended: above for upwards, where it began for downwards. */
    bool down = kind == 0 && d > 0 && (unsigned)d < n;
    bad += end != (down ? 0 : n) + 1;
    return bad + (rare && memcmp(memory, want, SIZE) != 0);
}

int main(void)
{
    unsigned wrong = 0, rare = 1;
    for (unsigned k = 0; k < 120000; k++)
        wrong += check(k, k % 400 == 399 ? rare++ : 0);
    printf("wrong %u\n", wrong);
    return 0;
}
