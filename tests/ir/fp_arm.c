/* SPDX-License-Identifier: MIT */
/*
 * An AArch64 program that prints lines for the runner (see op_line.c): random operands, many of them special,
 * in random modes, with the result and the exceptions of a processor that is not ours (hardware, or another
 * emulator with FEAT_FP16).  Each row of the table is one form of one IR operation, and the instruction that
 * means the same.
 *
 * Argument: how many lines a form.  The same sequence each time: a failure can be run again.
 */
#include "fp_random.h"

#include <stdio.h>
#include <stdlib.h>

typedef uint64_t arm_fn(const uint64_t in[3], uint64_t fpcr, uint64_t *fpsr);

/* Operands in v0, v1, v2; the result in v3, or by way of x9. */
/* clang-format off */
#define ARM(name, code)                                                                                       \
    static uint64_t name(const uint64_t in[3], uint64_t fpcr, uint64_t *fpsr)                                 \
    {                                                                                                         \
        uint64_t r, s;                                                                                        \
        __asm__ volatile("ldr d0, [%2]\nldr d1, [%2, 8]\nldr d2, [%2, 16]\nldr x9, [%2]\nmovi d3, #0\n"       \
                         "msr fpcr, %3\nmsr fpsr, xzr\n" code "\nmrs %1, fpsr\nmsr fpcr, xzr\nfmov %0, d3"    \
                         : "=&r"(r), "=&r"(s)                                                                 \
                         : "r"(in), "r"(fpcr)                                                                 \
                         : "v0", "v1", "v2", "v3", "x9", "cc", "memory");                                     \
        *fpsr = s;                                                                                            \
        return r;                                                                                             \
    }

