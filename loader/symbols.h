/* SPDX-License-Identifier: MIT */
/* What to call guest code, for those who look at translated code from outside. */
#ifndef LOADER_SYMBOLS_H
#define LOADER_SYMBOLS_H

#include "dbt/types.h"

#include <stddef.h>

/* The name of the code at pc: "function+offset" from the symbols of the file that it is mapped from (its .symtab, or else its
 * .dynsym), "file+offset" where it has none, or "guest+address".  Cut off at size.  Calls must not overlap. */
void symbols_name(gaddr pc, char *to, size_t size);

#endif
