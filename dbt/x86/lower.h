/* SPDX-License-Identifier: MIT */
/*
 * Inside the back end: one forward pass selects instructions and allocates registers at once.
 *
 *  - An operation asks for its operands (lower_use_*), for temporaries (lower_temp_*) and for its result's register
 *    (lower_def_*), and emits into l->e.  Every register it was given stays valid until the operation's end.
 *  - Order: all uses first, then temps, then def.  lower_def_* is distinct from every operand and temp, so its
 *    register may be written while operands are still needed; lower_def_*_over may be the register of an operand that
 *    dies here: only when the last (or single) instruction writes it, and no operand is read after.
 *  - An operation must not write a register that lower_use_* gave it: it may be pinned, or needed later.
 *  - A register that a value has got may hold the guest's own cell (a pinned one); nobody needs to care.
 *  - EFLAGS: whatever goes through enc.h is tracked.  Code that changes EFLAGS in any other way (ptest, ucomis,
 *    kortest ...) counts l->e->flags_gen up.
 *  - Code that is emitted between lower_cold_begin and lower_cold_end goes behind the hot part; it must not allocate
 *    (take uses, temps and def before), and gets there and back by jumps between labels.
 */
#ifndef DBT_X86_LOWER_H
#define DBT_X86_LOWER_H

#include "dbt/x86/enc.h"
#include "dbt/x86/x86.h"

struct lower; /* fields that are for everybody come first: see struct lower below */

/* -- operands and results -- */
gpr lower_use_g(struct lower *l, ir_ref ref);
xmm lower_use_x(struct lower *l, ir_ref ref);
gpr lower_def_g(struct lower *l, ir_ref ref); /* ref: the current instruction */
xmm lower_def_x(struct lower *l, ir_ref ref);
gpr lower_def_g_over(struct lower *l, ir_ref ref);
xmm lower_def_x_over(struct lower *l, ir_ref ref);
gpr lower_temp_g(struct lower *l);
/* Code of its own in front of an operation, which is to ask for its operands again: all registers are given back. */
void lower_prologue_end(struct lower *l);
/* The register that the current operation's result has got, at its end: the temps are given back. */
xmm lower_result_x(struct lower *l, ir_ref ref);
xmm lower_temp_x(struct lower *l);
/* Temporary register n itself; asked for before the operands. */
xmm lower_claim_x(struct lower *l, unsigned n);
/* The result is the same bits as operand `of` in the same kind of register: no code (LOW, VZEXT of a clean
 * value ...). */
void lower_def_alias(struct lower *l, ir_ref ref, ir_ref of);

/* If operand ref sits in memory (unpinned GET, spilled, VCONST) and this is its last use (VCONST: always):
 * its memory operand, 16-byte aligned and at least as wide as its type. */
bool lower_mem_x(struct lower *l, ir_ref ref, struct x86_mem *m);
bool lower_mem_g(struct lower *l, ir_ref ref, struct x86_mem *m);
/* A 16-byte-aligned constant in the unit's literal pool. */
struct x86_mem lower_const(struct lower *l, const union vec *v);
/* Is ref a CONST, and which? */
bool lower_is_const(const struct lower *l, ir_ref ref, uint64_t *v);
/* Is ref a VCONST, and which? */
const union vec *lower_is_vconst(const struct lower *l, ir_ref ref);

/* The value's bytes from `bytes` on are known to be zero in its register (16, or 8 for a general register:
 * nothing known).  Set it after def. */
unsigned lower_clean(const struct lower *l, ir_ref ref);
void lower_set_clean(struct lower *l, ir_ref ref, unsigned bytes);
/* Is this the last use of ref (it is not needed after the current operation)? */
bool lower_dies(const struct lower *l, ir_ref ref);

