/* SPDX-License-Identifier: MIT */
/*
 * All 64 signals are the program's, the two that the C library keeps for itself (32, 33) and the last
 * included: Go uses them so.
 */
#include "../guest/c/t.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

struct kernel_action {
    void (*handler)(int);
    unsigned long flags;
#ifdef __x86_64__
    void (*restorer)(void);
#endif
    uint64_t mask;
};

static volatile int got[65];
static void on_signal(int s)
{
    got[s]++;
}

#ifdef __x86_64__
void restore(void);
__asm__(".globl restore\nrestore: mov $15, %eax\n syscall");
#endif

int main(void)
{
    int wrong = 0;
    for (int s = 1; s <= 64; s++) {
        struct kernel_action a = {.handler = on_signal}, old;
#ifdef __x86_64__
        a.flags = 0x04000000, a.restorer = restore;
#endif
        long r = syscall(SYS_rt_sigaction, s, &a, NULL, 8);
        if (r) {
            printf("%d: %s\n", s, strerrorname_np(errno));
            continue;
        }
        syscall(SYS_rt_sigaction, s, NULL, &old, 8);
        wrong += old.handler != on_signal;
        for (int i = 0; i < 2; i++)
            syscall(SYS_tgkill, getpid(), getpid(), s);
        wrong += got[s] != 2;
        if (got[s] != 2)
            printf("%d: %d\n", s, got[s]);
    }
    uint64_t all = ~0ull, pending;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, 8);
    for (int s = 32; s <= 64; s++)
        syscall(SYS_tgkill, getpid(), getpid(), s);
    syscall(SYS_rt_sigpending, &pending, 8);
    printf("wrong %d pending %lx\n", wrong, pending);
    all = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    for (int s = 32; s <= 64; s++)
        wrong += got[s] != 3;
    printf("wrong %d\n", wrong);
    return 0;
}
