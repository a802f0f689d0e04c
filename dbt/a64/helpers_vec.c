/* SPDX-License-Identifier: MIT */
/*
 * C functions of the Advanced SIMD integer instructions: products of polynomials over {0, 1} in bytes (PMUL,
 * PMULL), of which the host has only a 64-bit one.  They are rare (CRCs use the 64-bit form), so eight steps
 * of shift and add do.
 *
 * The eight bytes of a word are worked on together: a lane's bit i, spread over the lane, selects whether the
 * other operand shifted by i is added.
 */
#include "dbt/cpu.h"

#define EVERY(pattern) (UINT64_C(pattern) * UINT64_C(0x0001000100010001))

/* Products of the four 16-bit lanes of a and b, whose upper bytes are 0. */
static uint64_t pmull_lanes(uint64_t a, uint64_t b)
{
    uint64_t r = 0;
    for (unsigned i = 0; i < 8; i++)
        r ^= (a << i) & ((b >> i & EVERY(1)) * 0xffff);
    return r;
}

/* The low four bytes of v, each in 16 bits. */
static uint64_t widen(uint64_t v)
{
    return (v & 0xff) | (v & 0xff00) << 8 | (v & 0xff0000) << 16 | (v & 0xff000000) << 24;
}

void a64_helper_simd_pmul(struct cpu *cpu, union vec io[4])
{
    (void)cpu;
    for (unsigned i = 0; i < 2; i++) {
        uint64_t a = io[1].u64[i], b = io[2].u64[i], low = EVERY(0xff);
        uint64_t even = pmull_lanes(a & low, b & low) & low;
        uint64_t odd = pmull_lanes(a >> 8 & low, b >> 8 & low) & low;
        io[0].u64[i] = even | odd << 8;
    }
}

void a64_helper_simd_pmull(struct cpu *cpu, union vec io[4])
{
    (void)cpu;
    uint64_t a = io[1].u64[0], b = io[2].u64[0];
    io[0].u64[0] = pmull_lanes(widen(a), widen(b));
    io[0].u64[1] = pmull_lanes(widen(a >> 32), widen(b >> 32));
}
