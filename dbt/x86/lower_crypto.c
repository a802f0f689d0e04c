/* SPDX-License-Identifier: MIT */
/*
 * Rotation, logic of three operands, and cryptography with the host's own instructions.
 *
 * AES's operation is vaesenc and its kin.  MixColumns alone is a round after half a round backwards, which
 * leaves nothing else of either.  SM4's S-box is the inversion of AES between two affine maps (the fields are
 * isomorphic), which is what GFNI computes.  SHA-1's host instruction adds the round constant, which Arm's operand
 * holds already: it is taken off before.
 *
 * What the host lacks (struct x86_target's features, which CPUID decides; --host=v3 takes away nothing but EVEX forms)
 * is computed by C.  The SHA instructions take registers 0..15 only, the AES ones 16..31 only with VAES: other
 * operands are copied, and the result goes through a temporary.
 */
#include "dbt/x86/lower_vec.h"

static bool has(struct lower *l, unsigned features)
{
    return (lower_target(l)->features & features) == features;
}

/* s, or a copy in a register that any encoding takes. */
static xmm low_copy(struct lower *l, xmm s)
{
    if (s.n < 16)
        return s;
    xmm t = lower_temp_x(l);
    enc_xmm_mov(lower_enc(l), t, s);
    return t;
}
static xm low_operand(struct lower *l, xm s)
{
    return s.mem ? s : xm_reg(low_copy(l, (xmm){s.n}));
}

/* -- rotation and logic -- */

static bool rol_bytes(struct lower *l, ir_ref ref, const struct ir_insn *i, unsigned lane, unsigned n)
{
    union vec index;
    unsigned mask = (1u << lane) - 1;
    for (unsigned k = 0; k < 16; k++)
        index.u8[k] = (uint8_t)((k & ~mask) | ((k - n) & mask));
    xmm a = lower_use_x(l, i->a);
    enc_v3(lower_enc(l), V_PSHUFB, lower_def_x_over(l, ref), a, xm_mem(lower_const(l, &index)));
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

bool vec_rol(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    unsigned lane = ir_lane_size(i->type), bits = 8u << lane, n = (unsigned)i->imm % bits;
    if (lane >= 2 && lower_avx512(l)) {
        xmm a = lower_use_x(l, i->a);
        enc_vshift(e, lane == 2 ? V_PROLD : V_PROLQ, lower_def_x_over(l, ref), a, n);
        vx_clean(l, ref, i, CLEAN_A);
        return true;
    }
    if (n % 8 == 0)
        return rol_bytes(l, ref, i, lane, n / 8);
    if (lane == 0)
        return false;
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), u = lower_temp_x(l), d = lower_def_x_over(l, ref);
    enc_vshift(e, vx_shl(lane), t, a, n);
    enc_vshift(e, vx_shr(lane), u, a, bits - n);
    enc_v3r(e, V_POR, d, t, u);
    vx_clean(l, ref, i, CLEAN_A);
    return true;
}

/* The table with its variables in another order: variable k of the new one is variable order[k] of the old one
 * (0: the highest bit of the row's number). */
static unsigned table_permuted(unsigned table, const unsigned order[3])
{
    unsigned r = 0;
    for (unsigned row = 0; row < 8; row++) {
        unsigned old = 0;
        for (unsigned k = 0; k < 3; k++)
            old |= (row >> (2 - k) & 1) << (2 - order[k]);
        r |= (table >> old & 1) << row;
    }
    return r;
}

/* vpternlog's destination is an operand: which one, says where the allocator put the result. */
static void ternlog(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    xmm v[3] = {lower_use_x(l, i->a), lower_use_x(l, i->b), lower_use_x(l, i->c)},
        d = lower_def_x_over(l, ref);
    unsigned first = d.n == v[1].n ? 1 : d.n == v[2].n ? 2 : 0;
    const unsigned order[3] = {first, first == 0, first == 2 ? 1 : 2};
    vx_mov(l, d, v[first]);
    enc_v3i(lower_enc(l), V_TERNLOG, d, v[order[1]], xm_reg(v[order[2]]),
            table_permuted((unsigned)i->imm, order));
}

bool vec_tern(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    enum { XOR = 0x96, CHOOSE = 0xca, MAJORITY = 0xe8, BCAX = 0xb4 };
    struct enc *e = lower_enc(l);
    if (lower_avx512(l)) {
        ternlog(l, ref, i);
        return true;
    }
    if (i->imm != XOR && i->imm != CHOOSE && i->imm != MAJORITY && i->imm != BCAX)
        return false;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), c = lower_use_x(l, i->c);
    xmm t = lower_temp_x(l), u = i->imm == MAJORITY ? lower_temp_x(l) : t, d = lower_def_x_over(l, ref);
    switch (i->imm) {
    case XOR:
        enc_v3r(e, V_PXOR, t, b, c);
        enc_v3r(e, V_PXOR, d, t, a);
        break;
    case CHOOSE: /* ((b ^ c) & a) ^ c */
        enc_v3r(e, V_PXOR, t, b, c);
        enc_v3r(e, V_PAND, t, t, a);
        enc_v3r(e, V_PXOR, d, t, c);
        break;
    case MAJORITY: /* (a & b) | ((a ^ b) & c) */
        enc_v3r(e, V_PXOR, t, a, b);
        enc_v3r(e, V_PAND, t, t, c);
        enc_v3r(e, V_PAND, u, a, b);
        enc_v3r(e, V_POR, d, t, u);
        break;
    default: /* a ^ (b & ~c) */
        enc_v3r(e, V_PANDN, t, c, b);
        enc_v3r(e, V_PXOR, d, t, a);
        break;
    }
    return true;
}

