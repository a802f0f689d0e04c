/* SPDX-License-Identifier: MIT */
/*
 * Conversions that undo each other, or say what is known already: the residue of forwarding, where a value
 * goes into a wide register and comes out of it as the narrow one that it was.  See fold.c for what must
 * hold.
 */
#include "dbt/opt/internal.h"

/* Is the integer r known to be below 1 << (8 << size)? */
static bool known_narrow(const struct ir *out, ir_ref r, unsigned size)
{
    const struct ir_insn *i = &out->insn[r];
    unsigned bits = 8u << size, width = ir_type_bytes[i->type] * 8u;
    if (ir_op_info[i->op].result == 'B')
        return true;
    if (i->op == IR_SHR && is_const(out, i->b))
        return width - ((uint64_t)out->insn[i->b].imm & (width - 1)) <= bits;
    if (i->op == IR_AND && is_const(out, i->b))
        return bits == 64 || (uint64_t)out->insn[i->b].imm >> bits == 0;
    return (i->op == IR_LD || i->op == IR_ZEXT || i->op == IR_ATOM || i->op == IR_CAS ||
            (i->op == IR_VGET && !i->cc)) &&
           i->size <= size;
}

static ir_ref fold_zext(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn a = out->insn[i->a];
    enum ir_type from = ir_result_type(&a);
    if (from == i->type && known_narrow(out, i->a, i->size))
        return i->a;
    if (a.op == IR_ZEXT && a.size <= i->size)
        return fold_emit(out, (struct ir_insn){.op = IR_ZEXT, .type = i->type, .size = a.size, .a = a.a});
    if ((a.op == IR_TRUNC && i->size <= 2) || (a.op == IR_SEXT && a.size >= i->size && i->size < 2))
        return fold_emit(out, (struct ir_insn){.op = IR_ZEXT, .type = i->type, .size = i->size, .a = a.a});
    return 0;
}

static ir_ref fold_sext(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn a = out->insn[i->a];
    if (a.op == IR_TRUNC && i->size <= 2)
        return fold_emit(out, (struct ir_insn){.op = IR_SEXT, .type = i->type, .size = i->size, .a = a.a});
    if (a.op == IR_ZEXT && a.size >= i->size && i->type == T_I64)
        return fold_emit(out, (struct ir_insn){.op = IR_SEXT, .type = i->type, .size = i->size, .a = a.a});
    return 0;
}

static ir_ref fold_trunc(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn a = out->insn[i->a];
    if (a.op == IR_ZEXT && a.size == 2) {
        enum ir_type t = ir_result_type(&out->insn[a.a]);
        return t == T_I32 ? a.a : fold_emit(out, (struct ir_insn){.op = IR_TRUNC, .type = T_I32, .a = a.a});
    }
    if ((a.op == IR_ZEXT || a.op == IR_SEXT) && a.size < 2)
        return fold_emit(out, (struct ir_insn){.op = a.op, .type = T_I32, .size = a.size, .a = a.a});
    if (a.op == IR_SEXT && a.size == 2 && ir_result_type(&out->insn[a.a]) == T_I32)
        return a.a;
    return 0;
}

static ir_ref fold_vzext(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn a = out->insn[i->a];
    bool narrow = (a.op == IR_VZEXT || (a.op == IR_LD && ir_type_is_vec(a.type))) && a.size <= i->size;
    if (narrow || (a.op == IR_VHIGH && i->size == 3))
        return i->a;
    if (a.op == IR_LOW && ir_type_bytes[a.type] >= 1u << i->size)
        return fold_emit(out, (struct ir_insn){.op = IR_VZEXT, .type = i->type, .size = i->size, .a = a.a});
    return 0;
}

static ir_ref fold_low(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn a = out->insn[i->a];
    if (a.op != IR_VZEXT || 1u << a.size < ir_type_bytes[i->type])
        return 0;
    enum ir_type t = ir_result_type(&out->insn[a.a]);
    if (t == i->type)
        return a.a;
    return ir_type_is_vec(t) ? fold_emit(out, (struct ir_insn){.op = IR_LOW, .type = i->type, .a = a.a}) : 0;
}

static ir_ref fold_bitcast(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn a = out->insn[i->a];
    if (a.op == IR_BITCAST && ir_result_type(&out->insn[a.a]) == i->type && i->type != T_I32 &&
        a.type != T_F16)
        return a.a;
    return 0;
}

ir_ref fold_move(struct ir *out, const struct ir_insn *i)
{
    switch (i->op) {
    case IR_ZEXT: return fold_zext(out, i);
    case IR_SEXT: return fold_sext(out, i);
    case IR_TRUNC: return fold_trunc(out, i);
    case IR_VZEXT: return fold_vzext(out, i);
    case IR_LOW: return fold_low(out, i);
    case IR_BITCAST: return fold_bitcast(out, i);
    default: return 0;
    }
}
