/* SPDX-License-Identifier: MIT */
/*
 * The sets of names.  The numbers are the host's, and so the guest's: tests/abi/same.c compares those that matter
 * (flags of open, which differ, are printed by strace_args.c).
 */
#include "syscall/strace_names.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/memfd.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define N(x)                                                                                                 \
    {                                                                                                        \
        (uint64_t)(x), #x                                                                                    \
    }
#define ALL 0xffffffff
#define END                                                                                                  \
    {                                                                                                        \
        0, NULL                                                                                              \
    }

/* clang-format off */
static const struct name mmap_names[] = {
    N(MAP_SHARED), N(MAP_PRIVATE), N(MAP_SHARED_VALIDATE), N(MAP_FIXED), N(MAP_ANONYMOUS), N(MAP_GROWSDOWN), N(MAP_DENYWRITE),
    N(MAP_EXECUTABLE), N(MAP_LOCKED), N(MAP_NORESERVE), N(MAP_POPULATE), N(MAP_NONBLOCK), N(MAP_STACK), N(MAP_HUGETLB), N(MAP_SYNC),
    N(MAP_FIXED_NOREPLACE), END};
static const struct name mremap_names[] = {N(MREMAP_MAYMOVE), N(MREMAP_FIXED), {4, "MREMAP_DONTUNMAP"}, END};
static const struct name msync_names[] = {N(MS_ASYNC), N(MS_INVALIDATE), N(MS_SYNC), END};
static const struct name madvise_names[] = {
    N(MADV_NORMAL), N(MADV_RANDOM), N(MADV_SEQUENTIAL), N(MADV_WILLNEED), N(MADV_DONTNEED), N(MADV_FREE), N(MADV_REMOVE),
    N(MADV_DONTFORK), N(MADV_DOFORK), N(MADV_MERGEABLE), N(MADV_UNMERGEABLE), N(MADV_HUGEPAGE), N(MADV_NOHUGEPAGE), N(MADV_DONTDUMP),
    N(MADV_DODUMP), N(MADV_WIPEONFORK), N(MADV_KEEPONFORK), N(MADV_COLD), N(MADV_PAGEOUT), N(MADV_POPULATE_READ),
    N(MADV_POPULATE_WRITE), END};
static const struct name memfd_names[] = {N(MFD_CLOEXEC), N(MFD_ALLOW_SEALING), N(MFD_HUGETLB), END};
static const struct name clone_names[] = {
    N(SIGCHLD), N(CLONE_VM), N(CLONE_FS), N(CLONE_FILES), N(CLONE_SIGHAND), N(CLONE_PIDFD), N(CLONE_PTRACE), N(CLONE_VFORK),
    N(CLONE_PARENT), N(CLONE_THREAD), N(CLONE_NEWNS), N(CLONE_SYSVSEM), N(CLONE_SETTLS), N(CLONE_PARENT_SETTID), N(CLONE_CHILD_CLEARTID),
    N(CLONE_DETACHED), N(CLONE_UNTRACED), N(CLONE_CHILD_SETTID), N(CLONE_NEWCGROUP), N(CLONE_NEWUTS), N(CLONE_NEWIPC), N(CLONE_NEWUSER),
    N(CLONE_NEWPID), N(CLONE_NEWNET), N(CLONE_IO), END};
static const struct name fd_names[] = {N(O_CLOEXEC), N(O_NONBLOCK), END};
static const struct name epoll_names[] = {N(EPOLL_CTL_ADD), N(EPOLL_CTL_DEL), N(EPOLL_CTL_MOD), END};
static const struct name fcntl_names[] = {
    N(F_DUPFD), N(F_GETFD), N(F_SETFD), N(F_GETFL), N(F_SETFL), N(F_GETLK), N(F_SETLK), N(F_SETLKW), N(F_SETOWN), N(F_GETOWN),
    N(F_SETSIG), N(F_GETSIG), N(F_SETOWN_EX), N(F_GETOWN_EX), N(F_OFD_GETLK), N(F_OFD_SETLK), N(F_OFD_SETLKW), N(F_SETLEASE),
    N(F_GETLEASE), N(F_NOTIFY), N(F_DUPFD_CLOEXEC), N(F_SETPIPE_SZ), N(F_GETPIPE_SZ), N(F_ADD_SEALS), N(F_GET_SEALS), END};
