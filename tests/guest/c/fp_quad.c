/* SPDX-License-Identifier: MIT */
/* 128-bit floating point, done in software by libgcc: AArch64's long double. */
#include "t.h"

#include <math.h>

static void show_quad(const char *name, _Float128 q)
{
    char text[80];
    strfromf128(text, sizeof text, "%.33g", q);
    printf("%s %s\n", name, text);
}

int main(void)
{
    _Float128 a = 1, b = 3, pi = 0, term = 1, fact = 1;
    show_quad("1/3", a / b);
    show_quad("sqrt2", sqrtf128(2));
    for (int k = 0; k < 30; k++) {
        pi += 1 / term *
              (4 / ((_Float128)8 * k + 1) - 2 / ((_Float128)8 * k + 4) - 1 / ((_Float128)8 * k + 5) -
               1 / ((_Float128)8 * k + 6));
        term *= 16;
    }
    show_quad("pi", pi);
    for (int k = 1; k < 50; k++)
        fact *= k;
    show_quad("49!", fact);
    show_quad("sin", sinf128(pi / 6));
    show_quad("strtof128", strtof128("123456789012345678901234567890.125", NULL));
    uint64_t h = 0;
    for (int i = 0; i < 5000; i++) {
        union {
            uint64_t u;
            double d;
        } x = {rnd() >> 2 | 0x2000000000000000}, y = {rnd() >> 2 | 0x2000000000000000};
        _Float128 r = (_Float128)x.d / y.d + x.d * (_Float128)y.d - (_Float128)(int64_t)x.u;
        union {
            double d;
            uint64_t u;
        } d = {(double)r};
        union {
            float f;
            uint32_t u;
        } f = {(float)r};
        h = mix(h, d.u), h = mix(h, f.u), h = mix(h, r < 0), h = mix(h, r == x.d),
        h = mix(h, (uint64_t)(int64_t)((_Float128)x.d / y.d > 1e15 ? 1 : (_Float128)x.d / y.d));
    }
    printf("%016lx\n", h);
    return 0;
}
