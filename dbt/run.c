/* SPDX-License-Identifier: MIT */
/*
 * Set-up of the translator, guest threads' states, and the loop that enters translated code and serves its
 * exits.
 *
 * The loop looks cpu->pc up (the thread's own jump table first, then the shared tables under the lock,
 * translating if need be) and enters the code there, which comes back only for what it cannot do itself.
 * Everything that has to be told apart by the guest's owner is returned; links, look-ups and invalidations
 * are served here.
 *
 * Flushing the whole cache needs every thread outside of it.  A thread says that it is inside with
 * cpu->in_code, and looks at core.flushing after it has said so; the flusher does the opposite.  So either the
 * thread sees the flush and steps back, or the flusher sees the thread, asks it out through cpu->poll, and
 * waits.  That needs a full fence between the two halves on both sides; threads enter often and flushes are
 * rare, so the flusher makes it for all with membarrier, where the kernel has it.
 */
#include "dbt/core.h"

#include "dbt/ir/guarded.h"
#include "dbt/own.h"

#include <asm/prctl.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SHADOW_SIZE ((size_t)64 << 10)
/* The first bytes that are used are in the page where struct cpu begins, so that a process writes one page less. */
#define SHADOW_TOP  1024
#define SHADOW_ENDS 8 /* words above them */
/* Fills the words above the shadow stack; nobody returns there. */
#define SHADOW_NONE 0x8badf00d5eed1e57
#define HOT_STEP    2 /* a count of 16 bits overflows when a unit was entered 2^15 times */

static helper_fn *helpers[512];

/* Whoever held the lock was killed: what it was changing is given up. */
static void core_mend(void)
{
    core.alone = NULL;
    core_flush(FLUSH_KILLED);
}

const char *dbt_init(const struct dbt_config *config)
{
    core.lock.mend = core_mend;
    core.config = *config;
    core.guest = &dbt_guest_a64;
    core.careful = config->interp;
    if (!x86_host_v3())
        return "this processor lacks x86-64-v3 (AVX2, BMI, FMA)";
    core.target =
        (struct x86_target){.avx512 = !config->v3 && x86_host_avx512(),
                            .pin_int = core.guest->pin_int,
                            .pin_vec = core.guest->pin_vec,
                            .serve = config->syscall != NULL,
                            .stats = config->stats,
                            .hot_step = config->tier ? 0 : HOT_STEP,
                            .features = x86_host_features() & (config->v3 ? ~(unsigned)X86_WIDE : ~0u)};
    long barriers = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    core.fenced = barriers > 0 && barriers & MEMBARRIER_CMD_PRIVATE_EXPEDITED;
    helpers[0] = x86_helper_eval;
    memcpy(helpers + 1, core.guest->helpers, core.guest->helper_count * sizeof *helpers);
    if (!cache_init())
        return "no memory for the code cache";
    translate_init();
    pool_init();
    stats_begin(NULL);
    return NULL;
}

/* Fills a state that is all zero but for `dbt`.  With the lock held, because others set fields of all threads' states. */
static void cpu_begin(struct cpu *cpu, const struct cpu *from)
{
    struct cpu_dbt *own = cpu_core(cpu);
    uint64_t *top = (uint64_t *)cpu - SHADOW_ENDS;
    for (int i = 0; i < SHADOW_ENDS; i++)
        top[i] = SHADOW_NONE;
    if (from) {
        cpu->pc = from->pc;
        cpu->flags = from->flags;
        cpu->mxcsr = from->mxcsr;
        cpu->fp_invalid = from->fp_invalid;
        cpu->fp_underflow = from->fp_underflow;
        cpu->fp_denormal = from->fp_denormal;
        cpu->fp_fz = from->fp_fz;
        cpu->fp_ah = from->fp_ah;
        cpu->fp_dn = from->fp_dn;
        cpu->fp_ahp = from->fp_ahp;
        cpu->fp_fz16 = from->fp_fz16;
        cpu->a64 = from->a64;
    } else {
        cpu->flags = nzcv_to_flags(0);
        cpu->mxcsr = MXCSR_GUEST;
    }
    cpu->mon_addr = ~(uint64_t)0;
    jumps_begin(cpu);
    cpu->shadow_base = own->map;
    cpu->shadow_top = cpu->shadow_sp = top;
    for (int i = 0; i < STUB_COUNT; i++)
        cpu->stub[i] = core.rx + core.stub[i];
    cpu->stub[STUB_COPY] = guarded_stub_copy;
    cpu->stub[STUB_FILL] = guarded_stub_fill;
    cpu->helpers = helpers;
    cpu->serve = core.config.syscall;
    own->guard_sp = NULL;
    own->stats = (struct stats_thread){.threads = 1};
}

