/* SPDX-License-Identifier: MIT */
/*
 * Rotation, functions of three bits, shuffles, and the steps of AES, SHA-1, SHA-256, SM4, CRC-32C and of products
 * without carries.
 *
 * Written after the standards' own definitions (FIPS 197, FIPS 180-4, GB/T 32907), byte by byte and round by
 * round, and not after any processor's instructions: it judges the back end, which uses those.  AES's S-box is
 * computed from its definition, because a table of 256 numbers shows no mistake; SM4's is given by the standard
 * as a table, but is the same inversion between two affine maps, in the field of x^8 + x^7 + x^6 + x^5 + x^4 +
 * x^2 + 1.  The tables are made at the first use; two threads that make them at once write the same bytes.
 */
#include "dbt/ir/eval_internal.h"

static uint32_t rol32(uint32_t x, unsigned n)
{
    return n % 32 ? x << n % 32 | x >> (32 - n % 32) : x;
}
static uint32_t ror32(uint32_t x, unsigned n)
{
    return rol32(x, 32 - n);
}
static uint8_t rol8(uint8_t x, unsigned n)
{
    return (uint8_t)(x << n | x >> (8 - n));
}

/* -- fields of 256 elements: a polynomial of degree 8 as a number */

enum { FIELD_AES = 0x11b, FIELD_SM4 = 0x1f5 };

static uint8_t field_mul(unsigned field, uint8_t a, uint8_t b)
{
    unsigned r = 0;
    for (unsigned k = 8; k-- > 0;) {
        r <<= 1;
        r ^= r & 0x100 ? field : 0;
        r ^= b >> k & 1 ? a : 0;
    }
    return (uint8_t)r;
}

/* x to the 254th power, which is 1 / x, and 0 for 0. */
static uint8_t field_invert(unsigned field, uint8_t x)
{
    uint8_t r = 1, p = x;
    for (unsigned k = 1; k < 8; k++) {
        p = field_mul(field, p, p);
        r = field_mul(field, r, p);
    }
    return r;
}

static uint8_t aes_sbox(uint8_t x)
{
    uint8_t v = field_invert(FIELD_AES, x);
    return v ^ rol8(v, 1) ^ rol8(v, 2) ^ rol8(v, 3) ^ rol8(v, 4) ^ 0x63;
}

static uint8_t sm4_affine(uint8_t x)
{
    static const uint8_t column[8] = {0xcb, 0x97, 0x2f, 0x5e, 0xbc, 0x79, 0xf2, 0xe5};
    uint8_t r = 0xd3;
    for (unsigned k = 0; k < 8; k++)
        r ^= x >> k & 1 ? column[k] : 0;
    return r;
}

static struct {
    uint8_t aes[2][256]; /* forwards, backwards */
    uint8_t sm4[256];
    bool made;
} sbox;

static void sbox_make(void)
{
    if (__atomic_load_n(&sbox.made, __ATOMIC_ACQUIRE))
        return;
    for (unsigned x = 0; x < 256; x++) {
        uint8_t y = aes_sbox((uint8_t)x);
        sbox.aes[0][x] = y;
        sbox.aes[1][y] = (uint8_t)x;
        sbox.sm4[x] = sm4_affine(field_invert(FIELD_SM4, sm4_affine((uint8_t)x)));
    }
    __atomic_store_n(&sbox.made, true, __ATOMIC_RELEASE);
}

/* -- AES: byte r + 4 c of a vector is row r, column c of the state */

static union vec aes_mix(const union vec *a, bool inverse)
{
    static const uint8_t factor[2][4] = {{2, 3, 1, 1}, {14, 11, 13, 9}};
    union vec r;
    for (unsigned k = 0; k < 16; k++) {
        uint8_t x = 0;
        for (unsigned j = 0; j < 4; j++)
            x ^= field_mul(FIELD_AES, factor[inverse][j], a->u8[(k & ~3u) | ((k + j) & 3)]);
        r.u8[k] = x;
    }
    return r;
}

static union vec aes_round(const struct ir_insn *i, const union vec *a, const union vec *b)
{
    bool inverse = i->cc & 1;
    union vec r;
    sbox_make();
    for (unsigned k = 0; k < 16; k++) {
        unsigned row = k & 3, column = inverse ? k / 4 - row : k / 4 + row;
        r.u8[k] = sbox.aes[inverse][a->u8[row + 4 * (column & 3)]];
    }
    if (i->cc & 2)
        r = aes_mix(&r, inverse);
    for (unsigned k = 0; k < 2; k++)
        r.u64[k] ^= b->u64[k];
    return r;
}

/* -- SHA-1 and SHA-256 */

static union vec sha1_rounds(unsigned cc, const union vec *a, uint32_t e, const union vec *w)
{
    union vec s = *a;
    for (unsigned k = 0; k < 4; k++) {
        uint32_t x = s.u32[1], y = s.u32[2], z = s.u32[3];
        uint32_t f = cc == 0 ? (x & y) | (~x & z) : cc == 1 ? x ^ y ^ z : (x & y) | (x & z) | (y & z);
        uint32_t t = rol32(s.u32[0], 5) + f + e + w->u32[k];
        e = z;
        s = (union vec){.u32 = {t, s.u32[0], rol32(x, 30), y}};
    }
    return s;
}

