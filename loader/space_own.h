/* SPDX-License-Identifier: MIT */
/* What the host has mapped before xrun begins. */
#ifndef LOADER_SPACE_OWN_H
#define LOADER_SPACE_OWN_H

#include "loader/space.h"

/* Calls own for each range that is there, and sets space_own.  Call once, before anything is mapped for the guest. */
void space_own_find(void (*own)(gaddr start, gaddr end));

#endif
