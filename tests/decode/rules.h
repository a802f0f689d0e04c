/* SPDX-License-Identifier: MIT */
/* Known differences between the decoder and other people's disassemblers: differences.rules, read. */
#ifndef TESTS_DECODE_RULES_H
#define TESTS_DECODE_RULES_H

#include <stdbool.h>
#include <stdint.h>

enum oracle { ORACLE_CAPSTONE, ORACLE_OBJDUMP, ORACLE_COUNT };

/* Reads the file; exits with a message about the first bad line. */
void rules_read(const char *path);
/* Is it known, with a reason, that `who` takes w for unallocated (ours: we accept it), or the other way round (!ours)?
 * Marks the rule as used. */
bool rules_explain(enum oracle who, bool ours, uint32_t w);
/* Prints the rules that explained nothing for an oracle that was asked (bit set); returns how many. */
unsigned rules_unused(unsigned oracles);

#endif
