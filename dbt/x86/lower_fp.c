/* SPDX-License-Identifier: MIT */
/*
 * Floating-point arithmetic (DESIGN 8): the plain host instruction, in a trap region.
 *
 * x86 and Arm agree on every result without an invalid operation: the same rounding, and of two quiet NaNs the first
 * operand.  With one (a default NaN, a signalling NaN) the unmasked exception traps, and the handler computes Arm's
 * answer from the operands' registers.  So what must hold here: all operands in registers, and none of them overwritten
 * before the last instruction of the region that can trap.
 *
 *   FMIN FMAX      vmin and vmax trap on every NaN; of two zeros they return the second, so both orders are tried
 *   FMINNM         vrange is IEEE's minNum with ordered zeros, quiet NaNs included; without AVX-512 as FMIN
 *   FCMPV GE, GT   signalling predicates: trap on every NaN, as Arm raises invalid
 *   FRINT A        r = trunc(x); r + trunc(2 (x - r)): all exact, so no inexact; infinities trap in x - r
 *
 * Not seen here: FPCR.DN and FPCR.AHP.  Results are those of DN = 0, AHP = 0 unless the region traps; whoever sets one of them
 * needs translations that do without this file.  F16 arithmetic is computed by C.
 */
#include "dbt/x86/lower_vec.h"

struct lower_trap fpx_trap(struct lower *l, const struct ir_insn *i, unsigned d, unsigned a, unsigned b, unsigned c)
{
    struct lower_trap t = lower_trap_begin(l, i);
    t.dst = (uint8_t)d;
    t.a = (uint8_t)a;
    t.b = (uint8_t)b;
    t.c = (uint8_t)c;
    t.dst_is_gpr = t.a_is_gpr = false;
    return t;
}

xm fpx_const(struct lower *l, int kind, uint64_t f32, uint64_t f64)
{
    switch (kind) {
    case 0: return vx_splat(l, 2, f32);
    case 1: return vx_splat(l, 3, f64);
    case 2: return vx_const(l, f32, 0);
    default: return vx_const(l, f64, 0);
    }
}

/* Scalar results have the upper bytes of the first source. */
static void fpx_clean(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vec_clean how)
{
    if (ir_type_is_vec(i->type)) {
        vx_clean(l, ref, i, how);
        return;
    }
    unsigned n = vx_known(l, i->a), bytes = ir_type_bytes[i->type];
    lower_set_clean(l, ref, n < bytes ? bytes : n);
}

bool fpx_binary(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    int kind = fpx_kind(i->type);
    if (kind < 0)
        return false;
    enum vop op = i->op == IR_FADD ? V_ADDPS : i->op == IR_FSUB ? V_SUBPS : i->op == IR_FMUL ? V_MULPS : V_DIVPS;
    enum vec_clean clean = i->op == IR_FADD ? CLEAN_BOTH : i->op == IR_FMUL ? CLEAN_BOTH : CLEAN_NO;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), d = lower_def_x_over(l, ref);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    enc_v3r(lower_enc(l), (enum vop)(op + kind), d, a, b);
    lower_trap_end(l, &t);
    fpx_clean(l, ref, i, clean);
    return true;
}

bool fpx_sqrt(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    int kind = fpx_kind(i->type);
    if (kind < 0)
        return false;
    xmm a = lower_use_x(l, i->a), d = lower_def_x_over(l, ref);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    if (fpx_is_scalar(kind))
        enc_v3r(lower_enc(l), (enum vop)(V_SQRTPS + kind), d, a, a);
    else
        enc_v2r(lower_enc(l), (enum vop)(V_SQRTPS + kind), d, a);
    lower_trap_end(l, &t);
    fpx_clean(l, ref, i, CLEAN_A);
    return true;
}

/* FABS and FNEG: bits only. */
bool fpx_sign(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    bool is_abs = i->op == IR_FABS, is_vec = ir_type_is_vec(i->type);
    unsigned lane = is_vec ? ir_lane_size(i->type) : (unsigned)(i->type - T_F16) + 1;
    uint64_t sign = 1ull << ((8u << lane) - 1), mask = is_abs ? sign - 1 : sign;
    if (lane == 0)
        return false;
    xm m = is_vec ? vx_splat(l, lane, mask) : vx_const(l, mask, 0);
    xmm a = lower_use_x(l, i->a), d = lower_def_x_over(l, ref);
    enc_v3(lower_enc(l), is_abs ? V_ANDPS : V_XORPS, d, a, m);
    if (!is_vec && is_abs)
        lower_set_clean(l, ref, 1u << lane);
    else
        fpx_clean(l, ref, i, is_abs ? CLEAN_A : CLEAN_NO);
    return true;
}

