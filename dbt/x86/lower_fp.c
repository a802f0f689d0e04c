/* SPDX-License-Identifier: MIT */
/*
 * Floating-point arithmetic: the plain host instruction, in a trap region.
 *
 * x86 and Arm agree on every result without an invalid operation: the same rounding, and of two quiet NaNs
 * the first operand.  With one (a default NaN, a signalling NaN) the unmasked exception traps, and the
 * handler computes Arm's answer from the operands' registers.  So what must hold here: all operands in
 * registers, and none of them overwritten before the last instruction of the region that can trap.
 *
 * A trap where Arm does not raise invalid is right, too: the flag in MXCSR is never set while guest code runs
 * (cpu->fp_invalid), so the handler knows that the host has set it, and takes it back.  But a trap costs 2 microseconds,
 * and numbers that are ordinary for a program are not to cost that:
 *
 *  - FMIN, FMAX: vmin and vmax would trap on every NaN: a test before, and a cold path that keeps NaN lanes
 *    away from them.  Of two zeros they return the second, so both orders are tried; vrange orders zeros.
 *  - FMINNM: vrange is IEEE's minNum with ordered zeros, quiet NaNs included; without AVX-512 as FMIN.
 *  - FCMPV GE, GT: signalling predicates trap on every NaN, as Arm raises invalid.
 *  - FRINT A: r = trunc(x); r + trunc(2 (x - r)): all exact, so no inexact; infinities stay out of x - r.
 *
 * What FPCR and FPSR ask for beyond what MXCSR does: lower_fp_modes.c.
 */
#include "dbt/x86/lower_vec.h"

struct lower_trap fpx_trap(struct lower *l, const struct ir_insn *i, unsigned d, unsigned a, unsigned b,
                           unsigned c)
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

static bool low_lane(struct lower *l, int kind)
{
    return fpx_is_scalar(kind) && lower_avx512(l);
}

void fpx_op3(struct lower *l, enum vop family, int kind, xmm d, xmm a, xmm b)
{
    if (low_lane(l, kind))
        enc_v_low_lane(lower_enc(l), (enum vop)(family + kind - 2), d.n, a.n, xm_reg(b), 0);
    else
        enc_v3r(lower_enc(l), (enum vop)(family + kind), d, a, b);
}

static void fpx_op3i(struct lower *l, enum vop family, int kind, xmm d, xmm a, xmm b, unsigned imm)
{
    if (low_lane(l, kind))
        enc_v_low_lane(lower_enc(l), (enum vop)(family + kind - 2), d.n, a.n, xm_reg(b), imm);
    else
        enc_v3i(lower_enc(l), (enum vop)(family + kind), d, a, xm_reg(b), imm);
}

/* Families whose packed instructions have one operand, and the scalar ones a second for the upper part. */
static void op2i(struct lower *l, enum vop family, int kind, xmm d, xmm a, unsigned imm)
{
    if (low_lane(l, kind))
        enc_v_low_lane(lower_enc(l), (enum vop)(family + kind - 2), d.n, 0, xm_reg(a), imm);
    else
        enc_v(lower_enc(l), (enum vop)(family + kind), d.n, fpx_is_scalar(kind) ? a.n : 0, xm_reg(a), imm);
}

void fpx_op2(struct lower *l, enum vop family, int kind, xmm d, xmm a)
{
    op2i(l, family, kind, d, a, 0);
}

void fpx_scalar_clean(struct lower *l, ir_ref ref, enum ir_type t, ir_ref a)
{
    unsigned n = vx_known(l, a), bytes = ir_type_bytes[t];
    lower_set_clean(l, ref, lower_avx512(l) || n < bytes ? bytes : n);
}

static void fpx_clean(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vec_clean how)
{
    if (ir_type_is_vec(i->type))
        vx_clean(l, ref, i, how);
    else
        fpx_scalar_clean(l, ref, i->type, i->a);
}

