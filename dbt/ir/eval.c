/* SPDX-License-Identifier: MIT */
/*
 * The evaluator's loop: control, guest state, flags cells, exits; and ir_eval_op, which hands pure operations
 * to the file of their family.
 *
 * What must hold:
 *  1. A guest access may fault at any time, and the handler then abandons the evaluator's frame.  So nothing is held
 *     across instructions but the stack: no allocation, no lock, no changed MXCSR.
 *  2. cpu->pc is the current instruction's from its INSN on, and PUTs are done at once: the state at a fault is
 *     exact.
 *  3. Values are 128 bits, zero above their type's width.  A flags value is the nibble NZCV.
 *
 * It is written to be obviously right, not fast: it judges the passes and the back end.  Rejected: threaded
 * dispatch and a decoded form, which would be one more thing to get right.
 */
#include "dbt/ir/eval_internal.h"
#include "dbt/ir/guarded.h"

#include <string.h>

bool eval_cond(unsigned f, unsigned cc)
{
    bool n = f & FL_N, z = f & FL_Z, c = f & FL_C, v = f & FL_V, r;
    switch (cc >> 1) {
    case CC_EQ >> 1: r = z; break;
    case CC_CS >> 1: r = c; break;
    case CC_MI >> 1: r = n; break;
    case CC_VS >> 1: r = v; break;
    case CC_HI >> 1: r = c && !z; break;
    case CC_GE >> 1: r = n == v; break;
    default: r = n == v && !z; break; /* GT, LE */
    }
    return cc & 1 ? !r : r;
}

/* Clears what is above a result's type. */
static void cut(union vec *v, enum ir_type t)
{
    switch (t) {
    case T_I32:
    case T_F32: *v = (union vec){.u32 = {v->u32[0]}}; break;
    case T_I64:
    case T_F64: *v = (union vec){.u64 = {v->u64[0]}}; break;
    case T_F16: *v = (union vec){.u16 = {v->u16[0]}}; break;
    default: break;
    }
}

static bool is_fp(const struct ir_insn *i)
{
    return (i->op >= IR_FADD && i->op <= IR_ITOF) || i->op == IR_FLFCMP;
}

static bool is_move(enum ir_op op)
{
    return op == IR_SEL || op == IR_BITCAST || op == IR_NOP || op == IR_CONST || op == IR_PC ||
           op == IR_VCONST;
}

static bool is_crypto(enum ir_op op)
{
    return op >= IR_VROLI && op <= IR_CRC32C;
}

static void eval_move(const struct ir_insn *i, const union vec *pool, union vec io[4])
{
    switch (i->op) {
    case IR_CONST:
    case IR_PC: io[0] = (union vec){.u64 = {(uint64_t)i->imm}}; break;
    case IR_VCONST: io[0] = pool[i->imm]; break;
    case IR_SEL: io[0] = io[1].u32[0] ? io[2] : io[3]; break;
    case IR_BITCAST:
        io[0] = i->type == T_I32 && i->size == 1 ? (union vec){.u16 = {io[1].u16[0]}} : io[1];
        break;
    default: break;
    }
}

void ir_eval_op(const struct ir_insn *i, const union vec *pool, struct cpu *cpu, union vec io[4])
{
    if (is_move(i->op))
        eval_move(i, pool, io);
    else if (is_fp(i))
        eval_fp(i, cpu, io);
    else if (is_crypto(i->op))
        eval_crypto(i, io);
    else if (ir_type_is_vec(i->type) || i->op == IR_VGET || i->op == IR_LOW)
        eval_vec(i, io);
    else
        eval_int(i, io);
    cut(&io[0], ir_result_type(i));
}

static void eval_helper(const struct ir_insn *i, struct cpu *cpu, union vec io[4])
{
    io[0] = (union vec){.u64 = {IR_HELPER_PARAM(i->imm)}};
    cpu->helpers[IR_HELPER_ID(i->imm) + 1](cpu, io);
    cut(&io[0], i->type);
}

