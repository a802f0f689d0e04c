/* SPDX-License-Identifier: MIT */
/*
 * x86_lower: IR to host code in one forward pass (after the scan), then layout.
 *
 * Layout of a unit: 5-byte nop or the instruction that counts, in whose place a call can be put; hot code, cold code,
 * constants (16 bytes each), guards of inline caches (8 bytes each).  Hot and cold code grow side by side in buffers of
 * their own; what refers from one part to another (branches, rip-relative operands) is a fix that is resolved when the
 * parts have got their places.
 *
 * Operations that nobody inlines are computed by ir_eval_op, called through STUB_HELPER: see lower_generic.
 */
#include "dbt/ir/eval.h"
#include "dbt/x86/lower_impl.h"

#include <stdlib.h>
#include <string.h>

#define GUARD_BASE 0x40000000 /* pool offsets from here on are guards */

#define SAME(field)                                                                                          \
    _Static_assert(offsetof(struct lower, field) == offsetof(struct lower_public, field), "begins with it")
SAME(e);
SAME(ir);
SAME(target);
SAME(avx512);
SAME(careful);
#undef SAME

void *lower_realloc(void *p, size_t n)
{
    p = realloc(p, n);
    if (!p) {
        fputs("xrun: out of memory\n", stderr);
        abort();
    }
    return p;
}

_Noreturn void lower_bug(struct lower *l, const char *what)
{
    fprintf(stderr, "xrun: internal error: x86_lower: %s (unit at 0x%llx, guest pc 0x%llx, %%%u %s)\n", what,
            (unsigned long long)l->ir->pc, (unsigned long long)l->pc, l->at,
            ir_op_info[insn_of(l, l->at)->op].name);
    ir_print(l->ir, stderr);
    abort();
}

/* -- constants -- */

bool lower_is_const(const struct lower *l, ir_ref ref, uint64_t *v)
{
    const struct ir_insn *i = insn_of(l, ref);
    if (i->op != IR_CONST)
        return false;
    *v = i->type == T_I32 ? (uint32_t)i->imm : (uint64_t)i->imm;
    return true;
}

const union vec *lower_is_vconst(const struct lower *l, ir_ref ref)
{
    const struct ir_insn *i = insn_of(l, ref);
    return i->op == IR_VCONST ? &l->ir->pool[i->imm] : NULL;
}

bool lower_imm32(const struct lower *l, ir_ref ref, unsigned w, int32_t *v)
{
    uint64_t k;
    if (!lower_is_const(l, ref, &k) || (w == 8 && (int64_t)k != (int32_t)k))
        return false;
    *v = (int32_t)k;
    return true;
}

struct x86_mem lower_const(struct lower *l, const union vec *v)
{
    uint32_t k = 0;
    while (k < l->pool_count && memcmp(&l->pool[k], v, 16) != 0)
        k++;
    if (k == l->pool_count) {
        LOWER_GROW(l, pool, pool_count, pool_cap);
        l->pool[l->pool_count++] = *v;
    }
    return (struct x86_mem){MEM_RIP, MEM_NONE, 0, (int32_t)(16 * k)};
}

uint32_t lower_guard(struct lower *l, struct x86_mem *m)
{
    LOWER_GROW(l, guard, guard_count, guard_cap);
    l->guard[l->guard_count] = GUARD_EMPTY;
    *m = (struct x86_mem){MEM_RIP, MEM_NONE, 0, (int32_t)(GUARD_BASE + 8 * l->guard_count)};
    return l->guard_count++;
}

/* -- labels, parts, tables -- */

label lower_label(struct lower *l)
{
    LOWER_GROW(l, place, place_count, place_cap);
    l->place[l->place_count] = (struct place){0, false, false};
    return (label){l->place_count++};
}

void lower_bind(struct lower *l, label at)
{
    l->e->flags_gen++;
    l->e->flags_end = 0;
    l->place[at.id] = (struct place){l->e->size, l->e == &l->cold, true};
}

void lower_rel32(struct lower *l, uint32_t at, label to)
{
    LOWER_GROW(l, fix, fix_count, fix_cap);
    l->fix[l->fix_count++] = (struct fix){at, to.id, l->e == &l->cold};
}