bool fpx_binary(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    int kind = fpx_kind(i->type);
    if (kind < 0)
        return half_binary(l, ref, i);
    if (lower_careful(l)) {
        careful_arith(l, ref, i);
        fpx_clean(l, ref, i, i->op == IR_FADD || i->op == IR_FMUL ? CLEAN_BOTH : CLEAN_NO);
        return true;
    }
    enum vop op = i->op == IR_FADD   ? V_ADDPS
                  : i->op == IR_FSUB ? V_SUBPS
                  : i->op == IR_FMUL ? V_MULPS
                                     : V_DIVPS;
    enum vec_clean clean = i->op == IR_FADD || i->op == IR_FMUL ? CLEAN_BOTH : CLEAN_NO;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    struct fpx_tiny tiny = {.on = false};
    if (i->op == IR_FMUL)
        tiny = fpx_tiny_temps(l);
    xmm d = tiny.on ? lower_def_x(l, ref) : lower_def_x_over(l, ref);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    fpx_op3(l, op, kind, d, a, b);
    lower_trap_end(l, &t);
    fpx_tiny_check(l, &tiny, i, kind, d, &(struct fpx_operands){a, b, b});
    fpx_clean(l, ref, i, clean);
    return true;
}

bool fpx_sqrt(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    int kind = fpx_kind(i->type);
    if (kind < 0)
        return half_unary(l, ref, i);
    if (lower_careful(l)) {
        careful_arith(l, ref, i);
        fpx_clean(l, ref, i, CLEAN_A);
        return true;
    }
    xmm a = lower_use_x(l, i->a), d = lower_def_x_over(l, ref);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    fpx_op2(l, V_SQRTPS, kind, d, a);
    lower_trap_end(l, &t);
    fpx_clean(l, ref, i, CLEAN_A);
    return true;
}

/* FABS and FNEG: bits only, and with AH not those of NaNs. */
bool fpx_sign(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    bool is_abs = i->op == IR_FABS, is_vec = ir_type_is_vec(i->type);
    unsigned lane = ir_number_size(i->type);
    uint64_t sign = 1ull << ((8u << lane) - 1), mask = is_abs ? sign - 1 : sign;
    if (lane == 0)
        return false;
    int kind = fpx_kind(i->type);
    bool lane0 = !is_abs && kind >= 0 && low_lane(l, kind);
    xm m = is_vec ? vx_splat(l, lane, mask) : vx_const(l, mask, 0);
    bool minds = fpx_minds_alternate(l);
    xmm a = lower_use_x(l, i->a), t = a, u = a;
    if (minds)
        t = lower_temp_x(l), u = lower_temp_x(l);
    xmm d = minds ? lower_def_x(l, ref) : lower_def_x_over(l, ref);
    if (lane0)
        enc_v_low_lane(lower_enc(l), fpx_is_double(kind) ? V_XORPD : V_XORPS, d.n, a.n, m, 0);
    else
        enc_v3(lower_enc(l), is_abs ? V_ANDPS : V_XORPS, d, a, m);
    if (minds)
        fpx_nan_signs(l, i, d, a, t, u);
    if (!is_vec && (is_abs || lane0))
        lower_set_clean(l, ref, 1u << lane);
    else if (is_vec)
        vx_clean(l, ref, i, is_abs ? CLEAN_A : CLEAN_NO);
    else
        lower_set_clean(l, ref, vx_known(l, i->a) > 1u << lane ? vx_known(l, i->a) : 1u << lane);
    return true;
}

struct minmax {
    int kind;
    bool is_min, number;  /* FMINNM, FMAXNM: numbers win over quiet NaNs */
    xmm a, b, d, t, u, w; /* t, u, w: scratch */
};

