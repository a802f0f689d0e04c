/* SPDX-License-Identifier: MIT */
/* Listeners of seccomp: what they are told of calls, and what becomes of calls as they answer; over fork, exec and signals. */
#include "tests/abi/show.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#ifdef __aarch64__
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH AUDIT_ARCH_X86_64
#endif

static const struct {
    int nr;
    const char *name;
} watched[] = {{__NR_mkdirat, "mkdirat"}, {__NR_dup, "dup"},       {__NR_getpgid, "getpgid"},
               {__NR_getsid, "getsid"},   {__NR_fchdir, "fchdir"}, {__NR_sync, "sync"}};
#define WATCHED (sizeof watched / sizeof *watched)

/* Notifies of what is watched: all of it, or the last only. */
static int install(unsigned flags, size_t from)
{
    struct sock_filter f[2 + 2 * WATCHED];
    size_t n = 0;
    f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = from; i < WATCHED; i++) {
        f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)watched[i].nr, 0, 1);
        f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    }
    f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog p = {(unsigned short)n, f};
    return (int)syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &p);
}

static int listener = -1, given, sent;
static pthread_barrier_t ready;

static const char *name_of(int nr)
{
    for (size_t i = 0; i < WATCHED; i++)
        if (watched[i].nr == nr)
            return watched[i].name;
    return "?";
}

/* Answers by what the call's first argument says. */
static void answer(const struct seccomp_notif *n)
{
    struct seccomp_notif_resp r = {.id = n->id};
    switch (n->data.args[0] & 0xff) {
    case 1: r.val = 12345; break;
    case 2: r.error = -ENOTEMPTY; break;
    case 3: r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE; break;
    case 4: r.error = -ENOSYS; break;
    case 5: { /* a descriptor of ours, and its number as the result */
        struct seccomp_notif_addfd a = {.id = n->id,
                                        .srcfd = (uint32_t)given,
                                        .flags = 2 /* SECCOMP_ADDFD_FLAG_SEND */,
                                        .newfd_flags = O_CLOEXEC};
        sent = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &a) < 0;
        return;
    }
    case 6: /* none: until a signal comes */
        while (ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n->id) == 0)
            usleep(1000);
        sent = ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r) < 0 ? errno : 0;
        return;
    case 7:
        r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE, r.val = 1; /* not allowed */
        show(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r), "send both");
        r.val = 0;
        break;
    default: r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE; break;
    }
    show(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n->id), "valid");
    sent =
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r); /* the call goes on: nothing is printed behind this */
}

static void *supervisor(void *arg)
{
    struct pollfd p = {.events = POLLIN | POLLOUT};
    (void)arg;
    for (;;) {
        pthread_barrier_wait(&ready); /* there is a listener */
        p.fd = listener;
        for (;;) {
            struct seccomp_notif n = {0};
            poll(&p, 1, -1);
            if (p.revents & POLLHUP || ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n) < 0)
                break;
            printf("told: %s arch %d args %llx %llx %llx flags %x, sent %d\n", name_of(n.data.nr),
                   n.data.arch == ARCH, (unsigned long long)n.data.args[0],
                   (unsigned long long)n.data.args[2], (unsigned long long)n.data.args[5], n.flags, sent);
            if (n.data.nr == __NR_sync) {
                struct seccomp_notif_resp r = {.id = n.id, .val = 99};
                ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
                break;
            }
            answer(&n);
        }
        pthread_barrier_wait(&ready);
    }
    return NULL;
}

static void on_signal(int signo)
{
    (void)signo;
}

