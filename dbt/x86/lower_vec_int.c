/* SPDX-License-Identifier: MIT */
/*
 * Integer arithmetic lane by lane.
 *
 * Most of it is one instruction from a table.  The holes of SSE and AVX2 are filled by composition:
 *  - 8-bit multiplication: 16-bit products of the even and the odd bytes
 *  - 64-bit multiplication: three 32-bit ones
 *  - counting bits of bytes: a table of 16 for each nibble (pshufb), combined by add, or, min
 *  - 64-bit minimum and maximum: comparison and blend
 *  - saturation of 32 and 64 bits: signed by the sign of the overflow, unsigned by min(a, ~b) + b and
 *    max(a, b) - b
 * What is rare and long (CLZ and CLS of 16 bits, 64-bit unsigned saturation with AVX2) is left to C.
 */
#include "dbt/x86/lower_vec.h"

#define NONE V_MOVAPS /* no such instruction */

struct simple {
    enum vop op[4];
    bool commutes;
    enum vec_clean clean;
};

static const struct simple simple[IR_OP_COUNT] = {
    [IR_ADD] = {{V_PADDB, V_PADDW, V_PADDD, V_PADDQ}, true, CLEAN_BOTH},
    [IR_SUB] = {{V_PSUBB, V_PSUBW, V_PSUBD, V_PSUBQ}, false, CLEAN_BOTH},
    [IR_MUL] = {{NONE, V_PMULLW, V_PMULLD, V_PMULLQ}, true, CLEAN_EITHER},
    [IR_AND] = {{V_PAND, V_PAND, V_PAND, V_PAND}, true, CLEAN_EITHER},
    [IR_OR] = {{V_POR, V_POR, V_POR, V_POR}, true, CLEAN_BOTH},
    [IR_XOR] = {{V_PXOR, V_PXOR, V_PXOR, V_PXOR}, true, CLEAN_BOTH},
    [IR_SMIN] = {{V_PMINSB, V_PMINSW, V_PMINSD, V_PMINSQ}, true, CLEAN_BOTH},
    [IR_SMAX] = {{V_PMAXSB, V_PMAXSW, V_PMAXSD, V_PMAXSQ}, true, CLEAN_BOTH},
    [IR_UMIN] = {{V_PMINUB, V_PMINUW, V_PMINUD, V_PMINUQ}, true, CLEAN_EITHER},
    [IR_UMAX] = {{V_PMAXUB, V_PMAXUW, V_PMAXUD, V_PMAXUQ}, true, CLEAN_BOTH},
    [IR_SQADD] = {{V_PADDSB, V_PADDSW, NONE, NONE}, true, CLEAN_BOTH},
    [IR_UQADD] = {{V_PADDUSB, V_PADDUSW, NONE, NONE}, true, CLEAN_BOTH},
    [IR_SQSUB] = {{V_PSUBSB, V_PSUBSW, NONE, NONE}, false, CLEAN_BOTH},
    [IR_UQSUB] = {{V_PSUBUSB, V_PSUBUSW, NONE, NONE}, false, CLEAN_BOTH},
    [IR_URHADD] = {{V_PAVGB, V_PAVGW, NONE, NONE}, true, CLEAN_BOTH},
};

static bool is_vec(const struct ir_insn *i)
{
    return ir_type_is_vec(i->type);
}

/* Is there one instruction for it here? */
static bool try_simple(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    const struct simple *s = &simple[i->op];
    enum vop op = s->op[ir_lane_size(i->type)];
    if (op == NONE || (enc_vec_row[op].form == 'E' && !lower_avx512(l)))
        return false;
    return vx_binary(l, ref, i, op, s->commutes, s->clean);
}

bool vec_simple(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!is_vec(i))
        return false;
    if (i->op == IR_ANDN) { /* x86 negates the first operand */
        xmm b = lower_use_x(l, i->b);
        xm a = vx_use(l, i->a);
        enc_v3(lower_enc(l), V_PANDN, lower_def_x_over(l, ref), b, a);
        vx_clean(l, ref, i, CLEAN_A);
        return true;
    }
    return try_simple(l, ref, i);
}

bool vec_not(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!is_vec(i))
        return false;
    xmm a = lower_use_x(l, i->a);
    enc_v3(lower_enc(l), V_PXOR, lower_def_x_over(l, ref), a, vx_splat(l, 0, 0xff));
    return true;
}

bool vec_neg(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!is_vec(i))
        return false;
    xm a = vx_use(l, i->a);
    xmm d = lower_def_x(l, ref);
    vx_zero(l, d);
    enc_v3(lower_enc(l), vx_sub(ir_lane_size(i->type)), d, d, a);
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

static void mul8(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x_over(l, ref);
    enc_vshift(e, V_PSRLW, t, a, 8);
    enc_vshift(e, V_PSRLW, u, b, 8);
    enc_v3r(e, V_PMULLW, t, t, u);
    enc_vshift(e, V_PSLLW, t, t, 8);
    enc_v3r(e, V_PMULLW, u, a, b);
    enc_v3(e, V_PAND, u, u, vx_splat(l, 1, 0xff));
    enc_v3r(e, V_POR, d, t, u);
}

