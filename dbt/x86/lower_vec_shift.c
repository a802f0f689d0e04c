/* SPDX-License-Identifier: MIT */
/*
 * Shifts of vectors.
 *
 * By an immediate: x86 shifts 16, 32 and 64 bits and gives zero (or sign bits) for amounts of the width and
 * more, as the IR asks; bytes are shifted as 16 bits and masked; arithmetic shifts that do not exist are
 * logical ones whose sign bit is spread by xor and subtraction. By a register (USHL, SSHL): the signed low
 * byte of each lane is the amount.  Unsigned: the left shift by b & 255 or'ed with the right shift by -b &
 * 255; whichever is out of range gives zero, and at 0 both give a.  Signed: the right shift is chosen by the
 * sign of b's byte.  x86 treats the whole lane as the amount, hence the masks.
 */
#include "dbt/x86/lower_vec.h"

/* d = a >> n arithmetically, where there is no instruction: lane is 0 or 3, n below the width. */
static void sar_composed(struct lower *l, ir_ref ref, const struct ir_insn *i, unsigned n)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type), bits = 8u << lane;
    xm sign = vx_splat(l, lane, 1ull << (bits - 1 - n));
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), d = lower_def_x_over(l, ref);
    if (lane == 0) {
        enc_vshift(e, V_PSRLW, t, a, n);
        enc_v3(e, V_PAND, t, t, vx_splat(l, 0, 0xffu >> n));
    } else {
        enc_vshift(e, V_PSRLQ, t, a, n);
    }
    enc_v3(e, V_PXOR, t, t, sign);
    enc_v3(e, vx_sub(lane), d, t, sign);
}

/* All bits the sign: 0 > a. */
static void sar_all(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    xmm a = lower_use_x(l, i->a), d = lower_def_x(l, ref);
    vx_zero(l, d);
    vx_cmpgt(l, ir_lane_size(i->type), d, d, xm_reg(a));
}

static void shift8(struct lower *l, ir_ref ref, const struct ir_insn *i, unsigned n)
{
    struct enc *e = lower_enc(l);
    bool left = i->op == IR_VSHLI;
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), d = lower_def_x_over(l, ref);
    if (left && n == 1) {
        enc_v3r(e, V_PADDB, d, a, a);
        return;
    }
    enc_vshift(e, left ? V_PSLLW : V_PSRLW, t, a, n);
    enc_v3(e, V_PAND, d, t, vx_splat(l, 0, left ? 0xffu << n & 0xff : 0xffu >> n));
}

bool vec_shift(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    static const enum vop sar[4] = {0, V_PSRAW, V_PSRAD, V_PSRAQ};
    unsigned lane = ir_lane_size(i->type), bits = 8u << lane, n = (unsigned)i->imm;
    if (n == 0) {
        lower_use_x(l, i->a);
        lower_def_alias(l, ref, i->a);
        return true;
    }
    if (i->op == IR_VSARI && (lane == 0 || (lane == 3 && !lower_avx512(l)))) {
        if (n >= bits - 1)
            sar_all(l, ref, i);
        else
            sar_composed(l, ref, i, n);
    } else if (n >= bits && i->op != IR_VSARI) {
        vx_zero(l, lower_def_x(l, ref));
    } else if (lane == 0) {
        shift8(l, ref, i, n);
    } else {
        enum vop op = i->op == IR_VSHLI ? vx_shl(lane) : i->op == IR_VSHRI ? vx_shr(lane) : sar[lane];
        xmm a = lower_use_x(l, i->a);
        enc_vshift(lower_enc(l), op, lower_def_x_over(l, ref), a, n);
    }
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

static enum vop shlv(unsigned lane)
{
    return (const enum vop[]){0, V_PSLLVW, V_PSLLVD, V_PSLLVQ}[lane];
}
static enum vop shrv(unsigned lane)
{
    return (const enum vop[]){0, V_PSRLVW, V_PSRLVD, V_PSRLVQ}[lane];
}
static enum vop sarv(unsigned lane)
{
    return (const enum vop[]){0, V_PSRAVW, V_PSRAVD, V_PSRAVQ}[lane];
}

/* t = b & 255 and u = -b & 255, lane by lane. */
static void amounts(struct lower *l, unsigned lane, xmm b, xmm t, xmm u)
{
    struct enc *e = lower_enc(l);
    xm mask = vx_splat(l, lane, 0xff);
    vx_zero(l, u);
    enc_v3r(e, vx_sub(lane), u, u, b);
    enc_v3(e, V_PAND, t, b, mask);
    enc_v3(e, V_PAND, u, u, mask);
}

/* Every lane of b the same constant amount: then the two shifts are one, by an immediate.  Amounts out of
 * range give 128. */
static bool constant_amount(struct lower *l, const struct ir_insn *i, unsigned lane, int *n)
{
    const union vec *v = lower_is_vconst(l, i->b);
    if (!v)
        return false;
    for (unsigned k = 0; k < 16; k += 1u << lane)
        if (v->s8[k] != v->s8[0])
            return false;
    *n = v->s8[0];
    return true;
}

/* The same as VSHLI, VSHRI or VSARI. */
static bool shift_constant(struct lower *l, ir_ref ref, const struct ir_insn *i, int n, enum ir_op right)
{
    int bits = 8 << ir_lane_size(i->type);
    struct ir_insn c = *i;
    c.op = (uint8_t)(n >= 0 ? IR_VSHLI : right);
    c.imm = n >= 0 ? n : -n;
    if (c.imm > bits)
        c.imm = bits;
    c.b = 0;
    return vec_shift(l, ref, &c);
}

bool vec_ushl(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type);
    int n;
    if (constant_amount(l, i, lane, &n))
        return shift_constant(l, ref, i, n, IR_VSHRI);
    if (lane == 0 || (lane == 1 && !lower_avx512(l)))
        return false;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x_over(l, ref);
    amounts(l, lane, b, t, u);
    enc_v3r(e, shlv(lane), t, a, t);
    enc_v3r(e, shrv(lane), u, a, u);
    enc_v3r(e, V_POR, d, t, u);
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

bool vec_sshl(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type);
    int n;
    if (constant_amount(l, i, lane, &n))
        return shift_constant(l, ref, i, n, IR_VSARI);
    if (lane == 0 || (lane != 2 && !lower_avx512(l)))
        return false;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x(l, ref);
    amounts(l, lane, b, t, u);
    enc_v3r(e, shlv(lane), t, a, t);
    enc_v3r(e, sarv(lane), u, a, u);
    enc_vshift(e, vx_shl(lane), d, b, (8u << lane) - 8); /* the sign of b's low byte to the lane's */
    if (lane == 1) {
        enc_vshift(e, V_PSRAW, d, d, 15);
        vx_blend(l, d, u, t);
    } else {
        vx_blend_sign(l, lane, d, u, t);
    }
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}
