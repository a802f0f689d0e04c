/* SPDX-License-Identifier: MIT */
/* The Mandelbrot set in double precision: compare and branch on floating point. */
#include "bench.h"

int main(int argc, char **argv)
{
    long n = bench_rounds(argc, argv, 900);
    uint64_t inside = 0;
    for (long y = 0; y < n; y++)
        for (long x = 0; x < n; x++) {
            double cr = 2.0 * (double)x / (double)n - 1.5, ci = 2.0 * (double)y / (double)n - 1.0, zr = 0, zi = 0;
            int i = 0;
            for (; i < 100 && zr * zr + zi * zi < 4.0; i++) {
                double t = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = t;
            }
            inside += i == 100;
        }
    return bench_end(inside);
}
