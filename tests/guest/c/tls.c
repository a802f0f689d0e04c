/* SPDX-License-Identifier: MIT */
/*
 * Thread-local variables: initial values, alignment, each thread its own, destructors of thread-specific
 * data, errno.
 */
#include "t.h"

#include <pthread.h>
#include <unistd.h>

static __thread int number = 42;
static __thread char text[100] = "initial";
static __thread struct {
    uint64_t v[4];
} aligned __attribute__((aligned(64)));
__thread long exported;
static pthread_key_t key;
static int destroyed;

static void destroy(void *p)
{
    __atomic_fetch_add(&destroyed, (int)(intptr_t)p, __ATOMIC_SEQ_CST);
}

static void *body(void *arg)
{
    int me = (int)(intptr_t)arg;
    bool fresh = number == 42 && !strcmp(text, "initial") && !aligned.v[2] && !exported &&
                 ((uintptr_t)&aligned & 63) == 0;
    pthread_setspecific(key, (void *)(intptr_t)(me + 1));
    for (int i = 0; i < 1000; i++) {
        number += me, aligned.v[2] += 2, exported--;
        if (i % 100 == 0)
            usleep(1);
    }
    snprintf(text, sizeof text, "thread %d", me);
    errno = me;
    close(-1);
    bool right = number == 42 + 1000 * me && aligned.v[2] == 2000 && exported == -1000 && errno == EBADF &&
                 pthread_getspecific(key) == (void *)(intptr_t)(me + 1);
    return (void *)(intptr_t)(fresh * 2 + right);
}

int main(void)
{
    pthread_t t[20];
    pthread_key_create(&key, destroy);
    number = 7;
    for (int i = 0; i < 20; i++)
        pthread_create(&t[i], NULL, body, (void *)(intptr_t)i);
    for (int i = 0; i < 20; i++) {
        void *r;
        pthread_join(t[i], &r);
        printf("%d", (int)(intptr_t)r);
    }
    printf("\n%d %s %ld %d\n", number, text, exported, destroyed);
    return 0;
}
