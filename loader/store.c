/* SPDX-License-Identifier: MIT */
/*
 * The store (dbt/pool.c) is a file in /dev/shm, where shm_overview(7) puts shared memory: it lasts until the machine is shut
 * down, and no disk, image of a container or backup ever sees it.  It belongs to one user, for whom it is as it would be if a
 * process of his had forked all others; what another user has put in its place is not touched.
 *
 * The file is as long as the store may grow, and takes the memory that was asked for.  What another build of xrun has left is
 * replaced, and so is what has become full: processes that have it mapped go on with it.
 */
#include "loader/store.h"

#include "dbt/own.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define FOLDER "/dev/shm"
#define MOST   ((size_t)128 << 20)
#define SHARE  4 /* so much of what there may be in /dev/shm is taken at most */

/* The begin of the store. */
struct head {
    _Atomic uint64_t build;
    _Atomic uint32_t used;
    _Atomic uint32_t whole; /* there is memory for all that is to be there */
};

extern const Elf64_Ehdr __ehdr_start;

/* Tells this build of xrun from others; 0: it has no build id. */
static uint64_t build_id(void)
{
    const uint8_t *image = (const uint8_t *)&__ehdr_start;
    const Elf64_Phdr *p = (const Elf64_Phdr *)(image + __ehdr_start.e_phoff);
    for (unsigned i = 0; i < __ehdr_start.e_phnum; i++) {
        const Elf64_Nhdr *note = (const Elf64_Nhdr *)p[i].p_vaddr;
        uint64_t id;
        if (p[i].p_type != PT_NOTE || note->n_type != NT_GNU_BUILD_ID || note->n_descsz < sizeof id)
            continue;
        memcpy(&id, (const uint8_t *)(note + 1) + ((note->n_namesz + 3) & ~3u), sizeof id);
        return id;
    }
    return 0;
}

/* How large the store may become; 0: there is no shared memory, or this process may not make so large a file. */
static size_t room(void)
{
    struct statfs fs;
    struct rlimit limit;
    if (statfs(FOLDER, &fs) != 0 || fs.f_type != TMPFS_MAGIC || getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        limit.rlim_cur < MOST)
        return 0;
    if (!fs.f_blocks) /* there is no limit */
        return MOST;
    size_t share = (size_t)fs.f_blocks * (size_t)fs.f_bsize / SHARE;
    return share < MOST ? share & ~(size_t)4095 : MOST;
}

static bool is_ours(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 077) &&
           st.st_nlink == 1;
}

/* Gets the memory of the first bytes, if nobody has; a page of the file that is not there would be a SIGBUS. */
static bool is_there(struct head *h, size_t head)
{
    if (madvise(h, sizeof *h, MADV_POPULATE_WRITE) != 0)
        return false;
    if (!atomic_load(&h->whole) && madvise(h, head, MADV_POPULATE_WRITE) == 0)
        atomic_store(&h->whole, 1);
    return atomic_load(&h->whole);
}

static void *map(int fd, size_t head, size_t size)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || (st.st_size < (off_t)size && ftruncate(fd, (off_t)size) != 0))
        return NULL;
    struct head *h = own_map(size, MAP_PRIVATE);
    if (h && mmap(h, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == h && is_there(h, head))
        return h;
    if (h)
        munmap(h, size);
    return NULL;
}

/* Is it of another build, or used up? */
static bool is_stale(struct head *h, uint64_t build, size_t head, size_t size)
{
    uint64_t nobody = 0;
    return (!atomic_compare_exchange_strong(&h->build, &nobody, build) && nobody != build) ||
           head + atomic_load(&h->used) > size - size / 16;
}

void *store_open(uint64_t kind, size_t head, size_t *size)
{
    char path[NAME_MAX];
    uint64_t build = build_id();
    *size = room();
    if (!build || *size <= 2 * head || getauxval(AT_SECURE))
        return NULL;
    snprintf(path, sizeof path, FOLDER "/xrun-%u-%lx", (unsigned)geteuid(), (unsigned long)kind);
    for (int tries = 0; tries < 2; tries++) {
        int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
            return NULL;
        void *p = is_ours(fd) ? map(fd, head, *size) : NULL;
        close(fd);
        if (!p || !is_stale(p, build, head, *size))
            return p;
        munmap(p, *size);
        unlink(path);
    }
    return NULL;
}
