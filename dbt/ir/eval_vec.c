/* SPDX-License-Identifier: MIT */
/*
 * Vectors of integers, moves between and inside registers, and bitwise operations on vectors.
 *
 * Lanes are read and written through get, sget and set, by log2 of their bytes; 64-bit arithmetic serves
 * every width, because a lane's result is cut when it is set.  Saturation clamps in 128 bits.  What each
 * operation means is the A64 instruction of (nearly) the same name, on full registers: Arm ARM C7.
 *
 * A result is built in a fresh vector: an operation may read any lane of its operands at any time.
 */
#include "dbt/ir/eval_internal.h"

#include <assert.h>

__extension__ typedef __int128 s128;

static uint64_t get(const union vec *v, unsigned size, unsigned lane)
{
    switch (size) {
    case 0: return v->u8[lane];
    case 1: return v->u16[lane];
    case 2: return v->u32[lane];
    default: return v->u64[lane];
    }
}

static int64_t sget(const union vec *v, unsigned size, unsigned lane)
{
    switch (size) {
    case 0: return v->s8[lane];
    case 1: return v->s16[lane];
    case 2: return v->s32[lane];
    default: return v->s64[lane];
    }
}

static void set(union vec *v, unsigned size, unsigned lane, uint64_t x)
{
    switch (size) {
    case 0: v->u8[lane] = (uint8_t)x; break;
    case 1: v->u16[lane] = (uint16_t)x; break;
    case 2: v->u32[lane] = (uint32_t)x; break;
    default: v->u64[lane] = x; break;
    }
}

static uint64_t mask_of(bool on)
{
    return on ? ~(uint64_t)0 : 0;
}

static uint64_t clamp(s128 x, s128 low, s128 high)
{
    return (uint64_t)(x < low ? low : x > high ? high : x);
}

static uint64_t clamp_signed(s128 x, unsigned bits)
{
    s128 top = (s128)1 << (bits - 1);
    return clamp(x, -top, top - 1);
}

static uint64_t clamp_unsigned(s128 x, unsigned bits)
{
    return clamp(x, 0, ((s128)1 << bits) - 1);
}

/* Shift left by n, or right by -n; amounts beyond the lane leave nothing but sign bits. */
static uint64_t shift_by(s128 x, int n)
{
    if (n >= 64)
        return 0;
    if (n >= 0)
        return (uint64_t)x << n;
    return (uint64_t)(x >> (n < -64 ? 64 : -n));
}

static uint64_t lane_unary(const struct ir_insn *i, uint64_t x, int64_t s, unsigned bits)
{
    unsigned n = (unsigned)i->imm;
    switch (i->op) {
    case IR_VABS: return s < 0 ? -x : x;
    case IR_CNT: return (uint64_t)__builtin_popcountll(x);
    case IR_VSHLI: return n < bits ? x << n : 0;
    case IR_VSHRI: return n < bits ? x >> n : 0;
    case IR_VSARI: return (uint64_t)(s >> (n < bits ? n : bits - 1));
    default: return eval_unary(i, x, bits);
    }
}

static uint64_t lane_compare(unsigned cc, uint64_t x, uint64_t y, int64_t sx, int64_t sy)
{
    switch (cc) {
    case CC_EQ: return mask_of(x == y);
    case CC_GT: return mask_of(sx > sy);
    case CC_GE: return mask_of(sx >= sy);
    case CC_HI: return mask_of(x > y);
    default: return mask_of(x >= y);
    }
}

static uint64_t lane_binary(const struct ir_insn *i, uint64_t x, uint64_t y, int64_t sx, int64_t sy,
                            unsigned bits)
{
    switch (i->op) {
    case IR_VUSHL: return shift_by((s128)x, (int8_t)y);
    case IR_VSSHL: return shift_by(sx, (int8_t)y);
    case IR_VCMP: return lane_compare(i->cc, x, y, sx, sy);
    case IR_VTST: return mask_of((x & y) != 0);
    case IR_SQADD: return clamp_signed((s128)sx + sy, bits);
    case IR_UQADD: return clamp_unsigned((s128)x + (s128)y, bits);
    case IR_SQSUB: return clamp_signed((s128)sx - sy, bits);
    case IR_UQSUB: return clamp_unsigned((s128)x - (s128)y, bits);
    case IR_URHADD: return (uint64_t)(((s128)x + (s128)y + 1) >> 1);
    default: return eval_binary(i, x, y, bits);
    }
}

