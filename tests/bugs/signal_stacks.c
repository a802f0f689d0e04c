/* SPDX-License-Identifier: MIT */
/*
 * What rt_sigaction keeps of unknown flags, and the alternate stack that a handler finds in its context, which is as it was set,
 * also for one that runs on it already.
 */
#include "../guest/c/t.h"

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define UNSUPPORTED 0x400ul
#define TAGBITS     0x800ul
#define FLAGS_SHOWN (~(0x04000000ul | TAGBITS))

static int flags[4], n;

static void handler(int signo, siginfo_t *info, void *context)
{
    const ucontext_t *uc = context;
    (void)info;
    flags[n++] = uc->uc_stack.ss_flags;
    if (signo == SIGUSR1)
        raise(SIGUSR2);
}

int main(void)
{
    static char memory[1 << 16];
    struct {
        unsigned long handler, flags, restorer, mask;
    } k = {1, SA_RESTART | UNSUPPORTED | TAGBITS | 0x10000, 0, 0};
    show("set", syscall(SYS_rt_sigaction, SIGHUP, &k, NULL, 8));
    show("get", syscall(SYS_rt_sigaction, SIGHUP, NULL, &k, 8));
    printf("flags %#lx\n", k.flags & FLAGS_SHOWN);

    struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGUSR1, &sa, NULL);
    sigaction(SIGUSR2, &sa, NULL);
    stack_t ss = {.ss_sp = memory, .ss_size = sizeof memory};
    show("sigaltstack", sigaltstack(&ss, NULL));
    raise(SIGUSR1);
    ss.ss_flags = SS_ONSTACK;
    show("sigaltstack", sigaltstack(&ss, NULL));
    raise(SIGUSR2);
    ss.ss_flags = SS_DISABLE;
    show("sigaltstack", sigaltstack(&ss, NULL));
    raise(SIGUSR2);
    printf("%d %d, %d, %d\n", flags[0], flags[1], flags[2], flags[3]);
    return 0;
}
