// SPDX-License-Identifier: MIT
/*
 * The code cache: where translations live, how they are found, linked to each other and dropped.
 *
 * One piece of memory holds host code; it is mapped twice, once to run and once to write (DESIGN 15).  Space
 * is handed out upwards and never reused piecemeal: a dropped block keeps its bytes until the whole cache is
 * flushed, because threads may still be in it or hold its address on their shadow stacks and in their jump
 * tables.  Dropping it therefore means: every link that leads to it goes back to its cold exit, and its first
 * instruction, of 5 bytes or more, becomes a call of STUB_DROPPED, after which its guest address is looked up again.  Both
 * are single aligned stores, so running threads see old or new.
 *
 * Descriptions of blocks come from an arena of their own that is reset with the cache.  Found by guest
 * address through a hash table, by host address through an array in order of placement, by guest page through
 * lists of users of that page.
 *
 * So everything is bounded by the cache's size: code, links, fault tables and look-up tables.  What is full is emptied as a
 * whole (run.c): what is hot comes back at the price of one translation each, nothing has to know what leads to what, and
 * no thread can hold the address of a translation that is gone, because all are outside when it goes.  Rejected: to evict
 * by generation, which needs for each translation a list of all return addresses and jump cells that lead to it.
 */
#include "dbt/core.h"
#include "dbt/own.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEFAULT_SIZE  ((size_t)64 << 20)
#define SMALLEST_SIZE ((size_t)1 << 20) /* to go on with, where there is no memory for more */
#define HASH_FIRST    (1u << 11)        /* entries at first; doubled whenever there are as many blocks */
#define PAGE_HASH     (1u << 12)
#define WAIT_HASH     (1u << 8)
#define CODE_ALIGN    32u

/* A block is listed with every guest page that one of its ranges touches. */
struct page_user {
    uint64_t page;
    struct block *block;
    struct page_user *next;
};

struct core core;

static struct {
    struct block **hash;
    uint32_t hash_size;
    struct page_user *pages[PAGE_HASH];
    struct link *waiting[WAIT_HASH]; /* inline caches whose target is not there, linked by next_in */
    struct block **by_host;          /* ascending by code offset */
    uint32_t count, max;
    uint8_t *arena;
    size_t arena_size, arena_used;
    size_t arena_ready, code_ready; /* how far the pages are there already */
    size_t hash_bytes;
} table;

/* Neighbours stay neighbours: a start-up touches few pages of the table. */
static uint32_t hash_pc(gaddr pc)
{
    return (uint32_t)(pc >> 2) & (table.hash_size - 1);
}

static uint32_t hash_page(uint64_t page)
{
    return (uint32_t)(page ^ (page >> 12)) & (PAGE_HASH - 1);
}

/*
 * New memory for the cache; NULL: there is none.  Shared memory without a file: a limit on the size of files (ulimit -f)
 * would count for a memfd, and kill xrun with SIGXFSZ.
 */
static void *map_cache(size_t size, int prot)
{
    return own_map_as(size, MAP_SHARED, prot);
}

/* Maps such memory once more, at `at` (NULL: anywhere); NULL: the kernel will not.  Where memory may not become executable
 * (PR_SET_MDWE), what was executable at first may still be mapped to write. */
static void *map_again(void *memory, size_t size, void *at, int prot)
{
    if (!at && !(at = own_map(size, MAP_PRIVATE)))
        return NULL;
    void *p = mremap(memory, 0, size, MREMAP_MAYMOVE | MREMAP_FIXED, at);
    return p == MAP_FAILED || mprotect(p, size, prot) != 0 ? NULL : p;
}

/*
 * Gets the pages up to `need` of a region that is used upwards, a good piece at a time: a tenth of what the
 * faults would cost. Where the kernel cannot (before 5.14), they come by faults.
 */
static void make_ready(void *base, size_t size, size_t need, size_t *ready, int advice)
{
    enum { STEP = 64 << 10 };
    if (need <= *ready)
        return;
    size_t end = (need + STEP - 1) & ~(size_t)(STEP - 1);
    end = end < size ? end : size;
    madvise((uint8_t *)base + *ready, end - *ready, advice);
    *ready = end;
}

