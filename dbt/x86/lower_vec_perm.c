/* SPDX-License-Identifier: MIT */
/*
 * Permutations, widening and narrowing.
 *
 * ZIP is punpck.  UZP of 32 and 64 bits is one shuffle, of 8 and 16 bits a mask or shift and a pack.  TRN
 * merges the operands' even (odd) lanes with masks.  Narrowing packs against zero; where the source's range is not
 * the pack instruction's, it is clamped first.
 */
#include "dbt/x86/lower_vec.h"

bool vec_zip(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    static const enum vop op[2][4] = {{V_PUNPCKLBW, V_PUNPCKLWD, V_PUNPCKLDQ, V_PUNPCKLQDQ},
                                      {V_PUNPCKHBW, V_PUNPCKHWD, V_PUNPCKHDQ, V_PUNPCKHQDQ}};
    return vx_binary(l, ref, i, op[i->op == IR_VZIP2][ir_lane_size(i->type)], false, CLEAN_NO);
}

bool vec_uzp(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    bool odd = i->op == IR_VUZP2;
    if (i->type == T_V64)
        return vx_binary(l, ref, i, odd ? V_PUNPCKHQDQ : V_PUNPCKLQDQ, false, CLEAN_NO);
    xmm a = lower_use_x(l, i->a);
    if (i->type == T_V32) {
        xm b = vx_use(l, i->b);
        enc_v3i(e, V_SHUFPS, lower_def_x_over(l, ref), a, b, odd ? 0xdd : 0x88);
        return true;
    }
    xmm b = lower_use_x(l, i->b);
    xmm t = lower_temp_x(l), u = a.n == b.n ? t : lower_temp_x(l), d = lower_def_x_over(l, ref);
    bool words = i->type == T_V16;
    for (unsigned k = 0; k < (a.n == b.n ? 1 : 2); k++) {
        xmm to = k ? u : t, from = k ? b : a;
        if (odd)
            enc_vshift(e, words ? V_PSRLD : V_PSRLW, to, from, words ? 16 : 8);
        else
            enc_v3(e, V_PAND, to, from, words ? vx_splat(l, 2, 0xffff) : vx_splat(l, 1, 0xff));
    }
    enc_v3r(e, words ? V_PACKUSDW : V_PACKUSWB, d, t, u);
    return true;
}

bool vec_trn(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    bool odd = i->op == IR_VTRN2;
    if (i->type == T_V64)
        return vx_binary(l, ref, i, odd ? V_PUNPCKHQDQ : V_PUNPCKLQDQ, false, CLEAN_NO);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), t = lower_temp_x(l);
    if (i->type == T_V32) {
        xmm d = lower_def_x_over(l, ref);
        enc_v3i(e, V_SHUFPS, t, a, xm_reg(b), odd ? 0xdd : 0x88);
        enc_v2i(e, V_PSHUFD, d, xm_reg(t), 0xd8);
        return true;
    }
    bool words = i->type == T_V16;
    unsigned bits = words ? 16 : 8;
    xm low = words ? vx_splat(l, 2, 0xffff) : vx_splat(l, 1, 0xff);
    xmm u = lower_temp_x(l), d = lower_def_x_over(l, ref);
    if (odd) {
        enc_vshift(e, words ? V_PSRLD : V_PSRLW, t, a, bits);
        enc_v3(e, V_PAND, u, b, words ? vx_splat(l, 2, 0xffff0000) : vx_splat(l, 1, 0xff00));
    } else {
        enc_v3(e, V_PAND, t, a, low);
        enc_vshift(e, words ? V_PSLLD : V_PSLLW, u, b, bits);
    }
    enc_v3r(e, V_POR, d, t, u);
    return true;
}

bool vec_tbl(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    return vx_binary(l, ref, i, V_PSHUFB, false, CLEAN_NO);
}

bool vec_rev(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type), group = 1u << i->size, flip = group - (1u << lane);
    if (i->size > 4 || lane > i->size)
        return false;
    if (i->type == T_V32) {
        static const uint8_t order[] = {0xe4, 0xb1, 0x1b};
        xm a = vx_use(l, i->a);
        enc_v2i(e, V_PSHUFD, lower_def_x_over(l, ref), a, order[i->size - 2]);
        return true;
    }
    union vec index;
    for (unsigned k = 0; k < 16; k++)
        index.u8[k] = (uint8_t)(k ^ flip);
    xmm a = lower_use_x(l, i->a);
    unsigned ca = vx_known(l, i->a);
    enc_v3(e, V_PSHUFB, lower_def_x_over(l, ref), a, xm_mem(lower_const(l, &index)));
    lower_set_clean(l, ref, (ca + group - 1) / group * group);
    return true;
}

bool vec_xtl(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    static const enum vop op[2][4] = {{0, V_PMOVZXBW, V_PMOVZXWD, V_PMOVZXDQ},
                                      {0, V_PMOVSXBW, V_PMOVSXWD, V_PMOVSXDQ}};
    return vx_unary(l, ref, i, op[i->op == IR_SXTL][ir_lane_size(i->type)], CLEAN_NO);
}

bool vec_xtn(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    unsigned narrow = 1u << ir_lane_size(i->type);
    union vec index;
    for (unsigned k = 0; k < 16; k++)
        index.u8[k] = k < 8 ? (uint8_t)(k / narrow * 2 * narrow + k % narrow) : 0x80;
    xmm a = lower_use_x(l, i->a);
    enc_v3(lower_enc(l), V_PSHUFB, lower_def_x_over(l, ref), a, xm_mem(lower_const(l, &index)));
    lower_set_clean(l, ref, 8);
    return true;
}

/* From 64 bits: only AVX-512 has it. */
static bool qxtn64(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    if (!lower_avx512(l))
        return false;
    xmm a = lower_use_x(l, i->a);
    if (i->op == IR_SQXTUN) {
        xmm t = lower_temp_x(l), d = lower_def_x_over(l, ref);
        enc_v3(e, V_PMAXSQ, t, a, vx_const(l, 0, 0));
        enc_v_store(e, V_PMOVUSQD, xm_reg(d), t, 0);
    } else {
        enc_v_store(e, i->op == IR_SQXTN ? V_PMOVSQD : V_PMOVUSQD, xm_reg(lower_def_x_over(l, ref)), a, 0);
    }
    lower_set_clean(l, ref, 8);
    return true;
}

bool vec_qxtn(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    if (i->type == T_V32)
        return qxtn64(l, ref, i);
    bool bytes = i->type == T_V8;
    enum vop pack = i->op == IR_SQXTN ? (bytes ? V_PACKSSWB : V_PACKSSDW) : (bytes ? V_PACKUSWB : V_PACKUSDW);
    xmm a = lower_use_x(l, i->a);
    xm zero = vx_const(l, 0, 0);
    if (i->op == IR_UQXTN) {
        xmm t = lower_temp_x(l), d = lower_def_x_over(l, ref);
        enc_v3(e, bytes ? V_PMINUW : V_PMINUD, t, a, bytes ? vx_splat(l, 1, 0xff) : vx_splat(l, 2, 0xffff));
        enc_v3(e, pack, d, t, zero);
    } else {
        enc_v3(e, pack, lower_def_x_over(l, ref), a, zero);
    }
    lower_set_clean(l, ref, 8);
    return true;
}
