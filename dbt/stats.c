/* SPDX-License-Identifier: MIT */
/*
 * What --stats prints about a process.
 *
 * Counters are raised outside of translated code, where one addition is nothing, whether anybody wants them or not; the two that
 * only translated code can raise (cpu->misses) are in it with --stats alone, as are all looks at the clock.  What belongs to
 * the process is under core.lock; each thread counts for itself, and leaves its sums to the process when it ends.
 */
#include "dbt/core.h"
#include "dbt/own.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static const char *const exit_names[EXIT_REASONS] = {
    [EXIT_NONE] = "end of evaluation",
    [EXIT_SYSCALL] = "system call",
    [EXIT_ILLEGAL] = "illegal instruction",
    [EXIT_BREAK] = "breakpoint",
    [EXIT_FAULT] = "fault",
    [EXIT_FETCH_FAULT] = "fetch fault",
    [EXIT_SIGNAL] = "signal or request",
    [EXIT_ICACHE] = "instruction cache",
    [EXIT_LINK] = "link",
    [EXIT_LOOKUP] = "look-up",
    [EXIT_HOT] = "hot",
    [EXIT_DROPPED] = "dropped",
    [EXIT_ALONE] = "alone",
    [EXIT_SERVED] = "system call that asks for more",
    [EXIT_ALIGN_LOAD] = "misaligned load",
    [EXIT_ALIGN_STORE] = "misaligned store",
    [EXIT_ALIGN_SP] = "misaligned stack",
    [EXIT_NO_PAD] = "no landing pad",
};

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t stats_clock(void)
{
    return core.config.stats ? now() : 0;
}

void stats_made(enum made kind, uint32_t insns, uint32_t guest_bytes, uint32_t host_bytes, uint64_t start)
{
    struct stats_made *m = &core.stats.made[kind];
    m->count++;
    m->insns += insns;
    m->guest_bytes += guest_bytes;
    m->host_bytes += host_bytes;
    m->ns += stats_clock() - start;
}

static void add(struct stats_thread *to, const struct cpu *cpu)
{
    const struct stats_thread *from = &cpu_core((struct cpu *)cpu)->stats;
    for (int i = 0; i < EXIT_REASONS; i++)
        to->exits[i] += from->exits[i];
    for (int i = 0; i < MISS_KINDS; i++)
        to->misses[i] += from->misses[i] + cpu->misses[i];
    to->evaluated += from->evaluated;
    to->eval_ns += from->eval_ns;
    to->traps += from->traps;
    to->threads += from->threads;
}

void stats_gone(const struct cpu *cpu)
{
    add(&core.stats.gone, cpu);
}

void stats_begin(const struct cpu *own)
{
    core.stats = (struct stats){.start = stats_clock()};
    for (struct cpu *c = core.cpus; c; c = cpu_core(c)->next) {
        cpu_core(c)->stats = (struct stats_thread){.threads = c == own};
        memset(c->misses, 0, sizeof c->misses);
    }
}

/* -- guest code that the cache holds translations of -- */

