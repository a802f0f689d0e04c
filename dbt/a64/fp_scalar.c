/* SPDX-License-Identifier: MIT */
/*
 * Scalar floating point: data-processing with 1, 2 and 3 sources, compare, conditional compare and select,
 * immediate (Arm ARM C4.1.96).  Every result clears the register above it, or, with FPCR.NEP, leaves there what the
 * destination or the first operand has: but not those of moves.
 */
#include "a64_decode.h"
#include "dbt/a64/fp.h"

/* -- 1 source ----------------------------------------------------------------------------------- */

static bool move(struct tr *t, unsigned sz, unsigned n, unsigned d)
{
    ws(t, sz, d, rs(t, sz, n));
    return true;
}
static bool unary(struct tr *t, enum ir_op op, unsigned sz, unsigned n, unsigned d)
{
    ws_merge(t, sz, d, d, op1(t, op, fscalar(sz), rs(t, sz, n)));
    return true;
}

/* clang-format off */
bool FMOV_s(struct tr *t, const struct FMOV_s *f) { return move(t, f->ftype, f->Rn, f->Rd); }
bool FMOV_h(struct tr *t, const struct FMOV_h *f) { return move(t, FP_HALF, f->Rn, f->Rd); }

/* Each of these macros defines the functions of the single and double precision form and of the half one. */
#define UNARY(name, op) \
    bool name##_s(struct tr *t, const struct name##_s *f) { return unary(t, op, f->ftype, f->Rn, f->Rd); } \
    bool name##_h(struct tr *t, const struct name##_h *f) { return unary(t, op, FP_HALF, f->Rn, f->Rd); }
UNARY(FABS, IR_FABS)
UNARY(FNEG, IR_FNEG)
UNARY(FSQRT, IR_FSQRT)
/* clang-format on */

/* ftype and opc: 0 single, 1 double, 3 half. */
bool FCVT(struct tr *t, const struct FCVT *f)
{
    static const uint8_t size[4] = {2, 3, 0, 1};
    unsigned from = size[f->ftype], to = size[f->opc];
    if (!from || !to || from == to)
        return false;
    ir_ref v = rv(t, ir_float_type(from), f->Rn);
    wv_merge(t, to, f->Rd, f->Rd, opx(t, IR_FCVT, ir_float_type(to), v, 0, 0, from, 0, 0));
    return true;
}

/* exact: raise inexact where the value changes */
static bool round_to_integral(struct tr *t, unsigned sz, unsigned n, unsigned d, enum ir_round round,
                              bool exact)
{
    ws_merge(t, sz, d, d, opx(t, IR_FRINT, fscalar(sz), rs(t, sz, n), 0, 0, 0, round, exact));
    return true;
}

/* clang-format off */
#define FRINT_S(name, round, exact) \
    bool name##_s(struct tr *t, const struct name##_s *f) \
    { return round_to_integral(t, f->ftype, f->Rn, f->Rd, round, exact); } \
    bool name##_h(struct tr *t, const struct name##_h *f) \
    { return round_to_integral(t, FP_HALF, f->Rn, f->Rd, round, exact); }
FRINT_S(FRINTN, ROUND_N, false)
FRINT_S(FRINTP, ROUND_P, false)
FRINT_S(FRINTM, ROUND_M, false)
FRINT_S(FRINTZ, ROUND_Z, false)
FRINT_S(FRINTA, ROUND_A, false)
FRINT_S(FRINTX, ROUND_CURRENT, true)
FRINT_S(FRINTI, ROUND_CURRENT, false)
/* clang-format on */

/* -- compare ------------------------------------------------------------------------------------ */

