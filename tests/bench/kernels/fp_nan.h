/* SPDX-License-Identifier: MIT */
/*
 * A kernel of sums, products, quotients, roots, fused operations and comparisons, scalar and vector, whose inputs make
 * invalid operations in one of NAN_EVERY elements (0: never): infinity - infinity, infinity * 0, 0 / 0, roots of negative
 * numbers, comparisons with NaNs.  The three kernels with the same work are to be compared with each other, too.
 */
#ifndef FP_NAN_H
#define FP_NAN_H

#include "bench.h"

#include <math.h>

enum { FP_NAN_COUNT = 2000 };
static double fp_nan_x[FP_NAN_COUNT], fp_nan_y[FP_NAN_COUNT], fp_nan_z[FP_NAN_COUNT];
static float fp_nan_f[FP_NAN_COUNT], fp_nan_g[FP_NAN_COUNT], fp_nan_h[FP_NAN_COUNT];

static void fp_nan_fill(int every)
{
    static const double special[4][2] = {{INFINITY, INFINITY}, {INFINITY, 0}, {0, 0}, {NAN, -1}};
    uint32_t seed = 1;
    for (int i = 0, k = 0; i < FP_NAN_COUNT; i++) {
        double x = 1 + bench_random(&seed) % 1000 / 16.0, y = 100 + bench_random(&seed) % 1000 / 32.0;
        if (every && i % every == every - 1)
            x = special[k % 4][0], y = special[k++ % 4][1];
        fp_nan_x[i] = x, fp_nan_y[i] = y;
        fp_nan_f[i] = (float)x, fp_nan_g[i] = (float)y;
    }
}

static double fp_nan_scalar(void)
{
    double least = 1e300, most = -1e300, count = 0;
    for (int i = 0; i < FP_NAN_COUNT; i++) {
        double x = fp_nan_x[i], y = fp_nan_y[i];
        double d = x - y, p = x * y, q = fma(x, y, d), s = sqrt(y - 5);
        fp_nan_z[i] = d * s + q / p;
        if (d < least)
            least = d;
        if (p > most)
            most = p;
        count += s > 9.8;
    }
    return count + (least > -1e9 ? least : 1) + (most < 1e9 ? most : 2);
}

__attribute__((optimize("O3"))) static void fp_nan_vector(void)
{
    for (int i = 0; i < FP_NAN_COUNT; i++) {
        float x = fp_nan_f[i], y = fp_nan_g[i], d = x - y;
        fp_nan_h[i] = d * x + (y > x ? d / y : x * 0.5f);
    }
}

static int fp_nan_run(int argc, char **argv, int every)
{
    long n = bench_rounds(argc, argv, 8000);
    double sum = 0;
    fp_nan_fill(every);
    for (long r = 0; r < n; r++) {
        sum += fp_nan_scalar();
        fp_nan_vector();
        __asm__ volatile("" ::: "memory");
    }
    for (int i = 0; i < FP_NAN_COUNT; i++)
        sum += isnan(fp_nan_z[i]) || isnan(fp_nan_h[i]) ? 1 : isinf(fp_nan_z[i]) ? 2 : trunc(fp_nan_z[i]);
    return bench_end((uint64_t)(int64_t)sum);
}

#endif
