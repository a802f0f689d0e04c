/* SPDX-License-Identifier: MIT */
/*
 * Conversions between floating-point formats, and to and from integers.
 *
 * To integers: x86 raises invalid for NaNs and for what does not fit, so the handler saturates.  Rounding
 * modes other than truncation and the current one: round without inexact, convert, then round once more to
 * raise inexact; in this order a value that does not fit raises invalid only, as on Arm.  Unsigned without
 * AVX-512: the exponent says whether the signed 64-bit conversion will do; values that are negative, NaN or
 * too large go to a cold path that traps. From integers: the destination is cleared first, because the
 * instruction keeps its upper bytes and would wait for them. F16 to F64 and back: only the exact direction
 * goes by way of F32.
 */
#include "dbt/x86/lower_vec.h"

/* F16 in lane 0 of s to t with nothing above it: garbage lanes must not raise exceptions. */
static xmm alone_f16(struct lower *l, ir_ref ref, xmm s, xmm t)
{
    if (vx_known(l, ref) <= 2)
        return s;
    enc_v2r(lower_enc(l), V_PMOVZXWQ, t, s);
    return t;
}

static struct fpx_detour ask_nan(struct lower *l, const struct ir_insn *i, unsigned lane, bool is_scalar,
                                 xmm a, xmm t, xmm d)
{
    return fpx_ask(l, i, lane, is_scalar, &a, 1, fp_infinity(lane), (const xmm[]){t, t}, d);
}

bool fpx_cvt(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    if (i->type == T_F16 && i->size == 3)
        return false;
    xmm a = lower_use_x(l, i->a);
    fpx_ask_expect(l, i);
    bool narrows = i->type == T_F32 && i->size == 3;
    struct fpx_tiny tiny = {.on = false};
    if (narrows)
        tiny = fpx_tiny_temps(l);
    xmm tmp = lower_temp_x(l);
    xmm d = fpx_detour_wanted(l, i) || tiny.on ? lower_def_x(l, ref) : lower_def_x_over(l, ref);
    unsigned clean = fpx_detour_wanted(l, i) ? 16 : vx_known(l, i->a);
    struct fpx_detour detour = ask_nan(l, i, i->size, true, a, tmp, d);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    if (i->type == T_F16) {
        xmm s = a;
        if (clean > 4)
            enc_v3i(e, V_INSERTPS, s = tmp, a, xm_reg(a), 0x0e);
        enc_v_store(e, V_CVTPS2PH, xm_reg(d), s, 4);
    } else if (i->size == 1) {
        xmm s = alone_f16(l, i->a, a, tmp);
        enc_v2r(e, V_CVTPH2PS, i->type == T_F64 ? tmp : d, s);
        if (i->type == T_F64)
            enc_v3r(e, V_CVTSS2SD, d, tmp, tmp);
    } else if (lower_avx512(l)) {
        enc_v_low_lane(e, i->type == T_F64 ? V_CVTPS2PD : V_CVTPD2PS, d.n, 0, xm_reg(a), 0);
        clean = ir_type_bytes[i->type];
    } else {
        enc_v3r(e, i->type == T_F64 ? V_CVTSS2SD : V_CVTSD2SS, d, a, a);
        clean = clean > 8 ? clean : 8;
    }
    lower_trap_end(l, &t);
    fpx_tiny_check(l, &tiny, i, 2, d,
                   &(struct fpx_operands){a, a, a}); /* not behind C, which has done it all */
    fpx_ask_end(l, &detour, i);
    if (i->size == 1)
        lower_set_clean(l, ref, ir_type_bytes[i->type]);
    else if (i->type == T_F16)
        lower_set_clean(l, ref, 2);
    else
        lower_set_clean(l, ref, clean);
    return true;
}

static bool convert_xmm(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vop op)
{
    struct enc *e = lower_enc(l);
    unsigned from = ir_lane_size(i->type) + (i->op == IR_FCVTN ? 1u : -1u);
    xmm a = lower_use_x(l, i->a);
    fpx_ask_expect(l, i);
    struct fpx_tiny tiny = {.on = false};
    if (op == V_CVTPD2PS)
        tiny = fpx_tiny_temps(l);
    xmm tmp = fpx_detour_wanted(l, i) ? lower_temp_x(l) : a;
    xmm d = fpx_detour_wanted(l, i) || tiny.on ? lower_def_x(l, ref) : lower_def_x_over(l, ref);
    struct fpx_detour detour = ask_nan(l, i, from, false, a, tmp, d);
    struct lower_trap t = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    if (op == V_CVTPS2PH)
        enc_v_store(e, op, xm_reg(d), a, 4);
    else
        enc_v2r(e, op, d, a);
    lower_trap_end(l, &t);
    fpx_tiny_check(l, &tiny, i, 0, d,
                   &(struct fpx_operands){a, a, a}); /* not behind C, which has done it all */
    fpx_ask_end(l, &detour, i);
    return true;
}

