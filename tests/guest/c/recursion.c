/* SPDX-License-Identifier: MIT */
/*
 * Deep recursion: more return addresses than any predictor or shadow stack holds, megabytes of stack,
 * mutual and through pointers.
 */
#include "t.h"

#include <pthread.h>

__attribute__((noinline)) static uint64_t down(uint64_t n, uint64_t *below)
{
    uint64_t here[6] = {n, n * 3, below ? below[1] : 0};
    if (n == 0)
        return here[2];
    return mix(down(n - 1, here), here[1] + here[2]);
}

static int even(unsigned n);
__attribute__((noinline)) static int odd(unsigned n)
{
    return n == 0 ? 0 : even(n - 1) + (n & 1 ? 0 : 1);
}
__attribute__((noinline)) static int even(unsigned n)
{
    return n == 0 ? 1 : odd(n - 1) - (n % 3 == 0);
}

static int ackermann(int m, int n)
{
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

typedef int fn(int, void *);
static fn *table[3];
__attribute__((noinline)) static int f0(int n, void *t)
{
    return n ? 1 + ((fn **)t)[n % 3](n - 1, t) : 0;
}
__attribute__((noinline)) static int f1(int n, void *t)
{
    return n ? 2 + ((fn **)t)[(n + 1) % 3](n - 1, t) : 5;
}
__attribute__((noinline)) static int f2(int n, void *t)
{
    return n ? 3 ^ ((fn **)t)[n % 2](n - 1, t) : 9;
}

static void *thread(void *arg)
{
    (void)arg;
    printf("thread %016lx\n", down(20000, NULL));
    return NULL;
}

int main(void)
{
    printf("%016lx\n", down(10, NULL));
    printf("%016lx\n", down(50000, NULL));
    printf("%d %d\n", even(40000), odd(12345));
    printf("%d\n", ackermann(2, 900) + ackermann(3, 6));
    table[0] = f0, table[1] = f1, table[2] = f2;
    printf("%d\n", f0(30000, table));
    pthread_t t;
    pthread_create(&t, NULL, thread, NULL);
    pthread_join(t, NULL);
    uint64_t h = 0;
    for (int i = 0; i < 300; i++)
        h = mix(h, down((uint64_t)i, NULL));
    printf("%016lx\n", h);
    return 0;
}
