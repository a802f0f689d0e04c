/* SPDX-License-Identifier: MIT */
/*
 * Moves between lanes and registers: scalars to vectors and back, single lanes, halves.
 *
 * A scalar F16, F32 or F64 is a vector whose upper bytes nobody knows; LOW is free therefore, and VZEXT is
 * free when the bytes are known to be zero (vx_known).  Where an upper part has to be cleared, it is one
 * vmovq, vinsertps or vpand.
 */
#include "dbt/x86/lower_vec.h"

bool vec_bitcast(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    enum ir_type from = lower_type(l, i->a);
    unsigned w = i->type == T_F64 || i->type == T_I64 ? 8 : 4;
    if (ir_type_is_xmm(i->type) == ir_type_is_xmm(from))
        return false;
    if (ir_type_is_xmm(i->type)) {
        gpr a = lower_use_g(l, i->a);
        enc_xmm_from(e, w, lower_def_x(l, ref), a);
        lower_set_clean(l, ref, w);
        return true;
    }
    xmm a = lower_use_x(l, i->a);
    gpr d = lower_def_g(l, ref);
    if (from == T_F16)
        enc_v(e, V_PEXTRW, a.n, 0, xm_gpr(d), 0);
    else
        enc_xmm_to(e, w, d, a);
    lower_set_clean(l, ref, ir_type_bytes[from]);
    return true;
}

bool vec_low(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    lower_use_x(l, i->a);
    lower_def_alias(l, ref, i->a);
    return true;
}

bool vec_zext(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned bytes = 1u << i->size;
    xmm a = lower_use_x(l, i->a);
    if (vx_known(l, i->a) <= bytes || i->size >= 4) {
        lower_def_alias(l, ref, i->a);
        return true;
    }
    xmm d = lower_def_x_over(l, ref);
    if (i->size == 3 && lower_type(l, i->a) == T_F64)
        enc_v3(e, V_ANDPS, d, a,
               vx_const(l, UINT64_MAX, 0)); /* no change between the integer and the floating-point side */
    else if (i->size == 3)
        enc_v2r(e, V_MOVQ, d, a);
    else if (i->size == 2)
        enc_v3i(e, V_INSERTPS, d, a, xm_reg(a), 0x0e);
    else
        enc_v3(e, V_PAND, d, a, vx_const(l, i->size ? 0xffff : 0xff, 0));
    lower_set_clean(l, ref, bytes);
    return true;
}

/* To lane 0 of d, the low 1 << size bytes of g, zero above; an I32's upper half is not to be trusted. */
static void from_gpr(struct lower *l, unsigned size, bool is_64, xmm d, gpr g)
{
    struct enc *e = lower_enc(l);
    if (size >= 2) {
        enc_xmm_from(e, size == 3 && is_64 ? 8 : 4, d, g);
        return;
    }
    vx_zero(l, d);
    enc_v3i(e, size ? V_PINSRW : V_PINSRB, d, d, xm_gpr(g), 0);
}

bool vec_from(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    unsigned lane = ir_lane_size(i->type);
    gpr a = lower_use_g(l, i->a);
    from_gpr(l, lane, lower_type(l, i->a) == T_I64, lower_def_x(l, ref), a);
    lower_set_clean(l, ref, 1u << lane);
    return true;
}

static enum vop bcast(unsigned lane)
{
    return (enum vop)(V_BCASTB + lane);
}

bool vec_dupr(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type);
    bool narrow = lane == 3 && lower_type(l, i->a) != T_I64;
    gpr a = lower_use_g(l, i->a);
    xmm d = lower_def_x(l, ref);
    if (lower_avx512(l) && !narrow) {
        enc_v(e, (enum vop)(V_BCASTB_G + lane), d.n, 0, xm_gpr(a), 0);
        return true;
    }
    enc_xmm_from(e, lane == 3 && !narrow ? 8 : 4, d, a);
    enc_v2r(e, bcast(lane), d, d);
    return true;
}

bool vec_dup(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type), n = (unsigned)i->imm;
    xmm a = lower_use_x(l, i->a);
    xmm d = lower_def_x_over(l, ref);
    if (n == 0)
        enc_v2r(e, bcast(lane), d, a);
    else if (lane == 3)
        enc_v2i(e, V_PSHUFD, d, xm_reg(a), 0xee);
    else if (lane == 2)
        enc_v2i(e, V_PSHUFD, d, xm_reg(a), n * 0x55);
    else if (lane == 1)
        enc_v3(e, V_PSHUFB, d, a, vx_splat(l, 1, (2 * n + 1) << 8 | 2 * n));
    else
        enc_v3(e, V_PSHUFB, d, a, vx_splat(l, 0, n));
    return true;
}

