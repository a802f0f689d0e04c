/* SPDX-License-Identifier: MIT */
/*
 * Memory that cannot be executable: that of a file where the file system has no programs, and of a segment whose mode does not say
 * so.  And that which is, because it can be read.  An mprotect that fails has changed what comes before the place.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

static void protection(const char *what, const void *p)
{
    FILE *f = fopen("/proc/self/maps", "r");
    char line[400], prot[8];
    unsigned long start, end;
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "%lx-%lx %7s", &start, &end, prot) == 3 && start <= (uintptr_t)p &&
            (uintptr_t)p < end)
            printf("%s: %s\n", what, prot);
    fclose(f);
}

static void *map(int prot)
{
    return mmap(NULL, 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void segment(int mode)
{
    int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | mode);
    char *p = shmat(id, NULL, SHM_EXEC);
    printf("segment %o: %s\n", (unsigned)mode, p == (void *)-1 ? strerrorname_np(errno) : "ok");
    if (p != (void *)-1)
        protection("segment", p);
    shmctl(id, IPC_RMID, NULL);
}

/* Memory, then that of a file. */
static void part(int fd, int prot)
{
    char *p = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mmap(p + 4096, 4096, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
    show("mprotect", mprotect(p, 8192, prot));
    protection("memory", p);
    protection("file", p + 4096);
}

static void set(const char *file, const char *format, unsigned id)
{
    FILE *f = fopen(file, "w");
    if (f)
        fprintf(f, format, id);
    if (!f || fclose(f))
        printf("%s: %s\n", file, strerrorname_np(errno));
}

/* A user of its own, who is the one that runs this, may mount. */
static int enter(unsigned uid, unsigned gid)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
        return -1;
    set("/proc/self/setgroups", "deny", 0);
    set("/proc/self/uid_map", "0 %u 1", uid);
    set("/proc/self/gid_map", "0 %u 1", gid);
    return mount("none", "here", "tmpfs", MS_NOEXEC, NULL);
}

int main(void)
{
    char *before = map(PROT_READ | PROT_WRITE);
    int old = personality(READ_IMPLIES_EXEC);
    printf("%x\n", personality(0xffffffff) ^ old);
    protection("before", before);
    protection("read", map(PROT_READ));
    protection("none", map(PROT_NONE));
    mprotect(before, 4096, PROT_READ | PROT_WRITE);
    protection("protected", before);
    personality((unsigned)old);
    protection("after", map(PROT_READ));

    part(open("/proc/self/exe", O_RDONLY), PROT_READ | PROT_WRITE);

    mkdir("here", 0755);
    if (enter(geteuid(), getegid())) {
        printf("no file system\n");
        return 0;
    }
    int fd = open("here/file", O_CREAT | O_RDWR, 0700);
    show("ftruncate", ftruncate(fd, 4096));
    show("exec", mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0);
    show("read", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0);
    show("anonymous", mmap(NULL, 4096, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, fd, 0) == MAP_FAILED ? -1 : 0);
    part(fd, PROT_READ | PROT_EXEC);
    /* Without the capability to ignore modes. */
    segment(0600);
    segment(0700);
    return 0;
}