void lower_jmp(struct lower *l, label to)
{
    lower_rel32(l, enc_jmp(l->e), to);
}
void lower_jcc(struct lower *l, enum x86_cc cc, label to)
{
    lower_rel32(l, enc_jcc(l->e, cc), to);
}

void lower_cold_begin(struct lower *l)
{
    l->saved_fl = l->fl;
    l->saved_fl_valid = l->fl.gen == l->e->flags_gen;
    if (!l->saved_fl_valid) /* the parts count changes of EFLAGS each for itself */
        l->fl = (struct eflags){0};
    l->e = &l->cold;
}

void lower_cold_end(struct lower *l)
{
    l->e = &l->hot;
    l->fl = l->saved_fl;
}

static void note_operand(struct lower *l, ir_ref ref, uint8_t *where, int64_t *at)
{
    const struct val *v = &l->val[ref];
    uint64_t k;
    if (!ref || lower_is_const(l, ref, &k)) {
        *where = X86_CONST;
        *at = ref ? (int64_t)k : 0;
    } else if (insn_of(l, ref)->op == IR_PC) {
        *where = X86_CONST;
        *at = insn_of(l, ref)->imm;
        l->code->fixed = true;
    } else if (v->reg != NOREG) {
        *where = X86_REG;
        *at = v->reg;
    } else {
        if (v->slot < 0 && v->home == NOCELL)
            lower_bug(l, "flags of a value that is nowhere");
        *where = X86_CELL;
        *at = v->slot >= 0 ? alloc_slot_mem(v->slot).disp + CPU_BIAS : v->home;
    }
}

/* Where the operands of flags value ref are now; what x86_fault.flags is to be. */
static uint32_t note_flags(struct lower *l, ir_ref ref)
{
    const struct ir_insn *i = insn_of(l, ref);
    struct x86_code *c = l->code;
    struct x86_flags x = {.op = i->op, .type = i->type};
    note_operand(l, i->a, &x.where[0], &x.at[0]);
    note_operand(l, i->b, &x.where[1], &x.at[1]);
    LOWER_GROW(c, flags, flags_count, flags_cap);
    c->flags[c->flags_count++] = x;
    return c->flags_count;
}

static void fault_add(struct lower *l, bool access)
{
    struct faults *f = l->e == &l->cold ? &l->cold_faults : &l->hot_faults;
    ir_ref fl = l->val[l->at].fault_fl;
    if (!access && !fl && f->count && f->list[f->count - 1].pc == l->pc && !f->list[f->count - 1].flags)
        return;
    uint32_t flags = fl ? note_flags(l, fl) : 0;
    LOWER_GROW(f, list, count, cap);
    f->list[f->count++] =
        (struct x86_fault){.host = l->e->size, .access = access, .flags = (uint16_t)flags, .pc = l->pc};
}

void lower_fault(struct lower *l)
{
    fault_add(l, false);
}

void lower_access(struct lower *l)
{
    fault_add(l, true);
}

struct lower_trap lower_trap_begin(struct lower *l, const struct ir_insn *insn)
{
    return (struct lower_trap){.insn = *insn,
                               .dst = X86_TRAP_NONE,
                               .a = X86_TRAP_NONE,
                               .b = X86_TRAP_NONE,
                               .c = X86_TRAP_NONE,
                               .start = l->e->size};
}

void lower_trap_end(struct lower *l, const struct lower_trap *t)
{
    struct x86_trap x = {t->start, l->e->size, l->pc,         0,          t->insn, t->dst, t->a,
                         t->b,     t->c,       t->dst_is_gpr, t->a_is_gpr};
    if (l->e == &l->cold) {
        LOWER_GROW(l, cold_trap, cold_trap_count, cold_trap_cap);
        l->cold_trap[l->cold_trap_count++] = x;
    } else {
        LOWER_GROW(l->code, traps, trap_count, trap_cap);
        l->code->traps[l->code->trap_count++] = x;
    }
}

/* -- guest addresses -- */

bool lower_pc_is_short(struct lower *l, gaddr pc)
{
    bool is_short = (int64_t)pc == (int32_t)pc;
    l->code->fixed |= is_short;
    return is_short;
}

void lower_pc(struct lower *l, gpr d, gaddr pc)
{
    enc_mov_imm(l->e, d, pc);
    if (pc == (uint32_t)pc || lower_pc_is_short(l, pc)) {
        l->code->fixed = true;
        return;
    }
    LOWER_GROW(l, move, move_count, move_cap);
    l->move[l->move_count++] = (struct move){l->e->size - 8, l->e == &l->cold};
}

