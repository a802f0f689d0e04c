/* SPDX-License-Identifier: MIT */
/*
 * A signal reaches a thread whose access waits for its page, and its handler may leave, or give the page and let the
 * access go on.
 */
#include "../guest/c/t.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#define PAGE 4096

static sigjmp_buf out;
static int uffd;
static char *page, given[PAGE] __attribute__((aligned(PAGE)));
static volatile int leave, gone, signals;

static void on_alarm(int signo)
{
    (void)signo;
    signals++;
    if (leave) {
        gone++;
        siglongjmp(out, 1);
    }
    struct uffdio_copy copy = {.dst = (uintptr_t)page, .src = (uintptr_t)given, .len = PAGE};
    ioctl(uffd, UFFDIO_COPY, &copy);
}

struct pair {
    long a, b;
};

/* Accesses of several kinds; what each has read. */
__attribute__((noinline)) static long touch(int kind)
{
    volatile struct pair *p = (volatile struct pair *)(page + 64);
    switch (kind) {
    case 0: return ((volatile char *)page)[3];
    case 1: return *(volatile short *)(page + 8);
    case 2: return p->a;
    case 3: p->b = 77; return p->b;
    case 4: page[9] = 5; return page[9];
    case 5: return __atomic_fetch_add(&p->a, 3, __ATOMIC_SEQ_CST);
    case 6: __atomic_store_n(&p->a, 4, __ATOMIC_RELEASE); return p->a;
    case 7: return __atomic_exchange_n(&p->b, 9, __ATOMIC_ACQUIRE) + p->b;
    case 8: {
        struct pair v;
        memcpy(&v, page + 128, sizeof v);
        return v.a + v.b;
    }
    case 9: memset(page + 256, 3, 64); return page[300];
    default: return (long)(*(volatile double *)(page + 72) * 0) + *(volatile int *)(page + 72);
    }
}

static void one(int kind, bool print)
{
    struct itimerval soon = {.it_value = {.tv_usec = 1500}};
    volatile long r = -1;
    madvise(page, PAGE, MADV_DONTNEED);
    leave = 1;
    if (sigsetjmp(out, 1) == 0) {
        setitimer(ITIMER_REAL, &soon, NULL);
        r = touch(kind);
    }
    long left = r;
    leave = 0;
    setitimer(ITIMER_REAL, &soon, NULL);
    r = touch(kind);
    if (print)
        printf("%d: left with %ld, then %ld\n", kind, left, r);
}

int main(void)
{
    uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
    struct uffdio_api api = {.api = UFFD_API};
    page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_register reg = {.range = {(uintptr_t)page, PAGE}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) < 0 || ioctl(uffd, UFFDIO_REGISTER, &reg) < 0) {
        printf("no userfaultfd\n");
        return 0;
    }
    for (int i = 0; i < PAGE; i++)
        given[i] = (char)(i % 100);
    struct sigaction a = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &a, NULL);
    for (int n = 0; n < 30; n++)
        for (int kind = 0; kind <= 10; kind++)
            one(kind, n == 0 || n == 29);
    printf("%d signals, %d left\n", signals, gone);
    return 0;
}
