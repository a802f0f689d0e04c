/* SPDX-License-Identifier: MIT */
/*
 * Asynchronous signals in loops without calls or system calls, nested, deferred by sa_mask, in floating-
 * point and vector loops whose results must not change.
 */
#include "t.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t ticks, depth, deepest, nested, in_usr1;

static void on_alarm(int s)
{
    (void)s;
    ticks++;
    if (++depth > deepest)
        deepest = depth;
    volatile double d = 1;
    for (int i = 0; i < 10; i++)
        d = d * 1.5 + i;
    depth--;
}
static void on_usr2(int s)
{
    (void)s;
    nested += in_usr1;
}
static void on_usr1(int s)
{
    (void)s;
    in_usr1 = 1;
    raise(SIGUSR2);
    in_usr1 = 0;
}

__attribute__((noinline)) static void spin(int until)
{
    while (ticks < until)
        ;
}

__attribute__((noinline)) static double series(long n)
{
    double s = 0, x = 0.5;
    for (long i = 1; i < n; i++) {
        s += x / (double)i;
        x = x * 0.999 + 0.001;
    }
    return s;
}

__attribute__((noinline)) static uint64_t flags_loop(long n)
{
    uint64_t a = 1, b = 2, c = 0;
    for (long i = 0; i < n; i++) {
        unsigned __int128 t = (unsigned __int128)a + b;
        c += (uint64_t)(t >> 64) + (a > b) + ((int64_t)a < (int64_t)b);
        a = (uint64_t)t * 0x9e3779b97f4a7c15ull + c, b ^= a >> 7;
    }
    return a ^ b ^ c;
}

static void *kicker(void *arg)
{
    for (int i = 0; i < 300; i++) {
        pthread_kill(*(pthread_t *)arg, SIGUSR1);
        usleep(50);
    }
    return NULL;
}

int main(void)
{
    struct sigaction sa = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &sa, NULL);
    struct itimerval it = {{0, 500}, {0, 500}};
    setitimer(ITIMER_REAL, &it, NULL);
    spin(20);
    printf("interrupted\n");
    double d = series(1000);
    uint64_t f = flags_loop(1000);
    int wrong = 0;
    for (int i = 0; i < 400; i++)
        wrong += series(1000) != d, wrong += flags_loop(1000) != f;
    printf("wrong %d deepest %d\n", wrong, (int)deepest);
    it.it_interval.tv_usec = it.it_value.tv_usec = 0;
    setitimer(ITIMER_REAL, &it, NULL);
    sigaction(SIGUSR2, &(struct sigaction){.sa_handler = on_usr2}, NULL);
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_usr1}, NULL);
    raise(SIGUSR1);
    printf("nested %d\n", (int)nested);
    struct sigaction masked = {.sa_handler = on_usr1};
    sigaddset(&masked.sa_mask, SIGUSR2);
    sigaction(SIGUSR1, &masked, NULL);
    raise(SIGUSR1);
    printf("nested %d\n", (int)nested);
    pthread_t t, me = pthread_self();
    pthread_create(&t, NULL, kicker, &me);
    for (int i = 0; i < 400; i++)
        wrong += series(1000) != d, wrong += flags_loop(1000) != f;
    pthread_join(t, NULL);
    printf("wrong %d\n", wrong);
    fflush(stdout);
    alarm(1);
    sa.sa_handler = SIG_DFL;
    sigaction(SIGALRM, &sa, NULL);
    for (;;)
        ;
}
