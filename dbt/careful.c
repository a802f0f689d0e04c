/* SPDX-License-Identifier: MIT */
/*
 * Guest instructions that need the careful form of their translation.
 *
 * Some things that guests hardly ever do cost nothing until they happen, because the host traps then: a tagged pointer
 * (mask.c), an invalid floating-point operation (x86/lower_fp.c).  An instruction that does so for good goes into the set here;
 * its translations are dropped, and what is translated from it in future takes the long way round: it masks its addresses,
 * or asks before it computes.  One set does for both kinds, because no instruction is of both.
 *
 * There are two such forms, and what traps often in the first gets the second.  Only fused operations tell them apart:
 * their first form asks for what x86 computes in another way although it is valid (lower_fp_fma.c).
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
struct cell {
    gaddr pc; /* 0: free */
    unsigned level;
};
static struct {
    struct cell *cell;
    unsigned size; /* a power of two, or 0 */
    unsigned count;
} set;

static struct cell *slot(gaddr pc)
{
    unsigned i = (unsigned)((pc >> 2) * GOLDEN >> 32) & (set.size - 1);
    while (set.cell[i].pc && set.cell[i].pc != pc)
        i = (i + 1) & (set.size - 1);
    return &set.cell[i];
}

/* Programs that tag every pointer (HWASan) fill it with all that they execute. */
static void grow(void)
{
    struct cell *old = set.cell;
    unsigned old_size = set.size;
    set.size = old_size ? 2 * old_size : FIRST_SIZE;
    set.cell = calloc(set.size, sizeof *set.cell);
    if (!set.cell) {
        perror("xrun: set of careful instructions");
        abort();
    }
    for (unsigned i = 0; i < old_size; i++)
        if (old[i].pc)
            *slot(old[i].pc) = old[i];
    free(old);
}

unsigned careful_wanted(gaddr pc)
{
    unsigned found = set.count ? slot(pc)->level : 0;
    return found > core.config.careful ? found : core.config.careful;
}

void careful_flush(void)
{
    if (set.size <= KEPT_SIZE)
        return;
    free(set.cell);
    set.cell = NULL;
    set.size = set.count = 0;
}

bool careful_add(gaddr pc, unsigned most)
{
    unsigned level = careful_wanted(pc);
    if (level >= most)
        return false;
    if (2 * set.count >= set.size)
        grow();
    struct cell *c = slot(pc);
    set.count += c->pc == 0;
    *c = (struct cell){pc, level + 1};
    cache_invalidate(pc, pc + 4);
    return true;
}
