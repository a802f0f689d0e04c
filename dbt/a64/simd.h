/* SPDX-License-Identifier: MIT */
/*
 * What the Advanced SIMD integer instructions share (simd_*.c).
 *
 * A vector instruction and its AdvSIMD scalar form compute the same thing: the scalar form works on the whole
 * register too and only its lowest lane counts.  So each operation is written once, as a function from
 * operands to a result over the lanes described by struct lanes, and the drivers read the operands and write
 * the bytes that count.
 *
 * FPSR.QC is cumulative: a saturating operation ORs something that is not zero, where it saturated, into the
 * cell a64.qc (simd_qc), and only lanes that count may do so.
 */
#ifndef DBT_A64_SIMD_H
#define DBT_A64_SIMD_H

#include "dbt/a64/tr.h"

struct lanes {
    enum ir_type ty; /* of the result's lanes; widening operations read narrower ones */
    unsigned size;   /* log2 of the bytes of a lane of type ty */
    unsigned width;  /* log2 of how many low bytes of the result count */
    unsigned Rd;     /* for operations that accumulate into it */
};

/* One operand is enough for some operations; they ignore b. */
typedef ir_ref lanes_fn(struct tr *t, const struct lanes *l, ir_ref a, ir_ref b);

static inline unsigned lane_bits(unsigned size)
{
    return 8u << size;
}
static inline uint64_t lane_ones(unsigned size)
{
    return ~UINT64_C(0) >> (64 - lane_bits(size));
}
static inline uint64_t lane_min(unsigned size)
{
    return UINT64_C(1) << (lane_bits(size) - 1);
}
static inline uint64_t lane_max(unsigned size)
{
    return lane_min(size) - 1;
}

/* The low lane of v, in every lane of 64 bits. */
static inline uint64_t lane_repeat(unsigned size, uint64_t v)
{
    return (v & lane_ones(size)) * (~UINT64_C(0) / lane_ones(size));
}
/* A constant with v in every lane. */
static inline ir_ref ksplat(struct tr *t, unsigned size, uint64_t v)
{
    uint64_t all = lane_repeat(size, v);
    return kvec(t, ir_vec_type(size), all, all);
}

static inline struct lanes lanes_vector(unsigned Q, unsigned size, unsigned Rd)
{
    return (struct lanes){ir_vec_type(size), size, Q ? 4 : 3, Rd};
}
static inline struct lanes lanes_scalar(unsigned size, unsigned Rd)
{
    return (struct lanes){ir_vec_type(size), size, size, Rd};
}
/* The result of a widening operation on lanes of `size`. */
static inline struct lanes lanes_wide(unsigned size, unsigned Rd)
{
    return lanes_vector(1, size + 1, Rd);
}

/* Rd's bytes that count = v, zero above. */
static inline void lanes_write(struct tr *t, const struct lanes *l, ir_ref v)
{
    if (l->width == 4)
        wv(t, l->Rd, v);
    else
        wv_low(t, l->Rd, v, l->width);
}
static inline ir_ref lanes_rd(struct tr *t, const struct lanes *l)
{
    return rv(t, l->ty, l->Rd);
}

/* Operations with an operand count fixed by the IR. */
static inline ir_ref lop1(struct tr *t, const struct lanes *l, enum ir_op op, ir_ref a)
{
    return op1(t, op, l->ty, a);
}
static inline ir_ref lop2(struct tr *t, const struct lanes *l, enum ir_op op, ir_ref a, ir_ref b)
{
    return op2(t, op, l->ty, a, b);
}
static inline ir_ref lshift(struct tr *t, const struct lanes *l, enum ir_op op, ir_ref a, unsigned n)
{
    return op1i(t, op, l->ty, a, n);
}
static inline ir_ref lcmp(struct tr *t, const struct lanes *l, enum cc cc, ir_ref a, ir_ref b)
{
    return opx(t, IR_VCMP, l->ty, a, b, 0, 0, cc, 0);
}

/* The low half of v, or its upper half in a "2" instruction, for operations that widen the low half. */
static inline ir_ref simd_half(struct tr *t, unsigned Q, ir_ref v)
{
    return Q ? op1(t, IR_VHIGH, T_V64, v) : v;
}
/* The result v of a narrowing operation, in the low half with zeroes above, to Rd or (Q) to the upper half of Rd. */
static inline void simd_write_narrow(struct tr *t, unsigned Q, unsigned Rd, ir_ref v)
{
    wv(t, Rd, Q ? op2(t, IR_VCAT, T_V64, rv(t, T_V64, Rd), v) : v);
}

/* Sets QC if any bit of the low 1 << width bytes of diff is set. */
void simd_qc(struct tr *t, unsigned width, ir_ref diff);

/* Instructions of two operands: vectors, and scalars of 1 << size bytes. */
bool simd_vector2(struct tr *t, unsigned Q, unsigned size, unsigned Rm, unsigned Rn, unsigned Rd,
                  lanes_fn *fn);
bool simd_scalar2(struct tr *t, unsigned size, unsigned Rm, unsigned Rn, unsigned Rd, lanes_fn *fn);
/* Of one operand; b is absent. */
bool simd_vector1(struct tr *t, unsigned Q, unsigned size, unsigned Rn, unsigned Rd, lanes_fn *fn);
bool simd_scalar1(struct tr *t, unsigned size, unsigned Rn, unsigned Rd, lanes_fn *fn);

/* v, wide lanes of twice 1 << size bytes, narrowed by op (XTN, SQXTN, UQXTN, SQXTUN); width as in struct lanes, of v. */
ir_ref simd_narrow(struct tr *t, enum ir_op op, unsigned size, unsigned width, ir_ref v);

/* Arithmetic that more than one encoding group has. */
lanes_fn lanes_mul, lanes_mla, lanes_mls, lanes_sqdmulh, lanes_sqrdmulh;
lanes_fn lanes_sqrdmlah, lanes_sqrdmlsh; /* ext_rdm.c */
lanes_fn lanes_sabd, lanes_uabd;
/* Of a: adjacent pairs of lanes of half ty's size, summed into lanes of type ty. */
lanes_fn lanes_saddlp, lanes_uaddlp;
/* Products of the low halves, of lanes of half ty's size. */
lanes_fn lanes_smull, lanes_umull, lanes_smlal, lanes_umlal, lanes_smlsl, lanes_umlsl;
lanes_fn lanes_sqdmull, lanes_sqdmlal, lanes_sqdmlsl;

#endif
