/* SPDX-License-Identifier: MIT */
/*
 * The verifier: what every unit must look like, between any two stages.
 *
 *  1. Operands are defined before they are used, have the kinds that their operation's row says, and are
 *     there or not as it says.
 *  2. The instruction's type is one that the row names.
 *  3. size, cc and imm are in the ranges that give them a meaning.  Fields that an operation does not use are
 *     not looked at.
 *  4. Exactly the last instruction, and that in front of each LABEL, is E-flagged; behind a LABEL no operand is from before it.
 *  5. State cells lie inside struct cpu; conversions of lanes agree in width.
 *
 * It is run after each pass in debug builds and by every test: a bad unit is to be found where it was made.
 */
#include "dbt/cpu.h"
#include "dbt/ir/ir.h"

#include <ctype.h>

static char message[200];

/* The set of types that a letter of ops.h's column stands for. */
static unsigned types_of(char letter)
{
    switch (letter) {
    case 'W': return 1u << T_I32;
    case 'L': return 1u << T_I64;
    case 'I': return 1u << T_I32 | 1u << T_I64;
    case 'F': return 1u << T_F16 | 1u << T_F32 | 1u << T_F64;
    case '1': return 1u << T_V8;
    case '2': return 1u << T_V16;
    case '4': return 1u << T_V32;
    case '8': return 1u << T_V64;
    case 'V': return 1u << T_V8 | 1u << T_V16 | 1u << T_V32 | 1u << T_V64;
    case '-': return 1u << T_NONE;
    case '*': return ~0u;
    default: return 0;
    }
}

static bool defined_for(enum ir_op op, enum ir_type t)
{
    unsigned set = 0;
    for (const char *letter = ir_op_info[op].types; *letter; letter++)
        set |= types_of(*letter);
    return set >> t & 1;
}

/* Whether an operand of type t fits kind (a letter of ops.h, upper case). */
static bool kind_fits(char kind, enum ir_type t, enum ir_type insn_type)
{
    switch (kind) {
    case 'T': return t == insn_type || (ir_type_is_vec(t) && ir_type_is_vec(insn_type));
    case 'I': return ir_type_is_int(t);
    case 'L': return t == T_I64;
    case 'B': return t == T_I32;
    case 'V': return ir_type_is_vec(t);
    case 'X': return ir_type_is_xmm(t);
    case 'D': return ir_type_is_int(t) || ir_type_is_xmm(t);
    case 'F': return t == T_FL;
    default: return false;
    }
}

static const char *check_operand(const struct ir *ir, ir_ref n, ir_ref ref, char kind)
{
    const struct ir_insn *i = &ir->insn[n];
    if (kind == '-')
        return ref ? "operand is one too many" : NULL;
    if (!ref)
        return islower((unsigned char)kind) ? NULL : "operand is missing";
    if (ref >= n)
        return "operand is not defined before";
    const struct ir_insn *d = &ir->insn[ref];
    enum ir_type t = ir_result_type(d);
    if (t == T_NONE)
        return "operand has no value";
    if (!kind_fits((char)toupper((unsigned char)kind), t, i->type))
        return "operand has the wrong type";
    if (toupper((unsigned char)kind) == 'B' && d->op == IR_CONST && (uint64_t)d->imm > 1)
        return "operand is not a truth value";
    return NULL;
}

static const char *check_conversion(const struct ir *ir, const struct ir_insn *i)
{
    enum ir_type t = i->type, s = ir_result_type(&ir->insn[i->a]);
    bool vec = ir_type_is_vec(t);
    switch (i->op) {
    case IR_FCVT:
        if (i->size < 1 || i->size > 3 || (ir_type_is_float(s) && s != ir_float_type(i->size)))
            return "size is not the source's";
        return t == ir_float_type(i->size) ? "precision does not change" : NULL;
    case IR_FTOI:
        if (i->size < 1 || i->size > 3 || (ir_type_is_float(s) && s != ir_float_type(i->size)))
            return "size is not the source's";
        return vec && ir_lane_size(t) != i->size ? "lanes differ in width" : NULL;
    case IR_ITOF:
        if (vec != ir_type_is_vec(s) || ir_type_is_float(s))
            return "operand has the wrong type";
        return !vec && i->size && i->size != (s == T_I32 ? 2 : 3) ? "size is not the source's" : NULL;
    case IR_BITCAST:
        if ((t == T_I32 && (s == T_F32 || s == T_F16)) || (t == T_I64 && s == T_F64) ||
            (s == T_I32 && (t == T_F32 || t == T_F16)) || (s == T_I64 && t == T_F64))
            return NULL;
        return "no such bit cast";
    default: return NULL;
    }
}

