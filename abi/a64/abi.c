/* SPDX-License-Identifier: MIT */
/*
 * AArch64 Linux (arch/arm64 of the kernel): system calls by svc #0 with the number in w8, arguments in x0 to
 * x5, the result in x0.  What the processor is called and what it can do comes from dbt/a64/feature.h.
 */
#include "abi/abi.h"
#include "abi/a64/core.h"
#include "abi/a64/structs.h"
#include "dbt/a64/feature.h"

#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <stdio.h>
#include <string.h>

/* The host's O_LARGEFILE: the C library shows it as 0 on 64-bit hosts, the kernel does not. */
#define HOST_O_LARGEFILE 0x8000

static uint64_t a64_call_nr(const struct cpu *cpu)
{
    return (uint32_t)cpu->a64.x[8];
}

/* With tagged addresses enabled the tag of a user pointer is taken off.  What has a tag, but is not where
 * user memory can be (bits 55..47), is no pointer. */
static uint64_t untagged(uint64_t v)
{
    return v >> 47 & 0x1ff ? v : v & (((uint64_t)1 << 47) - 1);
}

static uint64_t a64_pointer(const struct cpu *cpu, uint64_t v)
{
    return cpu->a64.tagged_addr ? untagged(v) : v;
}

static bool a64_call_args(const struct cpu *cpu, uint64_t a[6])
{
    bool tagged = false;

    for (int i = 0; i < 6; i++)
        a[i] = cpu->a64.x[i];
    for (int i = 0; cpu->a64.tagged_addr && i < 6; i++)
        tagged |= untagged(a[i]) != a[i];
    return tagged;
}

static void a64_call_result(struct cpu *cpu, int64_t result)
{
    cpu->a64.x[0] = (uint64_t)result;
}

enum {
    PAC_RESET_KEYS = 54,
    SET_TAGGED_ADDR = 55,
    GET_TAGGED_ADDR = 56,
    PAC_SET_ENABLED = 60,
    PAC_GET_ENABLED = 61
};

/* arch/arm64/kernel/pointer_auth.c, process.c; there is no MTE. */
static bool a64_prctl(struct cpu *cpu, const uint64_t a[6], void (*random)(void *p, size_t n),
                      void (*retranslate)(void), int64_t *result)
{
    const uint64_t all_keys = 0x1f, address_keys = 0xf;
    uint64_t v = a[1];

    *result = -EINVAL;
    switch ((int32_t)a[0]) {
    case PAC_RESET_KEYS:
        if (!a64_has(FEAT_PAUTH) || a[2] || a[3] || a[4] || v & ~all_keys)
            return true;
        for (unsigned k = 0; k < 5; k++)
            if (v == 0 || v >> k & 1)
                random(cpu->a64.pac_key[k], sizeof cpu->a64.pac_key[k]);
        *result = 0;
        return true;
    case PAC_SET_ENABLED:
        if (!a64_has(FEAT_PAUTH) || v & ~address_keys || a[2] & ~v || a[3] || a[4])
            return true;
        cpu->a64.pac_off = (uint32_t)((cpu->a64.pac_off & ~v) | (v & ~a[2]));
        if (cpu->a64.pac_off && !__atomic_exchange_n(&a64_pac_switched, true, __ATOMIC_SEQ_CST))
            retranslate();
        *result = 0;
        return true;
    case PAC_GET_ENABLED:
        if (a64_has(FEAT_PAUTH) && !v && !a[2] && !a[3] && !a[4])
            *result = (int64_t)(address_keys & ~cpu->a64.pac_off);
        return true;
    case SET_TAGGED_ADDR:
        if (v <= 1 && !a[2] && !a[3] && !a[4]) {
            cpu->a64.tagged_addr = (uint32_t)v;
            *result = 0;
        }
        return true;
    case GET_TAGGED_ADDR:
        if (!v && !a[2] && !a[3] && !a[4])
            *result = cpu->a64.tagged_addr;
        return true;
    default: return false;
    }
}

static const struct abi_flag open_flags[] = {
    {A64_O_DIRECTORY, 0x10000},
    {A64_O_NOFOLLOW, 0x20000},
    {A64_O_DIRECT, 0x4000},
    {A64_O_LARGEFILE, HOST_O_LARGEFILE},
    {0, 0},
};

static void stat_put(void *out, const struct stat *h)
{
    struct a64_stat g = {
        .st_dev = h->st_dev,
        .st_ino = h->st_ino,
        .st_mode = h->st_mode,
        .st_nlink = (uint32_t)h->st_nlink,
        .st_uid = h->st_uid,
        .st_gid = h->st_gid,
        .st_rdev = h->st_rdev,
        .st_size = h->st_size,
        .st_blksize = (int32_t)h->st_blksize,
        .st_blocks = h->st_blocks,
        .st_atime_ = h->st_atim.tv_sec,
        .st_atime_nsec_ = h->st_atim.tv_nsec,
        .st_mtime_ = h->st_mtim.tv_sec,
        .st_mtime_nsec_ = h->st_mtim.tv_nsec,
        .st_ctime_ = h->st_ctim.tv_sec,
        .st_ctime_nsec_ = h->st_ctim.tv_nsec,
    };
    memcpy(out, &g, sizeof g);
}

