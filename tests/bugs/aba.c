/* SPDX-License-Identifier: MIT */
/*
 * Values that go away and come back between LDXR and STXR, where that matters.  First on purpose, by another thread
 * while this one waits between the two.  Then a lock-free stack that lives on STXR's failing when the head came back to its old value in between: between the two
 * exclusives the next pointer is loaded.  A node in two hands at once, or lost, is printed.
 */
#include "../guest/c/t.h"

#include <pthread.h>

#define THREADS 4
#define NODES   5
#define ROUNDS  4000

struct node {
    struct node *next;
    int owned;
} __attribute__((aligned(64)));
static struct node node[NODES];
static struct node *head __attribute__((aligned(64)));
static int wrong;

static struct node *pop(void)
{
    struct node *n, *next;
    uint32_t lost;
    __asm__ volatile("1: ldaxr %0, [%3]\n"
                     "cbz %0, 2f\n"
                     "ldr %1, [%0]\n"
                     "stlxr %w2, %1, [%3]\n"
                     "cbnz %w2, 1b\n"
                     "b 3f\n"
                     "2: clrex\n"
                     "3:"
                     : "=&r"(n), "=&r"(next), "=&r"(lost)
                     : "r"(&head)
                     : "memory");
    return n;
}

static void push(struct node *n)
{
    struct node *old;
    uint32_t lost;
    /* The store of n->next stands between the exclusives, too. */
    __asm__ volatile("1: ldaxr %0, [%2]\n"
                     "str %0, [%3]\n"
                     "stlxr %w1, %3, [%2]\n"
                     "cbnz %w1, 1b"
                     : "=&r"(old), "=&r"(lost)
                     : "r"(&head), "r"(n)
                     : "memory");
}

static uint64_t cell = 1;
static uint32_t go, done;

static void *changer(void *arg)
{
    while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
        ;
    *(volatile uint64_t *)&cell = 2;
    *(volatile uint64_t *)&cell = 1;
    __atomic_store_n(&done, 1, __ATOMIC_RELEASE);
    return arg;
}

static void came_back(void)
{
    pthread_t t;
    uint64_t v;
    uint32_t lost;
    pthread_create(&t, NULL, changer, NULL);
    __asm__ volatile("ldxr %0, [%2]\n"
                     "stlr %w4, [%3]\n"
                     "1: ldar %w1, [%5]\n"
                     "cbz %w1, 1b\n"
                     "stxr %w1, %0, [%2]"
                     : "=&r"(v), "=&r"(lost)
                     : "r"(&cell), "r"(&go), "r"(1), "r"(&done)
                     : "memory");
    pthread_join(t, NULL);
    printf("store %s\n", lost ? "failed" : "done");
}

static void own(struct node *n, int was)
{
    if (__atomic_exchange_n(&n->owned, !was, __ATOMIC_SEQ_CST) != was)
        __atomic_fetch_add(&wrong, 1, __ATOMIC_SEQ_CST);
}

static void *worker(void *arg)
{
    for (int i = 0; i < ROUNDS && !wrong; i++) {
        struct node *a = pop(), *b = pop();
        if (a)
            own(a, 0);
        if (b)
            own(b, 0);
        if (a) {
            own(a, 1);
            push(a);
        }
        if (b) {
            own(b, 1);
            push(b);
        }
    }
    return arg;
}

int main(void)
{
    came_back();
    pthread_t t[THREADS];
    for (int i = 0; i < NODES; i++)
        push(&node[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&t[i], NULL, worker, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    int left = 0;
    while (!wrong && pop())
        left++;
    printf("%d nodes, %d wrong\n", left, wrong);
    return 0;
}
