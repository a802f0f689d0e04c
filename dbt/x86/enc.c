/* SPDX-License-Identifier: MIT */
/*
 * Encoder for general registers: see enc.h.  Intel SDM vol. 2, chapter 2 (prefixes, ModRM, SIB, VEX, EVEX).
 *
 * Everything comes down to head() (prefixes, REX, opcode) followed by a ModRM of two registers or of a
 * register and a memory operand, or to vex()/evex() followed by the same.  An opcode is written as in the
 * manual, the mandatory prefix and 0F included: 0xf30fb8 is popcnt.
 */
#include "dbt/x86/enc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void enc_reserve(struct enc *e, uint32_t n)
{
    if (e->size + n <= e->cap)
        return;
    uint32_t cap = e->cap ? e->cap * 2 : 4096;
    while (cap < e->size + n)
        cap *= 2;
    uint8_t *p = realloc(e->buf, cap);
    if (!p) {
        fputs("xrun: out of memory\n", stderr);
        abort();
    }
    e->buf = p;
    e->cap = cap;
}

void enc_u16(struct enc *e, uint32_t v)
{
    enc_u8(e, v & 0xff);
    enc_u8(e, v >> 8 & 0xff);
}

void enc_u32(struct enc *e, uint32_t v)
{
    enc_reserve(e, 4);
    memcpy(e->buf + e->size, &v, 4);
    e->size += 4;
}

void enc_u64(struct enc *e, uint64_t v)
{
    enc_u32(e, (uint32_t)v);
    enc_u32(e, (uint32_t)(v >> 32));
}

static void imm(struct enc *e, unsigned w, int32_t v)
{
    if (w == 1)
        enc_u8(e, (uint8_t)v);
    else if (w == 2)
        enc_u16(e, (uint16_t)v);
    else
        enc_u32(e, (uint32_t)v);
}

static bool fits8(int64_t v)
{
    return v == (int8_t)v;
}

static void rip_add(struct enc *e, uint32_t pool, unsigned tail)
{
    if (e->rip_count == e->rip_cap) {
        e->rip_cap = e->rip_cap ? e->rip_cap * 2 : 32;
        e->rip = realloc(e->rip, e->rip_cap * sizeof *e->rip);
        if (!e->rip)
            abort();
    }
    e->rip[e->rip_count++] = (struct enc_rip){e->size, e->size + 4 + tail, pool};
}

void enc_modrm_mem(struct enc *e, unsigned reg, struct x86_mem m, unsigned tail, unsigned disp8)
{
    unsigned r = (reg & 7) << 3;
    if (m.base == MEM_RIP) {
        enc_u8(e, r | 5);
        rip_add(e, (uint32_t)m.disp, tail);
        enc_u32(e, 0);
        return;
    }
    if (m.base == MEM_NONE) {
        enc_u8(e, r | 4);
        enc_u8(e, (unsigned)m.scale << 6 | (m.index == MEM_NONE ? 4u : m.index & 7u) << 3 | 5);
        enc_u32(e, (uint32_t)m.disp);
        return;
    }
    int32_t d8 = m.disp / (int32_t)disp8;
    bool fits = m.disp % (int32_t)disp8 == 0 && fits8(d8);
    unsigned mod = m.disp == 0 && (m.base & 7) != 5 ? 0 : fits ? 1 : 2;
    if (m.index == MEM_NONE && (m.base & 7) != 4) {
        enc_u8(e, mod << 6 | r | (m.base & 7u));
    } else {
        enc_u8(e, mod << 6 | r | 4);
        enc_u8(e, (unsigned)m.scale << 6 | (m.index == MEM_NONE ? 4u : m.index & 7u) << 3 | (m.base & 7u));
    }
    if (mod == 1)
        enc_u8(e, (uint8_t)d8);
    else if (mod == 2)
        enc_u32(e, (uint32_t)m.disp);
}