#define ONE(f, i)   ARM(f##_h, i " h3, h0") ARM(f##_s, i " s3, s0") ARM(f##_d, i " d3, d0")
#define TWO(f, i)   ARM(f##_h, i " h3, h0, h1") ARM(f##_s, i " s3, s0, s1") ARM(f##_d, i " d3, d0, d1")
#define THREE(f, i) ARM(f##_h, i " h3, h0, h1, h2") ARM(f##_s, i " s3, s0, s1, s2") ARM(f##_d, i " d3, d0, d1, d2")
#define NZCV        "\nmrs x9, nzcv\nlsr x9, x9, #28\nfmov d3, x9"
#define FLAGS(f, i) ARM(f##_h, i " h0, h1" NZCV) ARM(f##_s, i " s0, s1" NZCV) ARM(f##_d, i " d0, d1" NZCV)
#define W           "\nfmov s3, w9"
#define X           "\nfmov d3, x9"
#define TO_INT(f, i)                                                                                          \
    ARM(f##_wh, i " w9, h0" W) ARM(f##_ws, i " w9, s0" W) ARM(f##_wd, i " w9, d0" W)                          \
    ARM(f##_xh, i " x9, h0" X) ARM(f##_xs, i " x9, s0" X) ARM(f##_xd, i " x9, d0" X)
#define FROM_INT(f, i)                                                                                        \
    ARM(f##_wh, i " h3, w9") ARM(f##_ws, i " s3, w9") ARM(f##_wd, i " d3, w9")                                \
    ARM(f##_xh, i " h3, x9") ARM(f##_xs, i " s3, x9") ARM(f##_xd, i " d3, x9")

TWO(add, "fadd") TWO(sub, "fsub") TWO(mul, "fmul") TWO(quot, "fdiv") ONE(root, "fsqrt")
TWO(min, "fmin") TWO(max, "fmax") TWO(minnm, "fminnm") TWO(maxnm, "fmaxnm")
TWO(ceq, "fcmeq") TWO(cge, "fcmge") TWO(cgt, "fcmgt") FLAGS(cmp, "fcmp") FLAGS(cmpe, "fcmpe")
THREE(ma, "fmadd") THREE(ms, "fmsub") THREE(nma, "fnmadd") THREE(nms, "fnmsub")
ONE(rn, "frintn") ONE(ra, "frinta") ONE(rp, "frintp") ONE(rm, "frintm") ONE(rz, "frintz") ONE(ri, "frinti") ONE(rx, "frintx")
TO_INT(ns, "fcvtns") TO_INT(nu, "fcvtnu") TO_INT(as, "fcvtas") TO_INT(au, "fcvtau") TO_INT(ps, "fcvtps")
TO_INT(pu, "fcvtpu") TO_INT(ms_, "fcvtms") TO_INT(mu, "fcvtmu") TO_INT(zs, "fcvtzs") TO_INT(zu, "fcvtzu")
FROM_INT(si, "scvtf") FROM_INT(ui, "ucvtf")
ARM(cv_hs, "fcvt s3, h0") ARM(cv_hd, "fcvt d3, h0") ARM(cv_sh, "fcvt h3, s0")
ARM(cv_sd, "fcvt d3, s0") ARM(cv_dh, "fcvt h3, d0") ARM(cv_ds, "fcvt s3, d0")

/* size: log2 of the operands' bytes; 4 and 5 stand for I32 and I64.  to: the result's, where precision changes. */
static const struct form {
    const char *text;
    uint8_t size, operands, to;
    arm_fn *run;
} forms[] = {
#define FORM3(op, more, n, f) {op ".f16" more, 1, n, 0, f##_h}, {op ".f32" more, 2, n, 0, f##_s}, {op ".f64" more, 3, n, 0, f##_d}
#define FTOI(more, f)                                                                                         \
    {"ftoi.i32 size=1" more, 1, 1, 0, f##_wh}, {"ftoi.i32 size=2" more, 2, 1, 0, f##_ws},                     \
    {"ftoi.i32 size=3" more, 3, 1, 0, f##_wd}, {"ftoi.i64 size=1" more, 1, 1, 0, f##_xh},                     \
    {"ftoi.i64 size=2" more, 2, 1, 0, f##_xs}, {"ftoi.i64 size=3" more, 3, 1, 0, f##_xd}
#define ITOF(more, f)                                                                                         \
    {"itof.f16 size=2" more, 4, 1, 0, f##_wh}, {"itof.f32 size=2" more, 4, 1, 0, f##_ws},                     \
    {"itof.f64 size=2" more, 4, 1, 0, f##_wd}, {"itof.f16 size=3" more, 5, 1, 0, f##_xh},                     \
    {"itof.f32 size=3" more, 5, 1, 0, f##_xs}, {"itof.f64 size=3" more, 5, 1, 0, f##_xd}
    FORM3("fadd", "", 2, add), FORM3("fsub", "", 2, sub), FORM3("fmul", "", 2, mul), FORM3("fdiv", "", 2, quot),
    FORM3("fsqrt", "", 1, root), FORM3("fmin", "", 2, min), FORM3("fmax", "", 2, max), FORM3("fminnm", "", 2, minnm),
    FORM3("fmaxnm", "", 2, maxnm), FORM3("fcmpv", " cc=0", 2, ceq), FORM3("fcmpv", " cc=10", 2, cge),
    FORM3("fcmpv", " cc=12", 2, cgt), FORM3("flfcmp", "", 2, cmp), FORM3("flfcmp", " cc=1", 2, cmpe),
    FORM3("fma", "", 3, ma), FORM3("fma", " cc=1", 3, ms), FORM3("fma", " cc=3", 3, nma), FORM3("fma", " cc=2", 3, nms),
    FORM3("frint", " cc=0", 1, rn), FORM3("frint", " cc=4", 1, ra), FORM3("frint", " cc=1", 1, rp),
    FORM3("frint", " cc=2", 1, rm), FORM3("frint", " cc=3", 1, rz), FORM3("frint", " cc=5", 1, ri),
    FORM3("frint", " cc=5 imm=1", 1, rx), FTOI(" cc=0 imm=1", ns), FTOI(" cc=0", nu), FTOI(" cc=4 imm=1", as),
    FTOI(" cc=4", au), FTOI(" cc=1 imm=1", ps), FTOI(" cc=1", pu), FTOI(" cc=2 imm=1", ms_), FTOI(" cc=2", mu),
    FTOI(" cc=3 imm=1", zs), FTOI(" cc=3", zu), ITOF(" imm=1", si), ITOF("", ui),
    {"fcvt.f32 size=1", 1, 1, 2, cv_hs}, {"fcvt.f64 size=1", 1, 1, 3, cv_hd}, {"fcvt.f16 size=2", 2, 1, 1, cv_sh},
    {"fcvt.f64 size=2", 2, 1, 3, cv_sd}, {"fcvt.f16 size=3", 3, 1, 1, cv_dh}, {"fcvt.f32 size=3", 3, 1, 2, cv_ds},
};

/* clang-format on */

/* Where the narrower format begins or ends, often just halfway. */
static uint64_t random_narrowing(unsigned size, unsigned to)
{
    unsigned span = 1u << (exp_of[to] - 1), bias = (1u << (exp_of[size] - 1)) - 1;
    uint64_t e = bias - span - frac_of[to] + random64() % (2 * span + frac_of[to] + 4);
    uint64_t frac = random64() & (((uint64_t)1 << frac_of[size]) - 1);
    if (random64() & 1)
        frac &= ~(uint64_t)0 << (frac_of[size] - frac_of[to] - 1);
    return e << frac_of[size] | frac;
}

static uint64_t random_operand(const struct form *f)
{
    if (f->size > 3) {
        uint64_t x = random64() >> random64() % 64;
        x = random64() & 1 ? -x : x;
        return f->size == 4 ? (uint32_t)x : x;
    }
    if (f->to && f->to < f->size && random64() & 1)
        return random_narrowing(f->size, f->to);
    return random_float(f->size);
}

/* FPSR's exceptions in MXCSR's order. */
static unsigned exceptions(uint64_t fpsr)
{
    return (fpsr & 1) | (fpsr >> 7 & 1) << 1 | (fpsr >> 1 & 15) << 2;
}

int main(int argc, char **argv)
{
    static const unsigned mxcsr_round[4] = {0, 2, 1, 3};
    int lines = argc > 1 ? atoi(argv[1]) : 20;
    puts("--TEST another processor--\n--OPS--");
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        for (int n = 0; n < lines; n++) {
            const struct form *f = &forms[k];
            unsigned mode = random64() & 3, fz = random64() % 3 == 0, dn = random64() % 4 == 0;
            uint64_t in[3] = {random_operand(f), random_operand(f), random_operand(f)}, fpsr;
            uint64_t r = f->run(in, mode << 22 | fz << 24 | dn << 25, &fpsr);
            printf("%s round=%u fz=%u dn=%u", f->text, mxcsr_round[mode], fz, dn);
            for (unsigned a = 0; a < f->operands; a++)
                printf("%s 0x%llx", a ? "," : "", (unsigned long long)in[a]);
            printf(" -> 0x%llx exc=%u\n", (unsigned long long)r, exceptions(fpsr));
        }
    }
}
