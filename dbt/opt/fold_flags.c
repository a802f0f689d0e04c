/* SPDX-License-Identifier: MIT */
/*
 * Conditions on flags whose making is known become comparisons of the operands.
 *
 * This is where compare-and-branch fusion happens: after it, `cmp; b.lt` is EXIT_IF(CMP.lt a, b), and the
 * flags themselves are needed only by code outside of the unit.  Rules, by the operation that made the flags:
 *
 *   FLSUB a b        CMP.cc a b, for every cc
 *   FLLOGIC a        C = V = 0: each cc reduces to a test of a's sign or zero, or to a constant
 *   FLADD a b        EQ NE MI PL: tests of a + b; CS CC: a + b < a unsigned; others stay
 *   FLFCMP a b       FCMP.cc a b
 *   FLSEL p f nzcv   cc of f where p, else the constant: a boolean of the two
 *   FLNZCV const     a constant
 */
#include "dbt/opt/internal.h"

/* Does cc hold for these flags (bits 3..0: N Z C V)? */
static bool cc_holds(unsigned cc, unsigned nzcv)
{
    bool n = nzcv >> 3 & 1, z = nzcv >> 2 & 1, c = nzcv >> 1 & 1, v = nzcv & 1, r;
    switch (cc >> 1) {
    case 0: r = z; break;
    case 1: r = c; break;
    case 2: r = n; break;
    case 3: r = v; break;
    case 4: r = c && !z; break;
    case 5: r = n == v; break;
    default: r = n == v && !z; break;
    }
    return r != (cc & 1);
}

static ir_ref truth(struct ir *out, bool v)
{
    return fold_const(out, T_I32, v);
}

static ir_ref fold_logic(struct ir *out, unsigned cc, enum ir_type t, ir_ref a)
{
    ir_ref zero = fold_const(out, t, 0);
    switch (cc) {
    case CC_EQ:
    case CC_NE: return fold_compare(out, t, cc, a, zero);
    case CC_MI:
    case CC_LT: return fold_compare(out, t, CC_LT, a, zero);
    case CC_PL:
    case CC_GE: return fold_compare(out, t, CC_GE, a, zero);
    case CC_GT: return fold_compare(out, t, CC_GT, a, zero);
    case CC_LE: return fold_compare(out, t, CC_LE, a, zero);
    case CC_CS:
    case CC_VS:
    case CC_HI: return truth(out, false);
    default: return truth(out, true);
    }
}

static ir_ref fold_add(struct ir *out, unsigned cc, enum ir_type t, ir_ref a, ir_ref b)
{
    ir_ref sum = fold_op2(out, IR_ADD, t, a, b);
    switch (cc) {
    case CC_EQ:
    case CC_NE: return fold_compare(out, t, cc, sum, fold_const(out, t, 0));
    case CC_MI: return fold_compare(out, t, CC_LT, sum, fold_const(out, t, 0));
    case CC_PL: return fold_compare(out, t, CC_GE, sum, fold_const(out, t, 0));
    case CC_CS: return fold_compare(out, t, CC_CC, sum, a);
    case CC_CC: return fold_compare(out, t, CC_CS, sum, a);
    default: return 0;
    }
}

/* p ? q : k for truth values, k known. */
static ir_ref fold_select(struct ir *out, ir_ref p, ir_ref q, bool k)
{
    if (!k)
        return fold_op2(out, IR_AND, T_I32, p, q);
    ir_ref not_p = fold_op2(out, IR_XOR, T_I32, p, fold_const(out, T_I32, 1));
    return fold_op2(out, IR_OR, T_I32, not_p, q);
}

ir_ref fold_cond(struct ir *out, const struct ir_insn *i)
{
    const struct ir_insn fl = out->insn[i->a];
    switch (fl.op) {
    case IR_FLSUB: return fold_compare(out, fl.type, i->cc, fl.a, fl.b);
    case IR_FLLOGIC: return fold_logic(out, i->cc, fl.type, fl.a);
    case IR_FLADD: return fold_add(out, i->cc, fl.type, fl.a, fl.b);
    case IR_FLFCMP:
        return fold_emit(
            out, (struct ir_insn){
                     .op = IR_FCMP, .type = fl.type, .cc = i->cc, .a = fl.a, .b = fl.b, .imm = fl.cc});
    case IR_FLSEL: {
        ir_ref q = fold_emit(out, (struct ir_insn){.op = IR_COND, .type = T_I32, .cc = i->cc, .a = fl.b});
        return fold_select(out, fl.a, q, cc_holds(i->cc, (unsigned)fl.imm & 15));
    }
    case IR_FLNZCV:
        if (is_const(out, fl.a))
            return truth(out, cc_holds(i->cc, (uint32_t)out->insn[fl.a].imm >> 28));
        return 0;
    default: return 0;
    }
}
