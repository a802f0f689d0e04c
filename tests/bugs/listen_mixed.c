/* SPDX-License-Identifier: MIT */
/*
 * A listener of seccomp in another process, which need not be one of xrun (listen_mixed.py).  A response to a native program that
 * the call shall go on was a number that this got as the result, and a native listener's to a guest gave it xrun's process number.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SOCKET 0

static char control[CMSG_SPACE(sizeof(int))], byte;
static struct iovec part = {&byte, 1};
static struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};

static int target(void)
{
    struct sock_filter f[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_dup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog p = {sizeof f / sizeof *f, f};

    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    int fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &p);
    struct cmsghdr *h = CMSG_FIRSTHDR(&message);
    *h = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof fd)};
    memcpy(CMSG_DATA(h), &fd, sizeof fd);
    sendmsg(SOCKET, &message, 0);
    int copy = dup(1); /* goes on */
    printf("a copy: %d\n", copy > 1 && fcntl(copy, F_GETFD) == 0);
    printf("answered: %d\n", dup(1));
    return 0;
}

static int listen_to(void)
{
    int fd = -1;

    recvmsg(SOCKET, &message, 0);
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    for (int i = 0; i < 2; i++) {
        struct seccomp_notif n = {0};
        struct seccomp_notif_resp r = {.val = 777};
        ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &n);
        if (i == 0)
            r = (struct seccomp_notif_resp){.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        r.id = n.id;
        printf("told: %d\n", (int)n.data.args[0]);
        ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &r);
    }
    return 0;
}

int main(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "listen") == 0 ? listen_to() : target();
}
