/* SPDX-License-Identifier: MIT */
/*
 * In which order pending signals are delivered and under which masks their handlers run; signals of faults that are sent
 * instead of raised, blocked, ignored or waited for; stops and continuations; every one of the 64 numbers.
 */
#include "t.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int depth;

static void print_mask(const char *what)
{
    sigset_t now;
    sigprocmask(SIG_BLOCK, NULL, &now);
    printf("%s", what);
    for (int s = 1; s < 65; s++)
        if (sigismember(&now, s) == 1)
            printf(" %d", s);
    printf("\n");
}

static void on_any(int s, siginfo_t *i, void *uc)
{
    (void)uc;
    printf("%*s%d code %d value %d", 2 * depth++, "", s, i->si_code,
           i->si_code == SI_QUEUE ? i->si_value.sival_int : 0);
    print_mask(", blocked");
    depth--;
}

static void on_alarm(int s)
{
    (void)s;
}

static void handle(int s, int flags, int mask)
{
    struct sigaction a = {.sa_sigaction = on_any, .sa_flags = SA_SIGINFO | flags};
    if (mask > 0)
        sigaddset(&a.sa_mask, mask);
    if (mask < 0)
        sigfillset(&a.sa_mask);
    if (sigaction(s, &a, NULL))
        printf("sigaction %d: %s\n", s, strerrorname_np(errno));
}

static void all(int how)
{
    sigset_t s;
    sigfillset(&s);
    sigprocmask(how, &s, NULL);
}

static void order(void)
{
    handle(SIGUSR1, 0, 0), handle(SIGUSR2, 0, SIGUSR1), handle(SIGRTMIN + 1, 0, -1),
        handle(SIGSEGV, 0, SIGUSR2), handle(SIGBUS, SA_NODEFER, 0);
    all(SIG_BLOCK);
    raise(SIGUSR2), raise(SIGUSR1);
    for (int k = 0; k < 3; k++)
        sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = k});
    raise(SIGUSR1); /* is pending already */
    all(SIG_UNBLOCK);
    printf("--\n");
    all(SIG_BLOCK);
    raise(SIGSEGV), raise(SIGUSR2), raise(SIGBUS);
    sigset_t pending;
    sigpending(&pending);
    printf("pending %d %d %d\n", sigismember(&pending, SIGSEGV), sigismember(&pending, SIGBUS),
           sigismember(&pending, SIGUSR1));
    all(SIG_UNBLOCK);
    printf("--\n");
    sigqueue(getpid(), SIGSEGV, (union sigval){.sival_int = 9});
    kill(getpid(), SIGBUS);
    print_mask("after");
}

static void waiting(void)
{
    sigset_t set;
    siginfo_t i;
    struct timespec none = {0, 0}, some = {0, 20000000};
    sigemptyset(&set), sigaddset(&set, SIGFPE), sigaddset(&set, SIGUSR1), sigaddset(&set, SIGRTMAX);
    sigprocmask(SIG_BLOCK, &set, NULL);
    show("nothing", sigtimedwait(&set, &i, &none)), show("nothing", sigtimedwait(&set, &i, &some));
    raise(SIGFPE);
    sigqueue(getpid(), SIGRTMAX, (union sigval){.sival_int = 3});
    show("fpe", sigtimedwait(&set, &i, &some));
    printf("code %d\n", i.si_code);
    show("rtmax", sigwaitinfo(&set, &i));
    printf("value %d\n", i.si_value.sival_int);
    sigset_t other, alarm;
    sigemptyset(&other), sigaddset(&other, SIGUSR2);
    struct timespec longer = {20, 0};
    signal(SIGALRM, on_alarm);
    ualarm(50000, 50000); /* the first may come before the wait begins */
    show("interrupted", sigtimedwait(&other, &i, &longer));
    ualarm(0, 0);
    handle(SIGALRM, 0, 0);
    sigemptyset(&alarm), sigaddset(&alarm, SIGALRM);
    sigprocmask(SIG_BLOCK, &alarm, NULL);
    ualarm(50000, 0);
    sigfillset(&other), sigdelset(&other, SIGALRM);
    show("suspend", sigsuspend(&other));
    print_mask("back to");
    all(SIG_UNBLOCK);
}

