/* SPDX-License-Identifier: MIT */
/*
 * Comparisons and selections of vectors, and the sequences under them that differ with AVX-512.
 *
 * AVX compares only for equality and signed greater-than, into a vector, and only in registers 0..15. AVX-512
 * compares in all ways, into a mask register, which vpmovm2* spreads to a vector: two instructions, but any
 * condition.  Without it, a >= b is max(a, b) == a, and unsigned 64-bit lanes are compared with their sign
 * bits flipped.
 */
#include "dbt/x86/lower_vec.h"

static void kcmp(struct lower *l, unsigned lane, bool is_signed, enum vx_pred pred, xmm d, xmm a, xm b)
{
    struct enc *e = lower_enc(l);
    enc_v(e, (enum vop)((is_signed ? V_K_PCMPB : V_K_PCMPUB) + lane), 1, a.n, b, pred);
    enc_v(e, (enum vop)(V_PMOVM2B + lane), d.n, 0, (xm){.n = 1}, 0);
}

static bool all_low(xmm d, xmm a, xm b)
{
    return enc_v_low(d, a) && (b.mem || b.n < 16);
}

void vx_cmpeq(struct lower *l, unsigned lane, xmm d, xmm a, xm b)
{
    if (all_low(d, a, b))
        enc_v3(lower_enc(l), (enum vop)(V_PCMPEQB + lane), d, a, b);
    else
        kcmp(l, lane, true, PRED_EQ, d, a, b);
}

void vx_cmpgt(struct lower *l, unsigned lane, xmm d, xmm a, xm b)
{
    if (all_low(d, a, b))
        enc_v3(lower_enc(l), (enum vop)(V_PCMPGTB + lane), d, a, b);
    else
        kcmp(l, lane, true, PRED_GT, d, a, b);
}

void vx_blend(struct lower *l, xmm d, xmm x, xmm y)
{
    if (lower_avx512(l))
        enc_v3i(lower_enc(l), V_TERNLOG, d, x, xm_reg(y), 0xca);
    else
        enc_v_blend(lower_enc(l), V_PBLENDVB, d, y, xm_reg(x), d);
}

void vx_blend_sign(struct lower *l, unsigned lane, xmm d, xmm x, xmm y)
{
    struct enc *e = lower_enc(l);
    if (lower_avx512(l)) {
        enc_vshift(e, lane == 3 ? V_PSRAQ : V_PSRAD, d, d, lane == 3 ? 63 : 31);
        enc_v3i(e, V_TERNLOG, d, x, xm_reg(y), 0xca);
    } else {
        enc_v_blend(e, lane == 3 ? V_BLENDVPD : V_BLENDVPS, d, y, xm_reg(x), d);
    }
}

void vx_test(struct lower *l, xmm a, xmm b)
{
    struct enc *e = lower_enc(l);
    if (enc_v_low(a, b)) {
        enc_v(e, V_PTEST, a.n, 0, xm_reg(b), 0);
    } else {
        enc_v(e, V_K_PTESTMD, 1, a.n, xm_reg(b), 0);
        enc_v(e, V_KORTESTB, 1, 0, (xm){.n = 1}, 0);
    }
    e->flags_gen++;
}

void vx_sign(struct lower *l, unsigned lane, xmm d, xmm a)
{
    struct enc *e = lower_enc(l);
    if (lane == 1) {
        enc_vshift(e, V_PSRAW, d, a, 15);
    } else if (lane == 2) {
        enc_vshift(e, V_PSRAD, d, a, 31);
    } else if (lower_avx512(l)) {
        enc_vshift(e, V_PSRAQ, d, a, 63);
    } else {
        enc_v2i(e, V_PSHUFD, d, xm_reg(a), 0xf5);
        enc_vshift(e, V_PSRAD, d, d, 31);
    }
}

/* a >= b in signed or unsigned lanes of at most 32 bits; d may be a or b. */
static void cmp_ge(struct lower *l, unsigned lane, bool is_signed, xmm t, xmm d, xmm a, xm b)
{
    static const enum vop max[2][3] = {{V_PMAXUB, V_PMAXUW, V_PMAXUD}, {V_PMAXSB, V_PMAXSW, V_PMAXSD}};
    enc_v3(lower_enc(l), max[is_signed][lane], t, a, b);
    vx_cmpeq(l, lane, d, t, xm_reg(a));
}