bool vec_shuf(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    xmm a;
    xm b;
    vx_use2(l, i, false, &a, &b);
    xmm d = lower_def_x_over(l, ref);
    bool halves = i->imm == 0xe4, low = enc_v_low(d, a) && (b.mem || b.n < 16);
    if (halves)
        enc_v3i(lower_enc(l), low ? V_PBLENDD : V_SHUFPD, d, a, b, low ? 12 : 2);
    else
        enc_v3i(lower_enc(l), V_SHUFPS, d, a, b, (unsigned)i->imm);
    return true;
}

/* -- AES, products without carries -- */

/* One instruction with an EVEX form that not every host with AVX-512 has. */
static void narrow_op(struct lower *l, ir_ref ref, enum vop op, xmm a, xm b, unsigned imm)
{
    bool wide = has(l, X86_WIDE);
    if (!wide) {
        a = low_copy(l, a);
        b = low_operand(l, b);
    }
    xmm t = wide ? a : lower_temp_x(l), d = lower_def_x_over(l, ref);
    xmm r = wide || d.n < 16 ? d : t;
    enc_v3i(lower_enc(l), op, r, a, b, imm);
    vx_mov(l, d, r);
}

bool vec_clmul(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    xmm a;
    xm b;
    if (!has(l, X86_CLMUL))
        return false;
    vx_use2(l, i, false, &a, &b);
    narrow_op(l, ref, V_PCLMULQDQ, a, b, (unsigned)i->imm);
    return true;
}

bool vec_aes(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    static const enum vop op[4] = {V_AESENCLAST, V_AESDECLAST, V_AESENC, V_AESDEC};
    xmm a;
    xm b;
    if (!has(l, X86_AES))
        return false;
    vx_use2(l, i, false, &a, &b);
    narrow_op(l, ref, op[i->cc], a, b, 0);
    return true;
}

bool vec_aesmix(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!has(l, X86_AES))
        return false;
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l);
    xm none = vx_const(l, 0, 0);
    if (!has(l, X86_WIDE))
        a = low_copy(l, a);
    enc_v3(lower_enc(l), i->cc ? V_AESENCLAST : V_AESDECLAST, t, a, none);
    narrow_op(l, ref, i->cc ? V_AESDEC : V_AESENC, t, none, 0);
    return true;
}

bool vec_sm4s(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct enc *e = lower_enc(l);
    if (!has(l, X86_GFNI))
        return false;
    xmm a = lower_use_x(l, i->a), t = lower_temp_x(l), d = lower_def_x_over(l, ref);
    enc_v3i(e, V_GF2P8AFFINE, t, a, vx_splat(l, 3, 0x4c287db91a22505d), 0x3e);
    enc_v3i(e, V_GF2P8AFFINEINV, d, t, vx_splat(l, 3, 0xf3ab34a974a6b589), 0xd3);
    return true;
}

/* -- SHA -- */

/* The host's instruction has A in the top lane, and E added to the first of the W there. */
bool vec_sha1r(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    static const uint32_t constant[3] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc};
    struct enc *e = lower_enc(l);
    if (!has(l, X86_SHA))
        return false;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b), c = lower_use_x(l, i->c);
    xmm t = lower_temp_x(l), w = lower_temp_x(l), d = lower_def_x_over(l, ref);
    enc_v3(e, V_PSUBD, w, c, vx_splat(l, 2, constant[i->cc]));
    enc_v2r(e, V_MOVQ, t, b);
    enc_v3i(e, V_INSERTPS, t, t, xm_reg(t), 0x0e);
    enc_v3r(e, V_PADDD, w, w, t);
    enc_v2i(e, V_PSHUFD, w, xm_reg(w), 0x1b);
    enc_v2i(e, V_PSHUFD, t, xm_reg(a), 0x1b);
    enc_sha(e, SHA_1RNDS4, t, w, i->cc);
    enc_v2i(e, V_PSHUFD, d, xm_reg(t), 0x1b);
    return true;
}

/* r = op(a, b), by way of d or a temporary. */
static void sha(struct lower *l, ir_ref ref, enum enc_sha op, xmm a, xmm b)
{
    b = low_copy(l, b);
    xmm t = lower_temp_x(l), d = lower_def_x(l, ref), r = d.n < 16 ? d : t;
    vx_mov(l, r, a);
    enc_sha(lower_enc(l), op, r, b, 0);
    vx_mov(l, d, r);
}

bool vec_sha256r(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!has(l, X86_SHA))
        return false;
    xmm w = lower_claim_x(l, 0);
    xmm c = lower_use_x(l, i->c);
    enc_xmm_mov(lower_enc(l), w, c);
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    sha(l, ref, SHA_256RNDS2, a, b);
    return true;
}

bool vec_sha256u(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!has(l, X86_SHA))
        return false;
    xmm a = lower_use_x(l, i->a), b = lower_use_x(l, i->b);
    sha(l, ref, i->op == IR_SHA256U0 ? SHA_256MSG1 : SHA_256MSG2, a, b);
    return true;
}
