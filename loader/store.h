/* SPDX-License-Identifier: MIT */
/* Memory in which this user's processes keep translations for each other. */
#ifndef LOADER_STORE_H
#define LOADER_STORE_H

#include "dbt/dbt.h"

/* As dbt_config.store. */
struct dbt_store *store_open(uint64_t kind, size_t head, size_t *size);

#endif
