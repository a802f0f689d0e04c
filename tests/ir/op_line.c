/* SPDX-License-Identifier: MIT */
/*
 * Lines that test one pure operation:
 *
 *     op.type [size=N] [cc=N] [imm=N] [round=N] [fz=1] [dn=1] [ah=1] [fiz=1] operand, ... -> result [exc=N]
 *
 * Each is run twice: by ir_eval_op, with rubbish above scalar floats; and as a unit that reads the operands
 * from guest state, checked by the verifier and run by ir_eval.  Flags are nibbles.  The exceptions expected
 * are exactly exc (0 if it is not there).
 */
#include "tests/ir/runner.h"

#include <inttypes.h>
#include <string.h>

struct op_line {
    struct ir_insn insn;
    unsigned round, fz, dn, ah, fiz, exc;
    union vec operand[3], result;
};

static bool field(const char **p, const char *name, uint64_t *v)
{
    *p += strspn(*p, " \t");
    size_t n = strlen(name);
    union vec x;
    if (strncmp(*p, name, n) != 0)
        return false;
    *p += n;
    bool ok = parse_value(p, &x);
    *v = x.u64[0];
    return ok;
}

static bool parse_head(const char **p, struct ir_insn *i)
{
    char op[16], type[8] = "none";
    int used = 0;
    if (sscanf(*p, " %15[a-z0-9_]%n", op, &used) != 1)
        return false;
    *p += used;
    if (**p == '.' && sscanf(*p, ".%7[a-z0-9]%n", type, &used) == 1)
        *p += used;
    for (unsigned k = 0; k < IR_OP_COUNT; k++)
        if (strcmp(ir_op_info[k].name, op) == 0)
            i->op = (uint8_t)k;
    unsigned t = 0;
    while (t <= T_FL && strcmp(ir_type_name[t], type) != 0)
        t++;
    i->type = (uint8_t)t;
    return i->op != IR_NOP && t <= T_FL;
}

static bool parse_op_line(const char *p, struct op_line *l)
{
    *l = (struct op_line){0};
    if (!parse_head(&p, &l->insn))
        return false;
    for (uint64_t v;;) {
        if (field(&p, "size=", &v))
            l->insn.size = (uint8_t)v;
        else if (field(&p, "cc=", &v))
            l->insn.cc = (uint8_t)v;
        else if (field(&p, "imm=", &v))
            l->insn.imm = (int64_t)v;
        else if (field(&p, "round=", &v))
            l->round = (unsigned)v;
        else if (field(&p, "fz=", &v))
            l->fz = (unsigned)v;
        else if (field(&p, "dn=", &v))
            l->dn = (unsigned)v;
        else if (field(&p, "ah=", &v))
            l->ah = (unsigned)v;
        else if (field(&p, "fiz=", &v))
            l->fiz = (unsigned)v;
        else
            break;
    }
    for (unsigned k = 0; k < 3; k++) {
        p += strspn(p, " ");
        if (strncmp(p, "->", 2) != 0 && !parse_value(&p, &l->operand[k]))
            return false;
    }
    p += strspn(p, " ");
    if (strncmp(p, "->", 2) != 0)
        return false;
    p += 2;
    if (!parse_value(&p, &l->result))
        return false;
    uint64_t exc;
    if (field(&p, "exc=", &exc))
        l->exc = (unsigned)exc;
    return p[strspn(p, " \t")] == '\0';
}

/* The type of operand k, where the row leaves a choice. */
static enum ir_type operand_type(const struct ir_insn *i, char kind)
{
    enum ir_type t = i->type;
    switch (kind) {
    case 'T': return t;
    case 'I': return t == T_I32 || (ir_type_is_vec(t) && ir_lane_size(t) < 3) ? T_I32 : T_I64;
    case 'L': return T_I64;
    case 'B': return T_I32;
    case 'X': return ir_type_is_vec(t) ? t : ir_float_type(i->size);
    case 'D':
        if (i->op == IR_ITOF)
            return ir_type_is_vec(t) ? t : i->size == 2 ? T_I32 : T_I64;
        if (ir_type_is_int(t))
            return t == T_I64 ? T_F64 : i->size == 1 ? T_F16 : T_F32;
        return t == T_F64 ? T_I64 : T_I32;
    default: return ir_type_is_vec(t) ? t : T_V64;
    }
}

static void complete_type(struct ir_insn *i)
{
    if (i->op == IR_FTOI && ir_type_is_vec(i->type) && !i->size)
        i->size = (uint8_t)ir_lane_size(i->type);
}

