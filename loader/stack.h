/* SPDX-License-Identifier: MIT */
/* The guest's first stack. */
#ifndef LOADER_STACK_H
#define LOADER_STACK_H

#include "loader/elf.h"

struct stack_args {
    char **argv, **envp;
    const char *execfn;
    const struct elf_program *program;
};

/* Maps and fills it; the stack pointer to start with, or -errno (-E2BIG, -ENOMEM).  Sets space_layout. */
int64_t stack_build(const struct stack_args *a);

/* RLIMIT_STACK has changed: where it is higher now, the stack may become larger. */
void stack_limit(void);

#endif
