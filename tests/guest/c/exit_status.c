/* SPDX-License-Identifier: MIT */
/*
 * How a program ends: its status and killing signal must be xrun's own, output flushed, destructors run.
 *
 * args:
 * args: exit 0
 * args: exit 300
 * args: _exit 7
 * args: abort
 * args: raise 15
 * args: raise 1
 * args: raise 9
 * args: raise 40
 * args: raise 11
 * args: thread 5
 * args: raise-in-thread 10
 * args: assert
 * args: pipe
 */
#include "t.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static void at_exit(void)
{
    puts("at exit");
}
__attribute__((destructor)) static void destructor(void)
{
    puts("destructor");
}
static void *exiter(void *arg)
{
    exit((int)(intptr_t)arg);
}
static void *raiser(void *arg)
{
    kill(getpid(), (int)(intptr_t)arg);
    sleep(5);
    return NULL;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    intptr_t n = argc > 2 ? atoi(argv[2]) : 3;
    pthread_t t;
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    atexit(at_exit);
    printf("before %s\n", what);
    if (strcmp(what, "exit") && *what)
        fflush(stdout);
    if (!strcmp(what, "exit"))
        exit((int)n);
    if (!strcmp(what, "_exit"))
        _exit((int)n);
    if (!strcmp(what, "abort"))
        abort();
    if (!strcmp(what, "raise"))
        raise((int)n);
    if (!strcmp(what, "thread"))
        pthread_create(&t, NULL, exiter, (void *)n), pause();
    if (!strcmp(what, "raise-in-thread"))
        pthread_create(&t, NULL, raiser, (void *)n), pause();
    if (!strcmp(what, "assert"))
        fclose(stderr), assert(n != 3);
    if (!strcmp(what, "pipe")) {
        int fd[2];
        pipe(fd);
        close(fd[0]);
        write(fd[1], "x", 1);
    }
    return (int)n;
}
