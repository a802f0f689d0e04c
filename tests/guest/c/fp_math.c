/* SPDX-License-Identifier: MIT */
/* The mathematical library, to the precision that two ports of it share. */
#include "t.h"

#include <complex.h>
#include <math.h>

int main(void)
{
    for (double x = -8; x <= 8; x += 0.37) {
        printf("%.12g %.12g %.12g %.12g %.12g %.12g", sin(x), cos(x), tan(x), atan(x), exp(x), tanh(x));
        printf(" %.12g %.12g %.12g %.12g %.12g", log(fabs(x)), pow(fabs(x), 1.7), cbrt(x), erf(x),
               hypot(x, 2));
        printf(" %.6g %.6g %.6g %.6g", (double)sinf((float)x), (double)expf((float)x),
               (double)log2f((float)fabs(x)), (double)powf(2, (float)x));
        int e;
        double ip, m = frexp(x, &e), frac = modf(x, &ip);
        printf(" %.12g %d %.12g %.12g %.12g %.12g\n", m, e, frac, ip, fmod(x, 0.7), remainder(x, 0.7));
    }
    printf("%.12g %.12g %.12g\n", lgamma(4.5), tgamma(6.5), j0(1.5));
    double complex z = cexp(I * 1.0) * csqrt(-2.0 + 1.0 * I);
    printf("%.12g %.12g %.12g\n", creal(z), cimag(z), cabs(z));
    printf("%a %a %a %d %d\n", nextafter(1, 2), scalbn(1.5, -1070), ldexp(3, 900), ilogb(1e-310),
           (int)logb(1e300));
    double s = 0;
    for (int i = 1; i < 100000; i++)
        s += sin(i * 0.001) * sqrt(i) / (i + 0.5);
    printf("%.10g\n", s);
    return 0;
}
