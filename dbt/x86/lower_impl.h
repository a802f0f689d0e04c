/* SPDX-License-Identifier: MIT */
/*
 * The state of one lowering, for the files lower*.c that are not about vectors (those see lower.h only).
 *
 * Registers are numbered 0..15 (general) and 16..47 (xmm).  A register holds any number of values that are
 * equal (a GET and the PUT of the same cell, a ZEXT of a clean value ...): they are linked through val.sib.
 * A value is in one register at most; it may at the same time stand in a spill slot, or in a cell of struct
 * cpu ("home").
 *
 * Values without code at their definition ("lazy": all flags values except GETFL, and truth values that are
 * only used by operations that can take a condition) are computed where they are used; so their uses are uses
 * of their operands. Exception: where EFLAGS are known to still hold them at the use ("carried"), the
 * operands are not needed there.
 */
#ifndef DBT_X86_LOWER_IMPL_H
#define DBT_X86_LOWER_IMPL_H

#include "dbt/x86/lower.h"

#define REG_COUNT 48
#define REG_X     16 /* first xmm register */
#define NOREG     0xff
#define NOCELL    (-1)
#define PIN_G     9 /* pinned general registers */
#define GRANULES  ((offsetof(struct cpu, io) + 7) / 8)

extern const uint8_t pin_g[PIN_G]; /* in the order of target->pin_int */
static inline unsigned pin_x_count(bool avx512)
{
    return avx512 ? 25 : 10;
}
/* The first pinned xmm register; those below are temps: with six, SHA-512 takes a fifth longer, with eight n-body. */
static inline unsigned pin_x_first(bool avx512)
{
    return avx512 ? 7 : 6;
}

/* Small: there is one for each instruction, made anew for each unit. */
struct val {
    uint32_t next;           /* first use from here on: index in use[], 0: none */
    ir_ref sib;              /* next value in the same register */
    union {                  /* positions, 0: none */
        uint32_t want_at;    /* of a value: of the PUT that wants it */
        uint32_t made_at;    /* of a lazy comparison of floating point: where it is made first */
        uint32_t next_put;   /* of a PUT to a pinned register: of the next to the same; UINT32_MAX: none */
        ir_ref hoisted_poll; /* of an INSN: the POLL that moved up to it (lower_scan.c) */
    };
    ir_ref fault_fl; /* of an access: the flags that a fault must find in NZCV; 0: the cell is right */
    ir_ref subst;    /* lazy compare for EQ, NE, MI, PL: the SUB whose result says the same */
    int16_t home;    /* cell of struct cpu that holds it, or NOCELL */
    uint8_t reg, want, clean;
    int8_t slot;   /* spill slot or -1 */
    uint8_t depth; /* (scan only) of a tree of conditions */
    bool used; /* (scan only) by something that is not lazy; a byte, because it is written again and again */
    bool lazy : 1, sets_flags : 1, rmw : 1, done : 1;
    bool soft : 1;   /* it wants that register if it is free: what overwrites it wants it */
    bool effect : 1; /* of a lazy comparison of floating point: to be made where it stands, for FPSR */
    uint8_t
        carried : 2; /* of a user: bit 0: condition operand a is carried in EFLAGS, bit 1: flags operand c */
};
_Static_assert(sizeof(struct cpu) <= INT16_MAX, "val.home");

struct use {
    uint32_t pos, next;
};

/* Where the code has come to: has an STLR been made with no full fence behind it?  If so, cpu->released says so, too. */
enum order { ORDER_UNKNOWN, ORDER_CLEAN, ORDER_RELEASED };

/* What EFLAGS hold, as long as e->flags_gen is gen. */
enum eflags_kind { EF_NONE, EF_SUB, EF_ADD, EF_LOGIC, EF_FCMP };
struct eflags {
    uint32_t gen;
    uint8_t kind, type;
    bool swap;     /* EF_FCMP: b compared with a */
    bool loud;     /* EF_FCMP: quiet NaNs raised invalid */
    ir_ref a, b;   /* operands */
    ir_ref result; /* ZF and SF are this value's; 0: none */
    ir_ref flags;  /* EF_NONE: this flags value, in subtraction's polarity */
};

struct fix {
    uint32_t at, label; /* at: offset of a rel32 in its part */
    bool cold;
};

struct place {
    uint32_t at;
    bool cold, bound;
};

struct saved {
    ir_ref ref;
    uint8_t reg, clean;
    int8_t slot;
};

struct site { /* an x86_exit before layout */
    uint32_t site, guard;
    label link, behind;
    gaddr target;
    bool cold, has_guard;
};

/* A register that holds cell `in` in this loop, and `out` everywhere else.  See lower_loop.c. */
struct swap {
    uint8_t reg;
    bool dirty; /* `in` is written in the loop */
    int16_t in, out;
};
#define SWAPS 24

