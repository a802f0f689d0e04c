/* SPDX-License-Identifier: MIT */
/*
 * A file that somebody writes to is not executed, be it a program, a script or its interpreter; and AT_EXECVE_CHECK only asks.
 * Where the kernel does not know that flag (before Linux 6.14), xrun cannot tell.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASK 0x10000

static char *const none[] = {"none", NULL};

static void copy(const char *from, int to)
{
    int fd = open(from, O_RDONLY);
    struct stat st;
    fstat(fd, &st);
    printf("copied: %d\n", sendfile(to, fd, NULL, (size_t)st.st_size) == st.st_size);
    close(fd);
}

static void start(const char *path)
{
    int status = 0;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        execl(path, path, "again", NULL);
        _exit(errno);
    }
    waitpid(child, &status, 0);
    printf("%s: %s\n", path, WEXITSTATUS(status) == 200 ? "runs" : strerrorname_np(WEXITSTATUS(status)));
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 200;
    if (syscall(SYS_execveat, AT_FDCWD, "/proc/self/exe", none, none, ASK)) {
        printf("not known here\n");
        return 0;
    }
    int program = open("program", O_CREAT | O_WRONLY, 0755),
        script = open("script", O_CREAT | O_WRONLY, 0755);
    copy("/proc/self/exe", program);
    good("script", write(script, "#! program\n", 11));
    show("check", syscall(SYS_execveat, AT_FDCWD, "program", none, none, ASK));
    start("./program");
    close(script);
    start("./script");
    close(program);
    show("check", syscall(SYS_execveat, AT_FDCWD, "program", none, none, ASK));
    show("check", syscall(SYS_execveat, AT_FDCWD, "script", none, none, ASK));
    start("./program");
    start("./script");
    script = open("script", O_WRONLY);
    start("./script");
    show("check", syscall(SYS_execveat, AT_FDCWD, "script", none, none, ASK));
    close(script);
    chmod("script", 0644);
    show("check", syscall(SYS_execveat, AT_FDCWD, "script", none, none, ASK));
    show("check", syscall(SYS_execveat, AT_FDCWD, "nothing", none, none, ASK));
    show("flags", syscall(SYS_execveat, AT_FDCWD, "script", none, none, ASK << 4));
    return 0;
}