struct cpu *cpu_new(const struct cpu *from)
{
    size_t table = JUMP_CELLS * sizeof(struct jump_cell);
    _Static_assert(sizeof(struct cpu) + sizeof(struct cpu_dbt) <= CPU_JUMPS,
                   "both lie in front of the table");
    size_t size = PAGE + SHADOW_SIZE + SHADOW_TOP + CPU_JUMPS + table;
    uint8_t *map = own_map(size, MAP_PRIVATE);
    if (!map)
        return NULL;
    mprotect(map, PAGE, PROT_NONE);
    struct cpu *cpu = (struct cpu *)(map + PAGE + SHADOW_SIZE + SHADOW_TOP);
    struct cpu_dbt *own = (struct cpu_dbt *)(cpu + 1);
    cpu->dbt = own;
    own->map = map;
    own->map_size = size;
    lock_take(&core.lock);
    cpu_begin(cpu, from);
    own->next = core.cpus;
    core.cpus = cpu;
    lock_drop(&core.lock);
    return cpu;
}

void cpu_renew(struct cpu *cpu, const struct cpu *from)
{
    lock_take(&core.lock);
    stats_gone(cpu);
    memset(cpu, 0, offsetof(struct cpu, dbt));
    cpu_begin(cpu, from);
    lock_drop(&core.lock);
}

void cpu_free(struct cpu *cpu)
{
    struct cpu_dbt *own = cpu_core(cpu);
    lock_take(&core.lock);
    for (struct cpu **p = &core.cpus; *p; p = &cpu_core(*p)->next)
        if (*p == cpu) {
            *p = own->next;
            break;
        }
    once_free(cpu);
    stats_gone(cpu);
    lock_drop(&core.lock);
    munmap(own->map, own->map_size);
}

void cpu_bind(struct cpu *cpu)
{
    cpu_core(cpu)->pid = getpid();
}

/* -- entering -- */

bool core_enter(struct cpu *cpu)
{
    __atomic_store_n(&cpu->in_code, true, __ATOMIC_RELEASE);
    if (core.fenced)
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    else
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!atomic_load(&core.flushing))
        return true;
    __atomic_store_n(&cpu->in_code, false, __ATOMIC_RELEASE);
    return false;
}

void core_leave(struct cpu *cpu)
{
    __atomic_store_n(&cpu->in_code, false, __ATOMIC_RELEASE);
}

static bool is_alone(void)
{
    return !core.cpus || !cpu_core(core.cpus)->next;
}

/* Makes every running thread of the process do this (membarrier(2)); the kernel wants to be told before the first time. */
static void barrier(int command, int announce)
{
    if (!core.fenced || is_alone() || syscall(SYS_membarrier, command, 0, 0) == 0)
        return;
    syscall(SYS_membarrier, announce, 0, 0);
    syscall(SYS_membarrier, command, 0, 0);
}

/* A full fence; without membarrier each thread makes its own. */
static void fence_all(void)
{
    barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
}

/* No thread runs on with instructions that its processor fetched before. */
static void refetch_all(void)
{
    barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
}

/* Translated code is left for the time of a system call. */
void dbt_serve_begin(struct cpu *cpu)
{
    struct cpu_dbt *own = cpu_core(cpu);
    own->stats.exits[EXIT_SYSCALL]++;
    own->serve_pc = cpu->pc;
    own->serve_mxcsr = cpu->mxcsr;
    own->serve_generation = core.generation;
    core_leave(cpu);
}

void dbt_serve_end(struct cpu *cpu, bool on)
{
    const struct cpu_dbt *own = cpu_core(cpu);
    if (!on)
        x86_served(cpu, EXIT_SERVED);
    if (cpu->pc != own->serve_pc || cpu->mxcsr != own->serve_mxcsr || !core_enter(cpu))
        x86_served(cpu, EXIT_SIGNAL); /* the head of dbt_run's loop goes on */
    bool same = own->serve_generation == __atomic_load_n(&core.generation, __ATOMIC_SEQ_CST);
    x86_served(cpu, same ? EXIT_NONE : EXIT_SIGNAL);
}

void core_stop(void)
{
    enum { PATIENCE = 1000, LONG_PATIENCE = 32 * PATIENCE };
    atomic_store(&core.flushing, 1);
    fence_all();
    for (struct cpu *c = core.cpus; c; c = cpu_core(c)->next)
        for (unsigned n = 1; __atomic_load_n(&c->in_code, __ATOMIC_SEQ_CST); n++) {
            __atomic_fetch_or(&c->poll, POLL_CORE, __ATOMIC_SEQ_CST);
            sched_yield();
            /* A thread of this process does not die alone in guest code, but a process that shares our memory may. */
            if (n % PATIENCE == 0 && process_is_gone(cpu_core(c)->pid))
                c->in_code = false;
            /* It may be waiting for its page (userfaultfd), and this thread be the one to bring it. */
            else if (n % LONG_PATIENCE == 0 && core.config.rouse)
                core.config.rouse(c);
        }
}

