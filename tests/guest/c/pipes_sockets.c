/* SPDX-License-Identifier: MIT */
/* Pipes, socket pairs, passed descriptors, TCP, UDP and UNIX sockets, options, sendfile and splice. */
#include "t.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static void *server(void *arg)
{
    int fd = accept4(*(int *)arg, NULL, NULL, SOCK_CLOEXEC);
    char buf[4096];
    long total = 0;
    for (ssize_t n; (n = recv(fd, buf, sizeof buf, 0)) > 0; total += n)
        ;
    dprintf(fd, "got %ld", total);
    close(fd);
    return NULL;
}

static void pass_descriptor(int to, int fd)
{
    char byte = 'f', control[CMSG_SPACE(sizeof(int))];
    struct iovec iov = {&byte, 1};
    struct msghdr m = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    show("sendmsg", sendmsg(to, &m, 0));
}

static int take_descriptor(int from)
{
    char byte, control[CMSG_SPACE(sizeof(int))];
    struct iovec iov = {&byte, 1};
    struct msghdr m = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    int fd;
    show("recvmsg", recvmsg(from, &m, MSG_CMSG_CLOEXEC));
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
    printf("%c %d\n", byte, fcntl(fd, F_GETFD));
    return fd;
}

int main(void)
{
    int p[2], s[2], n;
    char buf[200] = {0};
    pipe2(p, O_NONBLOCK | O_CLOEXEC);
    show("empty pipe", read(p[0], buf, 10));
    show("write", write(p[1], "hello pipe", 10));
    ioctl(p[0], FIONREAD, &n);
    printf("%d %x\n", n, fcntl(p[0], F_GETFL) & (O_NONBLOCK | O_ACCMODE));
    long filled = 0;
    for (ssize_t k; (k = write(p[1], buf, sizeof buf)) > 0; filled += k)
        ;
    printf("%ld %s\n", filled, strerrorname_np(errno));
    struct iovec v[3] = {{buf, 5}, {buf + 10, 5}, {buf + 20, 3}};
    show("readv", readv(p[0], v, 3));
    printf("%s %s\n", buf, buf + 10);
    printf("%d\n", fcntl(p[0], F_SETPIPE_SZ, 1 << 17));
    show("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    pass_descriptor(s[0], p[1]);
    n = take_descriptor(s[1]);
    close(n);
    v[0].iov_len = 6, memcpy(buf, "vector", 6), memcpy(buf + 10, "write", 5);
    show("writev", writev(s[0], v, 2));
    memset(buf, 0, sizeof buf);
    show("recv", recv(s[1], buf, sizeof buf, MSG_PEEK));
    show("recv", recv(s[1], buf, 6, 0));
    show("shutdown", shutdown(s[0], SHUT_WR));
    show("recv", recv(s[1], buf + 6, 100, 0));
    puts(buf);
    show("end", recv(s[1], buf, 100, 0));
    int l = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    show("setsockopt", setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
    show("bind", bind(l, (void *)&a, sizeof a));
    show("listen", listen(l, 5));
    getsockname(l, (void *)&a, &len);
    printf("%d %s\n", a.sin_port != 0, inet_ntoa(a.sin_addr));
    pthread_t t;
    pthread_create(&t, NULL, server, &l);
    int c = socket(AF_INET, SOCK_STREAM, 0);
    show("connect", connect(c, (void *)&a, sizeof a));
    show("nodelay", setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
    struct timeval tv = {5, 0};
    show("rcvtimeo", setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv));
    tv.tv_sec = 0, len = sizeof tv;
    getsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &tv, &len);
    printf("%ld\n", (long)tv.tv_sec);
    FILE *f = tmpfile();
    for (int i = 0; i < 1000; i++)
        fprintf(f, "line %d\n", i);
    fflush(f);
    off_t off = 100;
    show("sendfile", sendfile(c, fileno(f), &off, 5000));
    printf("%ld\n", (long)off);
    shutdown(c, SHUT_WR);
    memset(buf, 0, sizeof buf);
    recv(c, buf, sizeof buf, MSG_WAITALL);
    puts(buf);
    pthread_join(t, NULL);
    int u = socket(AF_INET, SOCK_DGRAM, 0), w = socket(AF_INET, SOCK_DGRAM, 0);
    a.sin_port = 0, len = sizeof a;
    bind(u, (void *)&a, sizeof a), getsockname(u, (void *)&a, &len);
    show("sendto", sendto(w, "datagram", 9, 0, (void *)&a, sizeof a));
    struct mmsghdr mm[2] = {{.msg_hdr = {.msg_iov = v, .msg_iovlen = 1}},
                            {.msg_hdr = {.msg_iov = v + 1, .msg_iovlen = 1}}};
    v[0] = v[1] = (struct iovec){buf, 20};
    show("recvmmsg", recvmmsg(u, mm, 2, MSG_DONTWAIT, NULL));
    printf("%u %s\n", mm[0].msg_len, buf);
    show("refused",
         connect(socket(AF_INET, SOCK_STREAM, 0),
                 (void *)&(struct sockaddr_in){
                     .sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
                 sizeof a));
    struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int x = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    show("bind", bind(x, (void *)&un, sizeof un)), show("again", bind(x, (void *)&un, sizeof un));
    show("family", socket(250, SOCK_STREAM, 0));
    pipe(p);
    show("splice", splice(fileno(f), &(loff_t){0}, p[1], NULL, 6, 0));
    show("tee", (n = dup(p[0])) < 0 ? -1 : 0);
    show("close of a closed one", close(999));
    return 0;
}
