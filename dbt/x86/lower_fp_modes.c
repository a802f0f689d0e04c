/* SPDX-License-Identifier: MIT */
/*
 * FPCR and FPSR beyond what MXCSR does: what is left to C, default NaNs, results that are tiny before rounding only.
 *
 * Nothing here makes code unless some thread has asked for it (enum fp_mode in cpu.h), and the code asks what the
 * thread's own FPCR says only where that makes a difference.
 *
 *  - DN: x86 hands NaNs through.  Every result is looked at; a NaN becomes the default one in cold code.
 *  - Arm calls a result tiny if it is below the least normal number before rounding, x86 after it.  So they differ only
 *    in results that have been rounded up to exactly that number: on Arm those raise underflow, or, with FZ, are zero.
 *    Sums cannot be (a tiny sum is exact), nor can roots and quotients (a quotient is further below the least normal
 *    number than half a unit of its last place, so x86 sees that it is tiny); products, fused operations and conversions
 *    can.  Where one of these gives the least normal number, it is done over with the exceptions masked and rounding
 *    towards zero: what comes out smaller was tiny.
 *  - FZ while somebody reads FPSR.  Arm notes operands that are flushed (IDC): they are looked for before each operation
 *    but among the results of others.  And it does not call a flushed result inexact: see fp_mxcsr in cpu.h.
 *  - AHP, FZ16: C.
 *  - AH is Arm's name for what x86 does: default NaNs are negative, of several NaNs the first operand is taken, factors
 *    before the addend, tiny is what is so after rounding, and then flushed and inexact, and MXCSR's denormal bit is
 *    FPSR.IDC.  So the plain instructions serve both, where what stands around them asks for AH; but rounding to
 *    integral notes subnormal operands on x86 only, and minimum and maximum and what traps often are not worth a
 *    second form: C.
 *
 * Rejected: static rounding (AVX-512) for the second computation, because the first path must work anyway; finding out
 * about tiny results where FPSR is read, because the information is gone by then.
 */
#include "dbt/x86/lower_vec.h"

static unsigned mode(struct lower *l)
{
    return lower_target(l)->fp_mode;
}

static bool is_half(enum ir_type t)
{
    return t == T_F16 || t == T_V16;
}

/* FCVT, FCVTL, FCVTN between half and single or double precision. */
static bool converts_half(const struct ir_insn *i)
{
    return (i->op == IR_FCVT && (is_half(i->type) || i->size == 1)) ||
           (i->op == IR_FCVTL && i->type == T_V32) || (i->op == IR_FCVTN && i->type == T_V16);
}

static bool computes_half(const struct ir_insn *i)
{
    return !converts_half(i) && (is_half(i->type) || i->op == IR_FMAH || (i->op == IR_FTOI && i->size == 1));
}

/* FZ is in use, and FPSR, which shows what it does. */
static bool looks_at_flushes(struct lower *l)
{
    return mode(l) & FP_FZ && mode(l) & FP_FLAGS;
}

/* Not so: inexact operations that are not in a trap region; FCVTL, whose upper lanes do not count. */
static bool flushes_inline(struct lower *l, const struct ir_insn *i)
{
    return i->op == IR_ITOF ? fpx_itof_may_trap(l, i) : !(i->op == IR_FCVTL && i->type == T_V64);
}

/* Is the inline form right whether AH is set or not? */
static bool knows_alternate(struct lower *l, const struct ir_insn *i)
{
    bool single_or_double = fpx_kind((enum ir_type)i->type) >= 0;
    if (lower_careful(l))
        return false;
    switch (i->op) {
    case IR_FADD:
    case IR_FSUB:
    case IR_FMUL:
    case IR_FDIV:
    case IR_FSQRT:
    case IR_FMA:
    case IR_FCMPV:
    case IR_ITOF: return single_or_double;
    case IR_FCVT:
    case IR_FCVTL:
    case IR_FCVTN: return !converts_half(i);
    case IR_FTOI: /* not where it rounds, or compares, first */
        return i->size >= 2 && (i->cc == ROUND_Z || i->cc == ROUND_CURRENT) && (i->imm || lower_avx512(l));
    default: return false;
    }
}

