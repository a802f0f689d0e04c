// SPDX-License-Identifier: MIT
/*
 * Translations that a process shares with those it forked, and with the one that forked it.
 *
 * A shell forks for every $(...), and each child runs the same few thousand instructions that its parent never ran, and
 * ends.  So what one of the family translates the others find here: a piece of shared memory that is got before the first
 * fork.  An entry is a copy of what the back end made, with the guest code that it was made from.  It fits where the same
 * code stands at the same address, whatever became of the address space since; that is compared byte by byte.  Translated
 * code holds no host addresses (x86/x86.h), and relatives have the same options, so nothing else needs to be the same but
 * the few things in `struct entry`.
 *
 * Who forks again takes what its children have added first: the next child will run the same, and finds it in its copy of
 * the cache with all links set.
 *
 * Entries are appended and never change; a process that dies while it appends leaves a hole.  When the memory is used up,
 * nothing more is added.
 *
 * Whoever can write here writes code that the others run, so a process that becomes less trusted (another user, seccomp,
 * a namespace of its own...) must give its part up first: dbt_part.
 */
#include "dbt/core.h"
#include "dbt/own.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#define POOL_SIZE ((size_t)32 << 20)
#define BUCKETS   8192u
#define ALIGN     16u

/* Behind it: ranges, exits, faults, flags, traps, host code, the guest code of each range; all aligned to ALIGN. */
struct entry {
    gaddr pc;
    uint32_t next; /* offset of the bucket's next, or 0 */
    uint32_t code_size;
    uint32_t range_count, own_count, exit_count, fault_count, flags_count, trap_count;
    uint32_t fp_mode; /* what it was translated for */
    uint32_t restore;
    bool loop, tail, many;
    uint8_t past_line;
    bool shared;
    uint8_t kind; /* enum ir_unit */
};

struct pool {
    _Atomic uint32_t used;            /* bytes, from the start of this */
    _Atomic uint32_t bucket[BUCKETS]; /* offsets of the latest entry, or 0 */
    struct pc_set seen;
};

static struct pool *pool;
static uint32_t gathered; /* pool->used when this process last looked for what others have added */

void pool_open(void)
{
    if (pool || core.config.interp || core.config.dump)
        return;
    pool = own_map(POOL_SIZE, MAP_SHARED);
    if (!pool)
        return;
    pool->used = (sizeof *pool + ALIGN - 1) & ~(ALIGN - 1);
    gathered = atomic_load(&pool->used);
    once_share(&pool->seen);
}

void dbt_part(void)
{
    lock_take(&core.lock);
    if (pool) {
        once_share(NULL);
        munmap(pool, POOL_SIZE);
        pool = NULL;
        gathered = 0;
    }
    lock_drop(&core.lock);
}

static _Atomic uint32_t *bucket_of(gaddr pc)
{
    return &pool->bucket[(pc >> 2 ^ pc >> 15) % BUCKETS];
}

