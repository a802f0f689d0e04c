/* SPDX-License-Identifier: MIT */
/*
 * Signals from outside in quick succession, to threads that compute, that wait and that make system calls: what they
 * compute is undisturbed, no signal that is queued is lost, and a handler never runs under a mask that forbids it.
 */
#include "t.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SENDS 3000

static atomic_int stop, tid[3], queued[3], wrong;
static __thread int me, depth;

static void on_urg(int s, siginfo_t *i, void *uc)
{
    (void)i;
    (void)uc;
    if (depth++ && s == SIGURG && depth > 3)
        wrong++;
    depth--;
}

/* SIGUSR1 blocks SIGURG and itself. */
static void on_usr1(int s, siginfo_t *i, void *uc)
{
    (void)uc;
    sigset_t now;
    pthread_sigmask(SIG_BLOCK, NULL, &now);
    if (s != SIGUSR1 || i->si_signo != s || !sigismember(&now, SIGURG) || !sigismember(&now, SIGUSR1))
        wrong++;
    double keep = sqrt(2.0 + s);
    for (volatile int k = 0; k < 20; k++)
        keep = keep * 1.5 - keep;
    if (keep == 7)
        wrong++;
}

static void on_queued(int s, siginfo_t *i, void *uc)
{
    (void)s;
    (void)uc;
    if (i->si_value.sival_int != queued[me])
        wrong++; /* out of order, or lost */
    queued[me]++;
}

/* Integer, floating point, calls, memory. */
static __attribute__((noinline)) uint64_t deep(uint64_t x, int n)
{
    return n ? mix(deep(x * 3 + 1, n - 1), x) : x;
}
static uint64_t compute(uint64_t seed)
{
    double table[64], sum = 0;
    uint64_t h = seed;
    for (int i = 0; i < 64; i++)
        table[i] = (double)i / 7;
    for (int r = 0; r < 300; r++) {
        h = mix(h, deep(h + (unsigned)r, 12));
        for (int i = 0; i < 64; i++)
            sum += table[i] * (double)(h >> (i & 31) & 7);
    }
    return mix(h, (uint64_t)(sum * 1000));
}

static void *calculator(void *arg)
{
    me = (int)(intptr_t)arg;
    tid[me] = (int)syscall(SYS_gettid);
    uint64_t first = compute(5);
    while (!stop)
        if (compute(5) != first)
            wrong++;
    return NULL;
}

static void *caller(void *arg)
{
    me = (int)(intptr_t)arg;
    int p[2];
    char c;
    pipe(p);
    tid[me] = (int)syscall(SYS_gettid);
    for (unsigned char n = 0; !stop; n++) {
        c = (char)~n;
        if (write(p[1], &n, 1) != 1 || read(p[0], &c, 1) != 1 || (unsigned char)c != n)
            wrong++;
        struct timespec t = {0, 20000};
        if (nanosleep(&t, NULL) && errno != EINTR)
            wrong++;
        errno = 0;
    }
    return NULL;
}

int main(void)
{
    struct sigaction a = {.sa_sigaction = on_urg, .sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER};
    sigaction(SIGURG, &a, NULL);
    a = (struct sigaction){.sa_sigaction = on_usr1, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaddset(&a.sa_mask, SIGURG);
    sigaction(SIGUSR1, &a, NULL);
    a = (struct sigaction){.sa_sigaction = on_queued, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigfillset(&a.sa_mask);
    sigaction(SIGRTMIN + 3, &a, NULL);
    pthread_t t[3];
    for (intptr_t i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, i == 2 ? caller : calculator, (void *)i);
    for (int i = 0; i < 3; i++)
        while (!tid[i])
            usleep(1000);
    int sent[3] = {0};
    for (int n = 0; n < SENDS; n++)
        for (int i = 0; i < 3; i++) {
            syscall(SYS_tgkill, getpid(), tid[i], n % 3 ? SIGURG : SIGUSR1);
            if (n % 4 == 0 && pthread_sigqueue(t[i], SIGRTMIN + 3, (union sigval){.sival_int = sent[i]}) == 0)
                sent[i]++;
        }
    for (int i = 0; i < 3; i++)
        for (int wait = 0; queued[i] != sent[i] && wait < 10000; wait++)
            usleep(1000);
    for (int i = 0; i < 3; i++)
        printf("%d: %s\n", i, queued[i] == sent[i] ? "all arrived" : "LOST");
    stop = 1;
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    printf("wrong %d\n", wrong);
    return 0;
}
