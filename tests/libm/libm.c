/* SPDX-License-Identifier: MIT */
/*
 * libm.static COUNT SEED: calls every function of libm, in float, double and long double, on COUNT operands that are biased to
 * what is special, in all four rounding modes, and prints a hash of the results' bits and of the exceptions for each.
 *
 * The library's own accuracy is no matter here: the same static program gives the same lines wherever it runs.
 */
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state, hash;
static unsigned long count;

static uint64_t rnd(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void mix(const void *p, size_t n)
{
    const unsigned char *b = p;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ b[i]) * 0x100000001b3u;
}

static void mix_int(long long v)
{
    mix(&v, sizeof v);
}

/* A number of the format with `bits` of fraction and a bias: zeros, infinities, NaNs, subnormal numbers, integers, ties,
 * numbers near one and everywhere. */
static uint64_t number(unsigned bits, unsigned bias)
{
    uint64_t max = 2 * (uint64_t)bias + 1, frac = ((uint64_t)1 << bits) - 1, e, f = rnd() & frac;
    switch (rnd() % 16) {
    case 0: e = 0, f = 0; break;
    case 1: e = max, f = 0; break;
    case 2: e = max; break;
    case 3: e = 0, f >>= rnd() % bits; break;
    case 4: e = rnd() % 2 ? 1 : max - 1; break;
    case 5: e = bias + rnd() % 4, f = rnd() % 2 ? 0 : frac; break;
    case 6: e = bias + rnd() % (bits + 2), f &= ~(frac >> (e - bias < bits ? e - bias : bits)); break;
    case 7: e = rnd() % max; break;
    default: e = bias - 8 + rnd() % 18;
    }
    return (rnd() & 1) << (bits == 23 ? 31 : 63) | e << bits | f;
}

static void operand(float *v)
{
    uint32_t u = (uint32_t)number(23, 127);
    memcpy(v, &u, sizeof *v);
}
static void operand_d(double *v)
{
    uint64_t u = number(52, 1023);
    memcpy(v, &u, sizeof *v);
}
static void operand_l(long double *v)
{
    uint64_t u[2] = {rnd() % 4 ? rnd() : 0, number(48, 16383)};
    memcpy(v, u, sizeof *v);
}
static const int modes[4] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

/* Runs `body` with fresh operands x, y, z of the type, for all of them and all modes, and prints the hash. */
#define EACH(name, type, fill, body)                                                                         \
    do {                                                                                                     \
        hash = 0xcbf29ce484222325u;                                                                          \
        for (unsigned long i = 0; i < count; i++) {                                                          \
            volatile type x, y, z;                                                                           \
            type t;                                                                                          \
            fill(&t), x = t;                                                                                 \
            fill(&t), y = t;                                                                                 \
            fill(&t), z = t;                                                                                 \
            (void)y, (void)z;                                                                                \
            fesetround(modes[i & 3]);                                                                        \
            feclearexcept(FE_ALL_EXCEPT);                                                                    \
            body;                                                                                            \
            mix_int(fetestexcept(FE_ALL_EXCEPT));                                                            \
        }                                                                                                    \
        fesetround(FE_TONEAREST);                                                                            \
        printf("%s %016llx\n", name, (unsigned long long)hash);                                              \
    } while (0)
#define RESULT(type, call)                                                                                   \
    do {                                                                                                     \
        type r = call;                                                                                       \
        mix(&r, sizeof r);                                                                                   \
    } while (0)

