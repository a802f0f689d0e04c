/* SPDX-License-Identifier: MIT */
/* snprintf: many small functions, and arguments of any number. */
#include "bench.h"

int main(int argc, char **argv)
{
    char text[128];
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 1300000); r > 0; r--) {
        int n = snprintf(text, sizeof text, "%5d %s %08lx %c|%-6u", (int)(r & 4095), "name", (unsigned long)r * 77, 'x', (unsigned)r & 255);
        sum += (uint64_t)n + (unsigned char)text[r % n];
    }
    return bench_end(sum);
}
