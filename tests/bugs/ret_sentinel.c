/* SPDX-License-Identifier: MIT */
/*
 * A return to address 1 while no call is open is a SIGBUS of the guest's; it was taken for a return to what marks the end of
 * the stack of predicted returns.
 */
#include "../guest/c/t.h"

#include <signal.h>
#include <ucontext.h>

static void on_bus(int s, siginfo_t *info, void *context)
{
    mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;
    printf("signal %d code %d at %lu, pc %lu\n", s, info->si_code, (uint64_t)info->si_addr, (uint64_t)m->pc);
    m->pc = m->regs[0];
}

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &sa, NULL);
    for (int i = 0; i < 3; i++)
        __asm__ volatile("adr x30, 1f\n ret\n"                   /* no return: forgets the calls */
                         "1: mov x30, #1\n adr x0, 2f\n ret\n2:" /* to address 1 */
                         :
                         :
                         : "x0", "x30", "memory");
    return 0;
}