bool fpx_cvtl(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (i->type != T_V32 && i->type != T_V64)
        return false;
    return convert_xmm(l, ref, i, i->type == T_V32 ? V_CVTPH2PS : V_CVTPS2PD);
}

bool fpx_cvtn(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (i->type != T_V16 && i->type != T_V32)
        return false;
    convert_xmm(l, ref, i, i->type == T_V16 ? V_CVTPS2PH : V_CVTPD2PS);
    lower_set_clean(l, ref, 8);
    return true;
}

/* -- to integers -- */

/* Every conversion to an integer: [unsigned][current mode, truncating]; V_MOVAPS: there is none. */
struct to_int {
    enum vop op[2][2];
};
static const struct to_int to_g[2][2] = {
    /* from F32 */
    {{{{V_CVTSS2SI, V_CVTTSS2SI}, {V_CVTSS2USI, V_CVTTSS2USI}}},
     {{{V_CVTSS2SIQ, V_CVTTSS2SIQ}, {V_CVTSS2USIQ, V_CVTTSS2USIQ}}}},
    /* from F64 */
    {{{{V_CVTSD2SI, V_CVTTSD2SI}, {V_CVTSD2USI, V_CVTTSD2USI}}},
     {{{V_CVTSD2SIQ, V_CVTTSD2SIQ}, {V_CVTSD2USIQ, V_CVTTSD2USIQ}}}},
};
static const struct to_int to_v[2] = {
    {{{V_CVTPS2DQ, V_CVTTPS2DQ}, {V_CVTPS2UDQ, V_CVTTPS2UDQ}}},
    {{{V_CVTPD2QQ, V_CVTTPD2QQ}, {V_CVTPD2UQQ, V_CVTTPD2UQQ}}},
};

/* What to convert, if it has to be rounded first: into t.  u and w are scratch. */
static xmm rounded(struct lower *l, const struct ir_insn *i, int kind, xmm a, xmm t, xmm u, xmm w)
{
    if (i->cc == ROUND_Z || i->cc == ROUND_CURRENT)
        return a;
    if (i->cc == ROUND_A)
        fpx_round_away(l, kind, t, a, u, w);
    else
        fpx_round(l, kind, t, a, 8 | fpx_round_mode(i->cc));
    return t;
}

/* Raises inexact if a is not integral. */
static void raise_inexact(struct lower *l, const struct ir_insn *i, int kind, xmm a, xmm t)
{
    if (i->cc != ROUND_Z && i->cc != ROUND_CURRENT)
        fpx_round(l, kind, t, a, 3);
}

/* To C with what is not below 2^31, 2^63, or twice that for unsigned numbers, which a negative one is not. */
static struct fpx_detour ask_range(struct lower *l, const struct ir_insn *i, int kind, bool is_signed, xmm a,
                                   xmm t, xmm u, xmm d)
{
    bool f64 = fpx_is_double(kind);
    uint64_t limit = f64 ? (uint64_t)(1023 + 63 + !is_signed) << 52 : (uint64_t)(127 + 31 + !is_signed) << 23;
    struct fpx_detour detour =
        fpx_ask(l, i, 2 + f64, fpx_is_scalar(kind), &a, 1, limit - 1, (const xmm[]){t, u}, d);
    if (lower_careful(l) && !is_signed) {
        enc_v3(lower_enc(l), V_ANDPS, t, a, fpx_sign_mask(l, kind));
        vx_test(l, t, t);
        lower_jcc(l, X86_NE, detour.cold);
    }
    return detour;
}

