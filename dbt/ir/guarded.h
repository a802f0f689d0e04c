/* SPDX-License-Identifier: MIT */
/*
 * Accesses to guest memory from C helpers.  They return the number of bytes not done, which is not 0 only where the
 * memory faulted: the fault handler (dbt/fault.c) sends a fault in [guarded_start, guarded_end) to guarded_out.
 */
#ifndef DBT_IR_GUARDED_H
#define DBT_IR_GUARDED_H

#include <stdint.h>

/* Bytes from `from` up to `to` up; from the ends `from` and `to` downwards; n times the byte. */
uint64_t guarded_copy_up(uint64_t to, uint64_t from, uint64_t n);
uint64_t guarded_copy_down(uint64_t to, uint64_t from, uint64_t n);
uint64_t guarded_set(uint64_t to, uint8_t byte, uint64_t n);

/*
 * IR_COPY and IR_FILL: what is not too much to be done at once (4096 bytes); more than that is left as it is.  Up
 * to 128 bytes are all read before the first is written.  The top bytes of addresses are ignored.  The stubs are the same
 * for translated code: rax `to`, rdx `from` or the byte, rcx n; the result in rax; they change rax, rcx, rdx, r10,
 * xmm0 to xmm3 and nothing else.
 */
uint64_t guarded_copy_some(uint64_t to, uint64_t from, uint64_t n);
uint64_t guarded_fill_some(uint64_t to, uint64_t byte, uint64_t n);
extern const char guarded_stub_copy[], guarded_stub_fill[];

extern const char guarded_start[], guarded_end[], guarded_out[];

#endif