void core_go_on(void)
{
    atomic_store(&core.flushing, 0);
}

void core_flush(enum flush_why why)
{
    core_stop();
    core.stats.flushes[why]++;
    cache_flush();
    careful_flush();
    core_go_on();
}

/* This thread's FPCR asks for another kind of translations. */
static void fp_mode_raise(struct cpu *cpu)
{
    lock_take(&core.lock);
    if (cpu->fp_mode & ~core.target.fp_mode) {
        core_stop(); /* none of them is in code until the flush is over */
        core.target.fp_mode |= cpu->fp_mode;
        for (struct cpu *c = core.cpus; c; c = cpu_core(c)->next)
            c->mxcsr = fp_mxcsr(c->mxcsr, c->fp_fz, core.target.fp_mode);
        core_flush(FLUSH_MODE);
    }
    lock_drop(&core.lock);
}

/* As translate; WHY_FULL: there is no room even in an empty cache.  With the lock held, as block_get. */
static struct block *block_make(gaddr pc, uint64_t *why)
{
    struct block *b = translate(pc, why);
    if (!b && *why == WHY_FULL) {
        core_flush(FLUSH_FULL);
        if (!(b = pool_get(pc))) /* there was no room for it before */
            b = translate(pc, why);
    }
    return b;
}

/* The block at pc, or what is to be done instead: record what runs, or evaluate it.  None of these: it cannot be fetched (*why). */
struct found {
    struct block *block;
    bool trace, once;
};

static struct found block_get(gaddr pc, uint64_t *why)
{
    struct block *b = cache_find(pc);
    if (!b && trace_wanted(pc))
        return (struct found){.trace = true};
    if (!b)
        b = pool_get(pc);
    if (!b && once_is_first(pc))
        return (struct found){.once = true};
    if (!b)
        b = block_make(pc, why);
    return (struct found){.block = b, .once = !b && *why == WHY_FULL};
}

static void serve_link(struct cpu *cpu)
{
    uint64_t why = 0;
    lock_take(&core.lock);
    uint32_t generation = core.generation;
    struct block *from = cache_find_host((const void *)(cpu->exit_arg - 1));
    if (from && cache_leads_to_head(from, cpu->exit_arg))
        head_add(cpu->pc);
    struct block *to = block_get(cpu->pc, &why).block;
    if (from && to && generation == core.generation)
        cache_link(from, cpu->exit_arg, to);
    if (to) /* where way_on looks next */
        jumps_set(cpu, cpu->pc, block_host(to));
    lock_drop(&core.lock);
}

/* The guest's caches have physical tags: a line goes out wherever it is mapped. */
static void serve_icache(struct cpu *cpu)
{
    gaddr line = significant(cpu->exit_arg) & ~(gaddr)63, at = 0;
    dbt_invalidate(line, 64);
    while (core.config.alias && (at = core.config.alias(line, at)) != 0)
        dbt_invalidate(at, 64);
}

/* How the guest goes on at its pc: in translated code, or by evaluating what is run for the first time. */
struct next {
    const void *host;
    const struct ir *once;
    bool trace;
};

/* Neither: pc cannot be fetched, and cpu->exit_arg says why. */
static struct next next_of(struct cpu *cpu)
{
    struct next n = {.host = jumps_find(cpu, cpu->pc)};
    if (n.host)
        return n;
    uint64_t why = 0;
    lock_take(&core.lock);
    if (cpu->exit == EXIT_LOOKUP)
        head_add(cpu->pc);
    struct found f = block_get(cpu->pc, &why);
    n.trace = f.trace;
    if (f.once)
        n.once = once_build(cpu, &why);
    if (f.block) {
        n.host = block_host(f.block);
        jumps_set(cpu, cpu->pc, n.host);
    }
    lock_drop(&core.lock);
    cpu->exit_arg = why;
    return n;
}

/* --interp: one unit under the evaluator. */
static enum exit_reason interp_one(struct cpu *cpu)
{
    uint64_t why = 0;
    lock_take(&core.lock);
    struct block *b = cache_find(cpu->pc);
    if (!b)
        b = block_make(cpu->pc, &why);
    const struct ir *ir = b ? cache_ir(b) : NULL;
    if (!b && why == WHY_FULL) /* nothing of it is in the cache, and a flush does not matter */
        ir = once_build(cpu, &why);
    uint32_t generation = core.generation;
    lock_drop(&core.lock);
    if (!ir) {
        cpu->exit_arg = why;
        return EXIT_FETCH_FAULT;
    }
    if (!core_enter(cpu))
        return EXIT_NONE;
    if (generation != __atomic_load_n(&core.generation, __ATOMIC_SEQ_CST)) {
        core_leave(cpu);
        return EXIT_NONE;
    }
    enum exit_reason r = eval_run(cpu, ir);
    core_leave(cpu);
    return r;
}