static void mul64(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x_over(l, ref);
    enc_vshift(e, V_PSRLQ, t, a, 32);
    enc_v3r(e, V_PMULUDQ, t, t, b);
    enc_vshift(e, V_PSRLQ, u, b, 32);
    enc_v3r(e, V_PMULUDQ, u, u, a);
    enc_v3r(e, V_PADDQ, t, t, u);
    enc_vshift(e, V_PSLLQ, t, t, 32);
    enc_v3r(e, V_PMULUDQ, u, a, b);
    enc_v3r(e, V_PADDQ, d, t, u);
}

bool vec_mul(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!is_vec(i))
        return false;
    if (try_simple(l, ref, i))
        return true;
    if (i->type == T_V8)
        mul8(l, ref, i);
    else
        mul64(l, ref, i);
    vx_clean(l, ref, i, CLEAN_EITHER);
    return true;
}

/* d = lo[low nibble] `op` hi[high nibble] of each byte of s, which may be d. */
static void nibbles(struct lower *l, xmm d, xmm s, xmm t, xmm u, const uint8_t lo[16], const uint8_t hi[16],
                    enum vop op)
{
    struct enc *e = lower_enc(l);
    union vec v[2];
    for (unsigned k = 0; k < 16; k++)
        v[0].u8[k] = lo[k], v[1].u8[k] = hi[k];
    xm mask = vx_splat(l, 0, 15);
    enc_v3(e, V_PAND, t, s, mask);
    enc_vshift(e, V_PSRLW, d, s, 4);
    enc_v3(e, V_PAND, d, d, mask);
    enc_xmm_load(e, 16, u, lower_const(l, &v[0]));
    enc_v3r(e, V_PSHUFB, t, u, t);
    enc_xmm_load(e, 16, u, lower_const(l, &v[1]));
    enc_v3r(e, V_PSHUFB, d, u, d);
    enc_v3r(e, op, d, d, t);
}

static const uint8_t clz_lo[16] = {8, 7, 6, 6, 5, 5, 5, 5, 4, 4, 4, 4, 4, 4, 4, 4};
static const uint8_t clz_hi[16] = {8, 3, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0};

bool vec_clz(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (i->type == T_V32 && lower_avx512(l))
        return vx_unary(l, ref, i, V_PLZCNTD, CLEAN_NO);
    if (i->type != T_V8)
        return false;
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), u = lower_temp_x(l);
    nibbles(l, lower_def_x(l, ref), a, t, u, clz_lo, clz_hi, V_PMINUB);
    return true;
}

/* Leading bits like the sign: the zeros of x ^ (x < 0 ? -1 : 0), less one. */
bool vec_cls(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    if (i->type != T_V8 && !(i->type == T_V32 && lower_avx512(l)))
        return false;
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x(l, ref);
    if (i->type == T_V32) {
        enc_vshift(e, V_PSRAD, t, a, 31);
        enc_v3r(e, V_PXOR, t, t, a);
        enc_v2r(e, V_PLZCNTD, t, t);
        enc_v3(e, V_PADDD, d, t, vx_splat(l, 0, 0xff));
        return true;
    }
    vx_zero(l, t);
    vx_cmpgt(l, 0, d, t, xm_reg(a));
    enc_v3r(e, V_PXOR, d, d, a);
    nibbles(l, d, d, t, u, clz_lo, clz_hi, V_PMINUB);
    enc_v3(e, V_PADDB, d, d, vx_splat(l, 0, 0xff));
    return true;
}

bool vec_rbit(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    static const uint8_t lo[16] = {0x00, 0x80, 0x40, 0xc0, 0x20, 0xa0, 0x60, 0xe0,
                                   0x10, 0x90, 0x50, 0xd0, 0x30, 0xb0, 0x70, 0xf0};
    static const uint8_t hi[16] = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};
    if (i->type != T_V8)
        return false;
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), u = lower_temp_x(l);
    nibbles(l, lower_def_x(l, ref), a, t, u, lo, hi, V_POR);
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

bool vec_cnt(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    static const uint8_t bits[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), u = lower_temp_x(l);
    nibbles(l, lower_def_x(l, ref), a, t, u, bits, bits, V_PADDB);
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

/* Even and odd bytes as 16-bit numbers: pmaddwd then adds two of a lane's four products. */
bool vec_dot(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), c = lower_use_x(l, i->c);
    xmm u = lower_temp_x(l), v = lower_temp_x(l), d = lower_def_x(l, ref);
    const xmm from[2] = {a, b}, even[2] = {d, u};
    for (unsigned k = 0; k < 2; k++) {
        if (i->cc >> k & 1) {
            enc_vshift(e, V_PSLLW, even[k], from[k], 8);
            enc_vshift(e, V_PSRAW, even[k], even[k], 8);
        } else {
            enc_v3(e, V_PAND, even[k], from[k], vx_splat(l, 1, 0xff));
        }
    }
    enc_v3r(e, V_PMADDWD, d, d, u);
    enc_vshift(e, i->cc & 1 ? V_PSRAW : V_PSRLW, u, a, 8);
    enc_vshift(e, i->cc & 2 ? V_PSRAW : V_PSRLW, v, b, 8);
    enc_v3r(e, V_PMADDWD, u, u, v);
    enc_v3r(e, V_PADDD, d, d, u);
    enc_v3r(e, V_PADDD, d, d, c);
    return true;
}

