/* SPDX-License-Identifier: MIT */
/* Clocks: the vDSO's against the system call's, in both orders; resolutions; sleeping; times; bad ones. */
#include "t.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static int64_t ns(struct timespec t)
{
    return t.tv_sec * 1000000000 + t.tv_nsec;
}
static int64_t by_vdso(clockid_t c)
{
    struct timespec t;
    clock_gettime(c, &t);
    return ns(t);
}
static int64_t by_call(clockid_t c)
{
    struct timespec t;
    syscall(SYS_clock_gettime, c, &t);
    return ns(t);
}

static sigjmp_buf back;
static void on_segv(int signo, siginfo_t *info, void *context)
{
    (void)context;
    printf("signal %d %d %d\n", signo, info->si_code == SEGV_MAPERR, (uintptr_t)info->si_addr - 8 < 16);
    siglongjmp(back, 1);
}

/* The vDSO writes by itself: a bad pointer is no EFAULT there. */
static void bad_pointer(void)
{
    struct sigaction a = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &a, NULL);
    if (!sigsetjmp(back, 1))
        clock_gettime(CLOCK_MONOTONIC, (struct timespec *)(uintptr_t)8);
    signal(SIGSEGV, SIG_DFL);
}

int main(void)
{
    const struct {
        clockid_t id;
        const char *name;
        int64_t slack;
    } c[] = {{CLOCK_REALTIME, "realtime", 0},
             {CLOCK_MONOTONIC, "monotonic", 0},
             {CLOCK_BOOTTIME, "boottime", 0},
             {CLOCK_MONOTONIC_RAW, "raw", 0},
             {CLOCK_TAI, "tai", 0},
             {CLOCK_REALTIME_COARSE, "realtime coarse", 20000000},
             {CLOCK_MONOTONIC_COARSE, "monotonic coarse", 20000000},
             {CLOCK_PROCESS_CPUTIME_ID, "process", 0},
             {CLOCK_THREAD_CPUTIME_ID, "thread", 0}};
    for (unsigned i = 0; i < sizeof c / sizeof *c; i++) {
        int backwards = 0;
        for (int k = 0; k < 500; k++) {
            int64_t a = by_vdso(c[i].id), b = by_call(c[i].id), d = by_vdso(c[i].id);
            backwards += b < a || d < b || d - a > 2000000000;
        }
        struct timespec r, q;
        clock_getres(c[i].id, &r), syscall(SYS_clock_getres, c[i].id, &q);
        printf("%s %d %d\n", c[i].name, backwards, ns(r) == ns(q));
    }
    struct timeval tv;
    gettimeofday(&tv, NULL);
    int64_t diff = by_call(CLOCK_REALTIME) / 1000 - (tv.tv_sec * 1000000 + tv.tv_usec);
    printf("%d %d\n", diff >= 0 && diff < 1000000, time(NULL) - tv.tv_sec <= 1);
    errno = 0;
    show("bad clock", clock_gettime(77, &(struct timespec){0, 0}));
    show("bad pointer", syscall(SYS_clock_gettime, 0, 8));
    bad_pointer();
    show("getres without result", clock_getres(CLOCK_MONOTONIC, NULL));
    int64_t t0 = by_vdso(CLOCK_MONOTONIC), t1;
    nanosleep(&(struct timespec){0, 3000000}, NULL);
    t1 = by_vdso(CLOCK_MONOTONIC);
    struct timespec until = {(t1 + 3000000) / 1000000000, (t1 + 3000000) % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    printf("%d %d\n", t1 - t0 >= 3000000, by_vdso(CLOCK_MONOTONIC) - t1 >= 3000000);
    while (clock() < 30000)
        ;
    struct rusage ru;
    getrusage(RUSAGE_SELF, &ru);
    struct tms tms;
    printf("%d %d %d\n",
           ru.ru_utime.tv_usec + ru.ru_stime.tv_usec + (ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000000 >
               1000,
           times(&tms) != -1, clock() > 0);
    clockid_t id;
    pthread_getcpuclockid(pthread_self(), &id);
    printf("%d\n", by_call(id) > 0);
    struct tm tm;
    time_t t = 1000000000;
    char text[64];
    strftime(text, sizeof text, "%F %T %j %A", gmtime_r(&t, &tm));
    puts(text);
    return 0;
}
