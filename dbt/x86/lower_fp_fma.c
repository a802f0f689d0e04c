/* SPDX-License-Identifier: MIT */
/*
 * Fused multiply-add: a*b + c, with FPNeg applied to a (cc bit 0) and to c (bit 1) first.
 *
 * x86 multiplies and rounds as Arm does; what differs are quiet NaNs, which do not trap:
 *   - Of several NaNs Arm takes the addend, then a, then b; x86 takes the first multiplicand, the second, the
 * addend. So there is a difference only if the addend is a NaN and a or b is one, too.
 *   - infinity * 0 + quiet NaN is invalid on Arm, and nothing but the NaN on x86.
 *   - FPNeg flips the sign of a NaN as well; vfnmadd and vfmsub do not.
 * Hence: if the addend is not a NaN (and, where a is negated, a is not), the plain instruction is right, with
 * the multiplicands in their order, which all of 132, 213 and 231 can keep.
 *
 * There are three forms of it:
 *   - The plain one leaves the question to a host instruction that traps on every NaN: vmin of c and c, or of a and c.
 * That is one operation, nobody waits for its result, and the handler finds out whether the operation is invalid.
 *   - NaN data are real (R's NA), and a trap costs 2 microseconds.  So what traps often asks (careful 1), for
 * scalars by one ucomis of a and c, or c with itself; asking the result would cost the same. The cold path goes lane by
 * lane: where c is a NaN, infinities are multiplied for the sake of the trap, and then both multiplicands taken for zero;
 * negations are made explicit.  Signalling NaNs trap in the first compares.
 *   - What traps there, too, makes default NaNs (careful 2, lower_fp_careful.c).
 * With FPCR.AH none of these differs, and the host's operation is all.
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
    unsigned signs = (f->neg_a ? 4u : 0) + (f->neg_c ? 8u : 0);
    if (f->d.n == f->a.n && f->d.n != f->c.n) {
        fpx_op3(l, (enum vop)(V_FMADD132PS + signs), f->kind, f->d, f->c, f->b);
    } else if (f->d.n == f->b.n && f->d.n != f->c.n) {
        fpx_op3(l, (enum vop)(V_FMADD213PS + signs), f->kind, f->d, f->a, f->c);
    } else {
        vx_mov(l, f->d, f->c);
        fpx_op3(l, (enum vop)(V_FMADD231PS + signs), f->kind, f->d, f->a, f->b);
    }
}

/* The result is made in t, so that d may be an operand. */
static void fma_cold(struct lower *l, const struct fma *f)
{
    struct enc *e = lower_enc(l);
    xm inf = fpx_infinity(l, f->kind), magnitude = fpx_magnitude(l, f->kind),
       sign = fpx_sign_mask(l, f->kind);
    enc_v3(e, V_ANDPS, f->t, f->a, magnitude);
    fpx_compare(l, f->kind, f->t, f->t, inf, CMP_EQ_OQ);
    enc_v3(e, V_ANDPS, f->u, f->b, magnitude);
    fpx_compare(l, f->kind, f->u, f->u, inf, CMP_EQ_OQ);
    enc_v3r(e, V_ORPS, f->t, f->t, f->u);
    fpx_compare(l, f->kind, f->u, f->c, xm_reg(f->c), CMP_UNORD_Q);
    enc_v3r(e, V_ANDPS, f->t, f->t, f->u);
    enc_v3r(e, V_ANDPS, f->u, f->a, f->t);
    enc_v3r(e, V_ANDPS, f->t, f->b, f->t);
    enc_v3r(e, (enum vop)(V_MULPS + f->kind), f->t, f->u, f->t); /* traps if it is infinity * 0 */

    fpx_compare(l, f->kind, f->u, f->c, xm_reg(f->c), CMP_UNORD_Q);
    enc_v3r(e, V_ANDNPS, f->t, f->u, f->a);
    if (f->neg_a)
        enc_v3(e, V_XORPS, f->t, f->t, sign);
    enc_v3r(e, V_ANDNPS, f->u, f->u, f->b);
    fpx_op3(l, f->neg_c ? V_FMSUB132PS : V_FMADD132PS, f->kind, f->t, f->c, f->u);
    if (f->neg_c) {
        fpx_compare(l, f->kind, f->u, f->c, xm_reg(f->c), CMP_UNORD_Q);
        enc_v3(e, V_ANDPS, f->u, f->u, sign);
        enc_v3r(e, V_XORPS, f->t, f->t, f->u);
    }
}

/* The host's operation behind the question, which with FPCR.AH is not asked: to cold, or a trap. */
static void fma_asked(struct lower *l, const struct fma *f, bool traps, label cold)
{
    bool minds = fpx_minds_alternate(l);
    label plain = minds ? lower_label(l) : cold;
    xmm first = f->neg_a ? f->a : f->c;
    struct lower_trap trap = fpx_trap(l, f->i, f->d.n, f->a.n, f->b.n, f->c.n);
    if (minds)
        fpx_go_if_alternate(l, plain);
    if (traps)
        enc_v3r(lower_enc(l), (enum vop)(V_MINPS + f->kind), f->t, first, f->c);
    else
        fpx_branch_if_nan(l, f->kind, first, f->c, f->t, cold);
    if (minds)
        lower_bind(l, plain);
    fma_plain(l, f);
    lower_trap_end(l, &trap);
}

static void fma_asking(struct lower *l, const struct fma *f)
{
    label cold = lower_label(l), done = lower_label(l);
    fma_asked(l, f, false, cold);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    struct lower_trap trap = fpx_trap(l, f->i, f->t.n, f->a.n, f->b.n, f->c.n);
    fma_cold(l, f);
    lower_trap_end(l, &trap);
    vx_mov(l, f->d, f->t);
    lower_jmp(l, done);
    lower_cold_end(l);
}

bool fpx_fma(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct fma f = {.i = i, .kind = fpx_kind(i->type), .neg_a = i->cc & 1, .neg_c = i->cc & 2};
    unsigned careful = lower_careful_level(l);
    if (f.kind < 0)
        return half_fma(l, ref, i);
    if (careful > 1)
        return careful_fma(l, ref, i);
    f.a = lower_use_x(l, i->a);
    f.b = lower_use_x(l, i->b);
    f.c = lower_use_x(l, i->c);
    f.t = lower_temp_x(l);
    if (careful || fpx_minds_tiny(l))
        f.u = lower_temp_x(l);
    struct fpx_tiny tiny = fpx_tiny_of(l, f.t, f.u);
    f.d = tiny.on ? lower_def_x(l, ref) : lower_def_x_over(l, ref);
    if (careful)
        fma_asking(l, &f);
    else
        fma_asked(l, &f, true, (label){0});
    fpx_tiny_check(l, &tiny, i, f.kind, f.d, &(struct fpx_operands){f.a, f.b, f.c});
    if (fpx_is_scalar(f.kind) && lower_avx512(l))
        lower_set_clean(l, ref, ir_type_bytes[i->type]);
    return true;
}
