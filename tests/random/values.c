/* SPDX-License-Identifier: MIT */
/*
 * Random operands.  Uniformly random bits are nearly never a NaN, a denormal number, a tie or a limit, so
 * half of all values come from tables of such, with one bit of noise added at times; floating-point values
 * also get exponents near each other, without which additions and fused operations never cancel.
 */
#include "random.h"

__extension__ typedef unsigned __int128 u128;

static uint64_t state = 88172645463325252u;

/* splitmix64 */
uint64_t rnd(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Mixed, because the streams of states that differ by a multiple of the step are one stream. */
void rnd_seed(uint64_t seed)
{
    state = seed;
    state = rnd();
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

uint64_t value_int(void)
{
    /* clang-format off */
    static const uint64_t special[] = {
        0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
        0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0xfffffffffffffffe, 0xffffffff80000000,
    };
    /* clang-format on */
    switch (rnd_below(6)) {
    case 0:
    case 1: return special[rnd_below(COUNT(special))];
    case 2: return rnd() & 63;
    case 3: return ((uint64_t)1 << rnd_below(64)) + rnd_below(3) - 1;
    case 4: return rnd() >> rnd_below(64);
    default: return rnd();
    }
}

/* Floating point in 1 << size bytes. */
static uint64_t value_fp(unsigned size)
{
    static const struct {
        unsigned width, mant;
    } format[4] = {{0, 0}, {16, 10}, {32, 23}, {64, 52}};
    unsigned w = format[size].width, m = format[size].mant, ebits = w - m - 1, bias = (1u << (ebits - 1)) - 1;
    uint64_t emax = ((uint64_t)1 << ebits) - 1, fmask = ((uint64_t)1 << m) - 1, e, f;
    switch (rnd_below(13)) {
    case 0: e = 0, f = 0; break;                               /* zero */
    case 1: e = emax, f = 0; break;                            /* infinity */
    case 2: e = emax, f = rnd() & fmask; break;                /* NaN of either kind */
    case 3: e = 0, f = (rnd() & fmask) >> rnd_below(m); break; /* denormal */
    case 4:
        e = rnd_below(2) ? 1 : emax - 1, f = rnd_below(2) ? (rnd_below(2) ? fmask : 0) : rnd() & fmask;
        break;
    case 5: e = bias + rnd_below(2), f = (uint64_t)rnd_below(4) << (m - 2); break; /* 1, 1.25 ... 3.5 */
    case 6: /* near an integer or a tie */
        e = bias + rnd_below(m + 2);
        f = rnd() & fmask & ~(fmask >> (e - bias + 1 > m ? m : e - bias + 1));
        break;
    case 7:
        e = bias + (rnd_below(2) ? 31 : 63) + rnd_below(3) - 1, f = rnd_below(2) ? fmask : rnd_below(2);
        break;
    case 8: e = bias + rnd_below(8) - 4, f = rnd() & fmask; break;
    case 9: e = bias + (rnd_below(2) ? -14 : -126) + rnd_below(30) - 26, f = rnd() & fmask; break;
    case 12: /* rounds up to the least normal number of a narrower format */
        e = bias - (rnd_below(2) ? 127 : 15);
        f = fmask - (rnd() & fmask) / 2 / (rnd_below(2) ? 1024 : 1 << 23);
        break;
    case 10: e = rnd_below((unsigned)emax), f = rnd_below(2) ? fmask : 0; break;
    default: e = rnd(), f = rnd() & fmask; break;
    }
    return (rnd() & 1) << (w - 1) | (e & emax) << m | f;
}

void value_vec(uint64_t v[2])
{
    unsigned kind = rnd_below(8), size = kind < 1 ? 1 : kind < 4 ? 2 : kind < 7 ? 3 : 0;
    for (unsigned h = 0; h < 2; h++) {
        if (size == 0) {
            v[h] = rnd_below(2) ? value_int() : rnd();
            continue;
        }
        v[h] = 0;
        for (unsigned at = 0; at < 64; at += 8u << size)
            v[h] |=
                (rnd_below(8) ? value_fp(size) : value_int() << (64 - (8u << size)) >> (64 - (8u << size)))
                << at;
    }
}

/* Factors whose product is close to the least normal number, and mostly just below it. */
static void tiny_factors(unsigned size, uint64_t *a, uint64_t *b)
{
    static const unsigned mant[4] = {0, 10, 23, 52}, exps[4] = {0, 5, 8, 11};
    unsigned m = mant[size];
    int bias = (1 << (exps[size] - 1)) - 1, total = bias; /* the sum of the biased exponents */
    uint64_t one = (uint64_t)1 << m, sa = one | (rnd() & (one - 1));
    u128 least = (u128)1 << (2 * m + 1);
    uint64_t sb = (uint64_t)((least - 1) / sa) + (rnd_below(4) == 0);
    int ea = 1 + (int)rnd_below((unsigned)total - 1);
    *a = ((uint64_t)ea << m | (sa & (one - 1))) | (rnd() & 1) << (8u << size) / 2 << ((8u << size) / 2 - 1);
    *b = ((uint64_t)(total - ea) << m | (sb & (one - 1)));
}

void value_tiny_factors(uint64_t a[2], uint64_t b[2])
{
    unsigned size = 1 + rnd_below(3), bits = 8u << size;
    for (unsigned h = 0; h < 2; h++) {
        a[h] = b[h] = 0;
        for (unsigned at = 0; at < 64; at += bits) {
            uint64_t x, y;
            tiny_factors(size, &x, &y);
            a[h] |= x << at;
            b[h] |= y << at;
        }
    }
}
