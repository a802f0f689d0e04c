/* SPDX-License-Identifier: MIT */
/*
 * Jumps that go wrong end as on hardware: nothing there, not executable, misaligned, the null pointer, the
 * emulator's own memory, a non-canonical address; natively there is no such thing to compare, so the
 * expected text is what arm64 Linux does.
 *
 * args: caught
 * args: null
 * args: unmapped
 * args: data
 * args: bss
 * args: own
 * args: high
 * args: misaligned
 * skip-qemu: it executes what is not executable
 */
#include "t.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static sigjmp_buf back;
static uint32_t data[4] = {0xd2800540, 0xd65f03c0}; /* mov x0, #42; ret */
static volatile uint64_t target;

static void on_fault(int s, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    printf("signal %d code %d addr right %d pc right %d\n", s, info->si_code,
           (uint64_t)info->si_addr == target, uc->uc_mcontext.pc == target);
    siglongjmp(back, 1);
}

static void go(uint64_t to)
{
    target = to;
    printf("going\n");
    fflush(stdout);
    ((void (*)(void))to)();
    printf("came back\n");
}

static uint64_t address(const char *what)
{
    static uint32_t zeroed[4];
    if (!strcmp(what, "null"))
        return 0;
    if (!strcmp(what, "unmapped"))
        return (uint64_t)mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + 16;
    if (!strcmp(what, "data"))
        return (uint64_t)data;
    if (!strcmp(what, "bss"))
        return (uint64_t)zeroed;
    if (!strcmp(what, "own"))
        return 0x7d0000001000;
    if (!strcmp(what, "high"))
        return 0x0001000000000000;
    return (uint64_t)address + 2;
}

int main(int argc, char **argv)
{
    static const char *const all[] = {"null", "unmapped", "data", "bss", "own", "high", "misaligned"};
    if (argc > 1 && strcmp(argv[1], "caught")) {
        go(address(argv[1]));
        return 1;
    }
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL), sigaction(SIGBUS, &sa, NULL), sigaction(SIGILL, &sa, NULL);
    for (int i = 0; i < 7; i++) {
        printf("%s: ", all[i]);
        if (sigsetjmp(back, 1) == 0)
            go(address(all[i]));
    }
    /* A branch into the last instruction of a page, and off its end into nothing. */
    uint32_t *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(p + 1024, 4096, PROT_NONE);
    p[1023] = 0xd503201f;
    __builtin___clear_cache((char *)(p + 1023), (char *)(p + 1024));
    if (sigsetjmp(back, 1) == 0) {
        target = (uint64_t)(p + 1024);
        ((void (*)(void))(p + 1023))();
    }
    return 0;
}