/* Room for the longest instruction, so that its bytes go out unchecked. */
static uint8_t *begin(struct enc *e)
{
    if (e->size + 16 > e->cap)
        enc_reserve(e, 16);
    return e->buf + e->size;
}
static void end(struct enc *e, const uint8_t *p)
{
    e->size = (uint32_t)(p - e->buf);
}

static void head(struct enc *e, unsigned w, unsigned reg, unsigned x, unsigned b, bool force, unsigned op)
{
    uint8_t *p = begin(e);
    if (w == 2)
        *p++ = 0x66;
    if (op > 0xffff)
        *p++ = (uint8_t)(op >> 16);
    unsigned rex = 0x40u | (unsigned)(w == 8) << 3 | (reg >> 3 & 1) << 2 | x << 1 | b;
    if (rex != 0x40 || force)
        *p++ = (uint8_t)rex;
    if ((op >> 8 & 0xff) == 0x0f)
        *p++ = 0x0f;
    *p++ = (uint8_t)op;
    end(e, p);
}

/* Two registers; low8: the byte registers spl.. need a REX prefix (else they would be ah..). */
static void op_rr(struct enc *e, unsigned w, unsigned op, unsigned reg, unsigned rm)
{
    head(e, w, reg, 0, rm >> 3 & 1, w == 1 && ((reg & 12) == 4 || (rm & 12) == 4), op);
    enc_modrm_reg(e, reg, rm);
}

static void op_rm(struct enc *e, unsigned w, unsigned op, unsigned reg, struct x86_mem m, unsigned tail)
{
    head(e, w, reg, mem_x(m), mem_b(m), w == 1 && (reg & 12) == 4, op);
    enc_modrm_mem(e, reg, m, tail, 1);
}

/* A digit in the reg field: never a byte register there. */
static void op_dr(struct enc *e, unsigned w, unsigned op, unsigned digit, unsigned rm)
{
    head(e, w, 0, 0, rm >> 3 & 1, w == 1 && (rm & 12) == 4, op);
    enc_modrm_reg(e, digit, rm);
}

static void op_dm(struct enc *e, unsigned w, unsigned op, unsigned digit, struct x86_mem m, unsigned tail)
{
    head(e, w, 0, mem_x(m), mem_b(m), false, op);
    enc_modrm_mem(e, digit, m, tail, 1);
}

/* -- moves -- */

void enc_mov(struct enc *e, unsigned w, gpr d, gpr s)
{
    op_rr(e, w, 0x89, s.n, d.n);
}

void enc_mov_imm(struct enc *e, gpr d, uint64_t v)
{
    if (v == (uint32_t)v) {
        if (d.n >= 8)
            enc_u8(e, 0x41);
        enc_u8(e, 0xb8 | (d.n & 7u));
        enc_u32(e, (uint32_t)v);
    } else if ((int64_t)v == (int32_t)v) {
        op_dr(e, 8, 0xc7, 0, d.n);
        enc_u32(e, (uint32_t)v);
    } else {
        enc_u8(e, 0x48 | (unsigned)(d.n >= 8));
        enc_u8(e, 0xb8 | (d.n & 7u));
        enc_u64(e, v);
    }
}

void enc_load(struct enc *e, unsigned w, gpr d, struct x86_mem m)
{
    op_rm(e, w, 0x8b, d.n, m, 0);
}

void enc_movzx_mem(struct enc *e, unsigned from, gpr d, struct x86_mem m)
{
    if (from == 4)
        enc_load(e, 4, d, m);
    else
        op_rm(e, 4, from == 1 ? 0x0fb6 : 0x0fb7, d.n, m, 0);
}

void enc_movsx_mem(struct enc *e, unsigned w, unsigned from, gpr d, struct x86_mem m)
{
    op_rm(e, w, from == 1 ? 0x0fbe : from == 2 ? 0x0fbf : 0x63, d.n, m, 0);
}