bool fpx_minds_alternate(struct lower *l)
{
    return mode(l) & FP_AH;
}

void fpx_go_if_alternate(struct lower *l, label to)
{
    enc_alu_store_imm(lower_enc(l), ALU_CMP, 4, mem_cpu(offsetof(struct cpu, fp_ah)), 0);
    lower_jcc(l, X86_NE, to);
}

bool fpx_left_to_c(struct lower *l, const struct ir_insn *i)
{
    unsigned m = mode(l);
    if (!m || !ir_sets_fpsr((enum ir_op)i->op))
        return false;
    if (m & FP_AH && !knows_alternate(l, i))
        return true;
    return (looks_at_flushes(l) && !flushes_inline(l, i)) || (m & FP_AHP && converts_half(i)) ||
           (m & FP_FZ16 && computes_half(i));
}

/* -- default NaNs ------------------------------------------------------------------------------- */

static bool makes_nans(const struct ir_insn *i)
{
    switch (i->op) {
    case IR_FCMP:
    case IR_FLFCMP:
    case IR_FCMPV:
    case IR_FTOI:
    case IR_ITOF: return false;
    case IR_FRINT: return i->size == 0;
    default: return ir_sets_fpsr((enum ir_op)i->op);
    }
}

/* Lanes of d that are NaNs, as a mask in t. */
static void nan_lanes(struct lower *l, unsigned lane, bool is_scalar, xmm t, xmm d)
{
    uint64_t magnitude = fp_sign(lane) - 1;
    enc_v3(lower_enc(l), V_PAND, t, d, is_scalar ? vx_const(l, magnitude, 0) : vx_splat(l, lane, magnitude));
    vx_cmpgt(l, lane, t, t, vx_splat(l, lane, fp_infinity(lane)));
}

void fpx_default_nans(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!(mode(l) & FP_DN) || !makes_nans(i))
        return;
    bool is_vec = ir_type_is_vec(i->type);
    unsigned lane = ir_number_size(i->type);
    uint64_t nan = fp_quiet_nan(lane);
    xmm d = lower_result_x(l, ref), t = lower_temp_x(l), u = lower_temp_x(l);
    label cold = lower_label(l), done = lower_label(l);
    if (lane == 1 || mode(l) & FP_AH) { /* a comparison of numbers would note subnormal ones */
        nan_lanes(l, lane, !is_vec, t, d);
        vx_test(l, t, t);
        lower_jcc(l, X86_NE, cold);
    } else {
        fpx_branch_if_nan(l, fpx_kind(i->type), d, d, t, cold);
    }
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    struct enc *e = lower_enc(l);
    enc_alu_store_imm(e, ALU_CMP, 4, mem_cpu(offsetof(struct cpu, fp_dn)), 0);
    lower_jcc(l, X86_E, done);
    nan_lanes(l, lane, !is_vec, t, d);
    if (mode(l) & FP_AH) {
        uint64_t negative = nan | fp_sign(lane);
        label chosen = lower_label(l);
        enc_v3(e, V_PAND, u, t, is_vec ? vx_splat(l, lane, negative) : vx_const(l, negative, 0));
        fpx_go_if_alternate(l, chosen);
        enc_v3(e, V_PAND, u, t, is_vec ? vx_splat(l, lane, nan) : vx_const(l, nan, 0));
        lower_bind(l, chosen);
    } else {
        enc_v3(e, V_PAND, u, t, is_vec ? vx_splat(l, lane, nan) : vx_const(l, nan, 0));
    }
    enc_v3r(e, V_PANDN, t, t, d);
    enc_v3r(e, V_POR, d, t, u);
    lower_jmp(l, done);
    lower_cold_end(l);
}

/* -- signs of NaNs ------------------------------------------------------------------------------ */

