/* SPDX-License-Identifier: MIT */
/*
 * Floating-point sites that have trapped often: the form that asks before it computes.
 *
 * The plain form is inside; what is special about the operands is found out before it.  Being asked costs about a
 * nanosecond, so only sites that are known to need it get it, and what they ask is as little as will do:
 *
 *  - Sums, products and fused operations with AVX-512: the operation itself, silently (for vectors that is a form of 512
 *    bits, whose upper lanes nobody looks at); is its result a NaN?  It tells neither flags nor another rounding, so the
 *    result is computed again.
 *  - Quotients and roots with AVX-512, which are too slow to be computed twice: is an operand of a class that an invalid
 *    operation needs (vfpclass)?
 *  - If so, which lanes are invalid exactly: those get Arm's answer, the others are computed under a mask, which also keeps
 *    the host from seeing the invalid ones.  Where no operand is a NaN, and the silent result is at hand, the NaNs in
 *    it are the invalid lanes: programs that make default NaNs all the time mostly do it out of numbers.
 *  - Everything else: is an operand a NaN (or infinite, or too large, as the operation says)?  If so, C computes it all.
 *  - Compares: the quiet form and a look at its outcome.
 *
 * The invalid flag is noted in cpu->fp_invalid.  The plain form keeps its trap region: a signalling NaN in a compare
 * still traps, and so does what is out of range by rounding alone.
 */
#include "dbt/x86/lower_vec.h"

/* vfpclass's immediate */
enum { QNAN = 0x01, ZERO = 0x06, INF = 0x18, NEGATIVE = 0x50, SNAN = 0x80 };

static xm one(unsigned k)
{
    return (xm){.n = (uint8_t)k};
}

static void test_masks(struct lower *l, unsigned k, unsigned j)
{
    enc_v(lower_enc(l), V_KORTESTB, k, 0, one(j), 0);
    lower_enc(l)->flags_gen++;
}

/* Mask register k: the lanes of s that are of these classes, among those of `among` (0: all). */
static void classify(struct lower *l, int kind, unsigned k, unsigned among, xmm s, unsigned classes)
{
    enc_v_masked(lower_enc(l), (enum vop)(V_FPCLASSPS + kind), among, k, 0, xm_reg(s), classes);
}

/* k = the lanes that are not in k; j: scratch. */
static void mask_not(struct lower *l, int kind, unsigned k, unsigned j)
{
    enum { LANE0 = 7 };
    if (fpx_is_scalar(kind))
        j = LANE0;
    else
        enc_k(lower_enc(l), K_XNOR, j, j, j);
    enc_k(lower_enc(l), K_ANDN, k, k, j);
}

void fpx_note_invalid(struct lower *l)
{
    enc_store_imm(lower_enc(l), 4, mem_cpu(offsetof(struct cpu, fp_invalid)), 1);
}

/* -- asking for a magnitude, and C for the rest ------------------------------------------------- */

void fpx_branch_above(struct lower *l, unsigned lane, bool is_scalar, const xmm *s, unsigned n,
                      uint64_t limit, const xmm t[2], label to)
{
    struct enc *e = lower_enc(l);
    uint64_t magnitude = (1ull << ((8u << lane) - 1)) - 1;
    xm mask = is_scalar ? vx_const(l, magnitude, 0) : vx_splat(l, lane, magnitude);
    xm most = vx_splat(l, lane, limit);
    for (unsigned k = 0; k < n; k++) {
        xmm r = t[lower_avx512(l) ? 0 : k != 0];
        enc_v3(e, V_PAND, r, s[k], mask);
        if (lower_avx512(l)) {
            enc_v(e, (enum vop)(V_K_PCMPB + lane), k + 1, r.n, most, PRED_GT);
        } else {
            vx_cmpgt(l, lane, r, r, most);
            if (k)
                enc_v3r(e, V_POR, t[0], t[0], r);
        }
    }
    if (!lower_avx512(l)) {
        vx_test(l, t[0], t[0]);
    } else {
        if (n == 3)
            enc_k(e, K_OR, 2, 2, 3);
        test_masks(l, 1, n > 1 ? 2 : 1);
    }
    lower_jcc(l, X86_NE, to);
}

struct fpx_detour fpx_detour_begin(struct lower *l, xmm a, xmm b, xmm c, xmm d)
{
    return (struct fpx_detour){.cold = lower_label(l), .done = lower_label(l), .at = {a.n, b.n, c.n, d.n}};
}

