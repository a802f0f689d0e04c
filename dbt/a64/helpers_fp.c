/* SPDX-License-Identifier: MIT */
/*
 * Floating point in C: FPCR and FPSR, the estimates and their Newton steps, round-to-odd.
 *
 * MXCSR is the guest's while a helper runs: RC is FPCR.RMode, FTZ and DAZ are FPCR.FZ, the sticky bits are
 * FPSR's, and the invalid exception is unmasked.  So nothing here computes with host floating
 * point: estimates are integer code after the manual's pseudocode (shared/functions/float: FPRecipEstimate,
 * RecipEstimate, FPRSqrtEstimate, RecipSqrtEstimate, FPRecpX, FPRecipStepFused, FPRSqrtStepFused, FPMulX,
 * FPRoundBase), and what is arithmetic goes through ir_eval_op.  Setting a sticky bit whose exception is
 * unmasked traps nothing: x86 traps only when an instruction detects the condition.
 *
 * Where the truth is: outside of translated code (signal frames, ptrace) cpu->mxcsr, which a64_fpsr_read,
 * a64_fpsr_write and a64_fpcr_write use; inside, in helpers, the register, which the a64_helper_* forms copy
 * to and fro.
 *
 * With FPCR.AH, DAZ is FPCR.FIZ, and nothing of this is computed by the host (FP_AH).  Estimates, their steps and what
 * narrows to BFloat16 then flush to zero, round to the nearest and raise nothing: they run under an MXCSR that says so.
 *
 * Lanes and sizes of a helper's operands come in its parameter, see fp_lanes() in fp.h.
 */
#include "dbt/a64/feature.h"
#include "dbt/a64/fp.h"
#include "dbt/ir/eval_soft.h"

#include <immintrin.h>
#include <string.h>

#define X(name) helper_fn a64_helper_##name;
#include "dbt/a64/helpers.h"
#undef X

/* -- FPCR and FPSR ------------------------------------------------------------------------------ */

/*
 * MXCSR's denormal bit means FPSR.IDC while FPCR.FZ or AH is set: the host does not set it then, eval_fp.c does.
 * While both are clear the host sets it for its own reasons.  So it moves to its cell whenever they may change.
 */
static void idc_settle(struct cpu *cpu)
{
    if (cpu->mxcsr & MXCSR_DE && cpu->a64.fpcr & (FPCR_FZ | FPCR_AH))
        cpu->a64.fpsr |= FPSR_IDC;
    cpu->mxcsr &= ~MXCSR_DE;
}

uint32_t a64_fp_asked;

/*
 * What translations must honour from now on, by what this thread asks for, or another one has asked for already: the front
 * end makes code for that at once.  With FZ, MXCSR gives the right results, but other flags: no IDC, and IXC besides UFC; and
 * without it, no UFC for what is tiny before it is rounded only.  Programs do not look, so that is left as it is until one
 * does: until it reads or writes FPSR.
 *
 * MXCSR is that of the new mode at once: nothing computes until there is code for it, because who calls this goes on behind a
 * poll or in the run loop.
 */
static void fp_mode_settle(struct cpu *cpu, bool fpsr_used)
{
    uint32_t v = cpu->a64.fpcr;
    uint32_t asked = __atomic_load_n(&a64_fp_asked, __ATOMIC_RELAXED);
    uint32_t mode = cpu->fp_mode | asked | (v & (FPCR_FZ | FPCR_FIZ) ? FP_FZ : 0u) |
                    (v & FPCR_DN ? FP_DN : 0u) | (v & FPCR_AHP ? FP_AHP : 0u) |
                    (v & FPCR_FZ16 ? FP_FZ16 : 0u) | (v & FPCR_AH ? FP_AH : 0u) |
                    (v & FPCR_NEP ? FP_NEP : 0u) | (fpsr_used ? FP_FLAGS : 0u);
    if (mode != cpu->fp_mode) {
        cpu->fp_mode = mode;
        __atomic_fetch_or(&a64_fp_asked, mode, __ATOMIC_RELAXED);
        __atomic_fetch_or(&cpu->poll, POLL_CORE, __ATOMIC_SEQ_CST);
    }
    cpu->mxcsr = fp_mxcsr(cpu->mxcsr, cpu->fp_fz, mode);
}

