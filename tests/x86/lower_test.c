/* SPDX-License-Identifier: MIT */
/*
 * The back end against the evaluator.
 *
 *   lower_test FILE...      IR text: units separated by lines `== name`; a line `# hot N` inside says how
 * many host instructions the hot part may have at most (so that a slow-down is a diff), `# poll` that a poll is set;
 * lower_test -r N SEED
 * N random units over the integer, flags, state and memory operations (vectors: vec_ops.c) -v prints code;
 * -3: for AVX2
 */
#include "dbt/opt/opt.h"
#include "tests/x86/unit.h"

#include <stdlib.h>
#include <string.h>

static bool verbose;

static void show(const struct ir *ir, const char *name, const char *what)
{
    printf("%s: %s\n", name, what);
    ir_print(ir, stdout);
    unit_disassemble(stdout);
    unit_print_diff(stdout);
}

/* -- text -- */

/* $x5 and $v5 stand for the offsets of these cells. */
static void cell_names(const char *from, char *to, size_t cap)
{
    char *end = to + cap - 32;
    while (*from && to < end) {
        if (*from == '$' && (from[1] == 'x' || from[1] == 'v')) {
            char *rest;
            unsigned n = (unsigned)strtoul(from + 2, &rest, 10);
            to += sprintf(to, "%lld", (long long)(from[1] == 'x' ? UNIT_X(n) : UNIT_V(n)));
            from = rest;
        } else {
            *to++ = *from++;
        }
    }
    *to = 0;
}

static bool check_text(char *name, char *source)
{
    static char text[1 << 16];
    struct ir ir;
    struct rng r = {1};
    ir_init(&ir);
    ir_reset(&ir, 0x400000);
    cell_names(source, text, sizeof text);
    const char *bad = ir_parse(&ir, text);
    if (!bad)
        bad = ir_verify(&ir);
    if (bad) {
        printf("%s: %s\n", name, bad);
        return false;
    }
    for (unsigned k = 0; k < 100 && !bad; k++) {
        struct cpu start;
        unit_randomise(&start, &r);
        start.poll = strstr(text, "# poll") != NULL;
        bad = unit_check(&ir, &start);
    }
    const char *hot = strstr(text, "# hot ");
    unsigned n = unit_hot_count();
    if (verbose)
        unit_disassemble(stdout);
    if (!bad && hot && n > (unsigned)atoi(hot + 6)) {
        static char buf[64];
        snprintf(buf, sizeof buf, "%u host instructions", n);
        bad = buf;
    }
    if (bad)
        show(&ir, name, bad);
    ir_free(&ir);
    return !bad;
}

static unsigned check_file(const char *path)
{
    FILE *f = fopen(path, "r");
    static char buf[1 << 20];
    if (!f) {
        perror(path);
        return 1;
    }
    size_t n = fread(buf, 1, sizeof buf - 1, f);
    buf[n] = 0;
    fclose(f);
    unsigned bad = 0;
    char *p = strstr(buf, "== ");
    while (p) {
        char *name = p + 3, *line = strchr(name, '\n');
        if (!line)
            break;
        *line = 0;
        p = strstr(line + 1, "\n== ");
        if (p)
            *p++ = 0;
        if (verbose)
            printf("== %s\n", name);
        bad += !check_text(name, line + 1);
    }
    return bad;
}

/* -- random units -- */

struct gen {
    struct rng r;
    struct ir ir;
    ir_ref val[8][256]; /* I32, I64, truth values, flags, V64, F64, F32, F16 */
    unsigned n[8];
    bool deep;
    unsigned open;          /* calls */
    unsigned label, labels; /* how many there have been, and will be */
    bool loop;
};
/* What is not written but by gen_back: how often a loop is to turn. */
#define TURNS UNIT_X(18)
enum { K_I32, K_I64, K_B, K_FL, K_V, K_D, K_S, K_H };
static const uint8_t x_type[4] = {T_V64, T_F64, T_F32, T_F16};

static void have(struct gen *g, unsigned kind, ir_ref ref)
{
    g->val[kind][g->n[kind]++ & 255] = ref;
}

