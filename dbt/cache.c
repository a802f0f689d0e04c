/* SPDX-License-Identifier: MIT */
/*
 * The code cache: where translations live, how they are found, linked to each other and dropped.
 *
 * One piece of memory holds host code; it is mapped twice, once to run and once to write, so that nothing is ever both.  Space
 * is handed out upwards and never reused piecemeal: a dropped block keeps its bytes until the whole cache is
 * flushed, because threads may still be in it or hold its address on their shadow stacks and in their jump
 * tables.  Dropping it therefore means: every link that leads to it goes back to its cold exit, and its first
 * instruction, of 5 bytes or more, becomes a call of STUB_DROPPED, after which its guest address is looked up again.  Both
 * are single stores within 8 aligned bytes, so running threads see old or new.
 *
 * Descriptions of blocks (block.c) come from an arena of their own that is reset with the cache.  They are found by guest
 * address through a hash table, by host address through an array in order of placement and an index of it by pieces
 * of the cache, by guest page through lists of users of that page.
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

#define DEFAULT_SIZE  ((size_t)64 << 20)
#define SMALLEST_SIZE ((size_t)1 << 20) /* to go on with, where there is no memory for more */
#define FIRST         (1u << 12)        /* entries of a table at first */
#define PAGE_HASH     (1u << 12)
#define CODE_ALIGN    16u
#define TRACE_ALIGN   32u
#define LOOP_ALIGN    64u  /* of loops that are traces: lower_loop.c places their heads */
#define PIECE         128u /* of the cache: see by_piece */

/* Looked at without the block, which is far away: tag is of the guest address. */
struct hash_entry {
    uint32_t tag;
    table_ref block;   /* 0: there is none, and with the tag HASH_ENDS there was none */
    table_ref waiting; /* links to what would come here and is not there (may_link), by next_in */
};
enum { HASH_ENDS, HASH_GONE };

struct core core OWN_BY_FORK;

static struct {
    struct hash_entry *hash;
    uint32_t hash_size; /* of which more than two thirds are never used */
    table_ref pages[PAGE_HASH];
    table_ref *by_host; /* ascending by code offset */
    uint32_t count, room, traces;
    uint32_t *by_piece; /* for each piece of the cache: which is the first block that reaches into it */
    uint32_t piece_count, piece_room;
    uint8_t *arena;
    size_t arena_size, arena_used;
    size_t arena_ready; /* how far its pages are there already */
} table;

/* What the arena begins with: small tables, so that in most processes all are close to each other.  The larger ones that take
 * their place when they are full have memory of their own. */
struct first_tables {
    struct hash_entry hash[FIRST];
    table_ref by_host[FIRST];
    uint32_t by_piece[FIRST];
};
#define ARENA_FIRST sizeof(struct first_tables)

static void *at_ref(table_ref r)
{
    return table.arena + (size_t)r * 8;
}

static table_ref ref_of(const void *p)
{
    return (table_ref)((size_t)((const uint8_t *)p - table.arena) / 8);
}

/* Neighbours stay neighbours, in pieces of 16 instructions: those share lines of the table. */
static uint32_t hash_pc(gaddr pc)
{
    return (uint32_t)(((pc >> 6) * GOLDEN >> 32) << 4 | (pc >> 2 & 15)) & (table.hash_size - 1);
}

static uint32_t hash_page(uint64_t page)
{
    return (uint32_t)(page ^ (page >> 12)) & (PAGE_HASH - 1);
}

static void place_stubs(void)
{
    uint32_t enter;
    code_ready(1);
    core.used = x86_stubs(&core.target, core.rw, core.size, core.stub, &enter);
    core.enter = (x86_enter_fn *)(uintptr_t)(core.rx + enter);
}

static bool memory_get(size_t size)
{
    table.arena_size = ARENA_FIRST + size * (core.config.interp ? 4 : 2);
    if (!code_begin(size))
        return false;
    table.arena = own_map(table.arena_size, MAP_PRIVATE);
    if (!table.arena)
        code_end();
    return table.arena;
}

/* How many blocks, and pieces, there are at most. */
static uint32_t most_blocks(void)
{
    return (uint32_t)(core.size / 64);
}

static uint32_t most_pieces(void)
{
    return (uint32_t)(core.size / PIECE);
}

/* How many entries the hash table may get. */
static size_t most_hashed(void)
{
    size_t n = FIRST;
    while (n / 3 * 2 < most_blocks())
        n *= 2;
    return n;
}