void a64_fpcr_write(struct cpu *cpu, uint32_t v)
{
    static const uint32_t rounding[4] = {0x0000, 0x4000, 0x2000, 0x6000}; /* RN, RP, RM, RZ */
    idc_settle(cpu);
    v &= FPCR_AHP | FPCR_DN | FPCR_FZ | FPCR_RMODE | (a64_has(FEAT_FP16) ? FPCR_FZ16 : 0) |
         (a64_has(FEAT_EBF16) ? FPCR_EBF : 0) | (a64_has(FEAT_AFP) ? FPCR_NEP | FPCR_AH | FPCR_FIZ : 0);
    bool flushes = v & FPCR_FZ && !(v & FPCR_AH);
    cpu->a64.fpcr = v;
    cpu->a64.nep.u64[0] = cpu->a64.nep.u64[1] = v & FPCR_NEP ? ~(uint64_t)0 : 0;
    cpu->fp_fz = flushes ? 1 : 0;
    cpu->fp_ah = v & FPCR_AH ? 1 : 0;
    cpu->fp_dn = v & FPCR_DN ? 1 : 0;
    cpu->fp_ahp = v & FPCR_AHP ? 1 : 0;
    cpu->fp_fz16 = v & FPCR_FZ16 ? 1 : 0;
    cpu->mxcsr = (cpu->mxcsr & MXCSR_STICKY) | MXCSR_GUEST | rounding[v >> 22 & 3] |
                 (v & FPCR_FZ ? MXCSR_FTZ : 0) | (flushes || v & FPCR_FIZ ? MXCSR_DAZ : 0);
    fp_mode_settle(cpu, false);
}

/* IOC and IE are at the bottom; x86's DE (bit 1) pushes the other four up by one. */
uint32_t a64_fpsr_read(struct cpu *cpu)
{
    idc_settle(cpu);
    uint32_t found = (cpu->fp_invalid ? MXCSR_IE : 0) | (cpu->fp_underflow ? MXCSR_UE : 0);
    uint32_t m = cpu->mxcsr | found, qc = cpu->a64.qc.u64[0] | cpu->a64.qc.u64[1] ? FPSR_QC : 0;
    if (cpu->fp_denormal)
        cpu->a64.fpsr |= FPSR_IDC;
    return cpu->a64.fpsr | qc | (m & MXCSR_IE) | (m >> 1 & 0x1e);
}

void a64_fpsr_write(struct cpu *cpu, uint32_t v)
{
    cpu->a64.fpsr = v & FPSR_IDC;
    cpu->a64.qc.u64[0] = cpu->a64.qc.u64[1] = v & FPSR_QC ? ~(uint64_t)0 : 0;
    cpu->fp_invalid = v & FPSR_IOC;
    cpu->fp_underflow = cpu->fp_denormal = 0;
    cpu->mxcsr = (cpu->mxcsr & ~MXCSR_STICKY) | (v & 0x1e) << 1; /* IE is never set */
    fp_mode_settle(cpu, false);
}

void a64_helper_fpcr_write(struct cpu *cpu, union vec io[4])
{
    cpu->mxcsr = _mm_getcsr();
    a64_fpcr_write(cpu, io[1].u32[0]);
    _mm_setcsr(cpu->mxcsr);
}

void a64_helper_fpsr_read(struct cpu *cpu, union vec io[4])
{
    cpu->mxcsr = _mm_getcsr();
    io[0].u64[0] = a64_fpsr_read(cpu);
    fp_mode_settle(cpu, true);
    _mm_setcsr(cpu->mxcsr);
}

void a64_helper_fpsr_write(struct cpu *cpu, union vec io[4])
{
    cpu->mxcsr = _mm_getcsr();
    a64_fpsr_write(cpu, io[1].u32[0]);
    fp_mode_settle(cpu, true);
    _mm_setcsr(cpu->mxcsr);
}

