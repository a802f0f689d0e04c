/* SPDX-License-Identifier: MIT */
/*
 * The evaluator's arithmetic against the host's, on random operands with many special ones, in every rounding
 * mode, with and without flushing.  Two implementations that share nothing must agree, except where x86 is
 * known to differ from Arm: NaN results (not compared but for being NaN); tininess, which x86 decides after
 * rounding: results of exactly the least normal magnitude, and the underflow exception with them; inexact
 * with a flushed result; the denormal exception.
 *
 * Half precision is computed by the host in double and rounded by F16C from single: innocuous for + - * / and
 * sqrt of halves, since 24 >= 2 * 11 + 2 (Figueroa, "When is double rounding innocuous?", 1995).
 */
#include "tests/ir/fp_random.h"
#include "tests/ir/runner.h"

#include <immintrin.h>
#include <inttypes.h>
#include <string.h>

#define TARGET __attribute__((target("fma,f16c"), noinline))
#define ROUNDS 40000

static TARGET uint64_t host32(enum ir_op op, unsigned csr, const uint64_t *in, unsigned *exc)
{
    __m128 x = _mm_castsi128_ps(_mm_cvtsi32_si128((int)in[0])),
           y = _mm_castsi128_ps(_mm_cvtsi32_si128((int)in[1])),
           z = _mm_castsi128_ps(_mm_cvtsi32_si128((int)in[2]));
    unsigned old = _mm_getcsr();
    __asm__ volatile("ldmxcsr %0" : : "m"(csr));
    switch (op) {
    case IR_FADD: __asm__ volatile("addss %1, %0" : "+x"(x) : "x"(y)); break;
    case IR_FSUB: __asm__ volatile("subss %1, %0" : "+x"(x) : "x"(y)); break;
    case IR_FMUL: __asm__ volatile("mulss %1, %0" : "+x"(x) : "x"(y)); break;
    case IR_FDIV: __asm__ volatile("divss %1, %0" : "+x"(x) : "x"(y)); break;
    case IR_FSQRT: __asm__ volatile("sqrtss %0, %0" : "+x"(x)); break;
    default: __asm__ volatile("vfmadd213ss %2, %1, %0" : "+x"(x) : "x"(y), "x"(z)); break;
    }
    __asm__ volatile("stmxcsr %0" : "=m"(*exc));
    _mm_setcsr(old);
    return (uint32_t)_mm_cvtsi128_si32(_mm_castps_si128(x));
}

static TARGET uint64_t host64(enum ir_op op, unsigned csr, const uint64_t *in, unsigned *exc)
{
    __m128d x = _mm_castsi128_pd(_mm_cvtsi64_si128((long long)in[0])),
            y = _mm_castsi128_pd(_mm_cvtsi64_si128((long long)in[1])),
            z = _mm_castsi128_pd(_mm_cvtsi64_si128((long long)in[2]));
    unsigned old = _mm_getcsr();
    __asm__ volatile("ldmxcsr %0" : : "m"(csr));
    switch (op) {
    case IR_FADD: __asm__ volatile("addsd %1, %0" : "+x"(x) : "x"(y)); break;
    case IR_FSUB: __asm__ volatile("subsd %1, %0" : "+x"(x) : "x"(y)); break;
    case IR_FMUL: __asm__ volatile("mulsd %1, %0" : "+x"(x) : "x"(y)); break;
    case IR_FDIV: __asm__ volatile("divsd %1, %0" : "+x"(x) : "x"(y)); break;
    case IR_FSQRT: __asm__ volatile("sqrtsd %0, %0" : "+x"(x)); break;
    default: __asm__ volatile("vfmadd213sd %2, %1, %0" : "+x"(x) : "x"(y), "x"(z)); break;
    }
    __asm__ volatile("stmxcsr %0" : "=m"(*exc));
    _mm_setcsr(old);
    return (uint64_t)_mm_cvtsi128_si64(_mm_castpd_si128(x));
}