static ir_ref pick(struct gen *g, unsigned kind)
{
    unsigned n = g->n[kind] < 256 ? g->n[kind] : 256, near = n > 12 && !g->deep ? 12 : n;
    if (rng_below(&g->r, 8) == 0)
        near = n;
    return g->val[kind][(g->n[kind] - 1 - rng_below(&g->r, near)) & 255];
}

static ir_ref insn(struct gen *g, enum ir_op op, enum ir_type t, unsigned size, unsigned cc, ir_ref a,
                   ir_ref b, ir_ref c, int64_t imm)
{
    return ir_add(&g->ir, (struct ir_insn){.op = (uint8_t)op,
                                           .type = (uint8_t)t,
                                           .size = (uint8_t)size,
                                           .cc = (uint8_t)cc,
                                           .a = a,
                                           .b = b,
                                           .c = c,
                                           .imm = imm});
}

static void gen_const(struct gen *g)
{
    uint64_t v = rng_special(&g->r);
    have(g, K_I64, insn(g, IR_CONST, T_I64, 0, 0, 0, 0, 0, (int64_t)v));
    have(g, K_I32, insn(g, IR_CONST, T_I32, 0, 0, 0, 0, 0, (uint32_t)v));
}

static void gen_get(struct gen *g)
{
    int64_t cell = UNIT_X(rng_below(&g->r, 19));
    if (rng_below(&g->r, 2))
        have(g, K_I64, insn(g, IR_GET, T_I64, 0, 0, 0, 0, 0, cell));
    else
        have(g, K_I32, insn(g, IR_GET, T_I32, 0, 0, 0, 0, 0, cell));
}

static void gen_put(struct gen *g)
{
    int64_t cell = UNIT_X(rng_below(&g->r, 18));
    if (rng_below(&g->r, 3)) {
        insn(g, IR_PUT, T_I64, 0, 0, pick(g, K_I64), 0, 0, cell);
    } else {
        ir_ref z = insn(g, IR_ZEXT, T_I64, 2, 0, pick(g, K_I32), 0, 0, 0);
        have(g, K_I64, z);
        insn(g, IR_PUT, T_I64, 0, 0, z, 0, 0, cell);
    }
}

static void gen_binary(struct gen *g)
{
    static const uint8_t op[] = {IR_ADD,  IR_SUB,  IR_MUL, IR_AND, IR_OR,  IR_XOR,   IR_ANDN, IR_UDIV,
                                 IR_SDIV, IR_SHL,  IR_SHR, IR_SAR, IR_ROR, IR_SMIN,  IR_SMAX, IR_UMIN,
                                 IR_UMAX, IR_EXTR, IR_ADD, IR_SUB, IR_AND, IR_UMULH, IR_SMULH};
    unsigned o = op[rng_below(&g->r, sizeof op)], k = rng_below(&g->r, 2);
    if (o == IR_UMULH || o == IR_SMULH)
        k = K_I64;
    ir_ref a = pick(g, k), b = pick(g, k);
    if (rng_below(&g->r, 3) == 0)
        b = insn(g, IR_CONST, k ? T_I64 : T_I32, 0, 0, 0, 0, 0,
                 k ? (int64_t)rng_special(&g->r) : (int64_t)(uint32_t)rng_special(&g->r));
    if (o >= IR_SHL && o <= IR_ROR && rng_below(&g->r, 2))
        b = pick(g, rng_below(&g->r, 2));
    have(g, k,
         insn(g, o, k ? T_I64 : T_I32, 0, 0, a, b, 0, o == IR_EXTR ? rng_below(&g->r, k ? 64 : 32) : 0));
}

static void gen_unary(struct gen *g)
{
    static const uint8_t op[] = {IR_NOT, IR_NEG, IR_CLZ, IR_CTZ, IR_CLS, IR_RBIT, IR_BSWAP, IR_REV16};
    unsigned k = rng_below(&g->r, 2);
    have(g, k, insn(g, op[rng_below(&g->r, sizeof op)], k ? T_I64 : T_I32, 0, 0, pick(g, k), 0, 0, 0));
}