static ir_ref compare(struct tr *t, unsigned sz, ir_ref a, ir_ref b, bool signalling)
{
    /* Halves are compared as singles, and the conversion knows AHP, which comparisons do not. */
    bool by_c = fp_asked(FP_FZ16 | FP_AHP | FP_AH) && sz == FP_HALF;
    /* Operands that FZ takes for zero are noted by operations with a value only. */
    if (!by_c && fp_asked(FP_FZ) && fp_asked(FP_FLAGS) && sz != FP_HALF)
        opx(t, IR_FCMPV, fscalar(sz), a, b, 0, 0, signalling ? CC_GE : CC_EQ, 0);
    if (!by_c)
        return opx(t, IR_FLFCMP, fscalar(sz), a, b, 0, 0, signalling, 0);
    uint64_t how = fp_size(sz) | (uint64_t)signalling << 2;
    return op1(t, IR_FLNZCV, T_FL, helper(t, HELPER_fcmp, T_I64, a, b, 0, how, EFFECT_NONE));
}
static bool compare_registers(struct tr *t, unsigned sz, unsigned n, unsigned m, bool signalling)
{
    ir_ref a = rs(t, sz, n);
    wflags(t, compare(t, sz, a, rs(t, sz, m), signalling));
    return true;
}
static bool compare_zero(struct tr *t, unsigned sz, unsigned n, bool signalling)
{
    ir_ref a = rs(t, sz, n);
    wflags(t, compare(t, sz, a, kscalar(t, sz, 0), signalling));
    return true;
}
/* clang-format off */
#define COMPARE(name, half, signalling) \
    bool name(struct tr *t, const struct name *f) \
    { return compare_registers(t, f->ftype, f->Rn, f->Rm, signalling); } \
    bool half(struct tr *t, const struct half *f) \
    { return compare_registers(t, FP_HALF, f->Rn, f->Rm, signalling); }
COMPARE(FCMP, FCMP_h, false)
COMPARE(FCMPE, FCMPE_h, true)

#define COMPARE_ZERO(name, signalling) \
    bool name(struct tr *t, const struct name *f) \
    { return compare_zero(t, f->ftype, f->Rn, signalling); } \
    bool name##_h(struct tr *t, const struct name##_h *f) \
    { return compare_zero(t, FP_HALF, f->Rn, signalling); }
COMPARE_ZERO(FCMP_zero, false)
COMPARE_ZERO(FCMPE_zero, true)
/* clang-format on */

/* FLSEL may have both its inputs computed, and the comparison must raise nothing if the condition fails: then
 * it gets zeroes. */
static bool compare_if(struct tr *t, unsigned sz, unsigned n, unsigned m, unsigned cc, unsigned nzcv,
                       bool signalling)
{
    enum ir_type ty = fscalar(sz);
    if (cc >= CC_AL)
        return compare_registers(t, sz, n, m, signalling);
    ir_ref yes = cond(t, cc), zero = kscalar(t, sz, 0);
    ir_ref a = op3(t, IR_SEL, ty, yes, rs(t, sz, n), zero);
    ir_ref b = op3(t, IR_SEL, ty, yes, rs(t, sz, m), zero);
    wflags(t, opx(t, IR_FLSEL, T_NONE, yes, compare(t, sz, a, b, signalling), 0, 0, 0, nzcv));
    return true;
}
/* clang-format off */
#define COMPARE_IF(name, half, signalling) \
    bool name(struct tr *t, const struct name *f) \
    { return compare_if(t, f->ftype, f->Rn, f->Rm, f->cond, f->nzcv, signalling); } \
    bool half(struct tr *t, const struct half *f) \
    { return compare_if(t, FP_HALF, f->Rn, f->Rm, f->cond, f->nzcv, signalling); }
COMPARE_IF(FCCMP, FCCMP_h, false)
COMPARE_IF(FCCMPE, FCCMPE_h, true)
/* clang-format on */

static bool select_s(struct tr *t, unsigned sz, unsigned n, unsigned m, unsigned d, unsigned cc)
{
    ir_ref a = rs(t, sz, n);
    if (cc < CC_AL) {
        ir_ref yes = cond(t, cc);
        a = op3(t, IR_SEL, fscalar(sz), yes, a, rs(t, sz, m));
    }
    ws(t, sz, d, a);
    return true;
}
bool FCSEL(struct tr *t, const struct FCSEL *f)
{
    return select_s(t, f->ftype, f->Rn, f->Rm, f->Rd, f->cond);
}
bool FCSEL_h(struct tr *t, const struct FCSEL_h *f)
{
    return select_s(t, FP_HALF, f->Rn, f->Rm, f->Rd, f->cond);
}