/* Signed 64 bits without AVX-512, truncating: one lane after the other. */
static void ftoi_s64_vector(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a);
    fpx_ask_expect(l, i);
    xmm t = lower_temp_x(l);
    gpr g = lower_temp_g(l);
    xmm d = lower_def_x(l, ref);
    struct fpx_detour detour = ask_range(l, i, 1, true, a, t, t, d);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    enc_v(e, V_CVTTSD2SIQ, g.n, 0, xm_reg(a), 0);
    enc_xmm_from(e, 8, d, g);
    enc_vshift(e, V_PSRLDQ, t, a, 8);
    enc_v(e, V_CVTTSD2SIQ, g.n, 0, xm_reg(t), 0);
    enc_v3i(e, V_PINSRQ, d, d, xm_gpr(g), 1);
    lower_trap_end(l, &trap);
    fpx_ask_end(l, &detour, i);
}

static bool ftoi_vector(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    int kind = fpx_kind(i->type);
    if (kind < 0)
        return false;
    enum vop op = to_v[kind].op[i->imm != 1][i->cc != ROUND_CURRENT];
    if (op == V_CVTTPD2QQ && i->cc == ROUND_Z && !lower_avx512(l)) {
        ftoi_s64_vector(l, ref, i);
        return true;
    }
    if (enc_vec_row[op].form == 'E' && !lower_avx512(l))
        return false;
    xmm a = lower_use_x(l, i->a);
    fpx_ask_expect(l, i);
    xmm t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x(l, ref);
    struct fpx_detour detour = ask_range(l, i, kind, i->imm == 1, a, t, u, d);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    xmm s = rounded(l, i, kind, a, t, u, d);
    enc_v2r(e, op, d, s);
    raise_inexact(l, i, kind, a, t);
    lower_trap_end(l, &trap);
    fpx_ask_end(l, &detour, i);
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

/*
 * With AVX2, truncating.  exp, the sign and exponent, is below the limit for what the signed 64-bit
 * conversion does.  The rest is cold: (-1, -0] goes back to that conversion, [2^63, 2^64) is lowered by 2^63,
 * all others are invalid: the trap's NaN.
 */
static void ftoi_unsigned_cold(struct lower *l, const struct ir_insn *i, int kind, xmm a, xmm t, gpr exp,
                               gpr d, label convert, label done)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(kind), wide = i->type == T_I64;
    label force = lower_label(l), positive = lower_label(l);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    trap.dst_is_gpr = true;
    enc_test_imm(e, 4, exp, f64 ? 0x800 : 0x100);
    lower_jcc(l, X86_E, positive);
    fpx_ucomis(l, kind, false, a, fpx_const(l, kind, 0xbf800000, 0xbff0000000000000));
    lower_jcc(l, X86_A, convert);
    lower_jmp(l, force);
    lower_bind(l, positive);
    if (wide) {
        enc_alu_imm(e, ALU_CMP, 4, exp, (f64 ? 1023 : 127) + 63);
        lower_jcc(l, X86_NE, force);
        enc_v3(e, (enum vop)(V_SUBPS + kind), t, a, fpx_const(l, kind, 0x5f000000, 0x43e0000000000000));
        enc_v(e, to_g[f64][1].op[0][1], d.n, 0, xm_reg(t), 0);
        enc_mov_imm(e, exp, 1ull << 63);
        enc_alu(e, ALU_XOR, 8, d, exp);
        lower_jmp(l, done);
    }
    lower_bind(l, force);
    if (lower_careful(l)) {
        lower_trap_end(l, &trap);
        careful_saturate(l, &(struct careful_fit){kind, false, wide, a, exp, d}, done);
        return;
    }
    enc_xmm_load(e, f64 ? 8 : 4, t, fpx_default_nan(l, kind).m);
    fpx_ucomis(l, kind, true, t, xm_reg(t));
    lower_trap_end(l, &trap);
    lower_jmp(l, done);
}

static void ftoi_unsigned(struct lower *l, ir_ref ref, const struct ir_insn *i, int kind)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(kind), wide = i->type == T_I64;
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l);
    gpr exp = lower_temp_g(l), d = lower_def_g(l, ref);
    label cold = lower_label(l), convert = lower_label(l), done = lower_label(l);
    enc_xmm_to(e, f64 ? 8 : 4, exp, a);
    enc_shift_imm(e, SH_SHR, f64 ? 8 : 4, exp, f64 ? 52 : 23);
    enc_alu_imm(e, ALU_CMP, 4, exp, (f64 ? 1023 : 127) + (wide ? 63 : 32));
    lower_jcc(l, X86_AE, cold);
    lower_bind(l, convert);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    trap.dst_is_gpr = true;
    enc_v(e, to_g[f64][1].op[0][1], d.n, 0, xm_reg(a), 0);
    lower_trap_end(l, &trap);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    ftoi_unsigned_cold(l, i, kind, a, t, exp, d, convert, done);
    lower_cold_end(l);
}

