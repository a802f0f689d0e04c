/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD floating point with two register operands: three same, scalar three same, by element (vector
 * and scalar), pairwise, across lanes (Arm ARM C4.1.96).
 *
 * A double needs Q = 1.  The reduction of FMAXV and its like is a tree, ((0,1),(2,3)): which NaN wins depends
 * on it.
 */
#include "a64_decode.h"
#include "dbt/a64/fp.h"

/* -- three same --------------------------------------------------------------------------------- */

static bool binary_v(struct tr *t, enum ir_op op, unsigned q, unsigned sz, unsigned n, unsigned m, unsigned d)
{
    if (sz && !q)
        return false;
    ir_ref a = vin(t, q, sz, n);
    wvq(t, q, d, op2(t, op, flanes(sz), a, vin(t, q, sz, m)));
    return true;
}
/* cc: EQ, GE, GT; absolute: of the magnitudes */
static bool compare_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned m, unsigned d, enum cc cc,
                      bool absolute)
{
    if (sz && !q)
        return false;
    ir_ref a = vin(t, q, sz, n), b = vin(t, q, sz, m);
    if (absolute) {
        a = op1(t, IR_FABS, flanes(sz), a);
        b = op1(t, IR_FABS, flanes(sz), b);
    }
    wvq(t, q, d, opx(t, IR_FCMPV, flanes(sz), a, b, 0, 0, cc, 0));
    return true;
}
static bool compare_d(struct tr *t, unsigned sz, unsigned n, unsigned m, unsigned d, enum cc cc,
                      bool absolute)
{
    ir_ref a = rs(t, sz, n), b = rs(t, sz, m);
    if (absolute) {
        a = op1(t, IR_FABS, fscalar(sz), a);
        b = op1(t, IR_FABS, fscalar(sz), b);
    }
    ws(t, sz, d, opx(t, IR_FCMPV, fscalar(sz), a, b, 0, 0, cc, 0));
    return true;
}
static bool fused_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned m, unsigned d, unsigned neg)
{
    if (sz && !q)
        return false;
    ir_ref a = vin(t, q, sz, n), b = vin(t, q, sz, m);
    wvq(t, q, d, fma_op(t, flanes(sz), a, b, vin(t, q, sz, d), neg));
    return true;
}
static bool helper_v(struct tr *t, enum a64_helper h, unsigned q, unsigned sz, unsigned n, unsigned m,
                     unsigned d)
{
    if (sz && !q)
        return false;
    ir_ref a = rv(t, flanes(sz), n);
    return fp_helper(t, h, d, sz, fp_lane_count(q, sz), a, rv(t, flanes(sz), m));
}
static bool helper_d(struct tr *t, enum a64_helper h, unsigned sz, unsigned n, unsigned m, unsigned d)
{
    ir_ref a = rv(t, flanes(sz), n);
    return fp_helper(t, h, d, sz, 1, a, rv(t, flanes(sz), m));
}

/* clang-format off */
#define BINARY_V(name, op) \
    bool name(struct tr *t, const struct name *f) \
    { return binary_v(t, op, f->Q, f->sz, f->Rn, f->Rm, f->Rd); }
BINARY_V(FMAXNM_v, IR_FMAXNM)
BINARY_V(FADD_v, IR_FADD)
BINARY_V(FMAX_v, IR_FMAX)
BINARY_V(FMINNM_v, IR_FMINNM)
BINARY_V(FSUB_v, IR_FSUB)
BINARY_V(FMIN_v, IR_FMIN)
BINARY_V(FMUL_v, IR_FMUL)
BINARY_V(FDIV_v, IR_FDIV)

#define COMPARE_V(name, cc, absolute) \
    bool name(struct tr *t, const struct name *f) \
    { return compare_v(t, f->Q, f->sz, f->Rn, f->Rm, f->Rd, cc, absolute); }
COMPARE_V(FCMEQ_v, CC_EQ, false)
COMPARE_V(FCMGE_v, CC_GE, false)
COMPARE_V(FCMGT_v, CC_GT, false)
COMPARE_V(FACGE_v, CC_GE, true)
COMPARE_V(FACGT_v, CC_GT, true)

#define COMPARE_D(name, cc, absolute) \
    bool name(struct tr *t, const struct name *f) \
    { return compare_d(t, f->sz, f->Rn, f->Rm, f->Rd, cc, absolute); }
COMPARE_D(FCMEQ_d, CC_EQ, false)
COMPARE_D(FCMGE_d, CC_GE, false)
COMPARE_D(FCMGT_d, CC_GT, false)
COMPARE_D(FACGE_d, CC_GE, true)
COMPARE_D(FACGT_d, CC_GT, true)