void enc_movzx(struct enc *e, unsigned from, gpr d, gpr s)
{
    if (from == 4) {
        enc_mov(e, 4, d, s);
        return;
    }
    head(e, 4, d.n, 0, s.n >> 3, from == 1 && (s.n & 12) == 4, from == 1 ? 0x0fb6 : 0x0fb7);
    enc_modrm_reg(e, d.n, s.n);
}

void enc_movsx(struct enc *e, unsigned w, unsigned from, gpr d, gpr s)
{
    head(e, w, d.n, 0, s.n >> 3, from == 1 && (s.n & 12) == 4,
         from == 1   ? 0x0fbe
         : from == 2 ? 0x0fbf
                     : 0x63);
    enc_modrm_reg(e, d.n, s.n);
}

void enc_store(struct enc *e, unsigned w, struct x86_mem m, gpr s)
{
    op_rm(e, w, w == 1 ? 0x88 : 0x89, s.n, m, 0);
}

void enc_store_imm(struct enc *e, unsigned w, struct x86_mem m, int32_t v)
{
    op_dm(e, w, w == 1 ? 0xc6 : 0xc7, 0, m, w == 8 ? 4 : w);
    imm(e, w, v);
}

void enc_lea(struct enc *e, unsigned w, gpr d, struct x86_mem m)
{
    op_rm(e, w, 0x8d, d.n, m, 0);
}
void enc_prefetch(struct enc *e, unsigned level, struct x86_mem m)
{
    op_dm(e, 4, 0x0f18, level, m, 0);
}
void enc_prefetchw(struct enc *e, struct x86_mem m)
{
    op_dm(e, 4, 0x0f0d, 1, m, 0);
}
void enc_xchg_mem(struct enc *e, unsigned w, gpr r, struct x86_mem m)
{
    op_rm(e, w, w == 1 ? 0x86 : 0x87, r.n, m, 0);
}

void enc_push(struct enc *e, gpr r)
{
    if (r.n >= 8)
        enc_u8(e, 0x41);
    enc_u8(e, 0x50 | (r.n & 7u));
}

void enc_pop(struct enc *e, gpr r)
{
    if (r.n >= 8)
        enc_u8(e, 0x41);
    enc_u8(e, 0x58 | (r.n & 7u));
}

void enc_push_imm(struct enc *e, int32_t v)
{
    enc_u8(e, 0x68);
    enc_u32(e, (uint32_t)v);
}

static void flags_begin(struct enc *e)
{
    e->flags_gen++;
    e->flags_at = e->size;
}

/* -- arithmetic -- */

void enc_alu(struct enc *e, enum alu op, unsigned w, gpr d, gpr s)
{
    flags_begin(e);
    op_rr(e, w, (unsigned)op << 3 | (w != 1), s.n, d.n);
    e->flags_end = e->size;
}

void enc_alu_imm(struct enc *e, enum alu op, unsigned w, gpr d, int32_t v)
{
    flags_begin(e);
    if (w == 1) {
        op_dr(e, w, 0x80, op, d.n);
        enc_u8(e, (uint8_t)v);
    } else if (fits8(v)) {
        op_dr(e, w, 0x83, op, d.n);
        enc_u8(e, (uint8_t)v);
    } else {
        op_dr(e, w, 0x81, op, d.n);
        imm(e, w, v);
    }
    e->flags_end = e->size;
}

void enc_alu_load(struct enc *e, enum alu op, unsigned w, gpr d, struct x86_mem m)
{
    flags_begin(e);
    op_rm(e, w, (unsigned)op << 3 | 2 | (w != 1), d.n, m, 0);
    e->flags_end = e->size;
}

void enc_alu_store(struct enc *e, enum alu op, unsigned w, struct x86_mem m, gpr s)
{
    e->flags_gen++;
    op_rm(e, w, (unsigned)op << 3 | (w != 1), s.n, m, 0);
}