void fpx_nan_signs(struct lower *l, const struct ir_insn *i, xmm d, xmm a, xmm t, xmm u)
{
    bool is_vec = ir_type_is_vec(i->type);
    unsigned lane = ir_number_size(i->type);
    label cold = lower_label(l), done = lower_label(l);
    fpx_go_if_alternate(l, cold);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    struct enc *e = lower_enc(l);
    nan_lanes(l, lane, !is_vec, t, a);
    enc_v3r(e, V_PAND, u, t, a);
    enc_v3r(e, V_PANDN, t, t, d);
    enc_v3r(e, V_POR, d, t, u);
    lower_jmp(l, done);
    lower_cold_end(l);
}

/* -- results that are tiny before rounding ------------------------------------------------------ */

static uint64_t least_normal(int kind)
{
    return fpx_is_double(kind) ? 1ull << 52 : 1u << 23;
}

bool fpx_minds_tiny(struct lower *l)
{
    return mode(l) & (FP_FZ | FP_FLAGS);
}

struct fpx_tiny fpx_tiny_of(struct lower *l, xmm t, xmm u)
{
    bool on = fpx_minds_tiny(l);
    return (struct fpx_tiny){on, t, u, on ? lower_temp_g(l) : RAX};
}

struct fpx_tiny fpx_tiny_temps(struct lower *l)
{
    if (!fpx_minds_tiny(l))
        return (struct fpx_tiny){.on = false};
    xmm t = lower_temp_x(l);
    return fpx_tiny_of(l, t, lower_temp_x(l));
}

/* The operation again, into t. */
static void redo(struct lower *l, const struct ir_insn *i, int kind, xmm t, const struct fpx_operands *x)
{
    struct enc *e = lower_enc(l);
    unsigned signs = (i->cc & 1 ? 4u : 0) + (i->cc & 2 ? 8u : 0);
    switch (i->op) {
    case IR_FMUL: fpx_op3(l, V_MULPS, kind, t, x->a, x->b); break;
    case IR_FMA:
        vx_mov(l, t, x->c);
        fpx_op3(l, (enum vop)(V_FMADD231PS + signs), kind, t, x->a, x->b);
        break;
    case IR_FCVT: enc_v3r(e, V_CVTSD2SS, t, x->a, x->a); break;
    default: enc_v2r(e, V_CVTPD2PS, t, x->a); break;
    }
}

/* To cold if a lane of d is the least normal number, of either sign. */
static void branch_if_least(struct lower *l, const struct fpx_tiny *y, int kind, xmm d, label cold)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(kind);
    unsigned w = f64 ? 8 : 4;
    uint64_t twice = least_normal(kind) << 1;
    if (!fpx_is_scalar(kind)) {
        enc_v3r(e, vx_add(2 + f64), y->t, d, d);
        vx_cmpeq(l, 2 + f64, y->t, y->t, vx_splat(l, 2 + f64, twice));
        vx_test(l, y->t, y->t);
        lower_jcc(l, X86_NE, cold);
        return;
    }
    enc_xmm_to(e, w, y->g, d);
    enc_alu(e, ALU_ADD, w, y->g, y->g);
    if (f64)
        enc_alu_load(e, ALU_CMP, 8, y->g, vx_const(l, twice, 0).m);
    else
        enc_alu_imm(e, ALU_CMP, 4, y->g, (int32_t)twice);
    lower_jcc(l, X86_E, cold);
}

