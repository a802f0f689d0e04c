/* SPDX-License-Identifier: MIT */
/* Which words other disassemblers take for instructions. */
#ifndef TESTS_DECODE_ORACLE_H
#define TESTS_DECODE_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* known[i] = whether w[i] is an instruction.  They exit with a message when the oracle cannot be had. */
void oracle_capstone(const uint32_t *w, size_t n, bool *known);
/* `program` is binutils' objdump for aarch64. */
void oracle_objdump(const char *program, const uint32_t *w, size_t n, bool *known);

#endif
