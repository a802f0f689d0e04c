/* SPDX-License-Identifier: MIT */
/*
 * Registers of one unit, allocated while the code is emitted.
 *
 * What must hold:
 *  1. Between operations, a pinned register holds its cell's value, or (val.want, see lower_scan.c) the value that
 *     the next access to the cell, a PUT, will give it.
 *  2. Values that live in a pinned register are moved out before it gets another value (alloc_put, def).
 *  3. A home is dropped, and the value loaded if it is needed, before anything else is written to the cell.
 *  4. Moves, loads and spills never change EFLAGS.
 *
 * Eviction takes the register whose values are needed last.  A value that can be had again (constants, values
 * with a home or a spill slot) is just forgotten.  Linear scan and graph colouring were not considered: units
 * are short, have no joins with live values, and translation time counts.
 */
#include "dbt/x86/enc_vec.h"
#include "dbt/x86/lower_impl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const uint8_t pin_g[PIN_G] = {6, 7, 8, 9, 12, 13, 14, 15, 11};
/* In the order in which they are given out: those with a fixed role in some instruction last. */
static const uint8_t temp_g[] = {10, 3, 2, 1, 0};

unsigned alloc_pin(const struct lower *l, int64_t cell)
{
    return (uint64_t)cell < 8 * GRANULES && cell % 8 == 0 ? l->pin_of[cell / 8] : NOREG;
}

static bool is_pinned(const struct lower *l, unsigned r)
{
    return !(l->temps >> r & 1);
}

bool alloc_in_reg(const struct lower *l, ir_ref ref)
{
    return l->val[ref].reg != NOREG;
}

/* Which cells are pinned, and which registers are not. */
static void pins_set(struct lower *l, const struct x86_target *t)
{
    memset(l->pin_of, NOREG, sizeof l->pin_of);
    for (unsigned k = 0; k < PIN_G && t->pin_int[k]; k++)
        l->pin_of[t->pin_int[k] / 8] = pin_g[k];
    unsigned first = pin_x_first(t->avx512);
    for (unsigned k = 0; k < pin_x_count(t->avx512) && t->pin_vec[k]; k++)
        l->pin_of[t->pin_vec[k] / 8] = (uint8_t)(REG_X + first + k);
    l->temps = 0;
    for (unsigned k = 0; k < sizeof temp_g; k++)
        l->temps |= 1ull << temp_g[k];
    for (unsigned k = 0; k < first; k++)
        l->temps |= 1ull << (REG_X + k);
    l->pinned_for = *t;
}

void alloc_begin(struct lower *l)
{
    const struct x86_target *t = l->target, *had = &l->pinned_for;
    if (t->pin_int != had->pin_int || t->pin_vec != had->pin_vec || t->avx512 != had->avx512)
        pins_set(l, t);
    alloc_forget(l);
}

void alloc_forget(struct lower *l)
{
    for (; l->busy; l->busy &= l->busy - 1)
        l->reg[__builtin_ctzll(l->busy)] = 0;
    l->slots = 0;
    l->homed_count = 0;
    l->locked = 0;
}

/* -- which value is where -- */

static void alloc_attach(struct lower *l, ir_ref ref, unsigned r)
{
    l->val[ref].reg = (uint8_t)r;
    l->val[ref].sib = l->reg[r];
    l->reg[r] = ref;
    l->busy |= 1ull << r;
}

static void alloc_detach(struct lower *l, ir_ref ref)
{
    struct val *v = &l->val[ref];
    if (v->reg == NOREG)
        return;
    ir_ref *p = &l->reg[v->reg];
    while (*p != ref)
        p = &l->val[*p].sib;
    *p = v->sib;
    if (!l->reg[v->reg])
        l->busy &= ~(1ull << v->reg);
    v->reg = NOREG;
}

struct x86_mem alloc_slot_mem(int slot)
{
    return mem_cpu(offsetof(struct cpu, spill) + 16u * (unsigned)slot);
}

int alloc_slot(struct lower *l)
{
    uint64_t free = ~l->slots & ((1ull << CPU_SPILLS) - 1);
    if (!free)
        lower_bug(l, "out of spill slots");
    int s = __builtin_ctzll(free);
    l->slots |= 1ull << s;
    l->slot[s] = l->at;
    return s;
}

void alloc_slot_free(struct lower *l, int s)
{
    l->slots &= ~(1ull << s);
}

static void slot_free(struct lower *l, ir_ref ref)
{
    struct val *v = &l->val[ref];
    if (v->slot >= 0)
        alloc_slot_free(l, v->slot);
    v->slot = -1;
}

