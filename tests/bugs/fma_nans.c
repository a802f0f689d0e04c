/* SPDX-License-Identifier: MIT */
/*
 * One fused operation that meets what x86 computes in another way, a hundred times each: quiet NaNs, which are not
 * invalid and must not raise the flag, nor take it away where it is; then default NaNs.  Translations
 * change their form on the way.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t bits(double d)
{
    uint64_t b;
    memcpy(&b, &d, 8);
    return b;
}

static double number(uint64_t b)
{
    double d;
    memcpy(&d, &b, 8);
    return d;
}

static void fpsr(uint64_t v)
{
    __asm__ volatile("msr fpsr, %0" : : "r"(v));
}

static unsigned flags(void)
{
    uint64_t v;
    __asm__ volatile("mrs %0, fpsr" : "=r"(v));
    return v & 0x1f;
}

__attribute__((noinline)) static double madd(double a, double b, double c)
{
    __asm__ volatile("fmadd %d0, %d1, %d2, %d0" : "+w"(c) : "w"(a), "w"(b));
    return c;
}

__attribute__((noinline)) static double nmadd(double a, double b, double c)
{
    __asm__ volatile("fnmadd %d0, %d1, %d2, %d0" : "+w"(c) : "w"(a), "w"(b));
    return c;
}

__attribute__((noinline)) static double mla(double a, double b, double c)
{
    double lanes[2][3] = {{1, 2, 3}, {a, b, c}}, out[2];
    __asm__ volatile("ld3 {v0.2d, v1.2d, v2.2d}, [%0]\n\t"
                     "fmla v2.2d, v0.2d, v1.2d\n\t"
                     "st1 {v2.2d}, [%1]"
                     :
                     : "r"(lanes), "r"(out)
                     : "v0", "v1", "v2", "memory");
    return out[0] == 5 ? out[1] : -1;
}

static void many(const char *name, double (*f)(double, double, double), uint64_t a, uint64_t b, uint64_t c)
{
    unsigned set = 0, kept = 1;
    uint64_t first = 0, same = 1;
    for (int i = 0; i < 100; i++) {
        fpsr(i & 1);
        uint64_t r = bits(f(number(a), number(b), number(c)));
        if (i == 0)
            first = r;
        same &= r == first;
        if (i & 1)
            kept &= flags();
        else
            set += flags();
    }
    printf("%s %016llx %d, raised %u, kept %u\n", name, (unsigned long long)first, (int)same, set, kept);
}

int main(void)
{
    const uint64_t nan1 = 0x7ff8000000000001, nan2 = 0xfff8000000000002, snan = 0x7ff0000000000003,
                   inf = 0x7ff0000000000000, one = 0x3ff0000000000000;
    static const struct {
        const char *name;
        double (*f)(double, double, double);
    } kinds[] = {{"fmadd", madd}, {"fnmadd", nmadd}, {"fmla", mla}};
    for (unsigned k = 0; k < 3; k++) {
        many(kinds[k].name, kinds[k].f, one, one, one);
        many(kinds[k].name, kinds[k].f, one, one, nan1);
        many(kinds[k].name, kinds[k].f, nan2, one, nan1);
        many(kinds[k].name, kinds[k].f, one, nan2, one);
        many(kinds[k].name, kinds[k].f, inf, 0, nan1);
        many(kinds[k].name, kinds[k].f, inf, 0, one);
        many(kinds[k].name, kinds[k].f, nan2, snan, nan1);
        many(kinds[k].name, kinds[k].f, inf, one, inf ^ 1ull << 63);
    }
    return 0;
}
