/* SPDX-License-Identifier: MIT */
/*
 * Operations on I32 and I64, and those that make or read flags.
 *
 * Everything is computed on 64 bits with the operands cut to the type's width first; the caller cuts the
 * result.  So each operation is written once for both widths.  Flags follow AddWithCarry (Arm ARM, shared
 * pseudocode): a - b is a + ~b + 1, and C is its carry out, that is: no borrow.
 */
#include "dbt/ir/eval_internal.h"

static uint64_t sign_extend(uint64_t v, unsigned bits)
{
    return (uint64_t)((int64_t)(v << (64 - bits)) >> (64 - bits));
}

static unsigned add_flags(uint64_t x, uint64_t y, unsigned carry, unsigned bits)
{
    uint64_t mask = ~(uint64_t)0 >> (64 - bits), top = (uint64_t)1 << (bits - 1);
    x &= mask, y &= mask;
    u128 sum = (u128)x + y + carry;
    uint64_t r = (uint64_t)sum & mask;
    return (r & top ? FL_N : 0) | (r ? 0 : FL_Z) | (sum >> bits ? FL_C : 0) |
           (~(x ^ y) & (x ^ r) & top ? FL_V : 0);
}

static uint64_t reverse_bits(uint64_t x, unsigned bits)
{
    uint64_t r = 0;
    for (unsigned k = 0; k < bits; k++)
        r |= (x >> k & 1) << (bits - 1 - k);
    return r;
}

static uint64_t leading_zeros(uint64_t x, unsigned bits)
{
    return x ? (uint64_t)__builtin_clzll(x) - (64 - bits) : bits;
}

static uint64_t swap_bytes(uint64_t x, unsigned group, unsigned bits)
{
    uint64_t r = 0;
    for (unsigned k = 0; k < bits; k += 8) {
        unsigned to = k / group * group + (group - 8 - k % group);
        r |= (x >> k & 0xff) << to;
    }
    return r;
}

static uint64_t divide_signed(int64_t x, int64_t y)
{
    if (y == 0)
        return 0;
    return y == -1 ? -(uint64_t)x : (uint64_t)(x / y);
}

static uint64_t mul_high_signed(uint64_t x, uint64_t y)
{
    u128 wide = (u128)x * y;
    return (uint64_t)(wide >> 64) - ((int64_t)x < 0 ? y : 0) - ((int64_t)y < 0 ? x : 0);
}

static uint64_t shift(enum ir_op op, uint64_t x, uint64_t amount, unsigned bits)
{
    unsigned n = (unsigned)amount & (bits - 1);
    switch (op) {
    case IR_SHL: return x << n;
    case IR_SHR: return x >> n;
    case IR_SAR: return (uint64_t)((int64_t)sign_extend(x, bits) >> n);
    default: return n ? x >> n | x << (bits - n) : x;
    }
}

uint64_t eval_unary(const struct ir_insn *i, uint64_t x, unsigned bits)
{
    unsigned narrow = 8u << (i->size & 3);
    switch (i->op) {
    case IR_NOT: return ~x;
    case IR_NEG: return -x;
    case IR_CLZ: return leading_zeros(x, bits);
    case IR_CLS: {
        uint64_t s = sign_extend(x, bits);
        uint64_t mask = ~(uint64_t)0 >> (64 - bits);
        return leading_zeros((s ^ (uint64_t)((int64_t)s >> 1)) & (mask >> 1), bits - 1);
    }
    case IR_CTZ: return x ? (unsigned)__builtin_ctzll(x) : bits;
    case IR_RBIT: return reverse_bits(x, bits);
    case IR_BSWAP: return swap_bytes(x, bits, bits);
    case IR_REV16: return swap_bytes(x, 16, bits);
    case IR_SEXT: return sign_extend(x, narrow);
    case IR_ZEXT: return x & (~(uint64_t)0 >> (64 - narrow));
    default: return x;
    }
}

uint64_t eval_binary(const struct ir_insn *i, uint64_t x, uint64_t y, unsigned bits)
{
    int64_t sx = (int64_t)sign_extend(x, bits), sy = (int64_t)sign_extend(y, bits);
    switch (i->op) {
    case IR_ADD: return x + y;
    case IR_SUB: return x - y;
    case IR_MUL: return x * y;
    case IR_AND: return x & y;
    case IR_OR: return x | y;
    case IR_XOR: return x ^ y;
    case IR_ANDN: return x & ~y;
    case IR_EXTR: return i->imm ? y >> i->imm | x << (bits - (unsigned)i->imm) : y;
    case IR_LEA: return x + (y << i->cc);
    case IR_UDIV: return y ? x / y : 0;
    case IR_SDIV: return divide_signed(sx, sy);
    case IR_UMULH: return (uint64_t)((u128)x * y >> 64);
    case IR_SMULH: return mul_high_signed(x, y);
    case IR_SMIN: return sx < sy ? x : y;
    case IR_SMAX: return sx > sy ? x : y;
    case IR_UMIN: return x < y ? x : y;
    case IR_UMAX: return x > y ? x : y;
    case IR_CMP: return eval_cond(add_flags(x, ~y, 1, bits), i->cc);
    case IR_CMPZ: return ((x & y) == 0) ^ (i->cc & 1);
    default: return shift(i->op, x, y, bits);
    }
}

static uint64_t flags(const struct ir_insn *i, uint64_t x, uint64_t y, uint64_t z, unsigned bits)
{
    switch (i->op) {
    case IR_FLADD: return add_flags(x, y, 0, bits);
    case IR_FLSUB: return add_flags(x, ~y, 1, bits);
    case IR_FLADC: return add_flags(x, y, z & 1, bits);
    case IR_FLSBC: return add_flags(x, ~y, z & 1, bits);
    case IR_FLLOGIC: return (x >> (bits - 1) ? FL_N : 0) | (x ? 0 : FL_Z);
    case IR_FLSEL: return x & 0xffffffff ? y : (uint64_t)i->imm & 15;
    case IR_FLNZCV: return x >> 28 & 15;
    case IR_NZCV: return (x & 15) << 28;
    default: return eval_cond((unsigned)x & 15, i->cc);
    }
}

void eval_int(const struct ir_insn *i, union vec io[4])
{
    unsigned bits = i->type == T_I32 ? 32 : 64;
    uint64_t mask = ~(uint64_t)0 >> (64 - bits);
    uint64_t x = io[1].u64[0], y = io[2].u64[0], z = io[3].u64[0], r;
    bool makes_flags = i->op >= IR_FLADD && i->op <= IR_COND;
    if (makes_flags)
        r = flags(i, i->op == IR_FLLOGIC ? x & mask : x, y, z, bits);
    else if (i->op == IR_SHL || i->op == IR_SHR || i->op == IR_SAR || i->op == IR_ROR)
        r = shift(i->op, x & mask, y, bits);
    else if (ir_op_info[i->op].b == '-')
        r = eval_unary(i, i->op == IR_SEXT || i->op == IR_ZEXT ? x : x & mask, bits);
    else
        r = eval_binary(i, x & mask, y & mask, bits);
    io[0] = (union vec){.u64 = {r}};
}
