/* SPDX-License-Identifier: MIT */
/*
 * Tininess is detected before rounding on Arm, after it on x86: results that round up to the smallest
 * normal number underflow here.
 */
#include "t.h"

static uint64_t fpsr(void)
{
    uint64_t v;
    __asm__ volatile("mrs %0, fpsr\n msr fpsr, xzr" : "=r"(v));
    return v & 0x9f;
}

#define OP(text, a, b, c)                                                                                    \
    do {                                                                                                     \
        uint64_t r_;                                                                                         \
        fpsr();                                                                                              \
        __asm__ volatile("fmov d0, %1\n fmov d1, %2\n fmov d2, %3\n" text "\n fmov %0, d0"                   \
                         : "=r"(r_)                                                                          \
                         : "r"(a), "r"(b), "r"(c)                                                            \
                         : "v0", "v1", "v2");                                                                \
        printf("  %s %lx %lx\n", text, r_, fpsr());                                                          \
    } while (0)

int main(void)
{
    const uint64_t below_one = 0x3fefffffffffffff, one = 0x3ff0000000000000, smallest = 0x0010000000000000,
                   denormal = 1, above_one = 0x3ff0000000000001;
    for (uint64_t mode = 0; mode < 4; mode++) {
        printf("mode %lu\n", mode);
        __asm__ volatile("msr fpcr, %0" ::"r"(mode << 22));
        OP("fmul d0, d0, d1", smallest, below_one, one);
        OP("fdiv d0, d0, d1", smallest, above_one, one);
        OP("fmsub d0, d0, d1, d2", denormal, denormal, smallest);
        OP("fnmsub d0, d0, d1, d2", denormal, denormal, smallest);
        OP("fmul v0.2d, v0.2d, v1.2d", smallest, below_one, one);
        OP("fmls v2.2d, v0.2d, v1.2d\n fmov d0, d2", denormal, denormal, smallest);
        OP("fcvt s0, d0", 0x380fffffffffffff, one, one);
        OP("fcvtn v0.2s, v0.2d", 0x380fffffffffffff, one, one);
        OP("fcvt h0, d0", 0x3f0fffffffffffff, one, one);
    }
    return 0;
}
