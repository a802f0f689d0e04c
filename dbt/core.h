/* SPDX-License-Identifier: MIT */
/*
 * What the translator's core files share: the table of translated units (cache.c), their making (translate.c), the
 * run loop (run.c) and faults (fault.c).  Everything here is under core.lock unless said otherwise.
 */
#ifndef DBT_CORE_H
#define DBT_CORE_H

#include "dbt/dbt.h"
#include "dbt/guest.h"
#include "dbt/ir/ir.h"
#include "dbt/lock.h"
#include "dbt/x86/x86.h"

/* Guest code that a translation was made from: its own, and what was looked at to find out that flags are dead. */
#define BLOCK_RANGES 48
struct block_range {
    gaddr start, end;
};

/* Where something is in the memory of the tables, in units of 8 bytes; 0: nowhere. */
typedef uint32_t table_ref;

/* A patchable exit of a block; offsets are from the start of the code cache. */
struct link {
    uint32_t site, behind;  /* as in x86_exit */
    table_ref to;           /* the block that it leads to; 0: it leaves through its cold code */
    table_ref next_in;      /* list of the links that lead to `to`, or wait for the same */
    int64_t target : 56;    /* the bits that count of its guest address; or X86_NO_TARGET */
    uint64_t cold_size : 4; /* the cold code is the bytes in front of `behind` */
    uint64_t
        from_guard : 4; /* from the guard of an inline cache to the end of the block, in units of 8 bytes */
};

/* What faults, signals and invalidations have to know about a translation.  There are very many, so its tables stand
 * behind it without gaps (block.c). */
struct block {
    gaddr pc;
    uint32_t code, size; /* offset in the cache, bytes */
    table_ref incoming;  /* the links that lead here */
    union {
        uint32_t restore; /* as in x86_code */
        table_ref ir;     /* with --interp: what to evaluate */
    };
    uint32_t fault_bytes;
    uint16_t link_count, trap_count, flags_count;
    uint8_t range_count, own_count; /* the first own_count ranges are the block's own code */
    uint8_t page_count;
    uint8_t kind : 2; /* enum ir_unit */
    bool dead : 1;
    bool loop : 1; /* as in x86_code */
    bool tail : 1; /* a short way to an indirect jump or return */
    bool many : 1; /* its indirect jump goes to many places */
};

/* What who makes a block says of it; as in struct block. */
struct block_traits {
    enum ir_unit kind;
    uint8_t own_count;
    bool tail, many;
};

enum flush_why {
    FLUSH_FULL,
    FLUSH_MODE,   /* translations of another kind are wanted */
    FLUSH_KILLED, /* whoever held the lock was killed (core_mend) */
    FLUSH_REASONS
};
enum made { MADE_ONCE, MADE_UNIT, MADE_TRACE, MADE_TAKEN, MADE_KINDS }; /* by tier, and by other processes */

/* Times in ns (0 without config.stats). */
struct stats_made {
    uint64_t count, insns, guest_bytes, host_bytes, ns;
};
struct stats_thread {
    uint64_t exits[EXIT_REASONS], misses[MISS_KINDS];
    uint64_t evaluated, eval_ns, traps, threads;
};
struct stats {
    uint64_t start;
    struct stats_made made[MADE_KINDS];
    uint64_t flushes[FLUSH_REASONS], flushed, invalidations, dropped, thawed;
    struct stats_thread gone; /* the sums of threads that have ended */
};

