/* SPDX-License-Identifier: MIT */
/*
 * Every row of enc_vec.h with random operands, disassembled by Capstone and compared: mnemonic, registers,
 * memory operand and immediate.  Comparisons print their immediate as part of the mnemonic, so only the
 * mnemonic's ends are compared there.
 */
#include "dbt/x86/enc_vec.h"
#include "tests/x86/rnd.h"

#include <capstone/capstone.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static csh cs;
static unsigned failures, unknown; /* unknown: EVEX forms that this Capstone does not have */

static unsigned reg_number(x86_reg r, char kind)
{
    static const x86_reg g64[16] = {X86_REG_RAX, X86_REG_RCX, X86_REG_RDX, X86_REG_RBX,
                                    X86_REG_RSP, X86_REG_RBP, X86_REG_RSI, X86_REG_RDI,
                                    X86_REG_R8,  X86_REG_R9,  X86_REG_R10, X86_REG_R11,
                                    X86_REG_R12, X86_REG_R13, X86_REG_R14, X86_REG_R15};
    static const x86_reg g32[16] = {X86_REG_EAX,  X86_REG_ECX,  X86_REG_EDX,  X86_REG_EBX,
                                    X86_REG_ESP,  X86_REG_EBP,  X86_REG_ESI,  X86_REG_EDI,
                                    X86_REG_R8D,  X86_REG_R9D,  X86_REG_R10D, X86_REG_R11D,
                                    X86_REG_R12D, X86_REG_R13D, X86_REG_R14D, X86_REG_R15D};
    if (kind == 'x' && r >= X86_REG_XMM0 && r <= X86_REG_XMM0 + 31)
        return r - X86_REG_XMM0;
    if (kind == 'k' && r >= X86_REG_K0 && r <= X86_REG_K7)
        return r - X86_REG_K0;
    for (unsigned i = 0; kind == 'g' && i < 16; i++)
        if (r == g64[i] || r == g32[i])
            return i;
    return ~0u;
}

/* What one assembler operand must be. */
struct want {
    char kind; /* x g k m i */
    unsigned n;
};

struct test {
    const struct enc_vec_row *row;
    enum vop op;
    bool mem;               /* rm is M, not a register */
    unsigned field[3], imm; /* what the encoder gets: reg, vvvv, rm */
    struct x86_mem m;
    struct want want[5];
    unsigned count;
};

static bool mem_matches(const struct x86_mem *m, const x86_op_mem *o)
{
    unsigned base = o->base == X86_REG_INVALID ? MEM_NONE : reg_number(o->base, 'g');
    unsigned index =
        o->index == X86_REG_INVALID || o->index == X86_REG_RIZ ? MEM_NONE : reg_number(o->index, 'g');
    return base == m->base && index == m->index && (index == MEM_NONE || o->scale == 1 << m->scale) &&
           (int32_t)o->disp == m->disp;
}

static bool operands_match(const struct test *t, const cs_insn *in)
{
    const cs_x86 *x = &in->detail->x86;
    if (x->op_count < t->count)
        return false;
    for (unsigned i = 0; i < t->count; i++) {
        const cs_x86_op *o = &x->operands[i];
        struct want w = t->want[i];
        if (w.kind == 'm'   ? o->type != X86_OP_MEM || !mem_matches(&t->m, &o->mem)
            : w.kind == 'i' ? o->type != X86_OP_IMM || ((unsigned)o->imm & 0xff) != w.n
                            : o->type != X86_OP_REG || reg_number(o->reg, w.kind) != w.n)
            return false;
    }
    return true;
}

static bool name_matches(const char *text, const char *got)
{
    const char *cmp = strstr(text, "cmp");
    if (cmp && text[strlen(text) - 1] != 'q' && strstr(text, "vcmp") == text)
        return !strncmp(got, "vcmp", 4) && !strcmp(got + strlen(got) - 2, text + strlen(text) - 2);
    if (cmp && !strstr(text, "cmpeq") && !strstr(text, "cmpgt"))
        return !strncmp(got, "vpcmp", 5) && !strcmp(got + strlen(got) - strlen(text + 5), text + 5);
    size_t length = strlen(text);
    return !strncmp(text, got, length) && (got[length] == 0 || (got[length] == 'x' && got[length + 1] == 0));
}

static struct x86_mem random_mem(void)
{
    static const int32_t disp[] = {0,    8,     -16, 64,     127,     -128, 512,
                                   1024, -2048, 4,   100000, -100000, 2032, 2048};
    struct x86_mem m = {(uint8_t)rnd(16), MEM_NONE, 0, disp[rnd(14)]};
    if (rnd(2)) {
        do
            m.index = (uint8_t)rnd(16);
        while (m.index == 4);
        m.scale = (uint8_t)rnd(4);
    }
    return m;
}

/* What Capstone 4 gets wrong (checked against objdump): it swaps these operands, and scales a scalar's
 * displacement as a vector's. */
