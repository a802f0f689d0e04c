/* SPDX-License-Identifier: MIT */
/*
 * A process that shares the memory of others without being a thread of theirs is killed at any point, also half-way
 * through what the emulator does for it under a lock: the others go on, those that cannot wait for it as well as its parent.
 *
 * modes: default no-opt
 */
#define _GNU_SOURCE
#include "../guest/c/t.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 40, STACK = 65536 };

static char stacks[2][STACK] __attribute__((aligned(16)));
static volatile unsigned long progress[3];

/* Maps code, runs it, and unmaps it. */
static void work(volatile unsigned long *count)
{
#ifdef __aarch64__
    static const uint32_t ret = 0xd65f03c0;
#else
    static const uint8_t ret = 0xc3;
#endif
    char *p = (char *)syscall(SYS_mmap, NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(p, &ret, sizeof ret);
    __builtin___clear_cache(p, p + sizeof ret);
    ((void (*)(void))p)();
    syscall(SYS_mprotect, p, 4096, PROT_READ);
    syscall(SYS_munmap, p, 8192);
    ++*count;
}

static int worker(void *arg)
{
    for (;;)
        work(arg);
    return 0;
}

static pid_t start(int k)
{
    return clone(worker, stacks[k] + STACK, CLONE_VM | SIGCHLD, (void *)&progress[k]);
}

int main(void)
{
    pid_t sibling = start(1);
    for (int i = 0; i < ROUNDS; i++) {
        pid_t victim = start(0);
        unsigned long was = progress[0];
        while (progress[0] == was)
            sched_yield();
        usleep(rnd() % 200);
        kill(victim, SIGKILL);
        was = progress[1];
        if (i % 2) /* nobody has waited for it yet */
            while (progress[1] < was + 2)
                usleep(100);
        else
            work(&progress[2]);
        int status;
        if (waitpid(victim, &status, 0) != victim || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
            printf("round %d: status %x\n", i, status);
    }
    kill(sibling, SIGKILL);
    waitpid(sibling, NULL, 0);
    printf("%lu rounds of its own\n", progress[2]);
    return 0;
}
