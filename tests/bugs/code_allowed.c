/* SPDX-License-Identifier: MIT */
/* Memory that cannot be executable: that of a file where the file system has no programs.  And that which is, because it can be read. */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
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

    mkdir("here", 0755);
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) || mount("none", "here", "tmpfs", MS_NOEXEC, NULL)) {
        printf("no file system\n");
        return 0;
    }
    int fd = open("here/file", O_CREAT | O_RDWR, 0700);
    show("ftruncate", ftruncate(fd, 4096));
    show("exec", mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0);
    show("read", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0);
    show("anonymous", mmap(NULL, 4096, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, fd, 0) == MAP_FAILED ? -1 : 0);
    return 0;
}
