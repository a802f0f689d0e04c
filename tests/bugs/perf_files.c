/* SPDX-License-Identifier: MIT */
/* For perf_files.py: code that is made before a child of vfork, in it, and after it; a child of fork, which runs nothing new; and
 * what became of SIGXFSZ. */
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned n = 1000, exceeded;

#define WORK(name, k)                                                                                        \
    __attribute__((noinline)) static unsigned name(unsigned s)                                               \
    {                                                                                                        \
        for (unsigned i = 0; i < n; i++)                                                                     \
            s = s * k + (i ^ s >> 3);                                                                        \
        return s;                                                                                            \
    }
WORK(early, 3)
WORK(inside, 5)
WORK(after, 7)

static void on_xfsz(int s)
{
    exceeded++;
}

/* A child goes the same way as its parent. */
__attribute__((noinline)) static long same(long nr, long arg)
{
    static const long end[2] = {SYS_exit, SYS_wait4};
    long r = syscall(nr, arg, 0, 0, 0, 0);
    early(2);
    syscall(end[r != 0], r, 0, 0, 0);
    return r;
}

int main(void)
{
    sigset_t pending, mask;
    signal(SIGXFSZ, on_xfsz);
    early(1);
    pid_t child = vfork();
    if (child == 0) {
        inside(1);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    after(1);
    same(SYS_gettid, 0);
    child = (pid_t)same(SYS_clone, SIGCHLD);
    sigpending(&pending), sigprocmask(SIG_BLOCK, NULL, &mask);
    printf("%d %u %d %d\n", (int)child, exceeded, sigismember(&pending, SIGXFSZ), sigismember(&mask, SIGXFSZ));
    return 0;
}
