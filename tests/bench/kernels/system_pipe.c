/* SPDX-License-Identifier: MIT */
/* A byte to and fro between two processes. */
#include "bench.h"

#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int there[2], back[2], status;
    long rounds = bench_rounds(argc, argv, 10000);
    unsigned char c = 0;
    uint64_t sum = 0;
    if (pipe(there) || pipe(back))
        return 1;
    pid_t child = fork();
    for (long r = rounds; r > 0; r--)
        if (child) {
            if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
                return 1;
            sum += c;
        } else {
            if (read(there[0], &c, 1) != 1)
                return 1;
            c = (unsigned char)(c * 5 + 1);
            if (write(back[1], &c, 1) != 1)
                return 1;
        }
    if (!child)
        _exit(0);
    waitpid(child, &status, 0);
    return bench_end(sum + (uint64_t)status);
}