static bool differs(const char *how, const union vec *is, const struct op_line *l, unsigned exc, char *why,
                    size_t size)
{
    if (memcmp(is, &l->result, sizeof *is) == 0 && exc == l->exc)
        return false;
    snprintf(why, size,
             "%s gives {0x%" PRIx64 ", 0x%" PRIx64 "} exc=%u, not {0x%" PRIx64 ", 0x%" PRIx64 "} exc=%u", how,
             is->u64[0], is->u64[1], exc, l->result.u64[0], l->result.u64[1], l->exc);
    return true;
}

static void modes(struct bench *b, const struct op_line *l)
{
    bench_init(b);
    b->round = l->round;
    b->fz = l->fz;
    b->fiz = l->fiz;
    b->cpu.fp_dn = l->dn;
    b->cpu.fp_ah = l->ah;
}

static bool run_op(const struct op_line *l, char *why, size_t size)
{
    struct bench b;
    modes(&b, l);
    const char kind[3] = {ir_op_info[l->insn.op].a, ir_op_info[l->insn.op].b, ir_op_info[l->insn.op].c};
    union vec io[4] = {{{0}}, l->operand[0], l->operand[1], l->operand[2]};
    for (unsigned k = 0; k < 3; k++) {
        enum ir_type t = kind[k] == '-' || kind[k] == 'F' ? T_I64 : operand_type(&l->insn, kind[k]);
        if (ir_type_is_float(t))
            memset((char *)&io[k + 1] + ir_type_bytes[t], 0xa5, 16u - ir_type_bytes[t]);
    }
    bench_eval_op(&b, &l->insn, io);
    return !differs("ir_eval_op", &io[0], l, b.exc, why, size);
}

static ir_ref read_operand(struct ir *ir, const struct ir_insn *i, unsigned k, char kind)
{
    int64_t cell = (int64_t)offsetof(struct cpu, io[k]);
    if (kind == '-')
        return 0;
    if (kind != 'F')
        return ir_op0(ir, IR_GET, operand_type(i, kind), cell);
    ir_ref nibble = ir_op0(ir, IR_GET, T_I64, cell), by = ir_op0(ir, IR_CONST, T_I64, 28);
    return ir_op1(ir, IR_FLNZCV, T_FL, ir_op2(ir, IR_SHL, T_I64, nibble, by), 0);
}

static bool run_unit(const struct op_line *l, char *why, size_t size)
{
    static struct ir ir;
    struct bench b;
    struct ir_insn i = l->insn;
    modes(&b, l);
    if (!ir.cap)
        ir_init(&ir);
    ir_reset(&ir, 0);
    for (unsigned k = 0; k < 3; k++)
        b.cpu.io[k] = l->operand[k];
    i.a = read_operand(&ir, &i, 0, ir_op_info[i.op].a);
    i.b = read_operand(&ir, &i, 1, ir_op_info[i.op].b);
    i.c = read_operand(&ir, &i, 2, ir_op_info[i.op].c);
    ir_ref r = ir_add(&ir, i);
    enum ir_type t = ir_result_type(&i);
    if (t == T_FL) {
        ir_ref at28 = ir_op1(&ir, IR_NZCV, T_I64, r, 0), by = ir_op0(&ir, IR_CONST, T_I64, 28);
        r = ir_op2(&ir, IR_SHR, t = T_I64, at28, by);
    }
    ir_op1(&ir, IR_PUT, t, r, (int64_t)offsetof(struct cpu, io[3]));
    ir_op0(&ir, IR_JUMP, T_NONE, 0);
    const char *e = ir_verify(&ir);
    if (e) {
        snprintf(why, size, "verifier: %s", e);
        return false;
    }
    bench_eval(&b, &ir);
    return !differs("ir_eval", &b.cpu.io[3], l, b.exc, why, size);
}

bool op_lines_run(const char *text, char *why, size_t size)
{
    for (unsigned number = 1; *text; number++) {
        size_t n = strcspn(text, "\n");
        char line[400], what[300] = "line is not understood";
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        line[strcspn(line, "#")] = '\0';
        text += n + (text[n] == '\n');
        struct op_line l;
        if (!line[strspn(line, " \t")])
            continue;
        bool ok = parse_op_line(line, &l);
        complete_type(&l.insn);
        ok = ok && run_op(&l, what, sizeof what) && run_unit(&l, what, sizeof what);
        if (!ok) {
            snprintf(why, size, "%s: %s", line, what);
            return false;
        }
    }
    return true;
}