struct core {
    struct lock lock;
    struct dbt_config config;
    const struct dbt_guest *guest;
    struct x86_target target;
    uint8_t *rx, *rw;  /* the code cache: the same memory, mapped twice */
    size_t size, used; /* bytes */
    uint32_t refused;  /* how often this process has left what is frozen as it is (cache_may_change) */
    uint32_t stub[STUB_COUNT];
    x86_enter_fn *enter;
    struct cpu *cpus;          /* all, linked by cpu_dbt.next */
    bool guarded;              /* dbt_guard was called */
    bool shared;               /* dbt_share was called */
    bool careful;              /* all units are (guest.h) */
    uint32_t generation;       /* counts flushes */
    bool fenced;               /* the flusher makes the threads' fences for them (run.c) */
    struct cpu *alone;         /* the thread that runs while all others are stopped, or NULL (alone.c) */
    _Atomic uint32_t flushing; /* read without the lock: translated code must not be entered */
    struct stats stats;
};
extern struct core core;

/* An address without the bits that the guest ignores. */
static inline gaddr significant(gaddr a)
{
    return (gaddr)((int64_t)(a << core.guest->ignored_bits) >> core.guest->ignored_bits);
}

/* Do ordinary units not do for this thread any more?  dbt_run then makes all careful. */
static inline bool core_is_careless(const struct cpu *cpu)
{
    return !core.careful && core.guest->careful(cpu);
}

/* A set of guest addresses that only grows: a bitmap by their hash, so one may be taken for another. */
#define PC_SET_BITS 17
struct pc_set {
    uint64_t word[(1u << PC_SET_BITS) / 64];
};
static inline uint32_t pc_set_bit(gaddr pc)
{
    return (uint32_t)(pc >> 2 ^ pc >> (PC_SET_BITS + 2)) & ((1u << PC_SET_BITS) - 1);
}
static inline bool pc_set_has(const struct pc_set *set, gaddr pc)
{
    return set->word[pc_set_bit(pc) / 64] >> pc_set_bit(pc) % 64 & 1;
}
static inline void pc_set_add(struct pc_set *set, gaddr pc)
{
    set->word[pc_set_bit(pc) / 64] |= 1ull << pc_set_bit(pc) % 64;
}

/* Per-thread data of the core; cpu->dbt. */
struct cpu_dbt {
    struct cpu *next;
    void *map; /* the whole allocation that holds cpu, stack and table */
    size_t map_size;
    unsigned displaced; /* cells of the jump table that have changed hands since it has its size */
    int pid;            /* of the process whose thread it is */
    gaddr serve_pc;     /* what was when the system call in progress began */
    uint32_t serve_mxcsr, serve_generation;
    void *guard_sp;             /* run loop's stack while the evaluator runs, otherwise NULL */
    const struct ir *evaluated; /* what the evaluator runs, or ran last */
    struct ir once;             /* what it runs for the first time (once.c) */
    struct stats_thread stats;
};
static inline struct cpu_dbt *cpu_core(struct cpu *cpu)
{
    return cpu->dbt;
}

/* block.c: what stands behind a block, in this order */
/* A guest page that one of its ranges touches, as a link of the list of all users of pages with the same hash. */
struct page_user {
    table_ref block, next;
};
struct packed_range {
    uint32_t low;
    uint16_t high, bytes;
};
static inline struct x86_trap *block_traps(const struct block *b)
{
    return (struct x86_trap *)(b + 1);
}
static inline struct x86_flags *block_flags(const struct block *b) /* what faults refer to */
{
    return (struct x86_flags *)(block_traps(b) + b->trap_count);
}
static inline struct packed_range *block_ranges(const struct block *b)
{
    return (struct packed_range *)(block_flags(b) + b->flags_count);
}
static inline struct link *block_links(const struct block *b)
{
    return (struct link *)(block_ranges(b) + b->range_count);
}
static inline struct page_user *block_pages(const struct block *b)
{
    return (struct page_user *)(block_links(b) + b->link_count);
}
static inline uint8_t *block_faults(const struct block *b)
{
    return (uint8_t *)(block_pages(b) + b->page_count);
}
static inline struct block_range block_range(const struct block *b, unsigned k)
{
    const struct packed_range *r = &block_ranges(b)[k];
    gaddr start = r->low | (gaddr)r->high << 32;
    return (struct block_range){start, start + r->bytes};
}
/* How many bytes a block and its tables take at most; sets the counts. */
size_t block_measure(struct block *b, const struct x86_code *code, unsigned range_count, unsigned page_count);
/* Fills the tables, but for the pages; returns the bytes that it all takes. */
size_t block_describe(struct block *b, const struct x86_code *code, const struct block_range *ranges);
/* The entry of the fault table that host code at this offset belongs to; false: there is none. */
bool block_fault(const struct block *b, uint32_t offset, struct x86_fault *found);

