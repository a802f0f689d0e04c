/* SPDX-License-Identifier: MIT */
/* Calls for strace.py, which knows the lines that --strace must print for them. */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void on_signal(int signo)
{
    (void)signo;
}

static sigjmp_buf back;

static void jump_back(int signo)
{
    (void)signo;
    siglongjmp(back, 1);
}

int main(void)
{
    struct stat st;
    struct timespec ts = {0, 1000}, limit = {1, 0};
    struct sigaction a = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = 0x5000, .sin_addr.s_addr = 0x0100007f};
    struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "no socket"};
    struct iovec iov[2] = {{"one", 3}, {"two\n", 4}};
    int two[2], status;

    syscall(SYS_openat, AT_FDCWD, "missing", O_RDWR | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    syscall(SYS_fstat, 0, &st);
    syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    syscall(SYS_madvise, 0, 0, MADV_DONTNEED);
    syscall(SYS_pipe2, two, O_CLOEXEC | O_NONBLOCK);
    syscall(SYS_writev, two[1], iov, 2);
    syscall(SYS_ppoll, &(struct pollfd){two[0], POLLIN | POLLPRI, 0}, 1, &limit, NULL, 8);
    syscall(SYS_fcntl, two[0], F_DUPFD_CLOEXEC, 100);
    syscall(SYS_ioctl, two[0], TIOCGWINSZ, 0);
    syscall(SYS_nanosleep, &ts, NULL);
    syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &ts, NULL);
    sigaction(SIGUSR1, &a, NULL);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &(uint64_t){1ull << (SIGHUP - 1) | 1ull << 39}, NULL, 8);
    syscall(SYS_prlimit64, 0, RLIMIT_CORE, &(struct rlimit){0, RLIM_INFINITY}, NULL);
    int s = (int)syscall(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    syscall(SYS_connect, s, &in, sizeof in);
    syscall(SYS_connect, s, &un, sizeof un);
    syscall(SYS_sendto, s, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0);
    syscall(SYS_lseek, 0, 0, SEEK_END);
    syscall(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0);
    kill(getpid(), SIGUSR1);
    sigaction(SIGSEGV, &(struct sigaction){.sa_handler = jump_back}, NULL);
    if (sigsetjmp(back, 1) == 0)
        *(volatile int *)16 = 0;
    if (fork() == 0)
        _exit(5);
    syscall(SYS_wait4, -1, &status, WUNTRACED, NULL);
    char *const argv[] = {"program", "with \"two\"", NULL};
    execve("missing", argv, NULL);
    return 0;
}
