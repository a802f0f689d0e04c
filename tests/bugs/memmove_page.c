/* SPDX-License-Identifier: MIT */
/*
 * Memory copies (FEAT_MOPS, which glibc's memmove uses) of all short lengths and overlaps, at the end of a page
 * and away from it.
 *
 * modes: default tier1 no-opt v3
 */
#include "../guest/c/t.h"

#include <sys/mman.h>

static void move(uint8_t *to, uint8_t *from, uint64_t n)
{
    register uint8_t *d __asm__("x3") = to, *s __asm__("x1") = from;
    register uint64_t left __asm__("x2") = n;
    __asm__ volatile(".inst 0x1d010443, 0x1d410443, 0x1d810443" /* cpyp, cpym, cpye [x3]!, [x1]!, x2! */
                     : "+r"(d), "+r"(s), "+r"(left)
                     :
                     : "memory", "cc");
    if (left)
        printf("%lu bytes are left of %lu\n", left, n);
}

int main(void)
{
    enum { SIZE = 8192, FROM = 4096 - 200 };
    uint8_t *page = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    static uint8_t want[SIZE];
    int wrong = 0;
    for (int n = 0; n <= 300; n += n < 140 ? 1 : 31)
        for (int at = FROM - 100; at <= FROM + 300; at += 7)
            for (int by = -140; by <= 140; by += 3) {
                for (int i = at - 150; i < at + n + 150; i++)
                    page[i] = want[i] = (uint8_t)(i * 7 + n);
                for (int i = 0; i < n; i++) /* `want` as it was: what is written is read no more */
                    want[at + by + i] = (uint8_t)((at + i) * 7 + n);
                move(page + at + by, page + at, (uint64_t)n);
                wrong += memcmp(page + at - 150, want + at - 150, (size_t)n + 300) != 0;
            }
    printf("wrong %d\n", wrong);
    return 0;
}
