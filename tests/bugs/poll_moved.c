/* SPDX-License-Identifier: MIT */
/*
 * A signal arrives in a loop in which a register is written twice between its test and its branch: where the
 * translation leaves for it, the register must hold what the last instruction before left there.
 */
#include "../guest/c/t.h"

#include <signal.h>
#include <sys/time.h>

static volatile sig_atomic_t signals;
static void on_alarm(int s)
{
    signals += s == SIGALRM;
}

/* Iterations of a loop that counts from n down to 0. */
static long count_down(long n)
{
    long done = 0;
    __asm__ volatile("1: mov x1, %0\n"
                     "add %1, %1, #1\n"
                     "subs x1, x1, #1\n"
                     "mov %0, x1\n"
                     "mov x1, #5\n"
                     "b.ne 1b"
                     : "+r"(n), "+r"(done)
                     :
                     : "x1", "cc");
    return done;
}

int main(void)
{
    signal(SIGALRM, on_alarm);
    struct itimerval every = {.it_interval.tv_usec = 100, .it_value.tv_usec = 100};
    setitimer(ITIMER_REAL, &every, NULL);
    long wrong = 0;
    for (long round = 0; round < 100000 && signals < 200; round++)
        wrong += count_down(100000) != 100000;
    printf("wrong %ld\n", wrong);
    return 0;
}