void fpx_minmax_numbers(struct lower *l, int kind, bool is_min, xmm d, xmm a, xmm b, xmm t)
{
    struct enc *e = lower_enc(l);
    enum vop op = (enum vop)((is_min ? V_MINPS : V_MAXPS) + kind);
    if (lower_avx512(l)) {
        fpx_op3i(l, V_RANGEPS, kind, d, a, b, is_min ? 4 : 5);
        return;
    }
    enc_v3r(e, op, t, a, b);
    enc_v3r(e, op, d, b, a);
    enc_v3r(e, is_min ? V_ORPS : V_ANDPS, d, d, t);
}

/* Minimum and maximum hand subnormal operands through as they are; with FPCR.FZ they are to be zeroes. */
static void minmax_flush(struct lower *l, int kind, xmm d)
{
    if (lower_target(l)->fp_mode & FP_FZ)
        enc_v3(lower_enc(l), (enum vop)(V_MULPS + kind), d, d, fpx_one(l, kind));
}

/* Some lane has a NaN: lanes without one as above, 0 in the others; then the NaNs' part or'ed in. */
static void minmax_cold(struct lower *l, const struct minmax *m)
{
    struct enc *e = lower_enc(l);
    fpx_compare(l, m->kind, m->u, m->a, xm_reg(m->b), CMP_UNORD_Q);
    enc_v3r(e, V_ANDNPS, m->t, m->u, m->a);
    enc_v3r(e, V_ANDNPS, m->w, m->u, m->b);
    enum vop op = (enum vop)((m->is_min ? V_MINPS : V_MAXPS) + m->kind);
    enc_v3r(e, op, m->d, m->t, m->w);
    enc_v3r(e, op, m->t, m->w, m->t);
    enc_v3r(e, m->is_min ? V_ORPS : V_ANDPS, m->d, m->d, m->t);
    if (m->number) { /* b a NaN: a, else b */
        fpx_compare(l, m->kind, m->w, m->b, xm_reg(m->b), CMP_UNORD_Q);
        enc_v3r(e, V_ANDPS, m->t, m->w, m->a);
        enc_v3r(e, V_ANDNPS, m->w, m->w, m->b);
        enc_v3r(e, V_ANDPS, m->w, m->w, m->u);
        enc_v3r(e, V_ORPS, m->t, m->t, m->w);
        /* The number has not been through arithmetic: times one, it is flushed where FPCR.FZ asks for that. */
        enc_v3(e, (enum vop)(V_MULPS + m->kind), m->t, m->t, fpx_one(l, m->kind));
    } else { /* the sum is the first NaN, and no flag is raised by 0 + 0 */
        enc_v3r(e, V_ANDPS, m->t, m->u, m->a);
        enc_v3r(e, V_ANDPS, m->w, m->u, m->b);
        enc_v3r(e, (enum vop)(V_ADDPS + m->kind), m->t, m->t, m->w);
    }
    enc_v3r(e, V_ORPS, m->d, m->d, m->t);
    if (low_lane(l, m->kind))
        vx_zero_above(l, m->kind == 3 ? 3 : 2, m->d);
}

bool fpx_minmax(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct minmax m = {.kind = fpx_kind(i->type),
                       .is_min = i->op == IR_FMIN || i->op == IR_FMINNM,
                       .number = i->op == IR_FMINNM || i->op == IR_FMAXNM};
    if (m.kind < 0)
        return half_minmax(l, ref, i);
    m.a = lower_use_x(l, i->a), m.b = lower_use_x(l, i->b);
    fpx_ask_expect(l, i);
    m.t = lower_temp_x(l), m.u = lower_temp_x(l), m.w = lower_temp_x(l);
    m.d = lower_def_x(l, ref);
    label cold = lower_label(l), done = lower_label(l);
    struct fpx_detour detour =
        fpx_ask(l, i, 2 + fpx_is_double(m.kind), fpx_is_scalar(m.kind), (const xmm[]){m.a, m.b}, 2,
                fp_infinity(2 + fpx_is_double(m.kind)), (const xmm[]){m.t, m.u}, m.d);
    struct lower_trap trap = fpx_trap(l, i, m.d.n, m.a.n, m.b.n, X86_TRAP_NONE);
    fpx_branch_if_nan(l, m.kind, m.a, m.b, m.t, cold);
    fpx_minmax_numbers(l, m.kind, m.is_min, m.d, m.a, m.b, m.t);
    minmax_flush(l, m.kind, m.d);
    lower_trap_end(l, &trap);
    lower_bind(l, done);

    lower_cold_begin(l);
    lower_bind(l, cold);
    trap = fpx_trap(l, i, m.d.n, m.a.n, m.b.n, X86_TRAP_NONE);
    minmax_cold(l, &m);
    lower_trap_end(l, &trap);
    lower_jmp(l, done);
    lower_cold_end(l);
    fpx_ask_end(l, &detour, i);
    if (!fpx_is_scalar(m.kind))
        vx_clean(l, ref, i, CLEAN_BOTH);
    else if (lower_avx512(l))
        lower_set_clean(l, ref, ir_type_bytes[i->type]);
    return true;
}

