/* SPDX-License-Identifier: MIT */
/*
 * Cryptographic instructions and CRC32 (Arm ARM C7.2, C6.2.78).
 *
 * What the host computes in one instruction is an operation of its own (an AES round, rounds of SHA-1 and
 * SHA-256, a product without carries); all others are composed here from rotations, three-operand logic and
 * moves of lanes, which every host does inline.
 *
 * Two choices make the compositions good code.  SHA256H and SHA256H2 of one step compute the same two SHA256R,
 * which the optimiser shares; and they permute the state between Arm's order and that of SHA256R with VSHUF, which
 * cancel from step to step.  The rounds of SHA-512 and SM3 work on one lane; the others hold rubbish, so that
 * operands are turned into place instead of being picked out.
 *
 * CRC32 (not CRC32C) uses Montgomery's way to reduce: with data as the low bits of a polynomial whose bits are in
 * reverse, adding the product of the polynomial and q = data / polynomial modulo 2^64 clears the low 64 bits and
 * leaves the sum above them.
 */
#include "a64_decode.h"
#include "dbt/a64/tr.h"

enum { TABLE_XOR = 0x96, TABLE_CHOOSE = 0xca, TABLE_MAJORITY = 0xe8, TABLE_BCAX = 0xb4 };

static ir_ref tern(struct tr *t, unsigned table, ir_ref a, ir_ref b, ir_ref c)
{
    return opx(t, IR_VTERN, T_V64, a, b, c, 0, 0, table);
}
static ir_ref xor2(struct tr *t, ir_ref a, ir_ref b)
{
    return op2(t, IR_XOR, T_V64, a, b);
}
static ir_ref xor3(struct tr *t, ir_ref a, ir_ref b, ir_ref c)
{
    return tern(t, TABLE_XOR, a, b, c);
}
static ir_ref rol(struct tr *t, enum ir_type ty, ir_ref a, unsigned n)
{
    return op1i(t, IR_VROLI, ty, a, n);
}
static ir_ref zero(struct tr *t)
{
    return kvec(t, T_V64, 0, 0);
}
/* Bytes n .. n+15 of (b:a), a low. */
static ir_ref ext(struct tr *t, ir_ref a, ir_ref b, unsigned n)
{
    return opx(t, IR_VEXT, T_V8, a, b, 0, 0, 0, n);
}
static ir_ref add(struct tr *t, enum ir_type ty, ir_ref a, ir_ref b)
{
    return op2(t, IR_ADD, ty, a, b);
}

/* -- AES -- */

static bool aes_round(struct tr *t, unsigned Rn, unsigned Rd, unsigned inverse)
{
    ir_ref a = xor2(t, rv(t, T_V8, Rd), rv(t, T_V8, Rn));
    wv(t, Rd, opx(t, IR_AES, T_V8, a, zero(t), 0, 0, inverse, 0));
    return true;
}
static bool aes_mix(struct tr *t, unsigned Rn, unsigned Rd, unsigned inverse)
{
    wv(t, Rd, opx(t, IR_AESMIX, T_V8, rv(t, T_V8, Rn), 0, 0, 0, inverse, 0));
    return true;
}
bool AESE(struct tr *t, const struct AESE *f)
{
    return aes_round(t, f->Rn, f->Rd, 0);
}
bool AESD(struct tr *t, const struct AESD *f)
{
    return aes_round(t, f->Rn, f->Rd, 1);
}
bool AESMC(struct tr *t, const struct AESMC *f)
{
    return aes_mix(t, f->Rn, f->Rd, 0);
}
bool AESIMC(struct tr *t, const struct AESIMC *f)
{
    return aes_mix(t, f->Rn, f->Rd, 1);
}

bool PMULL_1q(struct tr *t, const struct PMULL_1q *f)
{
    wv(t, f->Rd, opx(t, IR_CLMUL, T_V64, rv(t, T_V64, f->Rn), rv(t, T_V64, f->Rm), 0, 0, 0, f->Q ? 0x11 : 0));
    return true;
}

/* -- SHA-1 -- */

