/* SPDX-License-Identifier: MIT */
/* The list of mappings behind space.c, for those who walk it. */
#ifndef LOADER_SPACE_MAP_H
#define LOADER_SPACE_MAP_H

#include "loader/space_nodes.h"

/* The first range, of any kind, that ends above addr; false: there is none. */
bool space_next(gaddr addr, struct node *out);

#endif
