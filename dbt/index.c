/* SPDX-License-Identifier: MIT */
/*
 * The index is a hash table in pieces of a page, the groups.  The pages of guest code that are first run one behind another get
 * the same group, until it is half full: so a program finds what it runs in few pages of memory.  Where pages are mapped for the
 * first time, that is what starting a program costs.
 */
#include "dbt/index.h"

#include <sys/mman.h>

enum {
    MOST_CELLS = 8, /* that get the same group */
    PROBES = 16,    /* how far from where it should be in a group a slot is looked for */
    MOST_GROUPS = 8 /* in a row, for one key */
};
_Static_assert(sizeof(struct index_group) == PAGE, "a page");

/* -- the log -- */

struct index_entry *index_entry_at(struct index *x, uint32_t at)
{
    if (at % DBT_STORE_ALIGN || at < sizeof *x->at || at > x->size - sizeof(struct index_entry))
        return NULL;
    struct index_entry *e = (struct index_entry *)((uint8_t *)x->at + at);
    uint32_t size = atomic_load(&e->size);
    return size < sizeof *e || size > x->size - at ? NULL : e;
}

/* Is there memory for this part?  What is missing comes in good pieces. */
static bool is_ready(struct index *x, size_t start, size_t end)
{
    enum { STEP = 64 << 10 };
    if (x->ready_from <= start && end <= x->ready_end)
        return true;
    start = page_down(start);
    end = (end + STEP - 1) & ~(size_t)(STEP - 1);
    end = end < x->size ? end : x->size;
    if (madvise((uint8_t *)x->at + start, end - start, MADV_POPULATE_WRITE) != 0)
        return false;
    x->ready_from = start;
    x->ready_end = end;
    return true;
}

struct index_entry *index_room(struct index *x, size_t size)
{
    size_t room = x->size - sizeof *x->at;
    uint32_t used = atomic_load(&x->at->head.used);
    do {
        if (used % DBT_STORE_ALIGN || used > room || size > room - used)
            return NULL;
    } while (!atomic_compare_exchange_weak(&x->at->head.used, &used, used + (uint32_t)size));
    size_t start = sizeof *x->at + used;
    if (!is_ready(x, start, start + size))
        return NULL;
    struct index_entry *e = (struct index_entry *)((uint8_t *)x->at + start);
    atomic_store(&e->size, (uint32_t)size);
    return e;
}

/* -- groups, by number -- */

/* NULL: there is none. */
static struct index_group *group_at(struct index *x, uint32_t number)
{
    return number - 1 < INDEX_GROUPS ? &x->at->group[number - 1] : NULL;
}

/* 0: there is no room for one. */
static uint16_t group_new(struct index *x)
{
    uint32_t n = atomic_load(&x->at->groups);
    do {
        if (n >= INDEX_GROUPS)
            return 0;
    } while (!atomic_compare_exchange_weak(&x->at->groups, &n, n + 1));
    return (uint16_t)(n + 1);
}

/* For a page that has none: the last one, or a new one. */
static uint16_t group_open(struct index *x)
{
    uint32_t last = atomic_load(&x->at->groups);
    const struct index_group *g = group_at(x, last);
    if (g && atomic_load(&g->used) < INDEX_SLOTS / 2 && atomic_fetch_add(&x->at->open, 1) < MOST_CELLS)
        return (uint16_t)last;
    atomic_store(&x->at->open, 1);
    return group_new(x);
}

/* Of a key's page.  make: if there is none, there will be. */
static struct index_group *group_first(struct index *x, uint64_t key, bool make)
{
    _Atomic uint16_t *cell = &x->at->cell[((uint32_t)key >> INDEX_PAGE) % INDEX_CELLS];
    uint16_t number = atomic_load(cell);
    if (!number && make) {
        uint16_t opened = group_open(x);
        if (atomic_compare_exchange_strong(cell, &number, opened))
            number = opened;
    }
    return group_at(x, number);
}

static struct index_group *group_next(struct index *x, struct index_group *g, bool make)
{
    uint32_t number = atomic_load(&g->next);
    if (!number && make) {
        uint32_t made = group_new(x);
        if (atomic_compare_exchange_strong(&g->next, &number, made))
            number = made;
    }
    return group_at(x, number);
}

static _Atomic uint64_t *slot_of(struct index_group *g, uint64_t key, unsigned probe)
{
    return &g->slot[((uint32_t)key + probe) % INDEX_SLOTS];
}

/* -- the index -- */

void index_add(struct index *x, uint64_t key, const struct index_entry *e)
{
    const uint64_t slot = key >> 32 << 32 | (uint32_t)((const uint8_t *)e - (const uint8_t *)x->at);
    struct index_group *g = group_first(x, key, true);
    for (unsigned n = 1; g; n++) {
        for (unsigned probe = 0; probe < PROBES; probe++) {
            uint64_t free = 0;
            if (atomic_compare_exchange_strong(slot_of(g, key, probe), &free, slot)) {
                atomic_fetch_add(&g->used, 1);
                return;
            }
        }
        g = n < MOST_GROUPS ? group_next(x, g, true) : NULL;
    }
}

struct index_search index_search(struct index *x, uint64_t key)
{
    return (struct index_search){.x = x, .key = key, .group = group_first(x, key, false)};
}

struct index_entry *index_next(struct index_search *s)
{
    while (s->group) {
        uint64_t slot = s->probe < PROBES ? atomic_load(slot_of(s->group, s->key, s->probe)) : 0;
        if (s->probe++ >= PROBES) {
            s->group = ++s->groups < MOST_GROUPS ? group_next(s->x, s->group, false) : NULL;
            s->probe = 0;
        } else if (!slot) {
            s->group = NULL;
        } else if (slot >> 32 == s->key >> 32) {
            struct index_entry *e = index_entry_at(s->x, (uint32_t)slot);
            if (e)
                return e;
        }
    }
    return NULL;
}

_Atomic uint64_t *index_set(struct index *x, uint64_t key, uint64_t *bit, bool make)
{
    struct index_group *g = group_first(x, key, make);
    uint32_t which = (uint32_t)(key >> 32) % (sizeof g->set * 8);
    *bit = 1ull << which % 64;
    return g ? &g->set[which / 64] : NULL;
}
