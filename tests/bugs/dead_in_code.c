/* SPDX-License-Identifier: MIT */
/*
 * A process that shares this one's memory is killed while it computes.  What needs all others to stop (a lock-free list's
 * exclusives with a load between them) must not wait for the dead.
 */
#include "../guest/c/t.h"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char stack[65536] __attribute__((aligned(16)));
static volatile long turns;

static int compute(void *arg)
{
    (void)arg;
    while (turns >= 0)
        turns++;
    return 0;
}

static uint64_t cell[2] __attribute__((aligned(64)));

int main(void)
{
    int status;
    pid_t pid = clone(compute, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
    while (turns < 1000)
        usleep(100);
    kill(pid, SIGKILL);
    for (int round = 0; round < 2; round++) { /* a zombie first, then nothing */
        uint64_t v, w;
        uint32_t lost;
        __asm__ volatile("1: ldxr %0, [%3]\nldr %1, [%4]\nadd %0, %0, #1\nstxr %w2, %0, [%3]\ncbnz %w2, 1b"
                         : "=&r"(v), "=&r"(w), "=&r"(lost)
                         : "r"(&cell[0]), "r"(&cell[1])
                         : "memory");
        printf("%d\n", (int)cell[0]);
        if (round == 0)
            printf("killed %d\n", waitpid(pid, &status, 0) == pid && WTERMSIG(status) == SIGKILL);
    }
    return 0;
}
