/* SPDX-License-Identifier: MIT */
/*
 * poll, select, epoll with 64-bit data, eventfd, timerfd, signalfd, ppoll and pselect with a mask, inotify,
 * pidfd.
 */
#include "t.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int got;
static void on_usr1(int s)
{
    (void)s;
    got++;
}

static void polled(const int p[2])
{
    struct pollfd pf[3] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}, {-1, POLLIN, 0}};
    show("poll", poll(pf, 3, 0));
    printf("%x %x\n", pf[0].revents, pf[1].revents);
    printf("poll %d\n", poll(pf, 1, 5));
    write(p[1], "x", 1);
    show("poll", poll(pf, 1, -1));
    printf("%x\n", pf[0].revents);
}

static void selected(const int p[2])
{
    fd_set r, w;
    FD_ZERO(&r);
    FD_ZERO(&w);
    FD_SET(p[0], &r);
    FD_SET(p[1], &w);
    struct timeval tv = {1, 0};
    show("select", select(p[1] + 1, &r, &w, NULL, &tv));
    printf("%d %d\n", FD_ISSET(p[0], &r) != 0, FD_ISSET(p[1], &w) != 0);
}

/* The pipe's end is read empty: what waits for it later must wait. */
static void epoll_of_pipe_and_eventfd(int ep, int end, int ev)
{
    uint64_t v, x = 0;
    struct epoll_event e = {EPOLLIN, {.u64 = 0x1122334455667788}}, out[4];
    show("epoll_ctl", epoll_ctl(ep, EPOLL_CTL_ADD, end, &e));
    e.data.u64 = 0xffffffff00000001, e.events = EPOLLIN | EPOLLET;
    show("epoll_ctl", epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e));
    show("epoll_ctl twice", epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e));
    int n = epoll_wait(ep, out, 4, 100);
    for (int i = 0; i < n; i++)
        printf("  %x\n", out[i].events), x ^= out[i].data.u64;
    printf("epoll %d %lx\n", n, x);
    read(end, &v, 1);
    printf("epoll %d\n", epoll_wait(ep, out, 4, 0));
    show("eventfd", read(ev, &v, 8));
    printf("%lu\n", v);
    v = 10, write(ev, &v, 8);
    show("epoll", epoll_wait(ep, out, 1, 100));
    printf("%lx\n", out[0].data.u64);
}

static void timer(void)
{
    int tf = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct itimerspec it = {{0, 2000000}, {0, 1000000}}, left;
    show("timerfd", timerfd_settime(tf, 0, &it, NULL));
    timerfd_gettime(tf, &left);
    printf("%ld %ld\n", (long)left.it_interval.tv_sec, left.it_interval.tv_nsec);
    struct pollfd pf = {tf, POLLIN, 0};
    uint64_t v;
    printf("poll %d\n", poll(&pf, 1, 1000));
    show("timerfd", read(tf, &v, 8));
    printf("%d\n", v >= 1);
}

static void signals_read(const sigset_t *usr1)
{
    int sf = signalfd(-1, usr1, SFD_NONBLOCK);
    struct signalfd_siginfo si;
    show("signalfd", read(sf, &si, sizeof si));
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 99});
    show("signalfd", read(sf, &si, sizeof si));
    printf("%d %d %d\n", si.ssi_signo, si.ssi_int, si.ssi_pid == (uint32_t)getpid());
}

/* SIGUSR1 is blocked and pending before each wait; the wait's mask lets it through. */
static void waits_with_mask(int ep, int end, const sigset_t *mask)
{
    signal(SIGUSR1, on_usr1);
    raise(SIGUSR1);
    struct pollfd pf = {end, POLLIN, 0};
    printf("ppoll %d", ppoll(&pf, 1, &(struct timespec){2, 0}, mask));
    printf(" %s %d\n", strerrorname_np(errno), got);
    raise(SIGUSR1);
    fd_set r;
    FD_ZERO(&r);
    FD_SET(end, &r);
    printf("pselect %d", pselect(end + 1, &r, NULL, NULL, &(struct timespec){2, 0}, mask));
    printf(" %s %d\n", strerrorname_np(errno), got);
    raise(SIGUSR1);
    struct epoll_event out;
    printf("epoll_pwait %d", epoll_pwait(ep, &out, 1, 0, mask));
    printf(" %d\n", got > 1);
}

static void watched_directory(void)
{
    int in = inotify_init1(IN_NONBLOCK);
    show("inotify", inotify_add_watch(in, ".", IN_CREATE | IN_DELETE));
    close(creat("watched", 0600));
    unlink("watched");
    char buf[512] __attribute__((aligned(8)));
    for (ssize_t len = read(in, buf, sizeof buf), at = 0; at < len;) {
        struct inotify_event *ie = (void *)(buf + at);
        printf("  %x %s\n", ie->mask, ie->name);
        at += (ssize_t)sizeof *ie + ie->len;
    }
}

static void child_polled(void)
{
    pid_t child = fork();
    if (child == 0) {
        usleep(20000);
        _exit(4);
    }
    struct pollfd pf = {(int)syscall(SYS_pidfd_open, child, 0), POLLIN, 0};
    show("pidfd", poll(&pf, 1, 2000));
    printf("%x\n", pf.revents);
    wait(NULL);
}

static void errors(int ep, int ev)
{
    struct epoll_event e = {EPOLLIN, {.u64 = 1}};
    show("bad descriptor", epoll_ctl(ep, EPOLL_CTL_ADD, 999, &e));
    show("bad pointer", epoll_ctl(ep, EPOLL_CTL_MOD, ev, (void *)8));
    show("bad pointer", poll((void *)8, 1, 0));
}

int main(void)
{
    int p[2], ep = epoll_create1(EPOLL_CLOEXEC), ev = eventfd(3, EFD_NONBLOCK | EFD_SEMAPHORE);
    pipe(p);
    polled(p);
    selected(p);
    epoll_of_pipe_and_eventfd(ep, p[0], ev);
    timer();
    sigset_t usr1, old;
    sigemptyset(&usr1), sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, &old);
    signals_read(&usr1);
    waits_with_mask(ep, p[0], &old);
    watched_directory();
    child_polled();
    errors(ep, ev);
    return 0;
}