static void tiny_cold(struct lower *l, const struct fpx_tiny *y, const struct ir_insn *i, int kind, xmm d,
                      const struct fpx_operands *x, label done)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(kind), is_scalar = fpx_is_scalar(kind);
    struct x86_mem old = mem_cpu(offsetof(struct cpu, io)), new = mem_cpu(offsetof(struct cpu, io) + 4);
    if (fpx_minds_alternate(l))
        fpx_go_if_alternate(l, done);
    enc_mxcsr(e, true, old);
    enc_load(e, 4, y->g, old);
    enc_alu_imm(e, ALU_AND, 4, y->g, MXCSR_FTZ | MXCSR_DAZ);
    enc_alu_imm(e, ALU_OR, 4, y->g, MXCSR_TO_ZERO | MXCSR_MASKS);
    enc_store(e, 4, new, y->g);
    enc_mxcsr(e, false, new);
    redo(l, i, kind, y->t, x);
    enc_mxcsr(e, false, old);
    vx_cmpeq(l, 2 + f64, y->t, y->t, xm_reg(d));
    enc_v3r(e, vx_add(2 + f64), y->u, d, d);
    vx_cmpeq(l, 2 + f64, y->u, y->u, vx_splat(l, 2 + f64, least_normal(kind) << 1));
    enc_v3r(e, V_PANDN, y->t, y->t, y->u);
    if (is_scalar)
        enc_v3(e, V_PAND, y->t, y->t, fpx_const(l, kind, ~0u, ~0ull));
    vx_test(l, y->t, y->t);
    lower_jcc(l, X86_E, done);
    enc_store_imm(e, 4, mem_cpu(offsetof(struct cpu, fp_underflow)), 1);
    enc_test_mem_imm(e, 4, old, MXCSR_FTZ);
    lower_jcc(l, X86_E, done);
    enc_v3(e, V_PAND, y->t, y->t,
           is_scalar ? fpx_magnitude(l, kind) : vx_splat(l, 2 + f64, f64 ? INT64_MAX : INT32_MAX));
    enc_v3r(e, V_PANDN, d, y->t, d);
    lower_jmp(l, done);
}

void fpx_tiny_check(struct lower *l, const struct fpx_tiny *y, const struct ir_insn *i, int kind, xmm d,
                    const struct fpx_operands *x)
{
    if (!y->on)
        return;
    label cold = lower_label(l), done = lower_label(l);
    branch_if_least(l, y, kind, d, cold);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    tiny_cold(l, y, i, kind, d, x, done);
    lower_cold_end(l);
}

/* -- halves: C tells ------------------------------------------------------------------------------ */

bool fpx_half_minds_tiny(struct lower *l, const struct ir_insn *i)
{
    bool may_be = i->op == IR_FMUL || i->op == IR_FMA || i->op == IR_FCVT || i->op == IR_FCVTN;
    return mode(l) & FP_FLAGS && may_be && is_half(i->type);
}

void fpx_half_tiny(struct lower *l, const struct ir_insn *i, xmm d, xmm t, label cold)
{
    if (!fpx_half_minds_tiny(l, i))
        return;
    enc_v3r(lower_enc(l), V_PADDW, t, d, d);
    vx_cmpeq(l, 1, t, t, vx_splat(l, 1, 0x0800));
    vx_test(l, t, t);
    lower_jcc(l, X86_NE, cold);
}

/* -- operands that are taken for zero --------------------------------------------------------------- */

/* Is it certain that ref's value has no denormal numbers of this size?  Results of arithmetic are flushed themselves. */
static bool is_flushed(struct lower *l, ir_ref ref, unsigned lane)
{
    const struct ir_insn *i = &lower_ir(l)->insn[ref];
    if (i->op == IR_LOW || (i->op == IR_VZEXT && i->size >= lane))
        return is_flushed(l, i->a, lane);
    if (i->op == IR_VCONST)
        return vx_is_zero(l, ref);
    return i->op >= IR_FADD && i->op <= IR_FMA && i->op != IR_FABS && i->op != IR_FNEG &&
           ir_number_size(i->type) == lane;
}

struct suspects {
    xmm s[3];
    unsigned n, lane;
    bool is_scalar;
};

