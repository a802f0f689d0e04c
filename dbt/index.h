/* SPDX-License-Identifier: MIT */
/*
 * The memory that processes share translations in (pool.c): a log of entries, and an index of it by keys.
 *
 * Whoever shares it adds at the same time as others, and nothing is ever changed or removed; a process that dies while it adds
 * leaves a hole.  Other things may write there, too: so what is read need not be what was written, and may be anything,
 * but nothing here leads out of the memory.
 *
 * A key's bits 8 to 0 are where in its page of guest code the code is, bits 31 to 9 are the same for all of a page, and bits 63
 * to 32 tell the page's keys apart.
 */
#ifndef DBT_INDEX_H
#define DBT_INDEX_H

#include "dbt/dbt.h"
#include "dbt/types.h"

#include <stdatomic.h>

#define INDEX_PAGE   9 /* the lowest bit of a key that is of its page */
#define INDEX_CELLS  4096u
#define INDEX_GROUPS 1021u /* head and groups are 4 MB */
#define INDEX_SLOTS  479u

/* A piece of the hash table. */
struct index_group {
    /* The upper half of a key, the entry's offset.  0: free.  Entries are looked at only where that half is the same, because
     * they are far from each other, and from the processor's caches. */
    _Atomic uint64_t slot[INDEX_SLOTS];
    _Atomic uint64_t set[32];
    _Atomic uint32_t used; /* slots */
    _Atomic uint32_t next; /* number of the group where what finds no slot here goes; 0: none yet */
} __attribute__((aligned(PAGE)));

struct index_memory {
    struct dbt_store head;
    _Atomic uint32_t groups; /* so many are in use */
    _Atomic uint32_t open;   /* pages of guest code that were given the last one */
    /* The number, from 1 on, of the group of those pages whose keys fall here; 0: none yet. */
    _Atomic uint16_t cell[INDEX_CELLS];
    struct index_group group[INDEX_GROUPS];
    uint8_t log[];
};

/* Where a process has it. */
struct index {
    struct index_memory *at; /* NULL: there is none */
    size_t size;             /* in all */
    /* The part that is known to be there: elsewhere a file may have no memory. */
    size_t ready_from, ready_end;
};

/* What all in the log begins with. */
struct index_entry {
    _Atomic uint32_t size; /* of all of it, a multiple of DBT_STORE_ALIGN; the first to be written */
    _Atomic uint32_t sum;  /* nonzero: it is whole; the last to be written, by who adds it */
};

/* The entry at that offset into the memory, of at least sizeof(struct index_entry) bytes, all inside; NULL: there can be none. */
struct index_entry *index_entry_at(struct index *x, uint32_t at);

/* A new one of that size at the end of the log; NULL: there is no room. */
struct index_entry *index_room(struct index *x, size_t size);

/* Makes it to be found by that key. */
void index_add(struct index *x, uint64_t key, const struct index_entry *e);

/* Looks for entries with this key; some that it finds have another. */
struct index_search {
    struct index *x;
    uint64_t key;
    struct index_group *group;
    unsigned probe, groups;
};
struct index_search index_search(struct index *x, uint64_t key);
struct index_entry *index_next(struct index_search *s); /* NULL: that was all */

/* The word of a set of this key's page, and its bit there: keys may fall together.  NULL: there is none; make: it may be made. */
_Atomic uint64_t *index_set(struct index *x, uint64_t key, uint64_t *bit, bool make);

#endif
