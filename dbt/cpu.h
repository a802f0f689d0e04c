/* SPDX-License-Identifier: MIT */
/*
 * One guest thread's processor state, shared by translated code, the evaluator, the run loop and the system-call layer.
 *
 * Translated code holds the address of struct cpu (plus CPU_BIAS, so that 8-bit displacements reach 256 bytes) in rbp for its
 * whole life.  Everything in here is reached by offset.
 * Outside translated code the structure is complete and exact; inside, pinned guest registers live in host registers.
 */
#ifndef DBT_CPU_H
#define DBT_CPU_H

#include "dbt/a64/state.h"
#include "dbt/types.h"

struct cpu;

/* A C function called from translated code: operands in io[1..3], parameter in io[0].u64[0], result to io[0].
 * It must do no floating point of its own without saving and setting MXCSR, and must not block. */
typedef void helper_fn(struct cpu *cpu, union vec io[4]);

enum exit_reason {
    EXIT_NONE,        /* internal to dbt: go on at cpu->pc */
    EXIT_SYSCALL,     /* a system call; pc is behind it; exit_arg: the immediate of the instruction */
    EXIT_ILLEGAL,     /* unallocated or unimplemented; pc is the instruction's */
    EXIT_BREAK,       /* breakpoint instruction; pc is its own; exit_arg: the immediate */
    EXIT_FAULT,       /* a memory access faulted: cpu->fault says how; pc is the instruction's */
    EXIT_FETCH_FAULT, /* pc cannot be fetched from; exit_arg says why: SPACE_FETCH_* in loader/space.h */
    EXIT_SIGNAL,      /* cpu->poll was set: the owner has something to do before the guest goes on */
    EXIT_ICACHE,      /* internal: invalidate translations of exit_arg .. +64, go on at pc */
    EXIT_LINK,        /* internal: an exit that is not linked; exit_arg is behind its call of STUB_LINK */
    EXIT_LOOKUP,      /* internal: an indirect jump that missed its table; go on at pc */
    EXIT_HOT,         /* internal: the unit that exit_arg is in has been entered often */
    EXIT_DROPPED,     /* internal: the unit that exit_arg is in was dropped; go on at its pc */
    EXIT_ALONE,       /* internal: the sequence at pc is to run while no other thread does (alone.c) */
    EXIT_SERVED,      /* the system call was made; its owner has more to do before the guest goes on */
    EXIT_ALIGN_LOAD,  /* internal: becomes EXIT_FAULT: a load at exit_arg, which must be aligned and is not */
    EXIT_ALIGN_STORE, /* the same of a store */
    EXIT_ALIGN_SP,    /* the same of an access with a misaligned stack pointer, exit_arg */
    EXIT_NO_PAD,      /* an indirect branch arrived at pc in guarded memory, and that is no landing pad */
    EXIT_REASONS
};

/* A synchronous host fault, in the host's terms. */
struct cpu_fault {
    int32_t signo, code; /* SIGSEGV or SIGBUS, si_code */
    uint64_t addr;
    uint32_t write; /* the access was a write */
    uint32_t stack; /* the stack pointer's alignment was at fault */
};

/* Cell of the indirect-jump table (jumps.c): that of pc is number (pc & jump_mask) >> 2. */
struct jump_cell {
    uint64_t pc;
    const void *host;
};
#define JUMP_CELLS 4096 /* at most */

/* Entry points of the runtime for translated code (x86/stubs.c makes them). */
enum stub {
    STUB_LINK,    /* call, from an exit; with an inline cache: rcx = guest pc of its target */
    STUB_HOT,     /* call, from a unit that has been entered often */
    STUB_DROPPED, /* call, from the first instruction of a unit that must not be run any more */
    STUB_LOOKUP,  /* jmp: rax = guest pc */
    STUB_EXIT,    /* jmp: eax = reason; cpu->pc and exit_arg are set */
    STUB_HELPER,  /* call: eax = helper number; keeps pinned registers (not in their cells), nothing else */
    STUB_HELPER_SYNC, /* call: the same, with pinned registers written to the state before and read after */
    STUB_COPY,        /* call: COPY and FILL (ir/guarded.h): rax, rdx, rcx; result rax; changes temps only */
    STUB_FILL,
    STUB_SERVE,  /* call: cpu->serve with all state written back */
    STUB_SERVED, /* jmp: the end of cpu->serve, see x86_served */
    STUB_COUNT
};

