/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD load/store multiple structures, single structure, and their post-indexed forms (Arm ARM
 * C4.1.94).
 *
 * A structure of n elements goes to the same lane of n registers.  LD1/ST1 are plain registers in a row.  For
 * LD2 to LD4 memory is read in whole registers, which are then taken apart in registers (and the other way
 * round for stores), rather than lane by lane: one access of 16 bytes instead of up to 16 of a byte.
 *
 * What must hold: all accesses of an instruction come before its first PUT, so that a fault finds nothing
 * changed. A post-index by register 31 means by the number of bytes accessed.
 */
#include "dbt/a64/base.h"
#include "dbt/a64/simd.h"

#include "a64_decode.h"

#define MAX_REGS 4

static ir_ref load_bytes(struct tr *t, ir_ref base, unsigned offset, unsigned size)
{
    return opx(t, IR_LD, T_V64, base, 0, 0, size, 0, offset);
}
static void store_bytes(struct tr *t, ir_ref base, unsigned offset, unsigned size, ir_ref v)
{
    opx(t, IR_ST, T_V64, base, 0, v, size, 0, offset);
}

/* The `bytes` (a multiple of 8) at base in registers; the last one may be half a register. */
static void load_regs(struct tr *t, ir_ref base, unsigned bytes, ir_ref *r)
{
    for (unsigned at = 0; at < bytes; at += 16)
        r[at / 16] = load_bytes(t, base, at, bytes - at >= 16 ? 4 : 3);
}
static void store_regs(struct tr *t, ir_ref base, unsigned bytes, const ir_ref *r)
{
    for (unsigned at = 0; at < bytes; at += 16)
        store_bytes(t, base, at, bytes - at >= 16 ? 4 : 3, r[at / 16]);
}

/* Rn += Rm, or the number of bytes; Rm above 31: no write-back. */
#define NO_WRITE_BACK 32
static void post_index(struct tr *t, ir_ref base, unsigned Rn, unsigned Rm, unsigned bytes)
{
    if (Rm == NO_WRITE_BACK)
        return;
    ir_ref step = Rm == 31 ? k64(t, bytes) : rx(t, T_I64, Rm);
    wxsp(t, T_I64, Rn, op2(t, IR_ADD, T_I64, base, step));
}

/* -- multiple structures -- */

/* In these, v are the n registers of the instruction, r the same bytes in memory order, 16 to a register; for
 * 64-bit vectors v has its lanes in the low halves, r is half as long. */

static ir_ref zip(struct tr *t, enum ir_op op, unsigned size, ir_ref a, ir_ref b)
{
    return op2(t, op, ir_vec_type(size), a, b);
}

static void split2(struct tr *t, unsigned Q, unsigned size, const ir_ref *r, ir_ref *v)
{
    ir_ref second = Q ? r[1] : r[0];
    v[0] = zip(t, IR_VUZP1, size, r[0], second);
    v[1] = zip(t, IR_VUZP2, size, r[0], second);
}
static void join2(struct tr *t, unsigned Q, unsigned size, const ir_ref *v, ir_ref *r)
{
    r[0] = zip(t, IR_VZIP1, size, v[0], v[1]);
    if (Q)
        r[1] = zip(t, IR_VZIP2, size, v[0], v[1]);
}

static void split4(struct tr *t, unsigned Q, unsigned size, const ir_ref *r, ir_ref *v)
{
    ir_ref even[2], odd[2];
    for (unsigned i = 0; i <= Q; i++) {
        even[i] = zip(t, IR_VUZP1, size, r[2 * i], r[2 * i + 1]);
        odd[i] = zip(t, IR_VUZP2, size, r[2 * i], r[2 * i + 1]);
    }
    v[0] = zip(t, IR_VUZP1, size, even[0], even[Q]);
    v[1] = zip(t, IR_VUZP1, size, odd[0], odd[Q]);
    v[2] = zip(t, IR_VUZP2, size, even[0], even[Q]);
    v[3] = zip(t, IR_VUZP2, size, odd[0], odd[Q]);
}
static void join4(struct tr *t, unsigned Q, unsigned size, const ir_ref *v, ir_ref *r)
{
    for (unsigned i = 0; i <= Q; i++) {
        enum ir_op op = i ? IR_VZIP2 : IR_VZIP1;
        ir_ref even = zip(t, op, size, v[0], v[2]), odd = zip(t, op, size, v[1], v[3]);
        r[2 * i] = zip(t, IR_VZIP1, size, even, odd);
        r[2 * i + 1] = zip(t, IR_VZIP2, size, even, odd);
    }
}

/* A register picked byte by byte from registers src: byte i is byte from[i] % 16 of src[from[i] / 16]. */
static ir_ref pick(struct tr *t, const ir_ref *src, const uint8_t from[16])
{
    ir_ref r = 0;
    for (unsigned n = 0; n < 3; n++) {
        union vec index;
        bool used = false;
        for (unsigned i = 0; i < 16; i++) {
            index.u8[i] = from[i] / 16 == n ? from[i] % 16 : 0xff;
            used |= from[i] / 16 == n;
        }
        if (!used)
            continue;
        ir_ref part = op2(t, IR_VTBL, T_V8, src[n], kvec(t, T_V8, index.u64[0], index.u64[1]));
        r = r ? op2(t, IR_OR, T_V8, r, part) : part;
    }
    return r;
}