/* -- faults and traps -- */
void lower_fault(struct lower *l);  /* host code from here on may fault for the current guest instruction */
void lower_access(struct lower *l); /* the next host instruction is its access to memory */
/* Does guest address pc fit into a sign-extended imm32?  Then the unit is bound to its place. */
bool lower_pc_is_short(struct lower *l, gaddr pc);
void lower_pc(struct lower *l, gpr d, gaddr pc); /* d = guest address pc */
/* Around host code that computes `insn` and may raise the invalid exception.  Registers: hardware numbers, or
 * X86_TRAP_NONE. The code in between must leave the operands' registers as they are; the handler writes dst
 * (as a whole: type's bytes, rest zero) and goes on behind the end. For FCMP (dst NONE) the handler sets
 * EFLAGS as ucomis does for unordered. */
struct lower_trap {
    struct ir_insn insn;
    uint8_t dst, a, b, c;
    bool dst_is_gpr, a_is_gpr;
    uint32_t start;
};
struct lower_trap lower_trap_begin(struct lower *l, const struct ir_insn *insn);
void lower_trap_end(struct lower *l, const struct lower_trap *t);

/* -- cold code -- */
/* A place in the unit; comes to be when it is bound.  Branches to it use rel32. */
typedef struct {
    uint32_t id;
} label;
label lower_label(struct lower *l);
void lower_bind(struct lower *l, label at); /* is here (in the part that is emitted to now) */
void lower_jmp(struct lower *l, label to);
void lower_jcc(struct lower *l, enum x86_cc cc, label to);
void lower_cold_begin(struct lower *l);
void lower_cold_end(struct lower *l);

/* -- who lowers what -- */
/*
 * lower_vector (lower_vec*.c, lower_fp*.c) is offered every operation with an xmm operand or result, except
 * GET, PUT, SEL, VCONST, LD, ST, STLR, LDX, STX, CAS, HELPER and all that make or use flags (FCMP, FLFCMP).
 * It may refuse (before the operation's own function has asked for anything): then C computes the operation.  It is
 * called only for operations whose result is used, or whose exceptions are.
 */
bool lower_vector(struct lower *l, ir_ref ref, const struct ir_insn *i);
/* Is this left to C because of what FPCR and FPSR are used for? */
bool fpx_left_to_c(struct lower *l, const struct ir_insn *i);
/* Calls ir_eval_op in cold code, where the inline form turned out not to do.  lower_expect_call stands between the uses and the
 * temps; lower_call_cold gets the (xmm) registers of operands and result, X86_TRAP_NONE for none. */
struct lower_operands {
    uint8_t a, b, c, d;
};
void lower_expect_call(struct lower *l);
void lower_call_cold(struct lower *l, const struct ir_insn *i, const struct lower_operands *at);
/* A field of struct cpu. */
static inline struct x86_mem mem_cpu(size_t offset)
{
    return (struct x86_mem){5, MEM_NONE, 0, (int32_t)offset - CPU_BIAS};
}
static inline struct x86_mem mem_stub(enum stub stub)
{
    return mem_cpu(offsetof(struct cpu, stub) + sizeof(void *) * stub);
}

/* What the vector files may look at in struct lower; the whole of it is in lower_impl.h and begins with this. */
struct lower_public {
    struct enc *e; /* where code goes now */
    const struct ir *ir;
    const struct x86_target *target;
    bool avx512;
    unsigned careful; /* not 0: the current guest instruction is to do without traps */
};
static inline const struct lower_public *lower_public(struct lower *l)
{
    return (const struct lower_public *)l;
}
static inline struct enc *lower_enc(struct lower *l)
{
    return lower_public(l)->e;
}
/* The type of an operand. */
static inline enum ir_type lower_type(struct lower *l, ir_ref ref)
{
    return ir_result_type(&lower_public(l)->ir->insn[ref]);
}
static inline const struct ir *lower_ir(struct lower *l)
{
    return lower_public(l)->ir;
}
static inline const struct x86_target *lower_target(struct lower *l)
{
    return lower_public(l)->target;
}
static inline bool lower_avx512(struct lower *l)
{
    return lower_public(l)->avx512;
}
static inline bool lower_careful(struct lower *l)
{
    return lower_public(l)->careful != 0;
}
/* 1: it has trapped often; 2: in form 1, too (careful.c). */
static inline unsigned lower_careful_level(struct lower *l)
{
    return lower_public(l)->careful;
}

#endif
