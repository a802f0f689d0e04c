/* SPDX-License-Identifier: MIT */
/*
 * Below the stack nothing is mapped: that is how handlers of SIGSEGV tell an overflow of the stack from other faults, by
 * the signal's code and by what /proc/self/maps shows nearby, and others by what calls about memory say.  And there is room: a program that raises RLIMIT_STACK for
 * itself, as compilers do, has a larger stack at once.
 *
 * modes: default interp
 */
#include "../guest/c/t.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define PAGE 4096ul

static sigjmp_buf back;
static char alt[65536];
static struct {
    uintptr_t addr;
    int code;
} seen;

__attribute__((noinline)) static long deep(long bytes, volatile char *p)
{
    volatile char big[4000];
    big[0] = p ? p[0] : 1;
    return bytes > 0 ? deep(bytes - (long)sizeof big, big) + big[0] : 0;
}

static void on_segv(int signo, siginfo_t *info, void *context)
{
    (void)signo;
    (void)context;
    seen.addr = (uintptr_t)info->si_addr;
    seen.code = info->si_code;
    siglongjmp(back, 1);
}

/* Is there a mapping within 500,000 bytes below addr, and one close above it? */
static void neighbours(uintptr_t addr)
{
    char line[4096];
    unsigned long start, end;
    int below = 0, above = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "%lx-%lx", &start, &end) == 2) {
            below += end > addr - 500000 && start <= addr;
            above += start > addr && start - addr < 500000 && strstr(line, "[stack]");
        }
    fclose(f);
    printf("below %d, above %d\n", below, above);
}

static void about(char *page)
{
    unsigned char core[2];
    show("madvise", madvise(page, PAGE, MADV_DONTNEED)), show("unknown advice", madvise(page, PAGE, 12345));
    show("misaligned", madvise(page + 1, PAGE, MADV_DONTNEED)),
        show("nothing", madvise(page, 0, MADV_DONTNEED));
    show("mincore", mincore(page, PAGE, core)), show("misaligned", mincore(page + 1, PAGE, core));
    show("no room", mincore(page, PAGE, (void *)-PAGE));
    show("msync", msync(page, PAGE, MS_ASYNC)), show("unknown flags", msync(page, PAGE, 64));
    show("too long", msync(page, -PAGE, MS_ASYNC));
    show("mlock", mlock(page, PAGE)), show("of a byte", mlock(page + 1, 1)),
        show("too long", mlock(page, -PAGE));
    show("mlock2", mlock2(page, PAGE, MLOCK_ONFAULT)), show("unknown flags", mlock2(page, PAGE, 64));
    show("munlock", munlock(page, PAGE));
}

static void overflow(void)
{
    if (sigsetjmp(back, 1) == 0)
        deep(1l << 40, NULL);
    printf("unmapped: %d\n", seen.code == SEGV_MAPERR);
    neighbours(seen.addr);
    void *page = (void *)(seen.addr & -PAGE);
    show("mprotect", mprotect(page, PAGE, PROT_READ));
    about(page);
}

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_segv, .sa_flags = SA_ONSTACK | SA_SIGINFO};
    stack_t st = {.ss_sp = alt, .ss_size = sizeof alt};
    struct rlimit r;
    sigaltstack(&st, NULL);
    sigaction(SIGSEGV, &sa, NULL);
    overflow();
    getrlimit(RLIMIT_STACK, &r);
    rlim_t want = r.rlim_max < 64ul << 20 ? r.rlim_max : 64ul << 20;
    if (r.rlim_cur < want)
        r.rlim_cur = want;
    show("setrlimit", setrlimit(RLIMIT_STACK, &r));
    printf("%d\n", deep((long)want / 4 * 3, NULL) > 0);
    overflow();
    return 0;
}