/* -- calls to C -- */

static struct x86_mem io(unsigned k)
{
    return mem_cpu(offsetof(struct cpu, io) + 16 * k);
}

static void argument(struct lower *l, ir_ref ref, unsigned k)
{
    int32_t imm;
    if (!ref)
        return;
    if (val_is_x(l, ref)) {
        enc_xmm_store(l->e, 16, io(k), lower_use_x(l, ref));
        return;
    }
    bool narrow = ir_result_type(insn_of(l, ref)) == T_I32;
    if (lower_imm32(l, ref, 8, &imm)) {
        enc_store_imm(l->e, 8, io(k), imm);
        return;
    }
    gpr r = lower_use_g(l, ref);
    if (narrow && lower_clean(l, ref) > 4) {
        uint64_t locked = l->locked;
        gpr t = lower_temp_g(l);
        enc_mov(l->e, 4, t, r);
        r = t;
        l->locked = locked;
    }
    enc_store(l->e, 8, io(k), r);
}

static void call_c(struct lower *l, ir_ref ref, const struct ir_insn *i, uint64_t param, unsigned slot,
                   enum stub stub)
{
    argument(l, i->a, 1);
    argument(l, i->b, 2);
    argument(l, i->c, 3);
    alloc_call(l, i->op == IR_HELPER && i->cc & EFFECT_WRITES);
    if ((int64_t)param == (int32_t)param) {
        enc_store_imm(l->e, 8, io(0), (int32_t)param);
    } else {
        enc_mov_imm(l->e, RAX, param);
        enc_store(l->e, 8, io(0), RAX);
    }
    enc_mov_imm(l->e, RAX, slot);
    lower_fault(l);
    enc_call_mem(l->e, mem_stub(stub));
    l->e->flags_gen++;
    enum ir_type t = ir_result_type(i);
    if (!t || !l->val[ref].next)
        return;
    if (ir_type_is_int(t)) {
        enc_load(l->e, t == T_I64 ? 8 : 4, lower_def_g(l, ref), io(0));
    } else {
        unsigned n = ir_type_is_vec(t) ? 16 : t == T_F64 ? 8 : 4;
        enc_xmm_load(l->e, n, lower_def_x(l, ref), io(0));
        lower_set_clean(l, ref, n);
    }
}

/* An operation as slot 0 takes it. */
static uint64_t generic_param(const struct lower *l, const struct ir_insn *i)
{
    unsigned size = i->size;
    if (i->op == IR_ITOF && !ir_type_is_vec(i->type)) /* what the evaluator takes from the operand's type */
        size = ir_result_type(insn_of(l, i->a)) == T_I32 ? 2 : 3;
    return i->op | (uint64_t)i->type << 8 | (uint64_t)size << 16 | (uint64_t)i->cc << 24 |
           (uint64_t)i->imm << 32;
}

void x86_helper_eval(struct cpu *cpu, union vec io[4])
{
    uint64_t p = io[0].u64[0];
    struct ir_insn insn = {.op = (uint8_t)p,
                           .type = (uint8_t)(p >> 8),
                           .size = (uint8_t)(p >> 16),
                           .cc = (uint8_t)(p >> 24),
                           .imm = (int32_t)(p >> 32)};
    ir_eval_op(&insn, NULL, cpu, io);
}

/* The fallback. */
static void lower_generic(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    call_c(l, ref, i, generic_param(l, i), 0, STUB_HELPER);
}

/* What a call does not keep leaves its registers now; the operands' registers stay as they are. */
void lower_expect_call(struct lower *l)
{
    uint64_t locked = l->locked;
    alloc_call(l, false);
    l->call_expected = true;
    l->locked = locked;
}

void lower_call_cold(struct lower *l, const struct ir_insn *i, const struct lower_operands *at)
{
    const uint8_t operand[3] = {at->a, at->b, at->c};
    for (unsigned k = 0; k < 3; k++)
        if (operand[k] != X86_TRAP_NONE)
            enc_xmm_store(l->e, 16, io(k + 1), (xmm){operand[k]});
    enc_mov_imm(l->e, RAX, generic_param(l, i));
    enc_store(l->e, 8, io(0), RAX);
    enc_mov_imm(l->e, RAX, 0);
    enc_call_mem(l->e, mem_stub(STUB_HELPER));
    enc_xmm_load(l->e, 16, (xmm){at->d}, io(0));
}

