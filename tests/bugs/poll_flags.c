/* SPDX-License-Identifier: MIT */
/*
 * A signal arrives in a loop that reads flags into a register which is written again before the loop's branch: where the
 * translation leaves for it, the flags must be what the comparison before left there.
 */
#include "../guest/c/t.h"

#include <signal.h>
#include <sys/time.h>

static volatile sig_atomic_t signals;
static void on_alarm(int s)
{
    signals += s == SIGALRM;
}

/* Iterations of a loop that counts from n down to 0, unless 1 equals 0.  The system call sees NZCV as "equal" left it. */
static long count_down(long n)
{
    long done;
    __asm__ volatile("cmp %1, %1\n"
                     "mov x8, #172\n" /* getpid */
                     "svc #0\n"
                     "mov x2, #1\n"
                     "mov x3, #0\n"
                     "mov %0, #0\n"
                     "1: cmp x2, x3\n"
                     "csel %1, xzr, %1, eq\n"
                     "add %0, %0, #1\n"
                     "subs %1, %1, #1\n"
                     "b.gt 1b"
                     : "=&r"(done), "+r"(n)
                     :
                     : "x0", "x2", "x3", "x8", "cc");
    return done;
}

int main(void)
{
    signal(SIGALRM, on_alarm);
    struct itimerval every = {.it_interval.tv_usec = 100, .it_value.tv_usec = 100};
    setitimer(ITIMER_REAL, &every, NULL);
    long wrong = 0;
    for (long round = 0; round < 100000 && signals < 200 && !wrong; round++)
        wrong += count_down(100000) != 100000;
    printf("wrong %ld\n", wrong);
    return 0;
}
