/* SPDX-License-Identifier: MIT */
/* Pointer authentication. */
#ifndef DBT_A64_PAUTH_H
#define DBT_A64_PAUTH_H

#include "dbt/a64/base.h"

/* The hint of number n (CRm << 3 | op2), if it is one of pointer authentication. */
void pauth_hint(struct tr *t, unsigned n);

#endif
