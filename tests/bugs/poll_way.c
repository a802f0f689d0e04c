/* SPDX-License-Identifier: MIT */
/*
 * A signal arrives in a loop that goes another way than it used to, and on that way only: whatever the way begins with, the
 * loop is to be left for the signal.
 */
#include "../guest/c/t.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static volatile uint32_t aside;

static void on_alarm(int s)
{
    (void)s;
    if (write(1, "left\n", 5) == 5)
        _exit(0);
}

/* n turns; with `aside`, the other way, which does not end.  What it begins with counts for nothing. */
static void turn(long n)
{
    long two = 2;
    __asm__ volatile("1: ldr w3, [%1]\n"
                     "tbnz w3, #0, 2f\n"
                     "sub %0, %0, #1\n"
                     "add x5, x5, #1\n"
                     "cbnz %0, 1b\n"
                     "b 3f\n"
                     "2: mov x6, #5\n"
                     "subs x6, %2, #1\n"
                     "b.ne 1b\n"
                     "3:\n"
                     : "+r"(n)
                     : "r"(&aside), "r"(two)
                     : "x3", "x5", "x6", "cc", "memory");
}

int main(void)
{
    turn(200000);
    signal(SIGALRM, on_alarm);
    struct itimerval once = {.it_value.tv_sec = 1};
    setitimer(ITIMER_REAL, &once, NULL);
    aside = 1;
    turn(200000);
    return 1;
}
