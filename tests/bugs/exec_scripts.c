/* SPDX-License-Identifier: MIT */
/*
 * Scripts whose interpreter is native bear their own names (/proc/PID/comm), as programs do that are started by a descriptor
 * alone; lines that are cut off; what cannot be an interpreter.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(const char *name, const char *text, size_t n)
{
    int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0755);
    if (write(fd, text, n) != (ssize_t)n)
        perror(name);
    close(fd);
}

static void start(const char *what, int dirfd, const char *path)
{
    int status = 0;
    printf("%s:\n", what);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        char *const argv[] = {"zero", "one", NULL};
        alarm(10);
        syscall(SYS_execveat, dirfd, path, argv, environ, path[0] ? 0 : AT_EMPTY_PATH);
        _exit(errno);
    }
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status) || WEXITSTATUS(status))
        printf("%s: %s\n", WIFSIGNALED(status) ? "killed" : "error", strerrorname_np(WEXITSTATUS(status)));
}

static void names(void)
{
    static const char script[] = "#! /bin/sh\nread comm </proc/$$/comm; echo $comm $0 $1\n";
    int kept = open(".", O_RDONLY), closed = open(".", O_RDONLY | O_CLOEXEC);
    put("script", script, sizeof script - 1);
    start("script", AT_FDCWD, "./script");
    start("script in a folder", kept, "script");
    start("script in a folder that is closed", closed, "script");
    start("nothing", AT_FDCWD, "");
}

static void no_interpreters(void)
{
    good("fifo", mkfifo("fifo", 0755));
    good("socket", mknod("socket", S_IFSOCK | 0755, 0));
    put("by_fifo", "#!fifo\n", 7);
    put("by_socket", "#!socket\n", 9);
    start("FIFO", AT_FDCWD, "fifo");
    start("by FIFO", AT_FDCWD, "by_fifo");
    start("socket", AT_FDCWD, "socket");
    start("by socket", AT_FDCWD, "by_socket");
}

/* The kernel looks at 256 bytes. */
static void lines(void)
{
    char line[300];
    for (size_t n = 253; n < 260; n++) {
        memset(line, 'a', sizeof line);
        memcpy(line, "#!/bin/echo ", 12);
        line[n - 1] = 'z';
        put("long", line, n);
        start("long argument", AT_FDCWD, "./long");
        memset(line + 2, '/', n - 2);
        memcpy(line + n - 8, "bin/echo", 8);
        put("long", line, n);
        start("long name", AT_FDCWD, "./long");
        line[n] = ' ';
        put("long", line, n + 1);
        start("long name and a blank", AT_FDCWD, "./long");
        memset(line + 2, ' ', n - 2);
        put("long", line, n);
        start("blanks", AT_FDCWD, "./long");
    }
    put("short", "#!", 2);
    start("nothing", AT_FDCWD, "./short");
    put("short", "#! \n", 4);
    start("a blank", AT_FDCWD, "./short");
    put("short", "#!/bin/echo a  ", 15);
    start("blanks at the end of the file", AT_FDCWD, "./short");
    put("short", "#!/bin/echo  ", 13);
    start("no argument", AT_FDCWD, "./short");
    put("short", "#!/bin/echo a  \n", 16);
    start("blanks at the end of the line", AT_FDCWD, "./short");
}

/* Before Linux 6.14 it is the number of the descriptor natively. */
static void by_descriptor(void)
{
    struct utsname u;
    int major = 0, minor = 0;
    uname(&u);
    if (sscanf(u.release, "%d.%d", &major, &minor) != 2 || major < 6 || (major == 6 && minor < 14))
        return;
    char *const argv[] = {"zero", "one", NULL};
    fflush(stdout);
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
    printf("no exec: %d\n", errno);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        char name[17] = {0};
        prctl(PR_GET_NAME, name, 0, 0, 0);
        printf("name ends in digits: %d\n", name[0] >= '0' && name[0] <= '9');
        return 0;
    }
    names();
    no_interpreters();
    lines();
    by_descriptor();
    return 0;
}
