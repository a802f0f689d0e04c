/* SPDX-License-Identifier: MIT */
/*
 * Code mapped twice, written and flushed through the one mapping, run through the other: Arm's caches are
 * physically tagged, so that works.  Each way to have memory twice: a memfd, a file with a private mapping to run, a
 * shared mapping without a file and mremap, System V, and mappings that were cut, moved and protected since.
 */
#include "t.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#define SIZE 0x4000

static void try(const char *name, void *write, void *run)
{
    uint32_t *w = write;
    long sum = 0;
    for (uint32_t i = 0; i < 200; i++) {
        w[0] = 0xd2800000u | i << 5, w[1] = 0xd65f03c0; /* mov x0, #i; ret */
        __builtin___clear_cache((char *)w, (char *)(w + 2));
        sum += ((long (*)(void))run)();
    }
    printf("%s %ld\n", name, sum);
}

static char *map(int prot, int flags, int fd)
{
    char *p = mmap(NULL, SIZE, prot, flags, fd, 0);
    if (p == MAP_FAILED)
        exit(1);
    return p;
}

static void with_fd(const char *name, int fd, int flags)
{
    ftruncate(fd, SIZE);
    char *w = map(PROT_READ | PROT_WRITE, MAP_SHARED, fd), *x = map(PROT_READ | PROT_EXEC, flags, fd);
    try(name, w, x);
    try("later page", w + 0x2ffc, x + 0x2ffc);
    mprotect(x + 0x1000, 0x1000, PROT_READ);
    munmap(w, 0x1000);
    try("cut", w + 0x2008, x + 0x2008);
    char *y = mremap(x + 0x2000, 0x1000, 0x1000, MREMAP_MAYMOVE | MREMAP_FIXED,
                     map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1));
    try("moved", w + 0x2040, y + 0x40);
}

int main(void)
{
    with_fd("memfd", memfd_create("code", 0), MAP_SHARED);
    char path[] = "jit_alias.XXXXXX";
    with_fd("file", mkstemp(path), MAP_PRIVATE);
    unlink(path);

    char *w = map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1),
         *x = mremap(w, 0, SIZE, MREMAP_MAYMOVE);
    mprotect(x, SIZE, PROT_READ | PROT_EXEC);
    try("anonymous", w + 0x10, x + 0x10);

    int id = shmget(IPC_PRIVATE, SIZE, 0600);
    w = shmat(id, NULL, 0);
    x = shmat(id, NULL, SHM_EXEC);
    shmctl(id, IPC_RMID, NULL);
    try("System V", w + 0x1000, x + 0x1000);

    /* Both may be run, and the one that is flushed is run too. */
    int fd = memfd_create("code", 0);
    ftruncate(fd, SIZE);
    w = map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED, fd);
    x = map(PROT_READ | PROT_EXEC, MAP_SHARED, fd);
    try("itself", w, w);
    try("other", w, x);
    return 0;
}
