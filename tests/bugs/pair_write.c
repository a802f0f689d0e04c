/* SPDX-License-Identifier: MIT */
/*
 * Pairs that are exchanged atomically in memory that cannot be written yet: the handler finds each register as it was, makes
 * the page writable, and the instruction is done again.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { PAGE = 4096, FIRST = 19, KEPT = 8 };
static uint64_t *memory;
static uint64_t faults, bad;

static void open_page(int sig, siginfo_t *info, void *uc)
{
    (void)sig;
    faults++;
    bad += info->si_addr != memory;
    for (unsigned k = 0; k < KEPT; k++)
        bad += ((ucontext_t *)uc)->uc_mcontext.regs[FIRST + k] != 100 * (FIRST + k);
    if (mprotect(memory, PAGE, PROT_READ | PROT_WRITE))
        _exit(1);
}

/* x0 and x1 are what is expected, x2 and x3 what is to be written, x4 the address; x19 to x26 have 100 times their number. */
#define PAIR(insns, old0, old1)                                                                              \
    do {                                                                                                     \
        uint64_t kept[KEPT];                                                                                 \
        memory[0] = old0;                                                                                    \
        memory[1] = old1;                                                                                    \
        if (mprotect(memory, PAGE, PROT_READ))                                                               \
            return 1;                                                                                        \
        register uint64_t x0 __asm__("x0") = 1, x1 __asm__("x1") = 2, x2 __asm__("x2") = 3;                  \
        register uint64_t x3 __asm__("x3") = 4, *x4 __asm__("x4") = memory, *x5 __asm__("x5") = kept;        \
        __asm__ volatile("mov x19, 1900\n mov x20, 2000\n mov x21, 2100\n mov x22, 2200\n"                   \
                         "mov x23, 2300\n mov x24, 2400\n mov x25, 2500\n mov x26, 2600\n" insns "\n"        \
                         "stp x19, x20, [x5]\n stp x21, x22, [x5, 16]\n"                                     \
                         "stp x23, x24, [x5, 32]\n stp x25, x26, [x5, 48]\n"                                 \
                         : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5)                        \
                         :                                                                                   \
                         : "x6", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "memory");          \
        for (unsigned k = 0; k < KEPT; k++)                                                                  \
            bad += kept[k] != 100 * (FIRST + k);                                                             \
        bad += x0 != (old0) || x1 != (old1) || x2 != 3 || x3 != 4 || x4 != memory;                           \
        bad += memory[0] != ((old0) == 1 ? 3 : (old0)) || memory[1] != ((old0) == 1 ? 4 : (old1));           \
    } while (0)

int main(void)
{
    struct sigaction sa = {.sa_sigaction = open_page, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 200; i++) {
        PAIR(".arch armv8-a+lse\n casp x0, x1, x2, x3, [x4]", 1ull, 2ull);
        PAIR(".arch armv8-a+lse\n caspal x0, x1, x2, x3, [x4]", 7ull, 8ull);
        PAIR("1: ldxp x0, x1, [x4]\n stxp w6, x2, x3, [x4]\n cbnz w6, 1b", 1ull, 2ull);
    }
    printf("%llu faults, %llu bad\n", (unsigned long long)faults, (unsigned long long)bad);
    return 0;
}