/* COPY and FILL: a short call that changes nothing but temps, and ends early where memory fails. */
static void lower_copy(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    const gpr in[] = {RAX, RDX, RCX};
    const uint64_t in_set = 1ull << RAX.n | 1ull << RDX.n | 1ull << RCX.n;
    const ir_ref operand[] = {i->a, i->b, i->c};
    gpr from[3];
    for (unsigned k = 0; k < 3; k++) {
        from[k] = lower_use_g(l, operand[k]);
        if (in_set >> from[k].n & 1) /* it would be overwritten before it is read */
            enc_store(l->e, 8, io(k + 1), from[k]);
    }
    alloc_call(l, false);
    for (unsigned k = 0; k < 3; k++)
        if (in_set >> from[k].n & 1)
            enc_load(l->e, 8, in[k], io(k + 1));
        else
            enc_mov(l->e, 8, in[k], from[k]);
    enc_call_mem(l->e, mem_stub(i->op == IR_COPY ? STUB_COPY : STUB_FILL));
    l->e->flags_gen++;
    if (l->val[ref].next)
        enc_mov(l->e, 8, lower_def_g(l, ref), RAX);
}

static void lower_helper(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    bool sync = i->cc & (EFFECT_READS | EFFECT_WRITES);
    call_c(l, ref, i, IR_HELPER_PARAM(i->imm), IR_HELPER_ID(i->imm) + 1,
           sync ? STUB_HELPER_SYNC : STUB_HELPER);
}

/* -- the pass -- */

static bool has_x(const struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    return val_is_x(l, ref) || (i->a && val_is_x(l, i->a)) || (i->b && val_is_x(l, i->b)) ||
           (i->c && val_is_x(l, i->c));
}

static void lower_value(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!l->val[ref].next && !l->val[ref].sets_flags && ir_droppable(i->op))
        return;
    if (has_x(l, ref, i)) {
        if (fpx_left_to_c(l, i) || !lower_vector(l, ref, i))
            lower_generic(l, ref, i);
        l->e->flags_gen++;
        return;
    }
    lower_int(l, ref, i);
}

static void lower_insn(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    const struct val *v = &l->val[ref];
    switch (i->op) {
    case IR_NOP:
    case IR_CONST:
    case IR_PC:
    case IR_VCONST: break;
    case IR_GET:
    case IR_GETFL:
        if (v->next)
            alloc_get(l, ref);
        break;
    case IR_PUT:
        if (!l->val[i->a].done)
            alloc_put(l, i);
        break;
    case IR_PUTFL:
        if (i->cc != PUTFL_FAULTS)
            lower_putfl(l, i->a);
        break;
    case IR_NZCV:
        if (v->next)
            lower_nzcv(l, ref, i);
        break;
    case IR_CMP:
    case IR_CMPZ:
    case IR_COND:
    case IR_FCMP:
        if (v->next)
            lower_bool(l, ref, i);
        break;
    case IR_SEL:
        if (v->next)
            lower_sel(l, ref, i);
        break;
    case IR_LD:
    case IR_LDS:
    case IR_ST:
    case IR_PREFETCH:
    case IR_STLR: lower_mem(l, ref, i); break;
    case IR_LDX:
    case IR_STX:
    case IR_CLREX:
    case IR_ATOM:
    case IR_CAS: lower_atomic(l, ref, i); break;
    case IR_FENCE: lower_fence(l, i); break;
    case IR_COPY:
    case IR_FILL: lower_copy(l, ref, i); break;
    case IR_HELPER: lower_helper(l, ref, i); break;
    case IR_INSN:
    case IR_OPEN:
    case IR_CLOSE:
    case IR_LABEL: lower_exit(l, ref, i); break;
    default:
        if (ir_op_has(i->op, F_X | F_E))
            lower_exit(l, ref, i);
        else
            lower_value(l, ref, i);
        break;
    }
}