#define CPU_SPILLS 48

/* What translated code counts, if it is asked to: indirect jumps past their inline cache, returns that were not predicted. */
enum miss { MISS_CACHE, MISS_RETURN, MISS_KINDS };

/* Units of tier 1 count in one of these cells, chosen by their guest address. */
#define HOT_CELLS 1024 /* whole pages apart, the cell is the same: x86_code_move */
static inline unsigned hot_cell(uint64_t pc)
{
    return (pc >> 2) & (HOT_CELLS - 1);
}

/*
 * What of FPCR and FPSR translations must honour beyond the rounding mode: a set, of what any thread has ever asked for.
 * A process begins with none and never takes one back: whoever adds to its own fp_mode sets POLL_CORE too, and goes on
 * behind a poll: in the run loop, which drops all translations and makes the rest in the new mode.  All of them may be on
 * in a thread whose FPCR says otherwise at the moment; so the code asks (cpu->fp_dn ...) where it makes a difference, in
 * cold paths.
 */
enum fp_mode {
    FP_FZ = 1,     /* numbers are flushed: by MXCSR, but for those that are tiny before rounding only */
    FP_DN = 2,     /* default NaNs */
    FP_AHP = 4,    /* conversions know the alternative half precision */
    FP_FZ16 = 8,   /* half precision flushes to zero */
    FP_FLAGS = 16, /* FPSR has been looked at: results that are tiny before rounding only raise underflow */
    FP_AH = 32,    /* alternate handling of NaNs, signs, tiny numbers */
    FP_NEP = 64,   /* scalar results keep what lies above them: a matter of the front end only */
};

/* MXCSR: the sticky exceptions (in Arm's terms IOC, IDC, DZC, OFC, UFC, IXC), modes, masks of the exceptions. */
#define MXCSR_IE      0x0001u
#define MXCSR_DE      0x0002u
#define MXCSR_ZE      0x0004u
#define MXCSR_OE      0x0008u
#define MXCSR_UE      0x0010u
#define MXCSR_PE      0x0020u
#define MXCSR_STICKY  0x003fu
#define MXCSR_DAZ     0x0040u
#define MXCSR_PM      0x1000u
#define MXCSR_MASKS   0x1f80u
#define MXCSR_GUEST   0x1f00u /* the masks while guest code runs: all but the invalid one's */
#define MXCSR_TO_ZERO 0x6000u
#define MXCSR_FTZ     0x8000u

/*
 * With FPCR.FZ, Arm does not call a flushed result inexact, and x86 does.  So while FPSR is looked at and does not say
 * inexact yet, a thread with FZ has that exception unmasked: the first one traps, and the handler finds out.  Whoever sets
 * the sticky bit in MXCSR masks the exception with it.
 */
static inline uint32_t fp_mxcsr(uint32_t csr, bool fz, unsigned fp_mode)
{
    bool traps = fz && fp_mode & FP_FLAGS && !(csr & MXCSR_PE);
    return traps ? csr & ~MXCSR_PM : csr | MXCSR_PM;
}

/* Bits of poll: the owner's, and the translator's own request to come out. */
#define POLL_OWNER 1u
#define POLL_CORE  2u

