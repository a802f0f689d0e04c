/* SPDX-License-Identifier: MIT */
/*
 * start N COMMAND...: best of N times, in microseconds, of fork and wait, and of fork, exec of COMMAND and wait; without arguments it
 * does nothing, and can be what is executed.  Its clock is read twice for each, so it does not matter how long a start of its own takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Negative if the child did not end with status 0. */
static double once(char **command)
{
    int status = -1;
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        if (command)
            execv(command[0], command);
        _exit(command != NULL);
    }
    waitpid(child, &status, 0);
    return status == 0 ? now() - start : -1;
}

int main(int argc, char **argv)
{
    double fork_best = 1e9, exec_best = 1e9;
    if (argc < 3)
        return 0;
    for (long n = atol(argv[1]); n > 0; n--) {
        double f = once(NULL), e = once(argv + 2);
        if (f < 0 || e < 0)
            return 1;
        fork_best = f < fork_best ? f : fork_best;
        exec_best = e < exec_best ? e : exec_best;
    }
    printf("%.0f %.0f\n", fork_best, exec_best);
    return 0;
}