/* -- immediate (VFPExpandImm) ------------------------------------------------------------------- */

bool FMOV_imm_s(struct tr *t, const struct FMOV_imm_s *f)
{
    uint64_t sign = f->imm8 >> 7, low = f->imm8 & 0x3f;
    bool small = f->imm8 >> 6 & 1;
    uint64_t bits = f->ftype ? sign << 63 | (uint64_t)(small ? 0x3fc0 : 0x4000) << 48 | low << 48
                             : sign << 31 | (uint64_t)(small ? 0x3e00 : 0x4000) << 16 | low << 19;
    wv(t, f->Rd, kvec(t, flanes(f->ftype), bits, 0));
    return true;
}

bool FMOV_imm_h(struct tr *t, const struct FMOV_imm_h *f)
{
    wv(t, f->Rd, kvec(t, T_V16, fp_half_imm(f->imm8), 0));
    return true;
}

/* -- 2 sources ---------------------------------------------------------------------------------- */

static bool binary(struct tr *t, enum ir_op op, unsigned sz, unsigned n, unsigned m, unsigned d)
{
    ir_ref a = rs(t, sz, n);
    ws_merge(t, sz, d, n, op2(t, op, fscalar(sz), a, rs(t, sz, m)));
    return true;
}

/* clang-format off */
#define BINARY(name, op) \
    bool name##_s(struct tr *t, const struct name##_s *f) \
    { return binary(t, op, f->ftype, f->Rn, f->Rm, f->Rd); } \
    bool name##_h(struct tr *t, const struct name##_h *f) \
    { return binary(t, op, FP_HALF, f->Rn, f->Rm, f->Rd); }
BINARY(FMUL, IR_FMUL)
BINARY(FDIV, IR_FDIV)
BINARY(FADD, IR_FADD)
BINARY(FSUB, IR_FSUB)
BINARY(FMAX, IR_FMAX)
BINARY(FMIN, IR_FMIN)
BINARY(FMAXNM, IR_FMAXNM)
BINARY(FMINNM, IR_FMINNM)
/* clang-format on */

static bool negated_product(struct tr *t, unsigned sz, unsigned n, unsigned m, unsigned d)
{
    ir_ref a = rs(t, sz, n);
    ir_ref product = op2(t, IR_FMUL, fscalar(sz), a, rs(t, sz, m));
    ws_merge(t, sz, d, n, op1(t, IR_FNEG, fscalar(sz), product));
    return true;
}
bool FNMUL_s(struct tr *t, const struct FNMUL_s *f)
{
    return negated_product(t, f->ftype, f->Rn, f->Rm, f->Rd);
}
bool FNMUL_h(struct tr *t, const struct FNMUL_h *f)
{
    return negated_product(t, FP_HALF, f->Rn, f->Rm, f->Rd);
}

/* -- 3 sources ---------------------------------------------------------------------------------- */

/* neg bit 0: of the product, bit 1: of the addend */
static bool fused(struct tr *t, unsigned sz, unsigned n, unsigned m, unsigned ra, unsigned d, unsigned neg)
{
    ir_ref a = rs(t, sz, n), b = rs(t, sz, m), c = rs(t, sz, ra);
    ws_merge(t, sz, d, ra, fma_op(t, fscalar(sz), a, b, c, neg));
    return true;
}

/* clang-format off */
#define FUSED(name, half, neg) \
    bool name(struct tr *t, const struct name *f) \
    { return fused(t, f->ftype, f->Rn, f->Rm, f->Ra, f->Rd, neg); } \
    bool half(struct tr *t, const struct half *f) \
    { return fused(t, FP_HALF, f->Rn, f->Rm, f->Ra, f->Rd, neg); }
FUSED(FMADD, FMADD_h, 0)
FUSED(FMSUB, FMSUB_h, 1)
FUSED(FNMADD, FNMADD_h, 3)
FUSED(FNMSUB, FNMSUB_h, 2)
/* clang-format on */
