/* SPDX-License-Identifier: MIT */
/* A page is protected, a write faults, the handler opens it: a collector's write barrier. */
#include "bench.h"

#include <signal.h>
#include <sys/mman.h>

#define PAGE 4096
static unsigned char *page;
static uint64_t faults;

static void on_fault(int s, siginfo_t *info, void *context)
{
    (void)s;
    (void)context;
    faults += (unsigned char *)info->si_addr == page + 100;
    mprotect(page, PAGE, PROT_READ | PROT_WRITE);
}

int main(int argc, char **argv)
{
    struct sigaction a;
    memset(&a, 0, sizeof a);
    a.sa_sigaction = on_fault;
    a.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &a, NULL);
    page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (long r = bench_rounds(argc, argv, 23000); r > 0; r--) {
        mprotect(page, PAGE, PROT_READ);
        ((volatile unsigned char *)page)[100] = (unsigned char)r;
    }
    return bench_end(faults + page[100]);
}
