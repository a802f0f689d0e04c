/* SPDX-License-Identifier: MIT */
/* Memory in which this user's processes keep translations for each other. */
#ifndef LOADER_STORE_H
#define LOADER_STORE_H

#include <stddef.h>
#include <stdint.h>

/* As dbt_config.store. */
void *store_open(uint64_t kind, size_t head, size_t *size);

#endif