void fpx_detour_end(struct lower *l, const struct fpx_detour *w, const struct ir_insn *i)
{
    lower_bind(l, w->done);
    lower_cold_begin(l);
    lower_bind(l, w->cold);
    lower_call_cold(l, i, &w->at);
    lower_jmp(l, w->done);
    lower_cold_end(l);
}

bool fpx_detour_wanted(struct lower *l, const struct ir_insn *i)
{
    return lower_careful(l) || fpx_half_minds_tiny(l, i);
}

void fpx_ask_expect(struct lower *l, const struct ir_insn *i)
{
    if (fpx_detour_wanted(l, i))
        lower_expect_call(l);
}

struct fpx_detour fpx_ask(struct lower *l, const struct ir_insn *i, unsigned lane, bool is_scalar,
                          const xmm *s, unsigned n, uint64_t limit, const xmm t[2], xmm d)
{
    const xmm none = {X86_TRAP_NONE};
    if (!fpx_detour_wanted(l, i))
        return (struct fpx_detour){.at = {.d = X86_TRAP_NONE}};
    struct fpx_detour w = fpx_detour_begin(l, s[0], n > 1 ? s[1] : none, n > 2 ? s[2] : none, d);
    w.t = t[0];
    fpx_branch_above(l, lane, is_scalar, s, n, limit, t, w.cold);
    return w;
}

void fpx_ask_end(struct lower *l, const struct fpx_detour *w, const struct ir_insn *i)
{
    if (!fpx_detour_wanted(l, i))
        return;
    fpx_half_tiny(l, i, (xmm){w->at.d}, w->t, w->cold);
    fpx_detour_end(l, w, i);
}

/* -- arithmetic --------------------------------------------------------------------------------- */

static enum vop family_of(enum ir_op op)
{
    return op == IR_FADD   ? V_ADDPS
           : op == IR_FSUB ? V_SUBPS
           : op == IR_FMUL ? V_MULPS
           : op == IR_FDIV ? V_DIVPS
                           : V_SQRTPS;
}

struct arith {
    const struct ir_insn *i;
    enum ir_op op;
    int kind;
    xmm a, b, d; /* b: a for FSQRT */
};

static struct lower_trap arith_trap(struct lower *l, const struct arith *x)
{
    return fpx_trap(l, x->i, x->d.n, x->a.n, x->op == IR_FSQRT ? X86_TRAP_NONE : x->b.n, X86_TRAP_NONE);
}

static void arith_plain(struct lower *l, const struct arith *x)
{
    if (x->op == IR_FSQRT)
        fpx_op2(l, V_SQRTPS, x->kind, x->d, x->a);
    else
        fpx_op3(l, family_of(x->op), x->kind, x->d, x->a, x->b);
}

/* To `some` if a lane of these operands is a NaN.  k2, k3: scratch. */
static void branch_if_nans(struct lower *l, int kind, const xmm *s, unsigned n, label some)
{
    for (unsigned j = 0; j < n; j++) {
        classify(l, kind, 2 + (j != 0), 0, s[j], QNAN | SNAN);
        if (j != 0 && n > 2)
            enc_k(lower_enc(l), K_OR, 2, 2, 3);
    }
    test_masks(l, 2, n == 2 ? 3 : 2);
    lower_jcc(l, X86_NE, some);
}

/*
 * k = the lanes where silent result t is a number, d = the default NaN; no operand is one.  False: it is a scalar, and that
 * is all.  j: scratch.
 */
static bool silent_numbers(struct lower *l, int kind, unsigned k, unsigned j, xmm t, xmm d)
{
    bool scalar = fpx_is_scalar(kind);
    if (!scalar) {
        classify(l, kind, k, 0, t, QNAN);
        mask_not(l, kind, k, j);
    }
    enc_v2(lower_enc(l), V_MOVAPS, d, fpx_default_nan(l, kind));
    return !scalar;
}