static void gen_extend(struct gen *g)
{
    unsigned to = rng_below(&g->r, 2), from = rng_below(&g->r, 2);
    if (rng_below(&g->r, 3) == 0) {
        have(g, K_I32, insn(g, IR_TRUNC, T_I32, 0, 0, pick(g, K_I64), 0, 0, 0));
        return;
    }
    have(g, to,
         insn(g, rng_below(&g->r, 2) ? IR_SEXT : IR_ZEXT, to ? T_I64 : T_I32, rng_below(&g->r, to ? 3 : 2), 0,
              pick(g, from), 0, 0, 0));
}

static void gen_bool(struct gen *g)
{
    unsigned k = rng_below(&g->r, 2), t = k ? T_I64 : T_I32;
    ir_ref a = pick(g, k), b = pick(g, k);
    if (rng_below(&g->r, 2))
        b = insn(g, IR_CONST, t, 0, 0, 0, 0, 0,
                 rng_below(&g->r, 3) ? (int64_t)(1u << rng_below(&g->r, 31)) : 0);
    switch (rng_below(&g->r, 4)) {
    case 0: have(g, K_B, insn(g, IR_CMP, t, 0, rng_below(&g->r, CC_AL), a, b, 0, 0)); break;
    case 1: have(g, K_B, insn(g, IR_CMPZ, t, 0, rng_below(&g->r, 2), a, b, 0, 0)); break;
    default: have(g, K_B, insn(g, IR_COND, T_I32, 0, rng_below(&g->r, CC_AL), pick(g, K_FL), 0, 0, 0)); break;
    }
}

static void gen_flags(struct gen *g)
{
    unsigned k = rng_below(&g->r, 2), t = k ? T_I64 : T_I32;
    ir_ref a = pick(g, k), b = pick(g, k);
    switch (rng_below(&g->r, 12)) {
    case 0:
    case 1: /* subs, adds, ands with their flags */
        have(g, k, insn(g, IR_SUB, t, 0, 0, a, b, 0, 0));
        have(g, K_FL, insn(g, IR_FLSUB, t, 0, 0, a, b, 0, 0));
        break;
    case 2:
        have(g, k, insn(g, IR_ADD, t, 0, 0, a, b, 0, 0));
        have(g, K_FL, insn(g, IR_FLADD, t, 0, 0, a, b, 0, 0));
        break;
    case 3: {
        ir_ref v = insn(g, IR_AND, t, 0, 0, a, b, 0, 0);
        have(g, k, v);
        have(g, K_FL, insn(g, IR_FLLOGIC, t, 0, 0, v, 0, 0, 0));
        break;
    }
    case 4: have(g, K_FL, insn(g, IR_FLADC, t, 0, 0, a, b, pick(g, K_B), 0)); break;
    case 5: have(g, K_FL, insn(g, IR_FLSBC, t, 0, 0, a, b, pick(g, K_B), 0)); break;
    case 6: have(g, K_FL, insn(g, IR_FLLOGIC, t, 0, 0, a, 0, 0, 0)); break;
    case 7: have(g, K_FL, insn(g, IR_FLNZCV, T_I64, 0, 0, pick(g, K_I64), 0, 0, 0)); break;
    case 8: have(g, K_I64, insn(g, IR_NZCV, T_I64, 0, 0, pick(g, K_FL), 0, 0, 0)); break;
    case 9: have(g, K_FL, insn(g, IR_GETFL, T_FL, 0, 0, 0, 0, 0, 0)); break;
    default:
        have(g, K_FL, insn(g, IR_FLSEL, T_FL, 0, 0, pick(g, K_B), pick(g, K_FL), 0, rng_below(&g->r, 16)));
        break;
    }
    if (rng_below(&g->r, 2))
        insn(g, IR_PUTFL, T_NONE, 0, 0, pick(g, K_FL), 0, 0, 0);
}

static void gen_sel(struct gen *g)
{
    unsigned k = rng_below(&g->r, 2);
    ir_ref b = pick(g, k), c = pick(g, k);
    if (rng_below(&g->r, 3) == 0) {
        int64_t one = rng_below(&g->r, 2);
        b = insn(g, IR_CONST, k ? T_I64 : T_I32, 0, 0, 0, 0, 0, one);
        c = insn(g, IR_CONST, k ? T_I64 : T_I32, 0, 0, 0, 0, 0, !one);
    }
    have(g, k, insn(g, IR_SEL, k ? T_I64 : T_I32, 0, 0, pick(g, K_B), b, c, 0));
}

