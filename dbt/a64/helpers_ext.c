/* SPDX-License-Identifier: MIT */
/*
 * C functions behind the extensions of the base instruction set: memory copies, random numbers.
 *
 * Copies are made in pieces, between which the guest can be interrupted, and through dbt/ir/guarded.S, which
 * comes back where the memory faults.
 */
#include "dbt/cpu.h"
#include "dbt/ir/guarded.h"

#include <cpuid.h>
#include <sys/random.h>

#define PIECE ((uint64_t)4 << 20)

/* The address that data at p has: the top byte is ignored. */
static uint64_t untagged(uint64_t p)
{
    return (uint64_t)((int64_t)(p << 8) >> 8);
}

static uint64_t piece(uint64_t n)
{
    return n < PIECE ? n : PIECE;
}

/* Parameter: registers of target, source << 5, size << 10; io[1]: downwards. Registers say how far it came. */
void a64_helper_mops_copy(struct cpu *cpu, union vec io[4])
{
    uint64_t p = io[0].u64[0];
    uint64_t *to = &cpu->a64.x[p & 31], *from = &cpu->a64.x[p >> 5 & 31], *left = &cpu->a64.x[p >> 10 & 31];
    bool back = io[1].u32[0];
    uint64_t n = piece(*left);
    uint64_t done = n - (back ? guarded_copy_down(untagged(*to), untagged(*from), n)
                              : guarded_copy_up(untagged(*to), untagged(*from), n));
    *left -= done;
    *to += back ? -done : done;
    *from += back ? -done : done;
}

/* The same with the byte in io[1]. */
void a64_helper_mops_set(struct cpu *cpu, union vec io[4])
{
    uint64_t p = io[0].u64[0];
    uint64_t *to = &cpu->a64.x[p & 31], *left = &cpu->a64.x[p >> 10 & 31];
    uint64_t n = piece(*left);
    uint64_t done = n - guarded_set(untagged(*to), io[1].u8[0], n);
    *left -= done;
    *to += done;
}

__attribute__((target("rdrnd"))) static bool rdrand(uint64_t *v)
{
    unsigned long long r;
    for (int tries = 0; tries < 10; tries++)
        if (__builtin_ia32_rdrand64_step(&r)) {
            *v = r;
            return true;
        }
    return false;
}

/* RNDR, RNDRRS: the host's own instruction, or the kernel; never fails. */
void a64_helper_random(struct cpu *cpu, union vec io[4])
{
    unsigned a, b, c, d;
    uint64_t v = 0;
    (void)cpu;
    bool have = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_RDRND);
    if (!have || !rdrand(&v))
        while (getrandom(&v, sizeof v, 0) != sizeof v)
            ;
    io[0].u64[0] = v;
}