unsigned a64_quiet_begin(const struct cpu *cpu)
{
    if (!cpu->fp_ah)
        return 0;
    unsigned csr = _mm_getcsr();
    _mm_setcsr(MXCSR_GUEST | MXCSR_FTZ | MXCSR_DAZ);
    return csr | (cpu->fp_invalid ? MXCSR_IE : 0);
}

void a64_quiet_end(struct cpu *cpu, unsigned csr)
{
    if (!cpu->fp_ah)
        return;
    cpu->fp_invalid = csr & MXCSR_IE;
    _mm_setcsr(csr & ~MXCSR_IE);
}

static void fp_raise(uint32_t sticky)
{
    _mm_setcsr(_mm_getcsr() | sticky | (sticky & MXCSR_PE ? MXCSR_PM : 0));
}

/* -- numbers as bits ---------------------------------------------------------------------------- */

struct num {
    unsigned sz;
    bool sign;
    unsigned exp;  /* biased */
    uint64_t frac; /* without the implicit bit */
    bool nan, inf, zero;
};

static uint64_t fp_pack(unsigned sz, bool sign, unsigned exp, uint64_t frac)
{
    return (sign ? fp_sign(fp_size(sz)) : 0) | (uint64_t)exp << fp_frac_bits(fp_size(sz)) | frac;
}
static uint64_t fp_inf(unsigned sz, bool sign)
{
    return fp_pack(sz, sign, fp_emax(sz), 0);
}

/* Whether tiny operands, or results, count as zeroes: `how` is DAZ, or FTZ. */
static bool fp_flushes(const struct cpu *cpu, unsigned sz, unsigned how)
{
    return sz == FP_HALF ? cpu->fp_fz16 : _mm_getcsr() & how;
}

/* FPUnpack: denormal numbers that are flushed are reported, but not those of half precision. */
static struct num fp_unpack(struct cpu *cpu, unsigned sz, uint64_t bits)
{
    unsigned m = fp_frac_bits(fp_size(sz));
    struct num n = {.sz = sz,
                    .sign = bits & fp_sign(fp_size(sz)),
                    .exp = (unsigned)(bits >> m) & fp_emax(sz),
                    .frac = bits & (((uint64_t)1 << m) - 1)};
    if (n.exp == 0 && n.frac && fp_flushes(cpu, sz, MXCSR_DAZ)) {
        cpu->a64.fpsr |= sz != FP_HALF && cpu->fp_fz ? FPSR_IDC : 0;
        n.frac = 0;
    }
    n.nan = n.exp == fp_emax(sz) && n.frac;
    n.inf = n.exp == fp_emax(sz) && !n.frac;
    n.zero = n.exp == 0 && !n.frac;
    return n;
}

/* FPProcessNaN */
static uint64_t fp_nan(struct cpu *cpu, unsigned sz, uint64_t bits)
{
    struct fp f = {.default_nan = cpu->fp_dn, .alternate = cpu->fp_ah};
    uint64_t r = fp_process_nan(&f, fp_size(sz), bits);
    if (f.flags & FP_INVALID)
        cpu->fp_invalid = 1;
    return r;
}

static uint64_t fp_eval(struct cpu *cpu, enum ir_op op, unsigned cc, unsigned sz, uint64_t a, uint64_t b,
                        uint64_t c)
{
    union vec io[4];
    memset(io, 0, sizeof io);
    io[1].u64[0] = a, io[2].u64[0] = b, io[3].u64[0] = c;
    ir_eval_op(
        &(struct ir_insn){
            .op = (uint8_t)op, .type = (uint8_t)fscalar(sz), .cc = (uint8_t)cc, .a = 1, .b = 2, .c = 3},
        NULL, cpu, io);
    return fp_lane(&io[0], fp_size(sz), 0);
}