/* k1: lanes whose numbers make the operation invalid; k2, k3: scratch. */
static void invalid_numbers(struct lower *l, const struct arith *x)
{
    if (x->op == IR_FSQRT) {
        classify(l, x->kind, 1, 0, x->a, NEGATIVE);
        return;
    }
    classify(l, x->kind, 1, 0, x->a, INF);
    classify(l, x->kind, 1, 1, x->b, x->op == IR_FMUL ? ZERO : INF);
    if (x->op == IR_FADD || x->op == IR_FSUB) { /* infinities of different signs, or of the same */
        enum { NEQ_UQ = 4 };
        enc_v_masked(lower_enc(l), (enum vop)(V_K_CMPPS + x->kind), 1, 1, x->a.n, xm_reg(x->b),
                     x->op == IR_FADD ? NEQ_UQ : CMP_EQ_OQ);
        return;
    }
    classify(l, x->kind, 2, 0, x->a, ZERO);
    classify(l, x->kind, 2, 2, x->b, x->op == IR_FMUL ? INF : ZERO);
    enc_k(lower_enc(l), K_OR, 1, 1, 2);
}

/* The default NaN in invalid lanes, signalling NaNs made quiet, the first one if both are, and the rest computed. */
static void arith_cold(struct lower *l, const struct arith *x, label plain)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(x->kind), unary = x->op == IR_FSQRT;
    xm quiet = fpx_const(l, x->kind, 0x400000, 1ull << 51);
    invalid_numbers(l, x);
    classify(l, x->kind, 2, 0, x->a, SNAN);
    classify(l, x->kind, 3, 0, x->b, SNAN);
    enc_k(e, K_OR, 1, 1, 2);
    enc_k(e, K_OR, 1, 1, 3);
    test_masks(l, 1, 1);
    lower_jcc(l, X86_E, plain);
    enc_v2(e, V_MOVAPS, x->d, fpx_default_nan(l, x->kind));
    enc_v_masked(e, (enum vop)(V_ORPS + f64), 3, x->d.n, x->b.n, quiet, 0);
    enc_v_masked(e, (enum vop)(V_ORPS + f64), 2, x->d.n, x->a.n, quiet, 0);
    mask_not(l, x->kind, 1, 2);
    struct lower_trap t = arith_trap(l, x);
    enc_v_masked(e, (enum vop)(family_of(x->op) + f64), 1, x->d.n, unary ? 0 : x->a.n, xm_reg(x->b), 0);
    lower_trap_end(l, &t);
    fpx_note_invalid(l);
}

/* Behind the silent operation, whose result is in d; to nans if there is one among the operands. */
static void arith_cold_silent(struct lower *l, const struct arith *x, label done, label nans)
{
    branch_if_nans(l, x->kind, (const xmm[]){x->a, x->b}, 2, nans);
    if (silent_numbers(l, x->kind, 1, 2, x->d, x->d)) {
        struct lower_trap t = arith_trap(l, x);
        enc_v_masked(lower_enc(l), (enum vop)(family_of(x->op) + fpx_is_double(x->kind)), 1, x->d.n, x->a.n,
                     xm_reg(x->b), 0);
        lower_trap_end(l, &t);
    }
    fpx_note_invalid(l);
    lower_jmp(l, done);
}

/* To cold if an operand is of a class that an invalid operation needs. */
static void ask_classes(struct lower *l, const struct arith *x, label cold)
{
    unsigned classes = x->op == IR_FSQRT  ? NEGATIVE | SNAN
                       : x->op == IR_FDIV ? INF | ZERO | SNAN
                                          : INF | SNAN;
    classify(l, x->kind, 1, 0, x->a, classes);
    if (x->op != IR_FSQRT)
        classify(l, x->kind, 2, 0, x->b, x->op == IR_FDIV ? SNAN : classes);
    test_masks(l, 1, x->op == IR_FSQRT ? 1 : 2);
    lower_jcc(l, X86_NE, cold);
}

