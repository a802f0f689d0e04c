/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD modified immediate (Arm ARM C4.1.96; AdvSIMDExpandImm): eight bits abcdefgh, placed, repeated
 * and perhaps inverted as op and cmode say.  The patterns tell the cases of cmode apart.
 */
#include "dbt/a64/simd.h"

#include "a64_decode.h"

#define BYTE(f) ((f)->abc << 5 | (f)->defgh)

static bool move(struct tr *t, unsigned Q, unsigned Rd, uint64_t v)
{
    wv(t, Rd, kvec(t, T_V64, v, Q ? v : 0));
    return true;
}

static bool set_bits(struct tr *t, unsigned Q, unsigned Rd, uint64_t v)
{
    wvq(t, Q, Rd, op2(t, IR_OR, T_V64, rv(t, T_V64, Rd), kvec(t, T_V64, v, v)));
    return true;
}
static bool clear_bits(struct tr *t, unsigned Q, unsigned Rd, uint64_t v)
{
    wv(t, Rd, op2(t, IR_AND, T_V64, rv(t, T_V64, Rd), kvec(t, T_V64, ~v, Q ? ~v : 0)));
    return true;
}

static uint64_t imm32(unsigned byte, unsigned shift)
{
    return lane_repeat(2, (uint64_t)byte << (8 * shift));
}
static uint64_t imm16(unsigned byte, unsigned shift)
{
    return lane_repeat(1, (uint64_t)byte << (8 * shift));
}
/* Shifted left with ones coming in, by 8 or 16. */
static uint64_t imm_ones(unsigned byte, unsigned shift)
{
    return lane_repeat(2, shift ? (uint64_t)byte << 16 | 0xffff : (uint64_t)byte << 8 | 0xff);
}
/* Each bit makes a byte of zeroes or ones. */
static uint64_t imm_bytes(unsigned byte)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 8; i++)
        v |= byte >> i & 1 ? UINT64_C(0xff) << (8 * i) : 0;
    return v;
}

bool MOVI_32(struct tr *t, const struct MOVI_32 *f)
{
    return move(t, f->Q, f->Rd, imm32(BYTE(f), f->shift));
}
bool MVNI_32(struct tr *t, const struct MVNI_32 *f)
{
    return move(t, f->Q, f->Rd, ~imm32(BYTE(f), f->shift));
}
bool MOVI_16(struct tr *t, const struct MOVI_16 *f)
{
    return move(t, f->Q, f->Rd, imm16(BYTE(f), f->shift));
}
bool MVNI_16(struct tr *t, const struct MVNI_16 *f)
{
    return move(t, f->Q, f->Rd, ~imm16(BYTE(f), f->shift));
}
bool MOVI_ones(struct tr *t, const struct MOVI_ones *f)
{
    return move(t, f->Q, f->Rd, imm_ones(BYTE(f), f->shift));
}
bool MVNI_ones(struct tr *t, const struct MVNI_ones *f)
{
    return move(t, f->Q, f->Rd, ~imm_ones(BYTE(f), f->shift));
}
bool MOVI_8(struct tr *t, const struct MOVI_8 *f)
{
    return move(t, f->Q, f->Rd, lane_repeat(0, BYTE(f)));
}
bool MOVI_64(struct tr *t, const struct MOVI_64 *f)
{
    return move(t, f->Q, f->Rd, imm_bytes(BYTE(f)));
}

bool ORR_32i(struct tr *t, const struct ORR_32i *f)
{
    return set_bits(t, f->Q, f->Rd, imm32(BYTE(f), f->shift));
}
bool ORR_16i(struct tr *t, const struct ORR_16i *f)
{
    return set_bits(t, f->Q, f->Rd, imm16(BYTE(f), f->shift));
}
bool BIC_32i(struct tr *t, const struct BIC_32i *f)
{
    return clear_bits(t, f->Q, f->Rd, imm32(BYTE(f), f->shift));
}
bool BIC_16i(struct tr *t, const struct BIC_16i *f)
{
    return clear_bits(t, f->Q, f->Rd, imm16(BYTE(f), f->shift));
}

/* A floating-point number: sign a, exponent NOT(b):b..b:cd, fraction efgh (VFPExpandImm). */
static uint64_t fp_imm(unsigned byte, unsigned exp_bits, unsigned frac_bits)
{
    uint64_t b = byte >> 6 & 1;
    uint64_t exp = (b ? (UINT64_C(1) << (exp_bits - 3)) - 1 : 0) << 2 | (byte >> 4 & 3);
    exp |= (b ^ 1) << (exp_bits - 1);
    uint64_t sign = byte >> 7;
    return ((sign << exp_bits | exp) << frac_bits) | (uint64_t)(byte & 15) << (frac_bits - 4);
}
bool FMOV_16i(struct tr *t, const struct FMOV_16i *f)
{
    return move(t, f->Q, f->Rd, lane_repeat(1, fp_imm(BYTE(f), 5, 10)));
}
bool FMOV_32i(struct tr *t, const struct FMOV_32i *f)
{
    return move(t, f->Q, f->Rd, lane_repeat(2, fp_imm(BYTE(f), 8, 23)));
}
bool FMOV_64i(struct tr *t, const struct FMOV_64i *f)
{
    return move(t, 1, f->Rd, fp_imm(BYTE(f), 11, 52));
}
