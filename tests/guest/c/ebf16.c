/* SPDX-License-Identifier: MIT */
/* BFDOT and BFMMLA with FPCR.EBF: a sum of two products, rounded once as FPCR says, then added.  The same is computed here in
 * quadruple precision (exact for these exponents) and rounded by the compiler's library; special cases are written down.
 * arm: -march=armv8.6-a
 * skip-qemu: 7.2 does not know FPCR.EBF
 */
#include "t.h"

#include <arm_neon.h>

#define FPCR_EBF (1ul << 13)
#define FPCR_FZ  (1ul << 24)

static void fpcr(uint64_t v)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(v) : "memory");
}
static uint64_t fpsr(void)
{
    uint64_t v;
    __asm__ volatile("mrs %0, fpsr" : "=r"(v) : : "memory");
    return v;
}
static float number(uint32_t bits)
{
    float f;
    memcpy(&f, &bits, 4);
    return f;
}

/* Signs, exponents within 28 of 0, 8 bits of fraction. */
static uint16_t random_bf(void)
{
    uint64_t r = rnd();
    return (uint16_t)((r & 0x807f) | (99 + (r >> 16) % 57) << 7 | (r >> 40 & 3 ? 0 : 0x7f));
}

static uint32_t bfdot(uint32_t addend, uint32_t a, uint32_t b, bool matrix)
{
    uint32x4_t d = vdupq_n_u32(addend), n = vdupq_n_u32(0), m = vdupq_n_u32(0);
    n = vsetq_lane_u32(a, n, 0), m = vsetq_lane_u32(b, m, 0);
    if (matrix) /* the second pair is zeroes: adds +0 or what the mode makes of it */
        __asm__ volatile("bfmmla %0.4s, %1.8h, %2.8h" : "+w"(d) : "w"(n), "w"(m));
    else
        __asm__ volatile("bfdot %0.4s, %1.8h, %2.8h" : "+w"(d) : "w"(n), "w"(m));
    return vgetq_lane_u32(d, 0);
}

/* In the rounding mode that FPCR has now. */
static uint32_t expected(uint32_t addend, uint32_t a, uint32_t b)
{
    long double low = (long double)number(a << 16) * number(b << 16);
    long double high = (long double)number(a & 0xffff0000) * number(b & 0xffff0000);
    volatile long double sum = low + high;
    volatile float dot = (float)sum, add = number(addend);
    volatile float result = add + dot;
    uint32_t bits;
    memcpy(&bits, (void *)&result, 4);
    return bits;
}

static void random_sums(void)
{
    for (uint64_t mode = 0; mode < 4; mode++) {
        unsigned wrong = 0, differs = 0;
        for (unsigned i = 0; i < 20000; i++) {
            uint32_t a = random_bf() | (uint32_t)random_bf() << 16, b = random_bf() | (uint32_t)random_bf() << 16;
            uint32_t addend = (uint32_t)random_bf() << 16 | (uint16_t)rnd();
            if (rnd() % 8 == 0) /* the products cancel */
                a = (a & 0xffff) * 0x10001, b = ((b & 0xffff) * 0x10001) ^ 0x80000000;
            fpcr(mode << 22 | FPCR_EBF);
            uint32_t got = bfdot(addend, a, b, false), matrix = bfdot(addend, a, b, true), want = expected(addend, a, b);
            fpcr(0);
            differs += got != bfdot(addend, a, b, false);
            bool zero = (want & 0x7fffffff) == 0;
            wrong += got != want || (matrix != want && !zero);
        }
        printf("mode %lu: %u wrong, EBF matters %d\n", mode, wrong, differs > 1000);
    }
}

static void special(const char *what, uint64_t modes, uint32_t addend, uint32_t a, uint32_t b)
{
    fpcr(0);
    __asm__ volatile("msr fpsr, xzr");
    fpcr(modes | FPCR_EBF);
    uint32_t r = bfdot(addend, a, b, false);
    uint64_t flags = fpsr();
    fpcr(0);
    printf("%s: %08x fpsr %lx\n", what, r, flags);
}

int main(void)
{
    random_sums();
    const uint32_t one = 0x3f80, inf = 0x7f80, snan = 0x7f81, tiny = 0x0001, least = 0x0080;
    special("infinity times zero", 0, 0, inf, 0);
    special("infinities of both signs", 0, 0, inf | inf << 16, one | (one | 0x8000) << 16);
    special("infinity", 0, 0, inf, one);
    special("signalling NaN", 0, 0, snan, one);
    special("NaN to add to", 0, 0xffc12345, one, one);
    special("subnormal number", 0, 0, tiny, one);
    special("subnormal number, FZ", FPCR_FZ, 0, tiny, one);
    special("subnormal result", 0, 0, least, 0x3f00);
    special("subnormal result, FZ", FPCR_FZ, 0, least, 0x3f00);
    special("overflow", 0, 0, 0x7f00, 0x4080);
    special("overflow towards zero", 3ul << 22, 0, 0x7f00, 0x4080);
    special("exact zero", 0, 0x80000000, one | one << 16, one | (one | 0x8000) << 16);
    special("exact zero, down", 2ul << 22, 0x80000000, one | one << 16, one | (one | 0x8000) << 16);
    special("far apart", 1ul << 22, 0, 0x7000 | one << 16, one | 0x0100 << 16);
    fpcr(~0ul);
    uint64_t v;
    __asm__ volatile("mrs %0, fpcr" : "=r"(v));
    fpcr(0);
    printf("EBF is writable %d\n", (v & FPCR_EBF) != 0);
    return 0;
}
