/* SPDX-License-Identifier: MIT */
/*
 * Two threads access tagged pointers for the first time in the same instruction, at the same time: neither's address is bad.
 * modes: default tier1 interp no-opt
 */
#include "../guest/c/t.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { SITES = 3000, THREADS = 2, SPINS = 1000 };

__asm__(".text\n"
        ".p2align 4\n"
        "sites: .rept 3000\n"
        "mov x1, x0\n"
        "mov x2, x0\n"
        "ldr w0, [x1]\n"
        "ret\n"
        ".endr\n");
extern const char sites[];

static _Atomic unsigned arrived;
static uint32_t value = 42;

static void meet(unsigned k)
{
    atomic_fetch_add(&arrived, 1);
    for (unsigned n = 0; atomic_load(&arrived) < (k + 1) * THREADS; n++)
        if (n > SPINS)
            sched_yield();
}

static void *run(void *arg)
{
    uint64_t tagged = (uint64_t)&value | 0x5aull << 56, sum = 0;
    for (unsigned k = 0; k < SITES; k++) {
        meet(k);
        sum += ((uint32_t(*)(uint64_t))(uint64_t)(sites + 16 * k))(tagged);
    }
    *(uint64_t *)arg = sum;
    return NULL;
}

int main(void)
{
    pthread_t t[THREADS];
    uint64_t sum[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&t[i], NULL, run, &sum[i]);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(t[i], NULL);
        printf("%lu\n", sum[i]);
    }
    return 0;
}
