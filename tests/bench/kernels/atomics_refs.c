/* SPDX-License-Identifier: MIT */
/* Objects with counted references, handed from place to place. */
#include "bench.h"

#include <stdatomic.h>

struct object {
    _Atomic uint32_t refs;
    uint32_t value;
};
static struct object objects[64], *place[256];

static struct object *take(struct object *o)
{
    atomic_fetch_add_explicit(&o->refs, 1, memory_order_relaxed);
    return o;
}

static uint32_t drop(struct object *o)
{
    if (atomic_fetch_sub_explicit(&o->refs, 1, memory_order_release) > 1)
        return 0;
    atomic_thread_fence(memory_order_acquire);
    return o->value++;
}

int main(int argc, char **argv)
{
    uint32_t seed = 1;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 256; i++)
        place[i] = take(&objects[i & 63]);
    for (long r = bench_rounds(argc, argv, 12000000); r > 0; r--) {
        uint32_t v = bench_random(&seed) >> 16;
        struct object **p = &place[v & 255], *old = *p;
        *p = take(&objects[v >> 8 & 63]);
        sum += drop(old);
    }
    return bench_end(sum);
}