static ir_ref gen_pointer(struct gen *g)
{
    return insn(g, IR_GET, T_I64, 0, 0, 0, 0, 0, UNIT_X(19 + rng_below(&g->r, 10)));
}

static void gen_memory(struct gen *g)
{
    ir_ref a = gen_pointer(g), b = 0;
    unsigned k = rng_below(&g->r, 2), t = k ? T_I64 : T_I32, size = rng_below(&g->r, k ? 4 : 3), cc = 0;
    int64_t imm = (int64_t)rng_below(&g->r, 128) - 64;
    if (rng_below(&g->r, 3) == 0) {
        b = insn(g, IR_CONST, T_I64, 0, 0, 0, 0, 0, 7);
        b = insn(g, IR_AND, T_I64, 0, 0, pick(g, K_I64), b, 0, 0);
        cc = rng_below(&g->r, 5);
    }
    switch (rng_below(&g->r, 9)) {
    case 8: insn(g, IR_PREFETCH, T_NONE, rng_below(&g->r, 5), cc, a, b, 0, imm); break;
    case 0:
    case 1: have(g, k, insn(g, IR_LD, t, size, cc, a, b, 0, imm)); break;
    case 2: have(g, k, insn(g, IR_LDS, t, size > 2 ? 2 : size, cc, a, b, 0, imm)); break;
    case 3:
    case 4: insn(g, IR_ST, t, size, cc, a, b, pick(g, k), imm); break;
    case 5: insn(g, IR_STLR, t, size, 0, a, 0, pick(g, k), imm & ~7ll); break;
    case 6: have(g, k, insn(g, IR_ATOM, t, size, rng_below(&g->r, 10), a, pick(g, k), 0, imm & ~7ll)); break;
    default: have(g, k, insn(g, IR_CAS, t, size, 0, a, pick(g, k), pick(g, k), imm & ~7ll)); break;
    }
}

static void gen_exclusive(struct gen *g)
{
    ir_ref a = gen_pointer(g);
    unsigned k = rng_below(&g->r, 2), t = k ? T_I64 : T_I32, size = rng_below(&g->r, k ? 4 : 3);
    have(g, k, insn(g, IR_LDX, t, size, 0, a, 0, 0, 0));
    if (rng_below(&g->r, 4) == 0)
        insn(g, IR_CLREX, T_NONE, 0, 0, 0, 0, 0, 0);
    if (rng_below(&g->r, 4) == 0)
        insn(g, IR_ST, t, size, 0, a, 0, pick(g, k), 0);
    have(g, K_B, insn(g, IR_STX, t, size, 0, rng_below(&g->r, 4) ? a : gen_pointer(g), 0, pick(g, k), 0));
}

/* Values in xmm registers: state, memory, selection, comparisons; the arithmetic on them is tested in
 * vec_ops.c. */
