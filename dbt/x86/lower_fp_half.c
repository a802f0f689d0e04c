/* SPDX-License-Identifier: MIT */
/*
 * Half precision arithmetic by way of single precision: F16C widens, the host computes, F16C narrows.
 *
 * That rounds twice.  For sums, differences, products, quotients and square roots the result is right none the
 * less: single precision has more than twice the digits, and two.  For fused operations it is not: a sum that
 * the first rounding puts on the middle between two halves has lost the side that it lay on.  Such results,
 * and those that are subnormal halves, whose middle lies elsewhere, are left to C; about one in 8000.  All
 * else that differs does so as in single precision (lower_fp.c), so the trap region is the whole sequence, and
 * quiet NaNs where x86 chooses otherwise go to C, too.
 *
 * FPCR.FZ is not for halves, and no half makes a subnormal single; with FZ16 set nothing here is used
 * (FP_FZ16).  Rejected: conversions of all eight lanes at once in a 256-bit register, because the upper
 * halves would have to be cleaned before every call of C; AVX512-FP16, until there is a host to test it on.
 */
#include "dbt/x86/lower_vec.h"

static bool is_vector(const struct ir_insn *i)
{
    return i->type == T_V16;
}

/* Halves are computed four at a time. */
static unsigned parts(const struct ir_insn *i)
{
    return is_vector(i) ? 2 : 1;
}

/* Part 0 or 1 of a vector, or the scalar with zeroes above it, in single precision. */
static void widen(struct lower *l, const struct ir_insn *i, unsigned part, xmm d, xmm s)
{
    struct enc *e = lower_enc(l);
    if (!is_vector(i)) {
        enc_v2r(e, V_PMOVZXWQ, d, s);
        s = d;
    } else if (part) {
        enc_vshift(e, V_PSRLDQ, d, s, 8);
        s = d;
    }
    enc_v2r(e, V_CVTPH2PS, d, s);
}

/* A result's part s to d: the scalar or part 0, then part 1 above it. */
static void narrow(struct lower *l, unsigned part, xmm d, xmm s)
{
    struct enc *e = lower_enc(l);
    enc_v_store(e, V_CVTPS2PH, xm_reg(part ? s : d), s, 4);
    if (part)
        enc_v3r(e, V_PUNPCKLQDQ, d, d, s);
}

static int kind_of(const struct ir_insn *i)
{
    return is_vector(i) ? 0 : 2;
}

static void half_clean(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vec_clean how)
{
    if (is_vector(i))
        vx_clean(l, ref, i, how);
    else
        lower_set_clean(l, ref, 2);
}

/* At sites that are to do without traps: NaNs go to C, and infinities, too, where they may be invalid operands. */
enum ask { NAN_ONLY, INFINITE };
static struct fpx_detour ask(struct lower *l, const struct ir_insn *i, const xmm *s, unsigned n,
                             enum ask what, const xmm t[2], xmm d)
{
    return fpx_ask(l, i, 1, !is_vector(i), s, n, fp_infinity(1) - (what == INFINITE), t, d);
}

static void branch_if_equal(struct lower *l, const struct ir_insn *i, xmm a, xmm b, label to)
{
    vx_cmpeq(l, 1, a, a, xm_reg(b));
    if (!is_vector(i))
        enc_v3(lower_enc(l), V_PAND, a, a, vx_const(l, 0xffff, 0));
    vx_test(l, a, a);
    lower_jcc(l, X86_NE, to);
}

bool half_binary(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    enum vop op = i->op == IR_FADD   ? V_ADDPS
                  : i->op == IR_FSUB ? V_SUBPS
                  : i->op == IR_FMUL ? V_MULPS
                                     : V_DIVPS;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    fpx_ask_expect(l, i);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x(l, ref);
    struct fpx_detour detour = ask(l, i, (const xmm[]){a, b}, 2, INFINITE, (const xmm[]){t, u}, d);
    if (lower_careful(l) && i->op == IR_FDIV) {
        enc_v3r(lower_enc(l), V_PADDW, t, b, b);
        vx_zero(l, u);
        branch_if_equal(l, i, t, u, detour.cold);
    }
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    for (unsigned part = 0; part < parts(i); part++) {
        widen(l, i, part, t, a);
        widen(l, i, part, u, b);
        enc_v3r(lower_enc(l), (enum vop)(op + kind_of(i)), t, t, u);
        narrow(l, part, d, t);
    }
    lower_trap_end(l, &trap);
    fpx_ask_end(l, &detour, i);
    half_clean(l, ref, i, i->op == IR_FADD || i->op == IR_FMUL ? CLEAN_BOTH : CLEAN_NO);
    return true;
}

