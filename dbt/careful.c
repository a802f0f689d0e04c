// SPDX-License-Identifier: MIT
/*
 * Guest instructions that need the careful form of their translation.
 *
 * Some things that guests hardly ever do cost nothing until they happen, because the host traps then: a tagged pointer
 * (mask.c), an invalid floating-point operation (DESIGN 8).  An instruction that does so for good goes into the set here;
 * its translations are dropped, and what is translated from it in future takes the long way round: it masks its addresses,
 * or asks before it computes.  One set does for both kinds, because no instruction is of both.
 *
 * Nothing ever leaves the set: the careful form is always right.  All of it under core.lock.
 */
#include "dbt/core.h"

#define SET_SIZE 65536u /* a power of two; untouched pages cost nothing */

static struct {
    gaddr pc[SET_SIZE]; /* 0: free */
    unsigned count;
} set;

static gaddr *slot(gaddr pc)
{
    unsigned i = (unsigned)((pc >> 2) * 0x9e3779b1u >> 8) % SET_SIZE;
    while (set.pc[i] && set.pc[i] != pc)
        i = (i + 1) % SET_SIZE;
    return &set.pc[i];
}

bool careful_wanted(gaddr pc)
{
    return core.config.careful || (set.count && *slot(pc) == pc);
}

bool careful_add(gaddr pc)
{
    gaddr *s = slot(pc);
    if (core.config.careful || set.count == SET_SIZE / 2 || *s == pc)
        return false;
    *s = pc;
    set.count++;
    cache_invalidate(pc, pc + 4);
    return true;
}
