/* SPDX-License-Identifier: MIT */
/*
 * What /proc says of another process, and of single threads: of a child that runs the same program, of one that was
 * renamed, through its PID and from its own threads.
 */
#include "t.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

extern char etext, __executable_start;
static char self[4096];
static int marker = 1234567;

static long slurp(const char *path, char *buf, size_t n)
{
    int fd = open(path, O_RDONLY);
    long r = 0, got = 0;
    while (fd >= 0 && (r = read(fd, buf + got, n - 1 - (size_t)got)) > 0)
        got += r;
    close(fd);
    buf[got] = 0;
    return fd < 0 || r < 0 ? -1 : got;
}

static void about(const char *who, int pid)
{
    char path[64], buf[65536], link[4096] = {0};
    struct stat a, b;
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    long n = readlink(path, link, sizeof link - 1);
    printf("%s: exe %d, as long %d\n", who, !strcmp(link, self), n == (long)strlen(self));
    show(" stat", stat(path, &a)), stat(self, &b);
    printf(" same file %d\n", a.st_ino == b.st_ino && a.st_dev == b.st_dev);
    int fd = open(path, O_RDONLY);
    Elf64_Ehdr h = {0};
    printf(" header %d\n", read(fd, &h, sizeof h) == sizeof h && h.e_phnum > 0 && h.e_entry != 0 &&
                               fstat(fd, &a) == 0 && a.st_ino == b.st_ino);
    close(fd);
    snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
    n = slurp(path, buf, sizeof buf);
    for (long i = 0; i + 1 < n; i++)
        if (!buf[i])
            buf[i] = '|';
    printf(" cmdline %s\n", strchr(buf, '|') ? strchr(buf, '|') : "");
    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    slurp(path, buf, sizeof buf);
    printf(" comm %.10s\n", buf);
    snprintf(path, sizeof path, "/proc/%d/environ", pid);
    n = slurp(path, buf, sizeof buf);
    printf(" environ %d\n", memmem(buf, (size_t)n, "GUEST_TEST=a value", 18) != NULL);
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    slurp(path, buf, sizeof buf);
    char *paren = strrchr(buf, ')');
    int ppid = 0;
    sscanf(paren ? paren + 2 : "", "%*c %d", &ppid);
    printf(" parent %d\n", ppid == getpid() || pid == getpid());
    snprintf(path, sizeof path, "/proc/%d/auxv", pid);
    n = slurp(path, buf, sizeof buf);
    uint64_t entry = 0, *v = (uint64_t *)buf;
    for (; n > 0 && v[0]; v += 2)
        if (v[0] == AT_ENTRY)
            entry = v[1];
    printf(" entry %d\n", entry != 0 && (pid != getpid() || (entry >= (uint64_t)&__executable_start &&
                                                             entry < (uint64_t)&etext)));
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    fd = open(path, O_RDONLY);
    int seen = 0;
    if (pid == getpid())
        pread(fd, &seen, sizeof seen, (off_t)(uintptr_t)&marker);
    printf(" mem %d\n", seen);
    close(fd);
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    n = slurp(path, buf, sizeof buf);
    printf(" maps: program %d\n", strstr(buf, strrchr(self, '/')) != NULL);
}

static int tid;
static void *thread(void *arg)
{
    char path[64], buf[4096];
    tid = (int)syscall(SYS_gettid);
    prctl(PR_SET_NAME, "of-thread");
    slurp("/proc/thread-self/comm", buf, sizeof buf);
    printf("thread-self %s", buf);
    slurp("/proc/self/comm", buf, sizeof buf);
    printf("self %.10s\n", buf);
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    slurp(path, buf, sizeof buf);
    printf("stat %d, name %.11s\n", atoi(buf) == tid, strchr(buf, '(') ? strchr(buf, '(') : "");
    snprintf(path, sizeof path, "/proc/%d/task/%d/maps", getpid(), tid);
    printf("maps %d\n", slurp(path, buf, sizeof buf) > 100);
    memset(buf, 0, sizeof buf);
    readlink("/proc/thread-self/exe", buf, sizeof buf - 1);
    printf("exe %d\n", !strcmp(buf, self));
    snprintf(path, sizeof path, "/proc/%d/comm", tid);
    slurp(path, buf, sizeof buf);
    printf("by tid %s", buf);
    slurp("/proc/thread-self/status", buf, sizeof buf);
    printf("status %d\n", strstr(buf, "Pid:\t") && atoi(strstr(buf, "\nPid:\t") + 6) == tid);
    return arg;
}

int main(int argc, char **argv)
{
    char c = 0, buf[4096];
    if (argc > 1 && !strcmp(argv[1], "child")) {
        prctl(PR_SET_NAME, "renamed");
        write(3, "r", 1);
        read(4, &c, 1);
        return 0;
    }
    readlink("/proc/self/exe", self, sizeof self - 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    about("self", getpid());
    pthread_t t;
    pthread_create(&t, NULL, thread, NULL);
    pthread_join(t, NULL);
    int up[2], down[2];
    pipe(up), pipe(down);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(up[1], 13), dup2(down[0], 14);
        dup2(13, 3), dup2(14, 4);
        for (int i = 5; i < 20; i++)
            close(i);
        execl("/proc/self/exe", "another name", "child", "and", "more", NULL);
        _exit(1);
    }
    close(up[1]), close(down[0]);
    read(up[0], &c, 1);
    about("child", pid);
    close(down[1]);
    waitpid(pid, NULL, 0);
    snprintf(buf, sizeof buf, "/proc/%d/exe", pid);
    printf("gone: %s\n", readlink(buf, self, sizeof self) < 0 ? strerrorname_np(errno) : "there");
    struct utsname u;
    uname(&u);
    printf("%s %d\n", u.sysname, u.release[0] >= '4' && u.release[0] <= '9');
    printf("personality %x\n", (unsigned)personality(0xffffffff));
    struct rlimit r;
    for (int i = 0; i < 16; i++)
        printf("%d ", getrlimit(i, &r));
    printf("\n");
    return 0;
}