/* FSQRT and FRINT, whose rounded halves are halves. */
bool half_unary(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    xmm a = lower_use_x(l, i->a);
    fpx_ask_expect(l, i);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), v = lower_temp_x(l), w = lower_temp_x(l);
    xmm d = lower_def_x(l, ref);
    struct fpx_detour detour = ask(l, i, &a, 1, NAN_ONLY, (const xmm[]){t, u}, d);
    if (lower_careful(l) && i->op == IR_FSQRT) {
        enc_v3(lower_enc(l), V_PAND, t, a, is_vector(i) ? vx_splat(l, 1, 0x8000) : vx_const(l, 0x8000, 0));
        vx_test(l, t, t);
        lower_jcc(l, X86_NE, detour.cold);
    }
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    for (unsigned part = 0; part < parts(i); part++) {
        widen(l, i, part, t, a);
        if (i->op == IR_FSQRT)
            enc_v2r(lower_enc(l), V_SQRTPS, u, t);
        else if (i->cc == ROUND_A)
            fpx_round_away(l, 0, u, t, v, w);
        else
            fpx_round(l, 0, u, t, fpx_round_mode(i->cc) | (i->imm == 1 ? 0 : 8));
        narrow(l, part, d, u);
    }
    lower_trap_end(l, &trap);
    fpx_ask_end(l, &detour, i);
    half_clean(l, ref, i, CLEAN_A);
    return true;
}

bool half_compare(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    unsigned pred = i->cc == CC_EQ ? CMP_EQ_OQ : i->cc == CC_GE ? CMP_GE_OS : CMP_GT_OS;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    fpx_ask_expect(l, i);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x(l, ref);
    struct fpx_detour detour = ask(l, i, (const xmm[]){a, b}, 2, NAN_ONLY, (const xmm[]){t, u}, d);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    for (unsigned part = 0; part < parts(i); part++) {
        widen(l, i, part, t, a);
        widen(l, i, part, u, b);
        fpx_compare(l, kind_of(i), part ? t : d, t, xm_reg(u), pred);
    }
    if (is_vector(i))
        enc_v3r(lower_enc(l), V_PACKSSDW, d, d, t);
    lower_trap_end(l, &trap);
    fpx_ask_end(l, &detour, i);
    return true;
}

/* -- with a detour to C -- */

/*
 * t = bits in lanes whose single precision s cannot be narrowed blindly: NaNs, the middle between two halves,
 * what is subnormal as a half.  Twice the magnitude less a constant, with the sign bit flipped for a signed
 * comparison: from -2^31 to 0x0e000000 for what is normal or infinite, 0x0f000000 for zero, larger for the
 * others.
 */
static void unsure(struct lower *l, xmm t, xmm s, xmm u)
{
    struct enc *e = lower_enc(l);
    enc_v3r(e, V_PADDD, u, s, s);
    enc_v3(e, V_PSUBD, u, u, vx_splat(l, 2, 0xf1000000));
    vx_cmpgt(l, 2, t, u, vx_splat(l, 2, 0x0e000000));
    vx_cmpeq(l, 2, u, u, vx_splat(l, 2, 0x0f000000));
    enc_v3r(e, V_PANDN, t, u, t);
    enc_vshift(e, V_PSLLD, u, s, 19);
    vx_cmpeq(l, 2, u, u, vx_splat(l, 2, 0x80000000));
    enc_v3r(e, V_POR, t, t, u);
}

/* Six registers are all that AVX2 leaves beside the pinned ones; then the upper part waits in memory. */
static struct x86_mem upper_part(void)
{
    return mem_cpu(offsetof(struct cpu, io));
}