static void list_registers(struct lower *l, ir_ref ref)
{
    const struct val *v = &l->val[ref];
    fprintf(l->ra, "%%%-4u %-8s +%-5u", ref, ir_op_info[insn_of(l, ref)->op].name, l->e->size);
    if (v->reg != NOREG)
        fprintf(l->ra, " %s%u", v->reg >= REG_X ? "xmm" : "r", v->reg >= REG_X ? v->reg - REG_X : v->reg);
    else if (v->home != NOCELL)
        fprintf(l->ra, " cell %d", v->home);
    else if (v->lazy)
        fputs(" lazy", l->ra);
    fputs(v->sets_flags ? " sets flags\n" : v->carried ? " carried\n" : "\n", l->ra);
}

static void lower_all(struct lower *l)
{
    for (ir_ref r = 1; r < l->ir->count; r++) {
        const struct ir_insn *i = insn_of(l, r);
        struct val *v = &l->val[r];
        if (i->op == IR_INSN) {
            l->pc = (gaddr)i->imm;
            l->careful = i->cc;
        }
        if (i->op == IR_INSN && !v->hoisted_poll)
            continue;
        if (i->op == IR_NOP || lower_idle(l, i) || (v->lazy && !v->effect))
            continue;
        alloc_insn_begin(l, r);
        if (v->lazy)
            lower_compare_effect(l, i);
        else
            lower_insn(l, r, i);
        if (l->ra)
            list_registers(l, r);
        alloc_insn_end(l);
    }
}

/* -- layout -- */

static void put32(uint8_t *p, uint32_t v)
{
    memcpy(p, &v, 4);
}

static void layout_rip(struct x86_code *c, const struct enc *e, uint32_t base, uint32_t pool, uint32_t guards)
{
    for (uint32_t k = 0; k < e->rip_count; k++) {
        const struct enc_rip *r = &e->rip[k];
        uint32_t to = r->pool >= GUARD_BASE ? guards + (r->pool - GUARD_BASE) : pool + r->pool;
        put32(c->bytes + base + r->at, to - (base + r->end));
    }
}

static void layout_exits(struct lower *l, uint32_t cold, uint32_t guards)
{
    struct x86_code *c = l->code;
    c->exit_count = 0;
    for (uint32_t k = 0; k < l->site_count; k++) {
        const struct site *s = &l->site[k];
        const struct place *p = &l->place[s->link.id], *behind = &l->place[s->behind.id];
        LOWER_GROW(c, exits, exit_count, exit_cap);
        c->exits[c->exit_count++] = (struct x86_exit){
            .site = s->site + (s->cold ? cold : 0),
            .cold = p->at + (p->cold ? cold : 0),
            .behind = behind->at + (behind->cold ? cold : 0),
            .target = s->target,
            .guard = s->has_guard ? guards + 8 * s->guard : 0,
        };
    }
}

static void layout_tables(struct lower *l, uint32_t cold)
{
    struct x86_code *c = l->code;
    c->fault_count = 0;
    for (uint32_t k = 0; k < l->hot_faults.count + l->cold_faults.count; k++) {
        bool in_cold = k >= l->hot_faults.count;
        struct x86_fault f = in_cold ? l->cold_faults.list[k - l->hot_faults.count] : l->hot_faults.list[k];
        f.host += in_cold ? cold : 0;
        LOWER_GROW(c, faults, fault_count, fault_cap);
        c->faults[c->fault_count++] = f;
    }
    for (uint32_t k = 0; k < l->cold_trap_count; k++) {
        LOWER_GROW(c, traps, trap_count, trap_cap);
        struct x86_trap *t = &c->traps[c->trap_count++];
        *t = l->cold_trap[k];
        t->start += cold;
        t->end += cold;
    }
}

static void layout_moves(struct lower *l, uint32_t cold)
{
    struct x86_code *c = l->code;
    c->move_count = 0;
    for (uint32_t k = 0; k < l->move_count; k++) {
        LOWER_GROW(c, moves, move_count, move_cap);
        c->moves[c->move_count++] = l->move[k].at + (l->move[k].cold ? cold : 0);
    }
}

/* The code of e to [at, end), padded with breakpoints. */
static void place_part(uint8_t *bytes, uint32_t at, const struct enc *e, uint32_t end)
{
    if (e->size)
        memcpy(bytes + at, e->buf, e->size);
    memset(bytes + at + e->size, 0xcc, end - at - e->size);
}