static void tables_begin(void)
{
    struct first_tables *first = (struct first_tables *)table.arena;
    table.hash = first->hash;
    table.by_host = first->by_host;
    table.by_piece = first->by_piece;
    table.hash_size = FIRST;
    table.room = FIRST < most_blocks() ? FIRST : most_blocks();
    table.piece_room = FIRST < most_pieces() ? FIRST : most_pieces();
    table.arena_used = ARENA_FIRST;
}

/* Takes less where there is not enough: a limit on the address space may leave little. */
bool cache_init(void)
{
    size_t size = core.config.cache_size ? core.config.cache_size : DEFAULT_SIZE;
    size = page_up(size);
    while (!memory_get(size))
        if ((size = page_down(size / 2)) < SMALLEST_SIZE)
            return false;
    tables_begin();
    place_stubs();
    return true;
}

static void *arena_alloc(size_t size)
{
    size = (size + 7) & ~(size_t)7;
    if (size > table.arena_size - table.arena_used)
        return NULL;
    own_ready(table.arena, table.arena_size, table.arena_used + size, &table.arena_ready,
              MADV_POPULATE_WRITE);
    void *p = table.arena + table.arena_used;
    table.arena_used += size;
    return p;
}

/* The last piece that was got turned out to need less. */
static void arena_trim(const void *p, size_t size)
{
    table.arena_used = ((size_t)((const uint8_t *)p - table.arena) + size + 7) & ~(size_t)7;
}

/* -- finding -- */

/* Where the block at pc is in the hash table; NULL: it is not. */
static struct hash_entry *hash_find(gaddr pc)
{
    uint32_t tag = (uint32_t)(pc >> 2);
    for (uint32_t i = hash_pc(pc);; i = (i + 1) & (table.hash_size - 1)) {
        struct hash_entry *e = &table.hash[i];
        if (e->block && e->tag == tag && ((const struct block *)at_ref(e->block))->pc == pc)
            return e;
        if (!e->block && e->tag == HASH_ENDS)
            return NULL;
    }
}

struct block *cache_find(gaddr pc)
{
    const struct hash_entry *e = hash_find(pc);
    return e ? at_ref(e->block) : NULL;
}

static void hash_enter(const struct block *b)
{
    uint32_t i = hash_pc(b->pc);
    while (table.hash[i].block)
        i = (i + 1) & (table.hash_size - 1);
    table.hash[i].tag = (uint32_t)(b->pc >> 2);
    table.hash[i].block = ref_of(b);
}

uint32_t cache_count(void)
{
    return table.count;
}

uint32_t cache_traces(void)
{
    return table.traces;
}

struct block *cache_block(uint32_t n)
{
    return at_ref(table.by_host[n]);
}

const struct ir *cache_ir(const struct block *b)
{
    return at_ref(b->ir);
}

struct block *cache_find_host(const void *host)
{
    const uint8_t *p = host;
    uint32_t count = __atomic_load_n(&table.count, __ATOMIC_ACQUIRE);
    if (p < core.rx || p >= core.rx + core.used || !count)
        return NULL;
    uint32_t off = (uint32_t)(p - core.rx), n = table.by_piece[off / PIECE];
    while (n + 1 < count && cache_block(n + 1)->code <= off)
        n++;
    struct block *b = cache_block(n);
    return b->code <= off && off < b->code + b->size ? b : NULL;
}

/* Block b is the last one now. */
static void host_enter(const struct block *b)
{
    uint32_t end = (b->code + b->size + PIECE - 1) / PIECE;
    while (table.piece_count < end)
        table.by_piece[table.piece_count++] = table.count;
    table.by_host[table.count] = ref_of(b);
    __atomic_store_n(&table.count, table.count + 1,
                     __ATOMIC_RELEASE); /* fault handlers look without the lock */
}

/* -- guest pages -- */

#define BLOCK_PAGES (2 * BLOCK_RANGES)

/* The pages that the ranges touch, each once. */
static unsigned pages_of(const struct block_range *range, unsigned count, uint64_t page[BLOCK_PAGES])
{
    unsigned n = 0;
    for (unsigned r = 0; r < count; r++)
        for (uint64_t p = range[r].start / PAGE; p <= (range[r].end - 1) / PAGE; p++) {
            unsigned k = 0;
            while (k < n && page[k] != p)
                k++;
            if (k == n)
                page[n++] = p;
        }
    return n;
}

static void pages_enter(const struct block *b, const uint64_t page[BLOCK_PAGES])
{
    for (unsigned k = 0; k < b->page_count; k++) {
        struct page_user *u = &block_pages(b)[k];
        table_ref *head = &table.pages[hash_page(page[k])];
        *u = (struct page_user){ref_of(b), *head};
        *head = ref_of(u);
    }
}

