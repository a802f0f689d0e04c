/* SPDX-License-Identifier: MIT */
/*
 * Random units of operations on vectors and floating point: compiled code against the evaluator, with and
 * without AVX-512.
 *
 * A unit reads cells of the state (pinned ones and others), computes a few operations on them and on each
 * other's results, and writes everything back; then registers and exception flags must agree.  Numbers are
 * biased to what is special: NaNs of both kinds, infinities, subnormals, zeros of both signs, halves, the
 * limits of integers.  SIGFPE goes to x86_trap_emulate. Arguments: number of rounds, first seed.
 */
#include "dbt/ir/eval.h"
#include "dbt/x86/x86.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <xmmintrin.h>

#define CODE_SIZE  65536
#define STUBS_SIZE 16384
#define PC         0x400000

static uint64_t seed;
static uint64_t rnd64(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed * 0x2545f4914f6cdd1du;
}
static unsigned rnd(unsigned n)
{
    return (unsigned)(rnd64() >> 33) % n;
}

/* -- numbers -- */

static uint64_t special_float(unsigned size)
{
    static const uint64_t f16[] = {0,      0x8000, 0x3c00, 0xbc00, 0x7c00, 0xfc00, 0x7e01,
                                   0xfe02, 0x7d03, 0xfd04, 1,      0x83ff, 0x7bff, 0x3800};
    static const uint64_t f32[] = {0,          0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000,
                                   0x7fc00001, 0xffc00002, 0x7f800003, 0xff900004, 1,          0x807fffff,
                                   0x7f7fffff, 0x3f000000, 0xbf000000, 0x3fc00000, 0xc0200000, 0x4f000000,
                                   0xcf000000, 0x4f800000, 0x5f000000, 0xdf000000, 0x5f800000, 0x4b000001,
                                   0x4affffff, 0x3effffff, 0x00800000, 0x7fc00000};
    /* clang-format off */
    static const uint64_t f64[] = {
        0, 1ull << 63, 0x3ff0000000000000, 0xbff0000000000000, 0x7ff0000000000000, 0xfff0000000000000,
        0x7ff8000000000001, 0xfff8000000000002, 0x7ff0000000000003, 0xfff4000000000004, 1,
        0x800fffffffffffff, 0x7fefffffffffffff, 0x3fe0000000000000, 0xbfe0000000000000,
        0x3ff8000000000000, 0xc004000000000000, 0x41e0000000000000, 0xc1e0000000000000,
        0xc1e0000000200000, 0x41dfffffffe00000, 0x41f0000000000000, 0x41efffffffffffff,
        0x43e0000000000000, 0xc3e0000000000000, 0x43f0000000000000, 0x3fdfffffffffffff,
        0x7ff8000000000000, 0x36a0000000000000, 0x47efffffffffffff,
    };
    /* clang-format on */
    switch (size) {
    case 1: return f16[rnd(14)];
    case 2: return f32[rnd(28)];
    default: return f64[rnd(30)];
    }
}

/* A number of ordinary size. */
static uint64_t plain_float(unsigned size)
{
    double d = (double)((int64_t)rnd64() >> rnd(60)) / (double)(1u << rnd(24));
    float f = (float)d;
    uint64_t r = 0;
    if (size == 2)
        memcpy(&r, &f, 4);
    else if (size == 3)
        memcpy(&r, &d, 8);
    else
        r = rnd(65536) & 0xbfff;
    return r;
}

static uint64_t small_int(void)
{
    static const uint64_t v[] = {0,      1,          2,          7,          8,         31,         32,
                                 63,     64,         0x7f,       0x80,       0xff,      0x7fff,     0x8000,
                                 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, INT64_MAX, 1ull << 63, ~0ull,
                                 0xf8,   0xe0,       0xc0,       0xf1};
    return v[rnd(25)] ^ (rnd(4) ? 0 : ~0ull);
}

static void random_vec(union vec *v)
{
    unsigned size = rnd(4), how = rnd(5);
    for (unsigned k = 0; k < 16u >> size; k++) {
        unsigned h = rnd(4) ? how : rnd(5);
        uint64_t x = h == 0 || size == 0 ? rnd64()
                     : h == 1            ? small_int()
                     : h == 2            ? plain_float(size)
                                         : special_float(size);
        memcpy(&v->u8[k << size], &x, 1u << size);
    }
}