static enum exit_reason native_run(struct cpu *cpu)
{
    uint32_t generation = __atomic_load_n(&core.generation, __ATOMIC_SEQ_CST);
    struct next n = next_of(cpu);
    if (n.trace)
        return trace_run(cpu);
    if (!n.host && !n.once)
        return EXIT_FETCH_FAULT;
    if (!core_enter(cpu))
        return EXIT_NONE;
    /* A flush between look-up and entry has made `host` stale; it has also cleared the table. */
    enum exit_reason r = EXIT_NONE;
    if (n.once)
        r = eval_run(cpu, n.once);
    else if (generation == __atomic_load_n(&core.generation, __ATOMIC_SEQ_CST))
        r = core.enter(cpu, n.host);
    if (r == EXIT_LINK || r == EXIT_HOT || r == EXIT_DROPPED)
        r = cache_left(cpu, r);
    core_leave(cpu);
    return r;
}

/* The address counts without the bits that the guest ignores, as in every fault. */
static enum exit_reason alignment_fault(struct cpu *cpu, enum exit_reason why)
{
    cpu->fault = (struct cpu_fault){
        .signo = SIGBUS,
        .code = BUS_ADRALN,
        .addr = why == EXIT_ALIGN_SP ? cpu->exit_arg : significant(cpu->exit_arg),
        .write = why == EXIT_ALIGN_STORE,
        .stack = why == EXIT_ALIGN_SP,
    };
    return cpu->exit = EXIT_FAULT;
}

/* What code was made without knowing becomes true, and stays so. */
static void becomes_true(bool *fact)
{
    lock_take(&core.lock);
    if (!*fact) {
        *fact = true;
        core_flush(FLUSH_MODE);
    }
    lock_drop(&core.lock);
}

enum exit_reason dbt_run(struct cpu *cpu)
{
    for (;;) {
        uint32_t poll = __atomic_load_n(&cpu->poll, __ATOMIC_SEQ_CST);
        if (poll & POLL_CORE)
            poll = __atomic_fetch_and(&cpu->poll, ~POLL_CORE, __ATOMIC_SEQ_CST);
        if (poll & ~POLL_CORE)
            return EXIT_SIGNAL;
        if (cpu->fp_mode & ~core.target.fp_mode)
            fp_mode_raise(cpu);
        if (core_is_careless(cpu))
            becomes_true(&core.careful);
        if (atomic_load(&core.flushing)) {
            lock_take(&core.lock);
            lock_drop(&core.lock);
        }
        cpu->pc = significant(cpu->pc);
        enum exit_reason r = core.config.interp ? interp_one(cpu) : native_run(cpu);
        if (r == EXIT_ALONE)
            r = alone_run(cpu);
        cpu->exit = r;
        cpu_core(cpu)->stats.exits[r]++;
        switch (r) {
        case EXIT_NONE:
        case EXIT_SIGNAL: break; /* the head of the loop tells whose signal it was */
        case EXIT_LOOKUP:
            jumps_forget(cpu, cpu->pc); /* if it was there: the block has been dropped */
            break;
        case EXIT_LINK: serve_link(cpu); break;
        case EXIT_FAULT:
            if (cpu->fault.code == SI_KERNEL)
                mask_explain(cpu);
            return r;
        case EXIT_HOT: trace_note(cpu); break;
        case EXIT_ALIGN_LOAD:
        case EXIT_ALIGN_STORE:
        case EXIT_ALIGN_SP: return alignment_fault(cpu, r);
        case EXIT_ICACHE: serve_icache(cpu); break;
        default: return r;
        }
    }
}

void dbt_guard(void)
{
    becomes_true(&core.guarded);
}

void dbt_share(void)
{
    becomes_true(&core.shared);
}

bool dbt_guarded(void)
{
    return __atomic_load_n(&core.guarded, __ATOMIC_RELAXED);
}

void dbt_invalidate(gaddr start, size_t len)
{
    if (len == 0)
        return;
    lock_take(&core.lock);
    if (cache_invalidate(start, start + len)) {
        core.stats.invalidations++;
        refetch_all();
    }
    lock_drop(&core.lock);
}

void dbt_stop(void)
{
    lock_take(&core.lock);
    core_stop();
}

void dbt_go_on(void)
{
    core_go_on();
    lock_drop(&core.lock);
}