static void gen_xmm(struct gen *g)
{
    unsigned k = K_V + rng_below(&g->r, 4), t = x_type[k - K_V], size = k == K_V ? 4 : K_H - k + 1;
    int64_t cell = UNIT_V(rng_below(&g->r, 32)), imm = 16 * (int64_t)rng_below(&g->r, 8);
    switch (rng_below(&g->r, 12)) {
    case 0:
    case 1: have(g, k, insn(g, IR_GET, t, 0, 0, 0, 0, 0, cell)); break;
    case 2: insn(g, IR_PUT, T_V64, 0, 0, pick(g, K_V), 0, 0, cell); break;
    case 3: {
        ir_ref z = insn(g, IR_VZEXT, T_V64, k == K_V ? 3 : size, 0, pick(g, k), 0, 0, 0);
        have(g, K_V, z);
        insn(g, IR_PUT, T_V64, 0, 0, z, 0, 0, cell);
        break;
    }
    case 4:
        have(g, k,
             insn(g, IR_LD, t, k == K_V ? rng_below(&g->r, 5) : size, 0, gen_pointer(g), 0, 0, imm + 3));
        break;
    case 5: insn(g, IR_ST, t, size, 0, gen_pointer(g), 0, pick(g, k), imm + 1); break;
    case 6: {
        ir_ref b = pick(g, k), c = pick(g, k);
        have(g, k, insn(g, IR_SEL, t, 0, 0, pick(g, K_B), b, c, 0));
        break;
    }
    case 7:
    case 8: {
        if (k == K_V)
            k = K_D;
        t = x_type[k - K_V];
        ir_ref a = pick(g, k), b = pick(g, k);
        have(g, K_B, insn(g, IR_FCMP, t, 0, rng_below(&g->r, CC_AL), a, b, 0, rng_below(&g->r, 2)));
        have(g, K_FL, insn(g, IR_FLFCMP, t, 0, rng_below(&g->r, 2), a, b, 0, 0));
        break;
    }
    case 9: {
        ir_ref a = gen_pointer(g), v = insn(g, IR_LDX, T_V64, 4, 0, a, 0, 0, imm);
        have(g, K_V, v);
        have(g, K_B,
             insn(g, IR_STX, T_V64, 4, 0, rng_below(&g->r, 4) ? a : gen_pointer(g), 0, pick(g, K_V), imm));
        break;
    }
    case 10: {
        ir_ref a = gen_pointer(g),
               b = rng_below(&g->r, 2) ? insn(g, IR_LD, T_V64, 4, 0, a, 0, 0, imm) : pick(g, K_V);
        have(g, K_V, insn(g, IR_CAS, T_V64, 4, 0, a, b, pick(g, K_V), imm));
        break;
    }
    default:
        have(g, k,
             insn(g, IR_HELPER, t, 0, EFFECT_NONE, pick(g, k), pick(g, rng_below(&g->r, 2)), 0, 7 << 16));
        break;
    }
}

/* Forwards only: nothing counts how often a label is come to. */
static int64_t gen_target(struct gen *g)
{
    if (g->label < g->labels && !g->open && rng_below(&g->r, 2))
        return 0x600000 + 4 * (g->label + rng_below(&g->r, g->labels - g->label));
    return 0x500000 + 4 * rng_below(&g->r, 100);
}

static void gen_leave(struct gen *g, gaddr *pc)
{
    ir_ref fl = rng_below(&g->r, 2) ? pick(g, K_FL) : 0;
    switch (rng_below(&g->r, 5)) {
    case 0: /* where an instruction begins: nothing that was done must be done again when the guest comes back */
        insn(g, IR_INSN, T_NONE, 0, 0, 0, 0, 0, (int64_t)(*pc += 4));
        insn(g, IR_POLL, T_NONE, 0, 0, 0, 0, fl, (int64_t)*pc);
        break;
    case 1: insn(g, IR_INSN, T_NONE, 0, 0, 0, 0, 0, (int64_t)(*pc += 4)); break;
    case 2: {
        ir_ref k = insn(g, IR_CONST, T_I64, 0, 0, 0, 0, 0, (int64_t)rng_u64(&g->r));
        ir_ref b = insn(g, IR_CMP, T_I64, 0, rng_below(&g->r, 4) ? CC_EQ : CC_HI, pick(g, K_I64), k, 0, 0);
        ir_ref arg = rng_below(&g->r, 2) ? pick(g, K_I64) : 0;
        insn(g, IR_LEAVE_IF, T_NONE, arg ? rng_below(&g->r, 4) : 0, EXIT_BREAK, b, arg, fl, (int64_t)*pc);
        break;
    }
    default: {
        /* Mostly not taken: on a condition that is usually false. */
        ir_ref a = insn(g, IR_CONST, T_I64, 0, 0, 0, 0, 0, (int64_t)rng_u64(&g->r));
        ir_ref b =
            rng_below(&g->r, 4) ? insn(g, IR_CMP, T_I64, 0, CC_EQ, pick(g, K_I64), a, 0, 0) : pick(g, K_B);
        while (rng_below(&g->r, 2)) /* as CCMP leaves them */
            b = insn(g, rng_below(&g->r, 2) ? IR_AND : IR_OR, T_I32, 0, 0, b, pick(g, K_B), 0, 0);
        insn(g, IR_EXIT_IF, T_NONE, 0, 0, b, 0, fl, gen_target(g));
    }
    }
}

