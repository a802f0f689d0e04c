/* SPDX-License-Identifier: MIT */
/*
 * Writing the meaning of A64 instructions.
 *
 * Each line of the *.decode files names a function; it gets the instruction's fields and appends the IR of the
 * instruction to t->ir.  It returns false if the encoding turns out to be unallocated (then what it appended is dropped
 * and the guest gets SIGILL).  The names below are the whole vocabulary: short, because they occur thousands of times.
 */
#ifndef DBT_A64_TR_H
#define DBT_A64_TR_H

#include "dbt/cpu.h"
#include "dbt/ir/ir.h"

#define A64_X(n)    ((int64_t)(offsetof(struct cpu, a64.x) + 8 * (n)))
#define A64_V(n)    ((int64_t)(offsetof(struct cpu, a64.v) + 16 * (n)))
#define A64_CELL(m) ((int64_t)offsetof(struct cpu, a64.m))

struct tr {
    struct ir *ir;
    gaddr pc; /* of the instruction being translated */
    uint32_t word;
    bool end; /* set by an instruction that ended the unit */
};

/* -- constants --------------------------------------------------------------------------------------------------------- */
static inline ir_ref k64(struct tr *t, uint64_t v)
{
    return ir_op0(t->ir, IR_CONST, T_I64, (int64_t)v);
}
static inline ir_ref k32(struct tr *t, uint32_t v)
{
    return ir_op0(t->ir, IR_CONST, T_I32, v);
}
static inline ir_ref kint(struct tr *t, enum ir_type ty, uint64_t v)
{
    return ty == T_I64 ? k64(t, v) : k32(t, (uint32_t)v);
}
static inline ir_ref kpc(struct tr *t, gaddr v)
{
    return ir_op0(t->ir, IR_PC, T_I64, (int64_t)v);
}
static inline ir_ref kvec(struct tr *t, enum ir_type ty, uint64_t lo, uint64_t hi)
{
    return ir_vconst(t->ir, ty, lo, hi);
}

/* -- operations ---------------------------------------------------------------------------------------------------------- */
static inline ir_ref op1(struct tr *t, enum ir_op op, enum ir_type ty, ir_ref a)
{
    return ir_op1(t->ir, op, ty, a, 0);
}
static inline ir_ref op1i(struct tr *t, enum ir_op op, enum ir_type ty, ir_ref a, int64_t i)
{
    return ir_op1(t->ir, op, ty, a, i);
}
static inline ir_ref op2(struct tr *t, enum ir_op op, enum ir_type ty, ir_ref a, ir_ref b)
{
    return ir_op2(t->ir, op, ty, a, b);
}
static inline ir_ref op3(struct tr *t, enum ir_op op, enum ir_type ty, ir_ref a, ir_ref b, ir_ref c)
{
    return ir_op3(t->ir, op, ty, a, b, c);
}
/* With size and cc. */
static inline ir_ref opx(struct tr *t, enum ir_op op, enum ir_type ty, ir_ref a, ir_ref b, ir_ref c,
                         unsigned size, unsigned cc, int64_t imm)
{
    return ir_add(t->ir, (struct ir_insn){.op = op,
                                          .type = ty,
                                          .size = (uint8_t)size,
                                          .cc = (uint8_t)cc,
                                          .a = a,
                                          .b = b,
                                          .c = c,
                                          .imm = imm});
}

/* -- registers ------------------------------------------------------------------------------------------------------------ */
static inline enum ir_type isz(unsigned sf)
{
    return sf ? T_I64 : T_I32;
}
/* Rn as type ty; register 31 reads as zero. */
static inline ir_ref rx(struct tr *t, enum ir_type ty, unsigned n)
{
    return n == 31 ? kint(t, ty, 0) : ir_op0(t->ir, IR_GET, ty, A64_X(n));
}
/* Rn as type ty; register 31 is SP. */
static inline ir_ref rxsp(struct tr *t, enum ir_type ty, unsigned n)
{
    return ir_op0(t->ir, IR_GET, ty, A64_X(n));
}
static inline ir_ref zext64(struct tr *t, enum ir_type ty, ir_ref v)
{
    return ty == T_I64 ? v : opx(t, IR_ZEXT, T_I64, v, 0, 0, 2, 0, 0);
}
/* Rd = v of type ty, zero-extended; register 31 discards. */
static inline void wx(struct tr *t, enum ir_type ty, unsigned n, ir_ref v)
{
    if (n != 31)
        ir_op1(t->ir, IR_PUT, T_I64, zext64(t, ty, v), A64_X(n));
}
/* Rd = v; register 31 is SP. */
static inline void wxsp(struct tr *t, enum ir_type ty, unsigned n, ir_ref v)
{
    ir_op1(t->ir, IR_PUT, T_I64, zext64(t, ty, v), A64_X(n));
}

/* Vn: all of it as lanes of type ty, or the low part as a scalar float type. */
static inline ir_ref rv(struct tr *t, enum ir_type ty, unsigned n)
{
    return ir_op0(t->ir, IR_GET, ty, A64_V(n));
}
/* Vd = v, a 128-bit value. */
static inline void wv(struct tr *t, unsigned n, ir_ref v)
{
    ir_op1(t->ir, IR_PUT, T_V64, v, A64_V(n));
}
/* Vd = the low 1 << size bytes of v (any xmm type), zero above: size 1, 2, 3 for H, S, D. */
static inline void wv_low(struct tr *t, unsigned n, ir_ref v, unsigned size)
{
    wv(t, n, opx(t, IR_VZEXT, T_V64, v, 0, 0, size, 0, 0));
}
/* Vd of a vector instruction: the whole of v if q, else its low half and zeroes. */
static inline void wvq(struct tr *t, unsigned q, unsigned n, ir_ref v)
{
    if (q)
        wv(t, n, v);
    else
        wv_low(t, n, v, 3);
}

static inline void wflags(struct tr *t, ir_ref fl)
{
    ir_op1(t->ir, IR_PUTFL, T_NONE, fl, 0);
}
/* cc: below CC_AL; the callers know what is unconditional. */
static inline ir_ref cond(struct tr *t, unsigned cc)
{
    return opx(t, IR_COND, T_I32, ir_op0(t->ir, IR_GETFL, T_FL, 0), 0, 0, 0, cc, 0);
}

/* -- calls to C ------------------------------------------------------------------------------------------------------------- */
/* Numbers of the C functions that A64 instructions call: rare things only. Bodies in helpers*.c. */
enum a64_helper {
#define X(name) HELPER_##name,
#include "dbt/a64/helpers.h"
#undef X
    HELPER_COUNT
};
static inline ir_ref helper(struct tr *t, enum a64_helper h, enum ir_type ty, ir_ref a, ir_ref b, ir_ref c,
                            uint64_t param, enum ir_effect e)
{
    return opx(t, IR_HELPER, ty, a, b, c, 0, e, (int64_t)(h | param << 16));
}

#endif
