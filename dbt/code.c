/* SPDX-License-Identifier: MIT */
/*
 * The memory of the code cache.
 *
 * It is mapped twice, once to run and once to write, so that nothing is ever both; and so it is shared memory, of which a
 * child of fork needs its own.  To copy it costs most of a fork, for parent and child each look at every page.  So a process of
 * which no other thread runs freezes it before it forks: pages become private memory that can only be run, at the same addresses, which the
 * kernel lets parent and child share; what comes is written behind them.  A page that is to be changed thaws: it is copied after
 * all.  At first, only what must be changed is; exits are not linked, and who takes them looks up where they lead.
 */
#include "dbt/core.h"
#include "dbt/own.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* How far its pages are there already. */
static size_t ready OWN_BY_FORK;
/* So much was frozen, from the beginning, when the process last forked or was made; of it, this many pages have thawed since. */
static size_t cold OWN_BY_FORK;
static unsigned warm OWN_BY_FORK;
/* Of each page: is it one of them?  Looked at only if there are any, so that a fork leaves it alone. */
static bool *thawed;
/* Where the shared memory is mapped to run, too, as far as anything was frozen: it may be that no other becomes executable any
 * more.  As much room as the cache has. */
static uint8_t *spare;
/* Mappings for nothing but to be given up: the guest may have all that a process may have, and what was frozen must change. */
static uint8_t *reserve;
#define RESERVE_SIZE ((size_t)16 * PAGE)

/*
 * New memory for the cache; NULL: there is none.  Shared memory without a file: a limit on the size of files (ulimit -f)
 * would count for a memfd, and kill xrun with SIGXFSZ.
 */
static void *map_cache(size_t size, int prot)
{
    return own_map_as(size, MAP_SHARED, prot);
}

/* Maps such memory once more, at `at` (NULL: anywhere), in place of what is there, for threads that run it at once; NULL: the
 * kernel will not.  Where memory may not become executable (PR_SET_MDWE), what was executable at first may still be mapped to
 * write. */
static void *map_again(void *memory, size_t size, void *at, int prot)
{
    if (!at && !(at = own_map(size, MAP_PRIVATE)))
        return NULL;
    void *p = mremap(memory, 0, size, MREMAP_MAYMOVE | MREMAP_FIXED, at);
    return p == MAP_FAILED || mprotect(p, size, prot) != 0 ? NULL : p;
}

bool code_begin(size_t size)
{
    core.size = size;
    core.rx = map_cache(size, PROT_READ | PROT_EXEC);
    core.rw = core.rx ? map_again(core.rx, size, NULL, PROT_READ | PROT_WRITE) : NULL;
    if (!core.rw && core.rx)
        munmap(core.rx, size);
    return core.rw;
}

void code_end(void)
{
    munmap(core.rw, core.size);
    munmap(core.rx, core.size);
}

void code_ready(size_t need)
{
    size_t run = ready;
    own_ready(core.rw, core.size, need, &ready, MADV_POPULATE_WRITE);
    own_ready(core.rx, core.size, need, &run, MADV_POPULATE_READ);
}

/* -- frozen memory -- */

bool code_is_frozen(size_t at)
{
    return at < cold && !(warm && thawed[at / PAGE]);
}

/* Each page is a mapping. */
static void reserve_take(void)
{
    if (reserve || !(reserve = own_map_as(RESERVE_SIZE, MAP_PRIVATE, PROT_NONE)))
        return;
    for (size_t at = 0; at < RESERVE_SIZE; at += 2 * PAGE)
        mprotect(reserve + at, PAGE, PROT_READ);
}

static void reserve_give(void)
{
    if (reserve)
        munmap(reserve, RESERVE_SIZE);
    reserve = NULL;
}

static bool have_room(void)
{
    reserve_take();
    if (!thawed)
        thawed = own_map(core.size / PAGE * sizeof *thawed, MAP_PRIVATE);
    if (!spare)
        spare = own_map_as(core.size, MAP_PRIVATE, PROT_NONE);
    return thawed && spare;
}

/* Nothing is frozen, and nothing was. */
static void forget(void)
{
    if (warm)
        memset(thawed, false, cold / PAGE);
    cold = warm = 0;
}