static int by_start(const void *a, const void *b)
{
    const struct block_range *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

static uint64_t union_of(struct block_range *r, size_t n)
{
    uint64_t sum = 0;
    gaddr end = 0;
    qsort(r, n, sizeof *r, by_start);
    for (size_t i = 0; i < n; i++) {
        if (r[i].end <= end)
            continue;
        sum += r[i].end - (r[i].start > end ? r[i].start : end);
        end = r[i].end;
    }
    return sum;
}

/* Bytes, each counted once; 0: there is no memory to find out. */
static uint64_t guest_bytes(void)
{
    size_t n = 0;
    for (uint32_t i = 0; i < cache_count(); i++)
        n += cache_block(i)->own_count;
    size_t size = (n + 1) * sizeof(struct block_range);
    struct block_range *all = own_map(size, MAP_PRIVATE);
    if (!all)
        return 0;
    n = 0;
    for (uint32_t i = 0; i < cache_count(); i++)
        for (uint32_t k = 0; k < cache_block(i)->own_count; k++)
            all[n++] = block_range(cache_block(i), k);
    uint64_t sum = union_of(all, n);
    munmap(all, size);
    return sum;
}

/* -- printing -- */

struct out {
    char *p, *end;
};

__attribute__((format(printf, 2, 3))) static void print(struct out *o, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(o->p, (size_t)(o->end - o->p), format, ap);
    va_end(ap);
    o->p = n > o->end - o->p - 1 ? o->end - 1 : o->p + n;
}

static unsigned long ul(uint64_t v)
{
    return (unsigned long)v;
}

/* a divided by b, in hundredths. */
static void print_ratio(struct out *o, uint64_t a, uint64_t b)
{
    uint64_t r = b ? (100 * a + b / 2) / b : 0;
    print(o, "%lu.%02lu", ul(r / 100), ul(r % 100));
}

static void print_ms(struct out *o, uint64_t ns)
{
    print_ratio(o, ns, 1000000);
    print(o, " ms");
}

static void print_made(struct out *o, const char *what, const struct stats_made *m)
{
    print(o, "%s: %lu, %lu instructions, %lu bytes of guest code, %lu of host code, ", what, ul(m->count),
          ul(m->insns), ul(m->guest_bytes), ul(m->host_bytes));
    print_ms(o, m->ns);
    print(o, ", %lu ns an instruction\n", ul(m->insns ? m->ns / m->insns : 0));
}

static void print_thread_sums(struct out *o, const struct stats_thread *t)
{
    print(o, "threads: %lu\n", ul(t->threads));
    print(o, "evaluation: %lu times, ", ul(t->evaluated));
    print_ms(o, t->eval_ns);
    print(o, "\nexits:");
    const char *comma = "";
    for (int i = 0; i < EXIT_REASONS; i++)
        if (t->exits[i]) {
            print(o, "%s %s %lu", comma, exit_names[i], ul(t->exits[i]));
            comma = ",";
        }
    print(o, "\nmisses: inline caches %lu, returns %lu, jump tables %lu\n", ul(t->misses[MISS_CACHE]),
          ul(t->misses[MISS_RETURN]), ul(t->exits[EXIT_LOOKUP]));
    print(o, "floating-point traps: %lu\n", ul(t->traps));
}

static void print_cache(struct out *o)
{
    const struct stats *s = &core.stats;
    uint64_t guest = guest_bytes();
    size_t tables, tables_size;
    cache_tables(&tables, &tables_size);
    print(o, "invalidations: %lu, dropping %lu translations\n", ul(s->invalidations), ul(s->dropped));
    print(o, "shared by fork: %lu pages of the cache have been changed since\n", ul(s->thawed));
    print(o,
          "evictions: %lu for want of room, %lu for a change of mode, %lu for a process killed at work, of "
          "%lu translations\n",
          ul(s->flushes[FLUSH_FULL]), ul(s->flushes[FLUSH_MODE]), ul(s->flushes[FLUSH_KILLED]),
          ul(s->flushed));
    print(o, "cache: %lu of %lu bytes, %lu translations; tables: %lu of %lu bytes\n", ul(core.used),
          ul(core.size), (unsigned long)cache_count(), ul(tables), ul(tables_size));
    print(o, "expansion: ");
    print_ratio(o, core.used, guest);
    print(o, " bytes in the cache and ");
    print_ratio(o, tables, guest);
    print(o, " of tables for each of %lu of guest code\n", ul(guest));
}

size_t dbt_stats(char *to, size_t size)
{
    static const char *const names[MADE_KINDS] = {"tier 0 units", "tier 1 units", "tier 2 traces",
                                                  "taken from others"};
    struct out o = {to, to + size};
    lock_take(&core.lock);
    struct stats_thread sum = core.stats.gone;
    for (struct cpu *c = core.cpus; c; c = cpu_core(c)->next)
        add(&sum, c);
    print(&o, "time: ");
    print_ms(&o, now() - core.stats.start);
    print(&o, "\n");
    for (int i = 0; i < MADE_KINDS; i++)
        print_made(&o, names[i], &core.stats.made[i]);
    print_thread_sums(&o, &sum);
    print_cache(&o);
    lock_drop(&core.lock);
    return (size_t)(o.p - to);
}
