/* SPDX-License-Identifier: MIT */
/* What the files of the base instruction set share: immediates, shifts, addresses, direct jumps. */
#ifndef DBT_A64_BASE_H
#define DBT_A64_BASE_H

#include "dbt/a64/feature.h"
#include "dbt/a64/tr.h"

/* The low `width` bits of v as a signed number. */
static inline int64_t sext(uint64_t v, unsigned width)
{
    return (int64_t)(v << (64 - width)) >> (64 - width);
}
static inline uint64_t ones(unsigned width)
{
    return width >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << width) - 1;
}
static inline unsigned type_width(enum ir_type ty)
{
    return ty == T_I64 ? 64 : 32;
}

/* v shifted as `shift` says (0 LSL, 1 LSR, 2 ASR, 3 ROR) by a constant. */
static inline ir_ref shifted(struct tr *t, enum ir_type ty, ir_ref v, unsigned shift, unsigned amount)
{
    static const uint8_t op[4] = {IR_SHL, IR_SHR, IR_SAR, IR_ROR};
    return amount ? op2(t, (enum ir_op)op[shift], ty, v, k32(t, amount)) : v;
}

/* The low `width` bits of v, zero-extended, in the fewest operations. */
static inline ir_ref low_bits(struct tr *t, enum ir_type ty, ir_ref v, unsigned width)
{
    if (width >= type_width(ty))
        return v;
    if (width == 8 || width == 16 || width == 32)
        return opx(t, IR_ZEXT, ty, v, 0, 0, width == 8 ? 0 : width == 16 ? 1 : 2, 0, 0);
    return op2(t, IR_AND, ty, v, kint(t, ty, ones(width)));
}

/* Leaves for `why`, at this instruction, if b (size: see ir/ops.h). */
static inline void leave_if(struct tr *t, ir_ref b, enum exit_reason why, ir_ref arg, unsigned size)
{
    ir_add(t->ir, (struct ir_insn){.op = IR_LEAVE_IF,
                                   .type = T_NONE,
                                   .size = (uint8_t)size,
                                   .cc = (uint8_t)why,
                                   .a = b,
                                   .b = arg,
                                   .imm = (int64_t)t->pc});
}

static inline void fence(struct tr *t, enum ir_fence kind)
{
    ir_add(t->ir, (struct ir_insn){.op = IR_FENCE, .type = T_NONE, .cc = (uint8_t)kind});
}

/* The base register of an access.  The stack pointer must be aligned then; see sp.c. */
static inline ir_ref base_reg(struct tr *t, unsigned rn)
{
    ir_ref v = rxsp(t, T_I64, rn);
    if (rn == 31 && t->ir->careful)
        leave_if(t, opx(t, IR_CMPZ, T_I64, v, k64(t, 15), 0, 0, CC_NE, 0), EXIT_ALIGN_SP, v, 0);
    return v;
}

/*
 * Accesses that are ordered or atomic fault if they cross 16 bytes (FEAT_LSE2 with SCTLR_EL1.nAA clear, as Linux has it);
 * without LSE2, if they are misaligned at all.  The access is 1 << size bytes at base + imm.
 */
static inline void check_alignment(struct tr *t, ir_ref base, unsigned size, int64_t imm, bool write)
{
    ir_ref at = imm ? op2(t, IR_ADD, T_I64, base, k64(t, (uint64_t)imm)) : base, wrong;
    if (size == 0)
        return;
    wrong = opx(t, IR_CMPZ, T_I64, at, k64(t, ones(size)), 0, 0, CC_NE, 0);
    leave_if(t, wrong, write ? EXIT_ALIGN_STORE : EXIT_ALIGN_LOAD, at,
             size < 4 && a64_has(FEAT_LSE2) ? size : 0);
}
static inline ir_ref aligned_base(struct tr *t, unsigned rn, unsigned size, int64_t imm, bool write)
{
    ir_ref base = base_reg(t, rn);
    check_alignment(t, base, size, imm, write);
    return base;
}

/* A guest address in the form that LD and ST take: base + (index << shift) + imm. */
struct address {
    ir_ref base, index;
    unsigned shift;
    int64_t imm;
};
static inline struct address address_imm(struct tr *t, unsigned rn, int64_t imm)
{
    return (struct address){.base = base_reg(t, rn), .imm = imm};
}
/* An address with a register added; sx and x are option<2> and option<0>. */
static inline struct address address_index_reg(struct tr *t, struct address ad, unsigned rm, unsigned sx,
                                               unsigned x, unsigned shift)
{
    if (rm == 31)
        return ad;
    ad.index = rx(t, T_I64, rm);
    if (!x)
        ad.index = opx(t, sx ? IR_SEXT : IR_ZEXT, T_I64, ad.index, 0, 0, 2, 0, 0);
    ad.shift = shift;
    return ad;
}
static inline struct address address_reg(struct tr *t, unsigned rn, unsigned rm, unsigned sx, unsigned x,
                                         unsigned shift)
{
    return address_index_reg(t, address_imm(t, rn, 0), rm, sx, x, shift);
}
/* Reads 1 << size bytes at ad, `plus` bytes further on. */
static inline ir_ref load(struct tr *t, enum ir_op op, enum ir_type ty, const struct address *ad,
                          unsigned size, int64_t plus)
{
    return opx(t, op, ty, ad->base, ad->index, 0, size, ad->shift, ad->imm + plus);
}
static inline void store(struct tr *t, enum ir_type ty, const struct address *ad, ir_ref v, unsigned size,
                         int64_t plus)
{
    opx(t, IR_ST, ty, ad->base, ad->index, v, size, ad->shift, ad->imm + plus);
}
/* Base register write-back; to be called behind the accesses, so that a fault finds the old value. */
static inline void write_back(struct tr *t, unsigned rn, ir_ref base, int64_t imm)
{
    wxsp(t, T_I64, rn, op2(t, IR_ADD, T_I64, base, k64(t, (uint64_t)imm)));
}

/* A general register for an access of 1 << size bytes. */
static inline enum ir_type access_type(unsigned size)
{
    return size == 3 ? T_I64 : T_I32;
}

/* To be called first by every branch whose target may lie behind: an endless loop must notice asynchronous signals. */
static inline void poll(struct tr *t)
{
    ir_op0(t->ir, IR_POLL, T_NONE, (int64_t)t->pc);
}
static inline void poll_if_backward(struct tr *t, gaddr target)
{
    if (target <= t->pc)
        poll(t);
}
static inline void jump(struct tr *t, gaddr target)
{
    ir_op0(t->ir, IR_JUMP, T_NONE, (int64_t)target);
    t->end = true;
}

/* exclusive.c: as dbt_guest.alone. */
bool a64_alone(const void *code, size_t avail, bool *beyond);

#endif