static bool rematerialised(const struct lower *l, ir_ref ref)
{
    const struct val *v = &l->val[ref];
    unsigned op = insn_of(l, ref)->op;
    return op == IR_CONST || op == IR_PC || op == IR_VCONST || v->slot >= 0 || v->home != NOCELL;
}

static void spill(struct lower *l, ir_ref ref)
{
    struct val *v = &l->val[ref];
    if (rematerialised(l, ref))
        return;
    int s = alloc_slot(l);
    l->slot[s] = ref;
    v->slot = (int8_t)s;
    if (v->reg >= REG_X)
        enc_xmm_store(l->e, 16, alloc_slot_mem(s), XMM(v->reg - REG_X));
    else
        enc_store(l->e, 8, alloc_slot_mem(s), (gpr){v->reg});
    if (l->ra)
        fprintf(l->ra, "  spill %%%u to slot %d\n", ref, s);
}

static void evict(struct lower *l, unsigned r)
{
    while (l->reg[r]) {
        spill(l, l->reg[r]);
        alloc_detach(l, l->reg[r]);
    }
}

static uint32_t next_use(const struct lower *l, unsigned r)
{
    uint32_t best = UINT32_MAX;
    for (ir_ref v = l->reg[r]; v; v = l->val[v].sib) {
        uint32_t pos = l->val[v].next ? l->use[l->val[v].next].pos : UINT32_MAX;
        best = pos < best ? pos : best;
    }
    return best;
}

/* A free temp, or NOREG. */
static unsigned find_free(const struct lower *l, bool x)
{
    if (x) {
        uint64_t free = l->temps & ~(l->busy | l->locked) & ~(uint64_t)((1u << REG_X) - 1);
        return free ? (unsigned)__builtin_ctzll(free) : NOREG;
    }
    for (unsigned k = 0; k < sizeof temp_g; k++)
        if ((l->temps & ~(l->busy | l->locked)) >> temp_g[k] & 1)
            return temp_g[k];
    return NOREG;
}

static unsigned alloc_take(struct lower *l, bool x)
{
    unsigned r = find_free(l, x);
    if (r == NOREG) {
        uint32_t far = 0;
        for (unsigned k = x ? REG_X : 0; k < (x ? REG_COUNT : REG_X); k++) {
            if (is_pinned(l, k) || l->locked >> k & 1)
                continue;
            uint32_t n = next_use(l, k);
            if (n >= far) {
                far = n;
                r = k;
            }
        }
        if (r == NOREG)
            lower_bug(l, "out of registers");
        evict(l, r);
    }
    l->locked |= 1ull << r;
    return r;
}

static void reg_move(struct lower *l, unsigned to, unsigned from)
{
    if (to == from)
        return;
    if (to >= REG_X)
        enc_xmm_mov(l->e, XMM(to - REG_X), XMM(from - REG_X));
    else
        enc_mov(l->e, 8, (gpr){(uint8_t)to}, (gpr){(uint8_t)from});
}

/* The operands of flags that a fault of the operation at hand would make live until then. */
static bool fault_reads(const struct lower *l, ir_ref ref)
{
    ir_ref fl = l->val[l->at].fault_fl;
    return fl && (insn_of(l, fl)->a == ref || insn_of(l, fl)->b == ref);
}

/* Everything in `from` that is still needed goes to a temp; what can be had again is forgotten. */
static void move_out(struct lower *l, unsigned from, bool now)
{
    unsigned to = NOREG;
    while (l->reg[from]) {
        ir_ref v = l->reg[from];
        bool live = now ? l->val[v].next != 0 : val_live_after(l, v) || fault_reads(l, v);
        alloc_detach(l, v);
        if (!live || rematerialised(l, v))
            continue;
        if (to == NOREG) {
            uint64_t locked = l->locked;
            l->locked |= 1ull << from;
            to = alloc_take(l, from >= REG_X);
            l->locked = locked;
            reg_move(l, to, from);
        }
        alloc_attach(l, v, to);
    }
}

gpr alloc_claim(struct lower *l, gpr r)
{
    if (l->reg[r.n])
        move_out(l, r.n, true);
    l->locked |= 1ull << r.n;
    return r;
}

xmm lower_claim_x(struct lower *l, unsigned n)
{
    if (l->reg[REG_X + n])
        move_out(l, REG_X + n, true);
    l->locked |= 1ull << (REG_X + n);
    return XMM((uint8_t)n);
}

