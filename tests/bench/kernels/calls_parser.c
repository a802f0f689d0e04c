/* SPDX-License-Identifier: MIT */
/* A calculator by recursive descent. */
#include "bench.h"

static const char *at;
static int64_t sum_of(void);

static int64_t factor(void)
{
    int64_t v = 0;
    if (*at == '(') {
        at++;
        v = sum_of();
        at++;
        return v;
    }
    if (*at == '-') {
        at++;
        return -factor();
    }
    while (*at >= '0' && *at <= '9')
        v = v * 10 + (*at++ - '0');
    return v;
}

static int64_t product(void)
{
    int64_t v = factor();
    while (*at == '*' || *at == '/') {
        char op = *at++;
        int64_t w = factor();
        v = op == '*' ? v * w : w ? v / w : 0;
    }
    return v;
}

static int64_t sum_of(void)
{
    int64_t v = product();
    while (*at == '+' || *at == '-') {
        char op = *at++;
        int64_t w = product();
        v = op == '+' ? v + w : v - w;
    }
    return v;
}

int main(int argc, char **argv)
{
    static const char *const text[] = {"1+2*(3-4)*-5+(6*7)/3", "((((12))))*3-(4+5)*(6-7)/-1+88", "2*3*4*5-(((1+1)*2+1)*3+1)"};
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 2700000); r > 0; r--) {
        at = text[r % 3];
        sum = sum * 3 + (uint64_t)sum_of();
    }
    return bench_end(sum);
}