static void gen_helper(struct gen *g)
{
    unsigned k = rng_below(&g->r, 2);
    bool state = rng_below(&g->r, 2);
    have(g, K_I64,
         insn(g, IR_HELPER, T_I64, 0, state ? EFFECT_READS | EFFECT_WRITES : EFFECT_NONE, pick(g, k),
              pick(g, K_I64), 0, state | (int64_t)rng_below(&g->r, 1000) << 16));
}

/* The shapes of real code: sub, its flags, the PUT of its result, and a branch. */
static void gen_loop_end(struct gen *g, gaddr *pc)
{
    int64_t cell = UNIT_X(rng_below(&g->r, 18));
    unsigned k = rng_below(&g->r, 2), t = k ? T_I64 : T_I32, op = rng_below(&g->r, 3);
    insn(g, IR_INSN, T_NONE, 0, 0, 0, 0, 0, (int64_t)(*pc += 4));
    ir_ref a = insn(g, IR_GET, t, 0, 0, 0, 0, 0, cell),
           b = insn(g, IR_CONST, t, 0, 0, 0, 0, 0, 1 + rng_below(&g->r, 3));
    if (rng_below(&g->r, 3) == 0)
        b = pick(g, k);
    ir_ref v = insn(g, op == 0 ? IR_SUB : op == 1 ? IR_ADD : IR_AND, t, 0, 0, a, b, 0, 0);
    ir_ref fl = op == 2 ? insn(g, IR_FLLOGIC, t, 0, 0, v, 0, 0, 0)
                        : insn(g, op ? IR_FLADD : IR_FLSUB, t, 0, 0, a, b, 0, 0);
    insn(g, IR_PUT, T_I64, 0, 0, k ? v : insn(g, IR_ZEXT, T_I64, 2, 0, v, 0, 0, 0), 0, 0, cell);
    if (rng_below(&g->r, 2))
        insn(g, IR_PUTFL, T_NONE, 0, 0, fl, 0, 0, 0);
    insn(g, IR_INSN, T_NONE, 0, 0, 0, 0, 0, (int64_t)(*pc += 4));
    if (rng_below(&g->r, 2))
        insn(g, IR_POLL, T_NONE, 0, 0, 0, 0, fl, (int64_t)*pc);
    ir_ref c = insn(g, IR_COND, T_I32, 0, rng_below(&g->r, CC_AL), fl, 0, 0, 0);
    if (op == 0 && rng_below(&g->r, 2))
        c = insn(g, IR_CMP, t, 0, rng_below(&g->r, CC_AL), a, b, 0, 0);
    else if (rng_below(&g->r, 4) == 0)
        c = insn(g, IR_CMPZ, t, 0, rng_below(&g->r, 2), v, v, 0, 0);
    insn(g, IR_EXIT_IF, T_NONE, 0, 0, c, 0, rng_below(&g->r, 2) ? fl : 0, 0x500000);
    have(g, k, v);
    have(g, K_FL, fl);
}

/* Back to the head, if there are turns left. */
static void gen_back(struct gen *g, gaddr *pc)
{
    ir_ref fl = rng_below(&g->r, 2) ? pick(g, K_FL) : 0;
    insn(g, IR_INSN, T_NONE, 0, 0, 0, 0, 0, (int64_t)(*pc += 4));
    ir_ref a = insn(g, IR_GET, T_I64, 0, 0, 0, 0, 0, TURNS), b = insn(g, IR_CONST, T_I64, 0, 0, 0, 0, 0, 1);
    insn(g, IR_PUT, T_I64, 0, 0, insn(g, IR_SUB, T_I64, 0, 0, a, b, 0, 0), 0, 0, TURNS);
    insn(g, IR_INSN, T_NONE, 0, 0, 0, 0, 0, (int64_t)(*pc += 4));
    insn(g, IR_POLL, T_NONE, 0, 0, 0, 0, fl, (int64_t)*pc);
    ir_ref left = insn(g, IR_CMP, T_I64, 0, CC_GT, a, b, 0, 0);
    insn(g, IR_EXIT_IF, T_NONE, 0, 0, left, 0, fl, (int64_t)g->ir.pc);
}

