/* SPDX-License-Identifier: MIT */
/*
 * Structures and flags of AArch64 Linux that differ from x86-64's.  tests/abi/layout_a64.c compares each with
 * the headers of the cross compiler.  Source: include/uapi/asm-generic and arch/arm64/include/uapi/asm of the
 * kernel.
 */
#ifndef ABI_A64_STRUCTS_H
#define ABI_A64_STRUCTS_H

#include <stdint.h>

struct a64_stat {
    uint64_t st_dev, st_ino;
    uint32_t st_mode, st_nlink, st_uid, st_gid;
    uint64_t st_rdev, pad1;
    int64_t st_size;
    int32_t st_blksize, pad2;
    int64_t st_blocks, st_atime_, st_atime_nsec_, st_mtime_, st_mtime_nsec_, st_ctime_, st_ctime_nsec_;
    uint32_t unused[2];
};

struct a64_epoll_event {
    uint32_t events, pad;
    uint64_t data;
};

struct a64_ipc_perm {
    int32_t key;
    uint32_t uid, gid, cuid, cgid, mode;
    uint16_t seq, pad2;
    uint64_t unused[2];
};

struct a64_semid_ds {
    struct a64_ipc_perm sem_perm;
    int64_t sem_otime, sem_ctime;
    uint64_t sem_nsems, unused[2];
};

struct a64_loop_info {
    int32_t lo_number;
    uint32_t lo_device;
    uint64_t lo_inode;
    uint32_t lo_rdevice;
    int32_t lo_offset, lo_encrypt_type, lo_encrypt_key_size, lo_flags;
    char lo_name[64];
    unsigned char lo_encrypt_key[32];
    uint64_t lo_init[2], reserved;
};

#define A64_O_DIRECTORY 0x4000
#define A64_O_NOFOLLOW  0x8000
#define A64_PROT_BTI    0x10 /* mmap, mprotect: indirect branches need a landing pad */

#define A64_O_DIRECT    0x10000
#define A64_O_LARGEFILE 0x20000

#endif
