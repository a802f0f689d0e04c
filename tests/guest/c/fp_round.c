/* SPDX-License-Identifier: MIT */
/* Rounding modes and exception flags; only cases in which Arm and x86 agree (fp_arm.c has the others). */
#include "t.h"

#include <fenv.h>
#include <float.h>
#include <math.h>

static const struct {
    int mode;
    const char *name;
} mode[] = {{FE_TONEAREST, "nearest"}, {FE_UPWARD, "up"}, {FE_DOWNWARD, "down"}, {FE_TOWARDZERO, "zero"}};

static void flags(void)
{
    int e = fetestexcept(FE_ALL_EXCEPT);
    printf(" [%s%s%s%s%s]", e & FE_INVALID ? "I" : "", e & FE_DIVBYZERO ? "Z" : "",
           e & FE_OVERFLOW ? "O" : "", e & FE_UNDERFLOW ? "U" : "", e & FE_INEXACT ? "X" : "");
    feclearexcept(FE_ALL_EXCEPT);
}

static void ops(double x, double y)
{
    volatile double a = x, b = y, r;
    volatile float fa = (float)x, fb = (float)y, fr;
    feclearexcept(FE_ALL_EXCEPT);
    printf("  %a %a:", x, y);
    r = a + b, printf(" %a", r), flags();
    r = a - b, printf(" %a", r), flags();
    r = a * b, printf(" %a", r), flags();
    if (b != 0 || a != 0)
        r = a / b, printf(" %a", r), flags();
    r = fma(a, b, 1.0), printf(" %a", r), flags();
    fr = fa + fb, printf(" %a", fr), flags();
    fr = fa / (fb != 0 ? fb : 3), printf(" %a", fr), flags();
    fr = (float)r, printf(" %a", fr), flags();
    r = rint(a), printf(" %a", r), flags();
    r = nearbyint(b), printf(" %a", r), flags();
    r = sqrt(fabs(a)), printf(" %a", r), flags();
    if (fabs(x) < 1e9)
        printf(" %ld %d", lrint(a), (int)lrintf(fa)), printf(" %ld", lround(a)), feclearexcept(FE_ALL_EXCEPT);
    printf(" %a %a %a %a\n", floor(a), ceil(a), trunc(a), round(a));
}

int main(void)
{
    const double v[] = {0.0,   -0.0,    1,      -1,       0.1,   1.0 / 3,         2.5, -2.5, 3.5, 1e16,
                        1e300, DBL_MAX, 1e-300, INFINITY, -7.75, 1 + DBL_EPSILON, 0.5, -0.5};
    const int n = sizeof v / sizeof *v;
    for (int m = 0; m < 4; m++) {
        printf("%s %d\n", mode[m].name, fesetround(mode[m].mode));
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k += 3)
                if (!(isinf(v[i]) || isinf(v[k])) && fabs(v[i] * v[k]) > 1e-290)
                    ops(v[i], v[k]);
        printf("%s\n", fegetround() == mode[m].mode ? "kept" : "lost");
    }
    fesetround(FE_UPWARD);
    fenv_t env;
    feholdexcept(&env);
    fesetround(FE_TOWARDZERO);
    volatile double one = 1, zero = 0, three = 3, r = one / zero;
    flags();
    printf(" %a\n", r);
    feraiseexcept(FE_INVALID);
    flags();
    feraiseexcept(FE_INEXACT);
    feupdateenv(&env);
    flags();
    r = one / three;
    printf(" %a %s\n", r, fegetround() == FE_UPWARD ? "up" : "not up");
    return 0;
}
