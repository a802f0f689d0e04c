/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD vector by indexed element and scalar by indexed element (Arm ARM C4.1.96): multiplications
 * whose second operand is one lane of Rm, repeated.
 *
 * For 16-bit lanes the index is H:L:M and only v0-v15 can be named; for 32-bit lanes it is H:L and M is the
 * register's top bit.
 */
#include "dbt/a64/simd.h"

#include "a64_decode.h"

static ir_ref element(struct tr *t, unsigned size, unsigned H, unsigned L, unsigned M, unsigned Rm)
{
    unsigned index = size == 1 ? H << 2 | L << 1 | M : H << 1 | L;
    unsigned n = size == 1 ? Rm : M << 4 | Rm;
    enum ir_type ty = ir_vec_type(size);
    return op1i(t, IR_VDUP, ty, rv(t, ty, n), index);
}

static bool elem(struct tr *t, struct lanes l, ir_ref a, ir_ref b, lanes_fn *fn)
{
    lanes_write(t, &l, fn(t, &l, a, b));
    return true;
}

#define ELEMENT(f) element(t, (f)->size, (f)->H, (f)->L, (f)->M, (f)->Rm)

#define SAME(NAME, fn)                                                                                       \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        ir_ref a = rv(t, ir_vec_type(f->size), f->Rn);                                                       \
        return elem(t, lanes_vector(f->Q, f->size, f->Rd), a, ELEMENT(f), fn);                               \
    }
#define LONG(NAME, fn)                                                                                       \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        ir_ref a = simd_half(t, f->Q, rv(t, ir_vec_type(f->size), f->Rn));                                   \
        return elem(t, lanes_wide(f->size, f->Rd), a, ELEMENT(f), fn);                                       \
    }
#define SCALAR(NAME, fn)                                                                                     \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        ir_ref a = rv(t, ir_vec_type(f->size), f->Rn);                                                       \
        return elem(t, lanes_scalar(f->size, f->Rd), a, ELEMENT(f), fn);                                     \
    }
#define LONG_SCALAR(NAME, fn)                                                                                \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        ir_ref a = rv(t, ir_vec_type(f->size), f->Rn);                                                       \
        return elem(t, lanes_scalar(f->size + 1, f->Rd), a, ELEMENT(f), fn);                                 \
    }

SAME(MUL_elem, lanes_mul)
SAME(MLA_elem, lanes_mla)
SAME(MLS_elem, lanes_mls)
SAME(SQDMULH_elem, lanes_sqdmulh)
SAME(SQRDMULH_elem, lanes_sqrdmulh)
SAME(SQRDMLAH_elem, lanes_sqrdmlah)
SAME(SQRDMLSH_elem, lanes_sqrdmlsh)
LONG(SMULL_elem, lanes_smull)
LONG(UMULL_elem, lanes_umull)
LONG(SMLAL_elem, lanes_smlal)
LONG(UMLAL_elem, lanes_umlal)
LONG(SMLSL_elem, lanes_smlsl)
LONG(UMLSL_elem, lanes_umlsl)
LONG(SQDMULL_elem, lanes_sqdmull)
LONG(SQDMLAL_elem, lanes_sqdmlal)
LONG(SQDMLSL_elem, lanes_sqdmlsl)

SCALAR(SQDMULH_delem, lanes_sqdmulh)
SCALAR(SQRDMULH_delem, lanes_sqrdmulh)
SCALAR(SQRDMLAH_delem, lanes_sqrdmlah)
SCALAR(SQRDMLSH_delem, lanes_sqrdmlsh)
LONG_SCALAR(SQDMULL_delem, lanes_sqdmull)
LONG_SCALAR(SQDMLAL_delem, lanes_sqdmlal)
LONG_SCALAR(SQDMLSL_delem, lanes_sqdmlsl)
