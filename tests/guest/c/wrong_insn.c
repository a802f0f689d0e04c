/* SPDX-License-Identifier: MIT */
/*
 * An instruction that the translator does not have (here SVE's cntd x0) is SIGILL, and xrun says once
 * where, whether the program handles SIGILL or not.
 *
 * args: handled
 * args: killed
 * stderr: xrun: unknown instruction 0?4e0e3e0 at [0-9a-f]+: SIGILL\n
 * skip-qemu: it has SVE
 */
#include "t.h"

#include <signal.h>
#include <ucontext.h>

static void on_ill(int s, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    printf("signal %d code %d at pc %d word %08x\n", s, info->si_code,
           (uint64_t)info->si_addr == uc->uc_mcontext.pc, *(uint32_t *)uc->uc_mcontext.pc);
    uc->uc_mcontext.pc += 4;
}

int main(int argc, char **argv)
{
    struct sigaction sa = {.sa_sigaction = on_ill, .sa_flags = SA_SIGINFO};
    if (argc > 1 && !strcmp(argv[1], "handled"))
        sigaction(SIGILL, &sa, NULL);
    puts("before");
    fflush(stdout);
    for (int i = 0; i < 3; i++)
        __asm__ volatile(".inst 0x04e0e3e0" ::: "x0");
    puts("after");
    return 0;
}
