/* SPDX-License-Identifier: MIT */
/* Running on into a page of a file that lies behind the file's end: SIGBUS at that address, by jump and by falling. */
#include "t.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __aarch64__
static const uint32_t nop = 0xd503201f;
#else
static const uint32_t nop = 0x90909090;
#endif

static sigjmp_buf back;
static char *map;

static void on_signal(int s, siginfo_t *info, void *uc)
{
    (void)uc;
    printf("signal %d code %d at %ld\n", s, info->si_code, (long)((char *)info->si_addr - map));
    siglongjmp(back, 1);
}

static void run(long offset)
{
    void (*f)(void) = (void (*)(void))(map + offset);
    if (sigsetjmp(back, 1) == 0)
        f();
}

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &sa, NULL);
    sigaction(SIGSEGV, &sa, NULL);
    int fd = memfd_create("code", 0);
    ftruncate(fd, 4096);
    for (long at = 4096 - 64; at < 4096; at += 4)
        pwrite(fd, &nop, 4, at);
    map = mmap(NULL, 3 * 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    run(4096);
    run(4096 - 64);
    run(2 * 4096 + 8);
    run(3 * 4096 - 4);
    return 0;
}