/* FCMP; the parameter is log2 of the bytes, and 4 if it is signalling.  NZCV where FPSR has it. */
void a64_helper_fcmp(struct cpu *cpu, union vec io[4])
{
    unsigned size = io[0].u64[0] & 3, signalling = io[0].u64[0] >> 2 & 1;
    ir_eval_op(
        &(struct ir_insn){
            .op = IR_FLFCMP, .type = (uint8_t)ir_float_type(size), .cc = (uint8_t)signalling, .a = 1, .b = 2},
        NULL, cpu, io);
    io[0].u64[0] <<= 28;
}

/* -- lane by lane ------------------------------------------------------------------------------- */

typedef uint64_t lane_fn(struct cpu *cpu, unsigned sz, uint64_t a, uint64_t b);

static inline __attribute__((always_inline)) void each_lane_of(struct cpu *cpu, unsigned sz, union vec io[4],
                                                               lane_fn *f)
{
    unsigned size = fp_size(sz), count = (unsigned)(io[0].u64[0] >> 2);
    union vec r = {.u64 = {0, 0}};
    for (unsigned i = 0; i < count; i++)
        fp_set_lane(&r, size, i, f(cpu, sz, fp_lane(&io[1], size, i), fp_lane(&io[2], size, i)));
    io[0] = r;
}
/* One loop for each size: what the lanes' functions do with ordinary numbers becomes part of it. */
static inline __attribute__((always_inline)) void each_lane(struct cpu *cpu, union vec io[4], lane_fn *f)
{
    switch (io[0].u64[0] & 3) {
    case FP_SINGLE: each_lane_of(cpu, FP_SINGLE, io, f); break;
    case FP_DOUBLE: each_lane_of(cpu, FP_DOUBLE, io, f); break;
    default: each_lane_of(cpu, FP_HALF, io, f); break;
    }
}

/* The same of what with FPCR.AH knows no other modes and raises nothing. */
static inline __attribute__((always_inline)) void each_lane_quietly(struct cpu *cpu, union vec io[4],
                                                                    lane_fn *f)
{
    unsigned csr = a64_quiet_begin(cpu);
    each_lane(cpu, io, f);
    a64_quiet_end(cpu, csr);
}

static bool inf_times_zero(const struct num *a, const struct num *b)
{
    return (a->inf && b->zero) || (a->zero && b->inf);
}

static uint64_t lane_fmulx(struct cpu *cpu, unsigned sz, uint64_t a, uint64_t b)
{
    struct num x = fp_unpack(cpu, sz, a), y = fp_unpack(cpu, sz, b);
    if (inf_times_zero(&x, &y))
        return fp_pack(sz, x.sign != y.sign, 0, fpower(sz, 1));
    return fp_eval(cpu, IR_FMUL, 0, sz, a, b, 0);
}
void a64_helper_fmulx(struct cpu *cpu, union vec io[4])
{
    each_lane(cpu, io, lane_fmulx);
}

/* 2 - a*b, rounded once */
static uint64_t lane_frecps(struct cpu *cpu, unsigned sz, uint64_t a, uint64_t b)
{
    struct num x = fp_unpack(cpu, sz, a), y = fp_unpack(cpu, sz, b);
    if (inf_times_zero(&x, &y))
        return fpower(sz, 1);
    return fp_eval(cpu, IR_FMA, 1, sz, a, b, fpower(sz, 1));
}
void a64_helper_frecps(struct cpu *cpu, union vec io[4])
{
    each_lane_quietly(cpu, io, lane_frecps);
}

/*
 * (3 - a*b) / 2, rounded once, as 1.5 - (a/2)*b.  The operand of larger magnitude is the one to halve: if
 * even that is too small to be halved exactly, then the product is nothing but a sign beside 1.5, and needs
 * no halving.
 */
static uint64_t lane_frsqrts(struct cpu *cpu, unsigned sz, uint64_t a, uint64_t b)
{
    struct num x = fp_unpack(cpu, sz, a), y = fp_unpack(cpu, sz, b);
    unsigned m = fp_frac_bits(fp_size(sz));
    uint64_t k = fpower(sz, 0) | (uint64_t)1 << (m - 1), half = (uint64_t)1 << m;
    if (inf_times_zero(&x, &y))
        return k;
    if (x.exp < fp_emax(sz) && y.exp < fp_emax(sz)) {
        if (x.exp >= y.exp && x.exp > 1)
            a -= half;
        else if (y.exp > x.exp && y.exp > 1)
            b -= half;
    }
    return fp_eval(cpu, IR_FMA, 1, sz, a, b, k);
}
void a64_helper_frsqrts(struct cpu *cpu, union vec io[4])
{
    each_lane_quietly(cpu, io, lane_frsqrts);
}