static bool arith_masked(struct lower *l, ir_ref ref, const struct ir_insn *i, struct arith *x)
{
    struct fpx_tiny tiny = {.on = false};
    if (x->op == IR_FMUL)
        tiny = fpx_tiny_temps(l);
    bool silent = x->op == IR_FADD || x->op == IR_FSUB || x->op == IR_FMUL;
    struct arith apart = *x; /* the operands are wanted until the end of the cold path */
    apart.d = lower_temp_x(l);
    xmm u = silent ? lower_temp_x(l) : x->a;
    x->d = tiny.on ? lower_def_x(l, ref) : lower_def_x_over(l, ref);
    label finish = lower_label(l);
    label cold = lower_label(l), plain = lower_label(l), done = lower_label(l), nans = lower_label(l);
    if (silent) {
        enc_v_silent(lower_enc(l), (enum vop)(family_of(x->op) + x->kind), apart.d.n, x->a.n, x->b);
        fpx_branch_if_nan(l, x->kind, apart.d, apart.d, u, cold);
    } else {
        ask_classes(l, x, cold);
    }
    lower_bind(l, plain);
    struct lower_trap t = arith_trap(l, x);
    arith_plain(l, x);
    lower_trap_end(l, &t);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    if (silent)
        arith_cold_silent(l, &apart, finish, nans);
    lower_bind(l, nans);
    arith_cold(l, &apart, plain);
    lower_bind(l, finish);
    vx_mov(l, x->d, apart.d);
    lower_jmp(l, done);
    lower_cold_end(l);
    fpx_tiny_check(l, &tiny, i, x->kind, x->d, &(struct fpx_operands){x->a, x->b, x->b});
    return true;
}

/* Without AVX-512: infinities and NaNs, zero divisors and negative roots go to C. */
static bool arith_by_c(struct lower *l, ir_ref ref, const struct ir_insn *i, struct arith *x)
{
    struct enc *e = lower_enc(l);
    lower_expect_call(l);
    const xmm t[2] = {lower_temp_x(l), lower_temp_x(l)}, s[2] = {x->a, x->b};
    struct fpx_tiny tiny = {.on = false};
    if (x->op == IR_FMUL)
        tiny = fpx_tiny_of(l, t[0], t[1]);
    x->d = lower_def_x(l, ref);
    bool unary = x->op == IR_FSQRT, f64 = fpx_is_double(x->kind);
    const xmm none = {X86_TRAP_NONE};
    xmm b = x->b;
    if (unary)
        b = none;
    struct fpx_detour detour = fpx_detour_begin(l, x->a, b, none, x->d);
    fpx_branch_above(l, 2 + f64, fpx_is_scalar(x->kind), s, 1 + !unary, fp_infinity(2 + f64) - 1, t,
                     detour.cold);
    if (unary) {
        enc_v3(e, V_ANDPS, t[0], x->a, fpx_sign_mask(l, x->kind));
        vx_test(l, t[0], t[0]);
        lower_jcc(l, X86_NE, detour.cold);
    } else if (x->op == IR_FDIV) {
        enc_v3(e, V_ANDPS, t[0], x->b, fpx_const(l, x->kind, ~0u, ~0ull));
        vx_zero(l, t[1]);
        fpx_compare(l, x->kind & 1, t[1], t[1], xm_reg(t[0]), CMP_EQ_OQ);
        enc_v3(e, V_ANDPS, t[1], t[1], fpx_const(l, x->kind, ~0u, ~0ull));
        vx_test(l, t[1], t[1]);
        lower_jcc(l, X86_NE, detour.cold);
    }
    struct lower_trap trap = fpx_trap(l, i, x->d.n, x->a.n, detour.at.b, X86_TRAP_NONE);
    arith_plain(l, x);
    lower_trap_end(l, &trap);
    fpx_tiny_check(l, &tiny, i, x->kind, x->d,
                   &(struct fpx_operands){x->a, x->b, x->b}); /* not behind C, which has done it all */
    fpx_detour_end(l, &detour, i);
    return true;
}

bool careful_arith(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct arith x = {.i = i, .op = (enum ir_op)i->op, .kind = fpx_kind(i->type)};
    x.a = lower_use_x(l, i->a);
    x.b = x.op == IR_FSQRT ? x.a : lower_use_x(l, i->b);
    return lower_avx512(l) ? arith_masked(l, ref, i, &x) : arith_by_c(l, ref, i, &x);
}

/* -- fused multiply-add ------------------------------------------------------------------------- */

struct fused {
    const struct ir_insn *i;
    int kind;
    bool neg_a, neg_c;
    xmm a, b, c, d, t, u;
};