/* code.c: the memory of the cache.  With the lock held; offsets are bytes. */
bool code_begin(size_t size); /* false: there is none */
void code_end(void);
void code_ready(size_t need); /* so much will be used */
/* Before a fork, while no other thread runs: parent and child share all that there is; false: they cannot.  Before another one: a copy for
 * the child, of core.size bytes, given back with munmap; NULL: there is no memory. */
bool code_freeze(void);
void *code_copy(void);
bool code_child(void *copy); /* in the child; false: what was there is lost */
bool code_is_frozen(size_t at);
void code_thaw(size_t at); /* 8 aligned bytes there will be changed */
void code_empty(void);     /* all will be, and what was there is lost: no thread may be in translated code */

/* cache.c */
bool cache_init(void);
struct block *cache_find(gaddr pc);
struct block *cache_find_host(const void *host); /* the block whose code contains this address, or NULL */
/* Copies a compiled unit (or, with ir, an evaluated one) into the cache. NULL if the cache is full. */
struct block *cache_insert(gaddr pc, const struct block_range *ranges, unsigned range_count,
                           const struct x86_code *code, const struct ir *ir, struct block_traits traits);
/* The thread came out with cpu->exit_arg behind a call in a block: says where it goes on (cpu->pc) and why it came.  While it
 * counts as being in translated code; without the lock. */
enum exit_reason cache_left(struct cpu *cpu, enum exit_reason why);
/* The exit of `from` that cache_left found at `behind` leads to `to` from now on. */
void cache_link(struct block *from, uint64_t behind, struct block *to);
bool cache_invalidate(gaddr start, gaddr end); /* true: there were translations */
/* Nobody finds it any more, and who is in it leaves at its end; true: it was there. */
bool cache_drop(struct block *b);
/* Is what the exit of `from` that cache_left found at `behind` leads to a head (heads.c)? */
bool cache_leads_to_head(const struct block *from, uint64_t behind);
/* Where the inline cache of a block, or of one just dropped, leads; 0: it has none, or it is empty. */
gaddr cache_indirect(const struct block *b);
/* Has it a direct exit to this address? */
bool cache_leads(const struct block *b, gaddr to);
void cache_flush(void); /* all of it; no thread may be in translated code */
/* May what can wait be changed at this offset?  No if it is frozen, but not for too long.  With the lock held. */
bool cache_may_change(uint32_t at);
/* All blocks since the cache was emptied, dropped ones too, in the order of their code; what their tables take, and may
 * take. */
uint32_t cache_count(void);
uint32_t cache_traces(void); /* those of tier 2 that were not dropped */
struct block *cache_block(uint32_t n);
const struct ir *cache_ir(const struct block *b);
void cache_tables(size_t *used, size_t *size);
static inline const void *block_host(const struct block *b)
{
    return core.rx + b->code;
}

/* jumps.c: with the lock held, but for jumps_find and jumps_forget by the table's thread */
void jumps_begin(struct cpu *cpu); /* for a thread that had none, or another thread's */
void jumps_empty(struct cpu *cpu);
const void *jumps_find(struct cpu *cpu, gaddr pc); /* NULL: it is not there */
void jumps_set(struct cpu *cpu, gaddr pc, const void *host);
void jumps_forget(struct cpu *cpu, gaddr pc);

