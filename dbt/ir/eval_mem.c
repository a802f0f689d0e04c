/* SPDX-License-Identifier: MIT */
/*
 * Guest memory: loads, stores, exclusives and atomics, straight on host memory (guest address = host
 * address).
 *
 * What must hold:
 *  1. An access is one host instruction, which is listed (ir_eval_is_access), so that it cannot tear where Arm promises
 *     single-copy atomicity (Arm ARM B2.2.1) and a fault leaves nothing half done.  16-byte accesses are SSE ones; on
 *     every host with AVX the aligned ones are atomic, loads on read-only memory included (which a cmpxchg16b would
 *     make a write of).
 *  2. The monitor is a remembered value: STX is a compare-and-swap against it.  Any STX opens the monitor.
 *  3. Atomics write even if nothing changes (a locked instruction does), so that they fault on read-only memory as
 *     writes.  The first guess of a loop is 0, not a load, which would fault as a read.
 *
 * x86's order of memory is stronger than Arm's; only an STLR needs a fence before a later load that acquires.
 */
#include "dbt/ir/eval_internal.h"

#include <emmintrin.h>

/* An access, and its address in the list of them. */
#define ACCESS(insn) "1: " insn "\n\t.pushsection guest_access, \"a\"\n\t.long 1b - .\n\t.popsection"

extern const int32_t __start_guest_access[], __stop_guest_access[]; /* the linker's */

bool ir_eval_is_access(const void *host)
{
    for (const int32_t *p = __start_guest_access; p != __stop_guest_access; p++)
        if ((const char *)p + *p == host)
            return true;
    return false;
}

static union vec mem_load(uint64_t addr, unsigned size)
{
    union vec r = {.u64 = {0, 0}};
    switch (size) {
    case 0: __asm__ volatile(ACCESS("movzbl %1, %k0") : "=r"(r.u64[0]) : "m"(*(const char(*)[1])addr)); break;
    case 1: __asm__ volatile(ACCESS("movzwl %1, %k0") : "=r"(r.u64[0]) : "m"(*(const char(*)[2])addr)); break;
    case 2: __asm__ volatile(ACCESS("movl %1, %k0") : "=r"(r.u64[0]) : "m"(*(const char(*)[4])addr)); break;
    case 3: __asm__ volatile(ACCESS("movq %1, %0") : "=r"(r.u64[0]) : "m"(*(const char(*)[8])addr)); break;
    default: {
        __m128i x;
        __asm__ volatile(ACCESS("movdqu %1, %0") : "=x"(x) : "m"(*(const char(*)[16])addr));
        _mm_store_si128((__m128i *)&r, x);
    }
    }
    return r;
}

static void mem_store(uint64_t addr, unsigned size, const union vec *v)
{
    switch (size) {
    case 0: __asm__ volatile(ACCESS("movb %b1, %0") : "=m"(*(char(*)[1])addr) : "q"(v->u64[0])); break;
    case 1: __asm__ volatile(ACCESS("movw %w1, %0") : "=m"(*(char(*)[2])addr) : "r"(v->u64[0])); break;
    case 2: __asm__ volatile(ACCESS("movl %k1, %0") : "=m"(*(char(*)[4])addr) : "r"(v->u64[0])); break;
    case 3: __asm__ volatile(ACCESS("movq %1, %0") : "=m"(*(char(*)[8])addr) : "r"(v->u64[0])); break;
    default:
        __asm__ volatile(ACCESS("movdqu %1, %0")
                         : "=m"(*(char(*)[16])addr)
                         : "x"(_mm_load_si128((const __m128i *)v)));
    }
}

/* If memory holds *old, stores new; else *old becomes what it holds.  A locked cmpxchg of the size. */
static bool mem_cas(uint64_t addr, unsigned size, union vec *old, const union vec *new)
{
    bool done;
    switch (size) {
    case 0:
        __asm__ volatile(ACCESS("lock cmpxchgb %3, %1")
                         : "=@ccz"(done), "+m"(*(uint8_t *)addr), "+a"(old->u8[0])
                         : "q"(new->u8[0])
                         : "memory");
        break;
    case 1:
        __asm__ volatile(ACCESS("lock cmpxchgw %3, %1")
                         : "=@ccz"(done), "+m"(*(uint16_t *)addr), "+a"(old->u16[0])
                         : "r"(new->u16[0])
                         : "memory");
        break;
    case 2:
        __asm__ volatile(ACCESS("lock cmpxchgl %3, %1")
                         : "=@ccz"(done), "+m"(*(uint32_t *)addr), "+a"(old->u32[0])
                         : "r"(new->u32[0])
                         : "memory");
        break;
    case 3:
        __asm__ volatile(ACCESS("lock cmpxchgq %3, %1")
                         : "=@ccz"(done), "+m"(*(uint64_t *)addr), "+a"(old->u64[0])
                         : "r"(new->u64[0])
                         : "memory");
        break;
    default:
        __asm__ volatile(ACCESS("lock cmpxchg16b %1")
                         : "=@ccz"(done), "+m"(*(char(*)[16])addr), "+a"(old->u64[0]), "+d"(old->u64[1])
                         : "b"(new->u64[0]), "c"(new->u64[1])
                         : "memory");
    }
    return done;
}

