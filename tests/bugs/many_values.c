/* SPDX-License-Identifier: MIT */
/*
 * A hot loop that computes 58 values from one register, and all of them again: to keep the first for the second, there were not
 * registers and cells enough.
 */
#include "../guest/c/t.h"

#define COUNT 58

asm("  .text\n"
    "  .type shifts, %function\n"
    "shifts: ldr q0, [x0]\n"
    "  ldr x9, =60001\n"
    "1:\n"
    "  .set at, 16\n"
    "  .rept 2\n"
    "  .set by, 1\n"
    "  .rept 58\n"
    "  ushr v1.2d, v0.2d, #by\n"
    "  str q1, [x0, #at]\n"
    "  .set by, by + 1\n"
    "  .set at, at + 16\n"
    "  .if by == 30\n" /* a unit ends */
    "  b . + 8\n"
    "  nop\n"
    "  .endif\n"
    "  .endr\n"
    "  .endr\n"
    "  subs x9, x9, #1\n"
    "  b.ne 1b\n"
    "  ret\n");
void shifts(uint64_t *v);

int main(void)
{
    static uint64_t v[2 + 4 * COUNT] __attribute__((aligned(16))) = {0x123456789abcdef1, 0xfedcba9876543217};
    uint64_t hash = 0;
    shifts(v);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        hash = hash * 31 + v[i];
    printf("%016lx\n", (unsigned long)hash);
    return 0;
}