/* translate.c */
void translate_init(void);
/* As config.fetchable, which is asked once for what lies together; as it was after fetch_anew, in whose time the lock must not
 * have been dropped. */
size_t fetchable(gaddr pc, uint64_t *why);
void fetch_anew(void);
/* Are flags overwritten on every way from pc before they are read, as far as can be seen? */
bool translate_overwrites_flags(gaddr pc);
/* Is this what stood at start when the last unit or trace was made, and was it made of nothing that is not known any more? */
bool translate_saw(gaddr start, const uint8_t *bytes, size_t count);
enum ir_guard unit_guard(gaddr pc); /* how a unit at pc is made where memory is guarded */
/* The unit at pc, translated now.  NULL: cannot be fetched, and *why is as config.fetchable says; or the cache is full. */
#define WHY_FULL (~(uint64_t)0)
struct block *translate(gaddr pc, uint64_t *why);

/* Builds the unit at pc, up to its first branch, as it is to be evaluated; false: cannot be fetched (*why). */
bool translate_once(struct ir *ir, gaddr pc, uint64_t *why);
/* The same for one instruction, for a thread that is alone. */
bool translate_insn(struct ir *ir, gaddr pc, uint64_t *why);

/* trace.c: tier 2.  cpu left translated code because a count at a poll overflowed (EXIT_HOT). */
void trace_note(struct cpu *cpu);
bool trace_wanted(gaddr pc);
/* Runs what follows cpu->pc, one unit or several, and compiles the way it went.  To be treated as an exit. */
enum exit_reason trace_run(struct cpu *cpu);

/* The units that were run one after another; step[count] is where the guest went in the end. */
#define TRACE_STEPS 48
struct trace {
    gaddr step[TRACE_STEPS + 1];
    unsigned count;
    bool many; /* units of tier 1 on the way have jumped elsewhere */
};
/* A path, and others that begin at a side of it or of one another and end at its head, where it does, too. */
struct region {
    struct trace path[1 + IR_LABELS_MAX];
    unsigned count;
};
/* Compiles it into the cache, if it can still be fetched; false: the cache is full.  With the lock held. */
bool translate_trace(const struct region *region);

/* follow.c: how a trace goes on from one unit to the next.  Return addresses of calls that are open there: */
struct open_calls {
    gaddr pc[IR_OPEN_MAX];
    unsigned count;
};
/* ir ends with a unit: lets it go on at next without leaving, if the unit's end may lead there. */
bool follow(struct ir *ir, gaddr next, struct open_calls *o);
/* The indirect jump at the end of ir, if there is one, goes to many places; now it went to next. */
bool follow_many(struct ir *ir, gaddr next);
/* Does ir end with a return from a call in the trace to its head?  That is the end of a loop. */
bool follow_back(const struct ir *ir, const struct trace *t, const struct open_calls *o);

/* careful.c: guest instructions to be translated in their careful form. */
enum { CAREFUL_MOST = 2 };
/* From now on the one at pc is, more than before; its translations are dropped.  False if it was already at `most`. */
bool careful_add(gaddr pc, unsigned most);
unsigned careful_wanted(gaddr pc); /* 0: the plain form */
/* All translations are being dropped. */
void careful_flush(void);

/* heads.c: units that count how often they are entered; with the lock held. */
struct heads {
    gaddr pc[2];
    uint32_t count;
};
enum ir_unit head_kind(gaddr pc); /* how a unit at pc is to be made */
/* The unit at pc counts from now on. */
void head_add(gaddr pc);
/* What the end of ir leads to, if it goes back or calls, and where the call returns to. */
struct heads heads_behind(const struct ir *ir);
void heads_add(const struct heads *h);

