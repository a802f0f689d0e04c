/* SPDX-License-Identifier: MIT */
/*
 * The x86-64 back end: IR to host code.  Knows no guest; what it must know is in struct x86_target.
 *
 * The code that it makes is position-independent and holds no host addresses: it may be copied anywhere, and reaches
 * the runtime through rbp (struct cpu + CPU_BIAS).  Host registers:
 *
 *   rbp              struct cpu + CPU_BIAS
 *   rsp              the shadow stack: for each open guest call, the guest return address with a host return address
 *                    below it (16 bytes a pair)
 *   pinned           the first cells of target->pin_int and pin_vec, at every block boundary; some others inside a
 *                    loop (lower_loop.c)
 *   the others       free inside a block, undefined at its boundaries
 *
 * At a block's entry and at every exit all pinned cells are in their registers, all other cells in memory, NZCV in
 * cpu->flags, and MXCSR is the guest's.
 */
#ifndef DBT_X86_X86_H
#define DBT_X86_X86_H

#include "dbt/cpu.h"
#include "dbt/ir/ir.h"

/* What the back end uses where it is there, beyond x86-64-v3 and AVX-512. */
enum x86_feature {
    X86_AES = 1,   /* AES-NI */
    X86_CLMUL = 2, /* PCLMULQDQ */
    X86_WIDE = 4,  /* VAES, VPCLMULQDQ: both also on registers 16..31, with AVX-512 */
    X86_SHA = 8,   /* SHA-NI */
    X86_GFNI = 16,
};

struct x86_target {
    bool avx512;                      /* VL, BW, DQ, CD: 32 xmm registers */
    const int32_t *pin_int, *pin_vec; /* as in struct dbt_guest */
    unsigned features;                /* set of enum x86_feature */
    int32_t hot_step; /* what heads (ir.kind) add to their count of 16 bits; 0: they do not count */
    unsigned fp_mode; /* set of enum fp_mode */
    bool serve;       /* system calls are made through STUB_SERVE */
    bool stats;       /* count in cpu->misses */
};

/* A place that can be patched to go straight to another block: the rel32 at `site` (in 8 aligned bytes of the final code). It
 * starts out going to `cold`, code in this unit that leaves through STUB_LINK. */
struct x86_exit {
    gaddr target; /* guest address of the block to link to */
    /* Offsets in the code: of the rel32 field; of the first cold byte; behind the call of STUB_LINK; for an inline cache of
     * the 8-aligned literal that holds the expected guest address (its guard), else 0. */
    uint32_t site, cold, behind, guard;
};

/* The target of an inline cache that is to be filled later. */
#define X86_NO_TARGET (~(gaddr)0)
/* A guard that equals no guest address: while the cache may be filled (as it is made), and while it waits for the target
 * that it has. */
enum { GUARD_EMPTY = 1, GUARD_WAITS = 3 };

/* Host code at [host, next entry's host) that may fault belongs to the guest instruction at pc.  flags: 0, or one more
 * than the index of the x86_flags that tell what NZCV is there; cpu->flags does not. */
struct x86_fault {
    uint32_t host;
    uint16_t flags;
    bool access; /* the instruction at host is the access itself */
    gaddr pc;
};

/* The operands of a flags operation at a place in the code: constants, hardware registers, or offsets in struct cpu. */
enum x86_where { X86_CONST, X86_REG, X86_CELL };
struct x86_flags {
    uint8_t op, type; /* of struct ir_insn: FLSUB, FLADD, FLLOGIC */
    uint8_t where[2]; /* enum x86_where */
    int64_t at[2];
};

/*
 * Floating point.  Guest code runs with x86's invalid exception unmasked; host code in [start, end) computes
 * one IR operation, and computes it as Arm does unless it traps.  On SIGFPE there, the handler takes the operands from
 * the interrupted context (they are still in their registers), asks ir_eval_op for Arm's answer, puts it in the
 * result's register and goes on at `end`.
 */
struct x86_trap {
    uint32_t start, end;
    gaddr pc;      /* of the guest instruction that is to be careful (INSN's cc) where it traps too often */
    uint32_t hits; /* the runtime's count of traps */
    struct ir_insn insn;  /* the operation; operands' refs are meaningless here */
    uint8_t dst, a, b, c; /* hardware register numbers; X86_TRAP_NONE: no such operand */
    bool dst_is_gpr, a_is_gpr;
};
#define X86_TRAP_NONE 0xff

