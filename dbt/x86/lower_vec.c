/* SPDX-License-Identifier: MIT */
/*
 * Lowering of operations on xmm registers: the table that finds each one's function, and what they all use.
 *
 * An operation that has no row, or whose function refuses, is computed by C (lower_generic); so a missing
 * inline form costs time only.  A64's 64-bit vector instructions come as a 128-bit operation and a VZEXT; to
 * make the VZEXT free, each function passes on which bytes of its result are known to be zero (vx_clean).
 * That has to respect lanes: bytes that a carry can reach are not clean.
 */
#include "dbt/x86/lower_vec.h"

static vec_fn *const how[IR_OP_COUNT] = {
    [IR_ADD] = vec_simple,       [IR_SUB] = vec_simple,      [IR_MUL] = vec_mul,
    [IR_AND] = vec_simple,       [IR_OR] = vec_simple,       [IR_XOR] = vec_simple,
    [IR_ANDN] = vec_simple,      [IR_NOT] = vec_not,         [IR_NEG] = vec_neg,
    [IR_CLZ] = vec_clz,          [IR_CLS] = vec_cls,         [IR_RBIT] = vec_rbit,
    [IR_CNT] = vec_cnt,          [IR_VABS] = vec_abs,        [IR_SMIN] = vec_minmax,
    [IR_SMAX] = vec_minmax,      [IR_UMIN] = vec_minmax,     [IR_UMAX] = vec_minmax,
    [IR_SQADD] = vec_sqadd,      [IR_SQSUB] = vec_sqadd,     [IR_UQADD] = vec_uqadd,
    [IR_UQSUB] = vec_uqadd,      [IR_URHADD] = vec_urhadd,   [IR_SMULL] = vec_mull,
    [IR_UMULL] = vec_mull,       [IR_SADALL] = vec_sadall,   [IR_VSHLI] = vec_shift,
    [IR_VSHRI] = vec_shift,      [IR_VSARI] = vec_shift,     [IR_VUSHL] = vec_ushl,
    [IR_VSSHL] = vec_sshl,       [IR_VCMP] = vec_cmp,        [IR_VTST] = vec_tst,
    [IR_VBSL] = vec_bsl,         [IR_BITCAST] = vec_bitcast, [IR_LOW] = vec_low,
    [IR_VZEXT] = vec_zext,       [IR_VFROM] = vec_from,      [IR_VDUPR] = vec_dupr,
    [IR_VDUP] = vec_dup,         [IR_VGET] = vec_get,        [IR_VINS] = vec_ins,
    [IR_VINSR] = vec_insr,       [IR_VCAT] = vec_cat,        [IR_VHIGH] = vec_high,
    [IR_VEXT] = vec_ext,         [IR_VZIP1] = vec_zip,       [IR_VZIP2] = vec_zip,
    [IR_VUZP1] = vec_uzp,        [IR_VUZP2] = vec_uzp,       [IR_VTRN1] = vec_trn,
    [IR_VTRN2] = vec_trn,        [IR_VTBL] = vec_tbl,        [IR_VREV] = vec_rev,
    [IR_SXTL] = vec_xtl,         [IR_UXTL] = vec_xtl,        [IR_XTN] = vec_xtn,
    [IR_SQXTN] = vec_qxtn,       [IR_UQXTN] = vec_qxtn,      [IR_SQXTUN] = vec_qxtn,
    [IR_VROLI] = vec_rol,        [IR_VTERN] = vec_tern,      [IR_VSHUF] = vec_shuf,
    [IR_CLMUL] = vec_clmul,      [IR_AES] = vec_aes,         [IR_AESMIX] = vec_aesmix,
    [IR_SHA1R] = vec_sha1r,      [IR_SHA256R] = vec_sha256r, [IR_SHA256U0] = vec_sha256u,
    [IR_SHA256U1] = vec_sha256u, [IR_SM4S] = vec_sm4s,       [IR_VDOT] = vec_dot,
    [IR_SMULE] = vec_mule,       [IR_UMULE] = vec_mule,      [IR_FMAH] = half_fmah,
    [IR_FADD] = fpx_binary,      [IR_FSUB] = fpx_binary,     [IR_FMUL] = fpx_binary,
    [IR_FDIV] = fpx_binary,      [IR_FSQRT] = fpx_sqrt,      [IR_FABS] = fpx_sign,
    [IR_FNEG] = fpx_sign,        [IR_FMA] = fpx_fma,         [IR_FMIN] = fpx_minmax,
    [IR_FMAX] = fpx_minmax,      [IR_FMINNM] = fpx_minmaxnm, [IR_FMAXNM] = fpx_minmaxnm,
    [IR_FCMPV] = fpx_cmpv,       [IR_FRINT] = fpx_frint,     [IR_FCVT] = fpx_cvt,
    [IR_FCVTL] = fpx_cvtl,       [IR_FCVTN] = fpx_cvtn,      [IR_FTOI] = fpx_ftoi,
    [IR_ITOF] = fpx_itof,
};

