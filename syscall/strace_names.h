/* SPDX-License-Identifier: MIT */
/* Names of numbers for --strace: what stands behind the dot in a signature (abi/a64/syscalls.h). */
#ifndef SYSCALL_STRACE_NAMES_H
#define SYSCALL_STRACE_NAMES_H

#include "syscall/text.h"

struct name {
    uint64_t value;
    const char *name;
};

/*
 * Prints v by the names of a set: the one whose value the bits of enum_mask are, and those of the other bits that are set;
 * what has no name in hexadecimal (a number without any name: in decimal).
 */
struct name_set {
    const char *detail;
    uint64_t enum_mask;
    const struct name *names; /* ends with a NULL name */
};
void names_print(struct text *m, const struct name_set *set, uint64_t v);

/* The set of that name, or NULL. */
const struct name_set *names_find(const char *detail, size_t n);

#endif
