/* SPDX-License-Identifier: MIT */
/*
 * A loop that reads a register on its usual path and writes it on another one only: what was written must be there
 * after the loop.
 */
#include "../guest/c/t.h"

/* A register for which the translator has no fixed place is chosen by trying all that may be used here. */
#define LOOP(r)                                                                                              \
    static uint64_t loop_##r(uint64_t n)                                                                     \
    {                                                                                                        \
        register uint64_t out __asm__(#r);                                                                   \
        __asm__ volatile("mov x0, %[n]\n"                                                                    \
                         "mov " #r ", #1\n"                                                                  \
                         "mov x1, #0\n"                                                                      \
                         "1: tst x0, #3\n"                                                                   \
                         "b.eq 2f\n"                                                                         \
                         "eor x1, x1, " #r "\n"                                                              \
                         "add x1, x1, " #r ", lsl #3\n"                                                      \
                         "eor x1, x1, " #r ", lsl #7\n"                                                      \
                         "subs x0, x0, #1\n"                                                                 \
                         "b.ne 1b\n"                                                                         \
                         "b 3f\n"                                                                            \
                         "2: add " #r ", " #r ", x1\n"                                                       \
                         "subs x0, x0, #1\n"                                                                 \
                         "b.ne 1b\n"                                                                         \
                         "3:\n"                                                                              \
                         : "=r"(out)                                                                         \
                         : [n] "r"(n)                                                                        \
                         : "x0", "x1", "cc");                                                                \
        return out;                                                                                          \
    }
LOOP(x2)
LOOP(x3) LOOP(x4) LOOP(x5) LOOP(x6) LOOP(x7) LOOP(x8) LOOP(x9) LOOP(x10) LOOP(x11) LOOP(x12) LOOP(x13)
    LOOP(x14) LOOP(x15) LOOP(x20) LOOP(x21) LOOP(x22) LOOP(x23) LOOP(x24) LOOP(x25) LOOP(x26) LOOP(x27)
        LOOP(x28)

            int main(void)
{
    uint64_t (*const loop[])(uint64_t) = {loop_x2,  loop_x3,  loop_x4,  loop_x5,  loop_x6,  loop_x7,
                                          loop_x8,  loop_x9,  loop_x10, loop_x11, loop_x12, loop_x13,
                                          loop_x14, loop_x15, loop_x20, loop_x21, loop_x22, loop_x23,
                                          loop_x24, loop_x25, loop_x26, loop_x27, loop_x28};
    for (size_t k = 0; k < sizeof loop / sizeof *loop; k++) {
        uint64_t sum = 0;
        for (uint64_t n = 1; n < 6000; n++)
            sum = sum * 31 + loop[k](n % 50 + 20);
        printf("%016lx\n", sum);
    }
    return 0;
}
