/* SPDX-License-Identifier: MIT */
/*
 * SIGSEGV: si_addr and si_code, skipping the instruction by way of the context, repairing the page and
 * going on, out of memcpy by siglongjmp, in a thread.
 */
#include "t.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static char *page;
static sigjmp_buf back;
static volatile sig_atomic_t faults, mode;
static volatile long offset;
static volatile int code;

static void skip(ucontext_t *uc)
{
#ifdef __aarch64__
    uc->uc_mcontext.pc += 4;
    uc->uc_mcontext.regs[0] = 1234;
#else
    uc->uc_mcontext.gregs[REG_RIP] += 3;
    uc->uc_mcontext.gregs[REG_RAX] = 1234;
#endif
}

static void on_segv(int s, siginfo_t *info, void *uc)
{
    (void)s;
    faults++;
    offset = (char *)info->si_addr - page;
    code = info->si_code;
    if (mode == 0)
        skip(uc);
    else if (mode == 1)
        mprotect(page, 4096, PROT_READ | PROT_WRITE);
    else
        siglongjmp(back, 1);
}

__attribute__((noinline)) static long load_here(const long *p)
{
    register long v;
#ifdef __aarch64__
    register long r __asm__("x0") = (long)p;
    __asm__ volatile("ldr x0, [x0]" : "+r"(r));
#else
    register long r __asm__("rax") = (long)p;
    __asm__ volatile("mov (%%rax), %%rax" : "+r"(r));
#endif
    v = r;
    return v;
}

static void *thread(void *arg)
{
    if (sigsetjmp(back, 1) == 0)
        *(volatile char *)arg = 1;
    return NULL;
}

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    page = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 5; i++) {
        printf("%ld", load_here((const long *)(page + i * 16)));
        printf(" %d %ld %d\n", (int)faults, offset, code == SEGV_ACCERR);
    }
    mode = 1;
    for (int i = 0; i < 5; i++) {
        mprotect(page, 4096, i & 1 ? PROT_READ : PROT_NONE);
        ((volatile uint64_t *)page)[i + 3] = (uint64_t)i;
        printf("%d %ld %lu\n", (int)faults, offset, ((uint64_t *)page)[i + 3]);
    }
    mode = 2;
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
    memset(page, 'a', 4096);
    char buf[8192];
    for (int i = 0; i < 300; i++) {
        if (sigsetjmp(back, 1) == 0)
            memcpy(buf, page + i, 8000);
        if (faults != 11 + i || offset < 4096 || offset >= 8192)
            printf("round %d: %d %ld\n", i, (int)faults, offset);
    }
    printf("%d\n", (int)faults);
    if (sigsetjmp(back, 1) == 0)
        *(volatile int *)NULL = 1;
    printf("%d %d\n", (int)faults, code == SEGV_MAPERR);
    munmap(page + 4096, 4096);
    if (sigsetjmp(back, 1) == 0)
        printf("%d", *(volatile short *)(page + 4095));
    printf("%d %ld %d\n", (int)faults, offset, code == SEGV_MAPERR);
    pthread_t t;
    pthread_create(&t, NULL, thread, page + 4096 + 77);
    pthread_join(t, NULL);
    printf("%d %ld\n", (int)faults, offset);
    signal(SIGSEGV, SIG_DFL);
    fflush(stdout);
    *(volatile char *)(page + 5000) = 1;
    return 0;
}
