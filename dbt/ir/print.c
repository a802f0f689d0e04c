/* SPDX-License-Identifier: MIT */
/*
 * The text form of a unit, as ir.h tells; parse.c reads it back.
 *
 * What must hold: parsing what was printed gives the same unit, instruction by instruction (deleted ones stay
 * as `nop` lines, so that numbers do not move).  Fields that are 0 are not printed.  Small immediates are
 * decimal, the others hexadecimal, because they are addresses or masks.  Conditions print as numbers: what cc
 * means depends on the operation.
 */
#include "dbt/ir/ir.h"

#include <inttypes.h>

static void print_operands(const struct ir_insn *i, FILE *out, const char **sep)
{
    const ir_ref ref[3] = {i->a, i->b, i->c};
    int last = i->c ? 2 : i->b ? 1 : i->a ? 0 : -1;
    for (int k = 0; k <= last; k++) {
        if (ref[k])
            fprintf(out, "%s%%%u", *sep, ref[k]);
        else
            fprintf(out, "%s_", *sep);
        *sep = ", ";
    }
}

static void print_imm(int64_t imm, FILE *out, const char *sep)
{
    if (imm > -4096 && imm < 4096)
        fprintf(out, "%simm=%" PRId64, sep, imm);
    else
        fprintf(out, "%simm=0x%" PRIx64, sep, (uint64_t)imm);
}

static void print_insn(const struct ir *ir, ir_ref n, FILE *out)
{
    const struct ir_insn *i = &ir->insn[n];
    const char *sep = " ";
    if (ir_result_type(i) != T_NONE)
        fprintf(out, "%%%u = ", n);
    fputs(ir_op_info[i->op].name, out);
    if (i->type != T_NONE)
        fprintf(out, ".%s", ir_type_name[i->type]);
    if (i->op == IR_VCONST && (uint64_t)i->imm < ir->pool_count) {
        const union vec *v = &ir->pool[i->imm];
        fprintf(out, " {0x%" PRIx64 ", 0x%" PRIx64 "}\n", v->u64[0], v->u64[1]);
        return;
    }
    print_operands(i, out, &sep);
    if (i->size) {
        fprintf(out, "%ssize=%u", sep, i->size);
        sep = ", ";
    }
    if (i->cc) {
        fprintf(out, "%scc=%u", sep, i->cc);
        sep = ", ";
    }
    if (i->imm)
        print_imm(i->imm, out, sep);
    fputc('\n', out);
}

void ir_print(const struct ir *ir, FILE *out)
{
    for (ir_ref n = 1; n < ir->count; n++)
        print_insn(ir, n, out);
}