static const char *check_lanes(const struct ir_insn *i)
{
    uint64_t imm = (uint64_t)i->imm;
    switch (i->op) {
    case IR_VDUP:
    case IR_VINSR: return imm >= 16u >> ir_lane_size(i->type) ? "no such lane" : NULL;
    case IR_VINS:
        return imm > 255 || (imm & 15) >= 16u >> ir_lane_size(i->type) ||
                       imm >> 4 >= 16u >> ir_lane_size(i->type)
                   ? "no such lane"
                   : NULL;
    case IR_VGET:
        if (i->size > 3 || 1u << i->size > ir_type_bytes[i->type] || i->cc > 1)
            return "bad size or cc";
        return imm >= 16u >> i->size ? "no such lane" : NULL;
    case IR_VEXT: return imm > 15 ? "imm out of range" : NULL;
    case IR_VREV: return i->size <= ir_lane_size(i->type) || i->size > 3 ? "bad size" : NULL;
    case IR_VZEXT: return i->size > 4 ? "bad size" : NULL;
    case IR_VSHLI:
    case IR_VSHRI:
    case IR_VSARI: return imm > 8u << ir_lane_size(i->type) ? "imm out of range" : NULL;
    case IR_VROLI: return imm >= 8u << ir_lane_size(i->type) ? "imm out of range" : NULL;
    case IR_VTERN:
    case IR_VSHUF: return imm > 255 ? "imm out of range" : NULL;
    case IR_CLMUL: return imm & ~(uint64_t)0x11 ? "no such lane" : NULL;
    case IR_AES: return i->cc > 3 ? "bad cc" : NULL;
    case IR_AESMIX: return i->cc > 1 ? "bad cc" : NULL;
    case IR_SHA1R: return i->cc > 2 ? "bad cc" : NULL;
    case IR_VCMP:
        return i->cc == CC_EQ || i->cc == CC_GT || i->cc == CC_GE || i->cc == CC_HI || i->cc == CC_CS
                   ? NULL
                   : "bad cc";
    case IR_FCMPV: return i->cc == CC_EQ || i->cc == CC_GE || i->cc == CC_GT ? NULL : "bad cc";
    default: return NULL;
    }
}

static const char *check_scalar(const struct ir_insn *i)
{
    uint64_t imm = (uint64_t)i->imm;
    switch (i->op) {
    case IR_CONST: return i->type == T_I32 && imm >> 32 ? "imm out of range" : NULL;
    case IR_CRC32C: return i->size > 3 ? "bad size" : NULL;
    case IR_LEA: return i->cc < 1 || i->cc > 3 ? "bad cc" : NULL;
    case IR_EXTR: return imm >= 8u * ir_type_bytes[i->type] ? "imm out of range" : NULL;
    case IR_SEXT:
    case IR_ZEXT: return i->size > 3 || 1u << i->size > ir_type_bytes[i->type] ? "bad size" : NULL;
    case IR_CMP:
    case IR_COND: return i->cc >= CC_AL ? "bad cc" : NULL;
    case IR_FCMP: return i->cc >= CC_AL || imm > 1 ? "bad cc or imm" : NULL;
    case IR_CMPZ: return i->cc > CC_NE ? "bad cc" : NULL;
    case IR_FLFCMP: return i->cc > 1 ? "bad cc" : NULL;
    case IR_FLSEL: return imm > 15 ? "imm out of range" : NULL;
    case IR_FMA: return i->cc > 3 ? "bad cc" : NULL;
    case IR_FRINT:
        return i->cc > ROUND_CURRENT || imm > 1 || i->size == 1 || i->size > 3 ||
                       (i->size && i->type == T_F16)
                   ? "bad cc or imm"
                   : NULL;
    case IR_FTOI:
        if (imm == 3 && i->type == T_I32 && i->size == 3 && i->cc == ROUND_Z)
            return NULL;
        return i->cc > ROUND_CURRENT || (imm & 0xff) > 1 || imm >> 8 > 64 ? "bad cc or imm" : NULL;
    case IR_ITOF:
        return (imm & 0xff) > 1 || imm >> 8 > (i->type == T_F16 || i->type == T_V16 ? 64 : 0)
                   ? "imm out of range"
                   : NULL;
    case IR_FMAH: return i->cc > 1 ? "bad cc" : NULL;
    case IR_VDOT: return i->cc > 3 ? "bad cc" : NULL;
    case IR_FENCE: return i->cc > FENCE_ACQUIRE ? "bad cc" : NULL;
    case IR_LEAVE_IF:
        if (i->size > 3 || (i->size && !i->b))
            return "bad size";
        return i->cc >= EXIT_REASONS ? "bad cc" : NULL;
    case IR_TRAP: return i->cc >= EXIT_REASONS ? "bad cc" : NULL;
    case IR_HELPER: return i->cc > (EFFECT_READS | EFFECT_WRITES) ? "bad cc" : NULL;
    default: return NULL;
    }
}

