/* SPDX-License-Identifier: MIT */
/*
 * LDXR and STXR as hand-written code uses them: success, failure without a reservation, CLREX, another
 * address, values that came back, pairs, every size, work between the two, and a contended lock.
 */
#include "t.h"

#include <pthread.h>

static uint64_t cell[4] __attribute__((aligned(64)));

#define STATUS(code)                                                                                         \
    ({                                                                                                       \
        uint32_t st_;                                                                                        \
        __asm__ volatile(code                                                                                \
                         : "=&r"(st_)                                                                        \
                         : "r"(cell), "r"(&cell[2])                                                          \
                         : "x9", "x10", "x11", "x12", "memory");                                             \
        st_;                                                                                                 \
    })

static void *writer(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20000; i++) {
        __atomic_fetch_add(&cell[0], 1, __ATOMIC_SEQ_CST);
        __atomic_fetch_sub(&cell[0], 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

static uint32_t lock;
static long guarded;
static void *locker(void *arg)
{
    for (int i = 0; i < 5000; i++) {
        uint32_t t, s;
        __asm__ volatile("1: ldaxr %w0, [%2]\n cbnz %w0, 2f\n stxr %w1, %w3, [%2]\n cbz %w1, 3f\n b 1b\n2: "
                         "yield\n b 1b\n3:"
                         : "=&r"(t), "=&r"(s)
                         : "r"(&lock), "r"(1)
                         : "memory");
        guarded++;
        __asm__ volatile("stlr wzr, [%0]" ::"r"(&lock) : "memory");
    }
    return arg;
}

int main(void)
{
    printf("plain %u\n", STATUS("ldxr x9, [%1]\n add x9, x9, #5\n stxr %w0, x9, [%1]"));
    printf("none %u\n", STATUS("clrex\n mov x9, #99\n stxr %w0, x9, [%1]"));
    printf("twice %u\n", STATUS("ldxr x9, [%1]\n stxr %w0, x9, [%1]\n stxr %w0, x9, [%1]"));
    printf("clrex %u\n", STATUS("ldxr x9, [%1]\n clrex\n stxr %w0, x9, [%1]"));
    printf("byte %u\n", STATUS("ldxrb w9, [%1]\n add w9, w9, #255\n stxrb %w0, w9, [%1]"));
    printf("half %u\n", STATUS("ldaxrh w9, [%1]\n sub w9, w9, #9\n stlxrh %w0, w9, [%1]"));
    printf("word %u\n", STATUS("ldaxr w9, [%1]\n eor w9, w9, #0xff00\n stlxr %w0, w9, [%1]"));
    printf("pair %u\n",
           STATUS("ldxp x9, x10, [%1]\n add x9, x9, #1\n add x10, x10, #2\n stxp %w0, x9, x10, [%1]"));
    printf("pairw %u\n", STATUS("ldaxp w9, w10, [%1]\n add w9, w9, #1\n stlxp %w0, w10, w9, [%1]"));
    printf("other reload %u\n",
           STATUS("ldxr x9, [%1]\n ldxr x10, [%2]\n mov x10, #77\n stxr %w0, x10, [%2]"));
    printf("%lx %lx %lx\n", cell[0], cell[1], cell[2]);
    uint64_t got;
    __asm__ volatile("1: ldxr %0, [%1]\n mov x9, #10\n 2: add %0, %0, #3\n subs x9, x9, #1\n b.ne 2b\n stxr "
                     "w10, %0, [%1]\n cbnz w10, 1b"
                     : "=&r"(got)
                     : "r"(cell)
                     : "x9", "x10", "memory", "cc");
    printf("loop inside %lx\n", got);
    cell[0] = 0;
    pthread_t t[3];
    long wins = 0;
    pthread_create(&t[0], NULL, writer, NULL);
    for (int i = 0; i < 20000; i++) {
        uint64_t v;
        uint32_t s;
        __asm__ volatile("ldaxr %0, [%2]\n add %0, %0, #2\n stlxr %w1, %0, [%2]"
                         : "=&r"(v), "=&r"(s)
                         : "r"(cell)
                         : "memory");
        wins += !s;
    }
    pthread_join(t[0], NULL);
    printf("%d\n", cell[0] == (uint64_t)wins * 2 && wins > 0);
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, locker, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    printf("%ld\n", guarded);
    return 0;
}