/* -- units -- */

struct values {
    ir_ref ref[64];
    enum ir_type type[64];
    unsigned count;
};

static void push(struct values *s, ir_ref r, enum ir_type t)
{
    s->ref[s->count] = r;
    s->type[s->count++] = t;
}

static ir_ref pick(struct values *s, struct ir *ir, enum ir_type want)
{
    if (ir_type_is_vec(want) && rnd(12) == 0) {
        union vec v;
        random_vec(&v);
        if (rnd(4) == 0)
            v.u64[0] = v.u64[1] = 0;
        else if (rnd(3) == 0)
            memset(&v, v.u8[0], 16);
        return ir_vconst(ir, T_V64, v.u64[0], v.u64[1]);
    }
    ir_ref found = 0;
    unsigned n = 0;
    for (unsigned k = 0; k < s->count; k++) {
        bool fits = s->type[k] == want || (ir_type_is_vec(want) && ir_type_is_vec(s->type[k]));
        if (fits && rnd(++n) == 0)
            found = s->ref[k];
    }
    if (found)
        return found;
    if (ir_type_is_float(want))
        return ir_op1(ir, IR_LOW, want, pick(s, ir, T_V64), 0);
    return ir_op1(ir, IR_TRUNC, T_I32, pick(s, ir, T_I64), 0);
}

enum {
    INT_V = 1,
    FP_S = 2,
    FP_V = 4,
    F16_TOO = 8,
    V8_ONLY = 16,
    V64_ONLY = 32,
    WIDE = 64,
    NARROW = 128,
    BY_HAND = 256,
    V32_ONLY = 512
};

static const struct {
    enum ir_op op;
    unsigned types;
} ops[] = {
    /* clang-format off */
    {IR_ADD, INT_V}, {IR_SUB, INT_V}, {IR_MUL, INT_V}, {IR_AND, INT_V}, {IR_OR, INT_V}, {IR_XOR, INT_V},
    {IR_ANDN, INT_V}, {IR_NOT, INT_V}, {IR_NEG, INT_V}, {IR_CLZ, INT_V}, {IR_CLS, INT_V},
    {IR_RBIT, V8_ONLY}, {IR_FADD, FP_S | FP_V}, {IR_FSUB, FP_S | FP_V}, {IR_FMUL, FP_S | FP_V},
    {IR_FDIV, FP_S | FP_V}, {IR_FSQRT, FP_S | FP_V}, {IR_FABS, FP_S | FP_V | F16_TOO},
    {IR_FNEG, FP_S | FP_V | F16_TOO}, {IR_FMA, FP_S | FP_V}, {IR_FMIN, FP_S | FP_V},
    {IR_FMAX, FP_S | FP_V}, {IR_FMINNM, FP_S | FP_V}, {IR_FMAXNM, FP_S | FP_V}, {IR_FCMPV, FP_S | FP_V},
    {IR_FRINT, FP_S | FP_V}, {IR_FCVT, BY_HAND}, {IR_FCVTL, BY_HAND}, {IR_FCVTN, BY_HAND},
    {IR_FTOI, BY_HAND}, {IR_ITOF, BY_HAND}, {IR_BITCAST, BY_HAND}, {IR_LOW, FP_S | F16_TOO},
    {IR_VZEXT, BY_HAND}, {IR_VFROM, INT_V}, {IR_VDUPR, INT_V}, {IR_VDUP, INT_V}, {IR_VGET, BY_HAND},
    {IR_VINS, INT_V}, {IR_VINSR, INT_V}, {IR_VCAT, INT_V}, {IR_VHIGH, INT_V}, {IR_VEXT, INT_V},
    {IR_VZIP1, INT_V}, {IR_VZIP2, INT_V}, {IR_VUZP1, INT_V}, {IR_VUZP2, INT_V}, {IR_VTRN1, INT_V},
    {IR_VTRN2, INT_V}, {IR_VTBL, V8_ONLY}, {IR_VREV, INT_V}, {IR_VSHLI, INT_V}, {IR_VSHRI, INT_V},
    {IR_VSARI, INT_V}, {IR_VUSHL, INT_V}, {IR_VSSHL, INT_V}, {IR_VABS, INT_V}, {IR_VCMP, INT_V},
    {IR_VTST, INT_V}, {IR_VBSL, INT_V}, {IR_SMIN, INT_V}, {IR_SMAX, INT_V}, {IR_UMIN, INT_V},
    {IR_UMAX, INT_V}, {IR_SQADD, INT_V}, {IR_UQADD, INT_V}, {IR_SQSUB, INT_V}, {IR_UQSUB, INT_V},
    {IR_URHADD, INT_V}, {IR_SXTL, WIDE}, {IR_UXTL, WIDE}, {IR_XTN, NARROW}, {IR_SQXTN, NARROW},
    {IR_UQXTN, NARROW}, {IR_SQXTUN, NARROW}, {IR_SMULL, V32_ONLY}, {IR_UMULL, V32_ONLY}, {IR_CNT, V8_ONLY},
    {IR_SADALL, V64_ONLY}, {IR_VROLI, INT_V}, {IR_VTERN, INT_V}, {IR_VSHUF, V32_ONLY}, {IR_CLMUL, V64_ONLY},
    {IR_AES, V8_ONLY}, {IR_AESMIX, V8_ONLY}, {IR_SM4S, V8_ONLY}, {IR_SHA1R, V32_ONLY},
    {IR_SHA256R, V32_ONLY}, {IR_SHA256U0, V32_ONLY}, {IR_SHA256U1, V32_ONLY}, {IR_SMULE, V64_ONLY}, {IR_UMULE, V64_ONLY},
    /* clang-format on */
};

