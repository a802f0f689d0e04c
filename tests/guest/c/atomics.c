/* SPDX-License-Identifier: MIT */
/*
 * Atomics of all sizes under contention, with LDXR/STXR loops (atomics_lse.c: with the LSE instructions;
 * atomics_outline.c: chosen at run time).
 *
 * flags: -latomic
 * arm: -march=armv8-a -mno-outline-atomics
 */
#include "t.h"

#include <pthread.h>
#include <sched.h>

enum { T = 4, N = 5000 };

#define SIZE(T_, name)                                                                                       \
    static T_ add_##name, xor_##name, cas_##name, swap_##name = 1, max_##name;                               \
    static long lost_##name;                                                                                 \
    static void loop_##name(long me)                                                                         \
    {                                                                                                        \
        for (long i = 0; i < N; i++) {                                                                       \
            __atomic_fetch_add(&add_##name, (T_)(me + 1), i & 1 ? __ATOMIC_RELAXED : __ATOMIC_SEQ_CST);      \
            __atomic_fetch_xor(&xor_##name, (T_)((uint64_t)i * 0x0101010101010101), __ATOMIC_ACQ_REL);       \
            __atomic_fetch_or(&max_##name, (T_)(1ull << (i % 61)), __ATOMIC_RELEASE);                        \
            __atomic_fetch_and(&max_##name, (T_) ~(1ull << (i % 61)), __ATOMIC_ACQUIRE);                     \
            T_ old = __atomic_load_n(&cas_##name, __ATOMIC_ACQUIRE);                                         \
            while (!__atomic_compare_exchange_n(&cas_##name, &old, (T_)(old * 3 + 1), i & 1,                 \
                                                __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))                         \
                ;                                                                                            \
            T_ got = __atomic_exchange_n(&swap_##name, 0, __ATOMIC_ACQ_REL);                                 \
            if (got) { /* a lock, held for two steps */                                                      \
                lost_##name++;                                                                               \
                __atomic_store_n(&swap_##name, 1, __ATOMIC_RELEASE);                                         \
            }                                                                                                \
            __atomic_sub_fetch(&add_##name, 1, __ATOMIC_RELAXED);                                            \
        }                                                                                                    \
    }
SIZE(uint8_t, 8)
SIZE(uint16_t, 16)
SIZE(uint32_t, 32)
SIZE(uint64_t, 64)

static unsigned __int128 wide;
static struct node {
    struct node *next;
    long value;
} nodes[64];
static union {
    struct {
        struct node *top;
        uint64_t count;
    } s;
    unsigned __int128 all;
} stack __attribute__((aligned(16)));

static void push(struct node *n)
{
    __typeof__(stack) old, new;
    old.all = __atomic_load_n(&stack.all, __ATOMIC_ACQUIRE);
    do {
        n->next = old.s.top;
        new.s.top = n, new.s.count = old.s.count + 1;
    } while (
        !__atomic_compare_exchange_n(&stack.all, &old.all, new.all, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

static struct node *pop(void)
{
    __typeof__(stack) old, new;
    old.all = __atomic_load_n(&stack.all, __ATOMIC_ACQUIRE);
    do {
        if (!old.s.top)
            return NULL;
        new.s.top = __atomic_load_n(&old.s.top->next, __ATOMIC_RELAXED), new.s.count = old.s.count + 1;
    } while (
        !__atomic_compare_exchange_n(&stack.all, &old.all, new.all, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    return old.s.top;
}

static void *run(void *arg)
{
    long me = (long)arg;
    loop_8(me), loop_16(me), loop_32(me), loop_64(me);
    for (int i = 0; i < N; i++) {
        unsigned __int128 old = __atomic_load_n(&wide, __ATOMIC_RELAXED);
        while (!__atomic_compare_exchange_n(&wide, &old, old + ((unsigned __int128)1 << 64) + 1, 0,
                                            __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            ;
        struct node *n = pop();
        if (n)
            n->value++, push(n);
    }
    return NULL;
}

/* Dekker's handshake: with sequential consistency both threads can never read 0. */
static int x, y, r[2];
static pthread_barrier_t gate;
static void *left(void *a)
{
    for (int i = 0; i < 300; i++) {
        pthread_barrier_wait(&gate);
        __atomic_store_n(&x, 1, __ATOMIC_SEQ_CST);
        r[0] = __atomic_load_n(&y, __ATOMIC_SEQ_CST);
        pthread_barrier_wait(&gate);
        pthread_barrier_wait(&gate);
    }
    return a;
}
static void *right(void *a)
{
    long both = 0;
    for (int i = 0; i < 300; i++) {
        pthread_barrier_wait(&gate);
        __atomic_store_n(&y, 1, __ATOMIC_SEQ_CST);
        r[1] = __atomic_load_n(&x, __ATOMIC_SEQ_CST);
        pthread_barrier_wait(&gate);
        both += !r[0] && !r[1];
        x = y = 0;
        pthread_barrier_wait(&gate);
    }
    (void)a;
    return (void *)both;
}

int main(void)
{
    pthread_t t[T];
    for (int i = 0; i < 64; i++)
        push(&nodes[i]);
    for (long i = 0; i < T; i++)
        pthread_create(&t[i], NULL, run, (void *)i);
    for (int i = 0; i < T; i++)
        pthread_join(t[i], NULL);
    printf("%u %u %u %lu\n", add_8, add_16, add_32, add_64);
    printf("%u %u %u %lu\n", xor_8, xor_16, xor_32, xor_64);
    printf("%u %u %u %lu\n", cas_8, cas_16, cas_32, cas_64);
    printf("%d %d %d %d\n", lost_8 > 0, lost_16 > 0, lost_32 > 0, lost_64 > 0);
    printf("%lu %lu\n", (uint64_t)wide, (uint64_t)(wide >> 64));
    long sum = 0, n = 0;
    for (struct node *p; (p = pop()); n++)
        sum += p->value;
    printf("%ld %ld\n", n, sum);
    pthread_barrier_init(&gate, NULL, 2);
    void *both;
    pthread_create(&t[0], NULL, left, NULL), pthread_create(&t[1], NULL, right, NULL);
    pthread_join(t[0], NULL), pthread_join(t[1], &both);
    printf("both zero %ld\n", (long)both);
    bool flag = false;
    printf("%d", __atomic_test_and_set(&flag, __ATOMIC_SEQ_CST));
    printf(" %d\n", __atomic_test_and_set(&flag, __ATOMIC_SEQ_CST));
    return 0;
}