static bool sha1_rounds(struct tr *t, unsigned Rm, unsigned Rn, unsigned Rd, unsigned function)
{
    wv(t, Rd, opx(t, IR_SHA1R, T_V32, rv(t, T_V32, Rd), rv(t, T_V32, Rn), rv(t, T_V32, Rm), 0, function, 0));
    return true;
}
bool SHA1C(struct tr *t, const struct SHA1C *f)
{
    return sha1_rounds(t, f->Rm, f->Rn, f->Rd, 0);
}
bool SHA1P(struct tr *t, const struct SHA1P *f)
{
    return sha1_rounds(t, f->Rm, f->Rn, f->Rd, 1);
}
bool SHA1M(struct tr *t, const struct SHA1M *f)
{
    return sha1_rounds(t, f->Rm, f->Rn, f->Rd, 2);
}
bool SHA1H(struct tr *t, const struct SHA1H *f)
{
    wv_low(t, f->Rd, rol(t, T_V32, rv(t, T_V32, f->Rn), 30), 2);
    return true;
}
bool SHA1SU0(struct tr *t, const struct SHA1SU0 *f)
{
    ir_ref d = rv(t, T_V32, f->Rd);
    wv(t, f->Rd, xor3(t, ext(t, d, rv(t, T_V32, f->Rn), 8), d, rv(t, T_V32, f->Rm)));
    return true;
}
bool SHA1SU1(struct tr *t, const struct SHA1SU1 *f)
{
    ir_ref r = rol(t, T_V32, xor2(t, rv(t, T_V32, f->Rd), ext(t, rv(t, T_V32, f->Rn), zero(t), 4)), 1);
    wv(t, f->Rd, xor2(t, r, ext(t, zero(t), rol(t, T_V32, r, 1), 4)));
    return true;
}

/* -- SHA-256 -- */

/* Four rounds: the state's two halves after them, as SHA256R has them. */
static void sha256_rounds(struct tr *t, ir_ref abcd, ir_ref efgh, ir_ref w, ir_ref *hgdc, ir_ref *feba)
{
    ir_ref old = opx(t, IR_VSHUF, T_V32, efgh, abcd, 0, 0, 0, 0xbb);
    ir_ref s = opx(t, IR_VSHUF, T_V32, efgh, abcd, 0, 0, 0, 0x11);
    *hgdc = op3(t, IR_SHA256R, T_V32, old, s, w);
    *feba = op3(t, IR_SHA256R, T_V32, s, *hgdc, op1(t, IR_VHIGH, T_V64, w));
}
bool SHA256H(struct tr *t, const struct SHA256H *f)
{
    ir_ref hgdc, feba;
    sha256_rounds(t, rv(t, T_V32, f->Rd), rv(t, T_V32, f->Rn), rv(t, T_V32, f->Rm), &hgdc, &feba);
    wv(t, f->Rd, opx(t, IR_VSHUF, T_V32, feba, hgdc, 0, 0, 0, 0xbb));
    return true;
}
bool SHA256H2(struct tr *t, const struct SHA256H2 *f)
{
    ir_ref hgdc, feba;
    sha256_rounds(t, rv(t, T_V32, f->Rn), rv(t, T_V32, f->Rd), rv(t, T_V32, f->Rm), &hgdc, &feba);
    wv(t, f->Rd, opx(t, IR_VSHUF, T_V32, feba, hgdc, 0, 0, 0, 0x11));
    return true;
}
bool SHA256SU0(struct tr *t, const struct SHA256SU0 *f)
{
    wv(t, f->Rd, op2(t, IR_SHA256U0, T_V32, rv(t, T_V32, f->Rd), rv(t, T_V32, f->Rn)));
    return true;
}
bool SHA256SU1(struct tr *t, const struct SHA256SU1 *f)
{
    ir_ref m = rv(t, T_V32, f->Rm), older = ext(t, rv(t, T_V32, f->Rn), m, 4);
    wv(t, f->Rd, op2(t, IR_SHA256U1, T_V32, add(t, T_V32, rv(t, T_V32, f->Rd), older), m));
    return true;
}

/* -- SHA-512 -- */