bool fpx_minmaxnm(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    int kind = fpx_kind(i->type);
    if (kind < 0 || !lower_avx512(l) || lower_careful(l))
        return fpx_minmax(l, ref, i);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), d = lower_def_x_over(l, ref);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    fpx_op3i(l, V_RANGEPS, kind, d, a, b, i->op == IR_FMINNM ? 4 : 5);
    minmax_flush(l, kind, d);
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

static void note_if_nan(struct lower *l, int kind, xmm a, xmm b, xmm t)
{
    label cold = lower_label(l), done = lower_label(l);
    fpx_branch_if_nan(l, kind, a, b, t, cold);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    fpx_note_invalid(l);
    lower_jmp(l, done);
    lower_cold_end(l);
}

bool fpx_cmpv(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    int kind = fpx_kind(i->type);
    if (i->cc != CC_EQ && i->cc != CC_GE && i->cc != CC_GT)
        return false;
    if (kind < 0)
        return half_compare(l, ref, i);
    bool quiet = lower_careful(l);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm u = quiet ? lower_temp_x(l) : a, d = lower_def_x_over(l, ref);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    if (quiet && i->cc != CC_EQ)
        note_if_nan(l, kind, a, b, u);
    fpx_compare(l, kind, d, a, xm_reg(b),
                i->cc == CC_EQ   ? CMP_EQ_OQ
                : i->cc == CC_GE ? (quiet ? CMP_GE_OQ : CMP_GE_OS)
                                 : (quiet ? CMP_GT_OQ : CMP_GT_OS));
    lower_trap_end(l, &t);
    return true;
}

void fpx_ucomis(struct lower *l, int kind, bool signalling, xmm a, xm b)
{
    struct enc *e = lower_enc(l);
    enum vop op =
        fpx_is_double(kind) ? (signalling ? V_COMISD : V_UCOMISD) : (signalling ? V_COMISS : V_UCOMISS);
    enc_v2(e, op, a, b);
    e->flags_gen++;
}

void fpx_round(struct lower *l, int kind, xmm d, xmm s, unsigned mode)
{
    op2i(l, V_ROUNDPS, kind, d, s, mode);
}

unsigned fpx_round_mode(unsigned ir_round)
{
    static const uint8_t mode[] = {
        [ROUND_N] = 0, [ROUND_P] = 2, [ROUND_M] = 1, [ROUND_Z] = 3, [ROUND_CURRENT] = 4};
    return mode[ir_round];
}

void fpx_branch_if_nan(struct lower *l, int kind, xmm a, xmm b, xmm t, label to)
{
    struct enc *e = lower_enc(l);
    if (fpx_is_scalar(kind)) {
        fpx_ucomis(l, kind, false, a, xm_reg(b));
        lower_jcc(l, X86_P, to);
        return;
    }
    if (!enc_v_low(t, a) || b.n >= 16) { /* a mask costs more than a register that vptest looks at */
        enc_v(e, (enum vop)(V_K_CMPPS + kind), 1, a.n, xm_reg(b), CMP_UNORD_Q);
        enc_v(e, V_KORTESTB, 1, 0, (xm){.n = 1}, 0);
        e->flags_gen++;
    } else {
        fpx_compare(l, kind, t, a, xm_reg(b), CMP_UNORD_Q);
        vx_test(l, t, t);
    }
    lower_jcc(l, X86_NE, to);
}

