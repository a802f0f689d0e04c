/* SPDX-License-Identifier: MIT */
/*
 * A stack that overflows without a handler for it: killed by SIGSEGV, nothing else; in the first thread, in
 * another, and with a handler but no other stack.
 *
 * args:
 * args: thread
 * args: handler
 * args: sp
 */
#include "t.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

__attribute__((noinline)) static long endless(volatile char *p)
{
    volatile char big[2000];
    big[0] = p ? p[0] : 1;
    return endless(big) + big[0];
}

static void *run(void *arg)
{
    return (void *)endless(arg);
}
static void handler(int s)
{
    (void)s;
    puts("not reached");
}

int main(int argc, char **argv)
{
    puts("before");
    fflush(stdout);
    pthread_t t;
    if (argc > 1 && !strcmp(argv[1], "thread")) {
        pthread_create(&t, NULL, run, NULL);
        pthread_join(t, NULL);
    }
    if (argc > 1 && !strcmp(argv[1], "handler"))
        signal(SIGSEGV, handler);
    if (argc > 1 && !strcmp(argv[1], "sp")) {
        signal(SIGUSR1, handler);
#ifdef __aarch64__
        __asm__ volatile("mov x8, #172\n svc #0\n mov x1, #10\n mov sp, x1\n mov x8, #129\n svc #0" ::
                             : "x0", "x1", "x8", "memory");
#else
        __asm__ volatile("mov $39, %%eax\n syscall\n mov %%eax, %%edi\n mov $10, %%esi\n mov $16, %%esp\n "
                         "mov $62, %%eax\n syscall" ::
                             : "rax", "rdi", "rsi", "rcx", "r11", "memory");
#endif
    }
    return (int)endless(NULL);
}
