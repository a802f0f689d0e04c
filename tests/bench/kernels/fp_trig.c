/* SPDX-License-Identifier: MIT */
/* Sines, cosines and angles of the C library, as in drawing and navigation. */
#include "bench.h"

#include <math.h>

int main(int argc, char **argv)
{
    double sum = 0;
    for (long r = bench_rounds(argc, argv, 4400000); r > 0; r--) {
        double angle = (double)(r % 6283) / 1000, x = cos(angle), y = sin(angle);
        sum += fabs(atan2(y, x)) + hypot(x * 3, y * 4);
    }
    return bench_end((uint64_t)(sum * 100));
}