/* -- estimates ---------------------------------------------------------------------------------- */

/* RecipEstimate: a in 256..511 stands for a/512; the result is in 256..511. */
static unsigned recip_estimate(unsigned a)
{
    return ((1u << 19) / (a * 2 + 1) + 1) / 2;
}

/* RecipSqrtEstimate: a in 128..511; the result is in 256..511. */
static unsigned recip_sqrt_estimate(unsigned a)
{
    a = a < 256 ? a * 2 + 1 : ((a >> 1 << 1) + 1) * 2;
    /* The largest with a * b * b < 2^28, found bit by bit: programs take roots this way in loops. */
    unsigned b = 512;
    for (unsigned bit = 256; bit; bit >>= 1)
        if (a * (b | bit) * (b | bit) < 1u << 28)
            b |= bit;
    return (b + 1) / 2;
}

/* Are the estimates of this precision those of 12 bits (FEAT_RPRES)? */
static bool fp_finer(const struct cpu *cpu, unsigned sz)
{
    return sz == FP_SINGLE && cpu->fp_ah && a64_has(FEAT_RPRES);
}

/* RecipEstimate: a in 2048..4095 stands for a/4096; the result is in 4096..8191. */
static unsigned recip_estimate_fine(unsigned a)
{
    return ((1u << 26) / (a * 2 + 1) + 1) / 2;
}

/*
 * RecipSqrtEstimate: a in 1024..4095 stands for a/4096; the result is in 4096..8191.  The manual rounds a square root
 * to 53 bits and divides by it; the largest b with a * b * b < 2^39, and half of it rounded up, is the same number for
 * each a.
 */
static unsigned recip_sqrt_estimate_fine(unsigned a)
{
    a = a < 2048 ? a * 2 + 1 : ((a >> 1 << 1) + 1) * 2;
    uint64_t b = 0;
    for (uint64_t bit = 8192; bit; bit >>= 1)
        if (a * (b | bit) * (b | bit) < (uint64_t)1 << 39)
            b |= bit;
    return (unsigned)(b + 1) / 2;
}

/* The reciprocal of a number below 2^-128 (2^-1024): infinity or the largest number. */
static uint64_t recip_overflow(struct cpu *cpu, const struct num *n)
{
    fp_raise(MXCSR_OE | MXCSR_PE);
    unsigned mode = cpu->fp_ah ? 0 : cpu->a64.fpcr >> 22 & 3;
    bool to_inf = mode == 0 || (mode == 1 && !n->sign) || (mode == 2 && n->sign);
    return fp_inf(n->sz, n->sign) - (to_inf ? 0 : 1);
}