#define FUSED_V(name, neg) \
    bool name(struct tr *t, const struct name *f) \
    { return fused_v(t, f->Q, f->sz, f->Rn, f->Rm, f->Rd, neg); }
FUSED_V(FMLA_v, 0)
FUSED_V(FMLS_v, 1)

#define HELPER_V(name, h) \
    bool name(struct tr *t, const struct name *f) \
    { return helper_v(t, h, f->Q, f->sz, f->Rn, f->Rm, f->Rd); }
HELPER_V(FMULX_v, HELPER_fmulx)
HELPER_V(FRECPS_v, HELPER_frecps)
HELPER_V(FRSQRTS_v, HELPER_frsqrts)

#define HELPER_D(name, h) \
    bool name(struct tr *t, const struct name *f) \
    { return helper_d(t, h, f->sz, f->Rn, f->Rm, f->Rd); }
HELPER_D(FMULX_d, HELPER_fmulx)
HELPER_D(FRECPS_d, HELPER_frecps)
HELPER_D(FRSQRTS_d, HELPER_frsqrts)
/* clang-format on */

bool FABD_v(struct tr *t, const struct FABD_v *f)
{
    if (f->sz && !f->Q)
        return false;
    ir_ref a = vin(t, f->Q, f->sz, f->Rn);
    ir_ref difference = op2(t, IR_FSUB, flanes(f->sz), a, vin(t, f->Q, f->sz, f->Rm));
    wvq(t, f->Q, f->Rd, op1(t, IR_FABS, flanes(f->sz), difference));
    return true;
}
bool FABD_d(struct tr *t, const struct FABD_d *f)
{
    ir_ref a = rs(t, f->sz, f->Rn);
    ir_ref difference = op2(t, IR_FSUB, fscalar(f->sz), a, rs(t, f->sz, f->Rm));
    ws(t, f->sz, f->Rd, op1(t, IR_FABS, fscalar(f->sz), difference));
    return true;
}

/* -- pairwise, across lanes --------------------------------------------------------------------- */

static bool pairwise_v(struct tr *t, enum ir_op op, unsigned q, unsigned sz, unsigned n, unsigned m,
                       unsigned d)
{
    if (sz && !q)
        return false;
    ir_ref a = rv(t, flanes(sz), n), b = rv(t, flanes(sz), m);
    if (!q)
        a = b = op2(t, IR_VCAT, flanes(sz), a, b);
    ir_ref even = op2(t, IR_VUZP1, flanes(sz), a, b), odd = op2(t, IR_VUZP2, flanes(sz), a, b);
    wvq(t, q, d, op2(t, op, flanes(sz), even, odd));
    return true;
}
/* op(lane 0, lane 1) of v */
static ir_ref pair(struct tr *t, enum ir_op op, unsigned sz, ir_ref v)
{
    ir_ref low = op1(t, IR_LOW, fscalar(sz), v);
    ir_ref high = op1(t, IR_LOW, fscalar(sz), op1i(t, IR_VDUP, flanes(sz), v, 1));
    return op2(t, op, fscalar(sz), low, high);
}
static bool pairwise_d(struct tr *t, enum ir_op op, unsigned sz, unsigned n, unsigned d)
{
    ws(t, sz, d, pair(t, op, sz, rv(t, flanes(sz), n)));
    return true;
}
static bool across(struct tr *t, enum ir_op op, unsigned n, unsigned d)
{
    ir_ref v = rv(t, T_V32, n);
    ir_ref even = op2(t, IR_VUZP1, T_V32, v, v), odd = op2(t, IR_VUZP2, T_V32, v, v);
    ws(t, 0, d, pair(t, op, 0, op2(t, op, T_V32, even, odd)));
    return true;
}

/* clang-format off */
#define PAIRWISE_V(name, op) \
    bool name(struct tr *t, const struct name *f) \
    { return pairwise_v(t, op, f->Q, f->sz, f->Rn, f->Rm, f->Rd); }
PAIRWISE_V(FMAXNMP_v, IR_FMAXNM)
PAIRWISE_V(FADDP_v, IR_FADD)
PAIRWISE_V(FMAXP_v, IR_FMAX)
PAIRWISE_V(FMINNMP_v, IR_FMINNM)
PAIRWISE_V(FMINP_v, IR_FMIN)

#define PAIRWISE_D(name, op) \
    bool name(struct tr *t, const struct name *f) { return pairwise_d(t, op, f->sz, f->Rn, f->Rd); }
