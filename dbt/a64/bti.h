/* SPDX-License-Identifier: MIT */
/* Branch target identification. */
#ifndef DBT_A64_BTI_H
#define DBT_A64_BTI_H

#include "dbt/a64/tr.h"

/* struct dbt_guest's land */
void bti_land(struct ir *ir, gaddr pc, const void *code);
/* To be called by BR Xn and BLR, and their authenticating forms, before they leave. */
void bti_jump(struct tr *t, unsigned rn);
void bti_call(struct tr *t);

#endif
