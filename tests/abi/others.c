/* SPDX-License-Identifier: MIT */
/*
 * Structures and flags of calls that are not about files: signals and their siginfo, timers, sockets, terminals,
 * limits, scheduling, message queues, asynchronous I/O, and the calls that are new.  As structs.c.
 */
#include "abi/host_nr.h"
#include "tests/abi/show.h"

#include <linux/aio_abi.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/landlock.h>
#include <mqueue.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

static const struct timespec zero;

static void print_siginfo(const siginfo_t *s)
{
    printf("  signo %d errno %d code %d pid %d uid %u value %llx\n", s->si_signo, s->si_errno, s->si_code,
           s->si_pid == getpid(), s->si_uid, (unsigned long long)(uintptr_t)s->si_value.sival_ptr);
}

static void check_signals(void)
{
    const int signals[] = {SIGUSR1, SIGCHLD, SIGRTMIN, 40, SIGRTMAX, SIGTERM, SIGWINCH, SIGHUP};
    static const int codes[] = {SI_QUEUE, SI_TIMER, SI_MESGQ, SI_ASYNCIO, SI_SIGIO, -9, SI_TKILL};
    sigset_t all;
    siginfo_t info;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    int fd = signalfd(-1, &all, SFD_NONBLOCK);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
            memset(&info, 0, sizeof info);
            info.si_signo = 1;
            info.si_code = codes[k];
            info.si_errno = 5;
            info.si_pid = getpid();
            info.si_uid = 77;
            info.si_value.sival_ptr = (void *)0x123456789abcdef;
            show(syscall(__NR_rt_sigqueueinfo, getpid(), signals[i], &info), "rt_sigqueueinfo %d %d",
                 signals[i], codes[k]);
            show(syscall(__NR_rt_tgsigqueueinfo, getpid(), getpid(), signals[i], &info), "rt_tgsigqueueinfo");
            memset(&info, 0, sizeof info);
            show(sigtimedwait(&all, &info, &zero), "sigtimedwait");
            print_siginfo(&info);
            struct signalfd_siginfo s;
            if (show(read(fd, &s, sizeof s), "signalfd") > 0)
                printf("  %u %d %d %u %llx\n", s.ssi_signo, s.ssi_errno, s.ssi_code, s.ssi_uid,
                       (unsigned long long)s.ssi_ptr);
            show(sigtimedwait(&all, &info, &zero), "sigtimedwait, nothing");
        }
        show(syscall(__NR_tgkill, getpid(), getpid(), signals[i]), "tgkill");
        sigset_t pending;
        sigpending(&pending);
        show(sigismember(&pending, signals[i]), "sigpending");
        show(sigtimedwait(&all, &info, &zero), "sigtimedwait");
        print_siginfo(&info);
    }
    close(fd);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
}

static void check_wait(void)
{
    for (int how = 0; how < 40; how++) {
        siginfo_t info;
        struct rusage ru;
        int status = 0;
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            struct rlimit none = {0, 0};
            setrlimit(RLIMIT_CORE, &none);
            if (how < 8)
                _exit(how * 37);
            signal(how, SIG_DFL);
            raise(how);
            _exit(1);
        }
        memset(&info, 0, sizeof info);
        show(syscall(__NR_waitid, P_PID, child, &info, WEXITED | WSTOPPED | WNOWAIT, &ru), "waitid %d", how);
        printf("  signo %d code %d status %d pid %d\n", info.si_signo, info.si_code, info.si_status,
               info.si_pid == child);
        show(wait4(child, &status, WNOHANG | WUNTRACED, &ru) == child, "wait4");
        printf("  status %#x\n", status & ~0x80);
        if (WIFSTOPPED(status)) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
        }
    }
    show(waitid(P_ALL, 0, NULL, WEXITED), "waitid of none");
    show(waitid(9, 0, NULL, WEXITED), "waitid of a bad kind");
}

