/* SPDX-License-Identifier: MIT */
/*
 * A sandbox as bubblewrap makes it: a new root, that has nothing of the sysroot's.  "/" for mount(2) is the root of the
 * mount tree, not the sysroot; behind pivot_root the sysroot is gone, for this program and for what it executes.
 * flags: -static
 */
#include "../guest/c/t.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void list(const char *path)
{
    DIR *d = opendir(path);
    int n = 0;

    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    printf("%s: %d entries\n", path, d ? n : -1);
}

static void put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    good(path, write(fd, text, strlen(text)));
    close(fd);
}

static void inside(const char *self)
{
    struct stat st;

    show("private", mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL));
    mkdir("new", 0755);
    show("tmpfs", mount("tmpfs", "new", "tmpfs", 0, NULL));
    int from = open(self, O_RDONLY), to = open("new/program", O_CREAT | O_WRONLY, 0755);
    fstat(from, &st);
    printf("copied: %d\n", sendfile(to, from, NULL, (size_t)st.st_size) == st.st_size);
    close(from);
    close(to);
    mkdir("new/old", 0755);
    mkdir("new/proc", 0755);
    show("pivot_root", syscall(SYS_pivot_root, "new", "new/old"));
    show("chdir", chdir("/"));
    long proc = show("proc", mount("proc", "/proc", "proc", 0, NULL));
    show("umount", umount2("/old", MNT_DETACH));
    list("/");
    show("access", access("/lib", F_OK));
    fflush(stdout);
    if (proc == 0)
        execl("/program", "/program", "again", NULL);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "again")) {
        printf("executed as %s\n", argv[0]);
        list("/old");
        return 0;
    }
    char map[2][32];
    snprintf(map[0], sizeof map[0], "0 %u 1", getuid());
    snprintf(map[1], sizeof map[1], "0 %u 1", getgid());
    if (show("unshare", unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID)) != 0)
        return 0;
    put("/proc/self/setgroups", "deny");
    put("/proc/self/uid_map", map[0]);
    put("/proc/self/gid_map", map[1]);
    fflush(stdout);
    if (fork() == 0) {
        inside(argv[0]);
        _exit(1);
    }
    wait(NULL);
    return 0;
}
