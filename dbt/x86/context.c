/* SPDX-License-Identifier: MIT */
/*
 * Interrupted translated code, seen from a signal handler: its registers in a ucontext_t.
 *
 * xmm0..15 are in the FXSAVE part of the frame; xmm16..31 are component 7 of the XSAVE area, whose offset
 * CPUID leaf 0xD tells (Intel SDM vol. 1, chapter 13; the kernel's frame is in standard, not compacted,
 * form).  A component whose bit in XSTATE_BV is clear is all zeroes whatever the memory says.
 */
#include "dbt/ir/eval.h"
#include "dbt/x86/lower_impl.h"

#include <cpuid.h>
#include <immintrin.h>
#include <string.h>
#include <sys/platform/x86.h>
#include <ucontext.h>

#define XSTATE_MAGIC 0x46505853u /* in the reserved words of the FXSAVE area: an XSAVE area follows */
#define XSTATE_BV    512
#define BV_SSE       (1u << 1)
#define BV_HI16      (1u << 7)

static const uint8_t greg_of[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

static uint64_t *gpr_at(void *uc, unsigned n)
{
    return (uint64_t *)&((ucontext_t *)uc)->uc_mcontext.gregs[greg_of[n]];
}

static uint32_t hi16_offset(void)
{
    static uint32_t offset;
    if (!offset) {
        uint32_t a, b, c, d;
        __cpuid_count(0xd, 7, a, b, c, d);
        offset = b;
    }
    return offset;
}

static uint64_t *xstate_bv(uint8_t *area)
{
    uint32_t magic;
    memcpy(&magic, area + 464, 4);
    return magic == XSTATE_MAGIC ? (uint64_t *)(void *)(area + XSTATE_BV) : NULL;
}

/* Where register n of an interrupted context is kept; its component's bit in *bit. */
static uint8_t *xmm_at(uint8_t *area, unsigned n, uint64_t *bit)
{
    *bit = n < 16 ? BV_SSE : BV_HI16;
    return n < 16 ? area + 160 + 16 * n : area + hi16_offset() + 64 * (n - 16);
}

static union vec xmm_read(const void *uc, unsigned n)
{
    union vec v = {.u64 = {0, 0}};
    uint8_t *area = (uint8_t *)((const ucontext_t *)uc)->uc_mcontext.fpregs;
    uint64_t bit, *bv = xstate_bv(area);
    const uint8_t *p = xmm_at(area, n, &bit);
    if ((!bv && n < 16) || (bv && *bv & bit))
        memcpy(&v, p, 16);
    return v;
}

static void xmm_write(void *uc, unsigned n, union vec v)
{
    uint8_t *area = (uint8_t *)((ucontext_t *)uc)->uc_mcontext.fpregs;
    uint64_t bit, *bv = xstate_bv(area);
    uint8_t *p = xmm_at(area, n, &bit);
    if (bv && !(*bv & bit)) {
        /* The whole component was in its initial state. */
        memset(n < 16 ? area + 160 : area + hi16_offset(), 0, n < 16 ? 256 : 1024);
        *bv |= bit;
    }
    memcpy(p, &v, 16);
}

void x86_flags_restore(const struct x86_flags *f, struct cpu *cpu, const void *uc)
{
    struct ir_insn insn = {.op = f->op, .type = f->type};
    union vec io[4];
    memset(io, 0, sizeof io);
    for (unsigned k = 0; k < 2; k++)
        switch ((enum x86_where)f->where[k]) {
        case X86_CONST: io[k + 1].u64[0] = (uint64_t)f->at[k]; break;
        case X86_REG:
            io[k + 1].u64[0] = (uint64_t)((const ucontext_t *)uc)->uc_mcontext.gregs[greg_of[f->at[k]]];
            break;
        case X86_CELL: memcpy(&io[k + 1].u64[0], (const uint8_t *)cpu + f->at[k], 8); break;
        }
    ir_eval_op(&insn, NULL, cpu, io);
    cpu->flags = nzcv_to_flags((uint32_t)io[0].u64[0] << 28);
}

/* The compare would have said "unordered". */
static void compare_unordered(void *uc)
{
    enum { CF = 1, PF = 4, AF = 16, ZF = 64, SF = 128, OF = 2048 };
    uint64_t *fl = (uint64_t *)&((ucontext_t *)uc)->uc_mcontext.gregs[REG_EFL];
    *fl = (*fl & ~(uint64_t)(AF | SF | OF)) | CF | PF | ZF;
}

static union vec operand(void *uc, uint8_t n, bool is_gpr)
{
    union vec v = {.u64 = {0, 0}};
    if (n == X86_TRAP_NONE)
        return v;
    if (!is_gpr)
        return xmm_read(uc, n);
    v.u64[0] = *gpr_at(uc, n);
    return v;
}

bool x86_trap_emulate(const struct x86_trap *trap, struct cpu *cpu, void *uc, uint64_t end_host)
{
    fpregset_t fp = ((ucontext_t *)uc)->uc_mcontext.fpregs;
    *(uint64_t *)&((ucontext_t *)uc)->uc_mcontext.gregs[REG_RIP] = end_host;
    /* The invalid flag is the host's; Arm's is in cpu->fp_invalid (cpu.h). */
    fp->mxcsr &= ~MXCSR_IE;
    if (trap->insn.op == IR_FCMP) {
        cpu->fp_invalid = 1;
        compare_unordered(uc);
        return true;
    }
    bool inexact = !(fp->mxcsr & MXCSR_PM) && fp->mxcsr & MXCSR_PE;
    union vec io[4];
    memset(io, 0, sizeof io);
    io[1] = operand(uc, trap->a, trap->a_is_gpr);
    io[2] = operand(uc, trap->b, false);
    io[3] = operand(uc, trap->c, false);
    unsigned mine = _mm_getcsr();
    /* If the inexact exception was not masked, it had not been raised before (fp_mxcsr). */
    _mm_setcsr(fp->mxcsr & MXCSR_PM ? fp->mxcsr : fp->mxcsr & ~MXCSR_PE);
    ir_eval_op(&trap->insn, NULL, cpu, io);
    fp->mxcsr = _mm_getcsr();
    _mm_setcsr(mine);
    if (trap->dst == X86_TRAP_NONE)
        return !inexact;
    if (trap->dst_is_gpr)
        *gpr_at(uc, trap->dst) = trap->insn.type == T_I64 ? io[0].u64[0] : io[0].u32[0];
    else
        xmm_write(uc, trap->dst, io[0]);
    return !inexact;
}

/* -- what the host can do -- */

static uint64_t xcr0(void)
{
    uint32_t lo, hi;
    __asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
    return lo | (uint64_t)hi << 32;
}

/* eax, ebx, ecx, edx of a CPUID leaf as libc has read it at its start: the instruction itself traps in virtual
 * machines, and costs as much as the translation of a hundred guest instructions.  All 0 where it is not there. */
static const unsigned *leaf(unsigned index)
{
    return __x86_get_cpuid_feature_leaf(index)->cpuid_array;
}

bool x86_host_v3(void)
{
    /* ecx of leaf 1: SSE3, SSSE3, FMA, CMPXCHG16B, SSE4.1, SSE4.2, MOVBE, POPCNT, OSXSAVE, AVX, F16C */
    const uint32_t c1 = 1u << 0 | 1u << 9 | 1u << 12 | 1u << 13 | 1u << 19 | 1u << 20 | 1u << 22 | 1u << 23 |
                        1u << 27 | 1u << 28 | 1u << 29;
    const uint32_t b7 = 1u << 3 | 1u << 5 | 1u << 8; /* BMI1, AVX2, BMI2 */
    const uint32_t c8 = 1u << 5 | 1u;                /* ecx of leaf 0x80000001: LZCNT, LAHF */
    return (leaf(CPUID_INDEX_1)[2] & c1) == c1 && (xcr0() & 6) == 6 && (leaf(CPUID_INDEX_7)[1] & b7) == b7 &&
           (leaf(CPUID_INDEX_80000001)[2] & c8) == c8;
}

bool x86_host_avx512(void)
{
    const uint32_t b7 = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31; /* F, DQ, CD, BW, VL */
    return x86_host_v3() && (xcr0() & 0xe6) == 0xe6 && (leaf(CPUID_INDEX_7)[1] & b7) == b7;
}

unsigned x86_host_features(void)
{
    const unsigned *r1 = leaf(CPUID_INDEX_1), *r7 = leaf(CPUID_INDEX_7);
    if (!x86_host_v3())
        return 0;
    bool wide = (r7[2] & 1u << 9) && (r7[2] & 1u << 10);
    return (r1[2] & 1u << 25 ? X86_AES : 0u) | (r1[2] & 1u << 1 ? X86_CLMUL : 0u) | (wide ? X86_WIDE : 0u) |
           (r7[1] & 1u << 29 ? X86_SHA : 0u) | (r7[2] & 1u << 8 ? X86_GFNI : 0u);
}
