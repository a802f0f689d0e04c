/* SPDX-License-Identifier: MIT */
/* exec when all descriptors are in use: the kernel needs none.  Limits stay as they are, and an exec that fails changes nothing. */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void limit(const char *name)
{
    struct rlimit r, all;
    getrlimit(RLIMIT_NOFILE, &r), prlimit(0, RLIMIT_NOFILE, NULL, &all);
    printf("%s: limit %ld, %d\n", name, (long)r.rlim_cur, r.rlim_max == all.rlim_max && r.rlim_max > r.rlim_cur);
}

int main(int argc, char **argv)
{
    int status;
    if (argc > 1) {
        limit(argv[1]);
        return 5;
    }
    struct rlimit r;
    getrlimit(RLIMIT_NOFILE, &r);
    r.rlim_cur = 40;
    setrlimit(RLIMIT_NOFILE, &r);
    while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
        ;
    show("full", open("/dev/null", O_RDONLY));
    fflush(stdout);
    show("no such", execl("none", "none", (char *)NULL));
    show("directory", execl("/", "none", (char *)NULL));
    limit("failed");
    show("full", open("/dev/null", O_RDONLY));
    fflush(stdout);
    for (int i = 0; i < 2; i++) {
        if ((i ? vfork() : fork()) == 0) {
            execl("/proc/self/exe", "self", i ? "vfork" : "fork", (char *)NULL);
            _exit(errno);
        }
        wait(&status);
        printf("status %x\n", status);
        fflush(stdout);
    }
    limit("parent");
    fflush(stdout);
    execl("/proc/self/exe", "self", "exec", (char *)NULL);
    return 1;
}
