/* SPDX-License-Identifier: MIT */
/*
 * Vectors: what Arm writes as two instructions and the host has as one.  See fold.c for what must hold.
 *
 *  - A rotation: USHR and SLI, or SHL and SRI, which are two shifts, a mask and an OR.
 *  - AES rounds: AESE and AESMC are one operation; the next AESE's exclusive or with a key is its last step.  Where
 *    the values between must be kept for a fault, they are computed beside it, off the critical path.
 *  - Halves that are turned twice; and the low half of a sum with a zipped value, which is had from the values before
 *    the zip: SHA512H's result goes this way into the next one, and the latency of that loop is what SHA-512 takes.
 *  - Lanes put in their places for products of every other one, where they are there already.
 *  - VSHUF of VSHUFs that puts every lane back where it was: SHA256H and SHA256H2 in a row.
 */
#include "dbt/opt/internal.h"

/* Is r a constant with the same number in every lane of type t?  Which? */
static bool splat_of(const struct ir *out, ir_ref r, enum ir_type t, uint64_t *v)
{
    const struct ir_insn *i = &out->insn[r];
    if (i->op != IR_VCONST)
        return false;
    const union vec *c = &out->pool[i->imm];
    unsigned bits = 8u << ir_lane_size(t);
    uint64_t ones = ~(uint64_t)0 >> (64 - bits);
    *v = c->u64[0] & ones;
    return c->u64[0] == c->u64[1] && c->u64[0] == *v * (~(uint64_t)0 / ones);
}

static bool is_zero(const struct ir *out, ir_ref r)
{
    uint64_t v;
    return splat_of(out, r, T_V64, &v) && v == 0;
}

/* A mask that keeps all bits that a shift leaves. */
static ir_ref fold_mask(struct ir *out, const struct ir_insn *i)
{
    uint64_t mask;
    for (unsigned k = 0; k < 2; k++) {
        ir_ref r = k ? i->b : i->a;
        const struct ir_insn *s = &out->insn[r];
        if ((s->op != IR_VSHLI && s->op != IR_VSHRI) || !splat_of(out, k ? i->a : i->b, s->type, &mask))
            continue;
        unsigned bits = 8u << ir_lane_size(s->type);
        uint64_t ones = ~(uint64_t)0 >> (64 - bits);
        uint64_t kept = (uint64_t)s->imm >= bits ? 0
                        : s->op == IR_VSHLI      ? ones << s->imm & ones
                                                 : ones >> s->imm;
        if ((kept & ~mask) == 0)
            return r;
    }
    return 0;
}

static ir_ref fold_rotation(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn *l = &out->insn[i->a], *r = &out->insn[i->b];
    if (l->op == IR_VSHRI) {
        const struct ir_insn *t = l;
        l = r;
        r = t;
    }
    if (l->op != IR_VSHLI || r->op != IR_VSHRI || l->type != r->type || l->a != r->a || l->imm == 0 ||
        r->imm == 0 || l->imm + r->imm != 8 << ir_lane_size(l->type))
        return 0;
    return fold_emit(out, (struct ir_insn){.op = IR_VROLI, .type = l->type, .a = l->a, .imm = l->imm});
}

static ir_ref fold_key(struct ir *out, const struct ir_insn *i)
{
    for (unsigned k = 0; k < 2; k++) {
        struct ir_insn r = out->insn[k ? i->b : i->a];
        if (r.op == IR_AES && is_zero(out, r.b)) {
            r.b = k ? i->a : i->b;
            return fold_emit(out, r);
        }
    }
    return 0;
}

static ir_ref fold_mix(struct ir *out, const struct ir_insn *i)
{
    struct ir_insn r = out->insn[i->a];
    if (r.op != IR_AES || r.cc != i->cc || !is_zero(out, r.b))
        return 0;
    r.cc |= 2;
    return fold_emit(out, r);
}

/* Where lane k of r comes from. */
static ir_ref lane_source(const struct ir *out, ir_ref r, unsigned *k)
{
    while (out->insn[r].op == IR_VSHUF) {
        const struct ir_insn *i = &out->insn[r];
        r = *k < 2 ? i->a : i->b;
        *k = (unsigned)i->imm >> 2 * *k & 3;
    }
    return r;
}