static void make_code_ready(size_t need)
{
    size_t ready = table.code_ready;
    make_ready(core.rw, core.size, need, &table.code_ready, MADV_POPULATE_WRITE);
    make_ready(core.rx, core.size, need, &ready, MADV_POPULATE_READ);
}

static void place_stubs(void)
{
    uint32_t enter;
    make_code_ready(1);
    core.used = x86_stubs(&core.target, core.rw, core.size, core.stub, &enter);
    core.enter = (x86_enter_fn *)(uintptr_t)(core.rx + enter);
}

static void unmap(void *p, size_t size)
{
    if (p)
        munmap(p, size);
}

static bool memory_get(size_t size)
{
    core.size = size;
    table.max = (uint32_t)(size / 64);
    table.hash_bytes = HASH_FIRST * sizeof *table.hash; /* what hash_grow may double it to */
    while (table.hash_bytes < table.max * sizeof *table.hash)
        table.hash_bytes *= 2;
    table.arena_size = size * 4;
    core.rx = map_cache(size, PROT_READ | PROT_EXEC);
    core.rw = core.rx ? map_again(core.rx, size, NULL, PROT_READ | PROT_WRITE) : NULL;
    table.by_host = own_map(table.max * sizeof *table.by_host, MAP_PRIVATE);
    table.arena = own_map(table.arena_size, MAP_PRIVATE);
    table.hash = own_map(table.hash_bytes, MAP_PRIVATE);
    if (core.rw && table.by_host && table.arena && table.hash)
        return true;
    unmap(core.rw, size);
    unmap(core.rx, size);
    unmap(table.by_host, table.max * sizeof *table.by_host);
    unmap(table.arena, table.arena_size);
    unmap(table.hash, table.hash_bytes);
    return false;
}

/* Takes less where there is not enough: a limit on the address space may leave little. */
bool cache_init(void)
{
    size_t size = core.config.cache_size ? core.config.cache_size : DEFAULT_SIZE;
    size = (size + 4095) & ~(size_t)4095;
    while (!memory_get(size))
        if ((size = size / 2 & ~(size_t)4095) < SMALLEST_SIZE)
            return false;
    table.hash_size = HASH_FIRST;
    place_stubs();
    return true;
}

static void *arena_alloc(size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (size > table.arena_size - table.arena_used)
        return NULL;
    make_ready(table.arena, table.arena_size, table.arena_used + size, &table.arena_ready,
               MADV_POPULATE_WRITE);
    void *p = table.arena + table.arena_used;
    table.arena_used += size;
    return p;
}

struct block *cache_find(gaddr pc)
{
    for (struct block *b = table.hash[hash_pc(pc)]; b; b = b->hash_next)
        if (b->pc == pc)
            return b;
    return NULL;
}

struct block *cache_find_host(const void *host)
{
    const uint8_t *p = host;
    if (p < core.rx || p >= core.rx + core.used)
        return NULL;
    uint32_t off = (uint32_t)(p - core.rx), lo = 0, hi = __atomic_load_n(&table.count, __ATOMIC_ACQUIRE);
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (table.by_host[mid]->code <= off)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == 0)
        return NULL;
    struct block *b = table.by_host[lo - 1];
    return off < b->code + b->size ? b : NULL;
}

/* Is one of the block's first `count` ranges in this page? */
static bool is_in_page(const struct block *b, uint32_t count, uint64_t page)
{
    for (uint32_t r = 0; r < count; r++)
        if (b->range[r].start >> 12 <= page && page <= (b->range[r].end - 1) >> 12)
            return true;
    return false;
}

static bool pages_enter(struct block *b)
{
    for (uint32_t r = 0; r < b->range_count; r++)
        for (uint64_t page = b->range[r].start >> 12; page <= (b->range[r].end - 1) >> 12; page++) {
            if (is_in_page(b, r, page))
                continue;
            struct page_user *u = arena_alloc(sizeof *u);
            if (!u)
                return false;
            struct page_user **head = &table.pages[hash_page(page)];
            *u = (struct page_user){page, b, *head};
            *head = u;
        }
    return true;
}