bool fpx_minmax(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    int kind = fpx_kind(i->type);
    if (kind < 0)
        return false;
    bool is_min = i->op == IR_FMIN || i->op == IR_FMINNM;
    enum vop op = (enum vop)((is_min ? V_MINPS : V_MAXPS) + kind);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), t = lower_temp_x(l), d = lower_def_x_over(l, ref);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    enc_v3r(e, op, t, a, b);
    enc_v3r(e, op, d, b, a);
    enc_v3r(e, is_min ? V_ORPS : V_ANDPS, d, d, t);
    lower_trap_end(l, &trap);
    if (!fpx_is_scalar(kind))
        vx_clean(l, ref, i, CLEAN_BOTH);
    return true;
}

bool fpx_minmaxnm(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    int kind = fpx_kind(i->type);
    if (kind < 0 || !lower_avx512(l))
        return fpx_minmax(l, ref, i);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), d = lower_def_x_over(l, ref);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    enc_v3i(lower_enc(l), (enum vop)(V_RANGEPS + kind), d, a, xm_reg(b), i->op == IR_FMINNM ? 4 : 5);
    lower_trap_end(l, &t);
    fpx_clean(l, ref, i, CLEAN_BOTH);
    return true;
}

void fpx_compare(struct lower *l, int kind, xmm d, xmm a, xm b, unsigned pred)
{
    struct enc *e = lower_enc(l);
    if (enc_v_low(d, a) && (b.mem || b.n < 16)) {
        enc_v3i(e, (enum vop)(V_CMPPS + kind), d, a, b, pred);
    } else {
        enc_v(e, (enum vop)(V_K_CMPPS + kind), 1, a.n, b, pred);
        enc_v(e, fpx_is_double(kind) ? V_PMOVM2Q : V_PMOVM2D, d.n, 0, (xm){.n = 1}, 0);
    }
}

bool fpx_cmpv(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    enum { EQ_OQ = 0x00, GE_OS = 0x0d, GT_OS = 0x0e };
    int kind = fpx_kind(i->type);
    if (kind < 0 || (i->cc != CC_EQ && i->cc != CC_GE && i->cc != CC_GT))
        return false;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), d = lower_def_x_over(l, ref);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    fpx_compare(l, kind, d, a, xm_reg(b), i->cc == CC_EQ ? EQ_OQ : i->cc == CC_GE ? GE_OS : GT_OS);
    lower_trap_end(l, &t);
    return true;
}

void fpx_ucomis(struct lower *l, int kind, bool signalling, xmm a, xm b)
{
    struct enc *e = lower_enc(l);
    enum vop op = fpx_is_double(kind) ? (signalling ? V_COMISD : V_UCOMISD) : (signalling ? V_COMISS : V_UCOMISS);
    enc_v2(e, op, a, b);
    e->flags_gen++;
}

void fpx_round(struct lower *l, int kind, xmm d, xmm s, unsigned mode)
{
    enum vop op = (enum vop)(V_ROUNDPS + kind);
    if (fpx_is_scalar(kind))
        enc_v3i(lower_enc(l), op, d, s, xm_reg(s), mode);
    else
        enc_v2i(lower_enc(l), op, d, xm_reg(s), mode);
}

unsigned fpx_round_mode(unsigned ir_round)
{
    static const uint8_t mode[] = {[ROUND_N] = 0, [ROUND_P] = 2, [ROUND_M] = 1, [ROUND_Z] = 3, [ROUND_CURRENT] = 4};
    return mode[ir_round];
}

/* The result's sign is s's also where it is zero. */
void fpx_round_away(struct lower *l, int kind, xmm d, xmm s, xmm t)
{
    struct enc *e = lower_enc(l);
    fpx_round(l, kind, d, s, 8 | 3);
    enc_v3r(e, (enum vop)(V_SUBPS + kind), t, s, d);
    enc_v3r(e, (enum vop)(V_ADDPS + kind), t, t, t);
    fpx_round(l, kind, t, t, 8 | 3);
    enc_v3r(e, (enum vop)(V_ADDPS + kind), d, d, t);
    enc_v3(e, V_ANDPS, t, s, fpx_sign_mask(l, kind));
    enc_v3r(e, V_ORPS, d, d, t);
}

bool fpx_frint(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    int kind = fpx_kind(i->type);
    if (kind < 0 || i->cc > ROUND_CURRENT || (i->cc == ROUND_A && i->imm == 1))
        return false;
    xmm a = lower_use_x(l, i->a);
    if (i->cc == ROUND_A) {
        xmm t = lower_temp_x(l), d = lower_def_x(l, ref);
        struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
        fpx_round_away(l, kind, d, a, t);
        lower_trap_end(l, &trap);
    } else {
        xmm d = lower_def_x_over(l, ref);
        struct lower_trap t = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
        fpx_round(l, kind, d, a, fpx_round_mode(i->cc) | (i->imm == 1 ? 0 : 8));
        lower_trap_end(l, &t);
    }
    if (i->cc != ROUND_A || !fpx_is_scalar(kind))
        fpx_clean(l, ref, i, CLEAN_A);
    return true;
}
