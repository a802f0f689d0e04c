/* SPDX-License-Identifier: MIT */
/* Roots of polynomials by Newton, until they are found. */
#include "bench.h"

static int newton(const double *c, int n, double x)
{
    int steps = 0;
    for (double d = 1; (d > 1e-9 || d < -1e-9) && steps < 100; steps++) {
        double p = c[n], q = 0;
        for (int i = n - 1; i >= 0; i--) {
            q = q * x + p;
            p = p * x + c[i];
        }
        d = p / q;
        x -= d;
    }
    return steps;
}

int main(int argc, char **argv)
{
    static const double c[] = {-6, 11, -6.5, 1.25, -3, 2, 1};
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 560000); r > 0; r--)
        sum += (uint64_t)newton(c, 6, 2 + (double)(r & 15));
    return bench_end(sum);
}