static bool block_describe(struct block *b, const struct x86_code *code)
{
    b->links = arena_alloc(code->exit_count * sizeof *b->links);
    b->faults = arena_alloc(code->fault_count * sizeof *b->faults);
    b->traps = arena_alloc(code->trap_count * sizeof *b->traps);
    b->flags = arena_alloc(code->flags_count * sizeof *b->flags);
    if (!b->links || !b->faults || !b->traps || !b->flags)
        return false;
    b->loop = code->loop;
    b->restore = code->restore;
    if (code->flags_count)
        memcpy(b->flags, code->flags, code->flags_count * sizeof *b->flags);
    b->link_count = code->exit_count;
    for (uint32_t i = 0; i < code->exit_count; i++) {
        const struct x86_exit *e = &code->exits[i];
        b->links[i] = (struct link){.from = b,
                                    .site = b->code + e->site,
                                    .cold = b->code + e->cold,
                                    .behind = b->code + e->behind,
                                    .guard = e->guard ? b->code + e->guard : 0,
                                    .target = e->target};
    }
    b->fault_count = code->fault_count;
    if (code->fault_count)
        memcpy(b->faults, code->faults, code->fault_count * sizeof *b->faults);
    b->trap_count = code->trap_count;
    if (code->trap_count)
        memcpy(b->traps, code->traps, code->trap_count * sizeof *b->traps);
    return true;
}

static struct ir *ir_copy(const struct ir *from)
{
    struct ir *ir = arena_alloc(sizeof *ir);
    struct ir_insn *insn = arena_alloc(from->count * sizeof *insn);
    union vec *pool = arena_alloc(from->pool_count * sizeof *pool + 16);
    if (!ir || !insn || !pool)
        return NULL;
    *ir = *from;
    ir->insn = memcpy(insn, from->insn, from->count * sizeof *insn);
    ir->pool = pool;
    if (from->pool_count)
        memcpy(pool, from->pool, from->pool_count * sizeof *pool);
    return ir;
}

/* Doubles the hash table.  Its memory is a part of what was mapped for the largest, so it grows in place: an
 * entry either stays or moves up by the old size. */
static void hash_grow(void)
{
    uint32_t old = table.hash_size;
    table.hash_size *= 2;
    for (uint32_t i = 0; i < old; i++) {
        struct block *b = table.hash[i], *next;
        table.hash[i] = NULL;
        for (; b; b = next) {
            next = b->hash_next;
            struct block **head = &table.hash[hash_pc(b->pc)];
            b->hash_next = *head;
            *head = b;
        }
    }
}

static void patch32(uint32_t at, uint32_t value)
{
    __atomic_store_n((uint32_t *)(core.rw + at), value, __ATOMIC_RELEASE);
}

static void patch64(uint32_t at, uint64_t value)
{
    __atomic_store_n((uint64_t *)(core.rw + at), value, __ATOMIC_RELEASE);
}

/* The guard of an inline cache that matches no address. */
#define GUARD_EMPTY 1

static void link_set(struct link *l, struct block *to)
{
    patch32(l->site, to->code - (l->site + 4));
    if (l->guard)
        patch64(l->guard, to->pc);
    l->to = to;
    l->next_in = to->incoming;
    to->incoming = l;
}

static void link_clear(struct link *l)
{
    if (l->guard)
        patch64(l->guard, GUARD_EMPTY);
    patch32(l->site, l->cold - (l->site + 4));
    l->to = NULL;
}

/* Inline caches with a target of their own never come out to be linked. */
static bool link_waits(const struct link *l)
{
    return l->guard && l->target != ~(gaddr)0;
}

static struct link **waiting_for(gaddr pc)
{
    return &table.waiting[(pc >> 2) % WAIT_HASH];
}

static void link_wait(struct link *l)
{
    struct link **head = waiting_for(l->target);
    l->next_in = *head;
    *head = l;
}

/* A new block's exits go straight to what is there already: cheaper than to come out for each, and to patch code that
 * the processor has fetched.  And what has waited for it goes there. */
static void links_enter(struct block *b)
{
    for (uint32_t i = 0; i < b->link_count; i++) {
        struct block *to = cache_find(b->links[i].target); /* no block is at ~0 */
        if (to)
            link_set(&b->links[i], to);
        else if (link_waits(&b->links[i]))
            link_wait(&b->links[i]);
    }
    for (struct link **p = waiting_for(b->pc), *l; (l = *p) != NULL;) {
        if (l->target != b->pc && !l->from->dead) {
            p = &l->next_in;
            continue;
        }
        *p = l->next_in;
        if (!l->from->dead)
            link_set(l, b);
    }
}

