/* SPDX-License-Identifier: MIT */
/*
 * What the files of the floating-point instructions share.
 *
 * `sz` is 0 for single and 1 for double precision everywhere (the manual's sz, or the lower bit of ftype), and
 * FP_HALF for half precision, whose encodings are patterns of their own.
 *
 * A vector operation of the IR works on all 128 bits, and raises exceptions for all of them.  An instruction
 * on 64 bits (Q = 0) therefore gets its inputs with the low half repeated (vin), so that the upper half
 * raises nothing of its own.
 */
#ifndef DBT_A64_FP_H
#define DBT_A64_FP_H

#include "dbt/a64/simd.h"
#include "dbt/a64/tr.h"
#include "dbt/ir/fp_format.h"

enum { FP_SINGLE, FP_DOUBLE, FP_HALF };

#define FPCR_AHP   (1u << 26)
#define FPCR_DN    (1u << 25)
#define FPCR_FZ    (1u << 24)
#define FPCR_RMODE (3u << 22)
#define FPCR_FZ16  (1u << 19)
#define FPCR_EBF   (1u << 13)
#define FPCR_NEP   (1u << 2)
#define FPCR_AH    (1u << 1)
#define FPCR_FIZ   (1u << 0)
#define FPSR_QC    (1u << 27)
#define FPSR_IDC   (1u << 7)
#define FPSR_IOC   (1u << 0)

/* log2 of the bytes */
static inline unsigned fp_size(unsigned sz)
{
    return sz == FP_HALF ? 1 : 2 + sz;
}
static inline enum ir_type fscalar(unsigned sz)
{
    return ir_float_type(fp_size(sz));
}
static inline enum ir_type flanes(unsigned sz)
{
    return ir_vec_type(fp_size(sz));
}
/* A vector of one lane is no vector instruction. */
static inline bool fp_one_lane(unsigned q, unsigned sz)
{
    return sz == FP_DOUBLE && !q;
}

/* Vn as a scalar; Vd = scalar, zero above. */
static inline ir_ref rs(struct tr *t, unsigned sz, unsigned n)
{
    return rv(t, fscalar(sz), n);
}
static inline void ws(struct tr *t, unsigned sz, unsigned n, ir_ref v)
{
    wv_low(t, n, v, fp_size(sz));
}

/* Has any thread ever asked for this (enum fp_mode)?  What depends on it must hold for the others, too. */
static inline bool fp_asked(unsigned mode)
{
    return __atomic_load_n(&a64_fp_asked, __ATOMIC_RELAXED) & mode;
}

/* The same of instructions that FPCR.NEP is for: then what is above is Vabove's.  v: any xmm type. */
static inline void wv_merge(struct tr *t, unsigned size, unsigned n, unsigned above, ir_ref v)
{
    if (!fp_asked(FP_NEP)) {
        wv_low(t, n, v, size);
        return;
    }
    ir_ref low = opx(t, IR_VZEXT, T_V64, v, 0, 0, size, 0, 0);
    ir_ref mask = ir_op0(t->ir, IR_GET, T_V64, A64_CELL(nep));
    ir_ref rest = op2(t, IR_AND, T_V64, rv(t, T_V64, above), mask);
    wv(t, n, op2(t, IR_VINS, ir_vec_type(size), rest, low));
}
static inline void ws_merge(struct tr *t, unsigned sz, unsigned n, unsigned above, ir_ref v)
{
    wv_merge(t, fp_size(sz), n, above, v);
}

/* The low half of v in both halves if the instruction has only 64 bits. */
static inline ir_ref vhalves(struct tr *t, unsigned q, ir_ref v)
{
    return q ? v : op1i(t, IR_VDUP, T_V64, v, 0);
}
static inline ir_ref vin(struct tr *t, unsigned q, unsigned sz, unsigned n)
{
    return vhalves(t, q, rv(t, flanes(sz), n));
}

/* Constants given by their bits: of every lane; of a scalar. */
static inline ir_ref klanes(struct tr *t, unsigned sz, uint64_t bits)
{
    return ksplat(t, fp_size(sz), bits);
}
static inline ir_ref kscalar(struct tr *t, unsigned sz, uint64_t bits)
{
    return op1(t, IR_LOW, fscalar(sz), kvec(t, flanes(sz), bits, 0));
}

