/* SPDX-License-Identifier: MIT */
/*
 * Reads the text form of a unit (see ir.h and print.c).
 *
 * Numbers after '%' are labels: they need not equal the instruction's index, must be defined before they are
 * used and only once, so that a test can be written and changed by hand.  `cc=` takes a number or the name of
 * a condition (eq ne cs cc mi pl vs vc hi ls ge lt gt le al nv).  The parser checks form only; whether the
 * unit makes sense is ir_verify's business.
 */
#include "dbt/ir/ir.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_MAX 65536

struct parser {
    struct ir *ir;
    const char *p; /* in the text */
    unsigned line;
    ir_ref *label; /* label number -> ref, 0: undefined */
    const char *error;
};

static char message[160];

static bool fail(struct parser *s, const char *what)
{
    if (!s->error) {
        snprintf(message, sizeof message, "line %u: %s", s->line, what);
        s->error = message;
    }
    return false;
}

static void skip_blanks(struct parser *s)
{
    while (*s->p == ' ' || *s->p == '\t' || *s->p == '\r')
        s->p++;
    if (*s->p == '#')
        while (*s->p && *s->p != '\n')
            s->p++;
}

static bool take(struct parser *s, const char *token)
{
    skip_blanks(s);
    size_t n = strlen(token);
    if (strncmp(s->p, token, n) != 0)
        return false;
    s->p += n;
    return true;
}

static bool at_end_of_line(struct parser *s)
{
    skip_blanks(s);
    return *s->p == '\n' || *s->p == '\0';
}

static bool parse_number(struct parser *s, uint64_t *v)
{
    skip_blanks(s);
    const char *digits = *s->p == '-' ? s->p + 1 : s->p;
    if (!isdigit((unsigned char)*digits))
        return fail(s, "number expected");
    char *end;
    *v = strtoull(digits, &end, 0);
    if (digits != s->p)
        *v = -*v;
    s->p = end;
    return true;
}

static bool parse_label(struct parser *s, uint32_t *n)
{
    uint64_t v;
    if (!parse_number(s, &v))
        return false;
    if (v >= LABEL_MAX)
        return fail(s, "label is too large");
    *n = (uint32_t)v;
    return true;
}

static bool parse_word(struct parser *s, char *word, size_t size)
{
    skip_blanks(s);
    size_t n = 0;
    while (isalnum((unsigned char)*s->p) || *s->p == '_') {
        if (n + 1 == size)
            return fail(s, "name is too long");
        word[n++] = *s->p++;
    }
    word[n] = '\0';
    return n ? true : fail(s, "name expected");
}

static bool parse_op(struct parser *s, struct ir_insn *i)
{
    char word[16];
    if (!parse_word(s, word, sizeof word))
        return false;
    unsigned op = 0;
    while (op < IR_OP_COUNT && strcmp(word, ir_op_info[op].name) != 0)
        op++;
    if (op == IR_OP_COUNT)
        return fail(s, "unknown operation");
    i->op = (uint8_t)op;
    if (*s->p != '.')
        return true;
    s->p++;
    if (!parse_word(s, word, sizeof word))
        return false;
    unsigned type = T_NONE;
    while (type <= T_FL && strcmp(word, ir_type_name[type]) != 0)
        type++;
    if (type > T_FL)
        return fail(s, "unknown type");
    i->type = (uint8_t)type;
    return true;
}

static bool parse_cc(struct parser *s, uint64_t *v)
{
    static const char names[CC_AL][3] = {"eq", "ne", "cs", "cc", "mi", "pl", "vs",
                                         "vc", "hi", "ls", "ge", "lt", "gt", "le"};
    skip_blanks(s);
    if (isdigit((unsigned char)*s->p))
        return parse_number(s, v);
    char word[4];
    if (!parse_word(s, word, sizeof word))
        return false;
    for (unsigned k = 0; k < CC_AL; k++) {
        if (strcmp(word, names[k]) == 0) {
            *v = k;
            return true;
        }
    }
    return fail(s, "unknown condition");
}

static bool parse_field(struct parser *s, struct ir_insn *i)
{
    uint64_t v;
    if (take(s, "imm=")) {
        if (!parse_number(s, &v))
            return false;
        i->imm = (int64_t)v;
        return true;
    }
    bool size = take(s, "size=");
    if (!size && !take(s, "cc="))
        return fail(s, "operand or field expected");
    if (size ? !parse_number(s, &v) : !parse_cc(s, &v))
        return false;
    if (v > 255)
        return fail(s, "field is too large");
    if (size)
        i->size = (uint8_t)v;
    else
        i->cc = (uint8_t)v;
    return true;
}

/* One operand ("%n" or "_") or one field ("name=value"). */
static bool parse_item(struct parser *s, struct ir_insn *i, unsigned *operands)
{
    ir_ref ref = 0;
    if (take(s, "%")) {
        uint32_t n = 0;
        if (!parse_label(s, &n))
            return false;
        ref = s->label[n];
        if (!ref)
            return fail(s, "operand is not defined");
    } else if (!take(s, "_")) {
        *operands = 3;
        return parse_field(s, i);
    }
    if (*operands == 3)
        return fail(s, "too many operands");
    *(*operands == 0 ? &i->a : *operands == 1 ? &i->b : &i->c) = ref;
    ++*operands;
    return true;
}

static bool parse_vconst(struct parser *s, enum ir_type t, ir_ref *ref)
{
    uint64_t lo = 0, hi = 0;
    if (!take(s, "{"))
        return fail(s, "{ expected");
    if (!parse_number(s, &lo))
        return false;
    if (!take(s, ","))
        return fail(s, ", expected");
    if (!parse_number(s, &hi))
        return false;
    if (!take(s, "}"))
        return fail(s, "} expected");
    *ref = ir_vconst(s->ir, t, lo, hi);
    return true;
}

static bool parse_body(struct parser *s, ir_ref *ref)
{
    struct ir_insn i = {0};
    unsigned operands = 0;
    if (!parse_op(s, &i))
        return false;
    if (i.op == IR_VCONST)
        return parse_vconst(s, i.type, ref);
    if (!at_end_of_line(s)) {
        do {
            if (!parse_item(s, &i, &operands))
                return false;
        } while (take(s, ","));
    }
    *ref = ir_add(s->ir, i);
    s->ir->labels += i.op == IR_LABEL;
    return true;
}

static bool parse_line(struct parser *s)
{
    uint32_t n = 0;
    ir_ref ref;
    bool labelled = take(s, "%");
    if (labelled) {
        if (!parse_label(s, &n))
            return false;
        if (s->label[n])
            return fail(s, "label is defined twice");
        if (!take(s, "="))
            return fail(s, "= expected");
    }
    if (!parse_body(s, &ref))
        return false;
    if (!at_end_of_line(s))
        return fail(s, "rest of the line is not understood");
    if (labelled != (ir_result_type(&s->ir->insn[ref]) != T_NONE))
        return fail(s, labelled ? "operation has no result" : "operation has a result");
    if (labelled)
        s->label[n] = ref;
    return true;
}

const char *ir_parse(struct ir *ir, const char *text)
{
    struct parser s = {.ir = ir, .p = text, .line = 1};
    ir_reset(ir, ir->pc);
    s.label = calloc(LABEL_MAX, sizeof *s.label);
    if (!s.label)
        return "no memory";
    for (;;) {
        if (!at_end_of_line(&s) && !parse_line(&s))
            break;
        if (!*s.p)
            break;
        s.p++;
        s.line++;
    }
    free(s.label);
    return s.error;
}
