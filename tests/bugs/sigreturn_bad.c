/* SPDX-License-Identifier: MIT */
/*
 * skip-qemu: it does not look at pstate, and tells no address
 *
 * What arm64's kernel makes of signal frames: one that goes over the end of the alternate stack is written there, and one that
 * cannot be restored is SIGSEGV with the stack pointer as its address (arch/arm64/kernel/signal.c).
 */
#include "../guest/c/t.h"

#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

static sigjmp_buf back;
static uintptr_t frame;
static int depth;

static void on_segv(int signo, siginfo_t *info, void *context)
{
    (void)context;
    printf("signal %d, code %d, %s\n", signo, info->si_code,
           (uintptr_t)info->si_addr == frame ? "at the frame" : "elsewhere");
    siglongjmp(back, 1);
}

static void spoil_pstate(int signo, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    (void)signo;
    frame = (uintptr_t)info;
    uc->uc_mcontext.pstate |= 0x80; /* interrupts are masked */
}

static void spoil_records(int signo, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    (void)signo;
    frame = (uintptr_t)info;
    memset(uc->uc_mcontext.__reserved, 0x55, 16);
}

static void nest(int signo)
{
    if (++depth < 2)
        raise(signo);
}

static void try(void (*handler)(int, siginfo_t *, void *))
{
    struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &sa, NULL);
    if (sigsetjmp(back, 1))
        return;
    raise(SIGUSR1);
    printf("it goes on\n");
}

int main(void)
{
    static char memory[1 << 16];
    struct sigaction sa = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSEGV, &sa, NULL);
    try(spoil_pstate);
    try(spoil_records);

    stack_t ss = {.ss_sp = memory + sizeof memory / 2, .ss_size = 8192};
    sa = (struct sigaction){.sa_handler = nest, .sa_flags = SA_ONSTACK | SA_NODEFER};
    sigaction(SIGUSR1, &sa, NULL);
    sigaltstack(&ss, NULL);
    raise(SIGUSR1);
    printf("depth %d\n", depth);
    return 0;
}
