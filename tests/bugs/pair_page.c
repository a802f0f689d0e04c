/* SPDX-License-Identifier: MIT */
/*
 * Load pairs whose second half lies in a page that cannot be read yet: the handler finds the base as it was, makes the page
 * readable, and the instruction is done again.  The first half may have been loaded by then, but not over the base.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { PAGE = 4096 };
static uint8_t *memory;
static uint64_t base, faults, bad;

static void open_page(int sig, siginfo_t *info, void *uc)
{
    (void)sig, (void)info;
    faults++;
    bad += ((ucontext_t *)uc)->uc_mcontext.regs[2] != base;
    if (mprotect(memory + PAGE, PAGE, PROT_READ | PROT_WRITE))
        _exit(1);
}

/* x2 is `offset` below the pair, whose first half begins `back` bytes before the page's end. */
#define PAIR(insn, back, offset, first, second, after)                                                       \
    do {                                                                                                     \
        if (mprotect(memory + PAGE, PAGE, PROT_NONE))                                                        \
            return 1;                                                                                        \
        base = (uint64_t)memory + PAGE - (back) - (offset);                                                  \
        register uint64_t x0 __asm__("x0") = 0, x1 __asm__("x1") = 0, x2 __asm__("x2") = base;               \
        __asm__ volatile(insn : "+r"(x0), "+r"(x1), "+r"(x2)::"v0", "v1", "memory");                         \
        bad += (first) != 0x1111111111111111u >> (8 * (8 - size)) ||                                         \
               (second) != 0x2222222222222222u >> (8 * (8 - size)) || (after);                               \
    } while (0)

int main(void)
{
    struct sigaction sa = {.sa_sigaction = open_page, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(memory, 0x11, PAGE);
    memset(memory + PAGE, 0x22, PAGE);
    for (int i = 0; i < 200; i++) {
        unsigned size = 8;
        PAIR("ldp x0, x1, [x2]", 8, 0, x0, x1, x2 != base);
        PAIR("ldp x2, x1, [x2, 32]", 8, 32, x2, x1, x0);
        PAIR("ldp x1, x2, [x2, -16]", 8, -16, x1, x2, x0);
        PAIR("ldp x0, x1, [x2], 16", 8, 0, x0, x1, x2 != base + 16);
        PAIR("ldp x0, x1, [x2, -16]!", 8, -16, x0, x1, x2 != base - 16);
        PAIR("ldp q0, q1, [x2]\n fmov x0, d0\n fmov x1, d1", 16, 0, x0, x1, x2 != base);
        size = 4;
        PAIR("ldp w0, w1, [x2]", 4, 0, x0, x1, x2 != base);
        PAIR("ldp w2, w1, [x2]", 4, 0, x2, x1, x0);
    }
    printf("%llu faults, %llu bad\n", (unsigned long long)faults, (unsigned long long)bad);
    return 0;
}