/* -- links -- */

/* In 8 aligned bytes, which the processor sees change at once. */
static void patch32(uint32_t at, uint32_t value)
{
    typedef uint32_t anywhere __attribute__((aligned(1)));
    code_thaw(at);
    __atomic_signal_fence(__ATOMIC_RELEASE);
    *(volatile anywhere *)(core.rw + at) = value;
}

static void patch64(uint32_t at, uint64_t value)
{
    code_thaw(at);
    __atomic_store_n((uint64_t *)(core.rw + at), value, __ATOMIC_RELEASE);
}

static uint32_t guard_of(const struct link *l, const struct block *from)
{
    return from->code + from->size - 8 * l->from_guard;
}

static struct block *from_of(const struct link *l)
{
    return cache_find_host(core.rx + l->site);
}

static void link_set(struct link *l, const struct block *from, struct block *to)
{
    patch32(l->site, to->code - (l->site + 4));
    if (l->from_guard)
        patch64(guard_of(l, from), to->pc);
    l->to = ref_of(to);
    l->next_in = to->incoming;
    to->incoming = ref_of(l);
}

/* An inline cache leads to one address in all its life: a thread may have compared with it, and not jumped yet. */
static void link_clear(struct link *l)
{
    if (l->from_guard) {
        l->target = (int64_t)((const struct block *)at_ref(l->to))->pc;
        patch64(guard_of(l, from_of(l)), GUARD_WAITS);
    }
    patch32(l->site, l->behind - l->cold_size - (l->site + 4));
    l->to = 0;
}

/* All but empty inline caches: while its target is not there, such a link is in a list of those that wait for it. */
static bool has_target(const struct link *l)
{
    return (gaddr)l->target != X86_NO_TARGET;
}

static table_ref *waiting_for(gaddr pc)
{
    return &table.hash[hash_pc(pc)].waiting;
}

static void link_wait(struct link *l)
{
    table_ref *head = waiting_for((gaddr)l->target);
    l->next_in = *head;
    *head = ref_of(l);
}

/* Makes room for one more block; false: there is no memory.  The second table has all that the largest may need. */
static bool hash_reserve(void)
{
    if (table.count < table.hash_size / 3 * 2)
        return true;
    if (table.hash_size > FIRST) {
        memset(table.hash, 0, table.hash_size * sizeof *table.hash);
    } else {
        struct hash_entry *all = own_map(most_hashed() * sizeof *all, MAP_PRIVATE);
        if (!all)
            return false;
        table.hash = all;
    }
    table.hash_size *= 2;
    for (uint32_t i = 0; i < table.count; i++) {
        const struct block *b = cache_block(i);
        if (b->dead)
            continue;
        hash_enter(b);
        for (uint32_t k = 0; k < b->link_count; k++)
            if (has_target(&block_links(b)[k]) && !block_links(b)[k].to)
                link_wait(&block_links(b)[k]);
    }
    return true;
}

/* Makes room for `need` entries; false: there may be no more, or there is no memory. */
static bool array_reserve(uint32_t **array, uint32_t *room, uint32_t need, uint32_t most)
{
    if (need <= *room)
        return true;
    uint32_t *all = need <= most ? own_map(most * sizeof *all, MAP_PRIVATE) : NULL;
    if (!all)
        return false;
    memcpy(all, *array, *room * sizeof *all);
    __atomic_store_n(array, all, __ATOMIC_RELEASE); /* fault handlers look without the lock */
    *room = most;
    return true;
}

/* Room for one more block, whose code ends at `end`. */
static bool tables_reserve(size_t end)
{
    return array_reserve(&table.by_host, &table.room, table.count + 1, most_blocks()) &&
           array_reserve(&table.by_piece, &table.piece_room, (uint32_t)((end + PIECE - 1) / PIECE),
                         most_pieces()) &&
           hash_reserve();
}

/* Where a trace is left for a unit that does not count, the thread comes out to make it count (run.c). */
static bool may_link(const struct block *from, const struct block *to)
{
    return from->kind != UNIT_TRACE || to->kind != UNIT_PLAIN;
}

/* A new block's exits go straight to what is there already: cheaper than to come out for each, and to patch code that
 * the processor has fetched.  And what has waited for it goes there. */
