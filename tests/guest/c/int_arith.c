/* SPDX-License-Identifier: MIT */
/*
 * Integer arithmetic at every width, with corner values; also compiled as the compiler likes it (constants,
 * strength reduction).
 */
#include "t.h"

#include <limits.h>

#define OPS(T, U)                                                                                            \
    static uint64_t ops_##T(uint64_t x, uint64_t y)                                                          \
    {                                                                                                        \
        T a = (T)x, b = (T)y;                                                                                \
        U u = (U)x, v = (U)y;                                                                                \
        uint64_t h = 1;                                                                                      \
        h = mix(h, (U)(u + v)), h = mix(h, (U)(u - v)), h = mix(h, (U)(u * (uint64_t)v));                    \
        h = mix(h, a < b), h = mix(h, a <= b), h = mix(h, u < v), h = mix(h, u > v), h = mix(h, a == b);     \
        h = mix(h, (U)(u << (v % (8 * sizeof u)))), h = mix(h, u >> (v % (8 * sizeof u)));                   \
        h = mix(h, (uint64_t)(a >> (v % (8 * sizeof u))));                                                   \
        h = mix(h, (U)(u & v)), h = mix(h, (U)(u | v)), h = mix(h, (U)(u ^ v)), h = mix(h, (U)(u & ~v));     \
        h = mix(h, (U)~u), h = mix(h, (U)-u);                                                                \
        if (v) {                                                                                             \
            h = mix(h, u / v), h = mix(h, u % v);                                                            \
            if (b != -1)                                                                                     \
                h = mix(h, (uint64_t)(a / b)), h = mix(h, (uint64_t)(a % b));                                \
        }                                                                                                    \
        h = mix(h, u / 7), h = mix(h, u % 10), h = mix(h, (uint64_t)(a / 7)),                                \
        h = mix(h, (uint64_t)(a % -10));                                                                     \
        h = mix(h, (uint64_t)(a / 8)), h = mix(h, (uint64_t)(a * 5)), h = mix(h, (uint64_t)(T)(u * 100));    \
        h = mix(h, (uint64_t)(a < 0 ? -(uint64_t)a : (uint64_t)a));                                          \
        h = mix(h, a > 3 && b < 9 ? u : v), h = mix(h, (uint64_t)(a > b ? a : b));                           \
        return h;                                                                                            \
    }
typedef long long ll;
typedef unsigned long long ull;
typedef unsigned char uc;
typedef signed char sc;
typedef unsigned short us;
typedef unsigned int ui;
OPS(sc, uc)
OPS(short, us)
OPS(int, ui)
OPS(ll, ull)

int main(void)
{
    uint64_t h[4] = {0};
    for (int i = 0; i < 20000; i++) {
        uint64_t x = rnd_corner(), y = rnd_corner();
        h[0] = mix(h[0], ops_sc(x, y));
        h[1] = mix(h[1], ops_short(x, y));
        h[2] = mix(h[2], ops_int(x, y));
        h[3] = mix(h[3], ops_ll(x, y));
        if (i % 4000 == 0)
            printf("%d %016lx %016lx %016lx %016lx\n", i, h[0], h[1], h[2], h[3]);
    }
    printf("%016lx %016lx %016lx %016lx\n", h[0], h[1], h[2], h[3]);
    uint32_t w = 0xffffffff;
    for (volatile int i = 0; i < 3; i++)
        w += 0x7fffffff;
    printf("%x %d\n", w, (int)w >> 3);
    return 0;
}