/* With t and u for a and c, FPNeg applied; d is scratch.  k1: infinity * 0; k2: infinity - infinity; k3: lanes with a NaN. */
static void fused_invalid(struct lower *l, const struct fused *f)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(f->kind);
    classify(l, f->kind, 1, 0, f->t, INF);
    classify(l, f->kind, 2, 0, f->b, INF);
    enc_k(e, K_OR, 4, 1, 2);
    classify(l, f->kind, 1, 1, f->b, ZERO);
    classify(l, f->kind, 2, 2, f->t, ZERO);
    enc_k(e, K_OR, 1, 1, 2);
    enc_k(e, K_ANDN, 4, 1, 4); /* the product is an infinity ... */
    classify(l, f->kind, 3, 0, f->t, QNAN | SNAN);
    classify(l, f->kind, 5, 0, f->b, QNAN | SNAN);
    enc_k(e, K_OR, 3, 3, 5);
    enc_k(e, K_ANDN, 4, 3, 4);
    classify(l, f->kind, 5, 0, f->u, QNAN | SNAN);
    enc_k(e, K_OR, 3, 3, 5);
    classify(l, f->kind, 2, 4, f->u, INF); /* ... and meets one ... */
    vx_mov(l, f->d, f->t);
    enc_v3i(e, V_TERNLOG, f->d, f->b, xm_reg(f->u), 0x96);
    enc_v_masked(e, f64 ? V_K_PTESTMQ : V_K_PTESTMD, 2, 2, f->d.n,
                 vx_splat(l, 2 + f64, f64 ? 1ull << 63 : 1u << 31), 0); /* ... of the other sign */
}

static void fused_lanes(struct lower *l, const struct fused *f, unsigned k, xmm s, unsigned classes)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(f->kind);
    classify(l, f->kind, k, 0, s, classes);
    if (classes == SNAN)
        enc_v_masked(e, (enum vop)(V_ORPS + f64), k, f->d.n, s.n,
                     vx_splat(l, 2 + f64, f64 ? 1ull << 51 : 0x400000), 0);
    else
        enc_v_masked(e, (enum vop)(V_MOVAPS + f64), k, f->d.n, 0, xm_reg(s), 0);
}

/* Into d, what loses first: numbers, the default NaN, quiet NaNs from the last factor to the addend, signalling ones. */
static void fused_cold(struct lower *l, const struct fused *f)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(f->kind);
    xm sign = fpx_sign_mask(l, f->kind);
    vx_mov(l, f->t, f->a);
    vx_mov(l, f->u, f->c);
    if (f->neg_a)
        enc_v3(e, V_XORPS, f->t, f->a, sign);
    if (f->neg_c)
        enc_v3(e, V_XORPS, f->u, f->c, sign);
    fused_invalid(l, f);
    enc_k(e, K_OR, 6, 1, 2);
    enc_v2(e, V_MOVAPS, f->d, fpx_default_nan(l, f->kind));
    fused_lanes(l, f, 5, f->b, QNAN);
    fused_lanes(l, f, 5, f->t, QNAN);
    classify(l, f->kind, 5, 0, f->u, QNAN);
    enc_k(e, K_ANDN, 5, 1, 5);
    enc_v_masked(e, (enum vop)(V_MOVAPS + f64), 5, f->d.n, 0, xm_reg(f->u), 0);
    fused_lanes(l, f, 1, f->b, SNAN);
    fused_lanes(l, f, 2, f->t, SNAN);
    fused_lanes(l, f, 5, f->u, SNAN);
    enc_k(e, K_OR, 1, 1, 2);
    enc_k(e, K_OR, 1, 1, 5);
    enc_k(e, K_OR, 4, 6, 3); /* these are done */
    enc_k(e, K_OR, 6, 6, 1); /* these are invalid */
    mask_not(l, f->kind, 4, 5);
    struct lower_trap t = fpx_trap(l, f->i, f->d.n, f->a.n, f->b.n, f->c.n);
    enc_v_masked(e, (enum vop)(V_FMADD231PS + f64), 4, f->u.n, f->t.n, xm_reg(f->b), 0);
    enc_v_masked(e, (enum vop)(V_MOVAPS + f64), 4, f->d.n, 0, xm_reg(f->u), 0);
    lower_trap_end(l, &t);
    test_masks(l, 6, 6);
}