static void links_enter(struct block *b)
{
    struct link *l = block_links(b);
    for (uint32_t i = 0; i < b->link_count; i++, l++) {
        if (!has_target(l))
            continue;
        struct block *to = cache_find((gaddr)l->target);
        if (to && may_link(b, to))
            link_set(l, b, to);
        else
            link_wait(l);
    }
    for (table_ref *p = waiting_for(b->pc); *p;) {
        l = at_ref(*p);
        const struct block *from = (gaddr)l->target == b->pc ? from_of(l) : NULL;
        if (!from || !may_link(from, b) || code_is_frozen(l->site)) {
            p = &l->next_in;
            continue;
        }
        *p = l->next_in;
        if (!from->dead)
            link_set(l, from, b);
    }
}

/* The description of a block at offset `at` of the cache, without its pages; NULL: there is no room. */
static struct block *block_new(struct block head, const struct x86_code *code,
                               const struct block_range *ranges, unsigned range_count, unsigned page_count)
{
    struct block *b = arena_alloc(block_measure(&head, code, range_count, page_count));
    if (!b)
        return NULL;
    *b = head;
    arena_trim(b, block_describe(b, code, ranges));
    return b;
}

static table_ref ir_copy(const struct ir *from)
{
    table.arena_used = (table.arena_used + 15) & ~(size_t)15; /* for its vectors */
    struct ir *ir = arena_alloc((sizeof *ir + 15) & ~(size_t)15);
    struct ir_insn *insn = arena_alloc((from->count * sizeof *insn + 15) & ~(size_t)15);
    union vec *pool = arena_alloc(from->pool_count * sizeof *pool + 16);
    if (!ir || !insn || !pool)
        return 0;
    *ir = *from;
    ir->insn = memcpy(insn, from->insn, from->count * sizeof *insn);
    ir->pool = pool;
    if (from->pool_count)
        memcpy(pool, from->pool, from->pool_count * sizeof *pool);
    return ref_of(ir);
}

/* What links_enter will look at comes while the block is described. */
static void links_prefetch(gaddr pc, const struct x86_code *code)
{
    __builtin_prefetch(&table.hash[hash_pc(pc)]);
    for (uint32_t i = 0; code && i < code->exit_count; i++)
        __builtin_prefetch(&table.hash[hash_pc(code->exits[i].target)]);
}

struct block *cache_insert(gaddr pc, const struct block_range *ranges, unsigned range_count,
                           const struct x86_code *code, const struct ir *ir, struct block_traits traits)
{
    static uint64_t page[BLOCK_PAGES];
    bool loop = code && code->loop;
    uint32_t align = loop ? LOOP_ALIGN : CODE_ALIGN, past = loop ? code->past_line : 0;
    if (!loop && traits.kind == UNIT_TRACE)
        align = TRACE_ALIGN;
    size_t at = ((core.used - past + align - 1) & ~(size_t)(align - 1)) + past;
    size_t need = code ? code->size : 1;
    if (at + need > core.size || !tables_reserve(at + need))
        return NULL;
    links_prefetch(pc, code);
    struct block head = {.pc = pc,
                         .code = (uint32_t)at,
                         .size = (uint32_t)need,
                         .own_count = traits.own_count,
                         .kind = (uint8_t)traits.kind,
                         .tail = traits.tail,
                         .many = traits.many};
    unsigned page_count = pages_of(ranges, range_count, page);
    struct block *b = block_new(head, code, ranges, range_count, page_count);
    if (!b || (ir && !(b->ir = ir_copy(ir))))
        return NULL;
    code_ready(at + need);
    if (code)
        memcpy(core.rw + at, code->bytes, code->size);
    core.used = at + need;
    pages_enter(b, page);
    host_enter(b);
    hash_enter(b);
    links_enter(b);
    table.traces += traits.kind == UNIT_TRACE;
    if (core.config.made && code)
        core.config.made(block_host(b), need, pc);
    return b;
}

static struct link *link_at(const struct block *b, uint64_t behind)
{
    uint32_t at = (uint32_t)(behind - (uint64_t)core.rx);
    struct link *l = block_links(b);
    for (uint32_t i = 0; i < b->link_count; i++)
        if (l[i].behind == at)
            return &l[i];
    return NULL;
}

bool cache_may_change(uint32_t at)
{
    enum { REFUSALS = 1000 }; /* cost as much as some ten pages that thaw */
    return !code_is_frozen(at) || core.refused++ >= REFUSALS;
}

/* It is in the list of those that wait for its target. */
static void link_wait_end(const struct link *l)
{
    table_ref *p = waiting_for((gaddr)l->target);
    while (at_ref(*p) != l)
        p = &((struct link *)at_ref(*p))->next_in;
    *p = l->next_in;
}

