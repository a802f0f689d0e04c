/* SPDX-License-Identifier: MIT */
/*
 * Makes every system call with arguments of every bad kind (bad_cases.py) and prints what came of it.  The same
 * source runs natively and under xrun; native.py compares line by line.
 *
 * A process for each call, in an empty directory, without rights, with limits: what it does to itself ends with
 * it.  Each case finds the same buffers.  A call that waits is ended by a timer.  Only results and errnos are
 * printed; numbers that are the machine's own (a pid, an address) as "ok".
 *
 * usage: bad_calls OWN-CODE OWN-DATA [CALL]: two addresses in xrun's image, which natively are not mapped.
 */
#include "abi/host_nr.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define MS   1000

/* Values that are made at run time stand for themselves in the cases: numbers that no case means otherwise. */
#define TOKEN 0x5eed000000000000
enum token {
/* clang-format off */
#define T(name) T_##name
    T(first), T(NONE), T(UNMAPPED), T(NONCANON), T(KERNEL), T(RDONLY), T(NOACCESS), T(EDGE), T(OWN_CODE), T(OWN_DATA), T(ODD),
    T(ONES), T(ZEROS), T(SCRATCH), T(N_FILE), T(N_EMPTY), T(N_MISSING), T(N_DIR), T(N_LINK), T(N_BELOW), T(N_LONG), T(N_XATTR),
    T(FILE), T(CLOSED), T(DIR), T(PIPE_R), T(PIPE_W), T(SOCKET), T(EVENT), T(EPOLL), T(TIMER), T(INOTIFY), T(MEMFD), T(PATH_FD),
    T(IOV), T(IOV_UNMAPPED), T(IOV_OWN), T(IOV_HALF), T(IOV_HUGE),
    T(MSG), T(MSG_IOV_OWN), T(MSG_NAME_OWN), T(MSG_CONTROL_OWN), T(MSG_IOV_BAD), T(last)
#undef T
}; /* clang-format on */

static long value[T_last];

struct row {
    const char *text;
    long a[6];
};

#define CALL(name)      static const struct row rows_##name[] = {
#define CASE(text, ...) {text, {__VA_ARGS__}},
#define END                                                                                                  \
    }                                                                                                        \
    ;
#include BAD_CASES
#undef CALL
#undef CASE
#undef END

static const struct tried {
    const char *name;
    long nr;
    const struct row *row;
    size_t count;
} calls[] = {
#define CALL(name) {#name, __NR_##name, rows_##name, sizeof rows_##name / sizeof *rows_##name},
#define CASE(text, ...)
#define END
#include BAD_CASES
};

/* Calls whose results are the machine's or the moment's. */
static const char *const volatile_results[] = {
    "mmap",        "mremap", "shmat",           "getpid",
    "getppid",     "gettid", "getpgid",         "getsid",
    "getpgrp",     "times",  "set_tid_address", "add_key",
    "request_key", "keyctl", "clone3",          "sched_getaffinity",
    "msgget",      "semget", "shmget",          "personality",
    "prctl",
};

static void fail(const char *what)
{
    perror(what);
    _exit(2);
}

static long map(size_t size, int prot)
{
    void *p = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        fail("mmap");
    return (long)p;
}

/* A page between two that cannot be touched. */
static long lone_page(void)
{
    long p = map(3 * PAGE, PROT_NONE);

    if (mprotect((void *)(p + PAGE), PAGE, PROT_READ | PROT_WRITE) != 0)
        fail("mprotect");
    return p + PAGE;
}

static struct iovec iov[5][2];
static struct msghdr msg[5];

