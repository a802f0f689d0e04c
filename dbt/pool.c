/* SPDX-License-Identifier: MIT */
/*
 * Translations that processes share.  There are two pools of them:
 *
 *   the family  with those that fork connects.  A shell forks for every $(...), and each child runs the same few thousand
 *               instructions that its parent never ran, and ends.  What one of them translates the others find here.  Who
 *               forks again takes what its children have added first: the next child will run the same, and finds it in its
 *               copy of the cache with all links set.
 *   the store   with all of this user's: every program begins with the same loader and the same libraries.  Units of tier
 *               1 only (a path that is hot in one program need not be in another), and only of files' code.
 *
 * An entry is a copy of what the back end made, with the guest code that it was made from.  It fits where the same code
 * stands, at any distance of whole pages: that is compared byte by byte, so it does not matter what file it came from, nor
 * what became of the address space since.  Translated code holds no host addresses (x86/x86.h), and those who share have the
 * same options (pool_kind), so nothing else needs to be the same but the few things in `struct entry`.
 *
 * Entries are appended and never change (index.h).  When the memory is used up, nothing more is added.  A guest's stray pointer
 * can write here, the store outlives the guest, and its file can be cut at any time: so nothing is believed that is read
 * here, but for an entry whose sum is right, and the sum is made before the entry comes here.
 *
 * Whoever can write here writes code that the others run, so a process that becomes less trusted (another user, seccomp,
 * a namespace of its own...) must give its part up first: dbt_part.
 */
#include "dbt/core.h"
#include "dbt/index.h"
#include "dbt/own.h"
#include "dbt/raw.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define FAMILY_SIZE ((size_t)32 << 20)
#define ENTRY_MOST  (64u << 10) /* larger ones are not shared */
#define LOW         (1ull << 31)

struct entry {
    struct index_entry head; /* sum: of what follows, odd */
    uint64_t key;            /* as key_of */
    gaddr pc;
    struct unit_facts facts;
    uint32_t code_size, fault_bytes, restore;
    uint32_t fp_mode; /* what it was translated for */
    uint16_t exit_count, flags_count, trap_count, move_count;
    uint8_t range_count, own_count;
    uint8_t past_line;
    uint8_t kind;  /* enum ir_unit */
    uint8_t guard; /* enum ir_guard */
    bool loop, tail, many, fixed, shared;
    bool back; /* it leads to itself: then it is a head */
};

#define SUMMED offsetof(struct entry, key) /* the sum is of all from here on */

static struct index family, store;
static struct pc_set *seen;
static uint32_t gathered; /* how far this process has looked at what the family added */
static uint8_t *copy;     /* an entry that is being made or taken, of ENTRY_MOST bytes */

/* Is anything to be shared? */
static bool is_usual(void)
{
    return !core.config.interp && !core.config.dump;
}

/* Processes that find the same here may share; the program itself apart. */
static uint64_t pool_kind(void)
{
    const struct x86_target *t = &core.target;
    return t->features | (uint64_t)t->avx512 << 32 | (uint64_t)t->serve << 33 | (uint64_t)t->stats << 34 |
           (uint64_t)t->hot_step << 36;
}

void pool_init(void)
{
    const struct dbt_config *c = &core.config;
    if (!c->store || !is_usual() || c->tier || c->no_opt || c->careful)
        return;
    store.at = (struct index_memory *)c->store(pool_kind(), sizeof *store.at, &store.size);
}

void pool_open(void)
{
    if (family.at || !is_usual())
        return;
    seen = own_map(sizeof *seen, MAP_SHARED);
    family = (struct index){seen ? own_map(FAMILY_SIZE, MAP_SHARED) : NULL, FAMILY_SIZE, 0, FAMILY_SIZE};
    gathered = sizeof *family.at;
    if (family.at)
        once_share(seen);
    else if (seen)
        munmap(seen, sizeof *seen);
}

