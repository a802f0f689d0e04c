/* SPDX-License-Identifier: MIT */
/*
 * Scalar floating point: data-processing with 1, 2 and 3 sources, compare, conditional compare and select,
 * immediate (Arm ARM C4.1.96).  Every result clears the register above it.
 */
#include "a64_decode.h"
#include "dbt/a64/fp.h"

/* -- 1 source ----------------------------------------------------------------------------------- */

bool FMOV_s(struct tr *t, const struct FMOV_s *f)
{
    ws(t, f->ftype, f->Rd, rs(t, f->ftype, f->Rn));
    return true;
}

static bool unary(struct tr *t, enum ir_op op, unsigned sz, unsigned n, unsigned d)
{
    ws(t, sz, d, op1(t, op, fscalar(sz), rs(t, sz, n)));
    return true;
}
bool FABS_s(struct tr *t, const struct FABS_s *f)
{
    return unary(t, IR_FABS, f->ftype, f->Rn, f->Rd);
}
bool FNEG_s(struct tr *t, const struct FNEG_s *f)
{
    return unary(t, IR_FNEG, f->ftype, f->Rn, f->Rd);
}
bool FSQRT_s(struct tr *t, const struct FSQRT_s *f)
{
    return unary(t, IR_FSQRT, f->ftype, f->Rn, f->Rd);
}

/* ftype and opc: 0 single, 1 double, 3 half. */
bool FCVT(struct tr *t, const struct FCVT *f)
{
    static const uint8_t size[4] = {2, 3, 0, 1};
    unsigned from = size[f->ftype], to = size[f->opc];
    if (!from || !to || from == to)
        return false;
    ir_ref v = rv(t, ir_float_type(from), f->Rn);
    wv_low(t, f->Rd, opx(t, IR_FCVT, ir_float_type(to), v, 0, 0, from, 0, 0), to);
    return true;
}

/* exact: raise inexact where the value changes */
static bool round_to_integral(struct tr *t, unsigned sz, unsigned n, unsigned d, enum ir_round round,
                              bool exact)
{
    ws(t, sz, d, opx(t, IR_FRINT, fscalar(sz), rs(t, sz, n), 0, 0, 0, round, exact));
    return true;
}

/* clang-format off */
#define FRINT_S(name, round, exact) \
    bool name(struct tr *t, const struct name *f) \
    { return round_to_integral(t, f->ftype, f->Rn, f->Rd, round, exact); }
FRINT_S(FRINTN_s, ROUND_N, false)
FRINT_S(FRINTP_s, ROUND_P, false)
FRINT_S(FRINTM_s, ROUND_M, false)
FRINT_S(FRINTZ_s, ROUND_Z, false)
FRINT_S(FRINTA_s, ROUND_A, false)
FRINT_S(FRINTX_s, ROUND_CURRENT, true)
FRINT_S(FRINTI_s, ROUND_CURRENT, false)
/* clang-format on */

/* -- compare ------------------------------------------------------------------------------------ */

