/* SPDX-License-Identifier: MIT */
/* Loading ELF programs. */
#ifndef LOADER_ELF_H
#define LOADER_ELF_H

#include "dbt/types.h"

#include <limits.h>

#define ELF_PHNUM_MAX 1170 /* program headers, as the kernel: 64 KiB of them */

/* What went wrong, for the user: the file, and why in a few words; status is xrun's exit status (126 or 127).
 */
struct load_error {
    char text[PATH_MAX + 256];
    int status;
};

struct elf_program {
    gaddr entry;     /* where to start: the interpreter's, if there is one */
    gaddr own_entry; /* AT_ENTRY */
    gaddr phdr;      /* AT_PHDR, 0 if not in memory */
    uint16_t phnum;
    gaddr interp_base; /* AT_BASE */
    bool exec_stack;
};

/* Maps the program open as fd, and its interpreter; sets space_layout's code, data and brk. */
bool elf_load(int fd, const char *path, struct elf_program *out, struct load_error *e);

#endif
