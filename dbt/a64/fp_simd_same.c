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
    if (fp_one_lane(q, sz))
        return false;
    ir_ref a = vin(t, q, sz, n);
    wvq(t, q, d, op2(t, op, flanes(sz), a, vin(t, q, sz, m)));
    return true;
}
/* cc: EQ, GE, GT; absolute: of the magnitudes */
static bool compare_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned m, unsigned d, enum cc cc,
                      bool absolute)
{
    if (fp_one_lane(q, sz))
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
    ws_merge(t, sz, d, m, opx(t, IR_FCMPV, fscalar(sz), a, b, 0, 0, cc, 0));
    return true;
}
static bool fused_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned m, unsigned d, unsigned neg)
{
    if (fp_one_lane(q, sz))
        return false;
    ir_ref a = vin(t, q, sz, n), b = vin(t, q, sz, m);
    wvq(t, q, d, fma_op(t, flanes(sz), a, b, vin(t, q, sz, d), neg));
    return true;
}

/* clang-format off */
#define BINARY_V(name, op) \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { return binary_v(t, op, f->Q, f->sz, f->Rn, f->Rm, f->Rd); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { return binary_v(t, op, f->Q, FP_HALF, f->Rn, f->Rm, f->Rd); }
BINARY_V(FMAXNM, IR_FMAXNM)
BINARY_V(FADD, IR_FADD)
BINARY_V(FMAX, IR_FMAX)
BINARY_V(FMINNM, IR_FMINNM)
BINARY_V(FSUB, IR_FSUB)
BINARY_V(FMIN, IR_FMIN)
BINARY_V(FMUL, IR_FMUL)
BINARY_V(FDIV, IR_FDIV)

#define COMPARE_V(name, cc, absolute) \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { return compare_v(t, f->Q, f->sz, f->Rn, f->Rm, f->Rd, cc, absolute); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { return compare_v(t, f->Q, FP_HALF, f->Rn, f->Rm, f->Rd, cc, absolute); }
COMPARE_V(FCMEQ, CC_EQ, false)
COMPARE_V(FCMGE, CC_GE, false)
COMPARE_V(FCMGT, CC_GT, false)
COMPARE_V(FACGE, CC_GE, true)
COMPARE_V(FACGT, CC_GT, true)

#define COMPARE_D(name, cc, absolute) \
    bool name##_d(struct tr *t, const struct name##_d *f) \
    { return compare_d(t, f->sz, f->Rn, f->Rm, f->Rd, cc, absolute); } \
    bool name##_dh(struct tr *t, const struct name##_dh *f) \
    { return compare_d(t, FP_HALF, f->Rn, f->Rm, f->Rd, cc, absolute); }
COMPARE_D(FCMEQ, CC_EQ, false)
COMPARE_D(FCMGE, CC_GE, false)
COMPARE_D(FCMGT, CC_GT, false)
COMPARE_D(FACGE, CC_GE, true)
COMPARE_D(FACGT, CC_GT, true)

#define FUSED_V(name, neg) \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { return fused_v(t, f->Q, f->sz, f->Rn, f->Rm, f->Rd, neg); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { return fused_v(t, f->Q, FP_HALF, f->Rn, f->Rm, f->Rd, neg); }
FUSED_V(FMLA, 0)
FUSED_V(FMLS, 1)
/* clang-format on */

static bool difference_v(struct tr *t, unsigned q, unsigned sz, unsigned n, unsigned m, unsigned d)
{
    if (fp_one_lane(q, sz))
        return false;
    ir_ref a = vin(t, q, sz, n);
    ir_ref difference = op2(t, IR_FSUB, flanes(sz), a, vin(t, q, sz, m));
    wvq(t, q, d, op1(t, IR_FABS, flanes(sz), difference));
    return true;
}
static bool difference_d(struct tr *t, unsigned sz, unsigned n, unsigned m, unsigned d)
{
    ir_ref a = rs(t, sz, n);
    ir_ref difference = op2(t, IR_FSUB, fscalar(sz), a, rs(t, sz, m));
    ws_merge(t, sz, d, n, op1(t, IR_FABS, fscalar(sz), difference));
    return true;
}
bool FABD_v(struct tr *t, const struct FABD_v *f)
{
    return difference_v(t, f->Q, f->sz, f->Rn, f->Rm, f->Rd);
}
bool FABD_vh(struct tr *t, const struct FABD_vh *f)
{
    return difference_v(t, f->Q, FP_HALF, f->Rn, f->Rm, f->Rd);
}
bool FABD_d(struct tr *t, const struct FABD_d *f)
{
    return difference_d(t, f->sz, f->Rn, f->Rm, f->Rd);
}
bool FABD_dh(struct tr *t, const struct FABD_dh *f)
{
    return difference_d(t, FP_HALF, f->Rn, f->Rm, f->Rd);
}