struct faults {
    struct x86_fault *list;
    uint32_t count, cap;
};

struct lower {
    struct enc *e;
    const struct ir *ir;
    const struct x86_target *target;
    bool avx512;
    unsigned careful;

    const struct ir_insn *insn; /* ir's */
    struct enc hot, cold;
    struct x86_code *code;
    FILE *ra;
    uint32_t at; /* current instruction */
    gaddr pc;    /* current guest instruction */
    struct val *val;
    uint32_t val_cap;
    struct use *use;
    uint32_t use_count, use_cap;
    ir_ref reg[REG_COUNT];        /* first value in each register */
    uint64_t busy;                /* registers that hold any */
    uint64_t locked;              /* registers given out for the current operation */
    bool call_expected;           /* no value that lives on may be in a temp while this operation is done */
    uint64_t temps;               /* registers that are not pinned */
    uint8_t pin_of[GRANULES];     /* cell offset / 8 -> register */
    uint32_t access[GRANULES];    /* (scan only) */
    uint32_t put_next[REG_COUNT]; /* position of the next PUT to each pinned register; UINT32_MAX: none */
    struct x86_target pinned_for; /* what temps and pin_of were made for */
    gaddr open[IR_OPEN_MAX];      /* return addresses of the open calls */
    unsigned open_count;
    bool orders;   /* there is an STLR or a FENCE_ACQUIRE in the unit */
    uint8_t order; /* enum order */
    bool loop;     /* the unit is a loop, and goes back to `head` */
    label head, restore;
    struct way {
        gaddr pc;
        label at;
    } way[IR_LABELS_MAX]; /* other ways through the loop */
    unsigned way_count;
    bool aside;        /* in one of them */
    uint32_t loop_end; /* behind the last jump back in the hot part */
    struct swap swap[SWAPS];
    unsigned swap_count;
    ir_ref *homed; /* values with a home (perhaps no longer) */
    uint32_t homed_count, homed_cap;
    ir_ref slot[CPU_SPILLS]; /* what is in each spill slot of the set `slots` */
    uint64_t slots;
    struct eflags fl;
    struct place *place;
    uint32_t place_count, place_cap;
    struct fix *fix;
    uint32_t fix_count, fix_cap;
    struct site *site;
    uint32_t site_count, site_cap;
    struct faults hot_faults, cold_faults;
    struct x86_trap *cold_trap;
    uint32_t cold_trap_count, cold_trap_cap;
    union vec *pool; /* constants, each once */
    uint32_t pool_count, pool_cap;
    uint64_t *guard;
    uint32_t guard_count, guard_cap;
    struct move {
        uint32_t at;
        bool cold;
    } * move; /* as x86_code.moves, in its part */
    uint32_t move_count, move_cap;
    struct saved *saved;
    uint32_t saved_count, saved_cap;
    ir_ref saved_slot[CPU_SPILLS];
    uint64_t saved_slots;
    struct eflags saved_fl;
    bool saved_fl_valid;
    uint64_t saved_locked;
};

/* Makes room for one more element of an array. */
#define LOWER_GROW(l, array, count, cap)                                                                     \
    do {                                                                                                     \
        if ((l)->count == (l)->cap) {                                                                        \
            (l)->cap = (l)->cap ? (l)->cap * 2 : 64;                                                         \
            (l)->array = lower_realloc((l)->array, (l)->cap * sizeof *(l)->array);                           \
        }                                                                                                    \
    } while (0)
void *lower_realloc(void *p, size_t n);
_Noreturn void lower_bug(struct lower *l, const char *what);

static inline const struct ir_insn *insn_of(const struct lower *l, ir_ref r)
{
    return &l->insn[r];
}
static inline unsigned type_w(enum ir_type t)
{
    return t == T_I64 ? 8 : 4;
}
/* Is the value in an xmm register when in one? */
static inline bool val_is_x(const struct lower *l, ir_ref r)
{
    return ir_type_is_xmm(ir_result_type(insn_of(l, r)));
}
static inline bool val_live_after(const struct lower *l, ir_ref r)
{
    uint32_t u = l->val[r].next;
    while (u && l->use[u].pos <= l->at)
        u = l->use[u].next;
    return u != 0;
}

/* lower_scan.c */
void lower_scan(struct lower *l);
/* Calls f for each value that computing ref needs in a register or in memory: ref itself, or a lazy value's
 * operands. */
void lower_lazy_leaves(struct lower *l, ir_ref ref, void (*f)(struct lower *, ir_ref));
static inline void lower_leaves(struct lower *l, ir_ref ref, void (*f)(struct lower *, ir_ref))
{
    if (!ref)
        return;
    if (l->val[ref].lazy)
        lower_lazy_leaves(l, ref, f);
    else
        f(l, ref);
}
bool lower_same(const struct lower *l, ir_ref a, ir_ref b); /* the same value: same ref or equal constants */
static inline bool op_is_flags(enum ir_op op)
{
    return op >= IR_FLADD && op <= IR_FLNZCV;
}

