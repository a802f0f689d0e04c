/* SPDX-License-Identifier: MIT */
/*
 * exec, exit and death while other threads compute, wait in system calls or start: the process is whole,
 * and its status right.
 *
 * args: exec
 * args: exec-from-thread
 * args: exit
 * args: fault
 * args: signal
 */
#include "../guest/c/t.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile long counter, counter_page = 16;
static void *compute(void *arg)
{
    for (;;)
        counter++;
    return arg;
}
static void *wait_here(void *arg)
{
    for (;;)
        pause();
    return arg;
}
static void *nothing(void *arg)
{
    return arg;
}
static void *starter(void *arg)
{
    for (;;) {
        pthread_t t;
        if (pthread_create(&t, NULL, nothing, NULL) == 0)
            pthread_join(t, NULL);
    }
    return arg;
}

static void act(const char *what)
{
    if (!strncmp(what, "exec", 4))
        execl("/proc/self/exe", "self", "new", (char *)NULL);
    if (!strcmp(what, "exit"))
        exit(21);
    if (!strcmp(what, "fault"))
        *(volatile int *)(uintptr_t)counter_page = 1;
    if (!strcmp(what, "signal"))
        kill(getpid(), SIGTERM), pause();
    _exit(99);
}

static void *act_here(void *arg)
{
    act(arg);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "new"))
        return 20;
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    const char *what = argc > 1 ? argv[1] : "exit";
    for (int i = 0; i < 15; i++) {
        pid_t p = fork();
        if (p == 0) {
            pthread_t t;
            pthread_create(&t, NULL, compute, NULL), pthread_create(&t, NULL, wait_here, NULL),
                pthread_create(&t, NULL, starter, NULL);
            usleep((unsigned)i * 300);
            if (!strcmp(what, "exec-from-thread"))
                pthread_create(&t, NULL, act_here, (void *)what), pause();
            act(what);
        }
        int st = -1;
        waitpid(p, &st, 0);
        printf("%x ", st);
    }
    puts("");
    return 0;
}