/* The exponent's field where it is all ones. */
static inline unsigned fp_emax(unsigned sz)
{
    return (unsigned)(fp_infinity(fp_size(sz)) >> fp_frac_bits(fp_size(sz)));
}
/* The bits of 2 to the power of n; n in the range of normal numbers. */
static inline uint64_t fpower(unsigned sz, int n)
{
    return (uint64_t)((int)(fp_emax(sz) / 2) + n) << fp_frac_bits(fp_size(sz));
}

/* VFPExpandImm for half precision */
static inline uint64_t fp_half_imm(unsigned imm8)
{
    return (imm8 >> 7) << 15 | (imm8 >> 6 & 1 ? 0x3000u : 0x4000u) | (imm8 & 0x3f) << 6;
}

/*
 * What to multiply with, lane by lane, before a conversion of v to integers with fbits fraction bits:
 * 2^fbits, but 1 for magnitudes whose product might overflow.  Those saturate either way, and must not raise
 * OFC.
 */
static inline ir_ref fixed_scale(struct tr *t, unsigned sz, ir_ref v, unsigned fbits)
{
    ir_ref limit = klanes(t, sz, fpower(sz, (sz ? 1023 : 127) - (int)fbits));
    ir_ref big = opx(t, IR_VCMP, flanes(sz), op1(t, IR_FABS, flanes(sz), v), limit, 0, 0, CC_GT, 0);
    return op3(t, IR_VBSL, flanes(sz), big, klanes(t, sz, fpower(sz, 0)),
               klanes(t, sz, fpower(sz, (int)fbits)));
}

/* Vn's scalar as an integer of type ty with fbits fraction bits. */
static inline ir_ref float_to_fixed(struct tr *t, enum ir_type ty, unsigned sz, unsigned n, unsigned fbits,
                                    bool is_signed)
{
    ir_ref v = rs(t, sz, n), scale;
    if (sz == FP_HALF || fp_asked(FP_AH)) /* with AH, arithmetic would note subnormal numbers */
        return opx(t, IR_FTOI, ty, v, 0, 0, fp_size(sz), ROUND_Z, is_signed | (int64_t)fbits << 8);
    if (sz == FP_DOUBLE) {
        scale = op1(t, IR_LOW, T_F64, fixed_scale(t, 1, rv(t, T_V64, n), fbits));
    } else {
        v = opx(t, IR_FCVT, T_F64, v, 0, 0, 2, 0, 0);
        scale = kscalar(t, 1, fpower(1, (int)fbits));
    }
    return opx(t, IR_FTOI, ty, op2(t, IR_FMUL, T_F64, v, scale), 0, 0, 3, ROUND_Z, is_signed);
}

static inline ir_ref fma_op(struct tr *t, enum ir_type ty, ir_ref a, ir_ref b, ir_ref c, unsigned neg)
{
    return opx(t, IR_FMA, ty, a, b, c, 0, neg, 0);
}

/* The parameter of helpers that work on lanes: how many of which size; the result has zeroes above them. */
static inline uint64_t fp_lanes(unsigned sz, unsigned count)
{
    return sz | count << 2;
}
static inline unsigned fp_lane_count(unsigned q, unsigned sz)
{
    return (q ? 16u : 8u) >> fp_size(sz);
}

/* Vd = helper(a, b) on the lowest lane, above it Vabove's with FPCR.NEP. */
static inline bool fp_helper_merge(struct tr *t, enum a64_helper h, unsigned d, unsigned above, unsigned sz,
                                   ir_ref a, ir_ref b)
{
    ws_merge(t, sz, d, above, helper(t, h, T_V64, a, b, 0, fp_lanes(sz, 1), EFFECT_NONE));
    return true;
}
/* Vd = helper(a, b) on `count` lanes. */
static inline bool fp_helper(struct tr *t, enum a64_helper h, unsigned d, unsigned sz, unsigned count,
                             ir_ref a, ir_ref b)
{
    wv(t, d, helper(t, h, T_V64, a, b, 0, fp_lanes(sz, count), EFFECT_NONE));
    return true;
}

#endif
