/* SPDX-License-Identifier: MIT */
/* LDP and STP of doublewords at aligned addresses are single accesses (FEAT_LSE2): no reader sees half of a pair; neither do
 * exclusive pairs and CASP tear.
 * arm: -march=armv8.1-a -pthread
 * skip-qemu: 7.2 tears
 */
#include "t.h"

#include <pthread.h>

static _Alignas(16) uint64_t room[4];
#define pair (room + 2)
static volatile int done;

static void *writer(void *arg)
{
    (void)arg;
    for (uint64_t i = 1; i <= 300000; i++)
        if (i & 1)
            __asm__ volatile("stp %0, %0, [%1]" : : "r"(i), "r"(pair) : "memory");
        else
            __asm__ volatile("mov x9, %1\n stp %0, %0, [x9], #16" : : "r"(i), "r"(pair) : "x9", "memory");
    done = 1;
    return NULL;
}

int main(void)
{
    pthread_t t;
    unsigned torn = 0, back = 0;
    uint64_t last = 0;
    pthread_create(&t, NULL, writer, NULL);
    while (!done) {
        uint64_t a, b, c, d;
        __asm__ volatile("ldp %0, %1, [%2]" : "=&r"(a), "=&r"(b) : "r"(pair) : "memory");
        __asm__ volatile("ldp %0, %1, [%2, #16]" : "=&r"(c), "=&r"(d) : "r"(room) : "memory");
        torn += a != b, torn += c != d;
        back += a < last || c < a;
        last = c;
    }
    pthread_join(t, NULL);
    printf("torn %u, backwards %u, at last %lu %lu\n", torn, back, pair[0], pair[1]);
    return 0;
}