static enum ir_type random_type(unsigned types)
{
    enum ir_type t[16];
    unsigned n = 0;
    if (types & INT_V)
        for (unsigned k = T_V8; k <= T_V64; k++)
            t[n++] = k;
    if (types & FP_S)
        t[n++] = T_F32, t[n++] = T_F64;
    if (types & FP_V)
        t[n++] = T_V32, t[n++] = T_V64;
    if (types & F16_TOO)
        t[n++] = T_F16;
    if (types & V8_ONLY)
        t[n++] = T_V8;
    if (types & V32_ONLY)
        t[n++] = T_V32;
    if (types & V64_ONLY)
        t[n++] = T_V64;
    if (types & WIDE)
        t[n++] = T_V16, t[n++] = T_V32, t[n++] = T_V64;
    if (types & NARROW)
        t[n++] = T_V8, t[n++] = T_V16, t[n++] = T_V32;
    return t[rnd(n)];
}

static enum ir_type random_int(void)
{
    return rnd(2) ? T_I32 : T_I64;
}

/* Operations whose operands' types do not follow from their own. */
static struct ir_insn by_hand(struct values *s, struct ir *ir, enum ir_op op)
{
    struct ir_insn i = {.op = (uint8_t)op};
    switch (op) {
    case IR_FCVT:
        i.size = (uint8_t)(1 + rnd(3));
        do
            i.type = (uint8_t)(T_F16 + rnd(3));
        while (i.type == ir_float_type(i.size));
        i.a = pick(s, ir, ir_float_type(i.size));
        break;
    case IR_FCVTL:
        i.type = rnd(2) ? T_V32 : T_V64;
        i.a = pick(s, ir, T_V64);
        break;
    case IR_FCVTN:
        i.type = rnd(2) ? T_V16 : T_V32;
        i.a = pick(s, ir, T_V64);
        break;
    case IR_FTOI:
        i.size = (uint8_t)(2 + rnd(2));
        i.cc = (uint8_t)rnd(6);
        i.imm = rnd(2);
        if (rnd(2)) {
            i.type = (uint8_t)random_int();
            i.a = pick(s, ir, ir_float_type(i.size));
        } else {
            i.type = (uint8_t)ir_vec_type(i.size);
            i.a = pick(s, ir, T_V64);
        }
        break;
    case IR_ITOF:
        i.imm = rnd(2);
        i.type = (uint8_t)random_type(FP_S | FP_V);
        i.a = pick(s, ir, ir_type_is_vec(i.type) ? T_V64 : random_int());
        break;
    case IR_BITCAST: {
        static const uint8_t pair[6][2] = {{T_I32, T_F32}, {T_F32, T_I32}, {T_I64, T_F64},
                                           {T_F64, T_I64}, {T_I32, T_F16}, {T_F16, T_I32}};
        unsigned k = rnd(6);
        i.type = pair[k][1];
        i.a = pick(s, ir, pair[k][0]);
        break;
    }
    case IR_VZEXT:
        i.type = T_V64;
        i.size = (uint8_t)rnd(4);
        i.a = pick(s, ir, i.size == 0 || rnd(2) ? T_V64 : ir_float_type(i.size));
        break;
    default: /* VGET */
        i.type = (uint8_t)random_int();
        i.size = (uint8_t)rnd(i.type == T_I64 ? 4 : 3);
        i.cc = (uint8_t)rnd(2);
        i.imm = rnd(16u >> i.size);
        i.a = pick(s, ir, T_V64);
        break;
    }
    return i;
}