/* struct ipc64_perm is the same; the times of x86-64's structure are spaced as if for 32 bits each. */
_Static_assert(sizeof(struct a64_ipc_perm) == sizeof(struct ipc64_perm), "ipc64_perm differs");

static void semid_put(void *out, const struct semid64_ds *h)
{
    struct a64_semid_ds g = {
        .sem_otime = h->sem_otime,
        .sem_ctime = h->sem_ctime,
        .sem_nsems = h->sem_nsems,
    };
    memcpy(&g.sem_perm, &h->sem_perm, sizeof g.sem_perm);
    memcpy(out, &g, sizeof g);
}

static void semid_get(struct semid64_ds *h, const void *in)
{
    struct a64_semid_ds g;

    memcpy(&g, in, sizeof g);
    memset(h, 0, sizeof *h);
    memcpy(&h->sem_perm, &g.sem_perm, sizeof h->sem_perm);
    h->sem_otime = g.sem_otime;
    h->sem_ctime = g.sem_ctime;
    h->sem_nsems = g.sem_nsems;
}

/* The devices are as wide as a long in x86-64's structure only; what they are fits in 32 bits. */
static void loop_put(void *out, const struct loop_info *h)
{
    struct a64_loop_info g = {
        .lo_number = h->lo_number,
        .lo_device = (uint32_t)h->lo_device,
        .lo_inode = h->lo_inode,
        .lo_rdevice = (uint32_t)h->lo_rdevice,
        .lo_offset = h->lo_offset,
        .lo_encrypt_type = h->lo_encrypt_type,
        .lo_encrypt_key_size = h->lo_encrypt_key_size,
        .lo_flags = h->lo_flags,
        .lo_init = {h->lo_init[0], h->lo_init[1]},
    };
    memcpy(g.lo_name, h->lo_name, sizeof g.lo_name);
    memcpy(g.lo_encrypt_key, h->lo_encrypt_key, sizeof g.lo_encrypt_key);
    memcpy(out, &g, sizeof g);
}

static void loop_get(struct loop_info *h, const void *in)
{
    struct a64_loop_info g;

    memcpy(&g, in, sizeof g);
    *h = (struct loop_info){
        .lo_number = g.lo_number,
        .lo_device = g.lo_device,
        .lo_inode = g.lo_inode,
        .lo_rdevice = g.lo_rdevice,
        .lo_offset = g.lo_offset,
        .lo_encrypt_type = g.lo_encrypt_type,
        .lo_encrypt_key_size = g.lo_encrypt_key_size,
        .lo_flags = g.lo_flags,
        .lo_init = {g.lo_init[0], g.lo_init[1]},
    };
    memcpy(h->lo_name, g.lo_name, sizeof h->lo_name);
    memcpy(h->lo_encrypt_key, g.lo_encrypt_key, sizeof h->lo_encrypt_key);
}

/* The rows of word 1, and those of word 2. */
#define IN_1_0(bit, name)
#define IN_1_1(bit, name) [bit] = name,
#define IN_1_2(bit, name)
#define IN_2_0(bit, name)
#define IN_2_1(bit, name)
#define IN_2_2(bit, name)                                                   [bit] = name,
#define X(name, option, base, models, id, shift, value, word, bit, cpuinfo) IN_1_##word(bit, cpuinfo)
static const char *const hwcap[64] = {A64_FEATURES(X)};
#undef X
#define X(name, option, base, models, id, shift, value, word, bit, cpuinfo) IN_2_##word(bit, cpuinfo)
static const char *const hwcap2[64] = {A64_FEATURES(X)};
#undef X

/* MIDR_EL1 taken apart: implementer, architecture (always "8" here), variant, part number, revision. */
static char cpuinfo_tail[128];

void abi_a64_midr(uint32_t midr)
{
    snprintf(cpuinfo_tail, sizeof cpuinfo_tail,
             "CPU implementer\t: 0x%02x\nCPU architecture: 8\nCPU variant\t: 0x%x\nCPU part\t: 0x%03x\n"
             "CPU revision\t: %u\n\n",
             midr >> 24, midr >> 20 & 15, midr >> 4 & 0xfff, midr & 15);
}

const struct abi abi_a64 = {
    .name = "a64",
    .elf_machine = EM_AARCH64,
    .machine = "aarch64",
    .machine32 = "armv8l",
    .audit_arch = AUDIT_ARCH_AARCH64,
    .call_nr = a64_call_nr,
    .call_args = a64_call_args,
    .call_result = a64_call_result,
    .pointer = a64_pointer,
    .prctl = a64_prctl,
    .open_flags = open_flags,
    .stat_size = sizeof(struct a64_stat),
    .stat_put = stat_put,
    .stat_mode_at = offsetof(struct a64_stat, st_mode),
    .stat_size_at = offsetof(struct a64_stat, st_size),
    .epoll_size = sizeof(struct a64_epoll_event),
    .epoll_data = offsetof(struct a64_epoll_event, data),
    .semid_size = sizeof(struct a64_semid_ds),
    .semid_put = semid_put,
    .semid_get = semid_get,
    .loop_size = sizeof(struct a64_loop_info),
    .loop_put = loop_put,
    .loop_get = loop_get,
    .hwcap = {hwcap, hwcap2},
    .cpuinfo_tail = cpuinfo_tail,
    .core_status = a64_core_status,
    .core_fpregs = a64_core_fpregs,
    .core_other = a64_core_other,
};
