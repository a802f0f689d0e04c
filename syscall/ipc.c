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
#include "loader/space_lock.h"
#include "syscall/calls.h"
#include "syscall/host.h"
#include "syscall/host_maps.h"
#include "syscall/user.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>

/* Does b go on where a ends, in the same file? */
static bool maps_on(const struct maps_line *a, const struct maps_line *b)
{
    return b->start == a->end && b->offset == a->offset + (a->end - a->start) &&
           b->device_len == a->device_len && memcmp(b->device, a->device, a->device_len) == 0 && a->name[0];
}

/* The length of the host mapping that starts at addr, with its neighbours that map on in the same file; 0:
 * none. */
static uint64_t mapping_length(gaddr addr)
{
    struct maps_reader m;
    struct maps_line last = {0};
    char device[64];
    const char *p;

    if (maps_open(&m, "/proc/self/maps") < 0)
        return 0;
    while ((p = maps_next(&m)) != NULL) {
        struct maps_line l = maps_parse(p);
        if (last.end ? !maps_on(&last, &l) : l.start != addr) {
            if (last.end)
                break;
            continue;
        }
        last = l;
        /* The next line takes this one's place. */
        last.device_len = l.device_len < sizeof device ? l.device_len : sizeof device;
        last.device = memcpy(device, l.device, last.device_len);
        last.name = l.name[0] ? "/" : "";
    }
    maps_close(&m);
    return last.end ? last.end - addr : 0;
}

int64_t sys_shmat(struct task *t, const uint64_t a[6])
{
    struct shmid_ds ds;
    int64_t r = host_raw(SYS_shmctl, a[0], IPC_STAT, ptr(&ds), 0, 0, 0);
    uint64_t flags = a[2], size;
    int prot = PROT_READ | (flags & SHM_RDONLY ? 0 : PROT_WRITE) | (flags & SHM_EXEC ? PROT_EXEC : 0);

    /* Attaching needs no more than the right to read or write, so does IPC_STAT need the right to read:
     * without it the length is found afterwards. */
    size = r == 0 ? page_up(ds.shm_segsz) : PAGE;
    if (a[1] && space_forbidden(page_down(a[1]), size))
        return -EINVAL;
    if (space_code_is_fixed && (prot & PROT_EXEC) && (prot & PROT_WRITE))
        return -EACCES;
    if (!space_lock_fits(size))
        return -EAGAIN;
    if (r == 0 && !space_fits(size))
        return -ENOMEM;
    uint64_t at = a[1] || space_end == SPACE_TOP ? a[1] : space_place(size);
    r = host_raw(SYS_shmat, a[0], at, flags, 0, 0, 0);
    if (HOST_ERROR(r))
        return r;
    uint64_t mapped = mapping_length((gaddr)r);
    size = mapped ? mapped : size;
    /* The kernel has said that there may be code, but nothing runs it there. */
    if (prot & PROT_EXEC)
        host_raw(SYS_mprotect, (uint64_t)r, size, space_host_prot(prot), 0, 0, 0);
    space_note((gaddr)r, size, prot, (uint64_t)(uint32_t)a[0] + 1);
    space_lock_new((gaddr)r, size);
    return r;
}

int64_t sys_shmdt(struct task *t, const uint64_t a[6])
{
    uint64_t len = mapping_length(a[0]);

    if (len && space_forbidden(a[0], len))
        return -EINVAL;
    return len ? space_unmap_by(SYS_shmdt, a[0], len) : host_raw(SYS_shmdt, a[0], 0, 0, 0, 0, 0);
}

int64_t sys_io_setup(struct task *t, const uint64_t a[6])
{
    int64_t r = host_syscall(t, SYS_io_setup, a);
    uint64_t context, len;

    if (r != 0 || user_read(&context, a[1], sizeof context) < 0 || (len = mapping_length(context)) == 0)
        return r;
    if (space_fits(len)) {
        space_note(context, len, PROT_READ | PROT_WRITE, 0);
        return r;
    }
    host_raw(SYS_io_destroy, context, 0, 0, 0, 0, 0);
    context = 0; /* as it was */
    return user_write(a[1], &context, sizeof context) < 0 ? -EFAULT : -ENOMEM;
}

int64_t sys_io_destroy(struct task *t, const uint64_t a[6])
{
    uint64_t len = mapping_length(a[0]);

    if (!len || space_forbidden(a[0], len))
        return host_syscall(t, SYS_io_destroy, a);
    return space_unmap_by(SYS_io_destroy, a[0], len);
}

int64_t sys_semctl(struct task *t, const uint64_t a[6])
{
    uint8_t guest[ABI_STRUCT_MAX];
    struct semid64_ds ds;
    int64_t r;

    switch ((int)a[2]) {
    case IPC_SET:
        if (user_read(guest, a[3], abi->semid_size) < 0)
            return -EFAULT;
        abi->semid_get(&ds, guest);
        return host_raw(SYS_semctl, a[0], a[1], a[2], ptr(&ds), 0, 0);
    case IPC_STAT:
    case SEM_STAT:
    case SEM_STAT_ANY:
        r = host_raw(SYS_semctl, a[0], a[1], a[2], ptr(&ds), 0, 0);
        if (r < 0)
            return r;
        abi->semid_put(guest, &ds);
        return user_write(a[3], guest, abi->semid_size) < 0 ? -EFAULT : r;
    default: return host_raw(SYS_semctl, a[0], a[1], a[2], a[3], 0, 0);
    }
}
