/* SPDX-License-Identifier: MIT */
/* Counting, reversing, rotating, inserting and extracting bits; bit fields. */
#include "t.h"

struct fields {
    unsigned a : 3, b : 7, c : 22;
    int d : 5, e : 27;
    long long f : 41;
    unsigned long long g : 23;
};

int main(void)
{
    uint64_t h = 0;
    struct fields s = {0};
    for (int i = 0; i < 30000; i++) {
        uint64_t x = rnd_corner(), y = rnd_corner();
        uint32_t w = (uint32_t)x;
        h = mix(h, (uint64_t)__builtin_popcountll(x)), h = mix(h, (uint64_t)__builtin_popcount(w));
        h = mix(h, (uint64_t)(x ? __builtin_clzll(x) : 64)),
        h = mix(h, (uint64_t)(w ? __builtin_clz(w) : 32));
        h = mix(h, (uint64_t)(x ? __builtin_ctzll(x) : 64)),
        h = mix(h, (uint64_t)__builtin_ffsll((long long)x));
        h = mix(h, (uint64_t)__builtin_clrsbll((long long)x)), h = mix(h, (uint64_t)__builtin_clrsb((int)w));
        h = mix(h, (uint64_t)__builtin_parityll(x));
        h = mix(h, __builtin_bswap64(x)), h = mix(h, __builtin_bswap32(w)),
        h = mix(h, __builtin_bswap16((uint16_t)w));
        h = mix(h, x << (y & 63) | x >> (-y & 63)), h = mix(h, (uint32_t)(w << (y & 31) | w >> (-y & 31)));
        h = mix(h, x << 13 | x >> 51), h = mix(h, x >> 7 & 0x1ff),
        h = mix(h, (uint64_t)((int64_t)(x << 20) >> 40));
        h = mix(h, (x & ~0xff0ull) | (y << 4 & 0xff0)), h = mix(h, x << 24 | y >> 40);
        s.a = w, s.b = w >> 3, s.c += w, s.d = (int)w, s.e ^= (int)(w >> 1), s.f += (long long)x, s.g = y;
        h = mix(h, s.a), h = mix(h, s.b), h = mix(h, s.c), h = mix(h, (uint64_t)s.d),
        h = mix(h, (uint64_t)s.e);
        h = mix(h, (uint64_t)s.f), h = mix(h, s.g);
        uint32_t crc = w;
        for (int k = 0; k < 4; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
        h = mix(h, crc);
        if (i % 6000 == 0)
            printf("%d %016lx\n", i, h);
    }
    printf("%016lx %u %u %u %d %d %lld %llu\n", h, s.a, s.b, s.c, s.d, s.e, (long long)s.f,
           (unsigned long long)s.g);
    return 0;
}
