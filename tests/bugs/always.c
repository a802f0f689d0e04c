/* SPDX-License-Identifier: MIT */
/*
 * FCCMP and FCSEL whose condition always holds: nobody needs the flags of the FCMP before, but what it says in FPSR of a
 * signalling NaN stays.
 */
#include <stdint.h>
#include <stdio.h>

/* `then` after FCMP of a signalling NaN; d1 is 1, d2 is 2. */
#define CASE(then)                                                                                                     \
    do {                                                                                                               \
        uint64_t flags, fpsr, d3;                                                                                      \
        __asm__ volatile("fmov d0, %3\n fmov d1, #1.0\n fmov d2, #2.0\n movi d3, #0\n msr fpsr, xzr\n"                 \
                         "fcmp d0, d2\n" then "\n mrs %0, nzcv\n mrs %1, fpsr\n fmov %2, d3"                           \
                         : "=&r"(flags), "=&r"(fpsr), "=&r"(d3)                                                        \
                         : "r"(0x7ff4000000000000u)                                                                    \
                         : "cc", "d0", "d1", "d2", "d3");                                                              \
        printf("%-22s nzcv %x fpsr %x d3 %llx\n", then, (unsigned)(flags >> 28), (unsigned)fpsr, (unsigned long long)d3); \
    } while (0)

int main(void)
{
    CASE("fccmp d1, d2, #5, al");
    CASE("fccmp d2, d1, #5, nv");
    CASE("fccmpe d2, d2, #5, nv");
    CASE("fcsel d3, d1, d2, al");
    CASE("fcsel d3, d2, d1, nv");
    CASE("cmp xzr, xzr");
    return 0;
}