static void layout(struct lower *l)
{
    struct x86_code *c = l->code;
    uint32_t cold = (l->hot.size + 7) & ~7u, /* what is aligned in its part stays so */
        pool = cold + l->cold.size;
    if (l->pool_count || l->guard_count)
        pool = (pool + 15) & ~15u;
    uint32_t guards = pool + 16 * l->pool_count;
    c->cold = cold;
    c->loop = l->loop || l->way_count;
    c->past_line = l->loop && l->loop_end - l->place[l->head.id].at <= 64 ? 32 : 0;
    c->restore = l->swap_count ? cold + l->place[l->restore.id].at : 0;
    c->size = guards + 8 * l->guard_count;
    if (c->cap < c->size) {
        c->cap = c->size * 2;
        c->bytes = lower_realloc(c->bytes, c->cap);
    }
    place_part(c->bytes, 0, &l->hot, cold);
    place_part(c->bytes, cold, &l->cold, pool);
    if (l->pool_count)
        memcpy(c->bytes + pool, l->pool, 16 * l->pool_count);
    if (l->guard_count)
        memcpy(c->bytes + guards, l->guard, 8 * l->guard_count);
    layout_rip(c, &l->hot, 0, pool, guards);
    layout_rip(c, &l->cold, cold, pool, guards);
    for (uint32_t k = 0; k < l->fix_count; k++) {
        const struct fix *f = &l->fix[k];
        const struct place *p = &l->place[f->label];
        if (!p->bound)
            lower_bug(l, "label that was never bound");
        uint32_t at = f->at + (f->cold ? cold : 0), to = p->at + (p->cold ? cold : 0);
        put32(c->bytes + at, to - (at + 4));
    }
    layout_exits(l, cold, guards);
    layout_tables(l, cold);
    layout_moves(l, cold);
}

/* -- entry -- */

void x86_code_init(struct x86_code *code)
{
    memset(code, 0, sizeof *code);
}

static void lower_reset(struct lower *l, uint32_t count)
{
    l->e = &l->hot;
    l->hot.size = l->hot.rip_count = l->cold.size = l->cold.rip_count = 0;
    l->hot.flags_end = l->cold.flags_end = 0;
    l->use_count = l->homed_count = l->place_count = l->fix_count = l->site_count = 0;
    l->hot_faults.count = l->cold_faults.count = l->cold_trap_count = l->pool_count = l->guard_count = 0;
    l->move_count = 0;
    l->code->trap_count = l->code->flags_count = 0;
    l->code->fixed = false;
    l->open_count = 0;
    l->orders = false;
    l->order = ORDER_UNKNOWN;
    l->fl = (struct eflags){0};
    if (l->val_cap < count) {
        l->val_cap = count * 2;
        l->val = lower_realloc(l->val, l->val_cap * sizeof *l->val);
    }
}

static void lower_unit(struct lower *l)
{
    l->pc = l->ir->pc;
    lower_reset(l, l->ir->count);
    alloc_begin(l);
    lower_loop_choose(l);
    lower_scan(l);
    if (l->target->hot_step && l->ir->kind == UNIT_HEAD)
        lower_count(l);
    else
        enc_nop(l->e, 5);
    lower_loop_enter(l);
    lower_all(l);
    lower_loop_end(l);
    layout(l);
}

/* Counters of heads are told apart by addresses within a page (hot_cell), so they stay. */
void x86_code_move(struct x86_code *code, gaddr from, gaddr to)
{
    for (uint32_t k = 0; k < code->move_count; k++) {
        uint64_t v;
        memcpy(&v, code->bytes + code->moves[k], 8);
        v += to - from;
        memcpy(code->bytes + code->moves[k], &v, 8);
    }
    for (uint32_t k = 0; k < code->exit_count; k++)
        if (code->exits[k].target != X86_NO_TARGET)
            code->exits[k].target += to - from;
    for (uint32_t k = 0; k < code->trap_count; k++)
        code->traps[k].pc += to - from;
}

void x86_lower(const struct ir *ir, const struct x86_target *target, struct x86_code *code, FILE *ra)
{
    struct lower *l = code->work;
    if (!l) {
        l = lower_realloc(NULL, sizeof *l);
        memset(l, 0, sizeof *l);
        code->work = l;
    }
    l->ir = ir;
    l->insn = ir->insn;
    l->target = target;
    l->avx512 = target->avx512;
    l->code = code;
    l->ra = ra;
    lower_unit(l);
}
