/* SPDX-License-Identifier: MIT */
/*
 * The encoder of enc_vec.h: VEX in two or three bytes, EVEX in four (Intel SDM vol. 2, 2.3.5 and 2.7.1).
 *
 * All vector lengths are 128 bits or scalar, and masks, broadcasts and embedded rounding are not used: that keeps the EVEX
 * prefix's last byte to one variable bit.  Register fields hold the plain numbers; the prefixes hold them inverted.
 */
#include "dbt/x86/enc_vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct enc_vec_row enc_vec_row[V_COUNT] = {
#define X(name, text, etext, map, pp, op, ext, w, form, n, shape)                                                      \
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
static void prefix_vex(struct enc *e, const struct enc_vec_row *r, unsigned reg, unsigned vvvv, unsigned x, unsigned b)
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

static void prefix_evex(struct enc *e, const struct enc_vec_row *r, unsigned reg, unsigned vvvv, unsigned x, unsigned b)
{
    enc_u8(e, 0x62);
    enc_u8(e, (reg & 8 ? 0 : 0x80) | (x ? 0 : 0x40) | (b ? 0 : 0x20) | (reg & 16 ? 0 : 0x10) | r->map);
    enc_u8(e, (unsigned)(r->w != 0) << 7 | (~vvvv & 15) << 3 | 4 | r->pp);
    enc_u8(e, vvvv & 16 ? 0 : 8);
}

void enc_v(struct enc *e, enum vop op, unsigned reg, unsigned vvvv, xm rm, unsigned imm)
{
    const struct enc_vec_row *r = &enc_vec_row[op];
    if (r->form == 'C' && !rm.mem && rm.n >= 8 && rm.n < 16 && vvvv < 8) {
        unsigned t = vvvv;
        vvvv = rm.n;
        rm.n = (uint8_t)t;
    }
    bool high = (reg | vvvv | (rm.mem ? 0u : rm.n)) & 16;
    bool evex = high || r->form == 'E';
    if (high && r->form == 'V') {
        fprintf(stderr, "xrun: enc_v: %s with registers %u %u %u\n", r->text, reg, vvvv, rm.n);
        abort();
    }
    unsigned x = rm.mem ? mem_x(rm.m) : rm.n >> 4 & 1;
    unsigned b = rm.mem ? mem_b(rm.m) : rm.n >> 3 & 1;
    if (evex)
        prefix_evex(e, r, reg, vvvv, x, b);
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
