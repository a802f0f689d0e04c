/* SPDX-License-Identifier: MIT */
/* SipHash-2-4 of keys of 8 to 40 bytes, as hash tables of programming languages do it. */
#include "bench.h"

static uint64_t rotate(uint64_t x, int n) { return x << n | x >> (64 - n); }

static void rounds(uint64_t v[4], int n)
{
    while (n--) {
        v[0] += v[1], v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0], v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32);
        v[2] += v[1], v[0] += v[3];
        v[1] = rotate(v[1], 17) ^ v[2], v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

static uint64_t siphash(const unsigned char *p, size_t n, uint64_t k0, uint64_t k1)
{
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};
    uint64_t last = (uint64_t)n << 56, m;
    for (; n >= 8; n -= 8, p += 8) {
        memcpy(&m, p, 8);
        v[3] ^= m;
        rounds(v, 2);
        v[0] ^= m;
    }
    for (size_t i = 0; i < n; i++)
        last |= (uint64_t)p[i] << 8 * i;
    v[3] ^= last;
    rounds(v, 2);
    v[0] ^= last;
    v[2] ^= 0xff;
    rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

int main(int argc, char **argv)
{
    unsigned char key[48];
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)(i * 37);
    for (long r = bench_rounds(argc, argv, 5500000); r > 0; r--) {
        key[r & 7] = (unsigned char)sum;
        sum += siphash(key, 8 + (size_t)(r & 31), 0x0706050403020100, 0x0f0e0d0c0b0a0908);
    }
    return bench_end(sum);
}
