/* SPDX-License-Identifier: MIT */
/*
 * The record of the random tester: a sequence of A64 instructions and the whole state that it runs on.
 *
 * A file is an array of these.  As input, the fields are the state before the sequence; whoever runs it (the evaluator, or
 * runner.c on anything that runs AArch64 programs) writes the same record with the state after.  Addresses are the same for
 * all: the code stands in the record's slot, `mem` is at MEM_AT in a larger mapping that keeps what earlier records stored
 * around it, and a page at BAD_AT is never mapped.  An instruction that raises a signal has no effect but what its
 * handler sees; the one behind it is next.
 */
#ifndef TESTS_RANDOM_RECORD_H
#define TESTS_RANDOM_RECORD_H

#include <stdint.h>

#define CONTROL_AT 0x10000000 /* the runner's struct control */
#define AREA_AT    0x20000000 /* data: mapped, filled with zeroes at first */
#define AREA_SIZE  0x200000
#define BASE_AT    (AREA_AT + AREA_SIZE / 2) /* addresses that sequences form lie near this one */
#define MEM_SIZE   768
#define MEM_AT     (BASE_AT - 256)
#define BAD_AT     0x28000000
#define CODE_AT    0x30000000

#define SLOTS      256 /* records whose code is there at one time */
#define SLOT_WORDS 64
#define SEQ_WORDS  58 /* instructions in a sequence: a slot less what leads in and out */

/* Offsets that runner.c's assembly uses. */
#define REC_X30    240
#define REC_SP     248
#define REC_V      256
#define REC_NZCV   768
#define REC_FPCR   776
#define REC_FPSR   784
#define CTL_RECORD 0
#define CTL_RET    8
#define CTL_SP     16

struct record {
    uint64_t x[32]; /* x[31] is SP */
    uint64_t v[32][2];
    uint64_t nzcv, fpcr, fpsr; /* as MRS shows them */
    uint64_t status;           /* 0, or the number of the last signal that an instruction raised */
    uint64_t seen, signals;    /* a hash of what all of their handlers saw (seen_mix); how many there were */
    uint32_t count, slot;      /* instructions; which slot they stand in, below SLOTS */
    uint32_t word[SEQ_WORDS];
    uint64_t mem[MEM_SIZE / 8];
} __attribute__((aligned(16)));

/* What the runner finds its way back by. */
struct control {
    struct record *record; /* the one that runs */
    uint64_t ret, sp;      /* where its slot returns to; the runner's stack pointer */
};

static inline uint64_t seen_mix(uint64_t seen, const uint64_t *words, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        seen = (seen ^ words[i]) * 0x9e3779b97f4a7c15u;
    return seen;
}

/* A signal: general registers and SP, vector registers, and: pc, FPCR, FPSR, the address if an access faulted.  Not NZCV: where
 * nothing reads it before it is written, xrun shows what it was at some earlier time (dbt/opt/flags.c). */
static inline void seen_signal(struct record *r, int signo, const uint64_t x[32], const uint64_t v[64],
                               const uint64_t other[4])
{
    r->status = (uint64_t)signo;
    r->signals++;
    r->seen = seen_mix(seen_mix(seen_mix(r->seen, x, 32), v, 64), other, 4);
}

/* The address of a record's first instruction. */
static inline uint64_t slot_pc(const struct record *r)
{
    return CODE_AT + (uint64_t)r->slot * SLOT_WORDS * 4 + 4;
}

#define SLOT_END 0xd51bd05e /* msr tpidr_el0, x30 */

/* Writes the code of a record: x30 comes and goes in TPIDR_EL0, so that everything else is the sequence's. */
static inline void slot_write(const struct record *r)
{
    volatile uint32_t *s = (volatile uint32_t *)slot_pc(r) - 1;
    *s++ = 0xd53bd05e; /* mrs x30, tpidr_el0 */
    for (unsigned i = 0; i < r->count; i++)
        *s++ = r->word[i];
    *s++ = SLOT_END;
    *s++ = 0xd2a0001e | CONTROL_AT >> 16 << 5;            /* mov x30, #CONTROL_AT */
    *s++ = 0xf9400000 | CTL_RET / 8 << 10 | 30 << 5 | 30; /* ldr x30, [x30, #CTL_RET] */
    *s++ = 0xd61f03c0;                                    /* br x30 */
    for (unsigned i = r->count + 5; i < SLOT_WORDS; i++)
        *s++ = 0; /* never run, but code may be read as data */
}

#endif
