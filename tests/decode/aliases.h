/* SPDX-License-Identifier: MIT */
/* How Capstone's names relate to those of the pattern files. */
#ifndef TESTS_DECODE_ALIASES_H
#define TESTS_DECODE_ALIASES_H

#include <stdbool.h>
#include <stdint.h>

/* Whether an instruction that the pattern `name` describes may be called `mnemonic`. */
bool alias_matches(const char *name, const char *mnemonic);

#endif
