/* SPDX-License-Identifier: MIT */
/* A stack without locks: compare and swap of a pointer with a count, two threads.  What both of them write has lines of its
 * own, to their ends, so that no compiler's or linker's order of variables decides how many lines go to and fro. */
#include "bench.h"

#include <pthread.h>
#include <stdatomic.h>

#define NODES 64
static struct node {
    uint32_t next, value;
} node[NODES + 1] __attribute__((aligned(128)));
static struct {
    _Atomic uint64_t word;
} __attribute__((aligned(128))) top, done;
static long rounds;

static void push(uint32_t n)
{
    uint64_t old = atomic_load(&top.word);
    do
        node[n].next = (uint32_t)old;
    while (!atomic_compare_exchange_weak(&top.word, &old, ((old >> 32) + 1) << 32 | n));
}

static uint32_t pop(void)
{
    uint64_t old = atomic_load(&top.word);
    while ((uint32_t)old && !atomic_compare_exchange_weak(&top.word, &old, ((old >> 32) + 1) << 32 | node[(uint32_t)old].next))
        ;
    return (uint32_t)old;
}

static void *work(void *arg)
{
    for (long r = rounds; r > 0; r--) {
        uint32_t n = pop();
        if (!n)
            continue;
        node[n].value++;
        atomic_fetch_add_explicit(&done.word, 1, memory_order_relaxed);
        push(n);
    }
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t;
    rounds = bench_rounds(argc, argv, 1600000);
    for (uint32_t i = 1; i <= NODES; i++)
        push(i);
    pthread_create(&t, NULL, work, NULL);
    work(NULL);
    pthread_join(t, NULL);
    uint64_t sum = 0;
    for (uint32_t i = 1; i <= NODES; i++)
        sum += node[i].value;
    return bench_end(sum == done.word && done.word == 2 * (uint64_t)rounds);
}