static union vec sha256_rounds(const union vec *hgdc, const union vec *feba, const union vec *w)
{
    uint32_t h = hgdc->u32[0], g = hgdc->u32[1], d = hgdc->u32[2], c = hgdc->u32[3];
    uint32_t f = feba->u32[0], e = feba->u32[1], b = feba->u32[2], a = feba->u32[3];
    for (unsigned k = 0; k < 2; k++) {
        uint32_t t1 = h + (ror32(e, 6) ^ ror32(e, 11) ^ ror32(e, 25)) + ((e & f) ^ (~e & g)) + w->u32[k];
        uint32_t t2 = (ror32(a, 2) ^ ror32(a, 13) ^ ror32(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    return (union vec){.u32 = {f, e, b, a}};
}

static union vec sha256_schedule0(const union vec *a, const union vec *b)
{
    union vec r;
    for (unsigned k = 0; k < 4; k++) {
        uint32_t x = k < 3 ? a->u32[k + 1] : b->u32[0];
        r.u32[k] = a->u32[k] + (ror32(x, 7) ^ ror32(x, 18) ^ x >> 3);
    }
    return r;
}

static union vec sha256_schedule1(const union vec *a, const union vec *b)
{
    union vec r;
    for (unsigned k = 0; k < 4; k++) {
        uint32_t x = k < 2 ? b->u32[k + 2] : r.u32[k - 2];
        r.u32[k] = a->u32[k] + (ror32(x, 17) ^ ror32(x, 19) ^ x >> 10);
    }
    return r;
}

/* -- the others */

static union vec clmul(uint64_t a, uint64_t b)
{
    u128 r = 0;
    for (; b; b &= b - 1)
        r ^= (u128)a << __builtin_ctzll(b);
    return (union vec){.u64 = {(uint64_t)r, (uint64_t)(r >> 64)}};
}

/* The polynomial 0x1edc6f41, reflected. */
static uint32_t crc32c(uint32_t sum, uint64_t data, unsigned bytes)
{
    for (unsigned k = 0; k < bytes; k++) {
        sum ^= (uint32_t)(data >> 8 * k & 0xff);
        for (unsigned bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0x82f63b78 : 0);
    }
    return sum;
}

static union vec rotate(const struct ir_insn *i, const union vec *a)
{
    unsigned size = ir_lane_size(i->type), bits = 8u << size, n = (unsigned)i->imm % bits;
    uint64_t ones = ~(uint64_t)0 >> (64 - bits);
    union vec r = {.u64 = {0, 0}};
    for (unsigned k = 0; k < 16u >> size; k++) {
        unsigned at = k * bits % 64;
        uint64_t x = a->u64[k * bits / 64] >> at & ones;
        r.u64[k * bits / 64] |= ((x << n | (n ? x >> (bits - n) : 0)) & ones) << at;
    }
    return r;
}

static union vec three_bits(unsigned table, const union vec io[4])
{
    union vec r = {.u64 = {0, 0}};
    for (unsigned row = 0; row < 8; row++) {
        for (unsigned k = 0; k < 2 && table >> row & 1; k++) {
            uint64_t a = io[1].u64[k], b = io[2].u64[k], c = io[3].u64[k];
            r.u64[k] |= (row & 4 ? a : ~a) & (row & 2 ? b : ~b) & (row & 1 ? c : ~c);
        }
    }
    return r;
}

static union vec shuffle(unsigned imm, const union vec *a, const union vec *b)
{
    return (union vec){
        .u32 = {a->u32[imm & 3], a->u32[imm >> 2 & 3], b->u32[imm >> 4 & 3], b->u32[imm >> 6 & 3]}};
}

static union vec sm4_sub(const union vec *a)
{
    union vec r;
    sbox_make();
    for (unsigned k = 0; k < 16; k++)
        r.u8[k] = sbox.sm4[a->u8[k]];
    return r;
}

void eval_crypto(const struct ir_insn *i, union vec io[4])
{
    const union vec *a = &io[1], *b = &io[2];
    switch (i->op) {
    case IR_VROLI: io[0] = rotate(i, a); break;
    case IR_VTERN: io[0] = three_bits((unsigned)i->imm, io); break;
    case IR_VSHUF: io[0] = shuffle((unsigned)i->imm, a, b); break;
    case IR_CLMUL: io[0] = clmul(a->u64[i->imm & 1], b->u64[i->imm >> 4 & 1]); break;
    case IR_AES: io[0] = aes_round(i, a, b); break;
    case IR_AESMIX: io[0] = aes_mix(a, i->cc); break;
    case IR_SHA1R: io[0] = sha1_rounds(i->cc, a, b->u32[0], &io[3]); break;
    case IR_SHA256R: io[0] = sha256_rounds(a, b, &io[3]); break;
    case IR_SHA256U0: io[0] = sha256_schedule0(a, b); break;
    case IR_SHA256U1: io[0] = sha256_schedule1(a, b); break;
    case IR_SM4S: io[0] = sm4_sub(a); break;
    default: io[0] = (union vec){.u32 = {crc32c(a->u32[0], b->u64[0], 1u << i->size)}}; break;
    }
}