static void check_timers(void)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME,
                                       CLOCK_MONOTONIC,
                                       CLOCK_PROCESS_CPUTIME_ID,
                                       CLOCK_THREAD_CPUTIME_ID,
                                       CLOCK_MONOTONIC_RAW,
                                       CLOCK_REALTIME_COARSE,
                                       CLOCK_BOOTTIME,
                                       CLOCK_TAI,
                                       10,
                                       99,
                                       -1,
                                       -6};
    struct timespec t;
    struct itimerspec set = {{1000, 5}, {100000, 0}}, now;

    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        t = zero;
        show(syscall(__NR_clock_getres, clocks[i], &t), "clock_getres %d", clocks[i]);
        printf("  %lld %ld\n", (long long)t.tv_sec, t.tv_nsec);
        show(syscall(__NR_clock_gettime, clocks[i], &t), "clock_gettime");
        show(syscall(__NR_clock_nanosleep, clocks[i], TIMER_ABSTIME, &zero, NULL), "clock_nanosleep");
        for (int notify = 0; notify < 6; notify++) {
            struct sigevent ev = {.sigev_notify = notify, .sigev_signo = SIGRTMIN};
            int id = -1;
            ev._sigev_un._tid = getpid();
            if (show(syscall(__NR_timer_create, clocks[i], &ev, &id), "timer_create %d", notify) != 0)
                continue;
            show(syscall(__NR_timer_settime, id, 0, &set, &now), "timer_settime");
            show(syscall(__NR_timer_gettime, id, &now), "timer_gettime");
            printf("  %lld.%ld, still %d\n", (long long)now.it_interval.tv_sec, now.it_interval.tv_nsec,
                   now.it_value.tv_sec > 99000);
            show(syscall(__NR_timer_getoverrun, id), "timer_getoverrun");
            show(syscall(__NR_timer_delete, id), "timer_delete");
        }
        int fd = (int)syscall(__NR_timerfd_create, clocks[i], 0);
        show(fd < 0 ? -1 : timerfd_settime(fd, 0, &set, NULL), "timerfd");
        show(fd < 0 ? -1 : timerfd_gettime(fd, &now), "timerfd_gettime");
        close(fd);
    }
    for (int which = -1; which < 4; which++) {
        struct itimerval v = {{7, 8}, {50000, 6}}, old;
        show(setitimer(which, &v, NULL), "setitimer %d", which);
        if (show(getitimer(which, &old), "getitimer") == 0)
            printf("  %ld %ld %d\n", (long)old.it_interval.tv_sec, (long)old.it_interval.tv_usec,
                   old.it_value.tv_sec >= 49000);
        show(setitimer(which, &(struct itimerval){{0, 0}, {0, 0}}, NULL), "setitimer off");
    }
    struct timex tx = {0};
    good(adjtimex(&tx), "adjtimex");
    printf("  tick %ld precision %ld tolerance %ld\n", (long)tx.tick, (long)tx.precision, (long)tx.tolerance);
}