/* Where the next piece of an entry is; *at moves behind it. */
static void *piece(uint8_t **at, size_t size)
{
    void *p = *at;
    *at += (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    return p;
}

static void put_piece(uint8_t **at, const void *from, size_t size)
{
    void *to = piece(at, size);
    if (size)
        memcpy(to, from, size);
}

/* Is the translation of these ranges what any process would make?  Sites that trapped here are translated in another form,
 * and so is everything after some events. */
static bool is_plain(const struct block_range *range, uint32_t count)
{
    for (uint32_t r = 0; r < count; r++)
        for (gaddr pc = range[r].start; pc < range[r].end; pc += 4)
            if (careful_wanted(pc))
                return false;
    return !core.guarded && !core.careful;
}

static size_t range_bytes(const struct block_range *range, uint32_t count)
{
    size_t bytes = 0;
    for (uint32_t r = 0; r < count; r++)
        bytes += range[r].end - range[r].start + ALIGN;
    return bytes;
}

static struct entry *entry_new(size_t size)
{
    uint32_t at = atomic_load(&pool->used);
    do {
        if (size > POOL_SIZE - at)
            return NULL;
    } while (!atomic_compare_exchange_weak(&pool->used, &at, at + (uint32_t)size));
    return (struct entry *)((uint8_t *)pool + at);
}

void pool_put(const struct block *b, const struct block_range *range, const struct x86_code *code)
{
    const uint32_t range_count = b->range_count;
    if (!pool || !is_plain(range, range_count))
        return;
    size_t size = sizeof(struct entry) + range_count * sizeof *range +
                  code->exit_count * sizeof *code->exits + code->fault_count * sizeof *code->faults +
                  code->flags_count * sizeof *code->flags + code->trap_count * sizeof *code->traps +
                  code->size + range_bytes(range, range_count) + 7 * ALIGN;
    struct entry *e = entry_new(size & ~(size_t)(ALIGN - 1));
    if (!e)
        return;
    *e = (struct entry){.pc = b->pc,
                        .code_size = code->size,
                        .range_count = range_count,
                        .own_count = b->own_count,
                        .exit_count = code->exit_count,
                        .fault_count = code->fault_count,
                        .flags_count = code->flags_count,
                        .trap_count = code->trap_count,
                        .fp_mode = core.target.fp_mode,
                        .restore = code->restore,
                        .loop = code->loop,
                        .tail = b->tail,
                        .many = b->many,
                        .past_line = code->past_line,
                        .shared = core.shared,
                        .kind = b->kind};
    uint8_t *at = (uint8_t *)e;
    piece(&at, sizeof *e);
    put_piece(&at, range, range_count * sizeof *range);
    put_piece(&at, code->exits, code->exit_count * sizeof *code->exits);
    put_piece(&at, code->faults, code->fault_count * sizeof *code->faults);
    put_piece(&at, code->flags, code->flags_count * sizeof *code->flags);
    put_piece(&at, code->traps, code->trap_count * sizeof *code->traps);
    put_piece(&at, code->bytes, code->size);
    for (uint32_t r = 0; r < range_count; r++)
        put_piece(&at, (const void *)range[r].start, range[r].end - range[r].start);
    _Atomic uint32_t *head = bucket_of(b->pc);
    e->next = atomic_load(head);
    while (!atomic_compare_exchange_weak(head, &e->next, (uint32_t)((uint8_t *)e - (uint8_t *)pool)))
        ;
}

/* Does the guest code in r equal what stands at *at? */
static bool same_bytes(const struct block_range *r, uint8_t **at)
{
    uint64_t why;
    const uint8_t *bytes = piece(at, r->end - r->start);
    size_t avail;
    for (gaddr pc = r->start; pc < r->end; pc += avail) {
        if ((avail = core.config.fetchable(pc, &why)) == 0)
            return false;
        avail = avail < r->end - pc ? avail : r->end - pc;
        if (memcmp((const void *)pc, bytes + (pc - r->start), avail) != 0)
            return false;
    }
    return true;
}

/* Puts the entry into the cache, if it fits. */
static struct block *take(struct entry *e)
{
    uint8_t *at = (uint8_t *)e;
    piece(&at, sizeof *e);
    const struct block_range *range = piece(&at, e->range_count * sizeof *range);
    if (e->kind < head_kind(e->pc) || e->fp_mode != core.target.fp_mode || e->shared != core.shared ||
        !is_plain(range, e->range_count))
        return NULL;
    struct x86_code code = {.size = e->code_size,
                            .exit_count = e->exit_count,
                            .fault_count = e->fault_count,
                            .flags_count = e->flags_count,
                            .trap_count = e->trap_count,
                            .restore = e->restore,
                            .loop = e->loop,
                            .past_line = e->past_line};
    code.exits = piece(&at, e->exit_count * sizeof *code.exits);
    code.faults = piece(&at, e->fault_count * sizeof *code.faults);
    code.flags = piece(&at, e->flags_count * sizeof *code.flags);
    code.traps = piece(&at, e->trap_count * sizeof *code.traps);
    code.bytes = piece(&at, e->code_size);
    for (uint32_t r = 0; r < e->range_count; r++)
        if (!same_bytes(&range[r], &at))
            return NULL;
    struct block *b = cache_insert(e->pc, range, e->range_count, &code, NULL, e->kind);
    if (!b)
        return NULL;
    b->own_count = (uint8_t)e->own_count;
    b->tail = e->tail;
    b->many = e->many;
    core.stats.taken++;
    return b;
}

struct block *pool_get(gaddr pc)
{
    if (!pool)
        return NULL;
    for (uint32_t at = atomic_load(bucket_of(pc)); at;) {
        struct entry *e = (struct entry *)((uint8_t *)pool + at);
        struct block *b = e->pc == pc ? take(e) : NULL;
        if (b)
            return b;
        at = e->next;
    }
    return NULL;
}

/* The entries of a bucket that are new; false: the cache is full.  One that was begun before the last time and finished
 * after it is missed, which costs whoever needs it a look-up. */
static bool gather_bucket(uint32_t at)
{
    while (at >= gathered && at) {
        struct entry *e = (struct entry *)((uint8_t *)pool + at);
        if (core.used + e->code_size > core.size / 2)
            return false;
        if (!cache_find(e->pc))
            take(e);
        at = e->next;
    }
    return true;
}

void pool_gather(void)
{
    if (!pool)
        return;
    uint32_t used = atomic_load(&pool->used);
    if (used == gathered)
        return;
    for (uint32_t i = 0; i < BUCKETS && gather_bucket(atomic_load(&pool->bucket[i])); i++)
        ;
    gathered = used;
}
