/* SPDX-License-Identifier: MIT */
/*
 * A tagged pointer that is used by an exclusive pair and again behind it: the untagged address had been put in the
 * monitor's cell and was read from there when the registers had run out, after the pair had emptied that cell.
 * arm: -march=armv8.2-a+fp16
 */
#include "../guest/c/t.h"

static uint8_t memory[64] __attribute__((aligned(64)));

/* FMULX is a call, which nothing in a scratch register survives. */
static uint64_t once(void)
{
    uint64_t at = (uint64_t)memory | 1ull << 56, failed;
    __asm__ volatile("ldxrb w3, [%1]\n"
                     "add w3, w3, 1\n"
                     "stxrb %w0, w3, [%1]\n"
                     "fmulx v7.8h, v27.8h, v14.h[0]\n"
                     "ld1 {v19.16b, v20.16b, v21.16b}, [%1]\n"
                     : "=&r"(failed)
                     : "r"(at)
                     : "x3", "v7", "v19", "v20", "v21", "memory");
    return failed;
}

int main(void)
{
    uint64_t failed = 0;
    for (int i = 0; i < 10; i++)
        failed += once();
    printf("%llu failed, counted %u\n", (unsigned long long)failed, memory[0]);
    return 0;
}