#define NOWHERE 0xff /* in pick's `from`: 0 */

static void split3(struct tr *t, unsigned Q, unsigned size, const ir_ref *r, ir_ref *v)
{
    for (unsigned n = 0; n < 3; n++) {
        uint8_t from[16];
        for (unsigned i = 0; i < 16; i++) {
            unsigned lane = i >> size, byte = i & ((1u << size) - 1);
            from[i] = i < (Q ? 16u : 8u) ? (uint8_t)(((3 * lane + n) << size) + byte) : NOWHERE;
        }
        v[n] = pick(t, r, from);
    }
}
static void join3(struct tr *t, unsigned Q, unsigned size, const ir_ref *v, ir_ref *r)
{
    unsigned bytes = Q ? 48 : 24;
    for (unsigned n = 0; n < (bytes + 15) / 16; n++) {
        uint8_t from[16];
        for (unsigned i = 0; i < 16; i++) {
            unsigned elem = (16 * n + i) >> size, byte = i & ((1u << size) - 1);
            from[i] = 16 * n + i < bytes ? (uint8_t)(16 * (elem % 3) + (elem / 3 << size) + byte) : NOWHERE;
        }
        r[n] = pick(t, v, from);
    }
}

/* LD2 to LD4: regs registers interleaved. */
static bool load_mult(struct tr *t, unsigned regs, unsigned Q, unsigned size, unsigned Rm, unsigned Rn,
                      unsigned Rt)
{
    if (size == 3 && !Q)
        return false;
    unsigned bytes = regs * (Q ? 16 : 8);
    ir_ref base = base_reg(t, Rn), r[MAX_REGS], v[MAX_REGS];
    load_regs(t, base, bytes, r);
    (regs == 2 ? split2 : regs == 3 ? split3 : split4)(t, Q, size, r, v);
    for (unsigned i = 0; i < regs; i++)
        wvq(t, Q, (Rt + i) % 32, v[i]);
    post_index(t, base, Rn, Rm, bytes);
    return true;
}
static bool store_mult(struct tr *t, unsigned regs, unsigned Q, unsigned size, unsigned Rm, unsigned Rn,
                       unsigned Rt)
{
    if (size == 3 && !Q)
        return false;
    unsigned bytes = regs * (Q ? 16 : 8);
    ir_ref base = base_reg(t, Rn), r[MAX_REGS], v[MAX_REGS];
    for (unsigned i = 0; i < regs; i++)
        v[i] = rv(t, ir_vec_type(size), (Rt + i) % 32);
    (regs == 2 ? join2 : regs == 3 ? join3 : join4)(t, Q, size, v, r);
    store_regs(t, base, bytes, r);
    post_index(t, base, Rn, Rm, bytes);
    return true;
}

/* LD1, ST1 of one to four registers. A load of 8 bytes leaves zeroes above them. */
static bool load_row(struct tr *t, unsigned regs, unsigned Q, unsigned Rm, unsigned Rn, unsigned Rt)
{
    unsigned step = Q ? 16 : 8;
    ir_ref base = base_reg(t, Rn), v[MAX_REGS];
    for (unsigned i = 0; i < regs; i++)
        v[i] = load_bytes(t, base, i * step, 3 + Q);
    for (unsigned i = 0; i < regs; i++)
        wv(t, (Rt + i) % 32, v[i]);
    post_index(t, base, Rn, Rm, regs * step);
    return true;
}
static bool store_row(struct tr *t, unsigned regs, unsigned Q, unsigned Rm, unsigned Rn, unsigned Rt)
{
    unsigned step = Q ? 16 : 8;
    ir_ref base = base_reg(t, Rn);
    for (unsigned i = 0; i < regs; i++)
        store_bytes(t, base, i * step, 3 + Q, rv(t, T_V64, (Rt + i) % 32));
    post_index(t, base, Rn, Rm, regs * step);
    return true;
}

#define ROW(NAME, fn, regs)                                                                                  \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return fn(t, regs, f->Q, NO_WRITE_BACK, f->Rn, f->Rt);                                               \
    }                                                                                                        \
    bool NAME##_post(struct tr *t, const struct NAME##_post *f)                                              \
    {                                                                                                        \
        return fn(t, regs, f->Q, f->Rm, f->Rn, f->Rt);                                                       \
    }
#define MULT(NAME, fn, regs)                                                                                 \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return fn(t, regs, f->Q, f->size, NO_WRITE_BACK, f->Rn, f->Rt);                                      \
    }                                                                                                        \
    bool NAME##_post(struct tr *t, const struct NAME##_post *f)                                              \
    {                                                                                                        \
        return fn(t, regs, f->Q, f->size, f->Rm, f->Rn, f->Rt);                                              \
    }

