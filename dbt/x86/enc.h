/* SPDX-License-Identifier: MIT */
/*
 * Encoding of x86-64 instructions on general registers, and the memory operands that vector instructions use
 * too (Intel SDM vol. 2, chapter 2).
 *
 * One function an instruction shape; a parameter says which instruction of the shape.  Registers are
 * one-member structs so that a general register cannot stand where an xmm register belongs.  `w` is the
 * operand size: 4 or 8 bytes (1 and 2 where it says so).  Instructions that change EFLAGS count enc.flags_gen
 * up, so that the lowering knows what EFLAGS hold. Forward branches inside a unit go through labels (lower.h);
 * nothing here knows about guests or the IR.
 */
#ifndef DBT_X86_ENC_H
#define DBT_X86_ENC_H

#include "dbt/types.h"

typedef struct {
    uint8_t n;
} gpr;
typedef struct {
    uint8_t n;
} xmm;

#define RAX    ((gpr){0})
#define RCX    ((gpr){1})
#define RDX    ((gpr){2})
#define RBX    ((gpr){3})
#define RSP    ((gpr){4})
#define RBP    ((gpr){5})
#define RSI    ((gpr){6})
#define RDI    ((gpr){7})
#define R8     ((gpr){8})
#define R9     ((gpr){9})
#define R10    ((gpr){10})
#define R11    ((gpr){11})
#define R12    ((gpr){12})
#define R13    ((gpr){13})
#define R14    ((gpr){14})
#define R15    ((gpr){15})
#define XMM(i) ((xmm){i})

/* Values of x86_mem.base and .index beside 0..15. */
#define MEM_NONE 0xff /* no index */
/* base: rip-relative to literal-pool offset `disp` (fixed up when the unit is laid out) */
#define MEM_RIP 0xfe

/* A memory operand: base + (index << scale) + disp. */
struct x86_mem {
    uint8_t base, index, scale;
    int32_t disp;
};
static inline struct x86_mem mem_base(gpr base, int32_t disp)
{
    return (struct x86_mem){base.n, MEM_NONE, 0, disp};
}
static inline struct x86_mem mem_index(gpr base, gpr index, unsigned scale, int32_t disp)
{
    return (struct x86_mem){base.n, index.n, (uint8_t)scale, disp};
}

/* Condition codes as x86 encodes them; cc ^ 1 is the opposite. */
enum x86_cc {
    X86_O,
    X86_NO,
    X86_B,
    X86_AE,
    X86_E,
    X86_NE,
    X86_BE,
    X86_A,
    X86_S,
    X86_NS,
    X86_P,
    X86_NP,
    X86_L,
    X86_GE,
    X86_LE,
    X86_G
};

/* A growing piece of code.  rip[] lists the disp32 fields that refer to the literal pool. */
struct enc_rip {
    uint32_t at;   /* offset of the disp32 */
    uint32_t end;  /* offset of the instruction's end */
    uint32_t pool; /* offset in the pool */
};
struct enc {
    uint8_t *buf;
    uint32_t size, cap;
    uint32_t flags_gen;
    uint32_t flags_at, flags_end; /* where the last instruction that sets EFLAGS for a branch stands */
    struct enc_rip *rip;
    uint32_t rip_count, rip_cap;
};

/* A byte, 4 bytes, 8 bytes.  Room grows as needed. */
void enc_reserve(struct enc *e, uint32_t n);
static inline void enc_u8(struct enc *e, unsigned v)
{
    if (e->size + 16 > e->cap)
        enc_reserve(e, 16);
    e->buf[e->size++] = (uint8_t)v;
}
void enc_u16(struct enc *e, uint32_t v);
void enc_u32(struct enc *e, uint32_t v);
void enc_u64(struct enc *e, uint64_t v);

/* ModRM (+ SIB + disp) for register field `reg` (low 3 bits used) and memory m.  `tail` = bytes of immediate
 * that follow (rip-relative needs it).  `disp8` = scale of the compressed displacement: 1 for legacy and VEX,
 * the vector length for EVEX. */
void enc_modrm_mem(struct enc *e, unsigned reg, struct x86_mem m, unsigned tail, unsigned disp8);
static inline void enc_modrm_reg(struct enc *e, unsigned reg, unsigned rm)
{
    enc_u8(e, 0xc0 | (reg & 7) << 3 | (rm & 7));
}
/* REX.B and REX.X (VEX.B, VEX.X) of a memory operand: 1 if set. */
static inline unsigned mem_b(struct x86_mem m)
{
    return m.base < 16 && m.base >= 8;
}
static inline unsigned mem_x(struct x86_mem m)
{
    return m.index < 16 && m.index >= 8;
}