struct cpu {
    void *shadow_sp;  /* translated code's stack pointer while outside it */
    void *shadow_top; /* where it starts; holds a sentinel that equals no guest address */
    void *host_sp;    /* the run loop's stack pointer while inside */
    uint32_t mxcsr;   /* the guest's, while outside translated code */
    uint32_t host_mxcsr;
    uint32_t fp_invalid;   /* nonzero: FPSR's IOC.  MXCSR's is never set but by a trap */
    uint32_t fp_underflow; /* nonzero: beside what mxcsr says, a result that was tiny before rounding only */
    uint32_t fp_denormal;  /* nonzero: likewise, an operand that FPCR.FZ took for zero */
    uint32_t fp_fz;  /* nonzero: single and double precision flush to zero, and say so (FPCR.FZ without AH) */
    uint32_t fp_dn;  /* nonzero: every NaN result is the default NaN (FPCR.DN) */
    uint32_t fp_ahp; /* nonzero: conversions know the alternative half precision (FPCR.AHP) */
    uint32_t fp_fz16;        /* nonzero: half precision flushes to zero (FPCR.FZ16) */
    uint32_t fp_mode;        /* set of enum fp_mode: what this thread has asked for */
    uint64_t mon_addr;       /* exclusive monitor (LDX, STX): address, or ~0 when open */
    uint64_t mon_lo, mon_hi; /* the value loaded */
    helper_fn *const *helpers;
    void (*serve)(struct cpu *cpu); /* makes a system call; ends with x86_served */

    struct a64_state a64;

    /* Code reaches the end of a64, these, and the first stub with 8-bit displacements (CPU_BIAS). */
    uint64_t flags; /* guest NZCV in packed form: see PACK_* */
    uint64_t pc;    /* exact outside translated code */
    uint32_t poll;  /* set asynchronously (signal handlers, other threads): leave at the next boundary */
    uint32_t exit;  /* enum exit_reason of the last exit */
    uint64_t exit_arg;
    const void *stub[STUB_COUNT];

    union vec io[4]; /* helper arguments and result */
    union vec spill[CPU_SPILLS];
    /* Pinned registers while a helper runs that looks at no guest state.  Not the cells that they are pinned to: a loop may
     * have other ones in them (x86/lower_loop.c). */
    union vec keep_vec[32];
    uint64_t keep_int[9];
    uint16_t hot[HOT_CELLS]; /* how often units were entered, see hot_cell */

    uint64_t misses[MISS_KINDS];

    struct cpu_fault fault;
    bool released; /* an STLR was made, and perhaps no full fence behind it: see FENCE in ir/ops.h */
    uint32_t jump_mask;
    uint32_t fp_ah;    /* nonzero: the alternate handling (FPCR.AH); down here because code seldom asks */
    void *shadow_base; /* lowest address of the shadow stack's memory, a guard page */
    bool in_code;      /* between entry to and exit from translated code (or the evaluator) */
    void *owner;       /* the system-call layer's struct for this thread */
    void *dbt;         /* the translator's own per-thread data; last, and the same for ever (cpu_renew) */
};

/* The thread's indirect-jump table lies at a fixed distance behind struct cpu. */
#define CPU_JUMPS 16384
_Static_assert(sizeof(struct cpu) <= CPU_JUMPS, "the table lies behind it");
static inline struct jump_cell *cpu_jumps(struct cpu *cpu)
{
    return (struct jump_cell *)(void *)((char *)cpu + CPU_JUMPS);
}

/* Packed flags, as `lahf; seto al` leaves them in ax after a subtraction: carry inverted. Other bits are undefined. */
#define PACK_N  0x8000u
#define PACK_Z  0x4000u
#define PACK_NC 0x0100u /* C is clear */
#define PACK_V  0x0001u

/* Guest registers below this one are mostly in host registers. */
#define CPU_FIRST_NEAR offsetof(struct cpu, a64.x[5])
#define CPU_BIAS       ((int32_t)CPU_FIRST_NEAR + 128)
_Static_assert(offsetof(struct cpu, stub[STUB_LINK + 1]) == CPU_FIRST_NEAR + 256,
               "an 8-bit displacement reaches it");

/* NZCV in bits 31..28 from the packed form, and back. */
static inline uint32_t flags_to_nzcv(uint64_t p)
{
    return (p & PACK_N ? 1u << 31 : 0) | (p & PACK_Z ? 1u << 30 : 0) | (p & PACK_NC ? 0 : 1u << 29) |
           (p & PACK_V ? 1u << 28 : 0);
}
static inline uint64_t nzcv_to_flags(uint32_t n)
{
    return (n >> 31 & 1 ? PACK_N : 0) | (n >> 30 & 1 ? PACK_Z : 0) | (n >> 29 & 1 ? 0 : PACK_NC) |
           (n >> 28 & 1 ? PACK_V : 0);
}

#endif