/* -- loading -- */

static void load_home(struct lower *l, ir_ref ref, unsigned r)
{
    struct val *v = &l->val[ref];
    enum ir_type t = ir_result_type(insn_of(l, ref));
    struct x86_mem m = mem_cpu((size_t)v->home);
    if (r < REG_X) {
        enc_load(l->e, t == T_I64 ? 8 : 4, (gpr){(uint8_t)r}, m);
        v->clean = t == T_I64 || t == T_FL ? 8 : 4;
    } else {
        unsigned n = ir_type_is_vec(t) ? 16 : t == T_F64 ? 8 : 4;
        enc_xmm_load(l->e, n, XMM(r - REG_X), m);
        v->clean = (uint8_t)n;
    }
}

static bool is_zeros(const union vec *v)
{
    return !v->u64[0] && !v->u64[1];
}

/* Code that brings the value into r. */
static void alloc_load(struct lower *l, ir_ref ref, unsigned r)
{
    struct val *v = &l->val[ref];
    const struct ir_insn *i = insn_of(l, ref);
    if (i->op == IR_CONST || i->op == IR_PC) {
        uint64_t k = i->type == T_I32 ? (uint32_t)i->imm : (uint64_t)i->imm;
        if (i->op == IR_PC)
            lower_pc(l, (gpr){(uint8_t)r}, k);
        else
            enc_mov_imm(l->e, (gpr){(uint8_t)r}, k);
        v->clean = k <= 0xff ? 1 : k <= 0xffff ? 2 : k <= 0xffffffff ? 4 : 8;
    } else if (i->op == IR_VCONST && is_zeros(&l->ir->pool[i->imm])) {
        enc_v3r(l->e, V_PXOR, XMM(r - REG_X), XMM(r - REG_X), XMM(r - REG_X));
        v->clean = 1;
    } else if (i->op == IR_VCONST) {
        enc_xmm_load(l->e, 16, XMM(r - REG_X), lower_const(l, &l->ir->pool[i->imm]));
        v->clean = 16;
    } else if (v->slot >= 0) {
        if (r >= REG_X)
            enc_xmm_load(l->e, 16, XMM(r - REG_X), alloc_slot_mem(v->slot));
        else
            enc_load(l->e, 8, (gpr){(uint8_t)r}, alloc_slot_mem(v->slot));
    } else if (v->home != NOCELL) {
        load_home(l, ref, r);
    } else {
        lower_bug(l, "value is nowhere");
    }
}

static unsigned use(struct lower *l, ir_ref ref, bool x)
{
    struct val *v = &l->val[ref];
    if (v->reg == NOREG) {
        unsigned r = alloc_take(l, x);
        alloc_load(l, ref, r);
        alloc_attach(l, ref, r);
    }
    assert(v->reg < REG_COUNT);
    l->locked |= 1ull << v->reg;
    return v->reg;
}

gpr lower_use_g(struct lower *l, ir_ref ref)
{
    return (gpr){(uint8_t)use(l, ref, false)};
}
xmm lower_use_x(struct lower *l, ir_ref ref)
{
    return XMM((uint8_t)(use(l, ref, true) - REG_X));
}
gpr lower_temp_g(struct lower *l)
{
    return (gpr){(uint8_t)alloc_take(l, false)};
}
void lower_prologue_end(struct lower *l)
{
    l->locked = 0;
}

xmm lower_result_x(struct lower *l, ir_ref ref)
{
    l->locked &= l->busy;
    return XMM((uint8_t)(l->val[ref].reg - REG_X));
}

xmm lower_temp_x(struct lower *l)
{
    return XMM((uint8_t)(alloc_take(l, true) - REG_X));
}

static bool mem_operand(struct lower *l, ir_ref ref, struct x86_mem *m)
{
    const struct val *v = &l->val[ref];
    const struct ir_insn *i = insn_of(l, ref);
    if (v->reg != NOREG)
        return false;
    if (i->op == IR_VCONST) {
        *m = lower_const(l, &l->ir->pool[i->imm]);
        return true;
    }
    if (i->op == IR_CONST || i->op == IR_PC || val_live_after(l, ref))
        return false;
    if (v->slot >= 0)
        *m = alloc_slot_mem(v->slot);
    else if (v->home != NOCELL)
        *m = mem_cpu((size_t)v->home);
    else
        return false;
    return true;
}

