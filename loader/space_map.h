/* SPDX-License-Identifier: MIT */
/* The list of mappings behind space.c, for those who print it. */
#ifndef LOADER_SPACE_MAP_H
#define LOADER_SPACE_MAP_H

#include "loader/space.h"

struct space_piece {
    gaddr start, end;
    int prot;
};

/* The first guest mapping that ends above addr; false: there is none. */
bool space_next(gaddr addr, struct space_piece *out);

#endif
