/* SPDX-License-Identifier: MIT */
/*
 * A program with few descriptors changes its root (as root; otherwise it fails natively, too): it still gets the lowest that is
 * free, and can execute programs which execute others.
 * flags: -static
 */
#include "../guest/c/copy.h"
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void limit(unsigned n)
{
    struct rlimit r = {n, 4096};
    show("limit", setrlimit(RLIMIT_NOFILE, &r));
}

static void opens(unsigned last)
{
    int fd[3] = {open("/", O_RDONLY), open("/", O_RDONLY), fcntl(1, F_DUPFD, last)};

    printf("%d %d %d\n", fd[0], fd[1], fd[2]);
    for (int i = 0; i < 3; i++)
        close(fd[i]);
}

static void changed(const char *root, unsigned before, unsigned after)
{
    fflush(stdout);
    if (fork() == 0) {
        limit(before);
        close(0);
        if (good("chroot", chroot(root)) != 0)
            _exit(0);
        opens(before - 1);
        limit(after);
        fflush(stdout);
        execl("/program", "program", "3", NULL);
        show("execl", -1);
        fflush(stdout);
        _exit(1);
    }
    wait(NULL);
}

int main(int argc, char **argv)
{
    char left[] = "0";

    if (argc == 2) {
        printf("executed, %s: ", argv[1]);
        opens(15);
        fflush(stdout);
        left[0] = argv[1][0] - 1;
        if (left[0] > '0')
            execl("/program", "program", left, NULL);
        return left[0] > '0';
    }
    mkdir("root", 0700);
    copy(argv[0], "root/program");
    changed("root", 1024, 1024);
    changed("root", 1024, 64);
    changed("root", 64, 64);
    changed("root", 16, 16);
    changed("root", 2048, 16);
    return 0;
}