void enc_alu_store_imm(struct enc *e, enum alu op, unsigned w, struct x86_mem m, int32_t v)
{
    flags_begin(e);
    if (w == 1 || fits8(v)) {
        op_dm(e, w, w == 1 ? 0x80 : 0x83, op, m, 1);
        enc_u8(e, (uint8_t)v);
    } else {
        op_dm(e, w, 0x81, op, m, w == 2 ? 2 : 4);
        imm(e, w, v);
    }
    e->flags_end = e->size;
}

void enc_test(struct enc *e, unsigned w, gpr a, gpr b)
{
    flags_begin(e);
    op_rr(e, w, w == 1 ? 0x84 : 0x85, b.n, a.n);
    e->flags_end = e->size;
}

void enc_test_imm(struct enc *e, unsigned w, gpr a, int32_t v)
{
    flags_begin(e);
    op_dr(e, w, w == 1 ? 0xf6 : 0xf7, 0, a.n);
    imm(e, w, v);
    e->flags_end = e->size;
}

void enc_test_mem_imm(struct enc *e, unsigned w, struct x86_mem m, int32_t v)
{
    flags_begin(e);
    op_dm(e, w, w == 1 ? 0xf6 : 0xf7, 0, m, w == 8 ? 4 : w);
    imm(e, w, v);
    e->flags_end = e->size;
}

void enc_unary(struct enc *e, enum unary op, unsigned w, gpr r)
{
    if (op != UN_NOT)
        e->flags_gen++;
    op_dr(e, w, w == 1 ? 0xf6 : 0xf7, op, r.n);
}

void enc_imul(struct enc *e, unsigned w, gpr d, gpr s)
{
    e->flags_gen++;
    op_rr(e, w, 0x0faf, d.n, s.n);
}

void enc_imul_load(struct enc *e, unsigned w, gpr d, struct x86_mem m)
{
    e->flags_gen++;
    op_rm(e, w, 0x0faf, d.n, m, 0);
}

void enc_imul_imm(struct enc *e, unsigned w, gpr d, gpr s, int32_t v)
{
    e->flags_gen++;
    op_rr(e, w, fits8(v) ? 0x6b : 0x69, d.n, s.n);
    imm(e, fits8(v) ? 1 : 4, v);
}

void enc_cqo(struct enc *e, unsigned w)
{
    if (w == 8)
        enc_u8(e, 0x48);
    enc_u8(e, 0x99);
}

void enc_shift_imm(struct enc *e, enum shift op, unsigned w, gpr d, unsigned n)
{
    e->flags_gen++;
    op_dr(e, w, n == 1 ? 0xd1 : 0xc1, op, d.n);
    if (n != 1)
        enc_u8(e, n);
}

void enc_shift_cl(struct enc *e, enum shift op, unsigned w, gpr d)
{
    e->flags_gen++;
    op_dr(e, w, 0xd3, op, d.n);
}

void enc_shrd_imm(struct enc *e, unsigned w, gpr d, gpr s, unsigned n)
{
    e->flags_gen++;
    op_rr(e, w, 0x0fac, s.n, d.n);
    enc_u8(e, n);
}

void enc_bt_imm(struct enc *e, unsigned w, gpr r, unsigned bit)
{
    e->flags_gen++;
    op_dr(e, w, 0x0fba, 4, r.n);
    enc_u8(e, bit);
}

void enc_bswap(struct enc *e, unsigned w, gpr r)
{
    head(e, w, 0, 0, r.n >> 3, false, 0x0fc8 | (r.n & 7u));
}

void enc_setcc(struct enc *e, enum x86_cc cc, gpr d)
{
    op_dr(e, 1, 0x0f90 | cc, 0, d.n);
}

void enc_cmov(struct enc *e, enum x86_cc cc, unsigned w, gpr d, gpr s)
{
    op_rr(e, w, 0x0f40 | cc, d.n, s.n);
}

