/* SPDX-License-Identifier: MIT */
/*
 * What Linux looks like to one kind of guest: data, and the few accesses to registers and structures that
 * data cannot express.  One struct abi a guest.  Everything that is not here is the same for the guest and
 * for an x86-64 host. Nothing here makes a host call.  Layouts and values are proven by the cross compiler
 * (tests/abi).
 */
#ifndef ABI_ABI_H
#define ABI_ABI_H

#include "dbt/cpu.h"

#include <asm/sembuf.h>
#include <linux/loop.h>
#include <sys/stat.h>

/* A flag whose bit differs; every other bit is the same on both sides. */
struct abi_flag {
    uint32_t guest, host;
};

/* The largest structure that the functions below write. */
#define ABI_STRUCT_MAX 256

/* A thread, for a core file. */
struct abi_core_thread {
    int tid, parent, group, session, signo;
    uint64_t blocked; /* signals */
    struct cpu *cpu;
};
#define ABI_CORE_MAX 1024

struct abi {
    const char *name;
    uint16_t elf_machine;
    const char *machine;   /* uname */
    const char *machine32; /* uname under PER_LINUX32 */
    uint32_t audit_arch;   /* AUDIT_ARCH_...: what seccomp filters see */

    /* Registers of a system call.  The number is taken as the kernel takes it. */
    uint64_t (*call_nr)(const struct cpu *cpu);
    /* True: there is one that `pointer` changes. */
    bool (*call_args)(const struct cpu *cpu, uint64_t a[6]);
    void (*call_result)(struct cpu *cpu, int64_t result);
    /* A pointer, an argument or in a structure, as the kernel follows it. */
    uint64_t (*pointer)(const struct cpu *cpu, uint64_t v);

    /* prctl's options that belong to the architecture; `random` fills memory, `retranslate` drops all translations.  False:
     * not one of them. */
    bool (*prctl)(struct cpu *cpu, const uint64_t a[6], void (*random)(void *p, size_t n),
                  void (*retranslate)(void), int64_t *result);

    const struct abi_flag *open_flags; /* ends with {0, 0} */

    size_t stat_size;
    void (*stat_put)(void *out, const struct stat *host);
    size_t stat_mode_at, stat_size_at; /* where it has 32 bits of mode, 64 bits of size */
    size_t epoll_size, epoll_data;     /* struct epoll_event: its size, where the 64 bits of data are */
    size_t semid_size;
    void (*semid_put)(void *out, const struct semid64_ds *host);
    void (*semid_get)(struct semid64_ds *host, const void *in);
    size_t loop_size;
    void (*loop_put)(void *out, const struct loop_info *host);
    void (*loop_get)(struct loop_info *host, const void *in);

    /* /proc/cpuinfo: names of the bits of AT_HWCAP and AT_HWCAP2 (NULL: none), and the lines behind them. */
    const char *const *hwcap[2]; /* 64 names each */
    const char *cpuinfo_tail;

    /* Descriptions of notes in core files, their sizes at most ABI_CORE_MAX. */
    size_t (*core_status)(void *out, const struct abi_core_thread *t);
    size_t (*core_fpregs)(void *out, struct cpu *cpu);
    /* The i-th of a thread's other notes, which bear the name "LINUX"; 0: there are no more. */
    size_t (*core_other)(unsigned i, uint32_t *type, void *out, const struct cpu *cpu);
};

/* The guest of this process. */
extern const struct abi *abi;
extern const struct abi abi_a64;
/* Sets the processor's name in /proc/cpuinfo; to be called once, before the guest runs. */
void abi_a64_midr(uint32_t midr);

/* Flags of open, of F_SETFL and of pipe2 in the other side's numbers. */
uint64_t abi_open_flags_to_host(uint64_t guest);
uint64_t abi_open_flags_to_guest(uint64_t host);

#endif
