/* SPDX-License-Identifier: MIT */
/* Disassembly for --dump, by Capstone; set up at the first call so that other runs do not pay for it. */
#ifndef LOADER_DISAS_H
#define LOADER_DISAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Prints each instruction on a line; host: x86-64, otherwise AArch64. */
void disas(FILE *out, bool host, const void *bytes, size_t len, uint64_t addr);

#endif
