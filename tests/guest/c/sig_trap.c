/* SPDX-License-Identifier: MIT */
/*
 * SIGTRAP from BRK, SIGILL from UDF, unallocated words and privileged instructions: si_code, si_addr, and
 * the pc, which stays.
 *
 * stderr: (xrun: unknown instruction [0-9a-f]+ at [0-9a-f]+: SIGILL\n)*
 */
#include "t.h"

#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

static volatile long steps;

static void on_signal(int s, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    printf("%s code %d addr-pc %ld word %08x\n", strsignal(s), info->si_code,
           (long)((uint64_t)info->si_addr - uc->uc_mcontext.pc), *(uint32_t *)uc->uc_mcontext.pc);
    uc->uc_mcontext.pc += 4;
    steps++;
}

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGTRAP, &sa, NULL);
    sigaction(SIGILL, &sa, NULL);
    for (int i = 0; i < 3; i++) {
        long before = 5, after;
        __asm__ volatile("mov x9, %1\n brk #0\n add x9, x9, #1\n udf #0\n add x9, x9, #1\n brk #0xffff\n udf "
                         "#0x1234\n .word 0xffffffff\n add %0, x9, #1"
                         : "=r"(after)
                         : "r"(before)
                         : "x9");
        printf("%ld %ld\n", after, steps);
    }
    __asm__ volatile(
        ".word 0x00010000\n hlt #0\n msr daifset, #2\n eret\n mrs x0, sctlr_el1\n .word 0x00020000\n" ::
            : "x0", "memory");
    printf("%ld\n", steps);
    signal(SIGTRAP, SIG_DFL);
    fflush(stdout);
    __builtin_trap();
}
