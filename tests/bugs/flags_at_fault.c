/* SPDX-License-Identifier: MIT */
/*
 * The flags at a faulting load or store are live: the handler repairs the page and returns, and the branch
 * behind the access must still go by the comparison in front of it. (Garbage collectors and databases
 * repair pages like this.)  So must they be if the handler lets the access be skipped, or gives other flags.
 */
#include "../guest/c/t.h"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static char *page;
static uint64_t seen;
static enum { REPAIR, SKIP, INVERT } how;

static void on_segv(int s, siginfo_t *info, void *context)
{
    mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;
    (void)s, (void)info;
    seen = m->pstate >> 28;
    if (how == SKIP)
        m->pc += 4;
    else
        mprotect(page, 4096, PROT_READ | PROT_WRITE);
    if (how == INVERT)
        m->pstate ^= 15ul << 28;
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
                         : "x1", "x2", "x9", "x10", "x11", "x12", "v0", "v1", "cc", "memory");               \
        printf("%s; %s; %s: %lu, in the handler %lx\n", setup, access, cond, r, seen);                       \
    } while (0)

/* The flags that the loop's branch made are read behind the access; hot enough to become a trace. */
static uint64_t loop(void)
{
    uint64_t n = 300, sum = 0, t;
    __asm__ volatile("cmp %0, #0\n"
                     "1: ldr %2, [%3]\n cset %2, pl\n add %1, %1, %2\n"
                     "subs %0, %0, #1\n b.ne 1b\n"
                     : "+r"(n), "+r"(sum), "=&r"(t)
                     : "r"(page)
                     : "cc", "memory");
    return sum;
}

static void other_ways(void)
{
    for (int i = 0; i < 4; i++) {
        TRY("cmp x9, x10", "ldr x11, [%1]", "lo");
        TRY("adds x11, x9, x10", "str x11, [%1]", "ne");
        TRY("cmp x10, x9\n b.lo 1f", "ldr x11, [%1]\n ldr x11, [%1]", "hi");
    }
}

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
        TRY("cmp x9, x10\n mov x9, #77\n mov x10, #3", "ldr x11, [%1]", "lt");
        TRY("mov x1, x9\n mov x2, x10\n subs x1, x1, x2\n mov x2, #0", "ldp x1, x2, [%1]", "lo");
        TRY("mov w1, w9\n adds w1, w1, w10\n eor w1, w1, w1", "str w1, [%1]", "pl");
        /* Nothing but the flags needs the word any more, and its register gets what is loaded. */
        TRY("ldr w1, .\n mov x11, x1\n subs w2, w1, w10",
            "ldr x1, [%1]\n b.hi 2f\n 2: add x2, x11, x1\n cmp x9, x10", "lo");
    }
    how = SKIP;
    other_ways();
    how = INVERT;
    other_ways();
    for (int i = 0; i < 5; i++) {
        deny();
        printf("loop: %lu, in the handler %lx\n", loop(), seen);
    }
    return 0;
}