/* -- FMULX, FRECPS, FRSQRTS --------------------------------------------------------------------- */

/*
 * Arithmetic, but for infinity * 0, which is 2 to FMULX and 0 to the others and raises nothing: there the factors become
 * others that have this product, with their signs.  What zero is says a comparison, because FPCR.FZ has a say in it; what
 * it raises, the product would raise, too.
 */
static void replace_inf_zero(struct tr *t, unsigned sz, ir_ref *a, ir_ref *b, uint64_t ka, uint64_t kb)
{
    enum ir_type ty = flanes(sz);
    ir_ref v[2] = {*a, *b}, zero[2], inf[2], k = klanes(t, sz, fp_infinity(fp_size(sz)));
    for (unsigned i = 0; i < 2; i++) {
        zero[i] = opx(t, IR_FCMPV, ty, v[i], klanes(t, sz, 0), 0, 0, CC_EQ, 0);
        inf[i] = opx(t, IR_VCMP, ty, op1(t, IR_FABS, ty, v[i]), k, 0, 0, CC_EQ, 0);
    }
    ir_ref meet = op2(t, IR_OR, ty, op2(t, IR_AND, ty, zero[0], inf[1]), op2(t, IR_AND, ty, inf[0], zero[1]));
    meet = op1i(t, IR_VSHRI, ty, meet, 1); /* all but the sign */
    *a = op3(t, IR_VBSL, ty, meet, klanes(t, sz, ka), v[0]);
    *b = op3(t, IR_VBSL, ty, meet, klanes(t, sz, kb), v[1]);
}

static ir_ref lanes_fmulx(struct tr *t, unsigned sz, ir_ref a, ir_ref b)
{
    replace_inf_zero(t, sz, &a, &b, fpower(sz, 0), fpower(sz, 1));
    return op2(t, IR_FMUL, flanes(sz), a, b);
}

/* k - a*b, rounded once */
static ir_ref step(struct tr *t, unsigned sz, ir_ref a, ir_ref b, uint64_t k)
{
    replace_inf_zero(t, sz, &a, &b, 0, 0);
    return fma_op(t, flanes(sz), a, b, klanes(t, sz, k), 1);
}
static ir_ref lanes_frecps(struct tr *t, unsigned sz, ir_ref a, ir_ref b)
{
    return step(t, sz, a, b, fpower(sz, 1));
}

/* All ones where v is a number whose half is normal: twice v, from there on, among the least signed integers. */
static ir_ref halves_exactly(struct tr *t, unsigned sz, ir_ref v)
{
    enum ir_type ty = flanes(sz);
    unsigned m = fp_frac_bits(fp_size(sz)) + 1, sign = (8u << fp_size(sz)) - 1;
    uint64_t lane = ((uint64_t)2 << sign) - 1, least = (uint64_t)1 << sign;
    ir_ref from = klanes(t, sz, (least - ((uint64_t)2 << m)) & lane);
    ir_ref end = klanes(t, sz, (least + ((uint64_t)(fp_emax(sz) - 2) << m)) & lane);
    ir_ref place = op2(t, IR_ADD, ty, op1i(t, IR_VSHLI, ty, v, 1), from);
    return opx(t, IR_VCMP, ty, end, place, 0, 0, CC_GT, 0);
}
/*
 * (3 - a*b) / 2, rounded once, as 1.5 - (a/2)*b or 1.5 - a*(b/2).  If neither can be halved, the product is nothing but a
 * sign beside 1.5, or infinite, or a NaN, and needs no halving.
 */
