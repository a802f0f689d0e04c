/* SPDX-License-Identifier: MIT */
/* Files of /proc that show the guest's view are there only where the real ones are: not of a thread that has ended or of
 * another process, and not without /proc. */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void look(const char *path, const char *name)
{
    struct stat st;
    int fd = open(path, O_RDONLY);
    printf("%s: %s", name, fd < 0 ? strerrorname_np(errno) : "opened");
    printf(" %s\n", stat(path, &st) < 0 ? strerrorname_np(errno) : "there");
    close(fd);
}

static void of_thread(long tid)
{
    static const char *const names[] = {"stat", "status",  "maps",    "smaps",
                                        "auxv", "cmdline", "environ", "exe"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/task/%ld/%s", tid, names[i]);
        look(path, names[i]);
    }
}

static void *thread(void *tid)
{
    *(long *)tid = syscall(SYS_gettid);
    of_thread(*(long *)tid);
    return NULL;
}

static void own(const char *name)
{
    look("/proc/cpuinfo", name), look("/proc/self/maps", name), look("/proc/self/auxv", name);
}

int main(void)
{
    pthread_t t;
    long tid;
    pthread_create(&t, NULL, thread, &tid);
    pthread_join(t, NULL);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%ld", tid);
    while (access(path, F_OK) == 0) /* the kernel wakes us before the thread is gone */
        sched_yield();
    of_thread(tid), of_thread(getppid());
    own("proc");
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 || mount("none", "/proc", "tmpfs", 0, NULL) < 0)
        puts("no namespaces");
    else
        own("no proc");
    return 0;
}