static void check_limits(void)
{
    struct rlimit r, old;
    struct sched_param p;

    for (int i = -1; i < 17; i++) {
        if (show(prlimit(0, (enum __rlimit_resource)i, NULL, &old), "prlimit %d", i) != 0)
            continue;
        if (i == RLIMIT_NPROC || i == RLIMIT_SIGPENDING || i == RLIMIT_CORE)
            continue;
        printf("  %llx %llx\n", (unsigned long long)old.rlim_cur, (unsigned long long)old.rlim_max);
        r = (struct rlimit){old.rlim_cur, old.rlim_max};
        show(prlimit(0, (enum __rlimit_resource)i, &r, NULL), "prlimit, the same");
        r.rlim_cur = r.rlim_max;
        r.rlim_max = 5;
        show(prlimit(0, (enum __rlimit_resource)i, &r, NULL), "prlimit, mixed up");
    }
    for (int policy = -1; policy < 8; policy++) {
        show(sched_get_priority_max(policy), "sched_get_priority_max %d", policy);
        show(sched_get_priority_min(policy), "sched_get_priority_min");
        fflush(stdout);
        p.sched_priority = policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE ? 0 : 5;
        pid_t child = fork();
        if (child == 0) {
            struct timespec t = {0, 0};
            uint32_t attr[14] = {0};
            show(sched_setscheduler(0, policy, &p), "sched_setscheduler");
            show(sched_getscheduler(0), "sched_getscheduler");
            show(sched_getparam(0, &p), "sched_getparam");
            show(syscall(__NR_sched_getattr, 0, attr, sizeof attr, 0), "sched_getattr");
            printf("  size %u policy %u nice %u priority %u\n", attr[0], attr[1], attr[4], attr[5]);
            show(sched_rr_get_interval(0, &t), "sched_rr_get_interval");
            fflush(stdout);
            _exit(0);
        }
        fflush(stdout);
        waitpid(child, NULL, 0);
    }
    struct sysinfo s;
    show(sysinfo(&s), "sysinfo");
    printf("  unit %u high %lu\n", s.mem_unit, (unsigned long)s.totalhigh);
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct cap[2];
    show(syscall(__NR_capget, &head, cap), "capget");
    printf("  %x %x %x\n", cap[0].effective, cap[0].permitted, cap[0].inheritable);
    head.version = 1;
    show(syscall(__NR_capget, &head, cap), "capget of version 1");
    printf("  version %x\n", head.version);
}

static void check_socket_options(int fd, const char *name)
{
    static const int levels[] = {SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, IPPROTO_IPV6};

    for (size_t l = 0; l < sizeof levels / sizeof *levels; l++)
        for (int opt = 0; opt < 70; opt++) {
            uint8_t v[256] = {0};
            socklen_t len = sizeof v;
            long r = getsockopt(fd, levels[l], opt, v, &len);
            if (r != 0 && errno == ENOPROTOOPT)
                continue;
            show(r, "%s option %d %d", name, levels[l], opt);
            uint32_t value;
            memcpy(&value, v, 4);
            /* What the kernel counts or draws is not looked at. */
            int accident = levels[l] == SOL_SOCKET
                               ? opt == SO_PEERCRED || opt == SO_COOKIE || opt == SO_NETNS_COOKIE ||
                                     opt == SO_INCOMING_CPU || opt == 55
                               : opt == TCP_INFO || levels[l] == IPPROTO_TCP;
            printf("  %u bytes %u\n", len, accident || r ? 0 : value);
        }
}