/*
 * FJCVTZS: below 2^31 in magnitude it is the plain conversion.  Larger numbers are ordinary there (hash codes),
 * so no trap: their bits are shifted into place, and the invalid flag is set where it is kept.
 */
static void ftoi_modulo_cold(struct lower *l, xmm a, gpr exp, gpr m, gpr d, label convert, label done)
{
    struct enc *e = lower_enc(l);
    label outside = lower_label(l), shift = lower_label(l), sign = lower_label(l);
    enc_xmm_to(e, 8, m, a);
    enc_alu_imm(e, ALU_CMP, 4, exp, 1023 + 31);
    lower_jcc(l, X86_NE, outside);
    enc_test(e, 8, m, m);
    lower_jcc(l, X86_NS, outside);
    fpx_ucomis(l, 3, false, a, fpx_const(l, 3, 0, 0xc1e0000000200000)); /* -2^31 - 1: all above it fits */
    lower_jcc(l, X86_A, convert);
    lower_bind(l, outside);
    fpx_note_invalid(l);
    enc_mov_imm(e, d, 0);
    enc_alu_imm(e, ALU_CMP, 4, exp, 1075 + 32);
    lower_jcc(l, X86_AE, done);
    enc_shift_imm(e, SH_SHL, 8, m, 11); /* the fraction, and its leading 1, to the top */
    enc_mov_imm(e, d, 1ull << 63);
    enc_alu(e, ALU_OR, 8, m, d);
    enc_alu_imm(e, ALU_SUB, 4, exp, 1086);
    lower_jcc(l, X86_AE, shift);
    enc_unary(e, UN_NEG, 4, exp);
    enc_shrx(e, 8, d, m, exp);
    lower_jmp(l, sign);
    lower_bind(l, shift);
    enc_shlx(e, 8, d, m, exp);
    lower_bind(l, sign);
    enc_alu(e, ALU_OR, 4, d, d); /* nothing above the 32 bits */
    enc_xmm_to(e, 8, m, a);
    enc_test(e, 8, m, m);
    lower_jcc(l, X86_NS, done);
    enc_unary(e, UN_NEG, 4, d);
    lower_jmp(l, done);
}

static bool ftoi_modulo(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a);
    gpr exp = lower_temp_g(l), m = lower_temp_g(l), d = lower_def_g(l, ref);
    label cold = lower_label(l), convert = lower_label(l), done = lower_label(l);
    enc_xmm_to(e, 8, exp, a);
    enc_shift_imm(e, SH_SHL, 8, exp, 1);
    enc_shift_imm(e, SH_SHR, 8, exp, 53);
    enc_alu_imm(e, ALU_CMP, 4, exp, 1023 + 31);
    lower_jcc(l, X86_AE, cold);
    lower_bind(l, convert);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    trap.dst_is_gpr = true;
    enc_v(e, V_CVTTSD2SI, d.n, 0, xm_reg(a), 0);
    lower_trap_end(l, &trap);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    ftoi_modulo_cold(l, a, exp, m, d, convert, done);
    lower_cold_end(l);
    return true;
}

/* FRINT into the range of integers: the conversion to them raises what is to be raised, and traps where the
 * number does not fit; only then it is rounded. */
bool fpx_frint_range(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    int kind = fpx_kind(i->type);
    bool truncates = i->cc == ROUND_Z, wide = i->size == 3;
    if (kind < 0 || (!truncates && i->cc != ROUND_CURRENT))
        return false;
    if (!fpx_is_scalar(kind) && (wide != fpx_is_double(kind) || (wide && !lower_avx512(l))))
        return false;
    if (lower_careful(l))
        return false;
    xmm a = lower_use_x(l, i->a), t = a;
    gpr g = RAX;
    if (fpx_is_scalar(kind))
        g = lower_temp_g(l);
    else
        t = lower_temp_x(l);
    xmm d = lower_def_x_over(l, ref);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    if (fpx_is_scalar(kind))
        enc_v(e, to_g[kind - 2][wide].op[0][truncates], g.n, 0, xm_reg(a), 0);
    else
        enc_v2r(e, to_v[kind].op[0][truncates], t, a);
    fpx_round(l, kind, d, a, 8 | fpx_round_mode(i->cc));
    lower_trap_end(l, &trap);
    if (fpx_is_scalar(kind))
        fpx_scalar_clean(l, ref, i->type, i->a);
    else
        vx_clean(l, ref, i, CLEAN_A);
    return true;
}