ROW(LD1_m1, load_row, 1)
ROW(LD1_m2, load_row, 2)
ROW(LD1_m3, load_row, 3)
ROW(LD1_m4, load_row, 4)
ROW(ST1_m1, store_row, 1)
ROW(ST1_m2, store_row, 2)
ROW(ST1_m3, store_row, 3)
ROW(ST1_m4, store_row, 4)
MULT(LD2_m, load_mult, 2)
MULT(LD3_m, load_mult, 3)
MULT(LD4_m, load_mult, 4)
MULT(ST2_m, store_mult, 2)
MULT(ST3_m, store_mult, 3)
MULT(ST4_m, store_mult, 4)

/* -- single structure -- */

/* Q:S:size is the index of a byte; for wider elements its low bits must be 0, except that size 1 with scale 2
 * means 64 bits.  Returns false if unallocated. */
static bool single_lane(unsigned scale, unsigned Q, unsigned S, unsigned size, unsigned *elem,
                        unsigned *index)
{
    unsigned byte = Q << 3 | S << 2 | size;
    *elem = scale;
    if (scale == 2 && size == 1) {
        if (S)
            return false;
        byte &= ~1u;
        *elem = 3;
    }
    *index = byte >> *elem;
    return (byte & ((1u << scale) - 1)) == 0;
}

/* The fields of a single-structure access, from the instruction's struct of whatever type. */
struct single {
    unsigned regs, scale, Q, S, size, Rm, Rn, Rt;
};

static bool load_single(struct tr *t, struct single f)
{
    unsigned size, index;
    if (!single_lane(f.scale, f.Q, f.S, f.size, &size, &index))
        return false;
    enum ir_type ty = ir_vec_type(size);
    ir_ref base = base_reg(t, f.Rn), v[MAX_REGS];
    for (unsigned i = 0; i < f.regs; i++)
        v[i] = opx(t, IR_LD, isz(size == 3), base, 0, 0, size, 0, i << size);
    for (unsigned i = 0; i < f.regs; i++) {
        unsigned n = (f.Rt + i) % 32;
        wv(t, n, opx(t, IR_VINSR, ty, rv(t, ty, n), v[i], 0, 0, 0, index));
    }
    post_index(t, base, f.Rn, f.Rm, f.regs << size);
    return true;
}

static bool store_single(struct tr *t, struct single f)
{
    unsigned size, index;
    if (!single_lane(f.scale, f.Q, f.S, f.size, &size, &index))
        return false;
    enum ir_type ity = isz(size == 3), ty = ir_vec_type(size);
    ir_ref base = base_reg(t, f.Rn);
    for (unsigned i = 0; i < f.regs; i++) {
        ir_ref v = opx(t, IR_VGET, ity, rv(t, ty, (f.Rt + i) % 32), 0, 0, size, 0, index);
        opx(t, IR_ST, ity, base, 0, v, size, 0, i << size);
    }
    post_index(t, base, f.Rn, f.Rm, f.regs << size);
    return true;
}

static bool load_replicate(struct tr *t, struct single f)
{
    unsigned size = f.size;
    ir_ref base = base_reg(t, f.Rn), v[MAX_REGS];
    for (unsigned i = 0; i < f.regs; i++)
        v[i] = opx(t, IR_LD, isz(size == 3), base, 0, 0, size, 0, i << size);
    for (unsigned i = 0; i < f.regs; i++)
        wvq(t, f.Q, (f.Rt + i) % 32, op1(t, IR_VDUPR, ir_vec_type(size), v[i]));
    post_index(t, base, f.Rn, f.Rm, f.regs << size);
    return true;
}

#define SINGLE(NAME, fn, n)                                                                                  \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return fn(t, (struct single){n, f->scale, f->Q, f->S, f->size, NO_WRITE_BACK, f->Rn, f->Rt});        \
    }                                                                                                        \
    bool NAME##_post(struct tr *t, const struct NAME##_post *f)                                              \
    {                                                                                                        \
        return fn(t, (struct single){n, f->scale, f->Q, f->S, f->size, f->Rm, f->Rn, f->Rt});                \
    }
#define REPLICATE(NAME, n)                                                                                   \
    bool NAME(struct tr *t, const struct NAME *f)                                                            \
    {                                                                                                        \
        return load_replicate(t, (struct single){n, 0, f->Q, 0, f->size, NO_WRITE_BACK, f->Rn, f->Rt});      \
    }                                                                                                        \
    bool NAME##_post(struct tr *t, const struct NAME##_post *f)                                              \
    {                                                                                                        \
        return load_replicate(t, (struct single){n, 0, f->Q, 0, f->size, f->Rm, f->Rn, f->Rt});              \
    }

SINGLE(LD1_s, load_single, 1)
SINGLE(LD2_s, load_single, 2)
SINGLE(LD3_s, load_single, 3)
SINGLE(LD4_s, load_single, 4)
SINGLE(ST1_s, store_single, 1)
SINGLE(ST2_s, store_single, 2)
SINGLE(ST3_s, store_single, 3)
SINGLE(ST4_s, store_single, 4)
REPLICATE(LD1R, 1)
REPLICATE(LD2R, 2)
REPLICATE(LD3R, 3)
REPLICATE(LD4R, 4)
