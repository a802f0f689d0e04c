/* SPDX-License-Identifier: MIT */
/*
 * The end of a process while its threads are in the middle of everything: they create threads, fork, map and unmap, take
 * signals, call functions that are being rewritten.  By exit_group from any thread, by exec from any thread, by a fault,
 * by a signal from outside.  The status must be right, and nobody may hang.
 * limit: 120
 */
#include "t.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 120

static char self[4096];
static volatile int seen;

static void *nothing(void *arg)
{
    return arg;
}
static void *creator(void *arg)
{
    for (;;) {
        pthread_t t;
        if (pthread_create(&t, NULL, nothing, NULL) == 0)
            pthread_join(t, NULL);
    }
    return arg;
}
static void *mapper(void *arg)
{
    for (;;) {
        char *p = mmap(NULL, 16384, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            continue;
        p[0] = 1;
        mprotect(p, 4096, PROT_READ);
        __builtin___clear_cache(p, p + 256);
        munmap(p, 16384);
    }
    return arg;
}
static void on_usr1(int s)
{
    seen += s;
}
static void *raiser(void *arg)
{
    for (;;)
        raise(SIGUSR1);
    return arg;
}
static void *forker(void *arg)
{
    for (;;) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(0);
        if (pid > 0)
            waitpid(pid, NULL, 0);
    }
    return arg;
}

static int how;
static void end(void)
{
    char *argv[] = {self, "55", NULL};
    switch (how % 4) {
    case 0: syscall(SYS_exit_group, 44); break;
    case 1: execv(self, argv); break;
    case 2: *(volatile int *)(uintptr_t)(how + 64) = 1; break;
    default: kill(getpid(), SIGTERM); pause();
    }
}
static void *ender(void *arg)
{
    usleep((useconds_t)(rnd() % 3000));
    end();
    return arg;
}

static void child(int round)
{
    void *(*kind[])(void *) = {creator, mapper, raiser, forker};
    pthread_t t;
    how = round;
    rnd_state += (unsigned)round * 77;
    signal(SIGUSR1, on_usr1);
    for (int i = 0; i < 4; i++)
        pthread_create(&t, NULL, kind[i], NULL);
    if (round & 4) {
        pthread_create(&t, NULL, ender, NULL);
        for (;;)
            pause();
    }
    ender(NULL);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return atoi(argv[1]);
    readlink("/proc/self/exe", self, sizeof self - 1);
    int wrong = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int status;
        pid_t pid = fork();
        if (pid == 0)
            child(round);
        waitpid(pid, &status, 0);
        bool good = round % 4 == 0   ? status == 44 << 8
                    : round % 4 == 1 ? status == 55 << 8
                    : round % 4 == 2 ? status == SIGSEGV
                                     : status == SIGTERM;
        if (!good && wrong++ < 3)
            printf("round %d: status %x\n", round, (unsigned)status);
    }
    printf("wrong %d\n", wrong);
    return 0;
}