bool vec_get(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned n = (unsigned)i->imm, w = i->type == T_I64 ? 8 : 4;
    xmm a = lower_use_x(l, i->a);
    gpr d = lower_def_g(l, ref);
    if (i->size >= 2 && n == 0)
        enc_xmm_to(e, i->size == 3 ? 8 : 4, d, a);
    else
        enc_v(e, (enum vop)(V_PEXTRB + i->size), a.n, 0, xm_gpr(d), n);
    if (i->cc == 1 && (1u << i->size) < w) {
        enc_movsx(e, w, 1u << i->size, d, d);
        lower_set_clean(l, ref, w);
    } else {
        lower_set_clean(l, ref, 1u << i->size);
    }
    return true;
}

bool vec_ins(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type), to = i->imm & 15, from = (unsigned)(i->imm >> 4);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    if (lane == 3) {
        xmm d = lower_def_x_over(l, ref);
        if (to == 0)
            enc_v3i(e, V_SHUFPD, d, b, xm_reg(a), from | 2);
        else
            enc_v3i(e, V_SHUFPD, d, a, xm_reg(b), from << 1);
    } else if (lane == 2) {
        enc_v3i(e, V_INSERTPS, lower_def_x_over(l, ref), a, xm_reg(b), from << 6 | to << 4);
    } else {
        gpr t = lower_temp_g(l);
        xmm d = lower_def_x_over(l, ref);
        enc_v(e, lane ? V_PEXTRW : V_PEXTRB, b.n, 0, xm_gpr(t), from);
        enc_v3i(e, lane ? V_PINSRW : V_PINSRB, d, a, xm_gpr(t), to);
    }
    unsigned ca = vx_known(l, i->a), end = (to + 1) << lane;
    lower_set_clean(l, ref, ca > end ? ca : end);
    return true;
}

bool vec_insr(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type), to = (unsigned)i->imm;
    bool narrow = lane == 3 && lower_type(l, i->b) != T_I64;
    xmm a = lower_use_x(l, i->a);
    unsigned ca = vx_known(l, i->a), end = (to + 1) << lane;
    gpr b = lower_use_g(l, i->b);
    if (narrow) {
        gpr t = lower_temp_g(l);
        enc_mov(e, 4, t, b);
        b = t;
    }
    enc_v3i(e, (enum vop)(V_PINSRB + lane), lower_def_x_over(l, ref), a, xm_gpr(b), to);
    lower_set_clean(l, ref, ca > end ? ca : end);
    return true;
}

bool vec_cat(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    xmm a = lower_use_x(l, i->a);
    if (vx_is_zero(l, i->b)) {
        enc_v2r(lower_enc(l), V_MOVQ, lower_def_x_over(l, ref), a);
        lower_set_clean(l, ref, 8);
        return true;
    }
    xm b = vx_use(l, i->b);
    enc_v3(lower_enc(l), V_PUNPCKLQDQ, lower_def_x_over(l, ref), a, b);
    return true;
}

bool vec_high(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    xmm a = lower_use_x(l, i->a);
    enc_vshift(lower_enc(l), V_PSRLDQ, lower_def_x_over(l, ref), a, 8);
    lower_set_clean(l, ref, 8);
    return true;
}

bool vec_ext(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    unsigned n = (unsigned)i->imm;
    if (n == 0) {
        lower_use_x(l, i->a);
        lower_def_alias(l, ref, i->a);
        return true;
    }
    if (vx_is_zero(l, i->b)) {
        xmm a = lower_use_x(l, i->a);
        enc_vshift(lower_enc(l), V_PSRLDQ, lower_def_x_over(l, ref), a, n);
        lower_set_clean(l, ref, 16 - n);
        return true;
    }
    if (n == 8) { /* shuffles of halves are the cheaper ones: four a cycle on Zen 5, vpalignr two */
        xmm a = lower_use_x(l, i->a);
        xm b = vx_use(l, i->b);
        enc_v3i(lower_enc(l), V_SHUFPD, lower_def_x_over(l, ref), a, b, 1);
        return true;
    }
    xmm b = lower_use_x(l, i->b);
    xm a = vx_use(l, i->a);
    enc_v3i(lower_enc(l), V_PALIGNR, lower_def_x_over(l, ref), b, a, n);
    return true;
}
