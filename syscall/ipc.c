/* SPDX-License-Identifier: MIT */
/*
 * System V shared memory and semaphores, and the kernel's asynchronous I/O contexts: what makes mappings
 * behind the address space's back is told to it; struct semid64_ds has gaps on x86-64 that other
 * architectures do not have. (shmid64_ds, msqid64_ds and the messages are the same.)  The length of a mapping
 * that the kernel made is read from /proc/self/maps: keeping a list of our own would have to follow fork,
 * exec, munmap and mremap.
 */
#include "abi/abi.h"
#include "loader/space.h"
#include "syscall/calls.h"
#include "syscall/user.h"

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>

static uint64_t ptr(const void *p)
{
    return (uint64_t)(uintptr_t)p;
}

/* Reads a hexadecimal number at *p and skips the character behind it. */
static uint64_t hex_number(const char **p)
{
    uint64_t v = 0;
    const char *s = *p;

    for (;; s++) {
        if (*s >= '0' && *s <= '9')
            v = v << 4 | (uint64_t)(*s - '0');
        else if (*s >= 'a' && *s <= 'f')
            v = v << 4 | (uint64_t)(*s - 'a' + 10);
        else
            break;
    }
    *p = *s ? s + 1 : s;
    return v;
}

/* A reader of lines that needs no more memory than one of them. */
struct lines {
    int fd;
    size_t have, at;
    char buf[4096 + 512];
};

static const char *line_next(struct lines *l)
{
    char *nl;

    while (!(nl = memchr(l->buf + l->at, '\n', l->have - l->at))) {
        memmove(l->buf, l->buf + l->at, l->have - l->at);
        l->have -= l->at;
        l->at = 0;
        if (l->have == sizeof l->buf)
            return NULL;
        int64_t r =
            host_raw(__NR_read, (uint64_t)l->fd, ptr(l->buf + l->have), sizeof l->buf - l->have, 0, 0, 0);
        if (r <= 0)
            return NULL;
        l->have += (size_t)r;
    }
    const char *line = l->buf + l->at;
    *nl = 0;
    l->at = (size_t)(nl + 1 - l->buf);
    return line;
}

/* The length of the host mapping that starts at addr, with its neighbours that map on in the same file; 0:
 * none. */
static uint64_t mapping_length(gaddr addr)
{
    struct lines l = {.fd = -1};
    uint64_t end = 0, inode = 0;
    const char *p;
    int64_t fd =
        host_raw(__NR_openat, (uint64_t)AT_FDCWD, ptr("/proc/self/maps"), O_RDONLY | O_CLOEXEC, 0, 0, 0);

    if (fd < 0)
        return 0;
    l.fd = (int)fd;
    while ((p = line_next(&l)) != NULL) {
        uint64_t lo = hex_number(&p), hi = hex_number(&p), node = 0;
        p = strchr(p, ' ');                /* behind the protection */
        p = p ? strchr(p + 1, ' ') : NULL; /* offset */
        p = p ? strchr(p + 1, ' ') : NULL; /* device */
        for (p = p ? p + 1 : ""; *p >= '0' && *p <= '9'; p++)
            node = node * 10 + (uint64_t)(*p - '0');
        if (!end && lo == addr) {
            end = hi;
            inode = node;
        } else if (end && lo == end && inode && node == inode) {
            end = hi;
        } else if (end) {
            break;
        }
    }
    host_raw(__NR_close, (uint64_t)fd, 0, 0, 0, 0, 0);
    return end ? end - addr : 0;
}

int64_t sys_shmat(struct task *t, const uint64_t a[6])
{
    struct shmid_ds ds;
    int64_t r = host_raw(__NR_shmctl, a[0], IPC_STAT, ptr(&ds), 0, 0, 0);
    uint64_t flags = a[2], size;
    int prot = PROT_READ | (flags & SHM_RDONLY ? 0 : PROT_WRITE) | (flags & SHM_EXEC ? PROT_EXEC : 0);

    (void)t;
    /* Attaching needs no more than the right to read or write, so does IPC_STAT need the right to read:
     * without it the length is found afterwards. */
    size = r == 0 ? (ds.shm_segsz + 4095) & ~4095ull : 4096;
    if (a[1] && space_forbidden(a[1] & ~4095ull, size))
        return -EINVAL;
    r = host_raw(__NR_shmat, a[0], a[1], flags & ~(uint64_t)SHM_EXEC, 0, 0, 0);
    if (r >= 0 || r < -4095)
        space_note((gaddr)r, mapping_length((gaddr)r), prot);
    return r;
}

int64_t sys_shmdt(struct task *t, const uint64_t a[6])
{
    uint64_t len = mapping_length(a[0]);
    int64_t r;

    (void)t;
    if (len && space_forbidden(a[0], len))
        return -EINVAL;
    r = host_raw(__NR_shmdt, a[0], 0, 0, 0, 0, 0);
    if (r == 0 && len)
        space_forget(a[0], len);
    return r;
}

int64_t sys_io_setup(struct task *t, const uint64_t a[6])
{
    int64_t r = host_syscall(t, __NR_io_setup, a);
    uint64_t context, len;

    if (r == 0 && user_read(&context, a[1], sizeof context) == 0 && (len = mapping_length(context)) != 0)
        space_note(context, len, PROT_READ | PROT_WRITE);
    return r;
}

int64_t sys_io_destroy(struct task *t, const uint64_t a[6])
{
    uint64_t len = mapping_length(a[0]);
    int64_t r = host_syscall(t, __NR_io_destroy, a);

    if (r == 0 && len)
        space_forget(a[0], len);
    return r;
}

int64_t sys_semctl(struct task *t, const uint64_t a[6])
{
    uint8_t guest[ABI_STRUCT_MAX];
    struct semid64_ds ds;
    int64_t r;

    (void)t;
    switch ((int)a[2]) {
    case IPC_SET:
        if (user_read(guest, a[3], abi->semid_size) < 0)
            return -EFAULT;
        abi->semid_get(&ds, guest);
        return host_raw(__NR_semctl, a[0], a[1], a[2], ptr(&ds), 0, 0);
    case IPC_STAT:
    case SEM_STAT:
    case SEM_STAT_ANY:
        r = host_raw(__NR_semctl, a[0], a[1], a[2], ptr(&ds), 0, 0);
        if (r < 0)
            return r;
        abi->semid_put(guest, &ds);
        return user_write(a[3], guest, abi->semid_size) < 0 ? -EFAULT : r;
    default: return host_raw(__NR_semctl, a[0], a[1], a[2], a[3], 0, 0);
    }
}
