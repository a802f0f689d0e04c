/* SPDX-License-Identifier: MIT */
/*
 * Exceptions of operations whose results nobody uses: they are raised none the less, once a program looks at FPSR.
 */
#include "t.h"

#define OP(text)                                                                                             \
    do {                                                                                                     \
        uint64_t r_;                                                                                         \
        __asm__ volatile("msr fpsr, xzr\n fmov d0, %1\n fmov d1, %2\n fmov d2, #1.0\n fmov d3, #3.0\n" text  \
                         "\n fmov d4, xzr\n mrs %0, fpsr"                                                    \
                         : "=r"(r_)                                                                          \
                         : "r"(zero), "r"(nan)                                                               \
                         : "x9", "v0", "v1", "v2", "v3", "v4", "cc");                                        \
        printf("%s: %lx\n", text, r_);                                                                       \
    } while (0)

int main(void)
{
    const uint64_t zero = 0, nan = 0x7ff8000000000000;
    for (int k = 0; k < 3; k++) {
        OP("fdiv d4, d2, d0");
        OP("fdiv d4, d2, d3");
        OP("fdiv v4.2d, v2.2d, v0.2d");
        OP("fsqrt d4, d3");
        OP("fmul d4, d1, d2");
        OP("fcmpe d1, d2\n cmp xzr, xzr");
        OP("fcmp d1, d2\n cmp xzr, xzr");
        OP("fccmpe d1, d2, #0, al\n cmp xzr, xzr");
        OP("fcmgt d4, d1, d2");
        OP("fcvtzs x9, d1\n mov x9, #0");
        OP("frintx d4, d3\n fdiv d4, d3, d2");
        OP("fcvt s4, d3");
        OP("fmadd d4, d0, d1, d2");
        OP("fadd d4, d2, d3");
    }
    return 0;
}
