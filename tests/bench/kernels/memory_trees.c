/* SPDX-License-Identifier: MIT */
/* Binary trees made and freed with malloc. */
#include "bench.h"

struct node {
    struct node *l, *r;
};

static struct node *make(int depth)
{
    struct node *n = malloc(sizeof *n);
    if (!n)
        abort();
    n->l = depth ? make(depth - 1) : NULL;
    n->r = depth ? make(depth - 1) : NULL;
    return n;
}

static uint64_t drop(struct node *n)
{
    uint64_t c = 1;
    if (n->l)
        c += drop(n->l) + drop(n->r);
    free(n);
    return c;
}

int main(int argc, char **argv)
{
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 110); r > 0; r--)
        sum += drop(make(15));
    return bench_end(sum);
}