void enc_crc32(struct enc *e, unsigned w, gpr d, gpr s)
{
    if (w == 2)
        enc_u8(e, 0x66);
    enc_u8(e, 0xf2);
    unsigned rex = 0x40u | (unsigned)(w == 8) << 3 | (d.n >> 3 & 1u) << 2 | (s.n >> 3 & 1u);
    if (rex != 0x40 || (w == 1 && s.n >= 4))
        enc_u8(e, rex);
    enc_u8(e, 0x0f);
    enc_u8(e, 0x38);
    enc_u8(e, w == 1 ? 0xf0 : 0xf1);
    enc_modrm_reg(e, d.n, s.n);
}

void enc_count(struct enc *e, enum count op, unsigned w, gpr d, gpr s)
{
    e->flags_gen++;
    op_rr(e, w, 0xf30f00 | op, d.n, s.n);
}

/* -- VEX -- */

/* pp: 0 none, 1 66, 2 F3, 3 F2; map: 1 0F, 2 0F38, 3 0F3A; x, b: extension bits of the r/m operand; 128 bits. */
static void vex(struct enc *e, unsigned map, unsigned pp, unsigned w1, unsigned reg, unsigned v, unsigned x,
                unsigned b, unsigned op)
{
    unsigned r = reg >> 3 & 1;
    if (map == 1 && !w1 && !x && !b) {
        enc_u8(e, 0xc5);
        enc_u8(e, (r ^ 1) << 7 | (v ^ 15) << 3 | pp);
    } else {
        enc_u8(e, 0xc4);
        enc_u8(e, (r ^ 1) << 7 | (x ^ 1) << 6 | (b ^ 1) << 5 | map);
        enc_u8(e, w1 << 7 | (v ^ 15) << 3 | pp);
    }
    enc_u8(e, op);
}

/* The same for xmm16..31: x and b as in VEX for memory; for a register r/m, x is bit 4 of its number. */
static void evex(struct enc *e, unsigned map, unsigned pp, unsigned w1, unsigned reg, unsigned x, unsigned b,
                 unsigned op)
{
    enc_u8(e, 0x62);
    enc_u8(e, (~reg >> 3 & 1) << 7 | (x ^ 1) << 6 | (b ^ 1) << 5 | (~reg >> 4 & 1) << 4 | map);
    enc_u8(e, w1 << 7 | 15u << 3 | 4 | pp);
    enc_u8(e, 0x08);
    enc_u8(e, op);
}

static void bmi(struct enc *e, unsigned map, unsigned pp, unsigned w, unsigned op, gpr reg, gpr v, gpr rm)
{
    vex(e, map, pp, w == 8, reg.n, v.n, 0, rm.n >> 3, op);
    enc_modrm_reg(e, reg.n, rm.n);
}

void enc_shlx(struct enc *e, unsigned w, gpr d, gpr s, gpr n)
{
    bmi(e, 2, 1, w, 0xf7, d, n, s);
}
void enc_sarx(struct enc *e, unsigned w, gpr d, gpr s, gpr n)
{
    bmi(e, 2, 2, w, 0xf7, d, n, s);
}
void enc_shrx(struct enc *e, unsigned w, gpr d, gpr s, gpr n)
{
    bmi(e, 2, 3, w, 0xf7, d, n, s);
}

void enc_rorx(struct enc *e, unsigned w, gpr d, gpr s, unsigned n)
{
    bmi(e, 3, 3, w, 0xf0, d, RAX, s);
    enc_u8(e, n);
}

void enc_andn(struct enc *e, unsigned w, gpr d, gpr not_a, gpr b)
{
    e->flags_gen++;
    bmi(e, 2, 0, w, 0xf2, d, not_a, b);
}

void enc_mulx(struct enc *e, unsigned w, gpr hi, gpr lo, gpr s)
{
    bmi(e, 2, 3, w, 0xf6, hi, lo, s);
}

/* -- locked -- */

void enc_lock_alu(struct enc *e, enum alu op, unsigned w, struct x86_mem m, gpr s)
{
    enc_u8(e, 0xf0);
    enc_alu_store(e, op, w, m, s);
}