/* lower_alloc.c */
void alloc_begin(struct lower *l);
void alloc_forget(struct lower *l); /* nothing is in any register */
void alloc_insn_begin(struct lower *l, ir_ref at);
void alloc_insn_end(struct lower *l);
unsigned alloc_pin(const struct lower *l, int64_t cell); /* NOREG: not pinned */
gpr alloc_claim(struct lower *l, gpr r);     /* that temp, for this operation; what was in it moves */
void alloc_get(struct lower *l, ir_ref ref); /* GET and GETFL */
void alloc_put(struct lower *l, const struct ir_insn *i);
void alloc_home_clobber(struct lower *l, int64_t cell, unsigned bytes);
void alloc_call(struct lower *l, bool writes_state); /* before a C call: live values leave the temps */
/* A def that may be the register of dying operand `over` (0: of none). */
gpr alloc_def_g(struct lower *l, ir_ref ref, ir_ref over, ir_ref over2);
void alloc_save(struct lower *l); /* around code of a path that does not come back */
void alloc_restore(struct lower *l);
int alloc_slot(struct lower *l); /* a spill slot for the caller's own use */
void alloc_slot_free(struct lower *l, int s);
struct x86_mem alloc_slot_mem(int s);
bool alloc_in_reg(const struct lower *l, ir_ref ref);

/* A PUT that is worth nothing: nobody sees it, and the cell has no register. */
static inline bool lower_idle(const struct lower *l, const struct ir_insn *i)
{
    return i->op == IR_PUT && i->cc == PUT_IDLE && l->pin_of[i->imm / 8] == NOREG;
}

/* lower_loop.c */
void lower_loop_choose(struct lower *l);                      /* sets l->loop and the registers of the unit */
const struct way *lower_way(const struct lower *l, gaddr pc); /* NULL: no way begins there */
void lower_loop_enter(struct lower *l);                       /* in front of the loop */
void lower_loop_restore(
    struct lower *l);                 /* the registers as other units expect them; keeps temps and EFLAGS */
void lower_loop_end(struct lower *l); /* at the end: where a fault goes on */

/* lower_cond.c */
void lower_compare_effect(struct lower *l, const struct ir_insn *i);     /* FCMP or FLFCMP, for FPSR only */
void lower_compare(struct lower *l, enum ir_type t, ir_ref a, ir_ref b); /* EFLAGS of a - b */
enum cond_kind { COND_CC, COND_AND_NP, COND_OR_P, COND_TRUE, COND_FALSE };
struct cond {
    uint8_t kind, cc;
};
struct cond lower_cond(struct lower *l, ir_ref b); /* EFLAGS and the condition that says whether b is true */
bool lower_at_hand(const struct lower *l, ir_ref ref); /* can lower_cond do it without allocating? */
void lower_branch_if_not(struct lower *l, struct cond c, uint32_t at[2],
                         unsigned *n);                    /* rel8s to be landed */
void lower_set_if(struct lower *l, struct cond c, gpr d); /* low byte: 1 if c */
void lower_bool(struct lower *l, ir_ref ref,
                const struct ir_insn *i);           /* materialises CMP, CMPZ, COND, FCMP */
void lower_flags_store(struct lower *l, ir_ref fl); /* to cpu->flags; claims rax */
void lower_putfl(struct lower *l, ir_ref fl);
void lower_nzcv(struct lower *l, ir_ref ref, const struct ir_insn *i);
void lower_set_eflags(struct lower *l, enum eflags_kind kind, enum ir_type t, ir_ref a, ir_ref b,
                      ir_ref result);

/* The others: each lowers the operations of its file. */
void lower_int(struct lower *l, ir_ref ref, const struct ir_insn *i);
void lower_sel(struct lower *l, ir_ref ref, const struct ir_insn *i);
void lower_mem(struct lower *l, ir_ref ref, const struct ir_insn *i);
void lower_atomic(struct lower *l, ir_ref ref, const struct ir_insn *i);
void lower_fence(struct lower *l, const struct ir_insn *i);
void lower_exit(struct lower *l, ir_ref ref, const struct ir_insn *i);
void lower_count(
    struct lower *l); /* the unit's entry is counted; leaves with EXIT_HOT when it was often enough */
bool lower_imm32(const struct lower *l, ir_ref ref, unsigned w, int32_t *v);
/* The guard of a new inline cache: an 8-byte literal; its number, and its operand. */
uint32_t lower_guard(struct lower *l, struct x86_mem *m);
void lower_rel32(struct lower *l, uint32_t at, label to);

#endif
