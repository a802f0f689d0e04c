/* SPDX-License-Identifier: MIT */
/* A queue of events ordered by time: a binary heap. */
#include "bench.h"

#define N 4096
struct event {
    uint64_t time, what;
};
static struct event heap[N + 1];
static int count;

static void put(struct event e)
{
    int i = ++count;
    for (; i > 1 && heap[i / 2].time > e.time; i /= 2)
        heap[i] = heap[i / 2];
    heap[i] = e;
}

static struct event get(void)
{
    struct event top = heap[1], e = heap[count--];
    int i = 1;
    for (int c; (c = 2 * i) <= count; i = c) {
        if (c < count && heap[c + 1].time < heap[c].time)
            c++;
        if (heap[c].time >= e.time)
            break;
        heap[i] = heap[c];
    }
    heap[i] = e;
    return top;
}

int main(int argc, char **argv)
{
    uint32_t seed = 5;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < N; i++)
        put((struct event){bench_random(&seed), i});
    for (long r = bench_rounds(argc, argv, 2000000); r > 0; r--) {
        struct event e = get();
        sum = sum * 3 + e.what;
        e.time += bench_random(&seed);
        put(e);
    }
    return bench_end(sum);
}