void enc_lock_alu_imm(struct enc *e, enum alu op, unsigned w, struct x86_mem m, int32_t v)
{
    enc_u8(e, 0xf0);
    enc_alu_store_imm(e, op, w, m, v);
}

void enc_lock_xadd(struct enc *e, unsigned w, struct x86_mem m, gpr s)
{
    e->flags_gen++;
    enc_u8(e, 0xf0);
    op_rm(e, w, w == 1 ? 0x0fc0 : 0x0fc1, s.n, m, 0);
}

void enc_lock_cmpxchg(struct enc *e, unsigned w, struct x86_mem m, gpr s)
{
    e->flags_gen++;
    enc_u8(e, 0xf0);
    op_rm(e, w, w == 1 ? 0x0fb0 : 0x0fb1, s.n, m, 0);
}

void enc_lock_cmpxchg16b(struct enc *e, struct x86_mem m)
{
    e->flags_gen++;
    enc_u8(e, 0xf0);
    op_dm(e, 8, 0x0fc7, 1, m, 0);
}

/* -- control and flags -- */

static uint32_t rel32(struct enc *e)
{
    enc_u32(e, 0);
    return e->size - 4;
}

uint32_t enc_jmp(struct enc *e)
{
    enc_u8(e, 0xe9);
    return rel32(e);
}

uint32_t enc_jcc(struct enc *e, enum x86_cc cc)
{
    enc_u8(e, 0x0f);
    enc_u8(e, 0x80u | cc);
    return rel32(e);
}

uint32_t enc_call(struct enc *e)
{
    enc_u8(e, 0xe8);
    return rel32(e);
}

uint32_t enc_jmp8(struct enc *e)
{
    enc_u8(e, 0xeb);
    enc_u8(e, 0);
    return e->size - 1;
}

uint32_t enc_jcc8(struct enc *e, enum x86_cc cc)
{
    enc_u8(e, 0x70u | cc);
    enc_u8(e, 0);
    return e->size - 1;
}

static void patch8(struct enc *e, uint32_t at, int32_t d)
{
    if (!fits8(d)) {
        fputs("xrun: internal error: short branch out of reach\n", stderr);
        abort();
    }
    e->buf[at] = (uint8_t)d;
}

/* What EFLAGS hold where paths meet is not known. */
void enc_land8(struct enc *e, uint32_t at)
{
    e->flags_gen++;
    e->flags_end = 0;
    patch8(e, at, (int32_t)(e->size - at - 1));
}

void enc_back8(struct enc *e, uint32_t at, uint32_t to)
{
    patch8(e, at, (int32_t)(to - at - 1));
}

void enc_jmp_mem(struct enc *e, struct x86_mem m)
{
    op_dm(e, 4, 0xff, 4, m, 0);
}
void enc_call_mem(struct enc *e, struct x86_mem m)
{
    op_dm(e, 4, 0xff, 2, m, 0);
}
void enc_jmp_reg(struct enc *e, gpr r)
{
    op_dr(e, 4, 0xff, 4, r.n);
}
void enc_ret(struct enc *e)
{
    enc_u8(e, 0xc3);
}
void enc_lahf(struct enc *e)
{
    enc_u8(e, 0x9f);
}

void enc_sahf(struct enc *e)
{
    e->flags_gen++;
    enc_u8(e, 0x9e);
}

void enc_cmc(struct enc *e)
{
    e->flags_gen++;
    enc_u8(e, 0xf5);
}

void enc_stc(struct enc *e)
{
    e->flags_gen++;
    enc_u8(e, 0xf9);
}