/* HI, CS and GE without AVX-512. */
static bool cmp_composed(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type);
    bool is_unsigned = i->cc == CC_HI || i->cc == CC_CS;
    bool or_equal = i->cc == CC_GE || i->cc == CC_CS;
    xmm a = lower_use_x(l, i->a);
    if (or_equal && lane < 3) {
        xm b = vx_use(l, i->b);
        xmm t = lower_temp_x(l), d = lower_def_x_over(l, ref);
        cmp_ge(l, lane, !is_unsigned, t, d, a, b);
        return true;
    }
    xmm b = lower_use_x(l, i->b), x = a, y = b;
    xmm t = lower_temp_x(l), u = lower_temp_x(l);
    xmm d = lower_def_x_over(l, ref);
    if (is_unsigned) {
        xm sign = vx_splat(l, lane, 1ull << ((8u << lane) - 1));
        enc_v3(e, V_PXOR, t, a, sign);
        enc_v3(e, V_PXOR, u, b, sign);
        x = t, y = u;
    }
    if (or_equal) { /* not b > a */
        vx_cmpgt(l, lane, t, y, xm_reg(x));
        enc_v3(e, V_PXOR, d, t, vx_splat(l, 0, 0xff));
    } else {
        vx_cmpgt(l, lane, d, x, xm_reg(y));
    }
    return true;
}

bool vec_cmp(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    unsigned lane = ir_lane_size(i->type);
    xmm a;
    xm b;
    if (i->cc == CC_EQ || i->cc == CC_GT) {
        vx_use2(l, i, i->cc == CC_EQ, &a, &b);
        xmm d = lower_def_x_over(l, ref);
        if (i->cc == CC_EQ)
            vx_cmpeq(l, lane, d, a, b);
        else
            vx_cmpgt(l, lane, d, a, b);
        return true;
    }
    if (i->cc != CC_GE && i->cc != CC_HI && i->cc != CC_CS)
        return false;
    if (!lower_avx512(l))
        return cmp_composed(l, ref, i);
    vx_use2(l, i, false, &a, &b);
    kcmp(l, lane, i->cc == CC_GE, i->cc == CC_HI ? PRED_GT : PRED_GE, lower_def_x_over(l, ref), a, b);
    return true;
}

bool vec_tst(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type);
    xmm a;
    xm b;
    vx_use2(l, i, true, &a, &b);
    if (lower_avx512(l)) {
        xmm d = lower_def_x_over(l, ref);
        enc_v(e, (enum vop)(V_K_PTESTMB + lane), 1, a.n, b, 0);
        enc_v(e, (enum vop)(V_PMOVM2B + lane), d.n, 0, (xm){.n = 1}, 0);
    } else {
        xmm t = lower_temp_x(l), z = lower_temp_x(l), d = lower_def_x_over(l, ref);
        enc_v3(e, V_PAND, t, a, b);
        vx_zero(l, z);
        vx_cmpeq(l, lane, t, t, xm_reg(z));
        enc_v3(e, V_PXOR, d, t, vx_splat(l, 0, 0xff));
    }
    vx_clean(l, ref, i, CLEAN_EITHER);
    return true;
}

bool vec_bsl(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), c = lower_use_x(l, i->c);
    unsigned cb = vx_known(l, i->b), cc = vx_known(l, i->c);
    if (lower_avx512(l)) {
        /* vpternlog's destination is an operand: which one, says where the allocator put the result. */
        xmm d = lower_def_x_over(l, ref);
        if (d.n == b.n) {
            enc_v3i(e, V_TERNLOG, d, a, xm_reg(c), 0xe2);
        } else if (d.n == c.n) {
            enc_v3i(e, V_TERNLOG, d, a, xm_reg(b), 0xb8);
        } else {
            vx_mov(l, d, a);
            enc_v3i(e, V_TERNLOG, d, b, xm_reg(c), 0xca);
        }
    } else {
        xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x_over(l, ref);
        enc_v3r(e, V_PAND, t, a, b);
        enc_v3r(e, V_PANDN, u, a, c);
        enc_v3r(e, V_POR, d, t, u);
    }
    lower_set_clean(l, ref, cb > cc ? cb : cc);
    return true;
}