void cache_link(struct block *from, uint64_t behind, struct block *to)
{
    struct link *l = link_at(from, behind);
    /* The cache may have been emptied since the thread left here, so that this is another exit now. */
    if (!l || l->to || to->dead || from->dead ||
        (has_target(l) && ((gaddr)l->target != to->pc || !may_link(from, to))))
        return;
    if (!cache_may_change(l->site))
        return;
    if (has_target(l)) /* it was frozen when the target came */
        link_wait_end(l);
    link_set(l, from, to);
}

enum exit_reason cache_left(struct cpu *cpu, enum exit_reason why)
{
    struct block *b = cache_find_host((const void *)(cpu->exit_arg - 1));
    if (why != EXIT_LINK) {
        cpu->pc = b->pc;
        return why == EXIT_DROPPED ? EXIT_LOOKUP : why;
    }
    const struct link *l = link_at(b, cpu->exit_arg);
    if (!l->from_guard)
        cpu->pc = (gaddr)l->target;
    return why;
}

bool cache_leads_to_head(const struct block *from, uint64_t behind)
{
    const struct link *l = link_at(from, behind);
    return from->kind == UNIT_TRACE || (l && l->from_guard);
}

gaddr cache_indirect(const struct block *b)
{
    const struct link *l = block_links(b);
    for (uint32_t i = 0; i < b->link_count; i++)
        if (l[i].from_guard && l[i].to)
            return ((const struct block *)at_ref(l[i].to))->pc;
    return 0;
}

/* Makes the block's first instruction a call of STUB_DROPPED. */
static void block_seal(struct block *b)
{
    enum { CALL = 0xe8, CALL_SIZE = 5 };
    uint8_t bytes[8];
    uint32_t to = core.stub[STUB_DROPPED] - (b->code + CALL_SIZE);
    memcpy(bytes, block_host(b), sizeof bytes);
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
    table.traces -= b->kind == UNIT_TRACE;
    struct hash_entry *e = hash_find(b->pc);
    e->tag = HASH_GONE;
    e->block = 0;
    for (table_ref r = b->incoming, next; r; r = next) {
        struct link *l = at_ref(r);
        next = l->next_in;
        link_clear(l);
        link_wait(l);
    }
    b->incoming = 0;
    if (!core.config.interp)
        block_seal(b);
    if (b->loop)
        ask_out();
    return true;
}

static bool block_touches(const struct block *b, gaddr start, gaddr end)
{
    for (uint32_t k = 0; k < b->range_count; k++) {
        struct block_range r = block_range(b, k);
        if (r.start < end && start < r.end)
            return true;
    }
    return false;
}

bool cache_invalidate(gaddr start, gaddr end)
{
    bool any = false;
    uint64_t first = start / PAGE, last = (end - 1) / PAGE;
    if (last - first >= PAGE_HASH) {
        for (uint32_t i = 0; i < table.count; i++)
            if (block_touches(cache_block(i), start, end))
                any |= cache_drop(cache_block(i));
        return any;
    }
    for (uint64_t page = first; page <= last; page++)
        for (table_ref *p = &table.pages[hash_page(page)]; *p;) {
            struct page_user *u = at_ref(*p);
            struct block *b = at_ref(u->block);
            if (!b->dead && block_touches(b, start, end))
                any |= cache_drop(b);
            if (b->dead)
                *p = u->next;
            else
                p = &u->next;
        }
    return any;
}

void cache_tables(size_t *used, size_t *size)
{
    *used = table.arena_used - ARENA_FIRST + table.count * sizeof *table.by_host +
            table.piece_count * sizeof *table.by_piece + table.hash_size * sizeof *table.hash;
    *size = table.arena_size + most_blocks() * sizeof *table.by_host +
            most_pieces() * sizeof *table.by_piece + most_hashed() * sizeof *table.hash;
}

bool cache_leads(const struct block *b, gaddr to)
{
    for (unsigned k = 0; k < b->link_count; k++)
        if (has_target(&block_links(b)[k]) && (gaddr)block_links(b)[k].target == to)
            return true;
    return false;
}

void cache_flush(void)
{
    core.stats.flushed += table.count;
    code_empty();
    memset(table.hash, 0, table.hash_size * sizeof *table.hash);
    memset(table.pages, 0, sizeof table.pages);
    table.count = table.piece_count = table.traces = 0;
    table.arena_used = ARENA_FIRST;
    place_stubs();
    for (struct cpu *c = core.cpus; c; c = cpu_core(c)->next) {
        jumps_empty(c);
        c->shadow_sp = c->shadow_top;
    }
    /* Last: who finds the old number here has looked into his cells before they were cleared. */
    __atomic_store_n(&core.generation, core.generation + 1, __ATOMIC_SEQ_CST);
    if (core.config.gone)
        core.config.gone();
}