void enc_nop(struct enc *e, unsigned n)
{
    static const uint8_t nop[10][9] = {
        {0},
        {0x90},
        {0x66, 0x90},
        {0x0f, 0x1f, 0x00},
        {0x0f, 0x1f, 0x40, 0x00},
        {0x0f, 0x1f, 0x44, 0x00, 0x00},
        {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
        {0x0f, 0x1f, 0x80, 0, 0, 0, 0},
        {0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0},
        {0x66, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0},
    };
    while (n) {
        unsigned k = n > 9 ? 9 : n;
        for (unsigned i = 0; i < k; i++)
            enc_u8(e, nop[k][i]);
        n -= k;
    }
}

unsigned enc_pad32(const struct enc *e, unsigned opcode_bytes)
{
    unsigned at = (e->size + opcode_bytes) & 7;
    return at <= 4 ? 0 : 8 - at;
}

void enc_align_jcc(struct enc *e)
{
    unsigned pad = enc_pad32(e, 2);
    uint32_t at = e->flags_at, len = e->size - at;
    if (!pad || e->flags_end != e->size || len > 15 || !e->size) {
        enc_nop(e, pad);
        return;
    }
    uint8_t insn[16];
    memcpy(insn, e->buf + at, len);
    e->size = at;
    enc_nop(e, pad);
    enc_reserve(e, 16);
    memcpy(e->buf + e->size, insn, len);
    e->size += len;
    for (uint32_t k = e->rip_count; k-- > 0 && e->rip[k].at >= at;) {
        e->rip[k].at += pad;
        e->rip[k].end += pad;
    }
}

void enc_mxcsr(struct enc *e, bool store, struct x86_mem m)
{
    vex(e, 1, 0, 0, 0, 0, mem_x(m), mem_b(m), 0xae);
    enc_modrm_mem(e, store ? 3 : 2, m, 0, 1);
}

/* -- whole xmm registers -- */

void enc_xmm_mov(struct enc *e, xmm d, xmm s)
{
    if (d.n >= 16 || s.n >= 16) {
        evex(e, 1, 0, 0, d.n, s.n >> 4 & 1, s.n >> 3 & 1, 0x28);
        enc_modrm_reg(e, d.n, s.n);
    } else if (s.n >= 8 && d.n < 8) {
        vex(e, 1, 0, 0, s.n, 0, 0, 0, 0x29);
        enc_modrm_reg(e, s.n, d.n);
    } else {
        vex(e, 1, 0, 0, d.n, 0, 0, s.n >> 3, 0x28);
        enc_modrm_reg(e, d.n, s.n);
    }
}

static void xmm_mem(struct enc *e, unsigned bytes, unsigned op, unsigned reg, struct x86_mem m)
{
    unsigned pp = bytes == 16 ? 0 : bytes == 8 ? 3 : 2;
    if (reg >= 16) {
        evex(e, 1, pp, bytes == 8, reg, mem_x(m), mem_b(m), op);
        enc_modrm_mem(e, reg, m, 0, bytes);
    } else {
        vex(e, 1, pp, 0, reg, 0, mem_x(m), mem_b(m), op);
        enc_modrm_mem(e, reg, m, 0, 1);
    }
}

void enc_xmm_load(struct enc *e, unsigned bytes, xmm d, struct x86_mem m)
{
    xmm_mem(e, bytes, 0x10, d.n, m);
}
void enc_xmm_store(struct enc *e, unsigned bytes, struct x86_mem m, xmm s)
{
    xmm_mem(e, bytes, 0x11, s.n, m);
}

static void xmm_gpr(struct enc *e, unsigned w, unsigned op, xmm x, gpr g)
{
    if (x.n >= 16)
        evex(e, 1, 1, w == 8, x.n, 0, g.n >> 3, op);
    else
        vex(e, 1, 1, w == 8, x.n, 0, 0, g.n >> 3, op);
    enc_modrm_reg(e, x.n, g.n);
}

void enc_xmm_from(struct enc *e, unsigned w, xmm d, gpr s)
{
    xmm_gpr(e, w, 0x6e, d, s);
}
void enc_xmm_to(struct enc *e, unsigned w, gpr d, xmm s)
{
    xmm_gpr(e, w, 0x7e, s, d);
}
