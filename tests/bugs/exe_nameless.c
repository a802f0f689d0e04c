/* SPDX-License-Identifier: MIT */
/*
 * A program that has no name can be executed, and finds itself by /proc/self/exe: a memfd, a file that is deleted, and one that is
 * executed by a descriptor with O_PATH, as by container runtimes.
 * flags: -static
 */
#define _GNU_SOURCE
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };
static struct stat self;

static void copy(int out)
{
    int in = open("/proc/self/exe", O_RDONLY);
    printf("copied: %d\n", sendfile(out, in, NULL, (size_t)self.st_size) == self.st_size);
    close(in);
}

/* By its descriptor, or, where that is negative, by its name. */
static void start(const char *how, int fd, const char *name)
{
    char *argv[] = {"program", (char *)how, NULL}, *envp[] = {NULL};
    fflush(stdout);
    if (fork() == 0) {
        if (fd >= 0)
            fexecve(fd, argv, envp);
        else
            execve(name, argv, envp);
        show("exec", -1);
        _exit(1);
    }
    wait(NULL);
}

static void report(const char *how)
{
    struct stat st;
    char link[4096];
    int fd;

    fd = open("/proc/self/exe", O_RDONLY);
    printf("%s: exe %s, links %d, seals %d\n", how, fd < 0 ? "lost" : "open",
           fd < 0 || fstat(fd, &st) < 0 ? -1 : (int)st.st_nlink, fcntl(fd, F_GET_SEALS));
    ssize_t n = readlink("/proc/self/exe", link, sizeof link - 1);
    link[n < 0 ? 0 : n] = 0;
    n = n > 10 ? n - 10 : 0;
    printf("%s\n", strcmp(link + n, " (deleted)") == 0 ? link + n : "named");
    if (strcmp(how, "memfd") == 0)
        start("memfd again", -1, "/proc/self/exe");
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        report(argv[1]);
        return 0;
    }
    stat("/proc/self/exe", &self);
    int fd = memfd_create("copy", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    copy(fd);
    show("seal", fcntl(fd, F_ADD_SEALS, SEALS));
    start("memfd", fd, NULL);
    close(fd);

    fd = open("copy", O_CREAT | O_WRONLY, 0755);
    copy(fd);
    close(fd);
    fd = open("copy", O_PATH | O_CLOEXEC);
    start("path", fd, NULL);
    unlink("copy");
    start("path without a name", fd, NULL);
    close(fd);
    return 0;
}
