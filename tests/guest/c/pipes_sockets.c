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

static void pipe_calls(const int p[2])
{
    int n;
    char buf[200] = {0};
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
}

static void socket_pair(int passed)
{
    int s[2];
    show("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    pass_descriptor(s[0], passed);
    close(take_descriptor(s[1]));
    show("writev", writev(s[0], (struct iovec[]){{"vector", 6}, {"write", 5}}, 2));
    char buf[200] = {0};
    show("recv", recv(s[1], buf, sizeof buf, MSG_PEEK));
    show("recv", recv(s[1], buf, 6, 0));
    show("shutdown", shutdown(s[0], SHUT_WR));
    show("recv", recv(s[1], buf + 6, 100, 0));
    puts(buf);
    show("end", recv(s[1], buf, 100, 0));
}

/* Returns a socket that listens at *A. */
static int listener(struct sockaddr_in *a)
{
    int l = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    *a = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof *a;
    show("setsockopt", setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
    show("bind", bind(l, (void *)a, sizeof *a));
    show("listen", listen(l, 5));
    getsockname(l, (void *)a, &len);
    printf("%d %s\n", a->sin_port != 0, inet_ntoa(a->sin_addr));
    return l;
}

static void tcp_options(int c)
{
    int one = 1;
    show("nodelay", setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
    struct timeval tv = {5, 0};
    show("rcvtimeo", setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv));
    tv.tv_sec = 0;
    socklen_t len = sizeof tv;
    getsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &tv, &len);
    printf("%ld\n", (long)tv.tv_sec);
}

static void tcp(int file)
{
    struct sockaddr_in a;
    int l = listener(&a), c = socket(AF_INET, SOCK_STREAM, 0);
    pthread_t t;
    pthread_create(&t, NULL, server, &l);
    show("connect", connect(c, (void *)&a, sizeof a));
    tcp_options(c);
    off_t off = 100;
    show("sendfile", sendfile(c, file, &off, 5000));
    printf("%ld\n", (long)off);
    shutdown(c, SHUT_WR);
    char buf[200] = {0};
    recv(c, buf, sizeof buf, MSG_WAITALL);
    puts(buf);
    pthread_join(t, NULL);
}

static void udp(void)
{
    int to = socket(AF_INET, SOCK_DGRAM, 0), from = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    bind(to, (void *)&a, sizeof a), getsockname(to, (void *)&a, &len);
    show("sendto", sendto(from, "datagram", 9, 0, (void *)&a, sizeof a));
    char buf[20];
    struct iovec v[2] = {{buf, sizeof buf}, {buf, sizeof buf}};
    struct mmsghdr mm[2] = {{.msg_hdr = {.msg_iov = v, .msg_iovlen = 1}},
                            {.msg_hdr = {.msg_iov = v + 1, .msg_iovlen = 1}}};
    show("recvmmsg", recvmmsg(to, mm, 2, MSG_DONTWAIT, NULL));
    printf("%u %s\n", mm[0].msg_len, buf);
}

static void socket_errors(void)
{
    struct sockaddr_in nobody = {
        .sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    show("refused", connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&nobody, sizeof nobody));
    struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int x = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    show("bind", bind(x, (void *)&un, sizeof un)), show("again", bind(x, (void *)&un, sizeof un));
    show("family", socket(250, SOCK_STREAM, 0));
}

static void spliced(int file)
{
    int p[2];
    pipe(p);
    show("splice", splice(file, &(loff_t){0}, p[1], NULL, 6, 0));
    show("tee", dup(p[0]) < 0 ? -1 : 0);
    show("close of a closed one", close(999));
}

int main(void)
{
    int p[2];
    pipe2(p, O_NONBLOCK | O_CLOEXEC);
    pipe_calls(p);
    socket_pair(p[1]);
    FILE *f = tmpfile();
    for (int i = 0; i < 1000; i++)
        fprintf(f, "line %d\n", i);
    fflush(f);
    tcp(fileno(f));
    udp();
    socket_errors();
    spliced(fileno(f));
    return 0;
}
