/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID/exe leads to the file that runs, whatever has become of its name: renamed, replaced by another file, deleted.
 * What the link says is compared, for the process itself and for its parent.  (An open of a file that has lost its name is not:
 * natively it succeeds.)
 * flags: -static
 */
#define _GNU_SOURCE
#include "../guest/c/copy.h"
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void says(const char *who, const char *path)
{
    char link[4096] = "";
    readlink(path, link, sizeof link - 1);
    const char *name = strrchr(link, '/');
    printf("%s: %s\n", who, name ? name : link);
}

/* Is the file that is opened the one that has this name?  One without a name is not opened, or it is another. */
static void is(const char *name)
{
    struct stat a = {0}, b = {0};
    int fd = open("/proc/self/exe", O_RDONLY);
    fstat(fd, &a);
    close(fd);
    stat("/proc/self/exe", &b);
    bool same = a.st_ino == b.st_ino;
    stat(name, &b);
    printf("%s: %s, and %s\n", name, a.st_ino && a.st_ino == b.st_ino ? "that" : "another",
           same ? "the same" : "NOT");
}

/* The parent says when the name has changed, and looks first. */
static void child(void)
{
    char c;
    is("first");
    write(1, "+", 1), read(0, &c, 1);
    says("itself", "/proc/self/exe"), is("second");
    write(1, "+", 1), read(0, &c, 1);
    says("itself", "/proc/self/exe"), is("second");
    write(1, "+", 1), read(0, &c, 1);
    says("itself", "/proc/self/exe");
}

/* Shows what the child writes until it waits. */
static void pass_on(int fd)
{
    char c = 0;
    while (read(fd, &c, 1) == 1 && c != '+')
        putchar(c);
}

int main(int argc, char **argv)
{
    int up[2], down[2];
    char path[64];
    (void)argv;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 1) {
        child();
        return 0;
    }
    copy("/proc/self/exe", "first");
    pipe(up), pipe(down);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(up[1], 1), dup2(down[0], 0);
        for (int i = 3; i < 10; i++)
            close(i);
        execl("first", "first", "child", NULL);
        _exit(1);
    }
    close(up[1]), close(down[0]);
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    pass_on(up[0]), says("a child", path);
    rename("first", "second"), says("renamed", path);
    write(down[1], "x", 1), pass_on(up[0]);
    copy("/proc/self/exe", "third"), rename("third", "second"), says("replaced", path);
    write(down[1], "x", 1), pass_on(up[0]);
    unlink("second"), says("deleted", path);
    write(down[1], "x", 1), pass_on(up[0]);
    waitpid(pid, NULL, 0);
    says("gone", path);
    return 0;
}