bool lower_mem_x(struct lower *l, ir_ref ref, struct x86_mem *m)
{
    return mem_operand(l, ref, m);
}
bool lower_mem_g(struct lower *l, ir_ref ref, struct x86_mem *m)
{
    return mem_operand(l, ref, m);
}

/* -- results -- */

/* May this op's result go to register r: does nothing in it live on, and is nothing in it an operand, or one
 * that may be overwritten? */
static bool may_def(const struct lower *l, unsigned r, bool over, ir_ref o1, ir_ref o2)
{
    if (l->locked >> r & 1 && !l->reg[r])
        return false;
    bool operand_ok = !(l->locked >> r & 1);
    for (ir_ref v = l->reg[r]; v; v = l->val[v].sib) {
        if (val_live_after(l, v))
            return false;
        if (!over && l->val[v].next)
            return false;
        if (!o1 || v == o1 || v == o2)
            operand_ok = true;
        else if (l->val[v].next)
            return false;
    }
    return operand_ok;
}

static void def_into(struct lower *l, ir_ref ref, unsigned r)
{
    alloc_attach(l, ref, r);
    l->val[ref].clean = r >= REG_X ? 16 : insn_of(l, ref)->type == T_I64 ? 8 : 4;
    l->locked |= 1ull << r;
}

/* May register r become free for the result by moving out what lives on in it?  The code that does that comes before
 * the operation, so an operand may be among it if the operation reads no operand after it has written. */
static bool may_move_out(const struct lower *l, unsigned r, bool over, ir_ref o1, ir_ref o2)
{
    if (l->call_expected || (l->locked >> r & 1 && (!over || !l->reg[r])))
        return false;
    for (ir_ref v = l->reg[r]; v; v = l->val[v].sib)
        if (o1 && v != o1 && v != o2 && l->locked >> r & 1)
            return false;
    return true;
}

/* over: the register of a dying operand will do (o1, o2: only of these, if o1 is not 0). */
static unsigned def(struct lower *l, ir_ref ref, bool x, bool over, ir_ref o1, ir_ref o2)
{
    const struct ir_insn *i = insn_of(l, ref);
    unsigned want = l->val[ref].want, r = NOREG;
    if (want != NOREG && (want >= REG_X) == x && may_def(l, want, over, o1, o2)) {
        while (l->reg[want] && !l->val[l->reg[want]].next)
            alloc_detach(l, l->reg[want]);
        r = want;
    } else if (want != NOREG && (want >= REG_X) == x && !l->val[ref].soft &&
               may_move_out(l, want, over, o1, o2)) {
        move_out(l, want, false);
        r = want;
    } else if (over) {
        const ir_ref operand[3] = {i->a, i->b, i->c};
        for (unsigned k = 0; k < 3 && r == NOREG; k++) {
            unsigned c = operand[k] ? l->val[operand[k]].reg : NOREG;
            if (c != NOREG && (c >= REG_X) == x && !is_pinned(l, c) && l->reg[c] &&
                may_def(l, c, true, o1, o2))
                r = c;
        }
    }
    if (r == NOREG)
        r = alloc_take(l, x);
    def_into(l, ref, r);
    return r;
}

gpr lower_def_g(struct lower *l, ir_ref ref)
{
    return (gpr){(uint8_t)def(l, ref, false, false, 0, 0)};
}
xmm lower_def_x(struct lower *l, ir_ref ref)
{
    return XMM((uint8_t)(def(l, ref, true, false, 0, 0) - REG_X));
}
gpr lower_def_g_over(struct lower *l, ir_ref ref)
{
    return (gpr){(uint8_t)def(l, ref, false, true, 0, 0)};
}
xmm lower_def_x_over(struct lower *l, ir_ref ref)
{
    return XMM((uint8_t)(def(l, ref, true, true, 0, 0) - REG_X));
}
gpr alloc_def_g(struct lower *l, ir_ref ref, ir_ref over, ir_ref over2)
{
    return (gpr){(uint8_t)def(l, ref, false, true, over, over2 ? over2 : over)};
}

void lower_def_alias(struct lower *l, ir_ref ref, ir_ref of)
{
    unsigned r = use(l, of, val_is_x(l, ref));
    alloc_attach(l, ref, r);
    l->val[ref].clean = l->val[of].clean;
}

unsigned lower_clean(const struct lower *l, ir_ref ref)
{
    return l->val[ref].clean;
}
void lower_set_clean(struct lower *l, ir_ref ref, unsigned bytes)
{
    l->val[ref].clean = (uint8_t)bytes;
}
bool lower_dies(const struct lower *l, ir_ref ref)
{
    return !val_live_after(l, ref);
}