static ir_ref lanes_frsqrts(struct tr *t, unsigned sz, ir_ref a, ir_ref b)
{
    enum ir_type ty = flanes(sz);
    int64_t m = fp_frac_bits(fp_size(sz)); /* all ones shifted by it is -1 to the exponent */
    ir_ref first = halves_exactly(t, sz, a), second = op2(t, IR_ANDN, ty, halves_exactly(t, sz, b), first);
    a = op2(t, IR_ADD, ty, a, op1i(t, IR_VSHLI, ty, first, m));
    b = op2(t, IR_ADD, ty, b, op1i(t, IR_VSHLI, ty, second, m));
    return step(t, sz, a, b, fpower(sz, 0) | (uint64_t)1 << (m - 1));
}

typedef ir_ref fp_lanes_fn(struct tr *t, unsigned sz, ir_ref a, ir_ref b);

/* With FPCR.AH the steps know no modes and raise nothing, and comparisons note subnormal numbers: C. */
static bool special_v(struct tr *t, fp_lanes_fn *f, enum a64_helper h, unsigned q, unsigned sz, unsigned d,
                      ir_ref a, ir_ref b)
{
    if (fp_asked(FP_AH))
        return fp_helper(t, h, d, sz, fp_lane_count(q, sz), a, b);
    wvq(t, q, d, f(t, sz, vhalves(t, q, a), vhalves(t, q, b)));
    return true;
}
static bool special_d(struct tr *t, fp_lanes_fn *f, enum a64_helper h, unsigned sz, unsigned d,
                      unsigned above, ir_ref a, ir_ref b)
{
    if (fp_asked(FP_AH))
        return fp_helper_merge(t, h, d, above, sz, a, b);
    a = opx(t, IR_VZEXT, flanes(sz), a, 0, 0, fp_size(sz), 0, 0); /* zeroes raise nothing */
    b = opx(t, IR_VZEXT, flanes(sz), b, 0, 0, fp_size(sz), 0, 0);
    ws_merge(t, sz, d, above, f(t, sz, a, b));
    return true;
}

/* clang-format off */
#define SPECIAL(name, lanes, h) \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { ir_ref a = rv(t, flanes(f->sz), f->Rn), b = rv(t, flanes(f->sz), f->Rm); \
      return !fp_one_lane(f->Q, f->sz) && special_v(t, lanes, h, f->Q, f->sz, f->Rd, a, b); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { ir_ref a = rv(t, T_V16, f->Rn), b = rv(t, T_V16, f->Rm); \
      return special_v(t, lanes, h, f->Q, FP_HALF, f->Rd, a, b); } \
    bool name##_d(struct tr *t, const struct name##_d *f) \
    { ir_ref a = rv(t, flanes(f->sz), f->Rn), b = rv(t, flanes(f->sz), f->Rm); \
      return special_d(t, lanes, h, f->sz, f->Rd, f->Rn, a, b); } \
    bool name##_dh(struct tr *t, const struct name##_dh *f) \
    { ir_ref a = rv(t, T_V16, f->Rn), b = rv(t, T_V16, f->Rm); \
      return special_d(t, lanes, h, FP_HALF, f->Rd, f->Rn, a, b); }
SPECIAL(FMULX, lanes_fmulx, HELPER_fmulx)
SPECIAL(FRECPS, lanes_frecps, HELPER_frecps)
SPECIAL(FRSQRTS, lanes_frsqrts, HELPER_frsqrts)
/* clang-format on */

/* -- pairwise, across lanes --------------------------------------------------------------------- */