#define ALL(fn, args, argsf, argsl)                                                                          \
    EACH(#fn "f", float, operand, RESULT(float, fn##f argsf));                                               \
    EACH(#fn, double, operand_d, RESULT(double, fn args));                                                   \
    EACH(#fn "l", long double, operand_l, RESULT(long double, fn##l argsl))
#define F1(fn) ALL(fn, (x), (x), (x));
#define F2(fn) ALL(fn, (x, y), (x, y), (x, y));
#define F3(fn) ALL(fn, (x, y, z), (x, y, z), (x, y, z));
#define INT(fn)                                                                                              \
    EACH(#fn "f", float, operand, mix_int(fn##f(x)));                                                        \
    EACH(#fn, double, operand_d, mix_int(fn(x)));                                                            \
    EACH(#fn "l", long double, operand_l, mix_int(fn##l(x)));
/* What stores through a pointer, or takes an int. */
#define WITH(fn, before, args, after)                                                                        \
    EACH(#fn "f", float, operand, before; RESULT(float, fn##f args); after);                                 \
    EACH(#fn, double, operand_d, before; RESULT(double, fn args); after);                                    \
    EACH(#fn "l", long double, operand_l, before; RESULT(long double, fn##l args); after);

static void arithmetic(void)
{
    EACH("+f", float, operand, RESULT(float, x + y));
    EACH("+", double, operand_d, RESULT(double, x + y));
    EACH("+l", long double, operand_l, RESULT(long double, x + y));
    EACH("*f", float, operand, RESULT(float, x *y));
    EACH("*", double, operand_d, RESULT(double, x *y));
    EACH("*l", long double, operand_l, RESULT(long double, x *y));
    EACH("/f", float, operand, RESULT(float, x / y));
    EACH("/", double, operand_d, RESULT(double, x / y));
    EACH("/l", long double, operand_l, RESULT(long double, x / y));
    EACH("double to float", double, operand_d, RESULT(float, (float)x));
    EACH("long double to float", long double, operand_l, RESULT(float, (float)x));
    EACH("long double to double", long double, operand_l, RESULT(double, (double)x));
    EACH("double to long double", double, operand_d, RESULT(long double, x));
    EACH("double to half", double, operand_d, RESULT(__fp16, (__fp16)x));
    EACH("double to long", double, operand_d, mix_int((long)x));
    EACH("float to unsigned", float, operand, mix_int((unsigned)x));
}

/* clang-format off */
static void elementary(void)
{
    F1(acos) F1(acosh) F1(asin) F1(asinh) F1(atan) F1(atanh) F1(cbrt) F1(ceil) F1(cos) F1(cosh) F1(erf) F1(erfc) F1(exp)
    F1(exp2) F1(exp10) F1(expm1) F1(fabs) F1(floor) F1(lgamma) F1(log) F1(log10) F1(log1p) F1(log2) F1(logb)
    F1(nearbyint) F1(rint) F1(round) F1(roundeven) F1(sin) F1(sinh) F1(sqrt) F1(tan) F1(tanh) F1(tgamma) F1(trunc)
    F1(significand) F1(j0) F1(j1) F1(y0) F1(y1)
    F2(atan2) F2(copysign) F2(fdim) F2(fmax) F2(fmin) F2(fmod) F2(hypot) F2(nextafter) F2(pow) F2(remainder) F2(scalb)
    F2(drem)
    F3(fma)
    INT(ilogb) INT(llrint) INT(llround) INT(lrint) INT(lround)
    WITH(ldexp, int n = (int)(rnd() % 5000) - 2500, (x, n), )
    WITH(scalbln, long n = (long)(rnd() % 80000) - 40000, (x, n), )
    WITH(frexp, int n = 0, (x, &n), mix_int(n))
    WITH(remquo, int n = 0, (x, y, &n), mix_int(n))
    WITH(lgamma, int n = 0, (x), n = signgam; mix_int(n))
}
/* clang-format on */

static void others(void)
{
    EACH("sincosf", float, operand, float s; float c; sincosf(x, &s, &c); mix(&s, sizeof s);
         mix(&c, sizeof c));
    EACH("sincos", double, operand_d, double s; double c; sincos(x, &s, &c); mix(&s, sizeof s);
         mix(&c, sizeof c));
    EACH("modff", float, operand, float w; RESULT(float, modff(x, &w)); mix(&w, sizeof w));
    EACH("modf", double, operand_d, double w; RESULT(double, modf(x, &w)); mix(&w, sizeof w));
    EACH("jnf", float, operand, RESULT(float, jnf((int)(rnd() % 7), x)));
    EACH("jn", double, operand_d, RESULT(double, jn((int)(rnd() % 7), x)));
    EACH("yn", double, operand_d, RESULT(double, yn((int)(rnd() % 7), x)));
    EACH("nexttoward", double, operand_d, RESULT(double, nexttoward(x, y)));
    EACH("compare", double, operand_d,
         mix_int((x < y) | (x > y) << 1 | (x == y) << 2 | isless(x, y) << 3 | isunordered(x, y) << 4));
    EACH("strtod", double, operand_d, char text[64];
         snprintf(text, sizeof text, "%.*g", (int)(rnd() % 20), x); mix(text, strlen(text));
         RESULT(double, strtod(text, NULL)));
}

int main(int argc, char **argv)
{
    count = argc > 1 ? strtoul(argv[1], NULL, 0) : 1000;
    state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    arithmetic();
    elementary();
    others();
    return 0;
}
