/* SPDX-License-Identifier: MIT */
/* The mode and the number of seccomp filters in /proc are those of the thread, or of the other process, that is asked for. */
#include "../guest/c/seen.h"
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int value(const char *status, const char *name)
{
    const char *line = strstr(status, name);
    return line ? atoi(line + strlen(name)) : -1;
}

static void look(const char *what, const char *path)
{
    char buf[8192];
    int fd = open(path, O_RDONLY);
    ssize_t r = read(fd, buf, sizeof buf - 1);
    buf[r < 0 ? 0 : r] = 0;
    close(fd);
    printf("%s: %d, %d\n", what, value(buf, "\nSeccomp:"), value(buf, "\nSeccomp_filters:"));
}

static void filter(int count)
{
    struct sock_filter insn[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    while (count-- > 0)
        good("filter", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &(struct sock_fprog){1, insn}));
}

static pthread_barrier_t barrier;

static void *thread(void *tid)
{
    *(long *)tid = syscall(SYS_gettid);
    filter(2);
    look("thread by itself", "/proc/thread-self/status");
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

static void threads(void)
{
    pthread_t t;
    long tid;
    char path[64];
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&t, NULL, thread, &tid);
    pthread_barrier_wait(&barrier);
    look("the first thread", "/proc/self/status");
    snprintf(path, sizeof path, "/proc/self/task/%ld/status", tid), look("the thread", path);
    pthread_barrier_wait(&barrier);
    pthread_join(t, NULL);
}

static void other(const char *what, int mode, int exec)
{
    char path[64];
    fflush(stdout);
    struct seen s = seen_fork();
    if (s.pid == 0) {
        if (mode == SECCOMP_MODE_FILTER)
            filter(3);
        fflush(stdout);
        seen_child(&s);
        if (exec)
            execl("/proc/self/exe", "proc_seccomp", "child", (char *)NULL);
        if (mode == SECCOMP_MODE_STRICT)
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
        seen_wait();
        syscall(SYS_exit, 0);
    }
    seen_begin(&s);
    snprintf(path, sizeof path, "/proc/%d/status", s.pid), look(what, path);
    seen_end(&s);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        seen_wait();
        return 0;
    }
    threads();
    other("a child without", SECCOMP_MODE_DISABLED, 0);
    other("a child with filters", SECCOMP_MODE_FILTER, 0);
    other("after exec", SECCOMP_MODE_FILTER, 1);
    other("a strict child", SECCOMP_MODE_STRICT, 0);
    filter(1);
    look("itself", "/proc/self/status");
    other("a child that inherits", SECCOMP_MODE_DISABLED, 0);
    return 0;
}