static ir_ref swap(struct tr *t, ir_ref a)
{
    return ext(t, a, a, 8);
}
/* Rotations of 64 bits to the right, added. */
static ir_ref rotations(struct tr *t, ir_ref a, unsigned k, unsigned m, unsigned n)
{
    return xor3(t, rol(t, T_V64, a, 64 - k), rol(t, T_V64, a, 64 - m), rol(t, T_V64, a, 64 - n));
}

/* Both rounds in the upper lane. */
bool SHA512H(struct tr *t, const struct SHA512H *f)
{
    ir_ref x = rv(t, T_V64, f->Rn), y = rv(t, T_V64, f->Rm), w = rv(t, T_V64, f->Rd);
    ir_ref x_low = swap(t, x);
    ir_ref f0 = tern(t, TABLE_CHOOSE, y, x_low, x), s = rotations(t, y, 14, 18, 41);
    ir_ref first = add(t, T_V64, add(t, T_V64, w, f0), s);
    ir_ref e = add(t, T_V64, add(t, T_V64, add(t, T_V64, w, swap(t, y)), f0), s);
    ir_ref second = add(t, T_V64, add(t, T_V64, tern(t, TABLE_CHOOSE, e, y, x_low), swap(t, w)),
                        rotations(t, e, 14, 18, 41));
    wv(t, f->Rd, op2(t, IR_VZIP2, T_V64, second, first));
    return true;
}
/* Both rounds in the lower lane. */
bool SHA512H2(struct tr *t, const struct SHA512H2 *f)
{
    ir_ref x = rv(t, T_V64, f->Rn), y = rv(t, T_V64, f->Rm), w = rv(t, T_V64, f->Rd);
    ir_ref y_high = swap(t, y);
    ir_ref known = add(t, T_V64, tern(t, TABLE_MAJORITY, x, y_high, y), op1(t, IR_VHIGH, T_V64, w));
    ir_ref first = add(t, T_V64, known, rotations(t, y, 28, 34, 39));
    ir_ref second = add(t, T_V64, add(t, T_V64, tern(t, TABLE_MAJORITY, first, y, y_high), w),
                        rotations(t, first, 28, 34, 39));
    wv(t, f->Rd, op2(t, IR_VZIP1, T_V64, second, first));
    return true;
}
bool SHA512SU0(struct tr *t, const struct SHA512SU0 *f)
{
    ir_ref d = rv(t, T_V64, f->Rd), x = ext(t, d, rv(t, T_V64, f->Rn), 8);
    ir_ref sigma = xor3(t, rol(t, T_V64, x, 63), rol(t, T_V64, x, 56), op1i(t, IR_VSHRI, T_V64, x, 7));
    wv(t, f->Rd, add(t, T_V64, d, sigma));
    return true;
}
bool SHA512SU1(struct tr *t, const struct SHA512SU1 *f)
{
    ir_ref x = rv(t, T_V64, f->Rn);
    ir_ref sigma = xor3(t, rol(t, T_V64, x, 45), rol(t, T_V64, x, 3), op1i(t, IR_VSHRI, T_V64, x, 6));
    wv(t, f->Rd, add(t, T_V64, add(t, T_V64, rv(t, T_V64, f->Rd), rv(t, T_V64, f->Rm)), sigma));
    return true;
}

/* -- SHA-3 -- */

bool EOR3(struct tr *t, const struct EOR3 *f)
{
    wv(t, f->Rd, xor3(t, rv(t, T_V64, f->Rn), rv(t, T_V64, f->Rm), rv(t, T_V64, f->Ra)));
    return true;
}
bool BCAX(struct tr *t, const struct BCAX *f)
{
    wv(t, f->Rd, tern(t, TABLE_BCAX, rv(t, T_V64, f->Rn), rv(t, T_V64, f->Rm), rv(t, T_V64, f->Ra)));
    return true;
}
bool RAX1(struct tr *t, const struct RAX1 *f)
{
    wv(t, f->Rd, xor2(t, rv(t, T_V64, f->Rn), rol(t, T_V64, rv(t, T_V64, f->Rm), 1)));
    return true;
}
bool XAR(struct tr *t, const struct XAR *f)
{
    ir_ref v = xor2(t, rv(t, T_V64, f->Rn), rv(t, T_V64, f->Rm));
    wv(t, f->Rd, f->imm6 ? rol(t, T_V64, v, 64 - f->imm6) : v);
    return true;
}