/* The operands of single or double precision that may be denormal. */
static struct suspects suspects_of(struct lower *l, const struct ir_insn *i)
{
    struct suspects x = {.n = 0, .is_scalar = !ir_type_is_vec(i->type)};
    ir_ref operand[3] = {i->a, i->b, i->c};
    x.lane = ir_number_size(i->type);
    if (i->op == IR_FCVT || (i->op == IR_FTOI && x.is_scalar))
        x.lane = i->size;
    else if (i->op == IR_FCVTN)
        x.lane++;
    else if (i->op == IR_FCVTL)
        x.lane--;
    else if (i->op == IR_FMAH)
        operand[0] = operand[1] = 0;
    if (x.lane < 2)
        return x;
    for (unsigned k = 0; k < 3; k++)
        if (operand[k] && !is_flushed(l, operand[k], x.lane) && (k == 0 || operand[k] != operand[k - 1]))
            x.s[x.n++] = lower_use_x(l, operand[k]);
    return x;
}

/* To cold if a lane is denormal or zero. */
static void branch_if_small(struct lower *l, const struct suspects *x, const xmm t[2], label cold)
{
    enum { LANE0 = 7 };
    struct enc *e = lower_enc(l);
    uint64_t exponent = fp_infinity(x->lane), ones = x->lane == 3 ? ~0ull : ~0u;
    xm mask = x->is_scalar ? vx_const(l, exponent, 0) : vx_splat(l, x->lane, exponent);
    for (unsigned k = 0; k < x->n; k++) {
        if (lower_avx512(l)) {
            enc_v_masked(e, x->lane == 3 ? V_K_PTESTNMQ : V_K_PTESTNMD, x->is_scalar ? LANE0 : 0, k + 1,
                         x->s[k].n, mask, 0);
            continue;
        }
        enc_v3(e, V_PAND, t[k != 0], x->s[k], mask);
        vx_cmpeq(l, x->lane, t[k != 0], t[k != 0], vx_const(l, 0, 0));
        if (k)
            enc_v3r(e, V_POR, t[0], t[0], t[1]);
    }
    if (!lower_avx512(l)) {
        enc_v3(e, V_PAND, t[0], t[0], x->is_scalar ? vx_const(l, ones, 0) : vx_const(l, ~0ull, ~0ull));
        vx_test(l, t[0], t[0]);
    } else {
        if (x->n == 3)
            enc_k(e, K_OR, 2, 2, 3);
        enc_v(e, V_KORTESTB, 1, 0, (xm){.n = x->n > 1 ? 2 : 1}, 0);
        e->flags_gen++;
    }
    lower_jcc(l, X86_NE, cold);
}

void fpx_denormal_operands(struct lower *l, const struct ir_insn *i)
{
    if (!looks_at_flushes(l) || !ir_sets_fpsr((enum ir_op)i->op) || i->op == IR_ITOF)
        return;
    struct suspects x = suspects_of(l, i);
    if (!x.n)
        return;
    const xmm t[2] = {lower_temp_x(l), lower_temp_x(l)};
    label cold = lower_label(l), done = lower_label(l);
    uint64_t sign = 1ull << ((8u << x.lane) - 1), least = x.lane == 3 ? 1ull << 52 : 1u << 23;
    branch_if_small(l, &x, t, cold);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    struct enc *e = lower_enc(l);
    for (unsigned k = 0; k < x.n; k++) { /* 0 < magnitude < least normal */
        enc_v3(e, V_PAND, t[0], x.s[k],
               x.is_scalar ? vx_const(l, sign - 1, 0) : vx_splat(l, x.lane, sign - 1));
        vx_cmpgt(l, x.lane, t[1], t[0], vx_splat(l, x.lane, least - 1));
        enc_v3r(e, V_PANDN, t[0], t[1], t[0]);
        vx_test(l, t[0], t[0]);
        label next = lower_label(l);
        lower_jcc(l, X86_E, next);
        enc_alu_store_imm(e, ALU_CMP, 4, mem_cpu(offsetof(struct cpu, fp_fz)), 0);
        lower_jcc(l, X86_E, done);
        enc_store_imm(e, 4, mem_cpu(offsetof(struct cpu, fp_denormal)), 1);
        lower_bind(l, next);
    }
    lower_jmp(l, done);
    lower_cold_end(l);
    lower_prologue_end(l);
}