bool fpx_ftoi(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    if (i->imm >> 8)
        return false;
    if (ir_type_is_vec(i->type))
        return ftoi_vector(l, ref, i);
    if (i->imm == 3)
        return ftoi_modulo(l, ref, i);
    if (i->size < 2)
        return false;
    int kind = i->size == 3 ? 3 : 2;
    bool wide = i->type == T_I64, is_unsigned = i->imm != 1;
    if (is_unsigned && !lower_avx512(l)) {
        if (i->cc != ROUND_Z)
            return false;
        ftoi_unsigned(l, ref, i, kind);
        lower_set_clean(l, ref, wide ? 8 : 4);
        return true;
    }
    enum vop op = to_g[kind - 2][wide].op[is_unsigned][i->cc != ROUND_CURRENT];
    bool plain = i->cc == ROUND_Z || i->cc == ROUND_CURRENT;
    xmm a = lower_use_x(l, i->a), t = a, u = a, w = a;
    if (!plain)
        t = lower_temp_x(l), u = lower_temp_x(l), w = lower_temp_x(l);
    bool careful = lower_careful(l);
    gpr exp = careful ? lower_temp_g(l) : RAX, d = lower_def_g(l, ref);
    label cold = lower_label(l), fits = lower_label(l), done = lower_label(l);
    const struct careful_fit fit = {kind, !is_unsigned, wide, a, exp, d};
    if (careful) {
        careful_fit(l, &fit, cold);
        lower_bind(l, fits);
    }
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    trap.dst_is_gpr = true;
    xmm s = rounded(l, i, kind, a, t, u, w);
    enc_v(e, op, d.n, 0, xm_reg(s), 0);
    raise_inexact(l, i, kind, a, t);
    lower_trap_end(l, &trap);
    if (careful) {
        lower_bind(l, done);
        lower_cold_begin(l);
        lower_bind(l, cold);
        careful_fit_cold(l, &fit, fits, done);
        lower_cold_end(l);
    }
    lower_set_clean(l, ref, wide ? 8 : 4);
    return true;
}

/* -- from integers -- */

/* Unsigned 64 bits with AVX2: those with the top bit set are halved, the lost bit kept for the rounding, and
 * doubled. */
static void itof_u64(struct lower *l, ir_ref ref, const struct ir_insn *i, int kind)
{
    struct enc *e = lower_enc(l);
    enum vop op = kind == 3 ? V_CVTSI2SDQ : V_CVTSI2SSQ;
    gpr a = lower_use_g(l, i->a), t = lower_temp_g(l), u = lower_temp_g(l);
    xmm d = lower_def_x(l, ref);
    label cold = lower_label(l), done = lower_label(l);
    enc_v3r(e, V_XORPS, d, d, d);
    enc_test(e, 8, a, a);
    lower_jcc(l, X86_S, cold);
    enc_v(e, op, d.n, d.n, xm_gpr(a), 0);
    lower_bind(l, done);

    lower_cold_begin(l);
    lower_bind(l, cold);
    e = lower_enc(l);
    enc_mov(e, 8, t, a);
    enc_shift_imm(e, SH_SHR, 8, t, 1);
    enc_mov(e, 4, u, a);
    enc_alu_imm(e, ALU_AND, 4, u, 1);
    enc_alu(e, ALU_OR, 8, t, u);
    enc_v(e, op, d.n, d.n, xm_gpr(t), 0);
    enc_v3r(e, (enum vop)(V_ADDPS + kind), d, d, d);
    lower_jmp(l, done);
    lower_cold_end(l);
}

bool fpx_itof_may_trap(struct lower *l, const struct ir_insn *i)
{
    bool is_unsigned = i->imm != 1, is_vec = ir_type_is_vec(i->type);
    if (i->type == T_F16 || i->type == T_V16)
        return false;
    if (lower_avx512(l))
        return true;
    return is_vec ? i->type == T_V32 && !is_unsigned : !(is_unsigned && lower_type(l, i->a) == T_I64);
}