static uint64_t sign_extend(uint64_t v, unsigned size)
{
    unsigned k = 64 - (8u << size);
    return (uint64_t)((int64_t)(v << k) >> k);
}

static uint64_t atom(enum ir_atom op, uint64_t x, uint64_t y, unsigned size)
{
    int64_t sx = (int64_t)sign_extend(x, size), sy = (int64_t)sign_extend(y, size);
    uint64_t mask = ~(uint64_t)0 >> (64 - (8u << size));
    x &= mask, y &= mask;
    switch (op) {
    case ATOM_ADD: return x + y;
    case ATOM_AND: return x & y;
    case ATOM_OR: return x | y;
    case ATOM_XOR: return x ^ y;
    case ATOM_ANDN: return x & ~y;
    case ATOM_SMAX: return sx > sy ? x : y;
    case ATOM_SMIN: return sx < sy ? x : y;
    case ATOM_UMAX: return x > y ? x : y;
    case ATOM_UMIN: return x < y ? x : y;
    case ATOM_SWP: return y;
    }
    return 0;
}

static union vec mem_atom(uint64_t addr, const struct ir_insn *i, uint64_t operand)
{
    union vec old = {.u64 = {0, 0}}, new = {.u64 = {0, 0}};
    do {
        new.u64[0] = atom((enum ir_atom)i->cc, old.u64[0], operand, i->size);
    } while (!mem_cas(addr, i->size, &old, &new));
    return old;
}

static union vec mem_load_exclusive(struct cpu *cpu, uint64_t addr, unsigned size)
{
    union vec v = mem_load(addr, size);
    cpu->mon_addr = addr;
    cpu->mon_lo = v.u64[0];
    cpu->mon_hi = v.u64[1];
    return v;
}

static bool mem_store_exclusive(struct cpu *cpu, uint64_t addr, unsigned size, const union vec *v)
{
    bool done = false;
    if (cpu->mon_addr == addr) {
        union vec old = {.u64 = {cpu->mon_lo, cpu->mon_hi}};
        done = mem_cas(addr, size, &old, v);
    }
    cpu->mon_addr = ~(uint64_t)0;
    return done;
}

/* The bytes of b that a CAS compares and the old value's place; the rest of the old value is zero. */
static union vec mem_compare_swap(uint64_t addr, unsigned size, const union vec *b, const union vec *c)
{
    union vec old = *b;
    if (size < 4)
        old = (union vec){.u64 = {b->u64[0] & (~(uint64_t)0 >> (64 - (8u << size)))}};
    mem_cas(addr, size, &old, c);
    return old;
}

void eval_mem(const struct ir_insn *i, struct cpu *cpu, const union vec *a, const union vec *b,
              const union vec *c, union vec *r)
{
    uint64_t at = a->u64[0] + (uint64_t)i->imm;
    switch (i->op) {
    case IR_LD: *r = mem_load(at + (b->u64[0] << i->cc), i->size); break;
    case IR_LDS:
        *r = mem_load(at + (b->u64[0] << i->cc), i->size);
        r->u64[0] = sign_extend(r->u64[0], i->size);
        break;
    case IR_ST: mem_store(at + (b->u64[0] << i->cc), i->size, c); break;
    case IR_STLR:
        mem_store(at, i->size, c);
        cpu->released = true;
        break;
    case IR_LDX: *r = mem_load_exclusive(cpu, at, i->size); break;
    case IR_STX: *r = (union vec){.u64 = {!mem_store_exclusive(cpu, at, i->size, c)}}; break;
    case IR_ATOM: *r = mem_atom(at, i, b->u64[0]); break;
    case IR_CAS: *r = mem_compare_swap(at, i->size, b, c); break;
    default: break;
    }
}
