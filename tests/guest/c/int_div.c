/* SPDX-License-Identifier: MIT */
/*
 * What AArch64's division and shifts do where x86's differ: division by zero gives 0, INT_MIN / -1 wraps,
 * nothing traps.
 */
#include "t.h"

#include <signal.h>

static void on_fpe(int s)
{
    printf("signal %d\n", s);
    exit(1);
}

static void div_all(uint64_t a, uint64_t b)
{
    uint64_t s, u, ws, wu, lsl, lsr, asr, ror, wlsl;
    __asm__("sdiv %0, %1, %2" : "=r"(s) : "r"(a), "r"(b));
    __asm__("udiv %0, %1, %2" : "=r"(u) : "r"(a), "r"(b));
    __asm__("sdiv %w0, %w1, %w2" : "=r"(ws) : "r"(a), "r"(b));
    __asm__("udiv %w0, %w1, %w2" : "=r"(wu) : "r"(a), "r"(b));
    __asm__("lsl %0, %1, %2" : "=r"(lsl) : "r"(a), "r"(b));
    __asm__("lsr %0, %1, %2" : "=r"(lsr) : "r"(a), "r"(b));
    __asm__("asr %0, %1, %2" : "=r"(asr) : "r"(a), "r"(b));
    __asm__("ror %0, %1, %2" : "=r"(ror) : "r"(a), "r"(b));
    __asm__("lsl %w0, %w1, %w2" : "=r"(wlsl) : "r"(a), "r"(b));
    printf("%016lx %016lx: %lx %lx %lx %lx %lx %lx %lx %lx %lx\n", a, b, s, u, ws, wu, lsl, lsr, asr, ror,
           wlsl);
}

int main(void)
{
    /* clang-format off */
    const uint64_t v[] = {
        0, 1, 2, 7, 31, 32, 33, 63, 64, 65, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
        0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0x8000000080000000,
        0xffffffff80000000,
    };
    /* clang-format on */
    const int n = sizeof v / sizeof *v;
    signal(SIGFPE, on_fpe);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++)
            div_all(v[i], v[k]);
    return 0;
}