static void eval_state(const struct ir_insn *i, struct cpu *cpu, union vec io[4])
{
    char *cell = (char *)cpu + i->imm;
    switch (i->op) {
    case IR_GET:
        io[0] = (union vec){0};
        memcpy(&io[0], cell, ir_type_bytes[i->type]);
        break;
    case IR_PUT: memcpy(cell, &io[1], ir_type_bytes[i->type]); break;
    case IR_GETFL: io[0] = (union vec){.u64 = {flags_to_nzcv(cpu->flags) >> 28}}; break;
    case IR_PUTFL: cpu->flags = nzcv_to_flags((uint32_t)io[1].u64[0] << 28); break;
    case IR_INSN: cpu->pc = (gaddr)i->imm; break;
    case IR_COPY:
        io[0] = (union vec){.u64 = {guarded_copy_some(io[1].u64[0], io[2].u64[0], io[3].u64[0])}};
        break;
    case IR_FILL:
        io[0] = (union vec){.u64 = {guarded_fill_some(io[1].u64[0], io[2].u64[0], io[3].u64[0])}};
        break;
    case IR_CLREX: cpu->mon_addr = ~(uint64_t)0; break;
    case IR_FENCE:
        if (i->cc != FENCE_PASSES)
            __atomic_thread_fence(__ATOMIC_SEQ_CST);
        break;
    default: break;
    }
}

/* Whether the X or E operation leaves; then pc (and exit_arg) say where to. */
static bool eval_leave(const struct ir_insn *i, struct cpu *cpu, union vec io[4], enum exit_reason *why)
{
    *why = EXIT_NONE;
    if (i->op == IR_POLL) {
        if (!__atomic_load_n(&cpu->poll, __ATOMIC_RELAXED))
            return false;
        *why = EXIT_SIGNAL;
    } else if ((i->op == IR_EXIT_IF || i->op == IR_LEAVE_IF) && !io[1].u32[0]) {
        return false;
    }
    if (i->op == IR_LEAVE_IF && i->size && ~io[2].u64[0] & (16u - (1u << i->size)))
        return false;
    if (i->op == IR_EXPECT && io[1].u64[0] == (uint64_t)i->imm)
        return false;
    if (i->c)
        cpu->flags = nzcv_to_flags((uint32_t)io[3].u64[0] << 28);
    if (i->op == IR_TRAP || i->op == IR_LEAVE_IF) {
        ir_ref arg = i->op == IR_TRAP ? i->a : i->b;
        cpu->exit_arg = arg ? io[i->op == IR_TRAP ? 1 : 2].u64[0] : 0;
        *why = (enum exit_reason)i->cc;
    }
    bool indirect = i->op == IR_CALLR || i->op == IR_RET || i->op == IR_JUMPR || i->op == IR_EXPECT;
    cpu->pc = indirect ? io[1].u64[0] : (gaddr)i->imm;
    return true;
}

/* What an instruction leaves to its operands' types: ITOF and BITCAST get their source's size. */
static struct ir_insn completed(const struct ir *ir, const struct ir_insn *i)
{
    struct ir_insn r = *i;
    enum ir_type s = ir_result_type(&ir->insn[i->a]);
    if (i->op == IR_ITOF && !ir_type_is_vec(s))
        r.size = s == T_I32 ? 2 : 3;
    if (i->op == IR_BITCAST)
        r.size = s == T_F16 ? 1 : 0;
    return r;
}

/* The LABEL that i, which has left, leads to; 0: it leads out. */
static ir_ref label_of(const struct ir *ir, const struct ir_insn *i)
{
    if (i->op == IR_EXIT_IF || i->op == IR_JUMP)
        for (ir_ref n = 1; ir->labels && n < ir->count; n++)
            if (ir->insn[n].op == IR_LABEL && ir->insn[n].imm == i->imm)
                return n;
    return 0;
}

enum exit_reason ir_eval(const struct ir *ir, struct cpu *cpu)
{
    union vec value[ir->count];
    enum exit_reason why = EXIT_NONE;
    value[0] = (union vec){0};
    for (ir_ref n = 1; n < ir->count; n++) {
        const struct ir_insn *i = &ir->insn[n];
        union vec io[4] = {{{0}}, value[i->a], value[i->b], value[i->c]};
        if (i->op == IR_ITOF || i->op == IR_BITCAST) {
            struct ir_insn c = completed(ir, i);
            ir_eval_op(&c, ir->pool, cpu, io);
        } else if (ir_op_has(i->op, F_P)) {
            ir_eval_op(i, ir->pool, cpu, io);
        } else if (ir_op_has(i->op, F_M)) {
            eval_mem(i, cpu, &io[1], &io[2], &io[3], &io[0]);
            cut(&io[0], ir_result_type(i));
        } else if (i->op == IR_HELPER) {
            eval_helper(i, cpu, io);
        } else if (ir_op_has(i->op, F_X | F_E)) {
            if (eval_leave(i, cpu, io, &why)) {
                n = label_of(ir, i);
                if (!n)
                    return why;
            }
        } else {
            eval_state(i, cpu, io);
        }
        value[n] = io[0];
    }
    return why;
}
