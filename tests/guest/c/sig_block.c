/* SPDX-License-Identifier: MIT */
/*
 * Blocking, pending, suspending, waiting for signals; queued real-time signals with values; SA_RESTART,
 * SA_NODEFER, SA_RESETHAND; EINTR.
 */
#include "t.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t got, order[64], values[64], depth, deepest;

static void on_info(int s, siginfo_t *info, void *uc)
{
    (void)uc;
    order[got & 63] = s, values[got & 63] = info->si_code == SI_QUEUE ? info->si_value.sival_int : -1;
    got++;
}
static void on_plain(int s)
{
    (void)s;
    got++;
}
static void on_again(int s)
{
    if (++depth > deepest)
        deepest = depth;
    if (depth < 3)
        raise(s);
    depth--;
}

static void handle(int s, int flags)
{
    struct sigaction sa = {.sa_flags = flags};
    if (flags & SA_SIGINFO)
        sa.sa_sigaction = on_info;
    else
        sa.sa_handler = flags & (SA_NODEFER | SA_RESETHAND) ? on_again : on_plain;
    sigaction(s, &sa, NULL);
}

static void pending_until_suspended(void)
{
    sigset_t usr1, old, now;
    sigemptyset(&usr1), sigaddset(&usr1, SIGUSR1);
    handle(SIGUSR1, 0);
    sigprocmask(SIG_BLOCK, &usr1, &old);
    raise(SIGUSR1), raise(SIGUSR1);
    sigpending(&now);
    printf("%d %d %d\n", (int)got, sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
    errno = 0;
    show("sigsuspend", sigsuspend(&old));
    printf("%d\n", (int)got);
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void queue_order(void)
{
    int rt[] = {SIGRTMIN + 3, SIGRTMIN, SIGRTMIN + 3, SIGRTMIN + 1, SIGRTMIN, SIGUSR1, SIGRTMAX};
    sigset_t rest, old;
    for (int i = 0; i < 7; i++)
        handle(rt[i], SA_SIGINFO);
    sigfillset(&rest);
    sigprocmask(SIG_BLOCK, &rest, &old);
    got = 0;
    for (int i = 0; i < 7; i++)
        sigqueue(getpid(), rt[i], (union sigval){.sival_int = i * 11});
    for (int i = 0; i < 7; i++)
        sigdelset(&rest, rt[i]);
    sigprocmask(SIG_SETMASK, &rest, NULL);
    int seen[16] = {0};
    for (int i = 0; i < got; i++)
        if (order[i] >= SIGRTMIN && order[i] < SIGRTMIN + 4) {
            /* The frames nest, so the last delivered runs first; within one signal the kernel keeps the order. */
            int k = order[i] - SIGRTMIN;
            seen[k] = seen[k] * 100 + values[i];
        }
    printf("%d %d %d %d %d\n", (int)got, seen[0], seen[1], seen[2], seen[3]);
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void waited_for(void)
{
    sigset_t all, one, old;
    sigfillset(&all), sigemptyset(&one), sigaddset(&one, SIGRTMIN + 5);
    sigprocmask(SIG_BLOCK, &all, &old);
    sigqueue(getpid(), SIGRTMIN + 5, (union sigval){.sival_int = 4242});
    siginfo_t info;
    struct timespec soon = {0, 5000000};
    printf("%d", sigwaitinfo(&one, &info) == SIGRTMIN + 5);
    printf(" %d %d %d\n", info.si_value.sival_int, info.si_code == SI_QUEUE, info.si_pid == getpid());
    printf("%d", sigtimedwait(&one, &info, &soon));
    printf(" %s\n", strerrorname_np(errno));
    sigprocmask(SIG_SETMASK, &old, NULL);
}

/* The signal comes again and again, because the first may come before the call that it is to interrupt. */
static void interrupted_read(int flags)
{
    int fd[2];
    char c = 0;
    pipe(fd);
    got = 0;
    handle(SIGUSR1, flags);
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        for (int k = 0; k < (flags & SA_RESTART ? 5 : 3000); k++)
            usleep(10000), kill(parent, SIGUSR1);
        write(fd[1], "x", 1);
        _exit(0);
    }
    ssize_t n = read(fd[0], &c, 1);
    printf("read %zd %s %d\n", n, n < 0 ? strerrorname_np(errno) : "-", got > 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(fd[0]), close(fd[1]);
}

static void handler_flags(void)
{
    struct sigaction sa;
    handle(SIGUSR2, SA_NODEFER);
    raise(SIGUSR2);
    printf("deepest %d\n", (int)deepest);
    handle(SIGUSR2, SA_RESETHAND);
    depth = 5, raise(SIGUSR2);
    sigaction(SIGUSR2, NULL, &sa);
    printf("reset %d\n", sa.sa_handler == SIG_DFL);
}

static void interrupted_sleep(void)
{
    handle(SIGALRM, 0);
    timer_t id;
    struct sigevent ev = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    got = 0;
    timer_create(CLOCK_MONOTONIC, &ev, &id);
    timer_settime(id, 0, &(struct itimerspec){{0, 30000000}, {0, 3000000}}, NULL);
    struct timespec long_time = {1000, 0}, left = {0, 0};
    int r = nanosleep(&long_time, &left);
    printf("nanosleep %d %s %d %d\n", r, strerrorname_np(errno), left.tv_sec > 900, got > 0);
    timer_delete(id);
}

static void errors(void)
{
    struct sigaction sa = {.sa_handler = on_plain};
    printf("%d %d\n", kill(getpid(), 0), kill(getpid(), 99) == -1 && errno == EINVAL);
    printf("%s %s\n", signal(SIGKILL, on_plain) == SIG_ERR ? strerrorname_np(errno) : "?",
           sigaction(0, &sa, NULL) ? strerrorname_np(errno) : "?");
}

int main(void)
{
    pending_until_suspended();
    queue_order();
    waited_for();
    interrupted_read(0);
    interrupted_read(SA_RESTART);
    handler_flags();
    interrupted_sleep();
    errors();
    return 0;
}