static void selectors(struct ir_insn *i)
{
    unsigned lane = ir_type_is_vec(i->type) ? ir_lane_size(i->type) : 0, lanes = 16u >> lane;
    static const uint8_t cmp[] = {CC_EQ, CC_GT, CC_GE, CC_HI, CC_CS}, fcmp[] = {CC_EQ, CC_GE, CC_GT};
    static const uint8_t tables[] = {0x96, 0xca, 0xe8, 0xb4};
    switch (i->op) {
    case IR_FMA: i->cc = (uint8_t)rnd(4); break;
    case IR_FCMPV: i->cc = fcmp[rnd(3)]; break;
    case IR_VCMP: i->cc = cmp[rnd(5)]; break;
    case IR_FRINT:
        i->cc = (uint8_t)rnd(6);
        i->imm = rnd(2);
        break;
    case IR_VDUP:
    case IR_VINSR: i->imm = rnd(lanes); break;
    case IR_VINS: i->imm = rnd(lanes) | rnd(lanes) << 4; break;
    case IR_VEXT: i->imm = rnd(16); break;
    case IR_VROLI: i->imm = rnd(8u << lane); break;
    case IR_VTERN: i->imm = rnd(2) ? tables[rnd(4)] : rnd(256); break;
    case IR_VSHUF: i->imm = rnd(2) ? 0xe4 : rnd(256); break;
    case IR_CLMUL: i->imm = rnd(2) | rnd(2) << 4; break;
    case IR_AES: i->cc = (uint8_t)rnd(4); break;
    case IR_AESMIX: i->cc = (uint8_t)rnd(2); break;
    case IR_SHA1R: i->cc = (uint8_t)rnd(3); break;
    case IR_VREV:
        i->size = (uint8_t)(lane + rnd(4 - lane));
        if (i->size == lane)
            i->size = 3;
        if (i->size == lane)
            i->type = T_V16;
        break;
    case IR_VSHLI:
    case IR_VSHRI:
    case IR_VSARI: i->imm = rnd((8u << lane) + 1); break;
    default: break;
    }
}

static void random_op(struct values *s, struct ir *ir, unsigned which)
{
    enum ir_op op = ops[which].op;
    struct ir_insn i = {.op = (uint8_t)op};
    if (ops[which].types & BY_HAND) {
        i = by_hand(s, ir, op);
    } else {
        i.type = (uint8_t)random_type(ops[which].types);
        ir_ref *const to[3] = {&i.a, &i.b, &i.c};
        const char column[3] = {ir_op_info[op].a, ir_op_info[op].b, ir_op_info[op].c};
        for (unsigned k = 0; k < 3; k++)
            if (column[k] != '-')
                *to[k] = pick(s, ir,
                              column[k] == 'I'   ? random_int()
                              : column[k] == 'V' ? T_V64
                                                 : (enum ir_type)i.type);
        selectors(&i);
    }
    ir_ref r = ir_add(ir, i);
    push(s, r, ir_result_type(&ir->insn[r]));
}

static size_t cell_v(unsigned n)
{
    return offsetof(struct cpu, a64.v) + 16 * n;
}
static size_t cell_x(unsigned n)
{
    return offsetof(struct cpu, a64.x) + 8 * n;
}

