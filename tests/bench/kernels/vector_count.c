/* SPDX-License-Identifier: MIT */
/* Lines and words of a text are counted: compares, masks, sums. */
#include "bench.h"

#define N 16384
static char text[N];

__attribute__((optimize("O3"))) static uint32_t count(const char *p, char c)
{
    uint32_t n = 0;
    for (int i = 0; i < N; i++)
        n += p[i] == c;
    return n;
}

int main(int argc, char **argv)
{
    uint32_t seed = 7;
    uint64_t sum = 0;
    for (int i = 0; i < N; i++)
        text[i] = (char)(bench_random(&seed) >> 28 ? 'a' + (bench_random(&seed) >> 28) : ' ');
    for (long r = bench_rounds(argc, argv, 70000); r > 0; r--) {
        sum += count(text, ' ') + count(text, 'e');
        text[r & (N - 1)] = ' ';
    }
    return bench_end(sum);
}