/* Behind the silent operation, whose result is in t; to nans if there is one among the operands. */
static void fused_cold_silent(struct lower *l, const struct fused *f, unsigned signs, label done, label nans)
{
    struct enc *e = lower_enc(l);
    branch_if_nans(l, f->kind, (const xmm[]){f->a, f->b, f->c}, 3, nans);
    if (silent_numbers(l, f->kind, 1, 2, f->t, f->d)) {
        bool f64 = fpx_is_double(f->kind);
        struct lower_trap t = fpx_trap(l, f->i, f->d.n, f->a.n, f->b.n, f->c.n);
        vx_mov(l, f->u, f->c);
        enc_v_masked(e, (enum vop)(V_FMADD231PS + signs + f64), 1, f->u.n, f->a.n, xm_reg(f->b), 0);
        enc_v_masked(e, (enum vop)(V_MOVAPS + f64), 1, f->d.n, 0, xm_reg(f->u), 0);
        lower_trap_end(l, &t);
    }
    fpx_note_invalid(l);
    lower_jmp(l, done);
}

static bool fused_masked(struct lower *l, ir_ref ref, const struct ir_insn *i, struct fused *f)
{
    f->t = lower_temp_x(l), f->u = lower_temp_x(l);
    struct fpx_tiny tiny = fpx_tiny_of(l, f->t, f->u);
    struct fused apart = *f; /* the operands are wanted until the end of the cold path */
    apart.d = lower_temp_x(l);
    f->d = tiny.on ? lower_def_x(l, ref) : lower_def_x_over(l, ref);
    label cold = lower_label(l), done = lower_label(l), nans = lower_label(l), finish = lower_label(l);
    unsigned signs = (f->neg_a ? 4u : 0) + (f->neg_c ? 8u : 0);
    vx_mov(l, f->t, f->c);
    enc_v_silent(lower_enc(l), (enum vop)(V_FMADD231PS + signs + (unsigned)f->kind), f->t.n, f->a.n, f->b);
    fpx_branch_if_nan(l, f->kind, f->t, f->t, f->u, cold);
    bool is_factor = f->d.n != f->c.n && (f->d.n == f->a.n || f->d.n == f->b.n);
    xmm r = is_factor ? apart.d : f->d;
    struct lower_trap t = fpx_trap(l, i, r.n, f->a.n, f->b.n, f->c.n);
    vx_mov(l, r, f->c);
    fpx_op3(l, (enum vop)(V_FMADD231PS + signs), f->kind, r, f->a, f->b);
    lower_trap_end(l, &t);
    if (is_factor)
        lower_bind(l, finish);
    vx_mov(l, f->d, r);
    lower_bind(l, done);
    lower_cold_begin(l);
    lower_bind(l, cold);
    fused_cold_silent(l, &apart, signs, finish, nans);
    lower_bind(l, nans);
    fused_cold(l, &apart);
    lower_jcc(l, X86_E, finish);
    fpx_note_invalid(l);
    if (!is_factor) {
        lower_bind(l, finish);
        vx_mov(l, f->d, apart.d);
        lower_jmp(l, done);
    } else {
        lower_jmp(l, finish);
    }
    lower_cold_end(l);
    fpx_tiny_check(l, &tiny, i, f->kind, f->d, &(struct fpx_operands){f->a, f->b, f->c});
    if (fpx_is_scalar(f->kind))
        lower_set_clean(l, ref, ir_type_bytes[i->type]);
    return true;
}

static bool fused_by_c(struct lower *l, ir_ref ref, const struct ir_insn *i, struct fused *f)
{
    bool f64 = fpx_is_double(f->kind);
    lower_expect_call(l);
    const xmm t[2] = {lower_temp_x(l), lower_temp_x(l)}, s[3] = {f->a, f->b, f->c};
    struct fpx_tiny tiny = fpx_tiny_of(l, t[0], t[1]);
    f->d = lower_def_x(l, ref);
    struct fpx_detour detour = fpx_detour_begin(l, f->a, f->b, f->c, f->d);
    fpx_branch_above(l, 2 + f64, fpx_is_scalar(f->kind), s, 3, fp_infinity(2 + f64) - 1, t, detour.cold);
    struct lower_trap trap = fpx_trap(l, i, f->d.n, f->a.n, f->b.n, f->c.n);
    vx_mov(l, f->d, f->c);
    fpx_op3(l, (enum vop)(V_FMADD231PS + (f->neg_a ? 4 : 0) + (f->neg_c ? 8 : 0)), f->kind, f->d, f->a, f->b);
    lower_trap_end(l, &trap);
    fpx_tiny_check(l, &tiny, i, f->kind, f->d,
                   &(struct fpx_operands){f->a, f->b, f->c}); /* not behind C, which has done it all */
    fpx_detour_end(l, &detour, i);
    return true;
}