static void make_memory(void)
{
    static char long_name[5000];
    long p = map(2 * PAGE, PROT_NONE);

    munmap((void *)p, PAGE);
    memset(long_name, 'x', sizeof long_name - 1);
    value[T_UNMAPPED] = p;
    value[T_NOACCESS] = p + PAGE;
    value[T_NONCANON] = (long)0xdead000000000000;
    value[T_KERNEL] = (long)0xffff800000001000;
    value[T_RDONLY] = map(PAGE, PROT_READ);
    value[T_ZEROS] = lone_page();
    value[T_ONES] = lone_page();
    value[T_EDGE] = lone_page() + PAGE - 4;
    value[T_SCRATCH] = map(4 * PAGE, PROT_READ | PROT_WRITE);
    value[T_ODD] = lone_page() + 1;
    value[T_N_FILE] = (long)"file";
    value[T_N_EMPTY] = (long)"";
    value[T_N_MISSING] = (long)"missing";
    value[T_N_DIR] = (long)"dir";
    value[T_N_LINK] = (long)"link";
    value[T_N_BELOW] = (long)"file/below";
    value[T_N_LONG] = (long)long_name;
    value[T_N_XATTR] = (long)"user.name";
}

/* Descriptors at fixed numbers, so that what is opened later gets the same ones on both sides. */
static long keep(int fd, int at)
{
    if (fd < 0 || dup2(fd, at) < 0)
        fail("descriptor");
    close(fd);
    return at;
}

static void make_files(void)
{
    int pipes[2], sockets[2];

    if (mkdir("dir", 0755) || symlink("file", "link"))
        fail("names");
    value[T_FILE] = keep(open("file", O_RDWR | O_CREAT | O_TRUNC, 0644), 50);
    if (write(50, "some text of a file", 20) != 20 || lseek(50, 0, SEEK_SET) != 0)
        fail("file");
    value[T_DIR] = keep(open(".", O_RDONLY | O_DIRECTORY), 51);
    value[T_PATH_FD] = keep(open("file", O_PATH), 52);
    if (pipe2(pipes, O_NONBLOCK) || socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, sockets))
        fail("pipe");
    value[T_PIPE_R] = keep(pipes[0], 53);
    value[T_PIPE_W] = keep(pipes[1], 54);
    value[T_SOCKET] = keep(sockets[0], 55);
    keep(sockets[1], 56);
    value[T_EVENT] = keep(eventfd(0, EFD_NONBLOCK), 57);
    value[T_EPOLL] = keep(epoll_create1(0), 58);
    value[T_TIMER] = keep(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), 59);
    value[T_INOTIFY] = keep(inotify_init1(IN_NONBLOCK), 60);
    value[T_MEMFD] = keep((int)syscall(__NR_memfd_create, "m", 2), 61);
    value[T_CLOSED] = 777;
}

static void make_lists(void)
{
    void *zeros = (void *)value[T_ZEROS], *own = (void *)value[T_OWN_DATA], *bad = (void *)value[T_UNMAPPED];

    for (int i = 0; i < 5; i++) {
        iov[i][0] = iov[i][1] = (struct iovec){zeros, 16};
        value[T_IOV + i] = (long)iov[i];
        msg[i] = (struct msghdr){.msg_iov = iov[0], .msg_iovlen = 2};
        value[T_MSG + i] = (long)&msg[i];
    }
    iov[1][0].iov_base = bad;
    iov[2][0].iov_base = own;
    iov[3][1].iov_base = own;
    iov[4][1].iov_len = (size_t)-1;
    msg[1].msg_iov = iov[2];
    msg[2].msg_name = own;
    msg[2].msg_namelen = 16;
    msg[3].msg_control = own;
    msg[3].msg_controllen = 64;
    msg[4].msg_iov = bad;
}

static void reset(void)
{
    memset((void *)value[T_ZEROS], 0, PAGE);
    memset((void *)value[T_ONES], 0xff, PAGE);
    memset((void *)(value[T_ODD] - 1), 0, PAGE);
    memset((void *)(value[T_EDGE]), 0, 4);
    make_lists();
    errno = 0;
}

static void on_alarm(int signo)
{
    (void)signo;
}