/* -- moves -- */
void enc_mov(struct enc *e, unsigned w, gpr d, gpr s);
void enc_mov_imm(struct enc *e, gpr d, uint64_t v);                /* 64 bits, shortest form, EFLAGS kept */
void enc_load(struct enc *e, unsigned w, gpr d, struct x86_mem m); /* w 4, 8 */
void enc_movzx_mem(struct enc *e, unsigned from, gpr d, struct x86_mem m); /* from 1, 2, 4 bytes to 64 */
void enc_movsx_mem(struct enc *e, unsigned w, unsigned from, gpr d, struct x86_mem m); /* from 1, 2, 4 */
void enc_movzx(struct enc *e, unsigned from, gpr d, gpr s); /* from 1, 2, 4 bytes to 64 */
void enc_movsx(struct enc *e, unsigned w, unsigned from, gpr d, gpr s);
void enc_store(struct enc *e, unsigned w, struct x86_mem m, gpr s);         /* w 1, 2, 4, 8 */
void enc_store_imm(struct enc *e, unsigned w, struct x86_mem m, int32_t v); /* w 1, 2, 4, 8 */
void enc_lea(struct enc *e, unsigned w, gpr d, struct x86_mem m);
void enc_prefetch(struct enc *e, unsigned level, struct x86_mem m); /* 1 to 3: that cache; 0: past them */
void enc_prefetchw(struct enc *e, struct x86_mem m);
void enc_xchg_mem(struct enc *e, unsigned w, gpr r, struct x86_mem m); /* w 1..8; implicitly locked */
void enc_push(struct enc *e, gpr r);
void enc_pop(struct enc *e, gpr r);
void enc_push_imm(struct enc *e, int32_t v);

/* -- arithmetic -- */
enum alu { ALU_ADD, ALU_OR, ALU_ADC, ALU_SBB, ALU_AND, ALU_SUB, ALU_XOR, ALU_CMP };
void enc_alu(struct enc *e, enum alu op, unsigned w, gpr d, gpr s);                  /* w 1..8 */
void enc_alu_imm(struct enc *e, enum alu op, unsigned w, gpr d, int32_t v);          /* w 1..8 */
void enc_alu_load(struct enc *e, enum alu op, unsigned w, gpr d, struct x86_mem m);  /* d op= [m]; w 1..8 */
void enc_alu_store(struct enc *e, enum alu op, unsigned w, struct x86_mem m, gpr s); /* [m] op= s; w 1..8 */
void enc_alu_store_imm(struct enc *e, enum alu op, unsigned w, struct x86_mem m, int32_t v); /* w 1..8 */
void enc_test(struct enc *e, unsigned w, gpr a, gpr b);
void enc_test_imm(struct enc *e, unsigned w, gpr a, int32_t v);
void enc_test_mem_imm(struct enc *e, unsigned w, struct x86_mem m, int32_t v); /* w 1, 4, 8 */
enum unary { UN_NOT = 2, UN_NEG, UN_MUL, UN_IMUL, UN_DIV, UN_IDIV };
void enc_unary(struct enc *e, enum unary op, unsigned w, gpr r); /* MUL.. IDIV: on rdx:rax */
void enc_imul(struct enc *e, unsigned w, gpr d, gpr s);
void enc_imul_load(struct enc *e, unsigned w, gpr d, struct x86_mem m);
void enc_imul_imm(struct enc *e, unsigned w, gpr d, gpr s, int32_t v);
void enc_cqo(struct enc *e, unsigned w); /* cdq, cqo */
enum shift { SH_ROL, SH_ROR, SH_RCL, SH_RCR, SH_SHL, SH_SHR, SH_SAR = 7 };
void enc_shift_imm(struct enc *e, enum shift op, unsigned w, gpr d, unsigned n); /* w 2, 4, 8 */
void enc_shift_cl(struct enc *e, enum shift op, unsigned w, gpr d);
void enc_shrd_imm(struct enc *e, unsigned w, gpr d, gpr s, unsigned n);
void enc_bt_imm(struct enc *e, unsigned w, gpr r, unsigned bit);
void enc_bswap(struct enc *e, unsigned w, gpr r);
void enc_setcc(struct enc *e, enum x86_cc cc, gpr d); /* low byte only */
void enc_cmov(struct enc *e, enum x86_cc cc, unsigned w, gpr d, gpr s);
enum count { COUNT_POP = 0xb8, COUNT_TZ = 0xbc, COUNT_LZ = 0xbd };
void enc_crc32(struct enc *e, unsigned w, gpr d, gpr s); /* d: 32 bits; w: bytes of s, 1..8 */
void enc_count(struct enc *e, enum count op, unsigned w, gpr d, gpr s);

