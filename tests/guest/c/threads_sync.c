/* SPDX-License-Identifier: MIT */
/* Mutex kinds, conditions, barriers, rwlocks, semaphores, once, spin locks, timed waits. */
#include "t.h"

#include <pthread.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>

enum { T = 6, N = 3000 };
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, recursive;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER, not_full = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t sem;
static long counter, shared[4], queue[8], head, tail, consumed, onces, phases[T], spun, torn;

static void only_once(void)
{
    onces++;
}

static void *work(void *arg)
{
    long me = (long)arg;
    pthread_once(&once, only_once);
    for (int i = 0; i < N; i++) {
        pthread_mutex_lock(&m), counter++, pthread_mutex_unlock(&m);
        pthread_spin_lock(&spin), spun++, pthread_spin_unlock(&spin);
        if (i % 8 == 0) {
            pthread_rwlock_wrlock(&rw);
            for (int k = 0; k < 4; k++)
                shared[k]++;
            pthread_rwlock_unlock(&rw);
        } else {
            pthread_rwlock_rdlock(&rw);
            if (shared[0] != shared[3])
                __atomic_fetch_add(&torn, 1, __ATOMIC_RELAXED);
            pthread_rwlock_unlock(&rw);
        }
    }
    for (int p = 0; p < 20; p++) {
        phases[me] = p;
        pthread_barrier_wait(&barrier);
        for (int k = 0; k < T; k++)
            if (phases[k] != p)
                __atomic_fetch_add(&torn, 1, __ATOMIC_RELAXED);
        pthread_barrier_wait(&barrier);
    }
    for (int i = 0; i < 200; i++) {
        pthread_mutex_lock(&m);
        if (me % 2) {
            while (head - tail == 8)
                pthread_cond_wait(&not_full, &m);
            queue[head++ % 8] = i;
            pthread_cond_signal(&not_empty);
        } else {
            while (head == tail)
                pthread_cond_wait(&not_empty, &m);
            consumed += queue[tail++ % 8];
            pthread_cond_signal(&not_full);
        }
        pthread_mutex_unlock(&m);
        sem_wait(&sem);
        sem_post(&sem);
    }
    return NULL;
}

int main(void)
{
    pthread_t t[T];
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&recursive, &a);
    pthread_barrier_init(&barrier, NULL, T);
    pthread_spin_init(&spin, 0);
    sem_init(&sem, 0, 2);
    for (long i = 0; i < T; i++)
        pthread_create(&t[i], NULL, work, (void *)i);
    for (int i = 0; i < T; i++)
        pthread_join(t[i], NULL);
    printf("%ld %ld %ld %ld %ld %ld\n", counter, spun, shared[0], consumed, onces, torn);
    int locked = pthread_mutex_lock(&recursive), again = pthread_mutex_lock(&recursive),
        unlocked = pthread_mutex_unlock(&recursive);
    printf("%d %d %d\n", locked, again, unlocked);
    pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_t check;
    pthread_mutex_init(&check, &a);
    pthread_mutex_lock(&check);
    printf("%s %s\n", strerrorname_np(pthread_mutex_lock(&check)),
           strerrorname_np(pthread_mutex_trylock(&check)));
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 20000000;
    soon.tv_sec += soon.tv_nsec / 1000000000, soon.tv_nsec %= 1000000000;
    pthread_mutex_lock(&m);
    printf("%s\n", strerrorname_np(pthread_cond_timedwait(&not_empty, &m, &soon)));
    sem_wait(&sem), sem_wait(&sem);
    show("sem_timedwait", sem_timedwait(&sem, &soon));
    return 0;
}