static void make_unit(struct ir *ir, unsigned which)
{
    struct values s = {.count = 0};
    ir_reset(ir, PC);
    ir_op0(ir, IR_INSN, T_NONE, PC);
    for (unsigned k = 0; k < 4; k++) {
        push(&s, ir_op0(ir, IR_GET, T_V64, (int64_t)cell_v(rnd(32))), T_V64);
        if (k < 2)
            push(&s, ir_op0(ir, IR_GET, T_I64, (int64_t)cell_x(rnd(16))), T_I64);
    }
    unsigned first = s.count, n = 1 + rnd(rnd(4) ? 6 : 14);
    for (unsigned k = 0; k < n; k++)
        random_op(&s, ir, k == 0 ? which : rnd(sizeof ops / sizeof *ops));
    for (unsigned k = first; k < s.count; k++) {
        enum ir_type t = s.type[k];
        ir_ref r = s.ref[k];
        if (ir_type_is_float(t))
            r = ir_add(ir, (struct ir_insn){
                               .op = IR_VZEXT, .type = T_V64, .a = r, .size = (uint8_t)(t - T_F16 + 1)});
        else if (t == T_I32)
            r = ir_add(ir, (struct ir_insn){.op = IR_ZEXT, .type = T_I64, .a = r, .size = 2});
        if (ir_type_is_int(t))
            ir_add(ir, (struct ir_insn){
                           .op = IR_PUT, .type = T_I64, .a = r, .imm = (int64_t)cell_x(k + rnd(2) * 10)});
        else
            ir_add(ir,
                   (struct ir_insn){
                       .op = IR_PUT, .type = T_V64, .a = r, .imm = (int64_t)cell_v((k + rnd(2) * 16) % 32)});
    }
    ir_add(ir, (struct ir_insn){.op = IR_TRAP, .cc = EXIT_BREAK, .imm = PC + 4});
}

/* -- running -- */

static struct {
    uint8_t *code, *stubs;
    x86_enter_fn *enter;
    struct x86_target target;
    struct x86_code out;
    struct cpu *cpu;
    uint64_t traps, generic;
} run;

static int32_t pin_int[9], pin_vec[25];

static void fallback(struct cpu *cpu, union vec io[4])
{
    x86_helper_eval(cpu, io);
    run.generic++;
}
static helper_fn *const helpers[] = {fallback};

static void on_fpe(int sig, siginfo_t *info, void *uc)
{
    uint64_t rip = (uint64_t)((ucontext_t *)uc)->uc_mcontext.gregs[REG_RIP], base = (uint64_t)run.code;
    for (uint32_t k = 0; k < run.out.trap_count; k++) {
        const struct x86_trap *t = &run.out.traps[k];
        if (rip - base >= t->start && rip - base < t->end) {
            run.traps++;
            x86_trap_emulate(t, run.cpu, uc, base + t->end);
            return;
        }
    }
    fprintf(stderr, "signal %d outside of the trap regions, at code+0x%lx\n", sig,
            (unsigned long)(rip - base));
    (void)info;
    abort();
}

static void set_up(bool avx512)
{
    uint32_t stub[STUB_COUNT], enter;
    run.target = (struct x86_target){.avx512 = avx512,
                                     .pin_int = pin_int,
                                     .pin_vec = pin_vec,
                                     .features = avx512 ? x86_host_features() : 0};
    x86_stubs(&run.target, run.stubs, STUBS_SIZE, stub, &enter);
    for (unsigned k = 0; k < STUB_COUNT; k++)
        run.cpu->stub[k] = run.stubs + stub[k];
    run.cpu->helpers = helpers;
    void *at = run.stubs + enter;
    memcpy(&run.enter, &at, sizeof at);
}

static void fill(struct cpu *cpu, unsigned csr)
{
    for (unsigned k = 0; k < 32; k++) {
        random_vec(&cpu->a64.v[k]);
        cpu->a64.x[k] = rnd(3) ? rnd64() >> rnd(64) : small_int();
    }
    cpu->mxcsr = csr;
    cpu->fp_invalid = 0;
    cpu->pc = PC;
    cpu->flags = 0;
}

