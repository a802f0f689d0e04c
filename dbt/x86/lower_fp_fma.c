/* SPDX-License-Identifier: MIT */
/*
 * Fused multiply-add: a*b + c, with FPNeg applied to a (cc bit 0) and to c (bit 1) first.
 *
 * x86 multiplies and rounds as Arm does; what differs are quiet NaNs, which do not trap:
 *   - Of several NaNs Arm takes the addend, then a, then b; x86 takes the first multiplicand, the second, the addend.
 *     So there is a difference only if the addend is a NaN and a or b is one, too.
 *   - infinity * 0 + quiet NaN is invalid on Arm, and nothing but the NaN on x86.
 *   - FPNeg flips the sign of a NaN as well; vfnmadd and vfmsub do not.
 * Hence: if the addend is not a NaN (and, where a is negated, a is not), the plain instruction is right, with the
 * multiplicands in their order, which all of 132, 213 and 231 can keep.  That is tested before: for scalars by
 * one ucomis of a and c, or c with itself.  Testing only the result costs the same; leaving the test to a trapping
 * instruction (vmin c, c) is two instructions cheaper, but 2 microseconds for each NaN, and NaN data are real (R's NA).
 * The cold path looks closer: c a NaN, and a or b a NaN or infinite: an instruction that surely traps, for the handler
 * to compute all; else the negations are made explicit and the plain instruction is right again.
 */
#include "dbt/x86/lower_vec.h"

struct fma {
    const struct ir_insn *i;
    int kind;
    bool neg_a, neg_c;
    xmm a, b, c, d, t, u; /* t, u: scratch */
};

/* d = +-(a * b) +- c in whichever form suits d. */
static void fma_plain(struct lower *l, const struct fma *f)
{
    struct enc *e = lower_enc(l);
    unsigned signs = (f->neg_a ? 4u : 0) + (f->neg_c ? 8u : 0) + (unsigned)f->kind;
    if (f->d.n == f->a.n && f->d.n != f->c.n) {
        enc_v3r(e, (enum vop)(V_FMADD132PS + signs), f->d, f->c, f->b);
    } else if (f->d.n == f->b.n && f->d.n != f->c.n) {
        enc_v3r(e, (enum vop)(V_FMADD213PS + signs), f->d, f->a, f->c);
    } else {
        vx_mov(l, f->d, f->c);
        enc_v3r(e, (enum vop)(V_FMADD231PS + signs), f->d, f->a, f->b);
    }
}

/* Goes to `to` if a lane of x or y is a NaN; t is scratch. */
static void branch_if_nan(struct lower *l, const struct fma *f, xmm x, xmm y, label to)
{
    struct enc *e = lower_enc(l);
    enum { UNORD_Q = 3 };
    if (fpx_is_scalar(f->kind)) {
        fpx_ucomis(l, f->kind, false, x, xm_reg(y));
        lower_jcc(l, X86_P, to);
    } else if (lower_avx512(l)) {
        enc_v(e, (enum vop)(V_K_CMPPS + f->kind), 1, x.n, xm_reg(y), UNORD_Q);
        enc_v(e, V_KORTESTB, 1, 0, (xm){.n = 1}, 0);
        e->flags_gen++;
        lower_jcc(l, X86_NE, to);
    } else {
        fpx_compare(l, f->kind, f->t, x, xm_reg(y), UNORD_Q);
        vx_test(l, f->t, f->t);
        lower_jcc(l, X86_NE, to);
    }
}

static xm infinity(struct lower *l, int kind) { return fpx_const(l, kind, 0x7f800000, 0x7ff0000000000000); }
static xm magnitude(struct lower *l, int kind) { return fpx_const(l, kind, 0x7fffffff, INT64_MAX); }