static union vec lanes(const struct ir_insn *i, const union vec *a, const union vec *b)
{
    unsigned size = ir_lane_size(i->type), bits = 8u << size;
    bool unary = ir_op_info[i->op].b == '-';
    union vec r;
    for (unsigned k = 0; k < 16u >> size; k++) {
        uint64_t x = get(a, size, k);
        int64_t sx = sget(a, size, k);
        set(&r, size, k,
            unary ? lane_unary(i, x, sx, bits)
                  : lane_binary(i, x, get(b, size, k), sx, sget(b, size, k), bits));
    }
    return r;
}

/* Operations whose lanes come from elsewhere in their operands. */
static union vec permute(const struct ir_insn *i, const union vec *a, const union vec *b)
{
    unsigned size = ir_lane_size(i->type), n = 16u >> size;
    union vec r;
    for (unsigned k = 0; k < n; k++) {
        uint64_t x;
        unsigned pair = k / 2, half = n / 2, flip;
        switch (i->op) {
        case IR_VZIP1: x = get(k & 1 ? b : a, size, pair); break;
        case IR_VZIP2: x = get(k & 1 ? b : a, size, half + pair); break;
        case IR_VUZP1: x = get(k < half ? a : b, size, (k & (half - 1)) * 2); break;
        case IR_VUZP2: x = get(k < half ? a : b, size, (k & (half - 1)) * 2 + 1); break;
        case IR_VTRN1: x = get(k & 1 ? b : a, size, k & ~1u); break;
        case IR_VTRN2: x = get(k & 1 ? b : a, size, k | 1u); break;
        case IR_VREV:
            flip = (1u << (i->size - size)) - 1;
            x = get(a, size, k ^ flip);
            break;
        case IR_VDUP: x = get(a, size, (unsigned)i->imm); break;
        case IR_VDUPR: x = a->u64[0]; break;
        default: x = b->u8[k] < 128 ? a->u8[b->u8[k] % 16] : 0; break; /* VTBL */
        }
        set(&r, size, k, x);
    }
    return r;
}

static union vec move(const struct ir_insn *i, const union vec *a, const union vec *b)
{
    unsigned size = ir_type_is_vec(i->type) ? ir_lane_size(i->type) : 0, imm = (unsigned)i->imm;
    union vec r = {.u64 = {0, 0}};
    switch (i->op) {
    case IR_LOW: return *a;
    case IR_VZEXT:
        for (unsigned k = 0; k < 1u << i->size; k++)
            r.u8[k] = a->u8[k];
        return r;
    case IR_VFROM: set(&r, size, 0, a->u64[0]); return r;
    case IR_VGET: r.u64[0] = i->cc ? (uint64_t)sget(a, i->size, imm) : get(a, i->size, imm); return r;
    case IR_VINS:
        r = *a;
        set(&r, size, imm & 15, get(b, size, imm >> 4));
        return r;
    case IR_VINSR:
        r = *a;
        set(&r, size, imm, b->u64[0]);
        return r;
    case IR_VCAT: return (union vec){.u64 = {a->u64[0], b->u64[0]}};
    case IR_VHIGH: return (union vec){.u64 = {a->u64[1], 0}};
    default: /* VEXT */
        for (unsigned k = 0; k < 16; k++)
            r.u8[k] = k + imm < 16 ? a->u8[k + imm] : b->u8[k + imm - 16];
        return r;
    }
}

/* To lanes of twice the width, from the low halves. */
static union vec widen(const struct ir_insn *i, const union vec *a, const union vec *b)
{
    unsigned size = ir_lane_size(i->type);
    union vec r;
    for (unsigned k = 0; k < 16u >> size; k++) {
        uint64_t x = get(a, size - 1, k), sx = (uint64_t)sget(a, size - 1, k);
        switch (i->op) {
        case IR_SXTL: set(&r, size, k, sx); break;
        case IR_UXTL: set(&r, size, k, x); break;
        case IR_SMULL: set(&r, size, k, sx * (uint64_t)sget(b, size - 1, k)); break;
        default: set(&r, size, k, x * get(b, size - 1, k)); break;
        }
    }
    return r;
}