struct block *cache_insert(gaddr pc, const struct block_range *ranges, unsigned range_count,
                           const struct x86_code *code, const struct ir *ir)
{
    size_t at = (core.used + CODE_ALIGN - 1) & ~(size_t)(CODE_ALIGN - 1);
    size_t need = code ? code->size : 1;
    if (table.count == table.max || need > core.size - at)
        return NULL;
    struct block *b = arena_alloc(sizeof *b);
    if (!b)
        return NULL;
    *b = (struct block){.pc = pc, .code = (uint32_t)at, .size = (uint32_t)need, .range_count = range_count};
    b->range = arena_alloc(range_count * sizeof *ranges);
    if (!b->range)
        return NULL;
    memcpy(b->range, ranges, range_count * sizeof *ranges);
    if ((code && !block_describe(b, code)) || (ir && !(b->ir = ir_copy(ir))) || !pages_enter(b)) {
        b->dead = true; /* it may be in lists of pages */
        return NULL;
    }
    make_code_ready(at + need);
    if (code)
        memcpy(core.rw + at, code->bytes, code->size);
    core.used = at + need;
    if (table.count == table.hash_size)
        hash_grow();
    table.by_host[table.count] = b;
    __atomic_store_n(&table.count, table.count + 1,
                     __ATOMIC_RELEASE); /* fault handlers look without the lock */
    struct block **head = &table.hash[hash_pc(pc)];
    b->hash_next = *head;
    *head = b;
    links_enter(b);
    if (core.config.made && code)
        core.config.made(block_host(b), need, pc);
    return b;
}

static struct link *link_at(struct block *b, uint64_t behind)
{
    uint32_t at = (uint32_t)(behind - (uint64_t)core.rx);
    for (uint32_t i = 0; i < b->link_count; i++)
        if (b->links[i].behind == at)
            return &b->links[i];
    return NULL;
}

void cache_link(struct block *from, uint64_t behind, struct block *to)
{
    struct link *l = link_at(from, behind);
    /* The cache may have been emptied since the thread left here, so that this is another exit now.  One that waits is in a
     * list already: a thread that had passed its compare came out while its target was dropped. */
    if (l && !link_waits(l) && (l->guard || l->target == to->pc) && !l->to && !to->dead && !from->dead)
        link_set(l, to);
}

enum exit_reason cache_left(struct cpu *cpu, enum exit_reason why)
{
    struct block *b = cache_find_host((const void *)(cpu->exit_arg - 1));
    if (why != EXIT_LINK) {
        cpu->pc = b->pc;
        return why == EXIT_DROPPED ? EXIT_LOOKUP : why;
    }
    const struct link *l = link_at(b, cpu->exit_arg);
    if (!l->guard)
        cpu->pc = l->target;
    return why;
}

gaddr cache_indirect(const struct block *b)
{
    for (uint32_t i = 0; i < b->link_count; i++)
        if (b->links[i].guard && b->links[i].to)
            return b->links[i].to->pc;
    return 0;
}

/* Makes the block's first instruction a call of STUB_DROPPED. */
static void block_seal(struct block *b)
{
    enum { CALL = 0xe8, CALL_SIZE = 5 };
    uint8_t bytes[8];
    uint32_t to = core.stub[STUB_DROPPED] - (b->code + CALL_SIZE);
    memcpy(bytes, core.rw + b->code, sizeof bytes);
    bytes[0] = CALL;
    memcpy(bytes + 1, &to, 4);
    uint64_t head;
    memcpy(&head, bytes, sizeof head);
    patch64(b->code, head);
}

/* Asks all threads to come out and look where they are: one of them may be in a loop that was dropped. */
static void ask_out(void)
{
    for (struct cpu *c = core.cpus; c; c = cpu_core(c)->next)
        __atomic_fetch_or(&c->poll, POLL_CORE, __ATOMIC_SEQ_CST);
}