static ir_ref compare(struct tr *t, unsigned sz, ir_ref a, ir_ref b, bool signalling)
{
    return opx(t, IR_FLFCMP, fscalar(sz), a, b, 0, 0, signalling, 0);
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
bool FCMP(struct tr *t, const struct FCMP *f)
{
    return compare_registers(t, f->ftype, f->Rn, f->Rm, false);
}
bool FCMPE(struct tr *t, const struct FCMPE *f)
{
    return compare_registers(t, f->ftype, f->Rn, f->Rm, true);
}
bool FCMP_zero(struct tr *t, const struct FCMP_zero *f)
{
    return compare_zero(t, f->ftype, f->Rn, false);
}
bool FCMPE_zero(struct tr *t, const struct FCMPE_zero *f)
{
    return compare_zero(t, f->ftype, f->Rn, true);
}

/* FLSEL may have both its inputs computed, and the comparison must raise nothing if the condition fails: then
 * it gets zeroes. */
static bool compare_if(struct tr *t, unsigned sz, unsigned n, unsigned m, unsigned cc, unsigned nzcv,
                       bool signalling)
{
    enum ir_type ty = fscalar(sz);
    ir_ref yes = cond(t, cc), zero = kscalar(t, sz, 0);
    ir_ref a = op3(t, IR_SEL, ty, yes, rs(t, sz, n), zero);
    ir_ref b = op3(t, IR_SEL, ty, yes, rs(t, sz, m), zero);
    wflags(t, opx(t, IR_FLSEL, T_NONE, yes, compare(t, sz, a, b, signalling), 0, 0, 0, nzcv));
    return true;
}
bool FCCMP(struct tr *t, const struct FCCMP *f)
{
    return compare_if(t, f->ftype, f->Rn, f->Rm, f->cond, f->nzcv, false);
}
bool FCCMPE(struct tr *t, const struct FCCMPE *f)
{
    return compare_if(t, f->ftype, f->Rn, f->Rm, f->cond, f->nzcv, true);
}

bool FCSEL(struct tr *t, const struct FCSEL *f)
{
    ir_ref yes = cond(t, f->cond), a = rs(t, f->ftype, f->Rn), b = rs(t, f->ftype, f->Rm);
    ws(t, f->ftype, f->Rd, op3(t, IR_SEL, fscalar(f->ftype), yes, a, b));
    return true;
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

/* -- 2 sources ---------------------------------------------------------------------------------- */

static bool binary(struct tr *t, enum ir_op op, unsigned sz, unsigned n, unsigned m, unsigned d)
{
    ir_ref a = rs(t, sz, n);
    ws(t, sz, d, op2(t, op, fscalar(sz), a, rs(t, sz, m)));
    return true;
}

/* clang-format off */
#define BINARY(name, op) \
    bool name(struct tr *t, const struct name *f) \
    { return binary(t, op, f->ftype, f->Rn, f->Rm, f->Rd); }
BINARY(FMUL_s, IR_FMUL)
BINARY(FDIV_s, IR_FDIV)
BINARY(FADD_s, IR_FADD)
BINARY(FSUB_s, IR_FSUB)
BINARY(FMAX_s, IR_FMAX)
BINARY(FMIN_s, IR_FMIN)
BINARY(FMAXNM_s, IR_FMAXNM)
BINARY(FMINNM_s, IR_FMINNM)
/* clang-format on */

bool FNMUL_s(struct tr *t, const struct FNMUL_s *f)
{
    enum ir_type ty = fscalar(f->ftype);
    ir_ref a = rs(t, f->ftype, f->Rn);
    ir_ref product = op2(t, IR_FMUL, ty, a, rs(t, f->ftype, f->Rm));
    ws(t, f->ftype, f->Rd, op1(t, IR_FNEG, ty, product));
    return true;
}

/* -- 3 sources ---------------------------------------------------------------------------------- */

/* neg bit 0: of the product, bit 1: of the addend */
static bool fused(struct tr *t, const struct FMADD *f, unsigned neg)
{
    ir_ref a = rs(t, f->ftype, f->Rn), b = rs(t, f->ftype, f->Rm), c = rs(t, f->ftype, f->Ra);
    ws(t, f->ftype, f->Rd, fma_op(t, fscalar(f->ftype), a, b, c, neg));
    return true;
}
bool FMADD(struct tr *t, const struct FMADD *f)
{
    return fused(t, f, 0);
}
bool FMSUB(struct tr *t, const struct FMSUB *f)
{
    return fused(t, &(struct FMADD){.ftype = f->ftype, .Rm = f->Rm, .Ra = f->Ra, .Rn = f->Rn, .Rd = f->Rd},
                 1);
}
bool FNMADD(struct tr *t, const struct FNMADD *f)
{
    return fused(t, &(struct FMADD){.ftype = f->ftype, .Rm = f->Rm, .Ra = f->Ra, .Rn = f->Rn, .Rd = f->Rd},
                 3);
}
bool FNMSUB(struct tr *t, const struct FNMSUB *f)
{
    return fused(t, &(struct FMADD){.ftype = f->ftype, .Rm = f->Rm, .Ra = f->Ra, .Rn = f->Rn, .Rd = f->Rd},
                 2);
}
