/* SPDX-License-Identifier: MIT */
/* Decodes UTF-8, as every text program does: a branch on the first byte, checks of the others. */
#include "bench.h"

#define SIZE 65536
static unsigned char text[SIZE + 4];

/* Returns the length of the sequence at p, and 0 if it is none. */
static int decode(const unsigned char *p, uint32_t *out)
{
    if (p[0] < 0x80) {
        *out = p[0];
        return 1;
    }
    if (p[0] < 0xc2)
        return 0;
    if (p[0] < 0xe0) {
        if ((p[1] & 0xc0) != 0x80)
            return 0;
        *out = (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
        return 2;
    }
    if (p[0] < 0xf0) {
        if ((p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
            return 0;
        *out = (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
        return *out < 0x800 ? 0 : 3;
    }
    if (p[0] > 0xf4 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80 || (p[3] & 0xc0) != 0x80)
        return 0;
    *out = (p[0] & 7u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
    return 4;
}

static size_t encode(unsigned char *p, uint32_t c)
{
    if (c < 0x80) {
        p[0] = (unsigned char)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (unsigned char)(0xc0 | c >> 6);
        p[1] = (unsigned char)(0x80 | (c & 0x3f));
        return 2;
    }
    p[0] = (unsigned char)(0xe0 | c >> 12);
    p[1] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
    p[2] = (unsigned char)(0x80 | (c & 0x3f));
    return 3;
}

int main(int argc, char **argv)
{
    uint32_t seed = 1, c;
    uint64_t sum = 0;
    size_t n = 0;
    while (n < SIZE - 4) {
        uint32_t r = bench_random(&seed) >> 8;
        n += encode(text + n, r % 10 < 7 ? 'a' + r % 26 : r % 10 < 9 ? 0xc0 + r % 300 : 0x4e00 + r % 5000);
    }
    for (long r = bench_rounds(argc, argv, 960); r > 0; r--)
        for (const unsigned char *p = text; p < text + n;) {
            int len = decode(p, &c);
            p += len ? len : 1;
            sum += len ? c : 0xfffd;
        }
    return bench_end(sum);
}
