/* SPDX-License-Identifier: MIT */
/* What an AArch64 core file says of a thread (arch/arm64/include/asm/elf.h, include/linux/elfcore.h of the kernel). */
#ifndef ABI_A64_CORE_H
#define ABI_A64_CORE_H

#include "abi/abi.h"

/* The descriptions of NT_PRSTATUS and NT_PRFPREG; they return their sizes, at most ABI_CORE_MAX. */
size_t a64_core_status(void *out, const struct abi_core_thread *t);
size_t a64_core_fpregs(void *out, struct cpu *cpu);
/* NT_ARM_TLS, by which debuggers find variables of threads; NT_ARM_PAC_MASK, by which they find callers where return addresses are
 * signed. */
size_t a64_core_other(unsigned i, uint32_t *type, void *out, const struct cpu *cpu);

#endif