void dbt_part(void)
{
    lock_take(&core.lock);
    if (family.at) {
        once_share(NULL);
        munmap(family.at, family.size);
        munmap(seen, sizeof *seen);
    }
    if (store.at)
        munmap(store.at, store.size);
    family.at = store.at = NULL;
    lock_drop(&core.lock);
}

bool pool_lost(const void *at)
{
    struct index_memory *p = store.at;
    if (!p || (uint64_t)at - (uint64_t)p >= store.size ||
        raw_call(SYS_mmap, (long)p, (long)store.size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != (long)p)
        return false;
    atomic_store(&p->head.used, UINT32_MAX); /* full */
    return true;
}

/* -- entries -- */

static uint64_t mixed(uint64_t v)
{
    v *= GOLDEN;
    return v ^ v >> 32;
}

/*
 * What all translations of the code at pc have in common, by which they are found; 0: it cannot be fetched.  The upper half is
 * of the first two instructions and their place in the page, or, at low addresses, where most translations are bound to
 * theirs, in memory.  The lower half is of what the page begins with, and the place in it.
 */
static uint64_t key_of(gaddr pc)
{
    uint64_t why, place = pc < LOW ? pc : pc % PAGE, code = 0, page[2];
    size_t avail = fetchable(pc, &why);
    if (avail < 4)
        return 0;
    memcpy(&code, (const void *)pc, avail >= 8 && pc % PAGE <= PAGE - 8 ? 8 : 4);
    memcpy(page, (const void *)page_down(pc), sizeof page);
    uint64_t same = mixed(mixed(page[0]) ^ page[1] ^ place / PAGE);
    uint64_t key =
        mixed(mixed(code) ^ place) >> 32 << 32 | (uint32_t)(same >> 32 << INDEX_PAGE) | pc % PAGE / 8;
    return key ? key : 1;
}

/* NULL: this can be none. */
static struct entry *entry_of(struct index_entry *e)
{
    uint32_t size = e ? atomic_load(&e->size) : 0;
    return size >= sizeof(struct entry) && size <= ENTRY_MOST ? (struct entry *)e : NULL;
}

/* Of all that is behind it. */
__attribute__((target("sse4.2"))) static uint32_t sum_of(const struct entry *e, uint32_t size)
{
    uint64_t sum = size, word;
    const uint8_t *p = (const uint8_t *)e + SUMMED, *end = (const uint8_t *)e + size;
    for (; end - p >= 8; p += 8) {
        memcpy(&word, p, 8);
        sum = __builtin_ia32_crc32di(sum, word);
    }
    word = 0;
    memcpy(&word, p, (size_t)(end - p));
    return (uint32_t)__builtin_ia32_crc32di(sum, word) | 1;
}

/* Adds a whole entry that was made or taken elsewhere. */
static void append(struct index *to, const struct entry *from)
{
    uint32_t size = atomic_load(&from->head.size);
    struct index_entry *e = from->key ? index_room(to, size) : NULL;
    if (!e)
        return;
    memcpy((uint8_t *)e + SUMMED, (const uint8_t *)from + SUMMED, size - SUMMED);
    atomic_store_explicit(&e->sum, sum_of(from, size), memory_order_release);
    index_add(to, from->key, e);
}

static bool has_copy(void)
{
    return copy || (copy = own_map(ENTRY_MOST, MAP_PRIVATE));
}

/* What is behind an entry, in this order. */
struct parts {
    struct block_range *range;
    struct x86_exit *exits;
    struct x86_trap *traps;
    struct x86_flags *flags;
    uint32_t *moves;
    uint8_t *faults, *code, *guest; /* guest code: of one range behind that of another */
};

static void *part(uint8_t **at, size_t size)
{
    void *p = *at;
    *at += (size + DBT_STORE_ALIGN - 1) & ~(size_t)(DBT_STORE_ALIGN - 1);
    return p;
}

/* As the entry's counts say. */
static struct parts parts_of(struct entry *e)
{
    uint8_t *at = (uint8_t *)e;
    struct parts p;
    part(&at, sizeof *e);
    p.range = part(&at, e->range_count * sizeof *p.range);
    p.exits = part(&at, e->exit_count * sizeof *p.exits);
    p.traps = part(&at, e->trap_count * sizeof *p.traps);
    p.flags = part(&at, e->flags_count * sizeof *p.flags);
    p.moves = part(&at, e->move_count * sizeof *p.moves);
    p.faults = part(&at, e->fault_bytes);
    p.code = part(&at, e->code_size);
    p.guest = at;
    return p;
}

static void fill(void *to, const void *from, size_t size)
{
    if (size)
        memcpy(to, from, size);
}

/* Is the translation of these ranges what any process would make?  Sites that trapped here are translated in another form. */
static bool is_plain(const struct block_range *range, uint32_t count)
{
    for (uint32_t r = 0; r < count; r++)
        for (gaddr pc = range[r].start; pc < range[r].end; pc += 4)
            if (careful_wanted(pc))
                return false;
    return !core.careful;
}

static bool is_for_all(const struct block *b)
{
    return b->kind != UNIT_TRACE && core.config.stays(b->pc);
}

/* The entry of b, without its parts. */
static struct entry describe(const struct block *b, const struct x86_code *code,
                             const struct unit_facts *facts)
{
    struct entry e = {.key = key_of(b->pc),
                      .pc = b->pc,
                      .facts = *facts,
                      .code_size = code->size,
                      .fault_bytes = b->fault_bytes,
                      .restore = code->restore,
                      .fp_mode = core.target.fp_mode,
                      .exit_count = b->link_count,
                      .flags_count = b->flags_count,
                      .trap_count = b->trap_count,
                      .move_count = (uint16_t)code->move_count,
                      .range_count = b->range_count,
                      .own_count = b->own_count,
                      .past_line = code->past_line,
                      .kind = b->kind,
                      .guard = unit_guard(b->pc),
                      .loop = code->loop,
                      .tail = b->tail,
                      .many = b->many,
                      .fixed = code->fixed,
                      .shared = core.shared};
    for (uint32_t k = 0; k < facts->behind.count; k++)
        e.back |= facts->behind.pc[k] == b->pc;
    return e;
}

/* Copies the guest code; false: it is not any more what was translated. */
static bool fill_guest(uint8_t *to, const struct block_range *range, uint32_t count)
{
    for (uint32_t r = 0; r < count; r++) {
        size_t bytes = range[r].end - range[r].start;
        memcpy(to, (const void *)range[r].start, bytes);
        if (!translate_saw(range[r].start, to, bytes))
            return false;
        to += bytes;
    }
    return true;
}

/* The whole entry, in `copy`; NULL: it is too large, or the guest code is not any more what was translated. */
static const struct entry *compose(const struct block *b, const struct block_range *range,
                                   const struct x86_code *code, const struct unit_facts *facts)
{
    struct entry head = describe(b, code, facts);
    size_t size = (size_t)(parts_of(&head).guest - (uint8_t *)&head);
    for (uint32_t r = 0; r < head.range_count; r++)
        size += range[r].end - range[r].start;
    size = (size + DBT_STORE_ALIGN - 1) & ~(size_t)(DBT_STORE_ALIGN - 1);
    if (size > ENTRY_MOST || !has_copy())
        return NULL;
    struct entry *e = memcpy(copy, &head, sizeof head);
    struct parts to = parts_of(e);
    fill(to.range, range, e->range_count * sizeof *range);
    fill(to.exits, code->exits, e->exit_count * sizeof *code->exits);
    fill(to.traps, code->traps, e->trap_count * sizeof *code->traps);
    fill(to.flags, code->flags, e->flags_count * sizeof *code->flags);
    fill(to.moves, code->moves, e->move_count * sizeof *code->moves);
    fill(to.faults, block_faults(b), e->fault_bytes);
    fill(to.code, code->bytes, e->code_size);
    atomic_store(&e->head.size, (uint32_t)size);
    return fill_guest(to.guest, range, e->range_count) ? e : NULL;
}

void pool_put(const struct block *b, const struct block_range *range, const struct x86_code *code,
              const struct unit_facts *facts)
{
    if ((!family.at && !store.at) || !translate_saw(0, NULL, 0) || !is_plain(range, b->range_count) ||
        (core.guarded && b->kind == UNIT_TRACE))
        return;
    bool for_all = store.at && is_for_all(b);
    if (!family.at && !for_all)
        return;
    fetch_anew();
    const struct entry *e = compose(b, range, code, facts);
    if (e && family.at)
        append(&family, e);
    if (e && for_all)
        append(&store, e);
}

/* Does the guest code in these ranges equal that? */
static bool same_guest(const struct block_range *range, uint32_t count, const uint8_t *bytes)
{
    uint64_t why;
    for (uint32_t r = 0; r < count; r++)
        for (gaddr pc = range[r].start; pc < range[r].end;) {
            size_t avail = fetchable(pc, &why), rest = range[r].end - pc;
            avail = avail < rest ? avail : rest;
            if (!avail || memcmp((const void *)pc, bytes, avail) != 0)
                return false;
            pc += avail;
            bytes += avail;
        }
    return true;
}

/* The entry's copy, which nobody else changes; NULL: it is not whole.  Its size is asked for once, because it may become any. */
static struct entry *entry_copy(struct index *of, const struct entry *from)
{
    uint32_t size = atomic_load(&from->head.size);
    uint32_t sum = atomic_load_explicit(&from->head.sum, memory_order_acquire);
    size_t room = of->size - (size_t)((const uint8_t *)from - (const uint8_t *)of->at);
    if (size < sizeof *from || size > ENTRY_MOST || size > room || !has_copy())
        return NULL;
    struct entry *e = memcpy(copy, from, size);
    atomic_store(&e->head.size, size);
    return sum == sum_of(e, size) ? e : NULL;
}

/* Is it what would be made for the code at pc now, as far as can be told before the code is compared? */
static bool fits(const struct entry *e, gaddr pc)
{
    return e->fp_mode == core.target.fp_mode && e->shared == core.shared && e->guard == unit_guard(pc) &&
           e->facts.variant == core.guest->variant() &&
           (e->pc == pc || (!e->fixed && (e->pc ^ pc) % PAGE == 0));
}

/* Would the unit have this shape here, too? */
static bool is_shaped(const struct unit_facts *f, uint64_t by)
{
    for (uint32_t k = 0; k < f->on_count; k++)
        if (cache_find(f->on[k] + by))
            return false;
    return !f->met || cache_find(f->met + by);
}

/* Makes of a copy the entry of the same code at pc, and of its parts the code to put into the cache.  What its shape depends on
 * stays as it was: it has been asked for, and the family does not ask. */
static struct x86_code move_to(struct entry *e, const struct parts *p, gaddr pc)
{
    struct x86_code code = {.bytes = p->code,
                            .size = e->code_size,
                            .exits = p->exits,
                            .exit_count = e->exit_count,
                            .packed = p->faults,
                            .packed_bytes = e->fault_bytes,
                            .flags = p->flags,
                            .flags_count = e->flags_count,
                            .traps = p->traps,
                            .trap_count = e->trap_count,
                            .moves = p->moves,
                            .move_count = e->move_count,
                            .restore = e->restore,
                            .loop = e->loop,
                            .past_line = e->past_line};
    x86_code_move(&code, e->pc, pc);
    for (uint32_t k = 0; k < e->facts.behind.count; k++)
        e->facts.behind.pc[k] += pc - e->pc;
    for (uint32_t r = 0; r < e->range_count; r++) {
        p->range[r].start += pc - e->pc;
        p->range[r].end += pc - e->pc;
    }
    e->pc = pc;
    return code;
}

/* Puts the entry into the cache for the code at pc, if it fits.  A family, whose members do the same, takes any shape. */
static struct block *take(struct index *of, const struct entry *from, gaddr pc, bool any_shape)
{
    uint64_t start = stats_clock();
    struct entry *e = fits(from, pc) ? entry_copy(of, from) : NULL;
    if (!e || !fits(e, pc)) /* what was there before is not believed */
        return NULL;
    struct parts p = parts_of(e);
    if (!any_shape && !is_shaped(&e->facts, pc - e->pc))
        return NULL;
    struct x86_code code = move_to(e, &p, pc);
    if (!is_plain(p.range, e->range_count) || !same_guest(p.range, e->range_count, p.guest))
        return NULL;
    heads_add(&e->facts.behind);
    struct block_traits traits = {e->kind, e->own_count, e->tail, e->many};
    struct block *b = cache_insert(pc, p.range, e->range_count, &code, NULL, traits);
    if (b)
        stats_made(MADE_TAKEN, e->facts.insns, e->facts.bytes, b->size, start);
    return b;
}

static struct block *get(struct index *from, uint64_t key, gaddr pc)
{
    struct index_search search = index_search(from, key);
    for (struct index_entry *found; (found = index_next(&search)) != NULL;) {
        const struct entry *e = entry_of(found);
        if (!e || e->key != key)
            continue;
        bool kind = e->back || (from == &store ? e->kind == head_kind(pc) : e->kind >= head_kind(pc));
        struct block *b = kind ? take(from, e, pc, from == &family) : NULL;
        if (b)
            return b;
    }
    return NULL;
}

struct block *pool_get(gaddr pc)
{
    if (!family.at && !store.at)
        return NULL;
    fetch_anew();
    uint64_t key = key_of(pc);
    if (!key)
        return NULL;
    struct block *b = family.at ? get(&family, key, pc) : NULL;
    if (b || !store.at || !(b = get(&store, key, pc)))
        return b;
    if (family.at) /* whoever forks next gives it to his children */
        append(&family, (const struct entry *)copy);
    return b;
}

/* Where the store notes that the code at pc was run; NULL: it is of no interest, or (make) there is no room. */
static _Atomic uint64_t *run_of(gaddr pc, uint64_t *bit, bool make)
{
    fetch_anew();
    uint64_t key = store.at && core.config.stays(pc) ? key_of(pc) : 0;
    return key ? index_set(&store, key, bit, make) : NULL;
}

bool pool_was_run(gaddr pc)
{
    uint64_t bit;
    _Atomic uint64_t *run = run_of(pc, &bit, false);
    return run && atomic_load(run) & bit;
}

void pool_run(gaddr pc)
{
    uint64_t bit;
    _Atomic uint64_t *run = run_of(pc, &bit, true);
    if (run)
        atomic_fetch_or(run, bit);
}

/* The entries are looked at one behind another.  One that is being written, or whose writer was killed, is not taken for want of
 * its sum; only where not even its size is there the search ends. */
void pool_gather(void)
{
    if (!family.at)
        return;
    uint32_t used = atomic_load(&family.at->head.used);
    fetch_anew();
    while (gathered < sizeof *family.at + used) {
        struct index_entry *found = index_entry_at(&family, gathered);
        const struct entry *e = entry_of(found);
        uint32_t size = found ? atomic_load(&found->size) : 0;
        if (!size || core.used + size > core.size / 2)
            return;
        if (e && atomic_load(&e->head.sum) && !cache_find(e->pc) && e->kind >= head_kind(e->pc) &&
            key_of(e->pc) == e->key)
            take(&family, e, e->pc, true);
        gathered += size;
    }
}
