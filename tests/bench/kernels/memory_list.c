/* SPDX-License-Identifier: MIT */
/* A linked list through memory in random order: latency of loads. */
#include "bench.h"

#define N 60000
static struct node {
    struct node *next;
    uint64_t v;
} node[N];

int main(int argc, char **argv)
{
    static uint32_t order[N];
    uint32_t seed = 9;
    for (uint32_t i = 0; i < N; i++)
        order[i] = i;
    for (uint32_t i = N - 1; i > 0; i--) {
        uint32_t j = bench_random(&seed) % i, t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (uint32_t i = 0; i < N; i++) {
        node[order[i]].next = &node[order[(i + 1) % N]];
        node[order[i]].v = i;
    }
    uint64_t sum = 0;
    struct node *p = node;
    for (long r = bench_rounds(argc, argv, 60000000); r > 0; r--) {
        sum += p->v;
        p = p->next;
    }
    return bench_end(sum);
}