static ir_ref fold_shuffle(struct ir *out, const struct ir_insn *i)
{
    ir_ref whole = 0;
    for (unsigned k = 0; k < 4; k++) {
        unsigned at = (unsigned)i->imm >> 2 * k & 3;
        ir_ref r = lane_source(out, k < 2 ? i->a : i->b, &at);
        if (at != k || (whole && r != whole))
            return 0;
        whole = r;
    }
    return whole;
}

static bool is_v64(const struct ir_insn *i, enum ir_op op)
{
    return i->op == op && i->type == T_V64;
}

/* A sum with a zipped value: something whose upper half is the same without the zip; 0 if r is none. */
static ir_ref upper_half(struct ir *out, ir_ref r)
{
    const struct ir_insn i = out->insn[r];
    if (!is_v64(&i, IR_ADD) || !is_v64(&out->insn[i.b], IR_VZIP2))
        return 0;
    return fold_op2(out, IR_ADD, T_V64, i.a, out->insn[i.b].b);
}

/* Halves: b's lower one above a's upper one. */
static ir_ref fold_halves(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn a = out->insn[i->a], b = out->insn[i->b];
    if (i->imm != 8)
        return 0;
    ir_ref upper = i->a != i->b ? upper_half(out, i->a) : 0;
    if (upper)
        return fold_emit(out, (struct ir_insn){.op = IR_VEXT, .type = T_V8, .a = upper, .b = i->b, .imm = 8});
    if (i->a == i->b && a.op == IR_VEXT && a.imm == 8)
        return fold_emit(out,
                         (struct ir_insn){.op = IR_VSHUF, .type = T_V32, .a = a.b, .b = a.a, .imm = 0xe4});
    if (i->a == i->b && (is_v64(&a, IR_VZIP1) || is_v64(&a, IR_VZIP2)))
        return fold_op2(out, (enum ir_op)a.op, T_V64, a.b, a.a);
    if (!is_v64(&b, IR_ADD) || !is_v64(&out->insn[b.b], IR_VZIP2))
        return 0;
    ir_ref late = out->insn[b.b].a;
    ir_ref turned =
        fold_emit(out, (struct ir_insn){.op = IR_VEXT, .type = T_V8, .a = b.a, .b = b.a, .imm = 8});
    return fold_op2(out, IR_VZIP2, T_V64, i->a, fold_op2(out, IR_ADD, T_V64, turned, late));
}

/* The lower half of a and the upper half of b. */
static ir_ref fold_blend(struct ir *out, const struct ir_insn *i)
{
    struct ir_insn r = *i;
    if (i->imm != 0xe4 || !(r.b = upper_half(out, i->b)))
        return 0;
    return fold_emit(out, r);
}

/* Lanes 0 0 1 1 of a. */
static ir_ref fold_spread(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn a = out->insn[i->a];
    if (i->type != T_V32 || i->a != i->b)
        return 0;
    if (a.type == T_V32 && (a.op == IR_VDUP || a.op == IR_VDUPR))
        return i->a;
    if (a.op == IR_VHIGH)
        return fold_op2(out, IR_VZIP2, T_V32, a.a, a.a);
    if (a.op == IR_VZEXT && a.size == 3 && ir_type_is_vec(ir_result_type(&out->insn[a.a])))
        return fold_op2(out, IR_VZIP1, T_V32, a.a, a.a);
    return 0;
}

ir_ref fold_vec(struct ir *out, const struct ir_insn *i)
{
    ir_ref r = 0;
    if (!ir_type_is_vec(i->type))
        return 0;
    switch (i->op) {
    case IR_AND: return fold_mask(out, i);
    case IR_OR: return fold_rotation(out, i);
    case IR_XOR: r = fold_rotation(out, i); return r ? r : fold_key(out, i);
    case IR_AESMIX: return fold_mix(out, i);
    case IR_VHIGH:
        return is_v64(&out->insn[i->a], IR_VZIP2)
                   ? fold_emit(out, (struct ir_insn){.op = IR_VHIGH, .type = i->type, .a = out->insn[i->a].b})
                   : 0;
    case IR_VEXT: return fold_halves(out, i);
    case IR_VZIP1: return fold_spread(out, i);
    case IR_VSHUF: r = fold_shuffle(out, i); return r ? r : fold_blend(out, i);
    default: return 0;
    }
}