/* The result's sign is s's, also where it is zero and whatever the rounding mode makes of x - x. */
void fpx_round_away(struct lower *l, int kind, xmm d, xmm s, xmm t, xmm u)
{
    struct enc *e = lower_enc(l);
    enum { TRUNC = 8 | 3 };
    fpx_round(l, kind, d, s, TRUNC);
    if (lower_avx512(l)) { /* x - trunc(x), 0 for infinities */
        op2i(l, V_REDUCEPS, kind, t, s, TRUNC);
    } else {
        enc_v3(e, V_ANDPS, t, s, fpx_magnitude(l, kind));
        fpx_compare(l, kind, t, t, fpx_infinity(l, kind), CMP_LT_OQ);
        enc_v3r(e, V_ANDPS, u, s, t);
        enc_v3r(e, V_ANDPS, t, d, t);
        enc_v3r(e, (enum vop)(V_SUBPS + kind), t, u, t);
    }
    enc_v3r(e, (enum vop)(V_ADDPS + kind), t, t, t);
    fpx_round(l, kind, t, t, TRUNC);
    enc_v3r(e, (enum vop)(V_ADDPS + kind), d, d, t);
    if (lower_avx512(l)) {
        enc_v3i(e, V_TERNLOG, d, s, fpx_sign_mask(l, kind), 0xd8);
        return;
    }
    enc_v3(e, V_ANDPS, t, s, fpx_sign_mask(l, kind));
    enc_v3(e, V_ANDPS, d, d, fpx_magnitude(l, kind));
    enc_v3r(e, V_ORPS, d, d, t);
}

/* Only signalling NaNs trap: NaNs go to C. */
static void careful_frint(struct lower *l, ir_ref ref, const struct ir_insn *i, int kind, xmm a)
{
    unsigned lane = 2 + fpx_is_double(kind);
    lower_expect_call(l);
    const xmm t[2] = {lower_temp_x(l), lower_temp_x(l)};
    xmm d = lower_def_x(l, ref);
    struct fpx_detour detour = fpx_ask(l, i, lane, fpx_is_scalar(kind), &a, 1, fp_infinity(lane), t, d);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    if (i->cc == ROUND_A)
        fpx_round_away(l, kind, d, a, t[0], t[1]);
    else
        fpx_round(l, kind, d, a, fpx_round_mode(i->cc) | (i->imm == 1 ? 0 : 8));
    lower_trap_end(l, &trap);
    fpx_detour_end(l, &detour, i);
}

bool fpx_frint(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    int kind = fpx_kind(i->type);
    if (i->cc > ROUND_CURRENT || (i->cc == ROUND_A && i->imm == 1))
        return false;
    if (i->size)
        return fpx_frint_range(l, ref, i);
    if (kind < 0)
        return half_unary(l, ref, i);
    xmm a = lower_use_x(l, i->a);
    if (lower_careful(l)) {
        careful_frint(l, ref, i, kind, a);
    } else if (i->cc == ROUND_A) {
        xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x(l, ref);
        struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
        fpx_round_away(l, kind, d, a, t, u);
        lower_trap_end(l, &trap);
    } else {
        xmm d = lower_def_x_over(l, ref);
        struct lower_trap t = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
        fpx_round(l, kind, d, a, fpx_round_mode(i->cc) | (i->imm == 1 ? 0 : 8));
        lower_trap_end(l, &t);
    }
    if (i->cc != ROUND_A || !fpx_is_scalar(kind) || lower_avx512(l))
        fpx_clean(l, ref, i, CLEAN_A);
    return true;
}