static TARGET uint64_t host_widen(uint64_t half)
{
    return (uint32_t)_mm_cvtsi128_si32(_mm_castps_si128(_mm_cvtph_ps(_mm_cvtsi32_si128((int)half))));
}

static TARGET uint64_t host_narrow(unsigned csr, uint64_t single, unsigned *exc)
{
    __m128i x = _mm_cvtsi32_si128((int)single);
    unsigned old = _mm_getcsr();
    __asm__ volatile("ldmxcsr %0" : : "m"(csr));
    __asm__ volatile("vcvtps2ph $4, %0, %0" : "+x"(x));
    __asm__ volatile("stmxcsr %0" : "=m"(*exc));
    _mm_setcsr(old);
    return (uint16_t)_mm_cvtsi128_si32(x);
}

static uint64_t host(enum ir_op op, unsigned size, unsigned csr, const uint64_t *in, unsigned *exc)
{
    if (size == 3)
        return host64(op, csr, in, exc);
    if (size == 2)
        return host32(op, csr, in, exc);
    uint64_t wide[3] = {host_widen(in[0]), host_widen(in[1]), 0};
    unsigned first, second;
    uint64_t r = host_narrow(csr & ~0x8040u, host32(op, csr & ~0x8040u, wide, &first), &second);
    *exc = first | second;
    return r;
}

static bool is_nan(unsigned size, uint64_t x)
{
    uint64_t sign = (uint64_t)1 << (8 * (1u << size) - 1);
    return (x & (sign - 1)) > sign - ((uint64_t)1 << frac_of[size]);
}

/* 0 where they agree as far as they should. */
static unsigned compare(enum ir_op op, unsigned size, unsigned round, bool fz)
{
    uint64_t in[3] = {random_float(size), random_float(size), random_float(size)};
    unsigned exc = 0;
    struct bench b;
    bench_init(&b);
    b.round = round;
    b.fz = fz;
    struct ir_insn i = {.op = (uint8_t)op, .type = (uint8_t)ir_float_type(size)};
    union vec io[4] = {{{0}}, {.u64 = {in[0]}}, {.u64 = {in[1]}}, {.u64 = {in[2]}}};
    bench_eval_op(&b, &i, io);
    uint64_t want = host(op, size, 0x1f80u | round << 13 | (fz ? 0x8040 : 0), in, &exc), is = io[0].u64[0];
    uint64_t magnitude = want & ~((uint64_t)1 << (8 * (1u << size) - 1));
    unsigned mask = 0x3d;
    if (magnitude == (uint64_t)1 << frac_of[size] && (exc & 0x20))
        return 0;
    if (fz && magnitude == 0)
        mask = 0x1d;
    if (size == 1 && is_nan(size, want))
        mask &= ~1u; /* widening a signalling half made it quiet */
    bool equal = is_nan(size, want) ? is_nan(size, is) : is == want;
    if (equal && ((b.exc ^ exc) & mask) == 0)
        return 0;
    printf("FAIL %s.%s round=%u fz=%d %" PRIx64 " %" PRIx64 " %" PRIx64 ": %" PRIx64 " exc=%x, host %" PRIx64
           " exc=%x\n",
           ir_op_info[op].name, ir_type_name[i.type], round, fz, in[0], in[1], in[2], is, b.exc, want,
           exc & 0x3f);
    return 1;
}

unsigned fp_host_run(void)
{
    static const enum ir_op op[] = {IR_FADD, IR_FSUB, IR_FMUL, IR_FDIV, IR_FSQRT, IR_FMA};
    unsigned bad = 0;
    for (unsigned n = 0; n < ROUNDS && bad < 20; n++)
        for (unsigned k = 0; k < 6; k++)
            for (unsigned size = op[k] == IR_FMA ? 2 : 1; size <= 3; size++)
                bad += compare(op[k], size, n & 3, n >> 2 & 1);
    return bad;
}
