/* SPDX-License-Identifier: MIT */
/* Calls through tables of functions, as objects with methods make them. */
#include "bench.h"

struct shape {
    uint32_t (*area)(const struct shape *);
    uint32_t w, h;
};
static uint32_t box(const struct shape *s) { return s->w * s->h; }
static uint32_t tri(const struct shape *s) { return s->w * s->h / 2; }
static uint32_t line(const struct shape *s) { return s->w + s->h; }
static uint32_t dot(const struct shape *s) { return s->w & s->h; }

int main(int argc, char **argv)
{
    static uint32_t (*const kind[])(const struct shape *) = {box, tri, line, dot};
    static struct shape s[1000];
    uint32_t seed = 11;
    for (int i = 0; i < 1000; i++)
        s[i] = (struct shape){kind[bench_random(&seed) >> 30], bench_random(&seed) & 63, bench_random(&seed) & 63};
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 120000); r > 0; r--)
        for (int i = 0; i < 1000; i++)
            sum += s[i].area(&s[i]);
    return bench_end(sum);
}
