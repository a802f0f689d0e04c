/* SPDX-License-Identifier: MIT */
/*
 * The store (dbt/pool.c) is a file in /dev/shm, where shm_overview(7) puts shared memory: it lasts until the machine is shut
 * down, and no disk, image of a container or backup ever sees it.  It belongs to one user, whose processes trust one another
 * as if one had forked all others; what another user has put in its place is not touched, and the next name is tried: who is
 * root in a user namespace of his own is not who is root outside.
 *
 * The file is as long as the store may grow, and takes the memory that was asked for.  Each build of xrun and each kind of
 * translations has its own, so that two builds that are used in turn keep theirs; a new one takes the place of those that
 * were not opened for longest where there would be too many.  What has become full is replaced.  Processes that have a
 * former one mapped go on with it.
 */
#include "loader/store.h"

#include "dbt/own.h"
#include "dbt/types.h"

#include <dirent.h>
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
#define PREFIX "xrun"
#define MOST   ((size_t)128 << 20)
#define FILES  4 /* of MOST bytes that a user may have in all */
#define SHARE  4 /* a quarter of what there may be in /dev/shm is taken by a file at most, */
#define SHARES 2 /* half of it by all */
#define NAMES  4 /* that are tried */

extern const Elf64_Ehdr __ehdr_start;

static const Elf64_Nhdr *next_note(const Elf64_Nhdr *n)
{
    return (const Elf64_Nhdr *)((const uint8_t *)(n + 1) + ((n->n_namesz + 3) & ~3u) +
                                ((n->n_descsz + 3) & ~3u));
}

/* Tells this build of xrun from others; 0: it has no build id. */
static uint64_t build_id(void)
{
    const uint8_t *image = (const uint8_t *)&__ehdr_start;
    const Elf64_Phdr *p = (const Elf64_Phdr *)(image + __ehdr_start.e_phoff);
    for (unsigned i = 0; i < __ehdr_start.e_phnum; i++) {
        const Elf64_Nhdr *note = (const Elf64_Nhdr *)p[i].p_vaddr;
        const Elf64_Nhdr *end = (const Elf64_Nhdr *)(p[i].p_vaddr + p[i].p_filesz);
        uint64_t id;
        for (; p[i].p_type == PT_NOTE && note < end; note = next_note(note))
            if (note->n_type == NT_GNU_BUILD_ID && note->n_descsz >= sizeof id) {
                memcpy(&id, (const uint8_t *)(note + 1) + ((note->n_namesz + 3) & ~3u), sizeof id);
                return id;
            }
    }
    return 0;
}

/* How large a store may become, and all of this user's.  0: there is no shared memory, or this process may
 * not make so large a file. */
static size_t room(size_t *all)
{
    struct statfs fs;
    struct rlimit limit;
    if (statfs(FOLDER, &fs) != 0 || fs.f_type != TMPFS_MAGIC || getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        limit.rlim_cur < MOST)
        return 0;
    size_t there =
        fs.f_blocks ? (size_t)fs.f_blocks * (size_t)fs.f_bsize : SIZE_MAX; /* 0: there is no limit */
    *all = there / SHARES < FILES * MOST ? there / SHARES : FILES * MOST;
    return there / SHARE < MOST ? page_down(there / SHARE) : MOST;
}

static bool is_good(const struct stat *st)
{
    return S_ISREG(st->st_mode) && st->st_uid == geteuid() && !(st->st_mode & 077) && st->st_nlink == 1;
}

static bool is_ours(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && is_good(&st);
}

/* How long all of this user's stores may become, and the name of the one that was not opened for longest. */
static uint64_t count_all(DIR *folder, char oldest[NAME_MAX + 1])
{
    char prefix[32];
    uint64_t sum = 0;
    struct timespec since = {0};
    struct stat st;
    int n = snprintf(prefix, sizeof prefix, PREFIX "-%u-", (unsigned)geteuid());
    for (struct dirent *e; (e = readdir(folder)) != NULL;) {
        if (strncmp(e->d_name, prefix, (size_t)n) != 0 ||
            fstatat(dirfd(folder), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !is_good(&st) || !st.st_size)
            continue;
        const struct timespec *t = &st.st_mtim;
        if (!sum || t->tv_sec < since.tv_sec || (t->tv_sec == since.tv_sec && t->tv_nsec < since.tv_nsec)) {
            since = *t;
            snprintf(oldest, NAME_MAX + 1, "%s", e->d_name);
        }
        sum += (uint64_t)st.st_size;
    }
    return sum;
}

/* For a new file of that size. */
static void make_way(size_t size, size_t all)
{
    char oldest[NAME_MAX + 1];
    DIR *folder = opendir(FOLDER);
    while (folder && count_all(folder, oldest) + size > all && unlinkat(dirfd(folder), oldest, 0) == 0)
        rewinddir(folder);
    if (folder)
        closedir(folder);
}

/* Gets the memory of the first bytes, if nobody has; a page of the file that is not there would be a SIGBUS. */
static bool is_there(struct dbt_store *h, size_t head)
{
    if (madvise(h, sizeof *h, MADV_POPULATE_WRITE) != 0)
        return false;
    if (!atomic_load(&h->whole) && madvise(h, head, MADV_POPULATE_WRITE) == 0)
        atomic_store(&h->whole, 1);
    return atomic_load(&h->whole);
}

static struct dbt_store *map(int fd, size_t head, size_t size)
{
    struct dbt_store *h = own_map(size, MAP_PRIVATE);
    if (h && mmap(h, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == h && is_there(h, head))
        return h;
    if (h)
        munmap(h, size);
    return NULL;
}

/* Is there no more to be added to it?  Something may have written over the count. */
static bool is_used_up(struct dbt_store *h, size_t head, size_t size)
{
    uint32_t used = atomic_load(&h->used);
    return used % DBT_STORE_ALIGN != 0 || head + used > size - size / 16;
}

/* The store in the file, new or not. */
static struct dbt_store *use(int fd, size_t head, size_t size, size_t all)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return NULL;
    if (!st.st_size)
        make_way(size, all);
    if (st.st_size < (off_t)size && ftruncate(fd, (off_t)size) != 0)
        return NULL;
    futimens(fd, NULL);
    return map(fd, head, size);
}

/* Unless somebody else has replaced it. */
static void remove_file(int fd, const char *path)
{
    struct stat it, now;
    if (fstat(fd, &it) == 0 && lstat(path, &now) == 0 && it.st_ino == now.st_ino)
        unlink(path);
}

struct dbt_store *store_open(uint64_t kind, size_t head, size_t *size)
{
    char path[NAME_MAX];
    size_t all = 0;
    uint64_t build = build_id();
    *size = room(&all);
    if (!build || *size <= 2 * head || getauxval(AT_SECURE))
        return NULL;
    for (unsigned name = 0, tries = 0; name < NAMES && tries < 2 * NAMES; tries++) {
        snprintf(path, sizeof path, FOLDER "/" PREFIX "-%u-%lx-%lx-%u", (unsigned)geteuid(),
                 (unsigned long)build, (unsigned long)kind, name);
        int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        bool ours = fd >= 0 && is_ours(fd), full = false;
        struct dbt_store *p = ours ? use(fd, head, *size, all) : NULL;
        if (p && (full = is_used_up(p, head, *size))) {
            munmap(p, *size);
            remove_file(fd, path);
        }
        if (fd >= 0)
            close(fd);
        if (ours && !full)
            return p;
        name += !ours;
    }
    return NULL;
}