bool cache_drop(struct block *b)
{
    if (b->dead)
        return false;
    b->dead = true;
    core.stats.dropped++;
    for (struct block **p = &table.hash[hash_pc(b->pc)]; *p; p = &(*p)->hash_next)
        if (*p == b) {
            *p = b->hash_next;
            break;
        }
    for (struct link *l = b->incoming, *next; l; l = next) {
        next = l->next_in;
        link_clear(l);
        if (link_waits(l))
            link_wait(l);
    }
    b->incoming = NULL;
    if (!b->ir)
        block_seal(b);
    if (b->loop)
        ask_out();
    return true;
}

static bool block_touches(const struct block *b, gaddr start, gaddr end)
{
    for (uint32_t r = 0; r < b->range_count; r++)
        if (b->range[r].start < end && start < b->range[r].end)
            return true;
    return false;
}

bool cache_invalidate(gaddr start, gaddr end)
{
    bool any = false;
    uint64_t first = start >> 12, last = (end - 1) >> 12;
    if (last - first >= PAGE_HASH) {
        for (uint32_t i = 0; i < table.count; i++)
            if (block_touches(table.by_host[i], start, end))
                any |= cache_drop(table.by_host[i]);
        return any;
    }
    for (uint64_t page = first; page <= last; page++)
        for (struct page_user **p = &table.pages[hash_page(page)]; *p;) {
            struct page_user *u = *p;
            if (u->page == page && block_touches(u->block, start, end))
                any |= cache_drop(u->block);
            if (u->block->dead)
                *p = u->next;
            else
                p = &u->next;
        }
    return any;
}

struct block *const *cache_blocks(uint32_t *count)
{
    *count = table.count;
    return table.by_host;
}

void cache_tables(size_t *used, size_t *size)
{
    *used = table.arena_used + table.count * sizeof *table.by_host + table.hash_size * sizeof *table.hash;
    *size = table.arena_size + table.max * sizeof *table.by_host + table.hash_bytes;
}

void cache_flush(void)
{
    core.stats.flushed += table.count;
    memset(table.hash, 0, table.hash_size * sizeof *table.hash);
    memset(table.pages, 0, sizeof table.pages);
    memset(table.waiting, 0, sizeof table.waiting);
    table.count = 0;
    table.arena_used = 0;
    core.generation++;
    place_stubs();
    for (struct cpu *c = core.cpus; c; c = cpu_core(c)->next) {
        for (unsigned i = 0; i < JUMP_CELLS; i++)
            c->jumps[i] = (struct jump_cell){cell_empty(i), NULL};
        c->shadow_sp = c->shadow_top;
    }
}

/* -- fork: the cache is shared memory, so the child gets a copy of its own -- */

static void *fork_copy;

void dbt_fork_prepare(void)
{
    lock_take(&core.lock);
    pool_open();
    /* Without it the child starts with an empty cache. */
    fork_copy = map_cache(core.size, PROT_READ | PROT_WRITE);
    if (fork_copy)
        memcpy(fork_copy, core.rw, core.used);
}

void dbt_fork_parent(void)
{
    unmap(fork_copy, core.size);
    lock_drop(&core.lock);
}

/* Makes this memory the cache. */
static bool take_over(void *memory)
{
    bool done = map_again(memory, core.size, core.rw, PROT_READ | PROT_WRITE) &&
                map_again(memory, core.size, core.rx, PROT_READ | PROT_EXEC);
    munmap(memory, core.size);
    return done;
}

void dbt_fork_child(void)
{
    bool copied = fork_copy && take_over(fork_copy);
    if (!copied) { /* there may not be room for both; or memory may not become executable */
        munmap(core.rw, core.size);
        munmap(core.rx, core.size);
        void *memory = map_cache(core.size, PROT_READ | PROT_EXEC);
        if (!memory || !take_over(memory))
            abort();
    }
    cpu_core(cpu_self())->pid = getpid();
    lock_fork_child();
    /* The other threads do not exist here; their states wait for cpu_free. */
    for (struct cpu *c = core.cpus; c; c = cpu_core(c)->next)
        if (c != cpu_self())
            c->in_code = false;
    if (!copied)
        cache_flush();
    stats_begin();
    lock_drop(&core.lock);
}
