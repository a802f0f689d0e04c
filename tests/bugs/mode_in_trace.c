/* SPDX-License-Identifier: MIT */
/*
 * A write of FPCR that asks for another kind of code, in the middle of a hot path with a backward branch before it: what follows
 * must not run in the old kind.
 */
#include "../guest/c/t.h"

/* Adds a NaN to 1, `n` times; with `last` in FPCR at the last but two. Returns the sum there. */
static uint64_t add_nans(uint64_t n, uint64_t last)
{
    uint64_t nan = 0x7ff8000000001234, sum = 0;
    __asm__ volatile("fmov d1, %[nan]\n"
                     "fmov d2, #1.0\n"
                     "1: b 3f\n"
                     "2: cmp %[n], #2\n"
                     "csel x9, %[last], xzr, eq\n"
                     "msr fpcr, x9\n"
                     "fadd d0, d1, d2\n"
                     "fmov x9, d0\n"
                     "csel %[sum], x9, %[sum], eq\n"
                     "subs %[n], %[n], #1\n"
                     "b.eq 4f\n"
                     "b 1b\n"
                     "3: b 2b\n"
                     "4: msr fpcr, xzr\n"
                     : [n] "+r"(n), [sum] "+r"(sum)
                     : [nan] "r"(nan), [last] "r"(last)
                     : "x9", "d0", "d1", "d2", "cc");
    return sum;
}

int main(void)
{
    printf("%016lx\n", add_nans(200000, 0));
    printf("%016lx\n", add_nans(200000, 1 << 25));
    return 0;
}