/* -- SM3 -- */

static ir_ref lane(struct tr *t, ir_ref v, unsigned n)
{
    return op1i(t, IR_VDUP, T_V32, v, n);
}
/* v with lane `to` from lane `from` of x. */
static ir_ref insert(struct tr *t, ir_ref v, unsigned to, ir_ref x, unsigned from)
{
    return opx(t, IR_VINS, T_V32, v, x, 0, 0, 0, to | from << 4);
}
static ir_ref rol32(struct tr *t, ir_ref v, unsigned n)
{
    return rol(t, T_V32, v, n);
}

bool SM3SS1(struct tr *t, const struct SM3SS1 *f)
{
    ir_ref sum = add(t, T_V32, rol32(t, rv(t, T_V32, f->Rn), 12), rv(t, T_V32, f->Rm));
    sum = rol32(t, add(t, T_V32, sum, rv(t, T_V32, f->Ra)), 7);
    wv(t, f->Rd, op2(t, IR_AND, T_V64, sum, kvec(t, T_V64, 0, 0xffffffff00000000)));
    return true;
}

struct sm3 {
    unsigned Rm, Rn, Rd, element;
};

/* Lane 3: f(d3, d2, d1) + d0 + w + x; x of lane 3. */
static ir_ref sm3_sum(struct tr *t, const struct sm3 *f, unsigned table, ir_ref d, ir_ref x)
{
    ir_ref v = tern(t, table, d, lane(t, d, 2), lane(t, d, 1));
    ir_ref known = add(t, T_V32, lane(t, d, 0), lane(t, rv(t, T_V32, f->Rm), f->element));
    return add(t, T_V32, add(t, T_V32, v, known), x);
}
/* Rd = d1, d2 rotated, d3, lane 3 of v. */
static bool sm3_step(struct tr *t, const struct sm3 *f, ir_ref d, unsigned n, ir_ref v)
{
    ir_ref r = insert(t, ext(t, d, d, 4), 1, rol32(t, d, n), 2);
    wv(t, f->Rd, insert(t, r, 3, v, 3));
    return true;
}
static bool sm3_tt1(struct tr *t, struct sm3 f, unsigned table)
{
    ir_ref d = rv(t, T_V32, f.Rd), ss2 = xor2(t, rv(t, T_V32, f.Rn), rol32(t, d, 12));
    return sm3_step(t, &f, d, 9, sm3_sum(t, &f, table, d, ss2));
}
static bool sm3_tt2(struct tr *t, struct sm3 f, unsigned table)
{
    ir_ref d = rv(t, T_V32, f.Rd), v = sm3_sum(t, &f, table, d, rv(t, T_V32, f.Rn));
    return sm3_step(t, &f, d, 19, xor3(t, v, rol32(t, v, 9), rol32(t, v, 17)));
}
bool SM3TT1A(struct tr *t, const struct SM3TT1A *f)
{
    return sm3_tt1(t, (struct sm3){f->Rm, f->Rn, f->Rd, f->imm2}, TABLE_XOR);
}
bool SM3TT1B(struct tr *t, const struct SM3TT1B *f)
{
    return sm3_tt1(t, (struct sm3){f->Rm, f->Rn, f->Rd, f->imm2}, TABLE_MAJORITY);
}
bool SM3TT2A(struct tr *t, const struct SM3TT2A *f)
{
    return sm3_tt2(t, (struct sm3){f->Rm, f->Rn, f->Rd, f->imm2}, TABLE_XOR);
}
bool SM3TT2B(struct tr *t, const struct SM3TT2B *f)
{
    return sm3_tt2(t, (struct sm3){f->Rm, f->Rn, f->Rd, f->imm2}, TABLE_CHOOSE);
}