static const struct name ioctl_names[] = {
    N(TCGETS), N(TCSETS), N(TCSETSW), N(TCSETSF), N(TCSBRK), N(TCXONC), N(TCFLSH), N(TIOCSCTTY), N(TIOCGPGRP), N(TIOCSPGRP), N(TIOCOUTQ),
    N(TIOCSTI), N(TIOCGWINSZ), N(TIOCSWINSZ), N(FIONREAD), N(FIONBIO), N(TIOCNOTTY), N(TIOCGSID), N(TIOCGPTN), N(TIOCSPTLCK),
    N(TIOCGPTPEER), N(FIOCLEX), N(FIONCLEX), N(FIOASYNC), N(SIOCGIFCONF), N(SIOCGIFFLAGS), N(SIOCGIFINDEX), N(SIOCGIFADDR),
    {0x40049409, "FICLONE"}, {0x80086601, "FS_IOC_GETFLAGS"}, END};
static const struct name flock_names[] = {N(LOCK_SH), N(LOCK_EX), N(LOCK_NB), N(LOCK_UN), END};
static const struct name whence_names[] = {N(SEEK_SET), N(SEEK_CUR), N(SEEK_END), N(SEEK_DATA), N(SEEK_HOLE), END};
static const struct name access_names[] = {N(F_OK), N(R_OK), N(W_OK), N(X_OK), END};
static const struct name futex_names[] = {
    N(FUTEX_WAIT), N(FUTEX_WAKE), N(FUTEX_REQUEUE), N(FUTEX_CMP_REQUEUE), N(FUTEX_WAKE_OP), N(FUTEX_LOCK_PI), N(FUTEX_UNLOCK_PI),
    N(FUTEX_TRYLOCK_PI), N(FUTEX_WAIT_BITSET), N(FUTEX_WAKE_BITSET), N(FUTEX_WAIT_REQUEUE_PI), N(FUTEX_CMP_REQUEUE_PI),
    N(FUTEX_LOCK_PI2), N(FUTEX_PRIVATE_FLAG), N(FUTEX_CLOCK_REALTIME), END};
static const struct name clock_names[] = {
    N(CLOCK_REALTIME), N(CLOCK_MONOTONIC), N(CLOCK_PROCESS_CPUTIME_ID), N(CLOCK_THREAD_CPUTIME_ID), N(CLOCK_MONOTONIC_RAW),
    N(CLOCK_REALTIME_COARSE), N(CLOCK_MONOTONIC_COARSE), N(CLOCK_BOOTTIME), N(CLOCK_REALTIME_ALARM), N(CLOCK_BOOTTIME_ALARM),
    N(CLOCK_TAI), END};
static const struct name itimer_names[] = {{0, "ITIMER_REAL"}, {1, "ITIMER_VIRTUAL"}, {2, "ITIMER_PROF"}, END};
static const struct name wait_names[] = {
    N(WNOHANG), N(WUNTRACED), N(WEXITED), N(WCONTINUED), N(WNOWAIT), {0x20000000, "__WNOTHREAD"}, {0x40000000, "__WALL"},
    {0x80000000, "__WCLONE"}, END};
static const struct name idtype_names[] = {{0, "P_ALL"}, {1, "P_PID"}, {2, "P_PGID"}, {3, "P_PIDFD"}, END};
static const struct name sighow_names[] = {N(SIG_BLOCK), N(SIG_UNBLOCK), N(SIG_SETMASK), END};
static const struct name rlimit_names[] = {
    {0, "RLIMIT_CPU"}, {1, "RLIMIT_FSIZE"}, {2, "RLIMIT_DATA"}, {3, "RLIMIT_STACK"}, {4, "RLIMIT_CORE"}, {5, "RLIMIT_RSS"},
    {6, "RLIMIT_NPROC"}, {7, "RLIMIT_NOFILE"}, {8, "RLIMIT_MEMLOCK"}, {9, "RLIMIT_AS"}, {10, "RLIMIT_LOCKS"}, {11, "RLIMIT_SIGPENDING"},
    {12, "RLIMIT_MSGQUEUE"}, {13, "RLIMIT_NICE"}, {14, "RLIMIT_RTPRIO"}, {15, "RLIMIT_RTTIME"}, END};
