/* SPDX-License-Identifier: MIT */
/* Disassembly for dumps, by Capstone. */
#ifndef LOADER_DISAS_H
#define LOADER_DISAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Prints `len` bytes of guest (AArch64) or host (x86-64) code as if they stood at addr; one instruction a line.
 * Fits struct dbt_config's disas. */
void disas_print(FILE *out, bool host, const void *bytes, size_t len, uint64_t addr);

#endif
