/* SPDX-License-Identifier: MIT */
/*
 * A limit on the size of files must not hit the emulator's own memory: start, fork and exec under `ulimit
 * -f`; the program itself gets SIGXFSZ.  Nor what it reads in /proc.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int exceeded;
static void on_xfsz(int s)
{
    exceeded = s == SIGXFSZ;
}

static void read_all(const char *name)
{
    char line[4096], last[4096] = "";
    FILE *f = fopen(name, "r");
    int lines = 0;
    for (; f && fgets(line, sizeof line, f); lines++)
        strcpy(last, line);
    printf("%s: %s\n", name, lines > 4 && strchr(last, '\n') ? "all" : "not all");
    if (f)
        fclose(f);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        struct rlimit r;
        getrlimit(RLIMIT_FSIZE, &r);
        printf("%s: limit %ld\n", argv[1], (long)r.rlim_cur);
        return 5;
    }
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){1000, 1000});
    int fd = open("file", O_CREAT | O_RDWR, 0600), st;
    char buf[4000] = {0};
    signal(SIGXFSZ, on_xfsz);
    show("write", write(fd, buf, sizeof buf));
    show("write", write(fd, buf, sizeof buf));
    printf("signal %d\n", exceeded);
    fflush(stdout);
    read_all("/proc/self/maps");
    read_all("/proc/self/smaps");
    read_all("/proc/self/status");
    fflush(stdout);
    if (fork() == 0)
        _exit(3);
    wait(&st);
    printf("fork %x\n", st);
    fflush(stdout);
    if (fork() == 0)
        execl("/proc/self/exe", "self", "exec", (char *)NULL);
    wait(&st);
    printf("exec %x\n", st);
    return 0;
}
