/* SPDX-License-Identifier: MIT */
/*
 * What /proc/PID/fdinfo says of open's flags is in the machine's own numbers: of this process, of another, and of one
 * whose file has more to say than flags.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

static void print(int fd)
{
    static char buf[1 << 16];
    size_t n = 0;
    ssize_t r;
    while ((r = read(fd, buf + n, sizeof buf - 1 - n)) > 0)
        n += (size_t)r;
    buf[n] = 0;
    char *flags = strstr(buf, "flags:\t");
    if (!flags) {
        printf("no flags\n");
        return;
    }
    unsigned long v = strtoul(flags + 7, NULL, 8);
    int targets = 0;
    for (char *p = buf; (p = strstr(p, "tfd:")); p++)
        targets++;
    printf("%c%c directory %d nofollow %d direct %d path %d cloexec %d append %d access %lu, pos %d mnt_id "
           "%d, %d targets\n",
           flags[7], flags[8] ? '.' : '-', !!(v & O_DIRECTORY), !!(v & O_NOFOLLOW), !!(v & O_DIRECT),
           !!(v & O_PATH), !!(v & O_CLOEXEC), !!(v & O_APPEND), v & O_ACCMODE, !strncmp(buf, "pos:\t0\n", 7),
           !!strstr(buf, "mnt_id:"), targets);
}

static void info(pid_t pid, int fd)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)pid, fd);
    int info = open(path, O_RDONLY);
    print(info);
    close(info);
}

int main(void)
{
    int pipes[2], epoll = epoll_create1(0);
    int fds[] = {open(".", O_DIRECTORY), open("/proc/self/exe", O_NOFOLLOW | O_PATH),
                 open("/dev/null", O_WRONLY | O_APPEND | O_CLOEXEC), open("/dev/zero", O_NOFOLLOW)};
    pipe2(pipes, O_DIRECT);
    for (int i = 0; i < 4; i++)
        info(getpid(), fds[i]);
    info(getpid(), pipes[0]);
    for (int i = 0; i < 500; i++) {
        struct epoll_event e = {.events = EPOLLIN};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fcntl(pipes[0], F_DUPFD, 100), &e);
    }
    info(getpid(), epoll);
    pid_t parent = getpid();
    fflush(stdout);
    if (fork() == 0) {
        info(parent, fds[0]);
        fflush(stdout);
        _exit(0);
    }
    /* Relative to a folder of /proc. */
    char name[16];
    int dir = open("/proc/self/fdinfo", O_DIRECTORY | O_PATH),
        self = open("/proc/self", O_DIRECTORY | O_PATH);
    snprintf(name, sizeof name, "%d", fds[0]);
    wait(NULL);
    print(openat(dir, name, O_RDONLY));
    snprintf(name, sizeof name, "fdinfo/%d", pipes[0]);
    print(openat(self, name, O_RDONLY));
    show("missing", openat(dir, "99999", O_RDONLY));
    show("folder", openat(dir, name, O_RDONLY | O_DIRECTORY));
    /* A file whose name is a number. */
    close(open("17", O_CREAT | O_WRONLY, 0600));
    good("17", open("17", O_RDONLY));
    unlink("17");
    return 0;
}