/* The shared memory runs again, whatever is in it; false: there may be no more mappings. */
static bool unfreeze(size_t at, size_t n)
{
    return map_again(spare + at, n, core.rx + at, PROT_READ | PROT_EXEC);
}

static void unfreeze_surely(size_t at, size_t n)
{
    if (unfreeze(at, n))
        return;
    reserve_give();
    if (!unfreeze(at, n))
        abort();
}

static bool freeze(size_t at, size_t n)
{
    const int how = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    uint8_t *run = core.rx + at;
    size_t there = 0;
    if (!map_again(run, n, spare + at, PROT_READ | PROT_EXEC))
        return false;
    if (mmap(run, n, PROT_READ | PROT_WRITE, how, -1, 0) == run) {
        own_ready(run, n, n, &there, MADV_POPULATE_WRITE);
        memcpy(run, core.rw + at, n);
        if (mprotect(run, n, PROT_READ | PROT_EXEC) == 0) {
            madvise(core.rw + at, n, MADV_REMOVE);
            for (size_t i = at; i < at + n && i < cold; i += PAGE, warm--)
                thawed[i / PAGE] = false;
            return true;
        }
    }
    unfreeze_surely(at, n);
    return false;
}

bool code_freeze(void)
{
    size_t end = page_up(core.used), to;
    if (!have_room())
        return false;
    for (size_t at = 0; at < end; at = to) {
        bool is = code_is_frozen(at);
        for (to = at; to < end && code_is_frozen(to) == is; to += PAGE)
            ;
        if (!is && !freeze(at, to - at))
            return false;
    }
    core.used = cold = end;
    return true;
}

static void copy_back(size_t page)
{
    memcpy(core.rw + page, core.rx + page, PAGE);
}

void code_thaw(size_t at)
{
    enum { MOST = 1024 }; /* there is a limit on how many mappings a process has */
    if (!code_is_frozen(at))
        return;
    size_t this = page_down(at);
    copy_back(this);
    if (++core.stats.thawed % MOST && unfreeze(this, PAGE)) {
        thawed[this / PAGE] = true;
        warm++;
        return;
    }
    for (size_t page = 0; page < cold; page += PAGE)
        if (code_is_frozen(page))
            copy_back(page);
    unfreeze_surely(0, cold);
    forget();
}

void code_empty(void)
{
    if (!cold)
        return;
    unfreeze_surely(0, cold);
    ready = 0;
    forget();
}

/* -- fork -- */

void *code_copy(void)
{
    void *copy = map_cache(core.size, PROT_READ | PROT_WRITE);
    size_t there = 0;
    if (!copy)
        return NULL;
    own_ready(copy, core.size, core.used, &there, MADV_POPULATE_WRITE);
    return memcpy(copy, core.rx, core.used);
}

/* Makes this memory the cache's, but for what is frozen. */
static bool take_over(uint8_t *memory)
{
    size_t rest = core.size - cold;
    bool done = map_again(memory, core.size, core.rw, PROT_READ | PROT_WRITE) &&
                (!cold || map_again(memory, cold, spare, PROT_READ | PROT_EXEC)) &&
                (!rest || map_again(memory + cold, rest, core.rx + cold, PROT_READ | PROT_EXEC));
    munmap(memory, core.size);
    return done;
}

bool code_child(void *copy)
{
    bool all_frozen = core.used == cold && !warm;
    ready = core.used;
    core.refused = 0;
    if (!copy && all_frozen)
        copy = map_cache(core.size, PROT_READ | PROT_WRITE);
    else
        forget();
    if (copy && take_over(copy))
        return true;
    /* There may not be room for both, nor for a third; or memory may not become executable. */
    code_end();
    reserve_give();
    ready = 0;
    forget();
    void *memory = map_cache(core.size, PROT_READ | PROT_EXEC);
    if (!memory || !map_again(memory, core.size, core.rw, PROT_READ | PROT_WRITE) ||
        mremap(memory, core.size, core.size, MREMAP_MAYMOVE | MREMAP_FIXED, core.rx) != core.rx)
        abort();
    return false;
}
