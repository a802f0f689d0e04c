/* SPDX-License-Identifier: MIT */
/*
 * Programs are executed in a root that has neither /proc nor the emulator, one by the other, the last two with all descriptors
 * closed; descriptors are counted as ever, and a limit on memory is passed on.  The environment names a sysroot that is not there.
 * flags: -static
 */
#include "../guest/c/copy.h"
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    good(path, write(fd, text, strlen(text)));
    close(fd);
}

int main(int argc, char **argv)
{
    char map[32];
    struct rlimit data;
    getrlimit(RLIMIT_DATA, &data);
    snprintf(map, sizeof map, "0 %u 1", getuid());
    if (argc == 2) {
        int depth = atoi(argv[1]);
        char next[2] = {(char)('0' + depth - 1), 0};
        printf("depth %d, argv[0] %s, a descriptor %d\n", depth, argv[0], open("/", O_RDONLY | O_CLOEXEC));
        show("access", access("/proc/self", F_OK));
        printf("limit %lx\n", (unsigned long)data.rlim_cur);
        fflush(stdout);
        if (depth && fork() == 0) {
            if (depth < 3)
                close_range(3, ~0u, 0);
            execl("program", "program", next, NULL);
            show("execl again", -1);
        }
        if (depth)
            wait(NULL);
        return 0;
    }
    if (show("unshare", unshare(CLONE_NEWUSER)) != 0)
        return 0;
    put("/proc/self/uid_map", map);
    mkdir("root", 0755);
    copy(argv[0], "root/program");
    data.rlim_cur = 1ul << 32;
    show("limit", setrlimit(RLIMIT_DATA, &data));
    show("chroot", chroot("root"));
    show("chdir", chdir("/"));
    setenv("XRUN_SYSROOT", "/usr/aarch64-linux-gnu", 1);
    fflush(stdout);
    execl("/program", "/program", "4", NULL);
    show("execl", -1);
    return 1;
}
