/* SPDX-License-Identifier: MIT */
/* FNV-1a and a multiply-xorshift finish over short keys. */
#include "bench.h"

int main(int argc, char **argv)
{
    char key[32];
    uint64_t sum = 0;
    long rounds = bench_rounds(argc, argv, 12000000);
    memset(key, 'x', sizeof key);
    for (long r = 0; r < rounds; r++) {
        key[r & 15] = (char)r;
        uint64_t h = 14695981039346656037u;
        for (int i = 0; i < 16; i++)
            h = (h ^ (unsigned char)key[i]) * 1099511628211u;
        h ^= h >> 33;
        h *= 0xff51afd7ed558ccdu;
        sum += h ^ h >> 29;
    }
    return bench_end(sum);
}
