/* SPDX-License-Identifier: MIT */
/* Compiled by the AArch64 compiler, never linked: abi/a64/structs.h against the system's own headers. */
#include "abi/a64/structs.h"

#include <asm/sembuf.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#define SAME_SIZE(ours, theirs) _Static_assert(sizeof(ours) == sizeof(theirs), "size of " #theirs)
#define SAME(ours, field, theirs, name)                                                                      \
    _Static_assert(offsetof(ours, field) == offsetof(theirs, name), "offset of " #name);                     \
    _Static_assert(sizeof(((ours *)0)->field) == sizeof(((theirs *)0)->name), "size of " #name)

#define STAT(f) SAME(struct a64_stat, f, struct stat, f)
SAME_SIZE(struct a64_stat, struct stat);
STAT(st_dev);
STAT(st_ino);
STAT(st_mode);
STAT(st_nlink);
STAT(st_uid);
STAT(st_gid);
STAT(st_rdev);
STAT(st_size);
STAT(st_blksize);
STAT(st_blocks);
SAME(struct a64_stat, st_atime_, struct stat, st_atim.tv_sec);
SAME(struct a64_stat, st_atime_nsec_, struct stat, st_atim.tv_nsec);
SAME(struct a64_stat, st_mtime_, struct stat, st_mtim.tv_sec);
SAME(struct a64_stat, st_mtime_nsec_, struct stat, st_mtim.tv_nsec);
SAME(struct a64_stat, st_ctime_, struct stat, st_ctim.tv_sec);
SAME(struct a64_stat, st_ctime_nsec_, struct stat, st_ctim.tv_nsec);

SAME_SIZE(struct a64_epoll_event, struct epoll_event);
SAME(struct a64_epoll_event, events, struct epoll_event, events);
SAME(struct a64_epoll_event, data, struct epoll_event, data);

#define PERM(f) SAME(struct a64_ipc_perm, f, struct ipc64_perm, f)
SAME_SIZE(struct a64_ipc_perm, struct ipc64_perm);
PERM(key);
PERM(uid);
PERM(gid);
PERM(cuid);
PERM(cgid);
PERM(mode);
PERM(seq);

#define SEM(f) SAME(struct a64_semid_ds, f, struct semid64_ds, f)
SAME_SIZE(struct a64_semid_ds, struct semid64_ds);
SEM(sem_otime);
SEM(sem_ctime);
SEM(sem_nsems);

#define LOOP(f) SAME(struct a64_loop_info, f, struct loop_info, f)
SAME_SIZE(struct a64_loop_info, struct loop_info);
LOOP(lo_number);
LOOP(lo_device);
LOOP(lo_inode);
LOOP(lo_rdevice);
LOOP(lo_offset);
LOOP(lo_encrypt_type);
LOOP(lo_encrypt_key_size);
LOOP(lo_flags);
LOOP(lo_name);
LOOP(lo_encrypt_key);
LOOP(lo_init);

_Static_assert(A64_O_DIRECTORY == O_DIRECTORY, "O_DIRECTORY");
_Static_assert(A64_O_NOFOLLOW == O_NOFOLLOW, "O_NOFOLLOW");
_Static_assert(A64_O_DIRECT == O_DIRECT, "O_DIRECT");
/* __O_LARGEFILE of the C library, which shows O_LARGEFILE as 0; the kernel's is 0400000 (asm/fcntl.h of
 * arm64). */
_Static_assert(A64_O_LARGEFILE == 0400000, "O_LARGEFILE");
_Static_assert((O_TMPFILE & ~O_DIRECTORY) == 020000000, "O_TMPFILE");
