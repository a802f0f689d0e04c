/* SPDX-License-Identifier: MIT */
/*
 * The record of the random tester: one A64 instruction and the whole state that it runs on.
 *
 * A file is an array of these.  As input, the fields are the state before the instruction; whoever runs it
 * (the evaluator, or runner.c on anything that runs AArch64 programs) writes the same record with the state
 * after. Addresses are the same for all: while the instruction runs SP is RECORD_AT (the runner's record lies
 * there, and reaches its fields through SP), and `mem` is at MEM_AT in a larger mapping, which keeps what
 * earlier records stored around it.
 */
#ifndef TESTS_RANDOM_RECORD_H
#define TESTS_RANDOM_RECORD_H

#include <stdint.h>

#define RECORD_AT 0x10000000
#define AREA_AT   0x20000000 /* data: mapped, filled with zeroes at first */
#define AREA_SIZE 0x200000
#define MEM_SIZE  512
#define MEM_AT    (AREA_AT + AREA_SIZE / 2)

/* Offsets that runner.c's assembly uses. */
#define REC_V    256
#define REC_NZCV 768
#define REC_FPCR 776
#define REC_FPSR 784
/* The runner's own: its stack pointer, the slot with the instruction, where the slot returns to. */
#define REC_SAVE 808
#define REC_SLOT 816
#define REC_RET  824

struct record {
    uint64_t x[32]; /* x[31] is SP: always RECORD_AT */
    uint64_t v[32][2];
    uint64_t nzcv, fpcr, fpsr; /* as MRS shows them */
    uint64_t status;           /* 0, or the number of the signal that the instruction raised */
    uint32_t word, reserved;
    uint64_t scratch[4]; /* comes back as 0 */
    uint64_t mem[MEM_SIZE / 8];
} __attribute__((aligned(16)));

#endif