bool lower_vector(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!how[i->op])
        return false;
    fpx_denormal_operands(l, i);
    if (!how[i->op](l, ref, i))
        return false;
    fpx_default_nans(l, ref, i);
    return true;
}

xm vx_use(struct lower *l, ir_ref ref)
{
    struct x86_mem m;
    if (lower_mem_x(l, ref, &m))
        return xm_mem(m);
    return xm_reg(lower_use_x(l, ref));
}

void vx_use2(struct lower *l, const struct ir_insn *i, bool commutes, xmm *a, xm *b)
{
    struct x86_mem m;
    if (i->a == i->b) {
        *a = lower_use_x(l, i->a);
        *b = xm_reg(*a);
        return;
    }
    if (lower_mem_x(l, i->b, &m)) {
        *a = lower_use_x(l, i->a);
        *b = xm_mem(m);
        return;
    }
    if (commutes && lower_mem_x(l, i->a, &m)) {
        *a = lower_use_x(l, i->b);
        *b = xm_mem(m);
        return;
    }
    *a = lower_use_x(l, i->a);
    *b = xm_reg(lower_use_x(l, i->b));
}

xm vx_const(struct lower *l, uint64_t lo, uint64_t hi)
{
    union vec v = {.u64 = {lo, hi}};
    return xm_mem(lower_const(l, &v));
}

xm vx_splat(struct lower *l, unsigned lane, uint64_t v)
{
    static const uint64_t ones[4] = {0x0101010101010101, 0x0001000100010001, 0x0000000100000001, 1};
    unsigned bits = 8u << lane;
    if (bits < 64)
        v &= (1ull << bits) - 1;
    return vx_const(l, v * ones[lane], v * ones[lane]);
}

bool vx_is_zero(struct lower *l, ir_ref ref)
{
    const union vec *v = lower_is_vconst(l, ref);
    return v && v->u64[0] == 0 && v->u64[1] == 0;
}

unsigned vx_known(struct lower *l, ir_ref ref)
{
    const union vec *v = lower_is_vconst(l, ref);
    unsigned n = 16;
    if (!v)
        return lower_clean(l, ref) ? lower_clean(l, ref) : 16;
    while (n > 1 && v->u8[n - 1] == 0)
        n--;
    return n;
}

void vx_clean(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vec_clean how_clean)
{
    if (how_clean == CLEAN_NO)
        return;
    unsigned a = vx_known(l, i->a), n = a, lane = 1u << ir_lane_size(i->type);
    if (how_clean != CLEAN_A) {
        unsigned b = vx_known(l, i->b);
        bool take_b = how_clean == CLEAN_BOTH ? b > a : b < a;
        n = take_b ? b : a;
    }
    lower_set_clean(l, ref, (n + lane - 1) & ~(lane - 1));
}

bool vx_binary(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vop op, bool commutes,
               enum vec_clean clean)
{
    xmm a;
    xm b;
    vx_use2(l, i, commutes, &a, &b);
    enc_v3(lower_enc(l), op, lower_def_x_over(l, ref), a, b);
    vx_clean(l, ref, i, clean);
    return true;
}

bool vx_unary(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vop op, enum vec_clean clean)
{
    xm a = vx_use(l, i->a);
    enc_v2(lower_enc(l), op, lower_def_x_over(l, ref), a);
    vx_clean(l, ref, i, clean);
    return true;
}