bool vec_sadall(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    xmm a = lower_use_x(l, i->a);
    enc_v3(lower_enc(l), V_PSADBW, lower_def_x_over(l, ref), a, vx_const(l, 0, 0));
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

bool vec_abs(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type);
    if (lane < 3 || lower_avx512(l))
        return vx_unary(l, ref, i, (const enum vop[]){V_PABSB, V_PABSW, V_PABSD, V_PABSQ}[lane], CLEAN_A);
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x_over(l, ref);
    vx_sign(l, 3, t, a);
    enc_v3r(e, V_PXOR, u, a, t);
    enc_v3r(e, V_PSUBQ, d, u, t);
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

bool vec_minmax(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    if (!is_vec(i))
        return false;
    if (try_simple(l, ref, i))
        return true;
    bool is_min = i->op == IR_SMIN || i->op == IR_UMIN;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm t = lower_temp_x(l), d = lower_def_x(l, ref);
    if (i->op == IR_UMIN || i->op == IR_UMAX) {
        xm sign = vx_splat(l, 3, 1ull << 63);
        enc_v3(e, V_PXOR, t, a, sign);
        enc_v3(e, V_PXOR, d, b, sign);
        vx_cmpgt(l, 3, d, t, xm_reg(d));
    } else {
        vx_cmpgt(l, 3, d, a, xm_reg(b));
    }
    vx_blend(l, d, is_min ? b : a, is_min ? a : b);
    vx_clean(l, ref, i, i->op == IR_UMIN ? CLEAN_EITHER : CLEAN_BOTH);
    return true;
}

/* SQADD and SQSUB of 32 and 64 bits: where both operands' signs say overflow, the largest number of a's sign. */
bool vec_sqadd(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    if (try_simple(l, ref, i))
        return true;
    unsigned lane = ir_lane_size(i->type);
    bool add = i->op == IR_SQADD;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm sum = lower_temp_x(l), t = lower_temp_x(l), d = lower_def_x(l, ref);
    enc_v3r(e, add ? vx_add(lane) : vx_sub(lane), sum, a, b);
    enc_v3r(e, V_PXOR, d, a, sum);
    enc_v3r(e, V_PXOR, t, b, add ? sum : a);
    enc_v3r(e, V_PAND, d, d, t);
    vx_sign(l, lane, t, a);
    enc_v3(e, V_PXOR, t, t, vx_splat(l, lane, (1ull << ((8u << lane) - 1)) - 1));
    vx_blend_sign(l, lane, d, t, sum);
    vx_clean(l, ref, i, CLEAN_BOTH);
    return true;
}

bool vec_uqadd(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type);
    if (try_simple(l, ref, i))
        return true;
    if (lane == 3 && !lower_avx512(l))
        return false;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm t = lower_temp_x(l), d = lower_def_x_over(l, ref);
    if (i->op == IR_UQADD) {
        enc_v3(e, V_PXOR, t, b, vx_splat(l, 0, 0xff));
        enc_v3r(e, lane == 3 ? V_PMINUQ : V_PMINUD, t, t, a);
        enc_v3r(e, vx_add(lane), d, t, b);
    } else {
        enc_v3r(e, lane == 3 ? V_PMAXUQ : V_PMAXUD, t, a, b);
        enc_v3r(e, vx_sub(lane), d, t, b);
    }
    vx_clean(l, ref, i, CLEAN_BOTH);
    return true;
}

/* Without an instruction: (a | b) - ((a ^ b) >> 1). */
bool vec_urhadd(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type);
    if (try_simple(l, ref, i))
        return true;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x_over(l, ref);
    enc_v3r(e, V_PXOR, t, a, b);
    enc_vshift(e, vx_shr(lane), t, t, 1);
    enc_v3r(e, V_POR, u, a, b);
    enc_v3r(e, vx_sub(lane), d, u, t);
    vx_clean(l, ref, i, CLEAN_BOTH);
    return true;
}

bool vec_mull(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x_over(l, ref);
    enc_v3r(e, V_PMULLW, t, a, b);
    enc_v3r(e, i->op == IR_SMULL ? V_PMULHW : V_PMULHUW, u, a, b);
    enc_v3r(e, V_PUNPCKLWD, d, t, u);
    return true;
}

bool vec_mule(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    return vx_binary(l, ref, i, i->op == IR_SMULE ? V_PMULDQ : V_PMULUDQ, true, CLEAN_EITHER);
}
