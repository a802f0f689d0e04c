/* SPDX-License-Identifier: MIT */
/* Numbers to decimal text and back. */
#include "bench.h"

static char *put(char *p, uint64_t v)
{
    char digit[24];
    int n = 0;
    do
        digit[n++] = (char)('0' + v % 10);
    while (v /= 10);
    while (n)
        *p++ = digit[--n];
    *p++ = ',';
    return p;
}

static uint64_t get(const char **p)
{
    uint64_t v = 0;
    while (**p >= '0' && **p <= '9')
        v = v * 10 + (uint64_t)(*(*p)++ - '0');
    (*p)++;
    return v;
}

int main(int argc, char **argv)
{
    static char text[24 * 256];
    uint32_t seed = 51;
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 14000); r > 0; r--) {
        char *p = text;
        for (int i = 0; i < 256; i++)
            p = put(p, (uint64_t)bench_random(&seed) * seed >> (bench_random(&seed) >> 26));
        for (const char *q = text; q < p;)
            sum += get(&q);
    }
    return bench_end(sum);
}
