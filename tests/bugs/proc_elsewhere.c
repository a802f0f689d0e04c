/* SPDX-License-Identifier: MIT */
/*
 * A proc file system shows the program itself, and not what runs it, wherever it is mounted, and by whatever path it is reached;
 * and files that are only called like its own are what they are.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct stat self;

static void exe(int dirfd, const char *path)
{
    char link[4096] = "";
    struct stat st;
    readlinkat(dirfd, path, link, sizeof link - 1);
    const char *name = strrchr(link, '/');
    printf("exe %s %d\n", name && strncmp(name, "/proc_elsewhere", 15) == 0 ? "right" : link,
           fstatat(dirfd, path, &st, 0) == 0 && st.st_ino == self.st_ino && st.st_dev == self.st_dev);
}

static void text(int dirfd, const char *path, const char *word)
{
    static char buf[1 << 16];
    ssize_t n = 0, r;
    const char *name = strrchr(path, '/') ? strrchr(path, '/') : path;
    int fd = openat(dirfd, path, O_RDONLY);
    if (fd < 0) {
        printf("%s: %s\n", name, strerrorname_np(errno));
        return;
    }
    while ((r = read(fd, buf + n, sizeof buf - (size_t)n)) > 0)
        n += r;
    printf("%s: %s\n", name, memmem(buf, (size_t)n, word, strlen(word)) ? "right" : "wrong");
    close(fd);
}

static void look(const char *where)
{
    char path[4096];
    int proc = open(where, O_RDONLY | O_DIRECTORY);
    snprintf(path, sizeof path, "%s/self/exe", where), exe(AT_FDCWD, path);
    snprintf(path, sizeof path, "%s/self/maps", where), text(AT_FDCWD, path, "proc_elsewhere");
    snprintf(path, sizeof path, "%s//./self/task/%d/maps", where, getpid()), text(AT_FDCWD, path, "[stack]");
    snprintf(path, sizeof path, "%s/self/task/1000000000/exe", where), exe(AT_FDCWD, path);
    snprintf(path, sizeof path, "%s/%d/cmdline", where, getpid()), text(AT_FDCWD, path, "proc_elsewhere");
    exe(proc, "self/exe");
    text(proc, "self/maps", "[stack]");
    text(proc, "self/cpuinfo", "");
    chdir(where);
    exe(AT_FDCWD, "thread-self/exe");
    text(AT_FDCWD, "./self/auxv", "");
    chdir("self");
    exe(AT_FDCWD, "exe");
    close(proc);
}

static void no_proc(void)
{
    mkdir("self", 0755);
    int fd = open("self/maps", O_CREAT | O_WRONLY, 0644);
    write(fd, "a file", 6);
    close(fd);
    symlink("maps", "self/exe");
    char here[4096], link[64] = "";
    text(AT_FDCWD, "self/maps", "a file");
    getcwd(here, sizeof here - 16);
    strcat(here, "/self/exe");
    readlink(here, link, sizeof link - 1);
    printf("a link: %s\n", link);
}

/* In a PID namespace of its own with the /proc of the one around it: numbers there are of the latter. */
static void numbered_otherwise(void)
{
    fflush(stdout);
    if (unshare(CLONE_NEWPID) < 0)
        return;
    pid_t pid = fork();
    if (pid == 0) {
        char path[64], number[16] = "";
        printf("process %d\n", getpid());
        exe(AT_FDCWD, "/proc/self/exe");
        readlink("/proc/self", number, sizeof number - 1);
        snprintf(path, sizeof path, "/proc/%s/exe", number), exe(AT_FDCWD, path);
        snprintf(path, sizeof path, "/proc/%s/maps", number), text(AT_FDCWD, path, "proc_elsewhere");
        fflush(stdout);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    stat("/proc/self/exe", &self);
    no_proc();
    char where[4096];
    getcwd(where, sizeof where - 16);
    strcat(where, "/p");
    mkdir(where, 0755);
    look("/proc");
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 || mount("/proc", where, NULL, MS_BIND | MS_REC, NULL) < 0) {
        puts("no namespaces");
        return 0;
    }
    look(where);
    chdir("/");
    numbered_otherwise();
    good("umount", umount2(where, MNT_DETACH));
    return 0;
}