static void death(const char *name, void (*f)(void))
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        f();
        _exit(77);
    }
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
        printf("%s: signal %d, core %d\n", name, WTERMSIG(status), WCOREDUMP(status));
    else
        printf("%s: exit %d\n", name, WEXITSTATUS(status));
}
static void fault(void)
{
    *(volatile int *)(uintptr_t)(depth + 16) = 1;
}
static void ignored_fault(void)
{
    signal(SIGSEGV, SIG_IGN);
    raise(SIGSEGV); /* is ignored */
    fault();
}
static void blocked_fault(void)
{
    all(SIG_BLOCK);
    fault();
}
static void fault_in_handler(int s)
{
    (void)s;
    fault();
}
static void twice(void)
{
    signal(SIGSEGV, fault_in_handler);
    fault();
}
static void by_abort(void)
{
    signal(SIGABRT, SIG_IGN);
    abort();
}
static void by_kill(void)
{
    kill(getpid(), SIGQUIT);
}
static void by_rt(void)
{
    raise(SIGRTMIN + 7);
}
static void reset(void)
{
    handle(SIGUSR1, SA_RESETHAND, 0);
    raise(SIGUSR1);
    fflush(stdout);
    raise(SIGUSR1);
}

static volatile int continued;
static void on_cont(int s)
{
    (void)s;
    continued++;
}

/* SIGTSTP would be ignored in a session without a terminal. */
static void stops(void)
{
    int status, p[2], go[2];
    pipe(p), pipe(go);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGCONT, on_cont);
        char c;
        raise(SIGSTOP);
        read(go[0], &c, 1); /* a second stop would hide from waitpid that it goes on */
        raise(SIGSTOP);
        c = (char)('0' + continued);
        write(p[1], &c, 1);
        pause();
        _exit(0);
    }
    for (int k = 0; k < 2; k++) {
        waitpid(pid, &status, WUNTRACED);
        printf("stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
        kill(pid, SIGCONT);
        waitpid(pid, &status, WCONTINUED);
        printf("continued %d\n", WIFCONTINUED(status));
        write(go[1], "x", 1);
    }
    char c = 0;
    read(p[0], &c, 1);
    printf("handled %c\n", c);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    printf("killed by %d\n", WTERMSIG(status));
}

static volatile int numbers;
static void on_number(int s)
{
    numbers += s;
}

/* By the calls themselves: the C library keeps two for itself. */
static void every(void)
{
    int got = 0;
    struct {
        void (*handler)(int);
        unsigned long flags;
        void (*restorer)(void);
        uint64_t mask;
    } a = {.handler = on_number}, old;
    struct sigaction model;
    handle(SIGUSR1, 0, 0);
    sigaction(SIGUSR1, NULL, &model);
    syscall(SYS_rt_sigaction, SIGUSR1, NULL, &old, 8);
    a.restorer = old.restorer, a.flags = old.flags & ~(unsigned long)SA_SIGINFO;
    for (int s = 1; s <= 64; s++) {
        long r = syscall(SYS_rt_sigaction, s, &a, NULL, 8);
        if (r < 0)
            printf("%d: %s\n", s, strerrorname_np(errno));
        numbers = 0;
        if (r == 0)
            syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), s);
        got += numbers == s;
    }
    printf("%d handled\n", got);
}

static sigjmp_buf top;
static char alternate[65536];
static int overflows;
static int recurse(int n)
{
    volatile char space[4096];
    space[0] = (char)n;
    return recurse(n + 1) + space[0];
}
static void on_overflow(int s)
{
    (void)s;
    overflows++;
    siglongjmp(top, 1);
}
static void overflow(void)
{
    stack_t ss = {.ss_sp = alternate, .ss_size = sizeof alternate}, now;
    sigaltstack(&ss, NULL);
    struct sigaction a = {.sa_handler = on_overflow, .sa_flags = SA_ONSTACK};
    sigaction(SIGSEGV, &a, NULL);
    for (volatile int k = 0; k < 3; k++)
        if (sigsetjmp(top, 1) == 0)
            recurse(1);
    sigaltstack(NULL, &now);
    printf("overflows %d, flags %d\n", overflows, now.ss_flags);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    order();
    waiting();
    signal(SIGSEGV, SIG_DFL), signal(SIGBUS, SIG_DFL);
    death("fault", fault), death("ignored", ignored_fault), death("blocked", blocked_fault),
        death("twice", twice);
    death("abort", by_abort), death("kill", by_kill), death("rt", by_rt), death("reset", reset);
    stops();
    every();
    overflow();
    return 0;
}
