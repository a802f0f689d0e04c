/* SPDX-License-Identifier: MIT */
/* 128-bit integers, overflow checks, high halves of products, carries. */
#include "t.h"

typedef unsigned __int128 u128;
typedef __int128 s128;

static uint64_t fold(u128 v)
{
    return mix((uint64_t)v, (uint64_t)(v >> 64));
}

int main(void)
{
    uint64_t h = 0, over = 0;
    for (int i = 0; i < 20000; i++) {
        u128 a = (u128)rnd_corner() << 64 | rnd_corner(), b = (u128)rnd_corner() << 64 | rnd_corner();
        uint64_t x = (uint64_t)a, y = (uint64_t)b;
        h = mix(h, fold(a + b)), h = mix(h, fold(a - b)), h = mix(h, fold(a * b));
        h = mix(h, fold(a << (y & 127))), h = mix(h, fold(a >> (y & 127))),
        h = mix(h, fold((u128)((s128)a >> (y & 127))));
        h = mix(h, a < b), h = mix(h, (s128)a < (s128)b), h = mix(h, (s128)a >= (s128)b);
        if (b)
            h = mix(h, fold(a / b)), h = mix(h, fold(a % b));
        if (b && (s128)b != -1)
            h = mix(h, fold((u128)((s128)a / (s128)b)));
        h = mix(h, (uint64_t)((u128)x * y >> 64)),
        h = mix(h, (uint64_t)((s128)(int64_t)x * (int64_t)y >> 64));
        int64_t s;
        int32_t t;
        uint64_t u;
        over += (uint64_t)__builtin_add_overflow((int64_t)x, (int64_t)y, &s), h = mix(h, (uint64_t)s);
        over += (uint64_t)__builtin_sub_overflow((int64_t)x, (int64_t)y, &s), h = mix(h, (uint64_t)s);
        over += (uint64_t)__builtin_mul_overflow((int64_t)x, (int64_t)y, &s), h = mix(h, (uint64_t)s);
        over += (uint64_t)__builtin_add_overflow((int32_t)x, (int32_t)y, &t), h = mix(h, (uint64_t)t);
        over += (uint64_t)__builtin_mul_overflow((int32_t)x, (int32_t)y, &t), h = mix(h, (uint64_t)t);
        over += (uint64_t)__builtin_add_overflow(x, y, &u), h = mix(h, u);
        over += (uint64_t)__builtin_sub_overflow(x, y, &u), h = mix(h, u);
        over += (uint64_t)__builtin_mul_overflow(x, y, &u), h = mix(h, u);
        if (i % 4000 == 0)
            printf("%d %016lx %lu\n", i, h, over);
    }
    u128 f = 1;
    for (unsigned i = 1; i <= 34; i++)
        f *= i;
    char text[64], *p = text + 63;
    for (*p = 0; f; f /= 10)
        *--p = (char)('0' + (int)(f % 10));
    printf("%016lx %lu 34!=%s\n", h, over, p);
    return 0;
}