static void check_messages(void)
{
    int two[2], on = 1, kinds[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};

    for (int k = 0; k < 3; k++) {
        char text[] = "0123456789", in[2][8] = {"", ""}, control[256];
        struct iovec out[2] = {{text, 3}, {text + 5, 4}}, back[2] = {{in[0], 2}, {in[1], 7}};
        struct msghdr m = {.msg_iov = out, .msg_iovlen = 2, .msg_control = control};

        show(socketpair(AF_UNIX, kinds[k], 0, two), "socketpair");
        setsockopt(two[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
        m.msg_controllen = CMSG_SPACE(2 * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        *c = (struct cmsghdr){CMSG_LEN(2 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
        memcpy(CMSG_DATA(c), two, sizeof two);
        show(sendmsg(two[0], &m, 0), "sendmsg");
        m = (struct msghdr){
            .msg_iov = back, .msg_iovlen = 2, .msg_control = control, .msg_controllen = sizeof control};
        show(recvmsg(two[1], &m, MSG_CMSG_CLOEXEC), "recvmsg");
        printf("  flags %#x control %zu name %u: %.2s %.7s\n", m.msg_flags, m.msg_controllen, m.msg_namelen,
               in[0], in[1]);
        for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
            int v[3];
            memcpy(v, CMSG_DATA(c), sizeof v);
            printf("  level %d type %d len %zu: %d %d\n", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len,
                   c->cmsg_type == SCM_CREDENTIALS ? v[0] == getpid() : v[0], v[1]);
            if (c->cmsg_type == SCM_RIGHTS)
                close(v[0]), close(v[1]);
        }
        struct mmsghdr mm[4];
        memset(mm, 0, sizeof mm);
        for (int i = 0; i < 4; i++)
            mm[i].msg_hdr = (struct msghdr){.msg_iov = out, .msg_iovlen = (size_t)i % 3};
        show(sendmmsg(two[0], mm, 4, MSG_DONTWAIT), "sendmmsg");
        printf("  %u %u %u %u\n", mm[0].msg_len, mm[1].msg_len, mm[2].msg_len, mm[3].msg_len);
        for (int i = 0; i < 4; i++)
            mm[i].msg_hdr = (struct msghdr){.msg_iov = back, .msg_iovlen = 2};
        show(recvmmsg(two[1], mm, 4, MSG_DONTWAIT, NULL), "recvmmsg");
        printf("  %u %u %u %u\n", mm[0].msg_len, mm[1].msg_len, mm[2].msg_len, mm[3].msg_len);
        check_socket_options(two[0], "unix");
        close(two[0]);
        close(two[1]);
    }
}

static void check_sockets(void)
{
    static const int families[] = {0, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, 99, -1};

    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        for (int type = 0; type < 7; type++) {
            int family = families[i];
            int fd = socket(family, type, 0);
            show(fd < 0 ? -1 : 0, "socket %d %d", family, type);
            if (fd >= 0 && (family == AF_INET || family == AF_INET6) && type < 3)
                check_socket_options(fd, family == AF_INET ? "inet" : "inet6");
            close(fd);
        }
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct ifreq up = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    show(ioctl(fd, SIOCSIFFLAGS, &up), "SIOCSIFFLAGS");
    show(bind(fd, (struct sockaddr *)&a, sizeof a), "bind");
    show(listen(fd, 1), "listen");
    show(getsockname(fd, (struct sockaddr *)&a, &len), "getsockname");
    printf("  %d %x %d\n", a.sin_family, ntohl(a.sin_addr.s_addr), a.sin_port != 0);
    show(getpeername(fd, (struct sockaddr *)&a, &len), "getpeername");
    show(ioctl(fd, SIOCGIFFLAGS, &up), "SIOCGIFFLAGS");
    printf("  %#x\n", up.ifr_flags);
    close(fd);
}

static void check_terminal(void)
{
    int master, slave, n;
    struct winsize w = {24, 80, 3, 4};
    struct termios t;

    if (show(openpty(&master, &slave, NULL, NULL, &w), "openpty") != 0)
        return;
    show(ioctl(slave, TIOCGWINSZ, &w), "TIOCGWINSZ");
    printf("  %u %u %u %u\n", w.ws_row, w.ws_col, w.ws_xpixel, w.ws_ypixel);
    show(tcgetattr(slave, &t), "tcgetattr");
    printf("  %x %x %x %x\n", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag);
    for (int i = 0; i < 19; i++)
        printf(" %u", t.c_cc[i]);
    printf("\n");
    cfmakeraw(&t);
    cfsetspeed(&t, B115200);
    show(tcsetattr(slave, TCSADRAIN, &t), "tcsetattr");
    show(tcgetattr(slave, &t), "tcgetattr");
    printf("  %x %x %x %x %d\n", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag, cfgetispeed(&t) == B115200);
    show(write(master, "abc", 3), "write");
    show(poll(&(struct pollfd){.fd = slave, .events = POLLIN}, 1, 10000), "poll");
    show(ioctl(slave, FIONREAD, &n), "FIONREAD");
    show(n, "bytes");
    show(ioctl(master, TIOCGPTN, &n), "TIOCGPTN");
    show(ioctl(slave, TIOCGSID, &n), "TIOCGSID");
    show(ioctl(slave, TIOCOUTQ, &n), "TIOCOUTQ");
    show(ioctl(slave, TCFLSH, 2), "TCFLSH");
    for (unsigned nr = 0; nr < 256; nr++) {
        uint8_t buf[1024] = {0};
        /* What waits, hangs up, or takes a terminal over is left out. */
        if (nr == 0x09 || nr == 0x25 || nr == 0x0e || nr == 0x12 || nr == 0x37 || nr == 0x1d || nr == 0x35)
            continue;
        show(ioctl(slave, 0x5400 + nr, buf), "terminal %#x", nr);
    }
    close(master);
    close(slave);
}

static void check_aio(void)
{
    aio_context_t context = 0;
    char text[64] = "";
    int fd = open("aio", O_CREAT | O_RDWR | O_TRUNC, 0600);
    struct io_event ev[4];

    if (show(syscall(__NR_io_setup, 8, &context), "io_setup") != 0)
        return;
    for (int op = 0; op < 12; op++) {
        struct iocb cb = {.aio_lio_opcode = (uint16_t)op,
                          .aio_fildes = (uint32_t)fd,
                          .aio_data = 0x1122334455667788,
                          .aio_buf = (uintptr_t)text,
                          .aio_nbytes = 16},
                    *list = &cb;
        if (op == IOCB_CMD_POLL)
            cb.aio_buf = POLLIN;
        if (show(syscall(__NR_io_submit, context, 1, &list), "io_submit %d", op) != 1)
            continue;
        if (show(syscall(__NR_io_getevents, context, 1, 4, ev, NULL), "io_getevents") == 1)
            printf("  %llx %lld %lld\n", (unsigned long long)ev[0].data, (long long)ev[0].res,
                   (long long)ev[0].res2);
    }
    show(syscall(__NR_io_pgetevents, context, 0, 4, ev, &zero, NULL), "io_pgetevents");
    show(syscall(__NR_io_destroy, context), "io_destroy");
    show(syscall(__NR_io_destroy, context), "io_destroy again");
    close(fd);
}

static void check_mq(void)
{
    struct mq_attr attr = {.mq_maxmsg = 4, .mq_msgsize = 32};
    char buf[64];
    unsigned priority;
    long fd =
        show(syscall(__NR_mq_open, "q", O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attr) < 0 ? -1 : 0, "mq_open");

    fd = syscall(__NR_mq_open, "q", O_RDWR | O_NONBLOCK, 0, NULL);
    for (unsigned i = 0; i < 6; i++)
        show(syscall(__NR_mq_timedsend, fd, "message", 7 + i * 8, i, &zero), "mq_timedsend %u", i);
    show(syscall(__NR_mq_getsetattr, fd, NULL, &attr), "mq_getsetattr");
    printf("  %ld %ld %ld %#lx\n", (long)attr.mq_maxmsg, (long)attr.mq_msgsize, (long)attr.mq_curmsgs,
           (long)attr.mq_flags);
    for (int notify = 0; notify < 5; notify++) {
        struct sigevent ev = {.sigev_notify = notify, .sigev_signo = SIGURG};
        show(syscall(__NR_mq_notify, fd, &ev), "mq_notify %d", notify);
        show(syscall(__NR_mq_notify, fd, NULL), "mq_notify off");
    }
    for (int i = 0; i < 5; i++) {
        show(syscall(__NR_mq_timedreceive, fd, buf, i ? 64 : 8, &priority, &zero), "mq_timedreceive");
        printf("  %u\n", priority);
    }
    show(syscall(__NR_mq_unlink, "q"), "mq_unlink");
}

static void check_memory(void)
{
    uint8_t *p = mmap((void *)0x300000000000, 16 << 12, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    unsigned char core[16];

    for (int advice = 0; advice < 30; advice++)
        show(madvise(p, 4 << 12, advice), "madvise %d", advice);
    memset(p, 1, 16 << 12);
    memset(core, 0, sizeof core);
    show(mincore(p, 16 << 12, core), "mincore");
    for (int i = 0; i < 16; i++)
        printf("%d", core[i] & 1);
    printf("\n");
    for (int flags = 0; flags < 4; flags++)
        show(syscall(__NR_mlock2, p, 4096, flags), "mlock2 %d", flags);
    for (int flags = 0; flags < 8; flags++)
        show(msync(p, 4096, flags), "msync %d", flags);
    for (int prot = 0; prot < 32; prot++)
        if (prot < 16) /* beyond: each machine's own */
            show(mprotect(p, 4096, prot), "mprotect %d", prot);
    show(syscall(__NR_remap_file_pages, p, 4096, 0, 0, 0), "remap_file_pages");
    show(syscall(__NR_mseal, p + (8 << 12), 4096, 0), "mseal");
    show(munmap(p + (8 << 12), 4096), "munmap of it");
    show(mprotect(p + (8 << 12), 4096, PROT_READ), "mprotect of it");
    show(madvise(p + (8 << 12), 4096, MADV_DONTNEED), "madvise of it");
    show((long)mmap(p + (8 << 12), 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
         "mmap over it");
    struct iovec local = {p + 4096, 10}, remote = {core, 10};
    show(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), "process_vm_readv");
    show(process_vm_writev(getpid(), &local, 1, &remote, 1, 0), "process_vm_writev");
    for (unsigned flags = 0; flags < 64; flags++) {
        int fd = (int)syscall(__NR_memfd_create, "name", flags & 0x1f);
        good(fd, "memfd_create");
        show(fcntl(fd, F_GET_SEALS), "F_GET_SEALS");
        show(fcntl(fd, F_ADD_SEALS, flags & 0x3f), "F_ADD_SEALS %u", flags);
        close(fd);
    }
}

static void check_new(void)
{
    uint64_t buf[64], req[8];
    uint32_t word = 0;

    open("cached", O_CREAT | O_RDWR, 0600);
    int fd = open("cached", O_RDWR);
    show(pwrite(fd, buf, 100, 5000), "pwrite");
    show(syscall(__NR_cachestat, fd, (uint64_t[]){0, 0}, buf, 0), "cachestat");
    printf("  %llu pages\n", (unsigned long long)buf[0]);
    for (uint64_t mode = 0; mode < 4; mode++)
        show(syscall(__NR_fchmodat2, AT_FDCWD, "cached", 0600, mode << 8), "fchmodat2 %llu",
             (unsigned long long)mode);
    for (unsigned size = 0; size < 96; size += 8) {
        memset(req, 0, sizeof req);
        req[0] = size; /* size, spare */
        show(syscall(__NR_statmount, req, buf, sizeof buf, 0), "statmount %u", size);
        show(syscall(__NR_listmount, req, buf, 8, 0) > 0 ? 1 : -1, "listmount");
        memset(buf, 0, sizeof buf);
        show(syscall(__NR_file_getattr, AT_FDCWD, "cached", buf, size, 0), "file_getattr %u", size);
    }
    for (unsigned flags = 0; flags < 16; flags++) {
        show(syscall(__NR_futex_wake, &word, ~0ull, 1, flags), "futex_wake %u", flags);
        show(syscall(__NR_futex_wait, &word, 1, ~0ull, flags, &zero, CLOCK_MONOTONIC), "futex_wait");
        struct futex_waitv v[2] = {{1, (uintptr_t)&word, flags, 0}, {0, (uintptr_t)&word, flags, 0}};
        show(syscall(__NR_futex_waitv, v, 2, 0, &zero, CLOCK_MONOTONIC), "futex_waitv");
        show(syscall(__NR_futex_requeue, v, flags, 1, 1), "futex_requeue");
    }
    show(syscall(__NR_lsm_list_modules, buf, &word, 0) >= 0 ? 0 : -1, "lsm_list_modules");
    show(syscall(__NR_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION), "landlock version");
    for (unsigned bit = 0; bit < 20; bit++) {
        struct landlock_ruleset_attr attr = {.handled_access_fs = 1u << bit};
        good(close((int)syscall(__NR_landlock_create_ruleset, &attr, sizeof attr, 0)),
             "landlock_create_ruleset");
    }
    show(syscall(__NR_kcmp, getpid(), getpid(), 0, 1, 1), "kcmp");
    show(syscall(__NR_map_shadow_stack, 0, 4096, 0) == -1 ? 0 : 1, "no map_shadow_stack");
    int pidfd = (int)syscall(__NR_pidfd_open, getpid(), 0);
    show(syscall(__NR_pidfd_send_signal, pidfd, 0, NULL, 0), "pidfd_send_signal");
    good(syscall(__NR_pidfd_getfd, pidfd, 1, 0), "pidfd_getfd");
    for (int cmd = 0; cmd < 10; cmd++)
        show(syscall(__NR_membarrier, 1 << cmd >> 1, 0, 0), "membarrier %d", cmd);
    for (int cls = 0; cls < 5; cls++)
        show(syscall(__NR_ioprio_set, 1, 0, cls << 13 | 3), "ioprio_set %d", cls),
            show(syscall(__NR_ioprio_get, 1, 0), "ioprio_get");
    for (int option = 1; option < 80; option++) {
        if (option == PR_SET_MM || option == PR_SET_SECCOMP || option == PR_SET_NAME ||
            option == PR_SET_PDEATHSIG)
            continue;
        show(prctl(option, 0, 0, 0, 0) < 0 ? -1 : 0, "prctl %d", option);
    }
}

static void show_file(const char *name, const char *what)
{
    char buf[64] = "";
    int fd = open(name, O_RDONLY);
    ssize_t n = read(fd, buf, sizeof buf - 1);

    show(close(fd) ? -1 : (long)n, "%s: %s", what, buf);
}

/* What /proc/self/stat says of the address space, by the number of the field (proc(5)). */
static struct prctl_mm_map own_map(void)
{
    static char buf[2048];
    unsigned long long v[60] = {0};
    int fd = open("/proc/self/stat", O_RDONLY), field = 3;

    if (read(fd, buf, sizeof buf - 1) > 0)
        for (char *p = strrchr(buf, ')') + 4; *p && field < 59;)
            v[++field] = strtoull(p, &p, 10);
    close(fd);
    return (struct prctl_mm_map){.start_code = v[26],
                                 .end_code = v[27],
                                 .start_stack = v[28],
                                 .start_data = v[45],
                                 .end_data = v[46],
                                 .start_brk = v[47],
                                 .brk = (uintptr_t)sbrk(0),
                                 .arg_start = v[48],
                                 .arg_end = v[49],
                                 .env_start = v[50],
                                 .env_end = v[51],
                                 .exe_fd = (uint32_t)-1};
}

/* As programs change what ps shows of them: one by one, for which they need a capability, or all at once. */
static void check_title(void)
{
    static const char title[] = "another title";
    char name[32], *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned size = 0;
    struct prctl_mm_map map = own_map();

    memcpy(at, title, sizeof title);
    map.arg_start = (uintptr_t)at;
    map.arg_end = map.arg_start + sizeof title;
    show(prctl(PR_SET_MM, PR_SET_MM_ARG_START, at, 0, 0), "PR_SET_MM_ARG_START");
    show(prctl(PR_SET_MM, PR_SET_MM_ARG_END, at + sizeof title, 0, 0), "PR_SET_MM_ARG_END");
    show(prctl(PR_SET_MM, PR_SET_MM_ARG_START, at + 100, 0, 0), "PR_SET_MM_ARG_START behind the end");
    show(prctl(PR_SET_MM, PR_SET_MM_ENV_START, 1, 0, 0), "PR_SET_MM_ENV_START without memory");
    prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0, 0);
    show(size, "PR_SET_MM_MAP_SIZE");
    show(prctl(PR_SET_MM, PR_SET_MM_MAP, at, 8, 0), "PR_SET_MM_MAP, too short");
    show(prctl(PR_SET_MM, 77, 0, 0, 0), "PR_SET_MM of nothing");
    show(prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0), "PR_SET_MM_MAP");
    show_file("/proc/self/cmdline", "own");
    fflush(stdout);
    if (fork() == 0) {
        snprintf(name, sizeof name, "/proc/%d/cmdline", getppid());
        show_file(name, "parent's");
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    check_signals();
    check_wait();
    check_timers();
    check_limits();
    check_messages();
    check_sockets();
    check_terminal();
    check_aio();
    check_mq();
    check_memory();
    check_new();
    check_title();
    return 0;
}
