/* SPDX-License-Identifier: MIT */
/*
 * Building units: the array of instructions, the pool of 128-bit constants, and the tables that describe
 * operations and types (expanded from the rows of ops.h, so that nothing about an operation is written
 * twice).
 *
 * What must hold: insn[0] is a NOP, so that ref 0 can mean "absent"; a constant stands in the pool once, so
 * that equal VCONSTs are equal instructions.  The pool of a unit is small (a handful of entries): a linear
 * search beats a hash.
 *
 * When memory is gone there is nothing that a translator could do for its guest: ir_append says so and aborts.
 */
#include "dbt/ir/ir.h"

#include <stdlib.h>

const struct ir_op_info ir_op_info[IR_OP_COUNT] = {
#define X(name, text, types, r, a, b, c, f) [IR_##name] = {text, types, r, a, b, c, f},
    IR_OPS(X)
#undef X
};

#define FIXED(r) ((r) == 'B' ? T_I32 : (r) == 'F' ? T_FL : T_NONE)
const struct ir_op_traits ir_op_traits[IR_OP_COUNT] = {
#define X(name, text, types, r, a, b, c, f) [IR_##name] = {f, FIXED(r), (r) == 'T' ? 0xff : 0},
    IR_OPS(X)
#undef X
};

const char *const ir_type_name[] = {
    [T_NONE] = "none", [T_I32] = "i32", [T_I64] = "i64", [T_F16] = "f16", [T_F32] = "f32", [T_F64] = "f64",
    [T_V8] = "v8",     [T_V16] = "v16", [T_V32] = "v32", [T_V64] = "v64", [T_FL] = "fl",
};

const uint8_t ir_type_bytes[] = {
    [T_NONE] = 0, [T_I32] = 4,  [T_I64] = 8,  [T_F16] = 2,  [T_F32] = 4, [T_F64] = 8,
    [T_V8] = 16,  [T_V16] = 16, [T_V32] = 16, [T_V64] = 16, [T_FL] = 0,
};

static void *grow(void *array, uint32_t *cap, size_t item)
{
    uint32_t n = *cap ? *cap * 2 : 256;
    void *p = realloc(array, n * item);
    if (!p) {
        fputs("xrun: no memory for a translation unit\n", stderr);
        abort();
    }
    *cap = n;
    return p;
}

void ir_init(struct ir *ir)
{
    *ir = (struct ir){0};
    ir_reset(ir, 0);
}

void ir_reset(struct ir *ir, gaddr pc)
{
    ir->count = 0;
    ir->kind = UNIT_PLAIN;
    ir->careful = false;
    ir->guard = GUARD_NONE;
    ir->labels = 0;
    ir->shared = true;
    ir->pool_count = 0;
    ir->pc = pc;
    ir->guest_bytes = 0;
    ir_op0(ir, IR_NOP, T_NONE, 0);
}

void ir_free(struct ir *ir)
{
    free(ir->insn);
    free(ir->pool);
    *ir = (struct ir){0};
}

/* Apart, so that the way that is always taken saves no registers. */
__attribute__((noinline, cold)) static ir_ref grow_and_append(struct ir *ir, uint32_t head, ir_ref a,
                                                              ir_ref b, ir_ref c, int64_t imm)
{
    ir->insn = grow(ir->insn, &ir->cap, sizeof *ir->insn);
    return ir_append(ir, head, a, b, c, imm);
}

ir_ref ir_append(struct ir *ir, uint32_t head, ir_ref a, ir_ref b, ir_ref c, int64_t imm)
{
    uint32_t n = ir->count;
    if (n == ir->cap)
        return grow_and_append(ir, head, a, b, c, imm);
    ir->count = n + 1;
    ir->insn[n] = (struct ir_insn){.op = (uint8_t)head,
                                   .type = (uint8_t)(head >> 8),
                                   .size = (uint8_t)(head >> 16),
                                   .cc = (uint8_t)(head >> 24),
                                   .a = a,
                                   .b = b,
                                   .c = c,
                                   .imm = imm};
    return n;
}

ir_ref ir_label(struct ir *ir, gaddr pc)
{
    ir->labels++;
    return ir_op0(ir, IR_LABEL, T_NONE, (int64_t)pc);
}

ir_ref ir_vconst(struct ir *ir, enum ir_type t, uint64_t lo, uint64_t hi)
{
    uint32_t i = 0;
    while (i < ir->pool_count && (ir->pool[i].u64[0] != lo || ir->pool[i].u64[1] != hi))
        i++;
    if (i == ir->pool_count) {
        if (ir->pool_count == ir->pool_cap)
            ir->pool = grow(ir->pool, &ir->pool_cap, sizeof *ir->pool);
        ir->pool[ir->pool_count++] = (union vec){.u64 = {lo, hi}};
    }
    return ir_op0(ir, IR_VCONST, t, i);
}