/* -- guest state -- */

static void alloc_home_set(struct lower *l, ir_ref ref, int64_t cell)
{
    l->val[ref].home = (int16_t)cell;
    LOWER_GROW(l, homed, homed_count, homed_cap);
    l->homed[l->homed_count++] = ref;
}

static unsigned home_bytes(const struct lower *l, ir_ref ref)
{
    enum ir_type t = ir_result_type(insn_of(l, ref));
    return t == T_FL ? 8 : ir_type_bytes[t];
}

/* Operands of the operation at hand stay within reach, too. */
void alloc_home_clobber(struct lower *l, int64_t cell, unsigned bytes)
{
    const struct ir_insn *i = insn_of(l, l->at);
    uint32_t n = 0;
    for (uint32_t k = 0; k < l->homed_count; k++) {
        ir_ref ref = l->homed[k];
        struct val *v = &l->val[ref];
        if (v->home == NOCELL || !v->next)
            continue;
        bool hit = v->home < cell + (int64_t)bytes && cell < v->home + (int64_t)home_bytes(l, ref);
        if (!hit) {
            l->homed[n++] = ref;
            continue;
        }
        if (v->reg == NOREG && v->slot < 0 &&
            (ref == i->a || ref == i->b || ref == i->c || val_live_after(l, ref))) {
            uint64_t locked = l->locked;
            unsigned r = alloc_take(l, val_is_x(l, ref));
            alloc_load(l, ref, r);
            alloc_attach(l, ref, r);
            l->locked = locked;
        }
        v->home = NOCELL;
    }
    l->homed_count = n;
}

/* A cell of one kind of register read as the other kind. */
static void get_across(struct lower *l, ir_ref ref, unsigned pin)
{
    unsigned w = ir_type_bytes[insn_of(l, ref)->type] == 8 ? 8 : 4;
    if (pin >= REG_X) {
        enc_xmm_to(l->e, w, lower_def_g(l, ref), XMM(pin - REG_X));
    } else {
        enc_xmm_from(l->e, 8, lower_def_x(l, ref), (gpr){(uint8_t)pin});
        lower_set_clean(l, ref, 8);
    }
}

void alloc_get(struct lower *l, ir_ref ref)
{
    const struct ir_insn *i = insn_of(l, ref);
    int64_t cell = i->op == IR_GETFL ? (int64_t)offsetof(struct cpu, flags) : i->imm;
    unsigned pin = i->op == IR_GETFL ? NOREG : alloc_pin(l, cell);
    if (pin == NOREG) {
        alloc_home_set(l, ref, cell);
    } else if ((pin >= REG_X) != val_is_x(l, ref)) {
        get_across(l, ref, pin);
    } else {
        alloc_attach(l, ref, pin);
        l->val[ref].clean = pin >= REG_X ? 16 : 8;
    }
}

static void put_pinned(struct lower *l, ir_ref a, unsigned pin)
{
    struct val *v = &l->val[a];
    l->put_next[pin] = l->val[l->at].next_put;
    if (v->reg == pin) {
        /* The GET values of the old content were moved out when this one was computed into it. */
        return;
    }
    if (v->reg != NOREG)
        l->locked |= 1ull << v->reg;
    move_out(l, pin, false);
    unsigned from = v->reg;
    if (from == NOREG) {
        alloc_load(l, a, pin);
        alloc_attach(l, a, pin);
        return;
    }
    reg_move(l, pin, from);
    if (is_pinned(l, from) && l->put_next[from] >= l->put_next[pin])
        return;
    /* What was in a temp, or in a register that will be overwritten sooner, is the pinned register's now. */
    while (l->reg[from]) {
        ir_ref r = l->reg[from];
        alloc_detach(l, r);
        alloc_attach(l, r, pin);
    }
}

static void put_store(struct lower *l, const struct ir_insn *i, struct x86_mem m)
{
    const struct ir_insn *a = insn_of(l, i->a);
    unsigned bytes = ir_type_bytes[i->type];
    int64_t k = a->imm;
    if ((a->op == IR_CONST || a->op == IR_PC) && !alloc_in_reg(l, i->a) && (bytes <= 4 || k == (int32_t)k)) {
        l->code->fixed |= a->op == IR_PC;
        enc_store_imm(l->e, bytes, m, (int32_t)k);
    } else if (val_is_x(l, i->a)) {
        xmm x = lower_use_x(l, i->a);
        if (bytes >= 4) {
            enc_xmm_store(l->e, bytes, m, x);
        } else {
            gpr t = lower_temp_g(l);
            enc_xmm_to(l->e, 4, t, x);
            enc_store(l->e, bytes, m, t);
        }
    } else {
        enc_store(l->e, bytes, m, lower_use_g(l, i->a));
    }
}