static uint64_t frecpe_general(struct cpu *cpu, unsigned sz, uint64_t a)
{
    struct num n = fp_unpack(cpu, sz, a);
    unsigned m = fp_frac_bits(fp_size(sz));
    if (n.nan)
        return fp_nan(cpu, sz, a);
    if (n.inf)
        return fp_pack(sz, n.sign, 0, 0);
    if (n.zero) {
        fp_raise(MXCSR_ZE);
        return fp_inf(sz, n.sign);
    }
    if (n.exp == 0 && n.frac < (uint64_t)1 << (m - 2))
        return recip_overflow(cpu, &n);
    if (n.exp >= fp_emax(sz) - 2 && fp_flushes(cpu, sz, MXCSR_FTZ)) {
        fp_raise(MXCSR_UE);
        return fp_pack(sz, n.sign, 0, 0);
    }
    uint64_t frac = n.frac << (52 - m);
    int exp = (int)n.exp;
    if (exp == 0) {
        bool far = !(frac >> 51 & 1);
        exp = far ? -1 : 0;
        frac = frac << (far ? 2 : 1) & (((uint64_t)1 << 52) - 1);
    }
    int rexp = (int)(fp_emax(sz) - 2) - exp;
    uint64_t rfrac = fp_finer(cpu, sz)
                         ? (uint64_t)(recip_estimate_fine(2048 | (unsigned)(frac >> 41)) & 4095) << 40
                         : (uint64_t)(recip_estimate(256 | (unsigned)(frac >> 44)) & 255) << 44;
    if (rexp <= 0) {
        rfrac = ((uint64_t)1 << 52 | rfrac) >> (1 - rexp);
        rexp = 0;
    }
    return fp_pack(sz, n.sign, (unsigned)rexp, rfrac >> (52 - m));
}
/* Of what is normal and has a normal estimate at once. */
static inline uint64_t lane_frecpe(struct cpu *cpu, unsigned sz, uint64_t a, uint64_t b)
{
    (void)b;
    unsigned m = fp_frac_bits(fp_size(sz)), exp = (unsigned)(a >> m) & fp_emax(sz);
    if (exp - 1 >= fp_emax(sz) - 3 || fp_finer(cpu, sz))
        return frecpe_general(cpu, sz, a);
    uint64_t rfrac = recip_estimate(256 | (unsigned)(a >> (m - 8) & 255)) & 255;
    return fp_pack(sz, a & fp_sign(fp_size(sz)), fp_emax(sz) - 2 - exp, rfrac << (m - 8));
}
void a64_helper_frecpe(struct cpu *cpu, union vec io[4])
{
    each_lane_quietly(cpu, io, lane_frecpe);
}

/* Of the exponents: that of the number and twice that of its estimate. */
static int frsqrte_sum(unsigned sz)
{
    return (int)(fp_emax(sz) / 2 * 3) - 1;
}
static uint64_t frsqrte_general(struct cpu *cpu, unsigned sz, uint64_t a)
{
    struct num n = fp_unpack(cpu, sz, a);
    unsigned m = fp_frac_bits(fp_size(sz));
    if (n.nan)
        return fp_nan(cpu, sz, a);
    if (n.zero) {
        fp_raise(MXCSR_ZE);
        return fp_inf(sz, n.sign);
    }
    if (n.sign) {
        cpu->fp_invalid = 1;
        return fp_default_nan(&(struct fp){.alternate = cpu->fp_ah}, fp_size(sz));
    }
    if (n.inf)
        return 0;
    uint64_t frac = n.frac << (52 - m);
    int exp = (int)n.exp;
    if (exp == 0) {
        int up = __builtin_clzll(frac) - 12;
        exp = -up;
        frac = frac << (up + 1) & (((uint64_t)1 << 52) - 1);
    }
    int rexp = (frsqrte_sum(sz) - exp) / 2;
    unsigned odd = exp & 1, fine = fp_finer(cpu, sz) ? 3 : 0; /* so many more bits of the operand */
    unsigned scaled = 256u << fine >> odd | (unsigned)(frac >> (44 - fine + odd));
    if (fine)
        return fp_pack(sz, false, (unsigned)rexp,
                       (uint64_t)(recip_sqrt_estimate_fine(scaled) & 4095) << (m - 12));
    return fp_pack(sz, false, (unsigned)rexp, (uint64_t)(recip_sqrt_estimate(scaled) & 255) << (m - 8));
}
/* Of what is normal and positive at once. */
static inline uint64_t lane_frsqrte(struct cpu *cpu, unsigned sz, uint64_t a, uint64_t b)
{
    (void)b;
    unsigned m = fp_frac_bits(fp_size(sz)), exp = (unsigned)(a >> m); /* with the sign */
    if (exp - 1 >= fp_emax(sz) - 1 || fp_finer(cpu, sz))
        return frsqrte_general(cpu, sz, a);
    unsigned scaled = (256 | (unsigned)(a >> (m - 8) & 255)) >> (exp & 1);
    return fp_pack(sz, false, (unsigned)(frsqrte_sum(sz) - (int)exp) / 2,
                   (uint64_t)(recip_sqrt_estimate(scaled) & 255) << (m - 8));
}
void a64_helper_frsqrte(struct cpu *cpu, union vec io[4])
{
    each_lane_quietly(cpu, io, lane_frsqrte);
}

