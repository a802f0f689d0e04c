/* SPDX-License-Identifier: MIT */
/* What instructions do to NZCV, told from their encodings. */
#ifndef DBT_A64_NZCV_H
#define DBT_A64_NZCV_H

#include "dbt/guest.h"

/* struct dbt_guest's flags */
unsigned nzcv_at(const void *code, size_t avail, bool *set);

#endif
