/* SPDX-License-Identifier: MIT */
/* Bits of PSTATE that are written and read close to each other: one is not taken for the other. */
#include "../guest/c/t.h"

int main(void)
{
    long wrong = 0;
    for (int k = 0; k < 100000; k++) {
        uint64_t bit[4];
        __asm__ volatile(".arch armv8.5-a\n"
                         "msr ssbs, #1\n"
                         "msr dit, #0\n"
                         "mrs %0, ssbs\n"
                         "mrs %1, dit\n"
                         "msr dit, #1\n"
                         "msr ssbs, #0\n"
                         "mrs %2, ssbs\n"
                         "mrs %3, dit\n"
                         "msr dit, #0"
                         : "=r"(bit[0]), "=r"(bit[1]), "=r"(bit[2]), "=r"(bit[3]));
        wrong += bit[0] != 1 << 12 || bit[1] || bit[2] || bit[3] != 1 << 24;
    }
    printf("wrong %ld\n", wrong);
    return 0;
}
