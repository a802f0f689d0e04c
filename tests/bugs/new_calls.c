/* SPDX-License-Identifier: MIT */
/* Newer system calls, which emulators tend to lack: the answer must be the kernel's own. */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

int main(void)
{
    int ep = epoll_create1(0), ev = eventfd(1, 0);
    struct epoll_event e = {EPOLLIN, {.u64 = 0xabcdef0123456789}}, out;
    epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e);
    show("epoll_pwait2", syscall(SYS_epoll_pwait2, ep, &out, 1, &(struct timespec){1, 0}, NULL, 8));
    printf("%lx\n", out.data.u64);
    good("landlock", syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION));
    char params[120] = {0};
    good("memfd_secret", syscall(SYS_memfd_secret, 0));
    good("pidfd_getfd", syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, getpid(), 0), ev, 0));
    good("faccessat2", syscall(SYS_faccessat2, AT_FDCWD, "/tmp", R_OK, AT_EACCESS));
    good("openat2", syscall(SYS_openat2, AT_FDCWD, "/", &(uint64_t[3]){O_RDONLY | O_DIRECTORY, 0, 0}, 24));
    show("openat2", syscall(SYS_openat2, AT_FDCWD, "/", &(uint64_t[3]){1ull << 50, 0, 0}, 24));
    good("close_range", syscall(SYS_close_range, 500, 600, 0));
    good("membarrier", syscall(SYS_membarrier, 16, 0, 0));
    good("membarrier", syscall(SYS_membarrier, 8, 0, 0));
    good("userfaultfd", syscall(SYS_userfaultfd, 1));
    uint32_t word = 5;
    struct {
        uint64_t val, addr;
        uint32_t flags, reserved;
    } w = {6, (uint64_t)(uintptr_t)&word, 2, 0};
    show("futex_waitv", syscall(SYS_futex_waitv, &w, 1, 0, NULL, 0));
    good("process_madvise",
         syscall(SYS_process_madvise, -1, NULL, 0, 0, 0) == -1 && errno != ENOSYS ? 0 : -1);
    good("name_to_handle_at", syscall(SYS_name_to_handle_at, AT_FDCWD, "/", (char[128]){64}, &(int){0}, 0));
    good("unshare", unshare(CLONE_NEWUSER));
    good("unshare", unshare(CLONE_FILES | CLONE_FS));
    good("process_vm_readv", syscall(SYS_process_vm_readv, getpid(), (uint64_t[2]){(uintptr_t)params, 8}, 1,
                                     (uint64_t[2]){(uintptr_t)&e, 8}, 1, 0));
    good("mlock2", syscall(SYS_mlock2, params, 1, 1));
    good("statx", syscall(SYS_statx, AT_FDCWD, "/", 0, 0xfff, (char[256]){0}));
    good("copy_file_range", syscall(SYS_copy_file_range, -1, NULL, -1, NULL, 0, 0));
    good("sched_getattr", syscall(SYS_sched_getattr, 0, params, 56, 0));
    good("kcmp", syscall(SYS_kcmp, getpid(), getpid(), 0, 1, 1));
    good("getcpu", syscall(SYS_getcpu, params, NULL, NULL));
    good("rseq unregister", syscall(SYS_rseq, NULL, 0, 1, 0) == -1 ? 0 : 1);
    int fd[2];
    show("pipe2", syscall(SYS_pipe2, fd, O_CLOEXEC | 1 << 30));
    good("pipe of packets", syscall(SYS_pipe2, fd, O_CLOEXEC | O_DIRECT));
    good("renameat2", syscall(SYS_renameat2, AT_FDCWD, "none", AT_FDCWD, "other", 2));
    struct {
        uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
            set_tid_size, cgroup;
    } c = {.flags = CLONE_PIDFD | 1ull << 32 /* CLONE_CLEAR_SIGHAND */, .exit_signal = 17};
    int pidfd = -1;
    c.pidfd = (uint64_t)(uintptr_t)&pidfd;
    long p = syscall(SYS_clone3, &c, sizeof c);
    if (p == 0)
        _exit(31);
    siginfo_t info = {0};
    printf("clone3 %d", p > 0 && pidfd > 0);
    printf(" %d", waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED));
    printf(" %d\n", info.si_status);
    c.flags = CLONE_SIGHAND;
    show("clone3", syscall(SYS_clone3, &c, sizeof c)), show("clone3", syscall(SYS_clone3, &c, 8)),
        show("clone3", syscall(SYS_clone3, 8, 88));
    return 0;
}
