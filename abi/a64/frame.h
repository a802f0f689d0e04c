/* SPDX-License-Identifier: MIT */
/* The AArch64 signal frame (arch/arm64/include/uapi/asm/{sigcontext,ucontext}.h, kernel/signal.c).  No host
 * calls here. */
#ifndef ABI_A64_FRAME_H
#define ABI_A64_FRAME_H

#include "dbt/cpu.h"

#include <signal.h>

struct a64_stack {
    uint64_t sp;
    int32_t flags, pad;
    uint64_t size;
};

struct a64_rt_sigframe {
    uint8_t info[128];
    uint64_t uc_flags, uc_link;
    struct a64_stack uc_stack;
    uint64_t uc_sigmask;
    uint8_t unused[120];
    uint64_t pad;
    uint64_t fault_address, regs[31], sp, pc, pstate;
    uint64_t pad2;
    uint8_t reserved[4096];
} __attribute__((aligned(16)));

/* {fp, lr}, directly above the frame: x29 points to it, so that the handler's call chain can be walked. */
struct a64_frame_record {
    uint64_t fp, lr;
};

/* AT_MINSIGSTKSZ, as the kernel computes it without SVE: frame, record, and 16 bytes of alignment. */
#define A64_MINSIGSTKSZ (sizeof(struct a64_rt_sigframe) + 2 * sizeof(struct a64_frame_record))
/* What sigaltstack asks for. */
#define A64_SIGALTSTACK_MIN 5120

struct a64_signal {
    int signo;
    const siginfo_t *info;
    uint64_t handler, restorer;
    bool siginfo;             /* SA_SIGINFO: the handler has three arguments */
    bool fault, write, fetch; /* a page fault, for the syndrome */
    bool permission;
    bool alignment, sp;     /* SIGBUS for an address that must be aligned; the stack pointer was it */
    bool guarded;           /* the process has guarded memory: the handler must begin with a landing pad */
    uint64_t mask;          /* what sigreturn brings back */
    struct a64_stack stack; /* sigaltstack's values */
};

/* Fills the frame from the guest's registers, up to the end of its records; that many bytes are to be written. */
size_t a64_frame_build(struct a64_rt_sigframe *f, struct cpu *cpu, const struct a64_signal *s);
/* So much of a frame as a64_frame_build fills at most. */
extern const size_t a64_frame_usual;
/* Sets the registers for the handler's start; the frame is at `frame`, the record right behind it. */
void a64_frame_enter(struct cpu *cpu, gaddr frame, const struct a64_signal *s);
/* Takes the registers from a frame, of which the first `size` bytes are at f; false: it is malformed, or its records go
 * on behind those, and nothing was changed. */
bool a64_frame_restore(const struct a64_rt_sigframe *f, size_t size, struct cpu *cpu);

#endif