static const char *check_state(const struct ir *ir, const struct ir_insn *i)
{
    switch (i->op) {
    case IR_VCONST: return (uint64_t)i->imm >= ir->pool_count ? "no such constant" : NULL;
    case IR_GET:
    case IR_PUT:
        return i->imm % 8 || (uint64_t)i->imm > sizeof(struct cpu) - ir_type_bytes[i->type] ? "no such cell"
                                                                                            : NULL;
    default: return NULL;
    }
}

static const char *check_memory(const struct ir_insn *i)
{
    unsigned bytes = 1u << (i->size & 15), room = ir_type_bytes[i->type];
    switch (i->op) {
    case IR_LD:
    case IR_LDS:
    case IR_ST:
        if (i->size > 4 || bytes > room)
            return "bad size";
        if (ir_type_is_float(i->type) && bytes != room)
            return "bad size";
        return i->cc > 4 || (i->cc && !i->b) ? "bad cc" : NULL;
    case IR_PREFETCH:
        return i->size > PREFETCH_WRITE ? "bad size" : i->cc > 4 || (i->cc && !i->b) ? "bad cc" : NULL;
    case IR_STLR:
    case IR_LDX:
    case IR_STX:
    case IR_CAS: return i->size > 4 || bytes > room || (i->type == T_V64 && i->size != 4) ? "bad size" : NULL;
    case IR_ATOM: return i->size > 3 || bytes > room ? "bad size" : i->cc > ATOM_SWP ? "bad cc" : NULL;
    default: return NULL;
    }
}

/* ST, STLR, STX and CAS name the type of the values that they take. */
static const char *check_data(const struct ir *ir, const struct ir_insn *i)
{
    switch (i->op) {
    case IR_CAS:
        if (!kind_fits('T', ir_result_type(&ir->insn[i->b]), i->type))
            return "operand has the wrong type";
        return kind_fits('T', ir_result_type(&ir->insn[i->c]), i->type) ? NULL : "operand has the wrong type";
    case IR_ST:
    case IR_STLR:
    case IR_STX:
        return kind_fits('T', ir_result_type(&ir->insn[i->c]), i->type) ? NULL : "operand has the wrong type";
    case IR_ATOM:
        return ir_result_type(&ir->insn[i->b]) == i->type || i->size < 3 ? NULL
                                                                         : "operand has the wrong type";
    default: return NULL;
    }
}

static const char *check_insn(const struct ir *ir, ir_ref n)
{
    const struct ir_insn *i = &ir->insn[n];
    if (i->op >= IR_OP_COUNT || i->type > T_FL)
        return "no such operation or type";
    if (!defined_for(i->op, i->type))
        return "operation is not defined for the type";
    const struct ir_op_info *info = &ir_op_info[i->op];
    const char *e = check_operand(ir, n, i->a, info->a);
    e = e ? e : check_operand(ir, n, i->b, info->b);
    e = e ? e : check_operand(ir, n, i->c, info->c);
    e = e ? e : check_conversion(ir, i);
    e = e ? e : check_scalar(i);
    e = e ? e : check_lanes(i);
    e = e ? e : check_state(ir, i);
    e = e ? e : check_memory(i);
    e = e ? e : check_data(ir, i);
    if (e)
        return e;
    bool last = n + 1 == ir->count || i[1].op == IR_LABEL;
    if (ir_op_has(i->op, F_E) != last)
        return last ? "unit does not end" : "unit goes on behind its end";
    return NULL;
}

static bool older(ir_ref r, ir_ref than)
{
    return r && r < than;
}

const char *ir_verify(const struct ir *ir)
{
    if (ir->count < 2 || ir->insn[0].op != IR_NOP)
        return "unit is empty";
    if (ir->labels > IR_LABELS_MAX)
        return "too many labels";
    ir_ref label = 0;
    for (ir_ref n = 1; n < ir->count; n++) {
        const struct ir_insn *i = &ir->insn[n];
        const char *e = check_insn(ir, n);
        if (i->op == IR_LABEL) {
            label = n;
            if (!ir_op_has(i[-1].op, F_E))
                e = "what stands before it goes on";
        }
        if (older(i->a, label) || older(i->b, label) || older(i->c, label))
            e = "operand is not defined on all ways to here";
        if (e) {
            unsigned op = ir->insn[n].op;
            snprintf(message, sizeof message, "%%%u %s: %s", n, op < IR_OP_COUNT ? ir_op_info[op].name : "?",
                     e);
            return message;
        }
    }
    return NULL;
}
