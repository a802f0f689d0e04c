/* SPDX-License-Identifier: MIT */
/* Single precision: a ray-sphere test with square roots and conversions. */
#include "bench.h"

#include <math.h>

int main(int argc, char **argv)
{
    long n = bench_rounds(argc, argv, 4000);
    uint64_t sum = 0;
    for (long y = 0; y < n; y++)
        for (long x = 0; x < n; x++) {
            float dx = (float)x / (float)n - 0.5f, dy = (float)y / (float)n - 0.5f, dz = 1.0f;
            float len = sqrtf(dx * dx + dy * dy + dz * dz);
            dx /= len, dy /= len, dz /= len;
            for (int s = 0; s < 6; s++) {
                float cz = 3.0f + (float)s, b = dz * cz - dx * (float)s * 0.1f, c = cz * cz - 1.0f, d = b * b - c;
                if (d > 0)
                    sum += (uint64_t)((b - sqrtf(d)) * 100.0f);
            }
        }
    return bench_end(sum >> 20); /* the rest is how the compiler contracts */
}
