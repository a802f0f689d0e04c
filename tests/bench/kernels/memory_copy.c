/* SPDX-License-Identifier: MIT */
/* memcpy, memset, strlen and memcmp of the guest's own C library on buffers of many sizes. */
#include "bench.h"

static char a[1 << 16], b[1 << 16];

int main(int argc, char **argv)
{
    uint64_t sum = 0;
    memset(a, 'q', sizeof a - 1);
    for (long r = bench_rounds(argc, argv, 5000000); r > 0; r--) {
        size_t n = (size_t)(r * 37 & 1023);
        memcpy(b, a, n);
        b[n] = 0;
        sum += strlen(b) + (size_t)memcmp(a, b, n);
        memset(b, (int)r, n / 2);
    }
    return bench_end(sum);
}