static bool itof_scalar(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    int kind = fpx_kind(i->type);
    enum ir_type from = lower_type(l, i->a);
    if (kind < 0 || !ir_type_is_int(from))
        return false;
    bool f64 = kind == 3, wide = from == T_I64, is_unsigned = i->imm != 1;
    if (is_unsigned && wide && !lower_avx512(l)) {
        itof_u64(l, ref, i, kind);
    } else {
        enum vop op = wide ? (f64 ? V_CVTSI2SDQ : V_CVTSI2SSQ) : (f64 ? V_CVTSI2SD : V_CVTSI2SS);
        gpr a = lower_use_g(l, i->a);
        if (is_unsigned && lower_avx512(l)) {
            op = wide ? (f64 ? V_CVTUSI2SDQ : V_CVTUSI2SSQ) : (f64 ? V_CVTUSI2SD : V_CVTUSI2SS);
        } else if (is_unsigned) { /* as a signed number of 64 bits */
            gpr t = lower_temp_g(l);
            enc_mov(e, 4, t, a);
            a = t;
            op = f64 ? V_CVTSI2SDQ : V_CVTSI2SSQ;
        }
        xmm d = lower_def_x(l, ref);
        enc_v3r(e, V_XORPS, d, d, d);
        struct ir_insn insn = *i; /* with what the evaluator takes from the operand's type */
        insn.size = wide ? 3 : 2;
        struct lower_trap trap = fpx_trap(l, &insn, d.n, X86_TRAP_NONE, X86_TRAP_NONE, X86_TRAP_NONE);
        trap.a = a.n;
        trap.a_is_gpr = true;
        enc_v(e, op, d.n, d.n, xm_gpr(a), 0);
        lower_trap_end(l, &trap);
    }
    lower_set_clean(l, ref, f64 ? 8 : 4);
    return true;
}

/* Unsigned 32 bits: halves of 16 bits, so that only the last addition rounds. */
static void itof_u32_vector(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x_over(l, ref);
    enc_vshift(e, V_PSRLD, t, a, 16);
    enc_v2r(e, V_CVTDQ2PS, t, t);
    enc_v3(e, V_MULPS, t, t, vx_splat(l, 2, 0x47800000)); /* 65536.0f */
    enc_v3(e, V_PAND, u, a, vx_splat(l, 2, 0xffff));
    enc_v2r(e, V_CVTDQ2PS, u, u);
    enc_v3r(e, V_ADDPS, d, t, u);
}

/* Signed 64 bits without AVX-512: one lane after the other. */
static void itof_s64_vector(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l);
    gpr g = lower_temp_g(l);
    xmm d = lower_def_x(l, ref);
    enc_xmm_to(e, 8, g, a);
    enc_v3r(e, V_XORPS, d, d, d);
    enc_v(e, V_CVTSI2SDQ, d.n, d.n, xm_gpr(g), 0);
    if (vx_known(l, i->a) <= 8)
        return;
    enc_v(e, V_PEXTRQ, a.n, 0, xm_gpr(g), 1);
    enc_v3r(e, V_XORPS, t, t, t);
    enc_v(e, V_CVTSI2SDQ, t.n, t.n, xm_gpr(g), 0);
    enc_v3r(e, V_PUNPCKLQDQ, d, d, t);
}

static void itof_lanes(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vop op)
{
    xmm a = lower_use_x(l, i->a), d = lower_def_x_over(l, ref);
    struct lower_trap trap = fpx_trap(l, i, d.n, a.n, X86_TRAP_NONE, X86_TRAP_NONE);
    enc_v2r(lower_enc(l), op, d, a);
    lower_trap_end(l, &trap);
}

bool fpx_itof(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    bool is_signed = i->imm == 1;
    if (!ir_type_is_vec(i->type))
        return itof_scalar(l, ref, i);
    if (i->type == T_V32 && is_signed)
        itof_lanes(l, ref, i, V_CVTDQ2PS);
    else if (i->type == T_V32 && lower_avx512(l))
        itof_lanes(l, ref, i, V_CVTUDQ2PS);
    else if (i->type == T_V32)
        itof_u32_vector(l, ref, i);
    else if (i->type == T_V16)
        return half_from_int(l, ref, i);
    else if (i->type == T_V64 && lower_avx512(l))
        itof_lanes(l, ref, i, is_signed ? V_CVTQQ2PD : V_CVTUQQ2PD);
    else if (i->type == T_V64 && is_signed)
        itof_s64_vector(l, ref, i);
    else
        return false;
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}