/* Scalar: goes to `plain` if c is a number, to `force` if not and a or b is a NaN or infinite. */
static void look_scalar(struct lower *l, const struct fma *f, label plain, label force)
{
    struct enc *e = lower_enc(l);
    if (f->neg_a) {
        fpx_ucomis(l, f->kind, false, f->c, xm_reg(f->c));
        lower_jcc(l, X86_NP, plain);
    }
    fpx_ucomis(l, f->kind, false, f->a, xm_reg(f->b));
    lower_jcc(l, X86_P, force);
    for (unsigned k = 0; k < 2; k++) {
        enc_v3(e, V_ANDPS, f->t, k ? f->b : f->a, magnitude(l, f->kind));
        fpx_ucomis(l, f->kind, false, f->t, infinity(l, f->kind));
        lower_jcc(l, X86_E, force);
    }
}

/* The same lane by lane. */
static void look_vector(struct lower *l, const struct fma *f, label force)
{
    struct enc *e = lower_enc(l);
    enum { UNORD_Q = 0x03, NLT_UQ = 0x15 };
    enc_v3(e, V_ANDPS, f->t, f->a, magnitude(l, f->kind));
    fpx_compare(l, f->kind, f->t, f->t, infinity(l, f->kind), NLT_UQ);
    enc_v3(e, V_ANDPS, f->u, f->b, magnitude(l, f->kind));
    fpx_compare(l, f->kind, f->u, f->u, infinity(l, f->kind), NLT_UQ);
    enc_v3r(e, V_POR, f->t, f->t, f->u);
    fpx_compare(l, f->kind, f->u, f->c, xm_reg(f->c), UNORD_Q);
    vx_test(l, f->t, f->u);
    lower_jcc(l, X86_NE, force);
}

static void fma_cold(struct lower *l, const struct fma *f, label done)
{
    struct enc *e;
    enum { ORD_S = 0x17 };
    label plain = lower_label(l), force = lower_label(l), out = lower_label(l);
    xm sign = fpx_sign_mask(l, f->kind);
    /* The result is made in t, so that d may be an operand. */
    struct lower_trap trap = fpx_trap(l, f->i, f->t.n, f->a.n, f->b.n, f->c.n);
    e = lower_enc(l);
    if (fpx_is_scalar(f->kind))
        look_scalar(l, f, plain, force);
    else
        look_vector(l, f, force);
    lower_bind(l, plain);
    xmm a = f->a;
    if (f->neg_a) {
        enc_v3(e, V_XORPS, f->u, f->a, sign);
        a = f->u;
    }
    if (f->neg_c)
        enc_v3(e, V_XORPS, f->t, f->c, sign);
    else
        vx_mov(l, f->t, f->c);
    enc_v3r(e, (enum vop)(V_FMADD231PS + f->kind), f->t, a, f->b);
    lower_jmp(l, out);
    lower_bind(l, force);
    if (fpx_is_scalar(f->kind))
        fpx_ucomis(l, f->kind, true, f->c, xm_reg(f->c));
    else
        fpx_compare(l, f->kind, f->t, f->c, xm_reg(f->c), ORD_S);
    lower_trap_end(l, &trap);
    lower_bind(l, out);
    vx_mov(l, f->d, f->t);
    lower_jmp(l, done);
}

bool fpx_fma(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct fma f = {.i = i, .kind = fpx_kind(i->type), .neg_a = i->cc & 1, .neg_c = i->cc & 2};
    if (f.kind < 0)
        return false;
    f.a = lower_use_x(l, i->a);
    f.b = lower_use_x(l, i->b);
    f.c = lower_use_x(l, i->c);
    f.t = lower_temp_x(l);
    f.u = lower_temp_x(l);
    f.d = lower_def_x_over(l, ref);
    label cold = lower_label(l), done = lower_label(l);
    struct lower_trap trap = fpx_trap(l, i, f.d.n, f.a.n, f.b.n, f.c.n);
    branch_if_nan(l, &f, f.neg_a ? f.a : f.c, f.c, cold);
    fma_plain(l, &f);
    lower_trap_end(l, &trap);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    fma_cold(l, &f, done);
    lower_cold_end(l);
    return true;
}
