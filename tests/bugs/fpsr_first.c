/* SPDX-License-Identifier: MIT */
/*
 * FPSR is looked at for the first time in the middle of straight code, with FPCR.FZ set long before: what is flushed after that raises
 * IDC (80), for the code does not go on as it was made for nobody who looks.
 */
#include "../guest/c/t.h"

__attribute__((noinline)) static void look(uint64_t a, uint64_t b)
{
    uint64_t first, second;
    asm volatile("fmov d1, %2\n fmov d2, %3\n mrs %0, fpsr\n fmul d0, d1, d2\n mrs %1, fpsr"
                 : "=&r"(first), "=&r"(second)
                 : "r"(a), "r"(b)
                 : "d0", "d1", "d2");
    printf("%lx %lx\n", (unsigned long)first, (unsigned long)second);
}

int main(void)
{
    asm volatile("msr fpcr, %0" ::"r"(1ul << 24));
    look(0x000fffffffffffff, 0x3fe0000000000000);
    asm volatile("msr fpcr, xzr");
    return 0;
}