/* mask.c: data addresses whose top bits the guest ignores. */
/* From now on the instruction at pc masks its addresses; false if it does already, or the guest ignores nothing. */
bool mask_add(gaddr pc);
bool mask_wanted(gaddr pc);
/* Masks the addresses of what one guest instruction appended, from ref `first` on. */
void mask_insn(struct ir *ir, ir_ref first);
/* cpu->fault came without an address (SI_KERNEL): completes it.  Takes the lock. */
void mask_explain(struct cpu *cpu);

/* once.c: tier 0.  Is this the first time that code at pc is asked for, here and by others? */
bool once_is_first(gaddr pc);
/* The IR to evaluate at cpu->pc, valid until the thread's next call; NULL: cannot be fetched (*why). */
const struct ir *once_build(struct cpu *cpu, uint64_t *why);
void once_free(struct cpu *cpu);
/* Where once_build builds; free between two units.  Under core.lock, as all malloc. */
struct ir *once_memory(struct cpu *cpu);
/* Evaluates with the guest's MXCSR; between core_enter and core_leave. */
enum exit_reason eval_run(struct cpu *cpu, const struct ir *ir);
/* Keeps the set of addresses that have come up in `set` (NULL: in memory of its own). */
void once_share(struct pc_set *set);

/* pool.c: translations shared with other processes. */
#define UNIT_SIDES 2 /* side exits of a unit; with none, programs are 6% slower and start 5% sooner */
struct unit_facts {
    struct heads behind;
    uint64_t variant;      /* the guest's, when it was begun */
    uint32_t insns, bytes; /* of guest code */
    /* It goes on behind side exits where no translation was, and it ends where there was one (0: not for that). */
    uint32_t on_count;
    gaddr on[UNIT_SIDES], met;
};
void pool_init(void); /* the store */
void pool_open(void); /* the family: before a fork */
void pool_put(const struct block *b, const struct block_range *range, const struct x86_code *code,
              const struct unit_facts *facts);
/* The block at pc, put into the cache from a pool; NULL: not there, or the cache is full. */
struct block *pool_get(gaddr pc);
/* Was the code at pc run by a process that had no translation of it?  The second tells the others that it was. */
bool pool_was_run(gaddr pc);
void pool_run(gaddr pc);
/* Puts what others of the family have added into the cache. */
void pool_gather(void);
/* By the handler of SIGBUS: true if that address is in the store, whose file somebody has cut.  From now on this process has a
 * store that is full and holds nothing. */
bool pool_lost(const void *at);

/* run.c: around guest code; false: not now, translations are being dropped. */
bool core_enter(struct cpu *cpu);
void core_leave(struct cpu *cpu);
/* With the lock held: waits until no thread is in guest code, and keeps all out until core_go_on. */
void core_stop(void);
void core_go_on(void);
/* With the lock held, outside of guest code: empties the cache. */
void core_flush(enum flush_why why);

/* alone.c: runs the sequence at cpu->pc while no other thread runs; to be treated as an exit. */
enum exit_reason alone_run(struct cpu *cpu);

/* guard.S: calls fn(arg, cpu), remembering the way out for faults; see there */
uint32_t guard_call(uint32_t (*fn)(void *arg, struct cpu *cpu), void *arg, struct cpu *cpu, void **save_sp);
extern const char guard_return[]; /* entered with rsp = *save_sp and eax = the result of guard_call */

/* stats.c.  The first is 0 where nobody wants to know; start is what it was when the making began. */
uint64_t stats_clock(void);
void stats_made(enum made kind, uint32_t insns, uint32_t guest_bytes, uint32_t host_bytes, uint64_t start);
void stats_gone(const struct cpu *cpu); /* the thread ends; with the lock held */
void stats_begin(
    const struct cpu *own); /* a process begins, perhaps as a copy of another: all that is left is `own` */

/* dump.c */
bool dump_wanted(enum dbt_dump what, gaddr pc);
void dump_guest(gaddr pc, uint32_t len);
void dump_ir(const char *stage, const struct ir *ir);
void dump_host(const struct x86_code *code, gaddr pc);

#endif