static uint64_t lane_frecpx(struct cpu *cpu, unsigned sz, uint64_t a, uint64_t b)
{
    (void)b;
    struct num n = fp_unpack(cpu, sz, a);
    if (n.nan)
        return fp_nan(cpu, sz, a);
    return fp_pack(sz, n.sign, n.exp ? fp_emax(sz) ^ n.exp : fp_emax(sz) - 1, 0);
}
void a64_helper_frecpx(struct cpu *cpu, union vec io[4])
{
    each_lane_quietly(cpu, io, lane_frecpx);
}

static uint64_t lane_urecpe(struct cpu *cpu, unsigned sz, uint64_t a, uint64_t b)
{
    (void)cpu, (void)sz, (void)b;
    return a >> 31 ? (uint64_t)recip_estimate((unsigned)(a >> 23)) << 23 : 0xffffffff;
}
void a64_helper_urecpe(struct cpu *cpu, union vec io[4])
{
    each_lane(cpu, io, lane_urecpe);
}

static uint64_t lane_ursqrte(struct cpu *cpu, unsigned sz, uint64_t a, uint64_t b)
{
    (void)cpu, (void)sz, (void)b;
    return a >> 30 ? (uint64_t)recip_sqrt_estimate((unsigned)(a >> 23)) << 23 : 0xffffffff;
}
void a64_helper_ursqrte(struct cpu *cpu, union vec io[4])
{
    each_lane(cpu, io, lane_ursqrte);
}

/* -- double to single, rounding to odd ---------------------------------------------------------- */

static uint32_t fcvtxn(struct cpu *cpu, uint64_t a)
{
    struct num n = fp_unpack(cpu, FP_DOUBLE, a);
    uint32_t sign = (uint32_t)n.sign << 31;
    if (n.nan) {
        uint64_t nan = fp_nan(cpu, FP_DOUBLE, a);
        return (uint32_t)(nan >> 32 & 0x80000000) | 0x7f800000 | (uint32_t)(nan >> 29 & 0x7fffff);
    }
    if (n.inf || n.zero)
        return sign | (n.inf ? 0x7f800000 : 0);
    if (n.exp == 0 && cpu->fp_ah)
        fp_raise(MXCSR_DE);
    int exp = (int)n.exp - 1023 + 127; /* biased for single */
    if (exp >= 255) {
        fp_raise(MXCSR_OE | MXCSR_PE);
        return sign | 0x7f7fffff;
    }
    uint64_t sig = n.exp ? n.frac | (uint64_t)1 << 52 : n.frac;
    unsigned shift = 29;
    bool tiny = exp <= 0;
    if (tiny) {
        if (fp_flushes(cpu, FP_SINGLE, MXCSR_FTZ)) {
            fp_raise(cpu->fp_ah ? MXCSR_UE | MXCSR_PE : MXCSR_UE);
            return sign;
        }
        shift = exp < -33 ? 63 : (unsigned)(30 - exp);
        exp = 0;
    }
    uint32_t r = (uint32_t)(sig >> shift) & (tiny ? ~0u : 0x7fffff);
    if (sig & (((uint64_t)1 << shift) - 1)) {
        fp_raise(tiny ? MXCSR_UE | MXCSR_PE : MXCSR_PE);
        r |= 1;
    }
    return sign | (uint32_t)exp << 23 | r;
}

/* `count` doubles to singles in the low half. */
void a64_helper_fcvtxn(struct cpu *cpu, union vec io[4])
{
    unsigned count = (unsigned)(io[0].u64[0] >> 2);
    union vec r = {.u64 = {0, 0}};
    for (unsigned i = 0; i < count; i++)
        r.u32[i] = fcvtxn(cpu, io[1].u64[i]);
    io[0] = r;
}
