// SPDX-License-Identifier: MIT
/*
 * Guest instructions that need the careful form of their translation.
 *
 * Some things that guests hardly ever do cost nothing until they happen, because the host traps then: a tagged pointer
 * (mask.c), an invalid floating-point operation (DESIGN 8).  An instruction that does so for good goes into the set here;
 * its translations are dropped, and what is translated from it in future takes the long way round: it masks its addresses,
 * or asks before it computes.  One set does for both kinds, because no instruction is of both.
 *
 * Nothing leaves the set but all of it at once, when it is large and the cache is emptied: the careful form is always
 * right, and what needs it comes back.  All of it under core.lock.
 */
#include "dbt/core.h"

#include <stdio.h>
#include <stdlib.h>

#define FIRST_SIZE 1024u
#define KEPT_SIZE  (1u << 16)

/* Open addressing; at least half of the cells are free. */
static struct {
    gaddr *pc;     /* 0: free */
    unsigned size; /* a power of two, or 0 */
    unsigned count;
} set;

static gaddr *slot(gaddr pc)
{
    unsigned i = (unsigned)((pc >> 2) * 0x9e3779b97f4a7c15u >> 32) & (set.size - 1);
    while (set.pc[i] && set.pc[i] != pc)
        i = (i + 1) & (set.size - 1);
    return &set.pc[i];
}

/* Programs that tag every pointer (HWASan) fill it with all that they execute. */
static void grow(void)
{
    gaddr *old = set.pc;
    unsigned old_size = set.size;
    set.size = old_size ? 2 * old_size : FIRST_SIZE;
    set.pc = calloc(set.size, sizeof *set.pc);
    if (!set.pc) {
        perror("xrun: set of careful instructions");
        abort();
    }
    for (unsigned i = 0; i < old_size; i++)
        if (old[i])
            *slot(old[i]) = old[i];
    free(old);
}

bool careful_wanted(gaddr pc)
{
    return core.config.careful || (set.count && *slot(pc) == pc);
}

void careful_flush(void)
{
    if (set.size <= KEPT_SIZE)
        return;
    free(set.pc);
    set.pc = NULL;
    set.size = set.count = 0;
}

bool careful_add(gaddr pc)
{
    if (careful_wanted(pc))
        return false;
    if (2 * set.count >= set.size)
        grow();
    *slot(pc) = pc;
    set.count++;
    cache_invalidate(pc, pc + 4);
    return true;
}