bool half_fma(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    unsigned signs = (i->cc & 1 ? 4u : 0) + (i->cc & 2 ? 8u : 0);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), c = lower_use_x(l, i->c);
    lower_expect_call(l);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x(l, ref);
    struct fpx_detour detour = fpx_detour_begin(l, a, b, c, d);
    if (lower_careful(l))
        fpx_branch_above(l, 1, !is_vector(i), (const xmm[]){a, b, c}, 3, fp_infinity(1) - 1,
                         (const xmm[]){t, u}, detour.cold);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, b.n, c.n);
    for (unsigned part = is_vector(i) + 1; part-- > 0;) {
        widen(l, i, part, t, a);
        widen(l, i, part, u, b);
        widen(l, i, part, d, c);
        enc_v3r(lower_enc(l), (enum vop)(V_FMADD231PS + signs + (unsigned)kind_of(i)), d, t, u);
        unsure(l, t, d, u);
        vx_test(l, t, t);
        lower_jcc(l, X86_NE, detour.cold);
        enc_v_store(lower_enc(l), V_CVTPS2PH, part ? xm_mem(upper_part()) : xm_reg(d), d, 4);
    }
    if (is_vector(i))
        enc_v3(lower_enc(l), V_PUNPCKLQDQ, d, d, xm_mem(upper_part()));
    lower_trap_end(l, &trap);
    fpx_half_tiny(l, i, d, t, detour.cold);
    fpx_detour_end(l, &detour, i);
    half_clean(l, ref, i, CLEAN_NO);
    return true;
}

/* The sum is a single: rounded once.  Where the addend is a NaN, or a factor that is negated, x86 has other rules
 * (lower_fp_fma.c). */
bool half_fmah(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), c = lower_use_x(l, i->c);
    lower_expect_call(l);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x(l, ref);
    struct fpx_detour detour = fpx_detour_begin(l, a, b, c, d);
    if (lower_careful(l)) {
        fpx_branch_above(l, 1, false, (const xmm[]){a, b}, 2, fp_infinity(1) - 1, (const xmm[]){t, u},
                         detour.cold);
        fpx_branch_above(l, 2, false, &c, 1, fp_infinity(2) - 1, (const xmm[]){t, u}, detour.cold);
    }
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, b.n, c.n);
    enc_v2r(e, V_CVTPH2PS, t, a);
    fpx_branch_if_nan(l, 0, i->cc & 1 ? t : c, c, u, detour.cold);
    enc_v2r(e, V_CVTPH2PS, u, b);
    vx_mov(l, d, c);
    enc_v3r(e, (enum vop)(V_FMADD231PS + (i->cc & 1 ? 4 : 0)), d, t, u);
    lower_trap_end(l, &trap);
    fpx_detour_end(l, &detour, i);
    return true;
}

bool half_minmax(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    bool is_min = i->op == IR_FMIN || i->op == IR_FMINNM;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    lower_expect_call(l);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), v = lower_temp_x(l), d = lower_def_x(l, ref);
    struct fpx_detour detour = fpx_detour_begin(l, a, b, (xmm){X86_TRAP_NONE}, d);
    if (lower_careful(l))
        fpx_branch_above(l, 1, !is_vector(i), (const xmm[]){a, b}, 2, fp_infinity(1), (const xmm[]){t, u},
                         detour.cold);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, b.n, X86_TRAP_NONE);
    for (unsigned part = 0; part < parts(i); part++) {
        widen(l, i, part, t, a);
        widen(l, i, part, u, b);
        fpx_branch_if_nan(l, kind_of(i), t, u, v, detour.cold);
        fpx_minmax_numbers(l, 0, is_min, u, t, u, v);
        narrow(l, part, d, u);
    }
    lower_trap_end(l, &trap);
    fpx_detour_end(l, &detour, i);
    half_clean(l, ref, i, CLEAN_BOTH);
    return true;
}

/* -- from integers: beyond 2^24 single precision is inexact, but then half precision overflows -- */

bool half_from_int(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    if (!is_vector(i) || i->imm >> 8)
        return false;
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), d = lower_def_x(l, ref);
    for (unsigned part = 0; part < 2; part++) {
        xmm s = a;
        if (part) {
            enc_vshift(e, V_PSRLDQ, t, a, 8);
            s = t;
        }
        enc_v2r(e, i->imm & 1 ? V_PMOVSXWD : V_PMOVZXWD, t, s);
        enc_v2r(e, V_CVTDQ2PS, t, t);
        narrow(l, part, d, t);
    }
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}
