/* SPDX-License-Identifier: MIT */
/* Processes that share the memory and leave by exit_group, or are killed, leave nothing behind in the address space. */
#include "../guest/c/t.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char stack[65536] __attribute__((aligned(16)));

static int leave(void *arg)
{
    if (arg)
        for (;;)
            pause();
    _exit(0);
}

static long pages(void)
{
    long n = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%ld", &n) != 1)
        return -1;
    fclose(f);
    return n;
}

int main(void)
{
    long first = 0;
    for (int i = 0; i < 200; i++) {
        pid_t p = clone(leave, stack + sizeof stack, CLONE_VM | SIGCHLD, i % 2 ? stack : NULL);
        if (i % 2)
            kill(p, SIGKILL);
        if (waitpid(p, NULL, 0) != p)
            printf("%d: %s\n", i, strerrorname_np(errno));
        if (i == 20)
            first = pages();
    }
    long more = pages() - first;
    if (more > 2000)
        printf("%ld pages more\n", more);
    return 0;
}