/* The ends of calls that traces have in them: a value that may be what is expected. */
static void gen_call(struct gen *g)
{
    ir_ref fl = rng_below(&g->r, 2) ? pick(g, K_FL) : 0;
    if (g->open && rng_below(&g->r, 2)) {
        g->open--;
        insn(g, IR_CLOSE, T_NONE, 0, 0, 0, 0, 0, 0);
    } else if (g->open < IR_OPEN_MAX) {
        g->open++;
        insn(g, IR_OPEN, T_NONE, 0, 0, 0, 0, 0, rng_below(&g->r, 2) ? 0x600000 : 0x7fff12345678);
    }
    ir_ref four = insn(g, IR_CONST, T_I64, 0, 0, 0, 0, 0, 4);
    ir_ref to = insn(g, IR_AND, T_I64, 0, 0, pick(g, K_I64), four, 0, 0);
    if (rng_below(&g->r, 8) == 0)
        to = insn(g, IR_OR, T_I64, 0, 0, to, insn(g, IR_CONST, T_I64, 0, 0, 0, 0, 0, 1ll << 44), 0, 0);
    insn(g, IR_EXPECT, T_NONE, 0, 0, to, 0, fl, rng_below(&g->r, 4) ? 0 : 1ll << 44);
}

static void gen_end(struct gen *g)
{
    ir_ref fl = rng_below(&g->r, 2) ? pick(g, K_FL) : 0, pc = insn(g, IR_PC, T_I64, 0, 0, 0, 0, 0, 0x400800);
    /* Not 1, which no guest address equals; nor the head, since nothing counts these turns. */
    ir_ref to =
        insn(g, IR_AND, T_I64, 0, 0, pick(g, K_I64), insn(g, IR_CONST, T_I64, 0, 0, 0, 0, 0, -4), 0, 0);
    to = insn(g, IR_OR, T_I64, 0, 0, to, insn(g, IR_CONST, T_I64, 0, 0, 0, 0, 0, 4), 0, 0);
    switch (g->loop ? 0 : rng_below(&g->r, 7)) {
    case 0: insn(g, IR_JUMP, T_NONE, 0, 0, 0, 0, fl, gen_target(g)); break;
    case 1: insn(g, IR_CALL, T_NONE, 0, 0, 0, pc, fl, 0x401000); break;
    case 2: insn(g, IR_CALLR, T_NONE, 0, 0, to, pc, fl, 0); break;
    case 3: insn(g, IR_RET, T_NONE, 0, 0, to, 0, fl, 0); break;
    case 4: insn(g, IR_JUMPR, T_NONE, 0, 0, to, 0, fl, 0); break;
    case 5: insn(g, IR_TRAP, T_I64, 0, EXIT_BREAK, to, 0, fl, 0x123456789a); break;
    default: insn(g, IR_TRAP, T_NONE, 0, EXIT_SYSCALL, 0, 0, fl, 0x400404); break;
    }
}