static const struct name prctl_names[] = {
    N(PR_SET_PDEATHSIG), N(PR_GET_PDEATHSIG), N(PR_GET_DUMPABLE), N(PR_SET_DUMPABLE), N(PR_GET_KEEPCAPS), N(PR_SET_KEEPCAPS),
    N(PR_SET_NAME), N(PR_GET_NAME), N(PR_GET_SECCOMP), N(PR_SET_SECCOMP), N(PR_CAPBSET_READ), N(PR_CAPBSET_DROP), N(PR_GET_TSC),
    N(PR_SET_TSC), N(PR_GET_SECUREBITS), N(PR_SET_SECUREBITS), N(PR_SET_TIMERSLACK), N(PR_GET_TIMERSLACK), N(PR_SET_MM),
    N(PR_SET_CHILD_SUBREAPER), N(PR_GET_CHILD_SUBREAPER), N(PR_SET_NO_NEW_PRIVS), N(PR_GET_NO_NEW_PRIVS), N(PR_GET_TID_ADDRESS),
    N(PR_SET_THP_DISABLE), N(PR_GET_THP_DISABLE), N(PR_CAP_AMBIENT), N(PR_SVE_SET_VL), N(PR_SVE_GET_VL), N(PR_SET_SPECULATION_CTRL),
    N(PR_PAC_RESET_KEYS), N(PR_SET_TAGGED_ADDR_CTRL), N(PR_GET_TAGGED_ADDR_CTRL), N(PR_SET_VMA), END};
static const struct name family_names[] = {N(AF_UNSPEC), N(AF_UNIX), N(AF_INET), N(AF_INET6), N(AF_NETLINK), N(AF_PACKET), N(AF_VSOCK), END};
static const struct name socket_names[] = {
    {1, "SOCK_STREAM"}, {2, "SOCK_DGRAM"}, {3, "SOCK_RAW"}, {4, "SOCK_RDM"}, {5, "SOCK_SEQPACKET"}, N(SOCK_CLOEXEC), N(SOCK_NONBLOCK),
    END};
static const struct name level_names[] = {N(SOL_SOCKET), {0, "SOL_IP"}, {6, "SOL_TCP"}, {41, "SOL_IPV6"}, END};
static const struct name msg_names[] = {
    N(MSG_OOB), N(MSG_PEEK), N(MSG_DONTROUTE), N(MSG_CTRUNC), N(MSG_TRUNC), N(MSG_DONTWAIT), N(MSG_EOR), N(MSG_WAITALL), N(MSG_CONFIRM),
    N(MSG_ERRQUEUE), N(MSG_NOSIGNAL), N(MSG_MORE), N(MSG_WAITFORONE), N(MSG_FASTOPEN), N(MSG_CMSG_CLOEXEC), END};
static const struct name mount_names[] = {
    {0xc0ed0000, "MS_MGC_VAL"}, N(MS_RDONLY), N(MS_NOSUID), N(MS_NODEV), N(MS_NOEXEC), N(MS_SYNCHRONOUS), N(MS_REMOUNT), N(MS_NOATIME), N(MS_NODIRATIME), N(MS_BIND),
    N(MS_MOVE), N(MS_REC), N(MS_SILENT), N(MS_UNBINDABLE), N(MS_PRIVATE), N(MS_SLAVE), N(MS_SHARED), N(MS_RELATIME), N(MS_STRICTATIME),
    N(MS_LAZYTIME), END};
static const struct name seccomp_names[] = {
    N(SECCOMP_SET_MODE_STRICT), N(SECCOMP_SET_MODE_FILTER), N(SECCOMP_GET_ACTION_AVAIL), N(SECCOMP_GET_NOTIF_SIZES), END};
static const struct name pollevent_names[] = {N(POLLIN), N(POLLPRI), N(POLLOUT), N(POLLERR), N(POLLHUP), N(POLLNVAL), N(POLLRDHUP), END};
static const struct name sigaction_names[] = {
    N(SA_NOCLDSTOP), N(SA_NOCLDWAIT), N(SA_SIGINFO), {0x04000000, "SA_RESTORER"}, N(SA_ONSTACK), N(SA_RESTART), N(SA_NODEFER),
    {SA_RESETHAND, "SA_RESETHAND"}, END};

static const struct name code_names[] = {
    N(SI_USER), N(SI_KERNEL), {(uint32_t)SI_QUEUE, "SI_QUEUE"}, {(uint32_t)SI_TIMER, "SI_TIMER"}, {(uint32_t)SI_MESGQ, "SI_MESGQ"},
    {(uint32_t)SI_ASYNCIO, "SI_ASYNCIO"}, {(uint32_t)SI_SIGIO, "SI_SIGIO"}, {(uint32_t)SI_TKILL, "SI_TKILL"}, END};
