/* SPDX-License-Identifier: MIT */
/*
 * The encoder of enc_vec.h: VEX in two or three bytes, EVEX in four (Intel SDM vol. 2, 2.3.5 and 2.7.1).
 *
 * All vector lengths are 128 bits or scalar; broadcasts are not used, embedded rounding only to nearest, and of masks
 * only k7 zeroes (enc_v_low_lane), the others merge: that keeps the EVEX prefix's last byte simple.  Register fields hold the
 * plain numbers; the prefixes hold them inverted.
 */
#include "dbt/x86/enc_vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct enc_vec_row enc_vec_row[V_COUNT] = {
#define X(name, text, etext, map, pp, op, ext, w, form, n, shape)                                            \
    {text, etext, map, pp, op, ext, w, n, form, shape},
    ENC_VEC_OPS(X)
#undef X
};

static bool row_has_imm(const struct enc_vec_row *r)
{
    char last = r->shape[strlen(r->shape) - 1];
    return last == 'i' || last == 's';
}

/* Two bytes if that is enough: only vvvv, R and pp can be said in them. */
static void prefix_vex(struct enc *e, const struct enc_vec_row *r, unsigned reg, unsigned vvvv, unsigned x,
                       unsigned b)
{
    unsigned w = r->w == 1;
    unsigned last = (~vvvv & 15) << 3 | r->pp;
    if (r->map == 1 && !w && !x && !b) {
        enc_u8(e, 0xc5);
        enc_u8(e, (reg & 8 ? 0 : 0x80) | last);
        return;
    }
    enc_u8(e, 0xc4);
    enc_u8(e, (reg & 8 ? 0 : 0x80) | (x ? 0 : 0x40) | (b ? 0 : 0x20) | r->map);
    enc_u8(e, w << 7 | last);
}

static void prefix_evex(struct enc *e, const struct enc_vec_row *r, unsigned reg, unsigned vvvv, unsigned x,
                        unsigned b, unsigned mask)
{
    enc_u8(e, 0x62);
    enc_u8(e, (reg & 8 ? 0 : 0x80) | (x ? 0 : 0x40) | (b ? 0 : 0x20) | (reg & 16 ? 0 : 0x10) | r->map);
    enc_u8(e, (unsigned)(r->w != 0) << 7 | (~vvvv & 15) << 3 | 4 | r->pp);
    enc_u8(e, mask | (vvvv & 16 ? 0 : 8));
}

/* mask: the EVEX prefix's zeroing bit, b and mask register. */
static void emit(struct enc *e, enum vop op, unsigned reg, unsigned vvvv, xm rm, unsigned imm, unsigned mask)
{
    const struct enc_vec_row *r = &enc_vec_row[op];
    if (r->form == 'C' && !mask && !rm.mem && rm.n >= 8 && rm.n < 16 && vvvv < 8) {
        unsigned t = vvvv;
        vvvv = rm.n;
        rm.n = (uint8_t)t;
    }
    bool high = (reg | vvvv | (rm.mem ? 0u : rm.n)) & 16;
    bool evex = high || mask || r->form == 'E';
    if (evex && r->form == 'V') {
        fprintf(stderr, "xrun: enc_v: %s with registers %u %u %u\n", r->text, reg, vvvv, rm.n);
        abort();
    }
    unsigned x = rm.mem ? mem_x(rm.m) : rm.n >> 4 & 1;
    unsigned b = rm.mem ? mem_b(rm.m) : rm.n >> 3 & 1;
    if (evex)
        prefix_evex(e, r, reg, vvvv, x, b, mask);
    else
        prefix_vex(e, r, reg, vvvv, x, b);
    enc_u8(e, r->op);
    bool has_imm = row_has_imm(r);
    if (rm.mem)
        enc_modrm_mem(e, reg & 7, rm.m, has_imm, evex ? r->n : 1);
    else
        enc_modrm_reg(e, reg, rm.n);
    if (has_imm)
        enc_u8(e, imm & 0xff);
}

void enc_v(struct enc *e, enum vop op, unsigned reg, unsigned vvvv, xm rm, unsigned imm)
{
    emit(e, op, reg, vvvv, rm, imm, 0);
}

void enc_v_low_lane(struct enc *e, enum vop op, unsigned reg, unsigned vvvv, xm rm, unsigned imm)
{
    emit(e, op, reg, vvvv, rm, imm, 0x87);
}

void enc_v_masked(struct enc *e, enum vop op, unsigned k, unsigned reg, unsigned vvvv, xm rm, unsigned imm)
{
    emit(e, op, reg, vvvv, rm, imm, k);
}

void enc_v_silent(struct enc *e, enum vop op, unsigned reg, unsigned vvvv, xmm rm)
{
    enum { ROUND_TO_NEAREST = 0x10 };
    emit(e, op, reg, vvvv, xm_reg(rm), 0, ROUND_TO_NEAREST);
}

void enc_k(struct enc *e, enum enc_k op, unsigned d, unsigned a, unsigned b)
{
    enc_u8(e, 0xc5);
    enc_u8(e, 0x85u | (~a & 15) << 3); /* 256 bits, 66 */
    enc_u8(e, op);
    enc_modrm_reg(e, d, b);
}

void enc_sha(struct enc *e, enum enc_sha op, xmm d, xmm s, unsigned imm)
{
    unsigned rex = 0x40u | (d.n >> 3 & 1u) << 2 | (s.n >> 3 & 1u);
    if (rex != 0x40)
        enc_u8(e, rex);
    enc_u8(e, 0x0f);
    enc_u8(e, op >> 8);
    enc_u8(e, op & 0xff);
    enc_modrm_reg(e, d.n, s.n);
    if (op == SHA_1RNDS4)
        enc_u8(e, imm);
}

void enc_v_lane0(struct enc *e)
{
    static const uint8_t code[] = {0xc5, 0xc5, 0x46, 0xff,              /* kxnorb k7, k7, k7 */
                                   0xc4, 0xe3, 0x79, 0x30, 0xff, 0x07}; /* kshiftrb k7, k7, 7 */
    for (size_t k = 0; k < sizeof code; k++)
        enc_u8(e, code[k]);
}
