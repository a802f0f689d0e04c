/* SPDX-License-Identifier: MIT */
/* exec under a filter and a small limit on the size of files, as of a sandbox: the filter is still there. */
#include "../guest/c/t.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sock_filter insn[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                                 BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
                                 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EXDEV),
                                 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    if (argc > 1) {
        show(argv[1], syscall(SYS_getppid));
        return 5;
    }
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){8, 8});
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    show("filter", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &(struct sock_fprog){4, insn}));
    fflush(stdout);
    execl("/proc/self/exe", "self", "exec", (char *)NULL);
    return 1;
}