static const struct name segv_names[] = {
    N(SEGV_MAPERR), N(SEGV_ACCERR), N(SEGV_BNDERR), N(SEGV_PKUERR), N(SEGV_MTEAERR), N(SEGV_MTESERR), END};
static const struct name bus_names[] = {N(BUS_ADRALN), N(BUS_ADRERR), N(BUS_OBJERR), N(BUS_MCEERR_AR), N(BUS_MCEERR_AO), END};
static const struct name ill_names[] = {
    N(ILL_ILLOPC), N(ILL_ILLOPN), N(ILL_ILLADR), N(ILL_ILLTRP), N(ILL_PRVOPC), N(ILL_PRVREG), N(ILL_COPROC), N(ILL_BADSTK), END};
static const struct name fpe_names[] = {
    N(FPE_INTDIV), N(FPE_INTOVF), N(FPE_FLTDIV), N(FPE_FLTOVF), N(FPE_FLTUND), N(FPE_FLTRES), N(FPE_FLTINV), N(FPE_FLTSUB), END};
static const struct name trap_names[] = {N(TRAP_BRKPT), N(TRAP_TRACE), N(TRAP_BRANCH), N(TRAP_HWBKPT), END};
static const struct name cld_names[] = {
    N(CLD_EXITED), N(CLD_KILLED), N(CLD_DUMPED), N(CLD_TRAPPED), N(CLD_STOPPED), N(CLD_CONTINUED), END};

static const struct name_set sets[] = {
    {"mmap", 0xf, mmap_names}, {"mremap", 0, mremap_names}, {"msync", 0, msync_names}, {"madvise", ALL, madvise_names},
    {"memfd", 0, memfd_names}, {"clone", 0xff, clone_names}, {"fd", 0, fd_names}, {"epoll", ALL, epoll_names},
    {"fcntl", ALL, fcntl_names}, {"ioctl", ALL, ioctl_names}, {"flock", 0, flock_names}, {"whence", ALL, whence_names},
    {"access", 0, access_names}, {"futex", 0x7f, futex_names}, {"clock", ALL, clock_names}, {"itimer", ALL, itimer_names},
    {"wait", 0, wait_names}, {"idtype", ALL, idtype_names}, {"sighow", ALL, sighow_names}, {"rlimit", ALL, rlimit_names},
    {"prctl", ALL, prctl_names}, {"family", ALL, family_names}, {"socket", 0xf, socket_names}, {"level", ALL, level_names},
    {"msg", 0, msg_names}, {"mount", 0, mount_names}, {"seccomp", ALL, seccomp_names}, {"pollevent", 0, pollevent_names}, {"saflags", 0, sigaction_names},
    {"sicode", ALL, code_names}, {"segvcode", ALL, segv_names}, {"buscode", ALL, bus_names}, {"illcode", ALL, ill_names},
    {"fpecode", ALL, fpe_names}, {"trapcode", ALL, trap_names}, {"cldcode", ALL, cld_names},
};
/* clang-format on */

const struct name_set *names_find(const char *detail, size_t n)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (strlen(sets[i].detail) == n && memcmp(sets[i].detail, detail, n) == 0)
            return &sets[i];
    return NULL;
}

/* The enumerated part; false: it is nothing beside flags. */
static bool print_enum(struct text *m, const struct name_set *set, uint64_t part)
{
    for (const struct name *n = set->names; n->name; n++)
        if (n->value == part) {
            text_str(m, n->name);
            return true;
        }
    if (part == 0 && set->enum_mask != ALL)
        return false;
    if (part > 0xffff)
        text_hex(m, part);
    else
        text_udec(m, part);
    return true;
}

void names_print(struct text *m, const struct name_set *set, uint64_t v)
{
    bool any = false;

    v &= ALL;
    if (set->enum_mask)
        any = print_enum(m, set, v & set->enum_mask);
    v &= ~set->enum_mask;
    for (const struct name *n = set->names; n->name; n++) {
        if ((n->value & set->enum_mask) || (v & n->value) != n->value || (n->value == 0 && (any || v)))
            continue;
        text_str(m, any ? "|" : "");
        text_str(m, n->name);
        v &= ~n->value;
        any = true;
    }
    if (v || !any) {
        text_str(m, any ? "|" : "");
        if (v)
            text_hex(m, v);
        else
            text_char(m, '0');
    }
}
