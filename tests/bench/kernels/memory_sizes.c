/* SPDX-License-Identifier: MIT */
/* memcpy, memmove and memset of 1 byte to 1 KiB, as programs call them. */
#include "bench.h"

static unsigned char a[65536], b[65536];

int main(int argc, char **argv)
{
    uint32_t seed = 3;
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof a; i++)
        a[i] = (unsigned char)i;
    for (long r = bench_rounds(argc, argv, 20000000); r > 0; r--) {
        uint32_t v = bench_random(&seed) >> 4;
        size_t n = 1 + (v & ((1u << (3 + v % 8)) - 1)), from = v >> 8 & 0x7fff, to = v >> 12 & 0x7fff;
        switch (r & 3) {
        case 0: memset(b + to, (int)n, n); break;
        case 1: memmove(a + to, a + from, n); break;
        default: memcpy(b + to, a + from, n); break;
        }
        sum += b[to];
    }
    return bench_end(sum);
}
