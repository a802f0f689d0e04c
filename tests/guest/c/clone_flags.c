/* SPDX-License-Identifier: MIT */
/*
 * clone and clone3 with the flags that libraries do not use: what each does for parent and child, and what is refused.
 */
#include "t.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

struct args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size,
        cgroup;
};

static long clone3(struct args *a, size_t size)
{
    return syscall(SYS_clone3, a, size);
}

static const char *ended(int status)
{
    static char text[40];
    if (WIFEXITED(status))
        snprintf(text, sizeof text, "exit %d", WEXITSTATUS(status));
    else
        snprintf(text, sizeof text, "signal %d", WTERMSIG(status));
    return text;
}

static void await(const char *name, long pid, int options)
{
    int status;
    long r = waitpid((pid_t)pid, &status, options);
    printf("%s: %s\n", name, r == pid && pid > 0 ? ended(status) : strerrorname_np(errno));
}

static void refused(const char *name, struct args a, size_t size)
{
    long r = clone3(&a, size);
    if (r == 0)
        _exit(99);
    printf("%s: %s\n", name, r < 0 ? strerrorname_np(errno) : "done");
    if (r > 0)
        waitpid((pid_t)r, NULL, __WALL);
}

static void pidfd(void)
{
    int fd = -1;
    struct args a = {.flags = CLONE_PIDFD, .pidfd = (uintptr_t)&fd, .exit_signal = SIGCHLD};
    long pid = clone3(&a, sizeof a);
    if (pid == 0) {
        pause();
        _exit(1);
    }
    struct pollfd p = {fd, POLLIN, 0};
    printf("pidfd %d %d, alive %d\n", fd >= 0, fcntl(fd, F_GETFD), poll(&p, 1, 0));
    show("send", syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0));
    printf("ended %d\n", poll(&p, 1, 5000));
    siginfo_t i;
    show("waitid", waitid(P_PIDFD, (id_t)fd, &i, WEXITED));
    printf("%d %d\n", i.si_code == CLD_KILLED, i.si_status);
    close(fd);
    fd = -1;
    pid = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, &fd, NULL, NULL);
    if (pid == 0)
        _exit(fd == -1 ? 3 : 4);
    printf("old clone: %d\n", fd >= 0);
    await("child", pid, 0);
    close(fd);
}

static void tids(void)
{
    int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), parent = 0;
    shared[0] = 7;
    struct args a = {.flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID,
                     .parent_tid = (uintptr_t)&parent,
                     .child_tid = (uintptr_t)shared,
                     .exit_signal = SIGCHLD};
    long pid = clone3(&a, sizeof a);
    if (pid == 0)
        _exit(shared[0] == getpid() ? 5 : 6);
    await("child tid", pid, 0);
    printf("parent tid %d\n", parent == pid);
    /* Only a memory that others share is cleared. */
    printf("cleared %d\n", shared[0] == pid);
}

static void on_usr1(int s)
{
    (void)s;
}