static void guard(void)
{
    struct sigaction a = {.sa_handler = on_alarm};
    struct itimerval every = {{0, 100 * MS}, {0, 300 * MS}};

    sigaction(SIGALRM, &a, NULL);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    setitimer(ITIMER_REAL, &every, NULL);
}

static bool is_volatile(const char *name)
{
    for (size_t i = 0; i < sizeof volatile_results / sizeof *volatile_results; i++)
        if (!strcmp(name, volatile_results[i]))
            return true;
    return false;
}

/* Flags of open in a form that is the same for all machines. */
static void print_flags(long flags)
{
    static const struct {
        const char *name;
        long bit;
    } names[] = {{"O_DIRECTORY", O_DIRECTORY}, {"O_NOFOLLOW", O_NOFOLLOW}, {"O_DIRECT", O_DIRECT},
                 {"O_PATH", O_PATH},           {"O_NONBLOCK", O_NONBLOCK}, {"O_APPEND", O_APPEND},
#ifdef __aarch64__
                 {"O_LARGEFILE", 0x20000}};
#else
                 {"O_LARGEFILE", 0x8000}};
#endif

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (flags & names[i].bit) {
            printf("%s|", names[i].name);
            flags &= ~names[i].bit;
        }
    printf("%#lx\n", flags);
}

static void run_case(const struct tried *g, const struct row *r)
{
    long a[6], pid = syscall(SYS_getpid), result;

    reset();
    for (int i = 0; i < 6; i++)
        a[i] = r->a[i] > TOKEN && r->a[i] < TOKEN + T_last ? value[r->a[i] - TOKEN] : r->a[i];
    result = syscall(g->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (syscall(SYS_getpid) != pid)
        syscall(SYS_exit_group, 0);
    if (result == -1)
        printf("%s = %s\n", r->text, errno < 500 ? strerrorname_np(errno) : "E?");
    else if (result && is_volatile(g->name))
        printf("%s = ok\n", r->text);
    else if (g->nr == __NR_fcntl && a[1] == F_GETFL)
        printf("%s = ", r->text), print_flags(result);
    else
        printf("%s = %ld\n", r->text, result);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *w)
{
    (void)st, (void)type, (void)w;
    return remove(path);
}

static void run_call(const struct tried *g)
{
    int status;
    pid_t child;

    if (mkdir("work", 0777))
        fail("work");
    fflush(stdout);
    child = fork();
    if (child == 0) {
        if (chdir("work"))
            fail("work");
        make_files();
        guard();
        for (size_t i = 0; i < g->count; i++)
            run_case(g, &g->row[i]);
        fflush(stdout);
        _exit(0);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status))
        printf("%s: killed by signal %d\n", g->name, WTERMSIG(status));
    else if (WEXITSTATUS(status))
        printf("%s: status %d\n", g->name, WEXITSTATUS(status));
    chmod("work", 0700);
    nftw("work", remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void limit(int resource, rlim_t value_)
{
    struct rlimit r = {value_, value_};

    if (setrlimit(resource, &r) != 0)
        fail("setrlimit");
}

static void drop_rights(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2];

    memset(none, 0, sizeof none);
    limit(RLIMIT_FSIZE, 1 << 20);
    limit(RLIMIT_MEMLOCK, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 1024);
    for (int cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
        ;
    if (setgroups(0, NULL) == 0 && setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) != 0)
        fail("setresuid"); /* in a user namespace there is only one user */
    if (syscall(SYS_capset, &head, none) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        fail("capset");
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    value[T_OWN_CODE] = strtol(argv[1], NULL, 16);
    value[T_OWN_DATA] = strtol(argv[2], NULL, 16);
    setvbuf(stdout, NULL, _IOLBF, 0);
    drop_rights();
    make_memory();
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (argc == 3 || !strcmp(argv[3], calls[i].name))
            run_call(&calls[i]);
    return 0;
}
