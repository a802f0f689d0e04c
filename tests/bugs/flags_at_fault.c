/* SPDX-License-Identifier: MIT */
/*
 * The flags at a faulting load or store are live: the handler repairs the page and returns, and the branch
 * behind the access must still go by the comparison in front of it. (Garbage collectors and databases
 * repair pages like this.)
 */
#include "../guest/c/t.h"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static char *page;
static uint64_t seen;

static void on_segv(int s, siginfo_t *info, void *context)
{
    (void)s, (void)info;
    seen = ((ucontext_t *)context)->uc_mcontext.pstate >> 28;
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static void deny(void)
{
    mprotect(page, 4096, PROT_NONE);
}

#define TRY(setup, access, cond)                                                                             \
    do {                                                                                                     \
        uint64_t r;                                                                                          \
        deny();                                                                                              \
        __asm__ volatile("mov x9, #5\n mov x10, #9\n movi v0.2d, #0\n" setup "\n" access "\n cset %0, " cond \
                         "\n b." cond " 1f\n add %0, %0, #10\n1:"                                            \
                         : "=&r"(r)                                                                          \
                         : "r"(page)                                                                         \
                         : "x9", "x10", "x11", "x12", "v0", "v1", "cc", "memory");                           \
        printf("%s; %s; %s: %lu, in the handler %lx\n", setup, access, cond, r, seen);                       \
    } while (0)

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 2; i++) {
        TRY("cmp x9, x10", "ldr x11, [%1]", "lo");
        TRY("cmp x10, x9", "ldr x11, [%1]", "lo");
        TRY("cmp x9, x9", "str x10, [%1, #8]", "eq");
        TRY("adds x11, x9, x10", "ldrb w9, [%1]", "ne");
        TRY("subs w9, w9, w10", "ldp x9, x10, [%1]", "mi");
        TRY("ands x9, x9, #2", "str q0, [%1]", "eq");
        TRY("cmn x9, #5", "ldr d1, [%1]", "cs");
        TRY("fcmp d0, #0.0", "ldr x12, [%1], #0", "eq");
        TRY("cmp x9, x10\n ccmp x9, #5, #3, lo", "ldaxr x11, [%1]\n stxr w12, x11, [%1]", "eq");
        TRY("mov x11, #3 << 29\n msr nzcv, x11", "ldr x11, [%1]", "cs");
        TRY("cmp x9, x10", "ldr x9, [%1]\n mov x10, x9", "lt");
    }
    return 0;
}
