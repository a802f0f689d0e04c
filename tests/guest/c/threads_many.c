/* SPDX-License-Identifier: MIT */
/*
 * Hundreds of threads created and joined, detached ones, cancellation with clean-up, pthread_exit of main,
 * signals to one thread.
 */
#include "t.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static long total, cleaned, handled;
static sem_t done, ready;
static pthread_t receiver;

static void *add(void *arg)
{
    __atomic_fetch_add(&total, (long)arg, __ATOMIC_SEQ_CST);
    return (void *)((long)arg * 2);
}
static void *detached(void *arg)
{
    add(arg);
    sem_post(&done);
    return NULL;
}
static void cleanup(void *arg)
{
    cleaned += (long)arg;
}
static void *cancelled(void *arg)
{
    pthread_cleanup_push(cleanup, arg);
    pthread_cleanup_push(cleanup, (void *)100);
    sem_post(&ready);
    if ((long)arg == 1)
        pause();
    else if ((long)arg == 2)
        for (;;)
            pthread_testcancel();
    else {
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
        for (volatile long i = 0;; i++)
            ;
    }
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return NULL;
}
static void on_usr1(int s)
{
    (void)s;
    if (pthread_equal(pthread_self(), receiver))
        handled++;
}
static void *receive(void *arg)
{
    (void)arg;
    sem_post(&ready);
    while (__atomic_load_n(&handled, __ATOMIC_SEQ_CST) == 0)
        sched_yield();
    pthread_exit((void *)5);
}
static void *last(void *arg)
{
    pthread_join(*(pthread_t *)arg, NULL);
    printf("main is gone, the process is not\n");
    exit(6);
}

int main(void)
{
    pthread_t t[50];
    long joined = 0;
    for (int round = 0; round < 10; round++) {
        for (long i = 0; i < 50; i++)
            if (pthread_create(&t[i], NULL, add, (void *)i))
                puts("no thread");
        for (int i = 0; i < 50; i++) {
            void *r;
            pthread_join(t[i], &r);
            joined += (long)r;
        }
    }
    printf("%ld %ld\n", total, joined);
    sem_init(&done, 0, 0), sem_init(&ready, 0, 0);
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&a, 65536);
    for (long i = 0; i < 100; i++) {
        pthread_create(&t[0], &a, detached, (void *)1);
        sem_wait(&done);
    }
    printf("%ld\n", total);
    for (long i = 1; i <= 3; i++) {
        void *r;
        pthread_create(&t[0], NULL, cancelled, (void *)i);
        sem_wait(&ready);
        usleep(2000);
        pthread_cancel(t[0]);
        pthread_join(t[0], &r);
        printf("%d %ld\n", r == PTHREAD_CANCELED, cleaned);
    }
    signal(SIGUSR1, on_usr1);
    pthread_create(&receiver, NULL, receive, NULL);
    sem_wait(&ready);
    pthread_kill(receiver, SIGUSR1);
    void *r;
    pthread_join(receiver, &r);
    printf("%ld %ld %d\n", handled, (long)r, getpid() == (pid_t)syscall(SYS_gettid));
    static pthread_t me;
    me = pthread_self();
    pthread_create(&t[0], NULL, last, &me);
    pthread_exit(NULL);
}
