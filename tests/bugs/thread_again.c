/* SPDX-License-Identifier: MIT */
/*
 * A thread begins in the memory of one that has ended, or is just about to: nothing of that one's may be left, and nothing
 * may still be in use.
 *
 * modes: default interp tier2
 * skip-qemu: it does not fork while other threads come and go
 */
#include "../guest/c/t.h"

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHAINS 4
#define LENGTH 400

static __thread int own;
static sem_t chain_end;
static char stack[1 << 16];

/* Says how this thread differs from what a new one of main's is, and then makes it differ in all. */
static void *change(void *arg)
{
    (void)arg;
    sigset_t mask, pending;
    stack_t alt = {.ss_sp = malloc(SIGSTKSZ), .ss_size = SIGSTKSZ}, old;
    long wrong = own != 0;
    wrong |= (fegetround() != FE_TONEAREST) << 1;
    wrong |= (fetestexcept(FE_ALL_EXCEPT) != 0) << 2;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    wrong |= (sigismember(&mask, SIGUSR1) || !sigismember(&mask, SIGUSR2)) << 3;
    sigpending(&pending);
    wrong |= sigismember(&pending, SIGUSR1) << 4;
    sigaltstack(&alt, &old);
    wrong |= (old.ss_flags != SS_DISABLE) << 5;
    own = 1;
    fesetround(FE_DOWNWARD);
    feraiseexcept(FE_INEXACT);
    sigfillset(&mask);
    pthread_sigmask(SIG_BLOCK, &mask, NULL);
    pthread_kill(pthread_self(), SIGUSR1);
    return (void *)wrong;
}

/* Each makes the next and ends at once; all of them use their stacks in xrun, too. */
static void *chain(void *arg)
{
    long left = (long)arg;
    char line[256];
    pthread_t next;
    FILE *f = fopen("/proc/self/status", "r");
    if (!f || !fgets(line, sizeof line, f))
        left = 0;
    fclose(f);
    pthread_detach(pthread_self());
    if (left == 0 || pthread_create(&next, NULL, chain, (void *)(left - 1)))
        sem_post(&chain_end);
    return NULL;
}

static int nothing(void *arg)
{
    return own + *(int *)arg;
}

static void *nothing_thread(void *arg)
{
    return arg;
}

static bool threads(void)
{
    pthread_t t[CHAINS];
    void *r = NULL;
    for (long i = 0; i < CHAINS; i++)
        if (pthread_create(&t[i], NULL, nothing_thread, (void *)i))
            return false;
    for (long i = 0; i < CHAINS; i++)
        if (pthread_join(t[i], &r) || r != (void *)i)
            return false;
    return true;
}

int main(void)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &mask, NULL);
    long wrong = 0;
    for (int i = 0; i < 100; i++) {
        pthread_t t;
        void *r = NULL;
        pthread_create(&t, NULL, change, NULL);
        pthread_join(t, &r);
        wrong |= (long)r;
    }
    printf("left of the one before: %lx\n", wrong);

    for (long i = 0; i < CHAINS; i++)
        chain((void *)(long)LENGTH);
    int forked = 0, status;
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(threads() && threads() ? 7 : 8);
        forked += waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 7;
        int code = i;
        pid = clone(nothing, stack + sizeof stack, CLONE_VM | SIGCHLD, &code);
        forked += waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == i;
    }
    for (int i = 0; i < CHAINS; i++)
        sem_wait(&chain_end);
    printf("all chains have ended; %d processes\n", forked);
    printf("threads: %d\n", threads());
    return 0;
}