static bool same(const struct ir *ir, const struct cpu *want, const struct cpu *got, uint64_t at,
                 const struct cpu *in)
{
    /* Arm judges tininess before rounding, x86 after: UE may be missing (see lower_fp.c). Bit 1 is not Arm's.
     */
    unsigned flags = ((want->mxcsr ^ got->mxcsr) & 0x3d) | (!want->fp_invalid != !got->fp_invalid);
    bool ok = (flags == 0 || (flags == 0x10 && want->mxcsr & 0x10)) &&
              !memcmp(&want->a64.v, &got->a64.v, sizeof want->a64.v) &&
              !memcmp(&want->a64.x, &got->a64.x, sizeof want->a64.x);
    if (ok)
        return true;
    printf("avx512 %d, seed 0x%llx, csr %x: flags %x, want %x\n", run.target.avx512, (unsigned long long)at,
           in->mxcsr, got->mxcsr & 0x3f, want->mxcsr & 0x3f);
    ir_print(ir, stdout);
    for (unsigned k = 0; k < 32; k++) {
        if (memcmp(&want->a64.v[k], &got->a64.v[k], 16))
            printf("v%u: %016llx %016llx, want %016llx %016llx\n", k,
                   (unsigned long long)got->a64.v[k].u64[1], (unsigned long long)got->a64.v[k].u64[0],
                   (unsigned long long)want->a64.v[k].u64[1], (unsigned long long)want->a64.v[k].u64[0]);
        if (want->a64.x[k] != got->a64.x[k])
            printf("x%u: %llx, want %llx\n", k, (unsigned long long)got->a64.x[k],
                   (unsigned long long)want->a64.x[k]);
    }
    for (unsigned k = 0; k < 32; k++)
        printf("in v%u %016llx %016llx  x%u %016llx\n", k, (unsigned long long)in->a64.v[k].u64[1],
               (unsigned long long)in->a64.v[k].u64[0], k, (unsigned long long)in->a64.x[k]);
    return false;
}

static unsigned run_unit(struct ir *ir, uint64_t at)
{
    static struct cpu want, in;
    unsigned failures = 0;
    const char *bad = ir_verify(ir);
    if (bad) {
        ir_print(ir, stdout);
        printf("%s\n", bad);
        return 1;
    }
    x86_lower(ir, &run.target, &run.out, NULL);
    if (run.out.size > CODE_SIZE)
        return 0;
    memcpy(run.code, run.out.bytes, run.out.size);
    for (unsigned k = 0; k < 6 && !failures; k++) {
        unsigned csr = 0x1f00 | (rnd(2) ? 0 : rnd(4) << 13);
        fill(run.cpu, csr);
        in = *run.cpu;
        want = in;
        _mm_setcsr(csr | 0x80);
        ir_eval(ir, &want);
        want.mxcsr = _mm_getcsr();
        _mm_setcsr(0x1f80);
        run.enter(run.cpu, run.code);
        failures = !same(ir, &want, run.cpu, at, &in);
    }
    return failures;
}

int main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 100, failures = 0;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    unsigned only = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 0) : ~0u;
    struct ir ir;
    if (!x86_host_v3())
        return 77;
    run.code = mmap(NULL, CODE_SIZE + STUBS_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint8_t *state = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (run.code == MAP_FAILED || state == MAP_FAILED)
        return 1;
    run.stubs = run.code + CODE_SIZE;
    run.cpu = (struct cpu *)(state + 65536);
    run.cpu->shadow_sp = run.cpu->shadow_top = state + 65536 - 4096;
    run.cpu->host_mxcsr = 0x1f80;
    for (int k = 0; k < 8; k++)
        pin_int[k] = (int32_t)cell_x((unsigned)k);
    for (int k = 0; k < 24; k++)
        pin_vec[k] = (int32_t)cell_v((unsigned)k);
    struct sigaction sa = {.sa_sigaction = on_fpe, .sa_flags = SA_SIGINFO};
    sigaction(SIGFPE, &sa, NULL);
    ir_init(&ir);
    x86_code_init(&run.out);
    for (int avx512 = 0; avx512 <= x86_host_avx512(); avx512++) {
        set_up(avx512);
        for (unsigned k = 0; k < rounds && failures < 5; k++) {
            for (unsigned which = 0; which < sizeof ops / sizeof *ops && failures < 5; which++) {
                if (only != ~0u && ops[which].op != only)
                    continue;
                uint64_t at = seed = (first + k) * 0x9e3779b97f4a7c15u ^ (which + 1) * 0xbf58476d1ce4e5b9u;
                make_unit(&ir, which);
                failures += run_unit(&ir, at);
            }
        }
    }
    printf("%u failures; %llu traps, %llu operations computed by C\n", failures,
           (unsigned long long)run.traps, (unsigned long long)run.generic);
    return failures != 0;
}