static void calls(bool signals)
{
    struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    for (long k = 1; k <= 5; k++) {
        long r = syscall(__NR_getpgid, 0x7700 + k, 1l, 2l, 3l, 4l, 5l);
        show(k == 5 && r > 0 ? 0 : r, "getpgid %ld", k);
        if (k == 5 && r > 0) {
            struct stat a, b;
            fstat((int)r, &a), fstat(given, &b);
            printf("  the same file: %d, flags %d\n", a.st_ino == b.st_ino, fcntl((int)r, F_GETFD));
            close((int)r);
        }
    }
    show(syscall(__NR_mkdirat, 0x703, "x", 0700, 3l, 4l, 5l), "mkdirat");
    show(syscall(__NR_dup, 7 + 256, 1l, 2l, 3l, 4l, 5l), "dup of none");
    for (int i = 0; i < 2 && signals; i++) { /* with WAIT_KILLABLE_RECV they would wait */
        struct sigaction a = {.sa_handler = on_signal};
        sigaction(SIGALRM, &a, NULL);
        setitimer(ITIMER_REAL, &soon, NULL);
        show(syscall(__NR_fchdir, 6, 1l, 2l, 3l, 4l, 5l), "interrupted");
    }
}

static void with_listener(unsigned flags, const char *name, char **argv)
{
    listener = install(SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, 0);
    show(listener < 0 ? -1 : 0, "%s", name);
    if (listener < 0)
        return;
    pthread_barrier_wait(&ready);
    calls(flags == 0);
    show(install(SECCOMP_FILTER_FLAG_NEW_LISTENER, WATCHED - 1), "a second listener");
    show(install(0, WATCHED - 1), "a filter without");
    show(syscall(__NR_sync, 8l, 1l, 2l, 3l, 4l, 5l), "sync, which is the newer filter's");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        calls(flags == 0);
        fflush(stdout);
        execv("/proc/self/exe", (char *[]){argv[0], "again", NULL});
        _exit(9);
    }
    int status = 0;
    waitpid(child, &status, 0);
    printf("child: %x\n", status);
}

static void in_child(void (*f)(char **argv), char **argv)
{
    fflush(stdout);
    pid_t p = fork();
    if (p == 0) {
        pthread_t t;
        pthread_barrier_init(&ready, NULL, 2);
        pthread_create(&t, NULL, supervisor, NULL);
        f(argv);
        fflush(stdout);
        _exit(0);
    }
    int status = 0;
    waitpid(p, &status, 0);
    printf("status %x\n", status);
}

static void plain(char **argv)
{
    with_listener(0, "listener", argv);
}

static void killable(char **argv)
{
    with_listener(1 << 5, "WAIT_KILLABLE_RECV", argv);
}

/* Nobody listens any more: then there may be another. */
static void closed(char **argv)
{
    (void)argv;
    int fd = install(SECCOMP_FILTER_FLAG_NEW_LISTENER, 0);
    close(fd);
    show(syscall(__NR_getsid, 1, 1l, 2l, 3l, 4l, 5l), "getsid with nobody");
    listener = install(SECCOMP_FILTER_FLAG_NEW_LISTENER, WATCHED - 1);
    show(listener < 0 ? -1 : 0, "another");
    show(syscall(__NR_getsid, 1, 1l, 2l, 3l, 4l, 5l), "getsid, which is the older filter's");
    pthread_barrier_wait(&ready);
    show(syscall(__NR_sync, 8l, 1l, 2l, 3l, 4l, 5l), "sync");
}

static void flags(char **argv)
{
    static const uint32_t actions[] = {SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRACE};
    (void)argv;
    for (int i = 0; i < 2; i++)
        show(syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &actions[i]), "available %d", i);
    for (unsigned f = 0; f < 128; f++)
        if ((f & SECCOMP_FILTER_FLAG_NEW_LISTENER) || f >= 32) {
            fflush(stdout);
            if (fork() == 0) {
                int fd = install(f, WATCHED);
                show(fd < 0 ? -1 : fd > 2, "flags %#x", f);
                fflush(stdout);
                _exit(0);
            }
            wait(NULL);
        }
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    if (argc == 2) {
        show(syscall(__NR_getpgid, 0x1101, 1l, 2l, 3l, 4l, 5l), "after exec");
        show(syscall(__NR_getsid, 0x1102, 1l, 2l, 3l, 4l, 5l), "after exec");
        fflush(stdout);
        return 5;
    }
    given = open("/dev/null", O_RDONLY);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (int i = 0; i < 16; i++)
        in_child(plain, argv);
    in_child(killable, argv);
    in_child(closed, argv);
    in_child(flags, argv);
    return 0;
}