void alloc_put(struct lower *l, const struct ir_insn *i)
{
    unsigned pin = alloc_pin(l, i->imm);
    if (pin != NOREG && (pin >= REG_X) == val_is_x(l, i->a)) {
        put_pinned(l, i->a, pin);
        return;
    }
    if (pin != NOREG)
        lower_bug(l, "PUT of the wrong kind to a pinned cell");
    struct val *v = &l->val[i->a];
    if (v->home == i->imm && v->reg == NOREG && v->slot < 0)
        return;
    alloc_home_clobber(l, i->imm, ir_type_bytes[i->type]);
    put_store(l, i, mem_cpu((size_t)i->imm));
    if (v->home == NOCELL && ir_type_bytes[i->type] == home_bytes(l, i->a) && val_live_after(l, i->a))
        alloc_home_set(l, i->a, i->imm);
}

/* -- calls, cold paths, the end of an operation -- */

void alloc_call(struct lower *l, bool writes_state)
{
    if (writes_state) {
        alloc_home_clobber(l, 0, sizeof(struct cpu));
        for (uint64_t set = l->busy & ~l->temps; set; set &= set - 1)
            move_out(l, (unsigned)__builtin_ctzll(set), false);
    }
    for (uint64_t set = l->busy & l->temps; set; set &= set - 1) {
        unsigned r = (unsigned)__builtin_ctzll(set);
        while (l->reg[r]) {
            if (val_live_after(l, l->reg[r]))
                spill(l, l->reg[r]);
            alloc_detach(l, l->reg[r]);
        }
    }
    l->locked = 0;
}

void alloc_save(struct lower *l)
{
    l->saved_count = 0;
    for (uint64_t set = l->busy; set; set &= set - 1) {
        unsigned r = (unsigned)__builtin_ctzll(set);
        for (ir_ref v = l->reg[r]; v; v = l->val[v].sib) {
            LOWER_GROW(l, saved, saved_count, saved_cap);
            l->saved[l->saved_count++] = (struct saved){v, (uint8_t)r, l->val[v].clean, l->val[v].slot};
        }
    }
    l->saved_slots = l->slots;
    for (uint64_t set = l->slots; set; set &= set - 1)
        l->saved_slot[__builtin_ctzll(set)] = l->slot[__builtin_ctzll(set)];
    l->saved_locked = l->locked;
    l->locked = 0;
}

void alloc_restore(struct lower *l)
{
    for (uint64_t set = l->busy; set; set &= set - 1)
        while (l->reg[__builtin_ctzll(set)])
            alloc_detach(l, l->reg[__builtin_ctzll(set)]);
    for (uint64_t set = l->slots; set; set &= set - 1)
        l->val[l->slot[__builtin_ctzll(set)]].slot = -1;
    for (uint64_t set = l->saved_slots; set; set &= set - 1) {
        int s = __builtin_ctzll(set);
        l->slot[s] = l->saved_slot[s];
        l->val[l->slot[s]].slot = (int8_t)s;
    }
    l->slots = l->saved_slots;
    for (uint32_t k = l->saved_count; k-- > 0;) {
        struct saved *s = &l->saved[k];
        alloc_attach(l, s->ref, s->reg);
        l->val[s->ref].clean = s->clean;
    }
    l->locked = l->saved_locked;
}

void alloc_insn_begin(struct lower *l, ir_ref at)
{
    l->at = at;
    l->locked = 0;
    l->call_expected = false;
}

static void used(struct lower *l, ir_ref ref)
{
    struct val *v = &l->val[ref];
    while (v->next && l->use[v->next].pos <= l->at)
        v->next = l->use[v->next].next;
    if (v->next)
        return;
    alloc_detach(l, ref);
    slot_free(l, ref);
    v->home = NOCELL;
}

void alloc_insn_end(struct lower *l)
{
    const struct ir_insn *i = insn_of(l, l->at);
    lower_leaves(l, i->a, used);
    lower_leaves(l, i->b, used);
    lower_leaves(l, i->c, used);
    lower_leaves(l, l->val[l->at].fault_fl, used);
    if (!l->val[l->at].next)
        alloc_detach(l, l->at);
}