static void gen_way(struct gen *g, gaddr pc, unsigned len)
{
    memset(g->n, 0, sizeof g->n);
    g->open = 0;
    insn(g, IR_INSN, T_NONE, 0, 0, 0, 0, 0, (int64_t)pc);
    gen_const(g);
    for (unsigned k = 0; k < 4; k++)
        gen_get(g);
    have(g, K_I64, insn(g, IR_GET, T_I64, 0, 0, 0, 0, 0, UNIT_X(2)));
    have(g, K_I32, insn(g, IR_GET, T_I32, 0, 0, 0, 0, 0, UNIT_X(12)));
    have(g, K_FL, insn(g, IR_GETFL, T_FL, 0, 0, 0, 0, 0, 0));
    gen_bool(g);
    for (unsigned k = K_V; k <= K_H; k++)
        for (unsigned n = 0; n < 2; n++)
            have(g, k, insn(g, IR_GET, x_type[k - K_V], 0, 0, 0, 0, 0, UNIT_V(25 * n + k)));
    for (unsigned k = 0; k < len; k++) {
        switch (rng_below(&g->r, 28)) {
        case 0: gen_const(g); break;
        case 1:
        case 2:
        case 3: gen_get(g); break;
        case 4:
        case 5:
        case 6: gen_put(g); break;
        case 7:
        case 8:
        case 9:
        case 10: gen_binary(g); break;
        case 11: gen_unary(g); break;
        case 12: gen_extend(g); break;
        case 13:
        case 14: gen_bool(g); break;
        case 15:
        case 16: gen_flags(g); break;
        case 17: gen_sel(g); break;
        case 18:
        case 19: gen_memory(g); break;
        case 20: gen_leave(g, &pc); break;
        case 21: g->loop && !g->open ? gen_back(g, &pc) : gen_loop_end(g, &pc); break;
        case 22: rng_below(&g->r, 4) ? gen_exclusive(g) : gen_leave(g, &pc); break;
        case 23:
        case 24:
        case 25: gen_xmm(g); break;
        case 26: gen_call(g); break;
        default: rng_below(&g->r, 6) ? gen_binary(g) : gen_helper(g); break;
        }
    }
    for (unsigned k = 0; k < 4; k++)
        gen_put(g);
    if (g->loop && !g->open)
        gen_back(g, &pc);
    gen_end(g);
}

static void generate(struct gen *g, unsigned len)
{
    enum { WAY = 0x1000 };
    ir_reset(&g->ir, 0x400000);
    g->deep = rng_below(&g->r, 4) == 0;
    g->loop = rng_below(&g->r, 2);
    g->label = 0;
    g->labels = rng_below(&g->r, 3) ? 0 : 1 + rng_below(&g->r, IR_LABELS_MAX);
    gen_way(g, 0x400000, len);
    while (g->label < g->labels) {
        ir_label(&g->ir, 0x600000 + 4 * g->label++);
        gen_way(g, 0x400000 + g->label * WAY, len / 2);
    }
}

static bool check_random(unsigned n, uint64_t seed, bool opt)
{
    static struct gen g;
    ir_init(&g.ir);
    for (unsigned k = 0; k < n; k++) {
        g.r.s = seed + k;
        generate(&g, 4 + rng_below(&g.r, rng_below(&g.r, 8) ? 30 : 150));
        g.ir.kind = k & 1 ? UNIT_TRACE : UNIT_PLAIN; /* with all passes, or those of units */
        if (opt)
            opt_run(&g.ir, NULL);
        const char *bad = ir_verify(&g.ir);
        for (unsigned s = 0; s < 3 && !bad; s++) {
            struct cpu start;
            unit_randomise(&start, &g.r);
            start.poll = rng_below(&g.r, 6) == 0;
            start.a64.x[18] = rng_below(&g.r, 5);
            bad = unit_check(&g.ir, &start);
        }
        if (bad) {
            char name[64];
            snprintf(name, sizeof name, "random unit, seed %llu%s", (unsigned long long)seed + k,
                     opt ? ", optimised" : "");
            show(&g.ir, name, bad);
            return false;
        }
    }
    ir_free(&g.ir);
    return true;
}

int main(int argc, char **argv)
{
    unsigned bad = 0, random = 0;
    uint64_t seed = 1;
    bool v3 = !x86_host_avx512();
    for (int k = 1; k < argc; k++) {
        v3 |= !strcmp(argv[k], "-3");
        verbose |= !strcmp(argv[k], "-v");
    }
    if (!x86_host_v3())
        return 77;
    unit_init(!v3);
    for (int k = 1; k < argc; k++) {
        if (!strcmp(argv[k], "-r") && k + 2 < argc) {
            random = (unsigned)atoi(argv[k + 1]);
            seed = strtoull(argv[k + 2], NULL, 0);
            k += 2;
        } else if (argv[k][0] != '-') {
            bad += check_file(argv[k]);
        }
    }
    if (random)
        bad += !check_random(random, seed, false) || !check_random(random, seed, true);
    return bad != 0;
}
