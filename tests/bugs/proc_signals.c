/* SPDX-License-Identifier: MIT */
/*
 * What /proc says of signals is what the program has asked for, also of those by which memory faults are seen: dispositions,
 * masks and what is pending, of the process, of a thread, and of another process, after fork and after exec.
 */
#include "../guest/c/seen.h"
#include "../guest/c/t.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static void slurp(const char *path, char *buf, size_t n)
{
    int fd = open(path, O_RDONLY);
    ssize_t r = read(fd, buf, n - 1);
    buf[r < 0 ? 0 : r] = 0;
    close(fd);
}

/* Without the two signals that the C library keeps for itself. */
static unsigned long own(unsigned long set)
{
    return set & ~(3ul << 31);
}

static void look(const char *what, const char *dir)
{
    static const char *const names[] = {"SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt"};
    char path[64], buf[8192];
    unsigned long v[4] = {0};
    snprintf(path, sizeof path, "%s/status", dir), slurp(path, buf, sizeof buf);
    printf("%s:", what);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *line = strstr(buf, names[i]);
        printf(" %lx", line ? own(strtoul(line + 8, NULL, 16)) : 0);
    }
    snprintf(path, sizeof path, "%s/stat", dir), slurp(path, buf, sizeof buf);
    char *p = strrchr(buf, ')');
    for (int field = 2; p && field < 31; field++)
        p = strchr(p + 1, ' ');
    sscanf(p ? p : "", "%lu %lu %lu %lu", &v[0], &v[1], &v[2], &v[3]);
    printf(" and %lx %lx %lx %lx\n", v[0], v[1], own(v[2]), own(v[3]));
}

static void on_signal(int signo)
{
    (void)signo;
}

static void block(int how, int a, int b)
{
    sigset_t set;
    sigemptyset(&set), sigaddset(&set, a), sigaddset(&set, b);
    sigprocmask(how, &set, NULL);
}

static pthread_barrier_t barrier;

static void *thread(void *tid)
{
    char dir[64];
    *(long *)tid = syscall(SYS_gettid);
    block(SIG_SETMASK, SIGBUS, SIGUSR2);
    raise(SIGBUS), raise(SIGUSR2);
    look("thread by itself", "/proc/thread-self");
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    snprintf(dir, sizeof dir, "/proc/self/task/%d", getpid()), look("the first thread", dir);
    return NULL;
}

static void threads(void)
{
    pthread_t t;
    long tid;
    char dir[64];
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&t, NULL, thread, &tid);
    pthread_barrier_wait(&barrier);
    snprintf(dir, sizeof dir, "/proc/self/task/%ld", tid), look("the thread", dir);
    snprintf(dir, sizeof dir, "/proc/%ld", tid), look("by its number alone", dir);
    pthread_barrier_wait(&barrier);
    pthread_join(t, NULL);
}

static void other(bool exec)
{
    char dir[64];
    struct seen s = seen_fork();
    if (s.pid == 0) {
        seen_child(&s);
        signal(SIGTERM, on_signal);
        signal(SIGFPE, SIG_IGN);
        if (exec)
            execl("/proc/self/exe", "proc_signals", "child", NULL);
        seen_wait();
        _exit(0);
    }
    seen_begin(&s);
    snprintf(dir, sizeof dir, "/proc/%d", s.pid), look(exec ? "after exec" : "a child", dir);
    seen_end(&s);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        seen_wait();
        return 0;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    look("at first", "/proc/self");
    signal(SIGSEGV, on_signal), signal(SIGUSR1, on_signal), signal(SIGRTMAX, on_signal);
    signal(SIGILL, SIG_IGN), signal(SIGPIPE, SIG_IGN);
    look("handlers", "/proc/self");
    block(SIG_BLOCK, SIGTRAP, SIGUSR1);
    raise(SIGTRAP), raise(SIGUSR1), kill(getpid(), SIGUSR1);
    look("blocked and pending", "/proc/self");
    threads();
    other(false);
    other(true);
    return 0;
}