PAIRWISE_D(FMAXNMP_p, IR_FMAXNM)
PAIRWISE_D(FADDP_p, IR_FADD)
PAIRWISE_D(FMAXP_p, IR_FMAX)
PAIRWISE_D(FMINNMP_p, IR_FMINNM)
PAIRWISE_D(FMINP_p, IR_FMIN)

#define ACROSS(name, op) \
    bool name(struct tr *t, const struct name *f) { return across(t, op, f->Rn, f->Rd); }
ACROSS(FMAXNMV, IR_FMAXNM)
ACROSS(FMAXV, IR_FMAX)
ACROSS(FMINNMV, IR_FMINNM)
ACROSS(FMINV, IR_FMIN)
/* clang-format on */

/* -- by element --------------------------------------------------------------------------------- */

/* The fields of all by-element forms; the generated structs differ in type only. */
struct element {
    unsigned q, sz, l, m, rm, h, n, d;
};

/* Every lane of the result is the element; 0 if the encoding is unallocated. */
static ir_ref element_lanes(struct tr *t, const struct element *e)
{
    if (e->sz && (e->l || !e->q))
        return 0;
    return op1i(t, IR_VDUP, flanes(e->sz), rv(t, flanes(e->sz), e->m << 4 | e->rm),
                e->sz ? e->h : e->h << 1 | e->l);
}
static bool element_mul(struct tr *t, struct element e, bool scalar)
{
    ir_ref b = element_lanes(t, &e);
    if (!b)
        return false;
    if (scalar)
        ws(t, e.sz, e.d, op2(t, IR_FMUL, fscalar(e.sz), rs(t, e.sz, e.n), op1(t, IR_LOW, fscalar(e.sz), b)));
    else
        wvq(t, e.q, e.d, op2(t, IR_FMUL, flanes(e.sz), vin(t, e.q, e.sz, e.n), b));
    return true;
}
static bool element_fused(struct tr *t, struct element e, bool scalar, unsigned neg)
{
    ir_ref b = element_lanes(t, &e);
    if (!b)
        return false;
    if (scalar) {
        ir_ref a = rs(t, e.sz, e.n), low = op1(t, IR_LOW, fscalar(e.sz), b);
        ws(t, e.sz, e.d, fma_op(t, fscalar(e.sz), a, low, rs(t, e.sz, e.d), neg));
    } else {
        ir_ref a = vin(t, e.q, e.sz, e.n);
        wvq(t, e.q, e.d, fma_op(t, flanes(e.sz), a, b, vin(t, e.q, e.sz, e.d), neg));
    }
    return true;
}
static bool element_mulx(struct tr *t, struct element e, bool scalar)
{
    ir_ref b = element_lanes(t, &e);
    if (!b)
        return false;
    return fp_helper(t, HELPER_fmulx, e.d, e.sz, scalar ? 1 : fp_lane_count(e.q, e.sz),
                     rv(t, flanes(e.sz), e.n), b);
}

#define ELEMENT(Q)                                                                                           \
    (struct element)                                                                                         \
    {                                                                                                        \
        .q = Q, .sz = f->sz, .l = f->L, .m = f->M, .rm = f->Rm, .h = f->H, .n = f->Rn, .d = f->Rd            \
    }

bool FMLA_elem(struct tr *t, const struct FMLA_elem *f)
{
    return element_fused(t, ELEMENT(f->Q), false, 0);
}
bool FMLS_elem(struct tr *t, const struct FMLS_elem *f)
{
    return element_fused(t, ELEMENT(f->Q), false, 1);
}
bool FMUL_elem(struct tr *t, const struct FMUL_elem *f)
{
    return element_mul(t, ELEMENT(f->Q), false);
}
bool FMULX_elem(struct tr *t, const struct FMULX_elem *f)
{
    return element_mulx(t, ELEMENT(f->Q), false);
}
bool FMLA_elem_d(struct tr *t, const struct FMLA_elem_d *f)
{
    return element_fused(t, ELEMENT(1), true, 0);
}
bool FMLS_elem_d(struct tr *t, const struct FMLS_elem_d *f)
{
    return element_fused(t, ELEMENT(1), true, 1);
}
bool FMUL_elem_d(struct tr *t, const struct FMUL_elem_d *f)
{
    return element_mul(t, ELEMENT(1), true);
}
bool FMULX_elem_d(struct tr *t, const struct FMULX_elem_d *f)
{
    return element_mulx(t, ELEMENT(1), true);
}
