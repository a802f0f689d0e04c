/* SPDX-License-Identifier: MIT */
/* Canonical Huffman codes: writing and reading single bits of a stream. */
#include "bench.h"

#define N 65536
static unsigned char in[N], back[N], out[4 * N];
static uint32_t length_of[64], code_of[64], first_code[20], first_symbol[20], symbol_of[64], count_of[20];

/* Symbol s has a length that grows with s: 1, 2, 3 ... and then all the same. */
static void make_codes(void)
{
    uint32_t code = 0, n = 0;
    for (uint32_t s = 0; s < 64; s++)
        length_of[s] = s < 4 ? s + 2 : s < 12 ? 6 : s < 20 ? 8 : 10;
    for (uint32_t len = 1; len < 20; len++) {
        first_code[len] = code;
        first_symbol[len] = n;
        for (uint32_t s = 0; s < 64; s++)
            if (length_of[s] == len) {
                code_of[s] = code++;
                symbol_of[n++] = s;
                count_of[len]++;
            }
        code <<= 1;
    }
}

static size_t encode(void)
{
    uint64_t bits = 0;
    unsigned n = 0;
    unsigned char *p = out;
    for (int i = 0; i < N; i++) {
        bits = bits << length_of[in[i]] | code_of[in[i]];
        n += length_of[in[i]];
        while (n >= 8)
            *p++ = (unsigned char)(bits >> (n -= 8));
    }
    *p++ = (unsigned char)(bits << (8 - n));
    return (size_t)(p - out);
}

static void decode(void)
{
    const unsigned char *p = out;
    uint32_t bits = 0, n = 0;
    for (int i = 0; i < N; i++) {
        uint32_t code = 0, len = 0;
        do {
            if (n == 0)
                bits = *p++, n = 8;
            code = code << 1 | (bits >> --n & 1);
            len++;
        } while (code - first_code[len] >= count_of[len]);
        back[i] = (unsigned char)symbol_of[first_symbol[len] + code - first_code[len]];
    }
}

int main(int argc, char **argv)
{
    uint32_t seed = 9;
    uint64_t sum = 0;
    make_codes();
    for (int i = 0; i < N; i++) {
        uint32_t a = bench_random(&seed) >> 26, b = bench_random(&seed) >> 26;
        in[i] = (unsigned char)(a < b ? a : b);
    }
    for (long r = bench_rounds(argc, argv, 160); r > 0; r--) {
        sum += encode();
        decode();
        sum += memcmp(in, back, N) == 0;
        in[r * 31 & (N - 1)] ^= 1;
    }
    return bench_end(sum);
}