static bool pairwise_v(struct tr *t, enum ir_op op, unsigned q, unsigned sz, unsigned n, unsigned m,
                       unsigned d)
{
    if (fp_one_lane(q, sz))
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
/* Of all lanes: each step combines neighbours. */
static bool across(struct tr *t, enum ir_op op, unsigned q, unsigned sz, unsigned n, unsigned d)
{
    enum ir_type ty = flanes(sz);
    ir_ref v = vin(t, q, sz, n);
    for (unsigned count = fp_lane_count(q, sz); count > 2; count /= 2) {
        ir_ref even = op2(t, IR_VUZP1, ty, v, v), odd = op2(t, IR_VUZP2, ty, v, v);
        v = op2(t, op, ty, even, odd);
    }
    ws(t, sz, d, pair(t, op, sz, v));
    return true;
}

/* clang-format off */
#define PAIRWISE_V(name, op) \
    bool name##_v(struct tr *t, const struct name##_v *f) \
    { return pairwise_v(t, op, f->Q, f->sz, f->Rn, f->Rm, f->Rd); } \
    bool name##_vh(struct tr *t, const struct name##_vh *f) \
    { return pairwise_v(t, op, f->Q, FP_HALF, f->Rn, f->Rm, f->Rd); }
PAIRWISE_V(FMAXNMP, IR_FMAXNM)
PAIRWISE_V(FADDP, IR_FADD)
PAIRWISE_V(FMAXP, IR_FMAX)
PAIRWISE_V(FMINNMP, IR_FMINNM)
PAIRWISE_V(FMINP, IR_FMIN)

#define PAIRWISE_D(name, op) \
    bool name##_p(struct tr *t, const struct name##_p *f) \
    { return pairwise_d(t, op, f->sz, f->Rn, f->Rd); } \
    bool name##_ph(struct tr *t, const struct name##_ph *f) \
    { return pairwise_d(t, op, FP_HALF, f->Rn, f->Rd); }
PAIRWISE_D(FMAXNMP, IR_FMAXNM)
PAIRWISE_D(FADDP, IR_FADD)
PAIRWISE_D(FMAXP, IR_FMAX)
PAIRWISE_D(FMINNMP, IR_FMINNM)
PAIRWISE_D(FMINP, IR_FMIN)

#define ACROSS(name, op) \
    bool name(struct tr *t, const struct name *f) { return across(t, op, 1, FP_SINGLE, f->Rn, f->Rd); } \
    bool name##_h(struct tr *t, const struct name##_h *f) { return across(t, op, f->Q, FP_HALF, f->Rn, f->Rd); }
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
    if (e->sz == FP_HALF)
        return op1i(t, IR_VDUP, T_V16, rv(t, T_V16, e->rm), e->h << 2 | e->l << 1 | e->m);
    if (e->sz == FP_DOUBLE && (e->l || !e->q))
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
        ws_merge(t, e.sz, e.d, e.n,
                 op2(t, IR_FMUL, fscalar(e.sz), rs(t, e.sz, e.n), op1(t, IR_LOW, fscalar(e.sz), b)));
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
        ws_merge(t, e.sz, e.d, e.d, fma_op(t, fscalar(e.sz), a, low, rs(t, e.sz, e.d), neg));
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
    ir_ref a = rv(t, flanes(e.sz), e.n);
    return scalar ? special_d(t, lanes_fmulx, HELPER_fmulx, e.sz, e.d, e.n, a, b)
                  : special_v(t, lanes_fmulx, HELPER_fmulx, e.q, e.sz, e.d, a, b);
}

#define ELEMENT(Q, SZ)                                                                                       \
    (struct element)                                                                                         \
    {                                                                                                        \
        .q = Q, .sz = SZ, .l = f->L, .m = f->M, .rm = f->Rm, .h = f->H, .n = f->Rn, .d = f->Rd               \
    }

/* clang-format off */
#define BY_ELEMENT(name, how) \
    bool name##_elem(struct tr *t, const struct name##_elem *f) \
    { struct element e = ELEMENT(f->Q, f->sz); bool scalar = false; return how; } \
    bool name##_elem_h(struct tr *t, const struct name##_elem_h *f) \
    { struct element e = ELEMENT(f->Q, FP_HALF); bool scalar = false; return how; } \
    bool name##_elem_d(struct tr *t, const struct name##_elem_d *f) \
    { struct element e = ELEMENT(1, f->sz); bool scalar = true; return how; } \
    bool name##_elem_dh(struct tr *t, const struct name##_elem_dh *f) \
    { struct element e = ELEMENT(1, FP_HALF); bool scalar = true; return how; }
BY_ELEMENT(FMLA, element_fused(t, e, scalar, 0))
BY_ELEMENT(FMLS, element_fused(t, e, scalar, 1))
BY_ELEMENT(FMUL, element_mul(t, e, scalar))
BY_ELEMENT(FMULX, element_mulx(t, e, scalar))
/* clang-format on */