static bool capstone_wrong(enum vop op, bool mem, bool evex)
{
    return (op >= V_PMOVM2B && op <= V_PMOVM2W) || (mem && evex && (op == V_K_CMPSS || op == V_K_CMPSD));
}

/* EVEX forms that Capstone 4 does not have, and GFNI. */
static bool capstone_unknown(enum vop op, bool evex)
{
    return evex || op == V_GF2P8AFFINE || op == V_GF2P8AFFINEINV;
}

/* The field that operand I of COUNT registers belongs to: 0 reg, 1 vvvv, 2 rm. */
static unsigned field_of(const char *shape, unsigned count, unsigned i)
{
    if (shape[0] == 'M' || shape[0] == 'G') /* written the other way round */
        return i == 0 ? 2 : 0;
    if (shape[0] == 'X') /* shifts by an immediate: reg is a part of the opcode */
        return i == 0 ? 1 : 2;
    return count == 2 && i == 1 ? 2 : i;
}

static void random_operands(struct test *t, bool high)
{
    const char *shape = t->row->shape;
    unsigned places = (unsigned)strlen(shape), last = places - 1, limit = high ? 32 : 16;
    unsigned regs = places - (strchr("is", shape[last]) != NULL);
    t->m = random_mem();
    t->imm = t->count = 0;
    memset(t->field, 0, sizeof t->field);
    for (unsigned i = 0; i < places; i++) {
        char c = shape[i], kind = c == 'G' ? 'g' : c == 'M' || c == 'X' || c == 's' ? 'x' : c;
        unsigned n = kind == 'g' ? rnd(16) : kind == 'k' || kind == 'i' ? rnd(8) : rnd(limit);
        if (kind == 'i' && i == last)
            t->imm = n;
        else if (c == 's')
            n &= 15, t->imm = n << 4;
        else
            t->field[field_of(shape, regs, i)] = n;
        t->want[t->count++] = (struct want){c == 'M' && t->mem ? 'm' : kind, n};
    }
    if (shape[0] == 'X')
        t->field[0] = t->row->ext;
    if (t->field[1] & 16) { /* Capstone 4 takes V' for a part of the index */
        t->m.index = MEM_NONE, t->m.scale = 0;
        t->m.base = t->m.base == 12 || t->m.base == 4 ? 5 : t->m.base;
    }
    if (strstr(t->row->text, "cmp") && shape[last] == 'i')
        t->count--; /* the immediate is in the name */
}

static bool matches(struct test *t, const char *name, const cs_insn *in)
{
    if (!name_matches(name, in->mnemonic))
        return false;
    if (operands_match(t, in))
        return true;
    if (t->row->form != 'C' || t->mem)
        return false;
    struct want w = t->want[1]; /* commutes: the encoder may have swapped the sources */
    t->want[1] = t->want[2], t->want[2] = w;
    return operands_match(t, in);
}

static void report(const struct test *t, const char *name, const struct enc *e, const cs_insn *in)
{
    printf("%s %u %u %u mem=%d imm=%u:", name, t->field[0], t->field[1], t->field[2], t->mem, t->imm);
    for (unsigned i = 0; i < e->size; i++)
        printf(" %02x", e->buf[i]);
    printf("  -> %s %s\n", in ? in->mnemonic : "?", in ? in->op_str : "");
}

static void check(struct test *t)
{
    static uint8_t buf[4096];
    struct enc e = {.buf = buf, .cap = sizeof buf};
    xm rm = t->mem ? xm_mem(t->m) : (xm){.n = (uint8_t)t->field[2]};
    enc_v(&e, t->op, t->field[0], t->field[1], rm, t->imm);
    bool evex = buf[0] == 0x62;
    const char *name = evex && t->row->etext ? t->row->etext : t->row->text;
    cs_insn *in = NULL;
    size_t n = cs_disasm(cs, buf, e.size, 0x1000, 1, &in);
    if ((n == 0 && capstone_unknown(t->op, evex)) || capstone_wrong(t->op, t->mem, evex))
        unknown++;
    else if ((n == 0 || in->size != e.size || !matches(t, name, in)) && failures++ < 60)
        report(t, name, &e, in);
    if (n)
        cs_free(in, n);
}

int main(void)
{
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &cs) != CS_ERR_OK)
        return 77;
    cs_option(cs, CS_OPT_DETAIL, CS_OPT_ON);
    for (unsigned op = 0; op < V_COUNT; op++) {
        struct test t = {.row = &enc_vec_row[op], .op = op};
        bool can_mem = strchr(t.row->shape, 'M') != NULL;
        for (unsigned k = 0; k < 60; k++) {
            t.mem = can_mem && k % 3 == 0;
            random_operands(&t, t.row->form != 'V' && k % 2);
            check(&t);
        }
    }
    printf("%u failures in %u rows, %u encodings that Capstone does not know\n", failures, (unsigned)V_COUNT,
           unknown);
    cs_close(&cs);
    return failures != 0;
}
