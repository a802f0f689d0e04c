/* SPDX-License-Identifier: MIT */
/*
 * skip-qemu: it cannot start its own kind of program
 *
 * Pointers with a tag in structures that system calls read, after PR_SET_TAGGED_ADDR_CTRL, and in arguments of the vDSO's functions,
 * which need none: what -fsanitize=hwaddress makes of malloc's results and of local variables.
 */
#include "../guest/c/t.h"

#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TAGGED(p) ((void *)((uintptr_t)(p) | 0x2aull << 56))

static int count;

static void handler(int signo)
{
    (void)signo;
    count++;
}

static void messages(void)
{
    char text[8] = "text";
    int s[2];
    struct iovec v = {TAGGED(text), 4};
    struct mmsghdr m = {.msg_hdr = {.msg_iov = TAGGED(&v), .msg_iovlen = 1}};
    show("socketpair", socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
    show("writev", writev(s[0], TAGGED(&v), 1));
    show("sendmsg", sendmsg(s[0], TAGGED(&m.msg_hdr), 0));
    show("sendmmsg", sendmmsg(s[0], TAGGED(&m), 1, 0));
    printf("length %u\n", m.msg_len);
    show("readv", readv(s[1], &v, 1));
    show("recvmsg", recvmsg(s[1], &m.msg_hdr, 0));
    m.msg_len = 0;
    m.msg_hdr.msg_controllen = 0;
    m.msg_hdr.msg_flags = 1;
    memset(text, 0, sizeof text);
    show("recvmmsg", recvmmsg(s[1], &m, 1, 0, NULL));
    printf("%s, length %u, flags %d\n", text, m.msg_len, m.msg_hdr.msg_flags);
}

static void others(void)
{
    char from[4] = "xyz", to[4] = "";
    struct iovec local = {TAGGED(to), 4}, remote = {TAGGED(from), 4};
    show("process_vm_readv", process_vm_readv(getpid(), &local, 1, &remote, 1, 0));
    show("process_vm_writev", process_vm_writev(getpid(), &local, 1, &remote, 1, 0));
    printf("%s\n", to);

    uint32_t word = 1;
    struct futex_waitv wait = {.uaddr = (uintptr_t)TAGGED(&word), .flags = 2 /* FUTEX_32 */};
    show("futex_waitv", syscall(SYS_futex_waitv, &wait, 1, 0, NULL, 0));

    struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, 0xffff);
    struct sock_fprog program = {1, TAGGED(&all)};
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    show("SO_ATTACH_FILTER", setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
}

static void child(void)
{
    int pidfd = -1;
    pid_t parent_tid = 0, tids[2] = {0};
    struct clone_args args = {.flags = CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID,
                              .pidfd = (uintptr_t)TAGGED(&pidfd),
                              .parent_tid = (uintptr_t)TAGGED(&parent_tid),
                              .child_tid = (uintptr_t)TAGGED(&tids[1]),
                              .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0)
        _exit(tids[1] == getpid());
    good("clone3", pid);
    int status = -1;
    waitpid((pid_t)pid, &status, 0);
    printf("child %d, parent %d, descriptor %d\n", WEXITSTATUS(status), parent_tid == pid, pidfd >= 0);
    args = (struct clone_args){.set_tid = (uintptr_t)TAGGED(tids), .set_tid_size = 1};
    show("clone3 as 0", syscall(SYS_clone3, &args, sizeof args));
}

static void advice(void)
{
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct iovec v = {TAGGED(page), 4096};
    int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
    show("process_madvise", syscall(SYS_process_madvise, fd, &v, 1, MADV_COLD, 0));
}

static void ring(void)
{
    static char text[5];
    struct io_uring_params p = {0};
    int pipes[2], fd = syscall(SYS_io_uring_setup, 1, &p);
    struct io_uring_sqe *sqe =
        mmap(NULL, sizeof *sqe, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
    char *rings = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    show("pipe", pipe(pipes));
    show("write", write(pipes[1], "ring", 4));
    *sqe = (struct io_uring_sqe){
        .opcode = IORING_OP_READ, .fd = pipes[0], .addr = (uintptr_t)TAGGED(text), .len = 4};
    *(uint32_t *)(rings + p.sq_off.tail) = 1;
    show("io_uring_enter", syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0));
    printf("%d %s\n", ((struct io_uring_cqe *)(rings + p.cq_off.cqes))->res, text);
}

static void start(char *self)
{
    char *argv[] = {TAGGED(self), TAGGED("one"), TAGGED("two"), NULL};
    char *envp[] = {TAGGED("VARIABLE=value"), NULL};
    pid_t child = fork();
    if (child == 0)
        _exit(execve(TAGGED(self), argv, envp) ? errno : 0);
    int status = 0;
    waitpid(child, &status, 0);
    printf("started: %d\n", WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
    static char memory[1 << 16];
    struct timespec ts, second = {0, 1000};
    struct timeval tv;
    if (argc == 3)
        return strcmp(argv[1], "one") || strcmp(argv[2], "two") || strcmp(getenv("VARIABLE"), "value") ? 1
                                                                                                       : 42;
    setvbuf(stdout, NULL, _IONBF, 0);
    /* musl and qemu-user make calls of these. */
    show("prctl", prctl(55 /* PR_SET_TAGGED_ADDR_CTRL */, 1, 0, 0, 0));
    show("clock_gettime", clock_gettime(CLOCK_MONOTONIC, TAGGED(&ts)));
    show("clock_getres", clock_getres(CLOCK_MONOTONIC, TAGGED(&ts)));
    show("gettimeofday", gettimeofday(TAGGED(&tv), NULL));
    messages();
    others();
    child();
    advice();
    ring();

    stack_t ss = {.ss_sp = TAGGED(memory), .ss_size = sizeof memory};
    struct sigaction sa = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    show("sigaltstack", sigaltstack(&ss, NULL));
    sigaction(SIGUSR1, &sa, NULL);
    raise(SIGUSR1);
    printf("handled: %d\n", count);

    sigset_t set;
    sigemptyset(&set);
    struct {
        const void *p;
        size_t n;
    } mask = {TAGGED(&set), 8};
    show("pselect6", syscall(SYS_pselect6, 0, NULL, NULL, NULL, &second, &mask));
    start("/proc/self/exe");
    return 0;
}