bool careful_fma(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct fused f = {.i = i, .kind = fpx_kind(i->type), .neg_a = i->cc & 1, .neg_c = i->cc & 2};
    f.a = lower_use_x(l, i->a), f.b = lower_use_x(l, i->b), f.c = lower_use_x(l, i->c);
    return lower_avx512(l) ? fused_masked(l, ref, i, &f) : fused_by_c(l, ref, i, &f);
}

/* -- conversions to integers -------------------------------------------------------------------- */

void careful_fit(struct lower *l, const struct careful_fit *f, label cold)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(f->kind);
    unsigned w = f64 ? 8 : 4, bits = f->wide ? 64 : 32;
    enc_xmm_to(e, w, f->exp, f->a);
    if (f->is_signed)
        enc_shift_imm(e, SH_SHL, w, f->exp, 1);
    enc_shift_imm(e, SH_SHR, w, f->exp, (f64 ? 52u : 23u) + f->is_signed);
    enc_alu_imm(e, ALU_CMP, 4, f->exp, (f64 ? 1023 : 127) + (int32_t)bits - f->is_signed);
    lower_jcc(l, X86_AE, cold);
}

/* To `fits` if a negative number does: the least integer itself, and what lies above it by less than one, or, for
 * unsigned results, below zero by less than one. */
static void negative_fits(struct lower *l, const struct careful_fit *f, label fits)
{
    bool fractions =
        !f->is_signed || (fpx_is_double(f->kind) && !f->wide); /* between the least and its neighbour */
    xm below = !f->is_signed ? fpx_const(l, f->kind, 0xbf800000, 0xbff0000000000000) /* -1 */
               : f->wide     ? fpx_const(l, f->kind, 0xdf000000, 0xc3e0000000000000) /* -2^63 */
                             : fpx_const(l, f->kind, 0xcf000000, 0xc1e0000000200000);    /* -2^31, -2^31 - 1 */
    enc_v2(lower_enc(l), fpx_is_double(f->kind) ? V_UCOMISD : V_UCOMISS, f->a, below);
    lower_enc(l)->flags_gen++;
    lower_jcc(l, fractions ? X86_A : X86_AE, fits);
}

/* By the bits: a compare would trap on signalling NaNs. */
static void branch_if_nan_bits(struct lower *l, const struct careful_fit *f, label to)
{
    struct enc *e = lower_enc(l);
    bool f64 = fpx_is_double(f->kind);
    unsigned w = f64 ? 8 : 4;
    enc_xmm_to(e, w, f->exp, f->a);
    enc_mov_imm(e, f->d, fp_infinity(2 + f64) << 1);
    enc_shift_imm(e, SH_SHL, w, f->exp, 1);
    enc_alu(e, ALU_CMP, w, f->exp, f->d);
    lower_jcc(l, X86_A, to);
}

void careful_saturate(struct lower *l, const struct careful_fit *f, label done)
{
    struct enc *e = lower_enc(l);
    unsigned w = fpx_is_double(f->kind) ? 8 : 4;
    uint64_t half = 1ull << (f->wide ? 63 : 31);
    label nan = lower_label(l), end = lower_label(l), positive = lower_label(l);
    branch_if_nan_bits(l, f, nan);
    enc_xmm_to(e, w, f->exp, f->a);
    enc_test(e, w, f->exp, f->exp);
    lower_jcc(l, X86_NS, positive);
    enc_mov_imm(e, f->d, f->is_signed ? half : 0);
    lower_jmp(l, end);
    lower_bind(l, positive);
    enc_mov_imm(e, f->d, f->is_signed ? half - 1 : half + (half - 1));
    lower_jmp(l, end);
    lower_bind(l, nan);
    enc_mov_imm(e, f->d, 0);
    lower_bind(l, end);
    fpx_note_invalid(l);
    lower_jmp(l, done);
}

void careful_fit_cold(struct lower *l, const struct careful_fit *f, label fits, label done)
{
    struct enc *e = lower_enc(l);
    unsigned w = fpx_is_double(f->kind) ? 8 : 4;
    label outside = lower_label(l);
    branch_if_nan_bits(l, f, outside);
    enc_xmm_to(e, w, f->exp, f->a);
    enc_test(e, w, f->exp, f->exp);
    lower_jcc(l, X86_NS, outside);
    negative_fits(l, f, fits);
    lower_bind(l, outside);
    careful_saturate(l, f, done);
}