/* Products of lanes of half the width, of those below. */
static union vec mul_even(const struct ir_insn *i, const union vec *a, const union vec *b)
{
    union vec r;
    for (unsigned k = 0; k < 2; k++)
        r.u64[k] = i->op == IR_SMULE ? (uint64_t)sget(a, 2, 2 * k) * (uint64_t)sget(b, 2, 2 * k)
                                     : get(a, 2, 2 * k) * get(b, 2, 2 * k);
    return r;
}

/* To lanes of half the width, into the low half. */
static union vec narrow(const struct ir_insn *i, const union vec *a)
{
    unsigned size = ir_lane_size(i->type), bits = 8u << size;
    assert(size <= 2);
    union vec r = {.u64 = {0, 0}};
    for (unsigned k = 0; k < 8u >> size; k++) {
        uint64_t x = get(a, size + 1, k);
        int64_t sx = sget(a, size + 1, k);
        switch (i->op) {
        case IR_XTN: set(&r, size, k, x); break;
        case IR_SQXTN: set(&r, size, k, clamp_signed(sx, bits)); break;
        case IR_UQXTN: set(&r, size, k, clamp_unsigned((s128)x, bits)); break;
        default: set(&r, size, k, clamp_unsigned(sx, bits)); break;
        }
    }
    return r;
}

static union vec sum_bytes(const union vec *a)
{
    union vec r = {.u64 = {0, 0}};
    for (unsigned k = 0; k < 16; k++)
        r.u64[k / 8] += a->u8[k];
    return r;
}

/* Four products of bytes to each lane of c; each factor's bytes have a sign or none. */
static union vec dot(const struct ir_insn *i, const union vec *a, const union vec *b, const union vec *c)
{
    union vec r = *c;
    for (unsigned k = 0; k < 16; k++) {
        uint32_t x = i->cc & 1 ? (uint32_t)(int8_t)a->u8[k] : a->u8[k];
        uint32_t y = i->cc & 2 ? (uint32_t)(int8_t)b->u8[k] : b->u8[k];
        r.u32[k / 4] += x * y;
    }
    return r;
}

static union vec select_bits(const union vec *a, const union vec *b, const union vec *c)
{
    union vec r;
    for (unsigned k = 0; k < 2; k++)
        r.u64[k] = (a->u64[k] & b->u64[k]) | (~a->u64[k] & c->u64[k]);
    return r;
}

void eval_vec(const struct ir_insn *i, union vec io[4])
{
    const union vec *a = &io[1], *b = &io[2];
    switch (i->op) {
    case IR_LOW:
    case IR_VZEXT:
    case IR_VFROM:
    case IR_VGET:
    case IR_VINS:
    case IR_VINSR:
    case IR_VCAT:
    case IR_VHIGH:
    case IR_VEXT: io[0] = move(i, a, b); break;
    case IR_VZIP1:
    case IR_VZIP2:
    case IR_VUZP1:
    case IR_VUZP2:
    case IR_VTRN1:
    case IR_VTRN2:
    case IR_VREV:
    case IR_VDUP:
    case IR_VDUPR:
    case IR_VTBL: io[0] = permute(i, a, b); break;
    case IR_SXTL:
    case IR_UXTL:
    case IR_SMULL:
    case IR_UMULL: io[0] = widen(i, a, b); break;
    case IR_SMULE:
    case IR_UMULE: io[0] = mul_even(i, a, b); break;
    case IR_XTN:
    case IR_SQXTN:
    case IR_UQXTN:
    case IR_SQXTUN: io[0] = narrow(i, a); break;
    case IR_VBSL: io[0] = select_bits(a, b, &io[3]); break;
    case IR_VDOT: io[0] = dot(i, a, b, &io[3]); break;
    case IR_SADALL: io[0] = sum_bytes(a); break;
    default: io[0] = lanes(i, a, b); break;
    }
}
