/* SPDX-License-Identifier: MIT */
/* Doubles and floats to text and back; conversions between all types. */
#include "t.h"

#include <float.h>
#include <math.h>

static void printed(void)
{
    const double v[] = {0.0,        -0.0,         1,        -1,           0.1,         1.0 / 3,
                        2.5,        3.5,          1e15,     1e16,         1e22,        1e23,
                        123456.789, DBL_MAX,      DBL_MIN,  DBL_TRUE_MIN, DBL_EPSILON, FLT_MAX,
                        FLT_MIN,    FLT_TRUE_MIN, INFINITY, -INFINITY,    M_PI,        9007199254740993.0,
                        4.35,       0.5,          1.5};
    for (unsigned i = 0; i < sizeof v / sizeof *v; i++) {
        double d = v[i];
        printf("%g %.17g %a %e %.3f %10.2e|%-12g|%+g %#g %.0f\n", d, d, d, d, fabs(d) < 1e30 ? d : 1, d, d, d,
               d, fabs(d) < 1e30 ? d : 2);
        printf("  %a %.9g %a\n", (double)(float)d, (double)(float)d, d * 0.5);
        if (fabs(d) < 9e18)
            printf("  %lld %d\n", (long long)d, fabs(d) < 2e9 ? (int)d : 0);
    }
}

static void parsed(void)
{
    const char *text[] = {
        "0.1",
        "1e308",
        "1e309",
        "-1e-400",
        "4.9e-324",
        "2.4703282292062328e-324",
        "0x1.fffffffffffff8p0",
        "inf",
        "nan(1)",
        "1.7976931348623158e308",
        "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070"
        "9633028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447"
        "5730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880",
        "  12abc",
        "."};
    for (unsigned i = 0; i < sizeof text / sizeof *text; i++) {
        char *end;
        errno = 0;
        double d = strtod(text[i], &end);
        printf("%d %a %d %s\n", i, isnan(d) ? 0 : d, (int)(end - text[i]),
               errno ? strerrorname_np(errno) : "-");
        printf("  %a\n", isnan(d) ? 0 : strtof(text[i], NULL));
    }
}

/* A hash of V as each floating type, taken as signed, unsigned and 32 bits. */
static uint64_t hash_converted(uint64_t h, int64_t v)
{
    union {
        double d;
        uint64_t u;
    } c = {(double)v}, e = {(double)(uint64_t)v};
    union {
        float f;
        uint32_t u;
    } f = {(float)v}, g = {(float)(uint64_t)v}, k = {(float)(int32_t)v};
    return mix(mix(mix(mix(mix(h, c.u), e.u), f.u), g.u), k.u);
}

static void there_and_back(void)
{
    uint64_t h = 0;
    for (int i = 0; i < 3000; i++) {
        char buf[64];
        union {
            uint64_t u;
            double d;
        } x = {rnd()};
        if (!isfinite(x.d))
            continue;
        snprintf(buf, sizeof buf, "%.17g", x.d);
        if (strtod(buf, NULL) != x.d)
            printf("lost %s\n", buf);
        for (char *p = buf; *p; p++)
            h = mix(h, (uint64_t)*p);
        h = hash_converted(h, (int64_t)rnd_corner());
    }
    printf("%016lx\n", h);
}

static void scanned(void)
{
    int a;
    double d;
    char word[20];
    printf("%d", sscanf("12 3.25e1 word", "%d %lf %19s", &a, &d, word));
    printf(" %d %g %s\n", a, d, word);
}

int main(void)
{
    printed();
    parsed();
    there_and_back();
    scanned();
    return 0;
}