static void clear_sighand(void)
{
    struct sigaction now;
    signal(SIGUSR1, on_usr1);
    signal(SIGUSR2, SIG_IGN);
    signal(SIGSEGV, on_usr1);
    struct args a = {.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
    long pid = clone3(&a, sizeof a);
    if (pid == 0) {
        int r = 0;
        sigaction(SIGUSR1, NULL, &now), r |= now.sa_handler == SIG_DFL;
        sigaction(SIGUSR2, NULL, &now), r |= (now.sa_handler == SIG_IGN) << 1;
        sigaction(SIGSEGV, NULL, &now), r |= (now.sa_handler == SIG_DFL) << 2;
        _exit(r);
    }
    await("clear_sighand", pid, 0);
    pid = clone3(&a, sizeof a);
    if (pid == 0) {
        raise(SIGSEGV);
        _exit(0);
    }
    await("fault then", pid, 0);
    sigaction(SIGUSR1, NULL, &now);
    printf("parent keeps %d\n", now.sa_handler == on_usr1);
    signal(SIGUSR1, SIG_DFL), signal(SIGUSR2, SIG_DFL), signal(SIGSEGV, SIG_DFL);
}

static int shared_variable;
static char child_stack[65536] __attribute__((aligned(16)));

static int child_main(void *arg)
{
    shared_variable = 42;
    if (arg) {
        close(*(int *)arg);
        chdir("/proc");
    }
    return 11;
}

static void sharing(void)
{
    char *top = child_stack + sizeof child_stack, cwd[4096], was[4096];
    int fd = dup(0);
    getcwd(was, sizeof was);
    await("vm", clone(child_main, top, CLONE_VM | SIGCHLD, NULL), 0);
    printf("%d\n", shared_variable), shared_variable = 0;
    await("vm files fs", clone(child_main, top, CLONE_VM | CLONE_FILES | CLONE_FS | SIGCHLD, &fd), 0);
    printf("%d fd %s cwd %s\n", shared_variable, fcntl(fd, F_GETFD) < 0 ? strerrorname_np(errno) : "open",
           getcwd(cwd, sizeof cwd));
    chdir(was);
    fd = dup(0), shared_variable = 0;
    await("nothing", clone(child_main, top, SIGCHLD, &fd), 0);
    printf("%d fd %d cwd %d\n", shared_variable, fcntl(fd, F_GETFD) >= 0,
           !strcmp(was, getcwd(cwd, sizeof cwd)));
    await("vm vfork", clone(child_main, top, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL), 0);
    await("vfork without vm", clone(child_main, top, CLONE_VFORK | SIGCHLD, NULL), 0);
    long pid = clone(child_main, top, CLONE_VM, NULL);
    await("no signal", pid, 0);
    await("no signal, all", pid, __WALL);
    signal(SIGUSR2, on_usr1);
    pid = clone(child_main, top, CLONE_VM | SIGUSR2, NULL);
    await("other signal", pid, __WCLONE);
    signal(SIGUSR2, SIG_DFL);
    close(fd);
}

static void refusals(void)
{
    struct args plain = {.exit_signal = SIGCHLD};
    refused("small", plain, 56);
    refused("large", plain, 4097);
    refused("exit signal", (struct args){.exit_signal = 65}, sizeof plain);
    refused("signal in flags", (struct args){.flags = SIGCHLD}, sizeof plain);
    refused("thread alone", (struct args){.flags = CLONE_THREAD}, sizeof plain);
    refused("sighand alone", (struct args){.flags = CLONE_SIGHAND, .exit_signal = SIGCHLD}, sizeof plain);
    refused("clear and share",
            (struct args){.flags = CLONE_SIGHAND | CLONE_VM | CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD},
            sizeof plain);
    refused("newns and fs", (struct args){.flags = CLONE_NEWNS | CLONE_FS, .exit_signal = SIGCHLD},
            sizeof plain);
    refused("unknown", (struct args){.flags = 1ull << 60, .exit_signal = SIGCHLD}, sizeof plain);
    refused("stack without size", (struct args){.stack = (uintptr_t)child_stack, .exit_signal = SIGCHLD},
            sizeof plain);
    refused("size without stack", (struct args){.stack_size = 4096, .exit_signal = SIGCHLD}, sizeof plain);
    refused("bad cgroup", (struct args){.flags = CLONE_INTO_CGROUP, .cgroup = 9999, .exit_signal = SIGCHLD},
            sizeof plain);
    refused("bad pidfd", (struct args){.flags = CLONE_PIDFD, .pidfd = 8, .exit_signal = SIGCHLD},
            sizeof plain);
    refused("set_tid size", (struct args){.set_tid = 8, .exit_signal = SIGCHLD}, sizeof plain);
    refused("set_tid bad", (struct args){.set_tid = 8, .set_tid_size = 1, .exit_signal = SIGCHLD},
            sizeof plain);
    show("bad pointer", syscall(SYS_clone3, 8, sizeof plain));
    /* A larger structure of a later kernel, whose new part is all 0, or is not. */
    struct {
        struct args a;
        uint64_t more;
    } later = {.a = plain};
    refused("all 0", later.a, sizeof plain);
    long pid = syscall(SYS_clone3, &later, sizeof later);
    if (pid == 0)
        _exit(12);
    await("later", pid, 0);
    later.more = 1;
    show("later, used", syscall(SYS_clone3, &later, sizeof later));
}

static void namespaces(void)
{
    struct args a = {.flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWUTS, .exit_signal = SIGCHLD};
    long pid = clone3(&a, sizeof a);
    if (pid == 0)
        _exit(getpid() == 1 ? 13 : 14);
    await("namespaces", pid, 0);
    pid_t want = 77;
    a.set_tid = (uintptr_t)&want, a.set_tid_size = 1;
    a.flags = CLONE_NEWPID | CLONE_NEWUSER;
    pid = clone3(&a, sizeof a);
    if (pid == 0)
        _exit(15);
    await("first must be 1", pid, 0);
    pid = fork();
    if (pid == 0) {
        int r = unshare(CLONE_NEWUSER | CLONE_NEWPID);
        if (r < 0)
            _exit(16);
        pid = fork();
        if (pid == 0) {
            struct args b = {.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&want, .set_tid_size = 1};
            pid = clone3(&b, sizeof b);
            if (pid == 0)
                _exit(getpid());
            int status = 0;
            waitpid((pid_t)pid, &status, 0);
            _exit(pid == 77 ? WEXITSTATUS(status) : 17);
        }
        int status = 0;
        waitpid((pid_t)pid, &status, 0);
        _exit(WEXITSTATUS(status));
    }
    await("set_tid", pid, 0);
}

static void spawning(void)
{
    extern char **environ;
    pid_t pid;
    char *argv[] = {"x", NULL};
    printf("missing: %s\n", strerrorname_np(posix_spawn(&pid, "/no/such", NULL, NULL, argv, environ)));
    printf("directory: %s\n", strerrorname_np(posix_spawn(&pid, "/", NULL, NULL, argv, environ)));
    printf("missing in PATH: %s\n",
           strerrorname_np(posix_spawnp(&pid, "no-such-program", NULL, NULL, argv, environ)));
    volatile int here = 1;
    if ((pid = vfork()) == 0) {
        here = 2;
        execv("/no/such", argv);
        _exit(errno == ENOENT ? 18 : 19);
    }
    await("vfork", pid, 0);
    printf("%d\n", here);
}

int main(void)
{
    pidfd();
    tids();
    clear_sighand();
    sharing();
    refusals();
    namespaces();
    spawning();
    return 0;
}