static ir_ref sm3_p1(struct tr *t, ir_ref x)
{
    return xor3(t, x, rol32(t, x, 15), rol32(t, x, 23));
}
/* The fourth word depends on the first one's result; P1 is linear, so what that adds is added afterwards. */
bool SM3PARTW1(struct tr *t, const struct SM3PARTW1 *f)
{
    ir_ref m = ext(t, rol32(t, rv(t, T_V32, f->Rm), 15), zero(t), 4);
    ir_ref r = sm3_p1(t, xor3(t, rv(t, T_V32, f->Rd), rv(t, T_V32, f->Rn), m));
    wv(t, f->Rd, xor2(t, r, sm3_p1(t, ext(t, zero(t), rol32(t, r, 15), 4))));
    return true;
}
bool SM3PARTW2(struct tr *t, const struct SM3PARTW2 *f)
{
    ir_ref v = xor2(t, rv(t, T_V32, f->Rn), rol32(t, rv(t, T_V32, f->Rm), 7));
    ir_ref first = ext(t, zero(t), sm3_p1(t, rol32(t, v, 15)), 4);
    wv(t, f->Rd, xor3(t, rv(t, T_V32, f->Rd), v, first));
    return true;
}

/* -- SM4 -- */

/* Four rounds on state r with keys (or constants) k; the linear step adds what `linear` makes of the S-box. */
static bool sm4_rounds(struct tr *t, unsigned Rd, ir_ref r, ir_ref k,
                       ir_ref (*linear)(struct tr *t, ir_ref s))
{
    for (unsigned i = 0; i < 4; i++) {
        ir_ref x = xor2(t, xor3(t, lane(t, r, 1), lane(t, r, 2), lane(t, r, 3)), lane(t, k, i));
        ir_ref v = linear(t, op1(t, IR_SM4S, T_V8, x));
        r = ext(t, r, xor2(t, v, r), 4);
    }
    wv(t, Rd, r);
    return true;
}
static ir_ref sm4_data(struct tr *t, ir_ref s)
{
    return xor3(t, s, rol32(t, s, 2), xor3(t, rol32(t, s, 10), rol32(t, s, 18), rol32(t, s, 24)));
}
static ir_ref sm4_key(struct tr *t, ir_ref s)
{
    return xor3(t, s, rol32(t, s, 13), rol32(t, s, 23));
}
bool SM4E(struct tr *t, const struct SM4E *f)
{
    return sm4_rounds(t, f->Rd, rv(t, T_V32, f->Rd), rv(t, T_V32, f->Rn), sm4_data);
}
bool SM4EKEY(struct tr *t, const struct SM4EKEY *f)
{
    return sm4_rounds(t, f->Rd, rv(t, T_V32, f->Rn), rv(t, T_V32, f->Rm), sm4_key);
}

/* -- CRC32 -- */

#define CRC32_POLYNOMIAL 0x1db710641        /* x^32 in bit 0 */
#define CRC32_INVERSE    0xb4e5b025f7011641 /* its product with that is 1 modulo 2^64 */

static ir_ref crc32(struct tr *t, ir_ref sum, ir_ref data, unsigned bits)
{
    ir_ref x = op2(t, IR_XOR, T_I64, zext64(t, T_I32, sum), data);
    if (bits < 64)
        x = op2(t, IR_SHL, T_I64, x, k64(t, 64 - bits));
    ir_ref k = kvec(t, T_V64, CRC32_INVERSE, CRC32_POLYNOMIAL);
    ir_ref q = opx(t, IR_CLMUL, T_V64, op1(t, IR_VFROM, T_V64, x), k, 0, 0, 0, 0);
    ir_ref p = opx(t, IR_CLMUL, T_V64, q, k, 0, 0, 0, 0x10);
    ir_ref r = opx(t, IR_VGET, T_I32, p, 0, 0, 2, 0, 2);
    return bits < 32 ? op2(t, IR_XOR, T_I32, r, op2(t, IR_SHR, T_I32, sum, k32(t, bits))) : r;
}

bool CRC32(struct tr *t, const struct CRC32 *f)
{
    if (f->sf != (f->sz == 3))
        return false;
    ir_ref sum = rx(t, T_I32, f->Rn), data = rx(t, T_I64, f->Rm);
    wx(t, T_I32, f->Rd,
       f->C ? opx(t, IR_CRC32C, T_I32, sum, data, 0, f->sz, 0, 0) : crc32(t, sum, data, 8u << f->sz));
    return true;
}