/* Result of a lowering; arrays are owned by it and used again by the next call with the same struct. */
struct x86_code {
    /* Where it is placed is cache.c's choice: at a 16-byte boundary, traces at 32, loops by past_line.  The first
     * instruction has 5 bytes or more, in whose place a call is put when the block is dropped. */
    uint8_t *bytes;
    uint32_t size, cap;
    struct x86_exit *exits;
    uint32_t exit_count, exit_cap;
    struct x86_fault *faults; /* ascending by host */
    uint32_t fault_count, fault_cap;
    const uint8_t *packed; /* or, where there are none, the same as block.c keeps it */
    uint32_t packed_bytes;
    struct x86_flags *flags; /* what faults refer to */
    uint32_t flags_count, flags_cap;
    struct x86_trap *traps; /* ascending by start */
    uint32_t trap_count, trap_cap;
    /* Offsets of the guest addresses in the code, 64 bits each, which are other ones where the same guest code stands elsewhere. */
    uint32_t *moves;
    uint32_t move_count, move_cap;
    bool fixed;    /* there are shorter forms of guest addresses, too: the code cannot be moved */
    uint32_t cold; /* offset where the hot part ends */
    /* A loop that ends by itself, or when a poll is set: nobody can stop it by patching an exit. */
    bool loop;
    /* Where a loop is to begin behind a 64-byte boundary: at 32, if all that is repeated fits into one line then, else at 0. */
    uint8_t past_line;
    /* Not 0: not all pinned cells are in their registers behind the entry.  Who takes a thread out of the code sends it
     * to here with the reason in eax, instead of to STUB_EXIT. */
    uint32_t restore;
    void *work; /* the lowering's own memory */
};

void x86_code_init(struct x86_code *code);

/* Compiles a verified unit. `ra`, if not NULL, gets a listing of register allocation. */
void x86_lower(const struct ir *ir, const struct x86_target *target, struct x86_code *code, FILE *ra);

/* Makes of what was compiled for guest code that began at `from`, and is not fixed, what would be compiled for the same code at
 * `to`, whole pages away: in bytes, exits and traps.  It has no faults but packed ones, which do not
 * change. */
void x86_code_move(struct x86_code *code, gaddr from, gaddr to);

/* The runtime's own code: the entry sequence and the STUB_* (see cpu.h), written to buf (position-independent).
 * Returns its size. stub[i] and *enter get offsets. */
size_t x86_stubs(const struct x86_target *target, uint8_t *buf, size_t cap, uint32_t stub[STUB_COUNT],
                 uint32_t *enter);
/* Signature of the code at *enter: runs translated code at `host` until it leaves; returns the exit reason.  Saves and
 * restores what the C ABI asks for; loads and stores pinned cells, MXCSR and the shadow stack pointer. */
typedef uint32_t x86_enter_fn(struct cpu *cpu, const void *host);

/* The end of cpu->serve, which was called by translated code: EXIT_NONE to go on with the code behind the call. */
static inline _Noreturn void x86_served(struct cpu *cpu, enum exit_reason reason)
{
    __asm__ volatile("jmpq *%0" : : "r"(cpu->stub[STUB_SERVED]), "D"(cpu), "a"(reason) : "memory");
    __builtin_unreachable();
}

/* Sets cpu->flags from what an interrupted context (in translated code) has in the places that f tells. */
void x86_flags_restore(const struct x86_flags *f, struct cpu *cpu, const void *uc);

/* Emulates the operation of a trap on the interrupted context, as told at struct x86_trap; end_host is where to go on.
 * False if it was the first inexact operation that trapped, which the careful form would not change. */
bool x86_trap_emulate(const struct x86_trap *trap, struct cpu *cpu, void *uc, uint64_t end_host);

/* What belongs into slot 0 of cpu->helpers: ir_eval_op for one operation that is not inlined, which io[0] holds on entry.
 * The guest's own helper n (IR_HELPER_ID) sits in slot n + 1. */
void x86_helper_eval(struct cpu *cpu, union vec io[4]);

/* Does this host have what we need (x86-64-v3), and AVX-512 VL, BW, DQ, CD on top?  From CPUID. */
bool x86_host_v3(void);
bool x86_host_avx512(void);
unsigned x86_host_features(void); /* set of enum x86_feature */

#endif
