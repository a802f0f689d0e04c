/* SPDX-License-Identifier: MIT */
/* Prices of options after Black and Scholes: exp, log, sqrt and erfc of the C library. */
#include "bench.h"

#include <math.h>

static double normal(double x) { return 0.5 * erfc(-x * M_SQRT1_2); }

static double call_price(double spot, double strike, double rate, double sigma, double years)
{
    double d1 = (log(spot / strike) + (rate + sigma * sigma / 2) * years) / (sigma * sqrt(years));
    double d2 = d1 - sigma * sqrt(years);
    return spot * normal(d1) - strike * exp(-rate * years) * normal(d2);
}

int main(int argc, char **argv)
{
    uint32_t seed = 4;
    double sum = 0;
    for (long r = bench_rounds(argc, argv, 2700000); r > 0; r--) {
        double strike = 50 + (double)(bench_random(&seed) >> 25), years = 0.25 + (double)(bench_random(&seed) >> 30);
        sum += call_price(100, strike, 0.05, 0.2, years);
    }
    return bench_end((uint64_t)(sum * 100));
}