/* BMI; EFLAGS kept by the shifts, rorx and mulx. */
void enc_shlx(struct enc *e, unsigned w, gpr d, gpr s, gpr n);
void enc_shrx(struct enc *e, unsigned w, gpr d, gpr s, gpr n);
void enc_sarx(struct enc *e, unsigned w, gpr d, gpr s, gpr n);
void enc_rorx(struct enc *e, unsigned w, gpr d, gpr s, unsigned n);
void enc_andn(struct enc *e, unsigned w, gpr d, gpr not_a, gpr b); /* d = ~not_a & b */
void enc_mulx(struct enc *e, unsigned w, gpr hi, gpr lo, gpr s);   /* hi:lo = rdx * s */

/* -- locked -- */
void enc_lock_alu(struct enc *e, enum alu op, unsigned w, struct x86_mem m, gpr s); /* w 1..8 */
void enc_lock_alu_imm(struct enc *e, enum alu op, unsigned w, struct x86_mem m, int32_t v);
void enc_lock_xadd(struct enc *e, unsigned w, struct x86_mem m, gpr s);
void enc_lock_cmpxchg(struct enc *e, unsigned w, struct x86_mem m, gpr s); /* expected and old in rax */
void enc_lock_cmpxchg16b(struct enc *e, struct x86_mem m);                 /* rdx:rax, rcx:rbx */

/* -- control and flags -- */
/* Each returns the offset of its rel32, to be patched. */
uint32_t enc_jmp(struct enc *e);
uint32_t enc_jcc(struct enc *e, enum x86_cc cc);
uint32_t enc_call(struct enc *e);
/* rel8 forms for short distances; returns the offset of the rel8, to be given to enc_land8. */
uint32_t enc_jmp8(struct enc *e);
uint32_t enc_jcc8(struct enc *e, enum x86_cc cc);
void enc_land8(struct enc *e, uint32_t at);              /* that branch goes to here */
void enc_back8(struct enc *e, uint32_t at, uint32_t to); /* that branch goes back to offset `to` */
void enc_jmp_mem(struct enc *e, struct x86_mem m);
void enc_call_mem(struct enc *e, struct x86_mem m);
void enc_jmp_reg(struct enc *e, gpr r);
void enc_ret(struct enc *e);
void enc_lahf(struct enc *e);
void enc_sahf(struct enc *e);
void enc_cmc(struct enc *e);
void enc_stc(struct enc *e);
/* How many bytes are missing so that 4 bytes that come behind opcode_bytes can be patched: they must lie in 8 aligned
 * ones. */
unsigned enc_pad32(const struct enc *e, unsigned opcode_bytes);
/* Pads so that the rel32 of an enc_jcc that comes next can be patched; a compare in front stays next to it
 * (they fuse). */
void enc_align_jcc(struct enc *e);
void enc_nop(struct enc *e, unsigned n);                     /* one n-byte nop, 1..9; more: several */
void enc_mxcsr(struct enc *e, bool store, struct x86_mem m); /* vldmxcsr, vstmxcsr */

/* -- whole xmm registers, 0..31 (everything else about vectors: enc_vec.h) -- */
void enc_xmm_mov(struct enc *e, xmm d, xmm s); /* 128 bits */
void enc_xmm_load(struct enc *e, unsigned bytes, xmm d,
                  struct x86_mem m); /* 4, 8 (zero above), 16; unaligned */
void enc_xmm_store(struct enc *e, unsigned bytes, struct x86_mem m, xmm s);
void enc_xmm_from(struct enc *e, unsigned w, xmm d, gpr s); /* movd, movq; zero above */
void enc_xmm_to(struct enc *e, unsigned w, gpr d, xmm s);

#endif
