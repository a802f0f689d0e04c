/* SPDX-License-Identifier: MIT */
/*
 * Ways out of a unit.
 *
 * A direct exit is a jump whose rel32 lies in 8 aligned bytes and can be patched; until then it goes to a cold call of
 * STUB_LINK.  Nothing but that call stands there, because most code is of exits: by the address behind it the run loop finds
 * the site and the target in the block's table.  When flags are to be stored on the way out of EXIT_IF, the
 * conditional jump goes to cold code that stores them and has a patchable jump of its own.
 *
 * Calls and returns: the guest's return address is pushed on the shadow stack, then a host call is
 * made; a return compares the guest address on the stack with where it wants to go and does a host ret.
 * Behind the host call stands the landing: it drops the guest address and goes on at the return address's
 * block.
 *
 * Where calls are open in a unit (OPEN), nothing was pushed for them: whoever leaves the unit then makes them up, with a
 * host call each, so that both stacks of return addresses are what the code outside expects.
 *
 * An indirect jump compares with the one target that the run loop has filled in (a guard of 8 bytes in the
 * literal pool, at first 1), then looks into the thread's table (cpu_jumps).  One that is known to go
 * to many places does not ask whether that word is still empty, and a call does not even compare.
 */
#include "dbt/x86/lower_impl.h"

static void call_stub(struct lower *l, enum stub stub)
{
    enc_call_mem(l->e, mem_stub(stub));
}

/* The label is to be bound behind the call of STUB_LINK. */
static label site_add(struct lower *l, uint32_t at, label link, gaddr target, bool guarded, uint32_t guard)
{
    label behind = lower_label(l);
    LOWER_GROW(l, site, site_count, site_cap);
    l->site[l->site_count++] = (struct site){at, guard, link, behind, target, l->e == &l->cold, guarded};
    lower_rel32(l, at, link);
    return behind;
}

static void align(struct lower *l, unsigned opcode_bytes)
{
    enc_nop(l->e, enc_pad32(l->e, opcode_bytes));
}

enum branch { BRANCH_JMP, BRANCH_JCC, BRANCH_CALL };

/* A patchable branch to guest address `target`. */
static void direct(struct lower *l, enum branch kind, enum x86_cc cc, gaddr target)
{
    label link = lower_label(l);
    if (kind == BRANCH_JCC)
        enc_align_jcc(l->e);
    else
        align(l, 1);
    uint32_t at = kind == BRANCH_JMP   ? enc_jmp(l->e)
                  : kind == BRANCH_JCC ? enc_jcc(l->e, cc)
                                       : enc_call(l->e);
    label behind = site_add(l, at, link, target, false, 0);
    struct enc *e = l->e;
    l->e = &l->cold;
    lower_bind(l, link);
    call_stub(l, STUB_LINK);
    lower_bind(l, behind);
    l->e = e;
}

static void push_address(struct lower *l, gaddr pc)
{
    bool is_short = lower_pc_is_short(l, pc);
    if (!is_short)
        lower_pc(l, RCX, pc);
    lower_fault(l);
    if (is_short)
        enc_push_imm(l->e, (int32_t)pc);
    else
        enc_push(l->e, RCX);
}

static void land_at(struct lower *l, gaddr pc)
{
    enc_lea(l->e, 8, RSP, mem_base(RSP, 8));
    direct(l, BRANCH_JMP, 0, pc);
}

/* Makes up the calls that are open; uses rcx, keeps EFLAGS. */
static void push_open(struct lower *l)
{
    for (unsigned k = 0; k < l->open_count; k++) {
        label on = lower_label(l);
        bool held = l->fl.gen == l->e->flags_gen;
        push_address(l, l->open[k]);
        lower_fault(l);
        lower_rel32(l, enc_call(l->e), on);
        land_at(l, l->open[k]);
        lower_bind(l, on);
        if (held) /* the one way to here keeps EFLAGS */
            l->fl.gen = l->e->flags_gen;
    }
}

/* Back to the head of this loop, behind its prologue. */
static void go_back(struct lower *l, enum branch kind, enum x86_cc cc)
{
    enum { NEAR = 120 };
    const struct place *head = &l->place[l->head.id];
    if (l->e == &l->hot && l->e->size - head->at <= NEAR)
        enc_back8(l->e, kind == BRANCH_JMP ? enc_jmp8(l->e) : enc_jcc8(l->e, cc), head->at);
    else if (kind == BRANCH_JMP)
        lower_jmp(l, l->head);
    else
        lower_jcc(l, cc, l->head);
    if (l->e == &l->hot && !l->aside)
        l->loop_end = l->e->size;
}

/* To guest address `target`, with the registers as its code expects them. */
static void go(struct lower *l, enum branch kind, enum x86_cc cc, gaddr target)
{
    const struct way *way = l->open_count ? NULL : lower_way(l, target);
    if (l->loop && target == l->ir->pc && !l->open_count) {
        go_back(l, kind, cc);
    } else if (way && kind == BRANCH_JMP) {
        lower_jmp(l, way->at);
    } else if (way) {
        lower_jcc(l, cc, way->at);
    } else if (kind == BRANCH_JMP) {
        lower_loop_restore(l);
        push_open(l);
        direct(l, kind, cc, target);
    } else if (l->swap_count || l->open_count) {
        label out = lower_label(l);
        lower_jcc(l, cc, out);
        lower_cold_begin(l);
        lower_bind(l, out);
        go(l, BRANCH_JMP, 0, target);
        lower_cold_end(l);
    } else {
        direct(l, kind, cc, target);
    }
}

/* -- conditional -- */

/* Cold code that stores the flags and goes on to target. */
static void exit_with_flags(struct lower *l, label at, ir_ref flags, gaddr target)
{
    alloc_save(l);
    lower_cold_begin(l);
    lower_bind(l, at);
    if (l->saved_fl_valid) /* the one way to here is the jump, which keeps EFLAGS */
        l->fl.gen = l->e->flags_gen;
    lower_flags_store(l, flags);
    go(l, BRANCH_JMP, 0, target);
    lower_cold_end(l);
    alloc_restore(l);
}

/* To a label in this unit if c, which is not COND_FALSE. */
static void jump_if(struct lower *l, struct cond c, label out)
{
    if (c.kind == COND_TRUE) {
        lower_jmp(l, out);
    } else if (c.kind == COND_AND_NP) {
        uint32_t over = enc_jcc8(l->e, X86_P);
        lower_jcc(l, c.cc, out);
        enc_land8(l->e, over);
    } else {
        lower_jcc(l, c.cc, out);
        if (c.kind == COND_OR_P)
            lower_jcc(l, X86_P, out);
    }
}

/* Goes to i's target if c. */
static void exit_branch(struct lower *l, const struct ir_insn *i, struct cond c)
{
    gaddr target = (gaddr)i->imm;
    if (c.kind == COND_FALSE)
        return;
    if (!i->c) {
        if (c.kind == COND_TRUE) {
            go(l, BRANCH_JMP, 0, target);
            return;
        }
        if (c.kind == COND_AND_NP) {
            uint32_t over = enc_jcc8(l->e, X86_P);
            go(l, BRANCH_JCC, c.cc, target);
            enc_land8(l->e, over);
            return;
        }
        go(l, BRANCH_JCC, c.cc, target);
        if (c.kind == COND_OR_P)
            go(l, BRANCH_JCC, X86_P, target);
        return;
    }
    label out = lower_label(l);
    jump_if(l, c, out);
    exit_with_flags(l, out, i->c, target);
}

static bool is_tree(const struct lower *l, ir_ref r)
{
    return l->val[r].lazy && (insn_of(l, r)->op == IR_AND || insn_of(l, r)->op == IR_OR);
}

/* A condition, or a tree of them, as a byte in a temp. */
static gpr tree_value(struct lower *l, ir_ref r)
{
    const struct ir_insn *i = insn_of(l, r);
    uint64_t locked = l->locked;
    if (!is_tree(l, r)) {
        struct cond c = lower_cond(l, r);
        l->locked = locked | 1; /* not rax, which conditions on packed flags use */
        gpr t = lower_temp_g(l);
        lower_set_if(l, c, t);
        l->locked = locked | 1ull << t.n;
        return t;
    }
    gpr a = tree_value(l, i->a), b = tree_value(l, i->b);
    enc_alu(l->e, i->op == IR_AND ? ALU_AND : ALU_OR, 1, a, b);
    l->locked = locked | 1ull << a.n;
    return a;
}

static void touch(struct lower *l, ir_ref r)
{
    uint64_t k;
    uint64_t locked = l->locked;
    if (!lower_is_const(l, r, &k) && insn_of(l, r)->op != IR_GETFL) {
        if (val_is_x(l, r))
            lower_use_x(l, r);
        else
            lower_use_g(l, r);
    }
    l->locked = locked;
}

static void exit_tree(struct lower *l, const struct ir_insn *i, ir_ref r)
{
    const struct ir_insn *t = insn_of(l, r);
    l->locked = 0;
    if (!is_tree(l, r)) {
        struct cond c = lower_cond(l, r);
        l->locked = 0;
        exit_branch(l, i, c);
        return;
    }
    if (t->op == IR_OR) {
        exit_tree(l, i, t->a);
        exit_tree(l, i, t->b);
        return;
    }
    /* Both ways must leave the registers as they are: nothing may be loaded for the second condition behind
     * the branch. */
    if (!is_tree(l, t->a) && !is_tree(l, t->b)) {
        lower_leaves(l, t->b, touch);
        struct cond c = lower_cond(l, t->a);
        l->locked = 0;
        if (c.kind != COND_TRUE && c.kind != COND_FALSE && lower_at_hand(l, t->b)) {
            uint32_t no[2];
            unsigned n;
            lower_branch_if_not(l, c, no, &n);
            exit_branch(l, i, lower_cond(l, t->b));
            for (unsigned k = 0; k < n; k++)
                enc_land8(l->e, no[k]);
            return;
        }
    }
    gpr v = tree_value(l, r);
    enc_test(l->e, 1, v, v);
    l->locked = 0;
    exit_branch(l, i, (struct cond){COND_CC, X86_NE});
}

static void store_pc(struct lower *l, gaddr pc)
{
    struct x86_mem m = mem_cpu(offsetof(struct cpu, pc));
    if (lower_pc_is_short(l, pc)) {
        enc_store_imm(l->e, 8, m, (int32_t)pc);
    } else {
        lower_pc(l, RCX, pc);
        enc_store(l->e, 8, m, RCX);
    }
}

static void leave(struct lower *l, gaddr pc, enum exit_reason reason)
{
    lower_loop_restore(l);
    store_pc(l, pc);
    enc_mov_imm(l->e, RAX, reason);
    enc_jmp_mem(l->e, mem_stub(STUB_EXIT));
}

/* To `on`, unless bits size .. 3 of b are all set. */
static void go_on_unless_set(struct lower *l, const struct ir_insn *i, gpr b, label on)
{
    for (unsigned bit = i->size; bit <= 3; bit++) {
        enc_test_imm(l->e, 1, b, 1 << bit);
        lower_jcc(l, X86_E, on);
    }
    l->fl = (struct eflags){0}; /* until the end of the cold code */
}

/* Cold code behind `out`: leave, with the flags stored; or, with a size, go on at `on`. */
static void leave_cold(struct lower *l, label out, const struct ir_insn *i, gpr b, label on)
{
    alloc_save(l);
    lower_cold_begin(l);
    lower_bind(l, out);
    if (i->size)
        go_on_unless_set(l, i, b, on);
    else if (i->c && l->saved_fl_valid) /* as in exit_with_flags */
        l->fl.gen = l->e->flags_gen;
    if (i->c)
        lower_flags_store(l, i->c);
    l->locked = 0;
    if (i->b)
        enc_store(l->e, 8, mem_cpu(offsetof(struct cpu, exit_arg)), lower_use_g(l, i->b));
    leave(l, (gaddr)i->imm, i->cc);
    lower_cold_end(l);
    alloc_restore(l);
}

static void leave_if(struct lower *l, const struct ir_insn *i)
{
    label out = lower_label(l), on = lower_label(l);
    gpr b = i->size ? lower_use_g(l, i->b) : RAX;
    struct cond c = lower_cond(l, i->a);
    if (c.kind == COND_FALSE)
        return;
    l->locked = 0;
    jump_if(l, c, out);
    leave_cold(l, out, i, b, on);
    if (i->size)
        lower_bind(l, on);
}

static void poll(struct lower *l, gaddr pc, ir_ref flags)
{
    label out = lower_label(l);
    enc_alu_store_imm(l->e, ALU_CMP, 4, mem_cpu(offsetof(struct cpu, poll)), 0);
    lower_jcc(l, X86_NE, out);
    if (flags)
        alloc_save(l);
    lower_cold_begin(l);
    lower_bind(l, out);
    if (flags)
        lower_flags_store(l, flags);
    leave(l, pc, EXIT_SIGNAL);
    lower_cold_end(l);
    if (flags)
        alloc_restore(l);
}

void lower_count(struct lower *l)
{
    label out = lower_label(l);
    size_t count = offsetof(struct cpu, hot) + hot_cell(l->ir->pc) * sizeof(uint16_t);
    enc_alu_store_imm(l->e, ALU_ADD, 2, mem_cpu(count), l->target->hot_step);
    lower_jcc(l, X86_B, out);
    lower_cold_begin(l);
    lower_bind(l, out);
    call_stub(l, STUB_HOT);
    lower_cold_end(l);
}

/* -- indirect -- */

/* t = guest pc: E and the operand that holds the address of its translation, by the jump table; or NE.
 * Changes rcx or rdx, the one that t is not. */
static struct x86_mem find_cell(struct lower *l, gpr t)
{
    gpr k = t.n == RCX.n ? RDX : RCX;
    struct x86_mem m = mem_cpu(CPU_JUMPS);
    m.index = k.n;
    m.scale = 2;
    enc_load(l->e, 4, k, mem_cpu(offsetof(struct cpu, jump_mask)));
    enc_alu(l->e, ALU_AND, 4, k, t);
    enc_alu_load(l->e, ALU_CMP, 8, t, m);
    m.disp += (int32_t)offsetof(struct jump_cell, host);
    return m;
}

/* t = guest pc: to its translation, or out. */
static void look_up(struct lower *l, gpr t)
{
    struct x86_mem host = find_cell(l, t);
    uint32_t miss = enc_jcc8(l->e, X86_NE);
    enc_jmp_mem(l->e, host);
    enc_land8(l->e, miss);
    if (t.n != RAX.n)
        enc_mov(l->e, 8, RAX, t);
    enc_jmp_mem(l->e, mem_stub(STUB_LOOKUP));
}

/* Flags are not live. */
static void count_miss(struct lower *l, enum miss kind)
{
    if (l->target->stats)
        enc_alu_store_imm(l->e, ALU_ADD, 8, mem_cpu(offsetof(struct cpu, misses) + 8 * kind), 1);
}

/* Where an inline cache misses: fill it if it is empty, else look up.  Target in t. */
static void inline_cache_miss(struct lower *l, gpr t, struct x86_mem guard, label link)
{
    count_miss(l, MISS_CACHE);
    enc_alu_store_imm(l->e, ALU_CMP, 8, guard, GUARD_EMPTY);
    lower_jcc(l, X86_E, link);
    look_up(l, t);
}

static void inline_cache_link(struct lower *l, gpr t, label link, label behind)
{
    lower_bind(l, link);
    if (t.n != RCX.n)
        enc_mov(l->e, 8, RCX, t);
    call_stub(l, STUB_LINK);
    lower_bind(l, behind);
}

static void jumpr(struct lower *l, const struct ir_insn *i)
{
    gpr t = lower_use_g(l, i->a);
    struct x86_mem m;
    uint32_t guard = lower_guard(l, &m);
    label link = lower_label(l);
    enc_alu_load(l->e, ALU_CMP, 8, t, m);
    enc_align_jcc(l->e);
    uint32_t at = enc_jcc(l->e, X86_E);
    label behind = site_add(l, at, link, i->cc == JUMP_MANY ? (gaddr)i->imm : X86_NO_TARGET, true, guard);
    if (i->cc == JUMP_MANY) {
        look_up(l, t);
    } else {
        inline_cache_miss(l, t, m, link);
    }
    lower_cold_begin(l);
    inline_cache_link(l, t, link, behind);
    lower_cold_end(l);
}

/* -- calls and returns -- */

static void push_return(struct lower *l, ir_ref b)
{
    gaddr pc = (gaddr)insn_of(l, b)->imm;
    if (!alloc_in_reg(l, b) && lower_pc_is_short(l, pc)) {
        push_address(l, pc);
        return;
    }
    lower_fault(l);
    enc_push(l->e, lower_use_g(l, b));
}

static void landing(struct lower *l, ir_ref b)
{
    land_at(l, (gaddr)insn_of(l, b)->imm);
}

static void call(struct lower *l, const struct ir_insn *i)
{
    push_return(l, i->b);
    lower_fault(l);
    direct(l, BRANCH_CALL, 0, (gaddr)i->imm);
    landing(l, i->b);
}

/* Where the target of a call is not at hand: calls what follows here, which looks it up. */
static void call_missed(struct lower *l, label miss, label look, label land)
{
    lower_bind(l, miss);
    lower_fault(l);
    lower_rel32(l, enc_call(l->e), look);
    lower_jmp(l, land);
    lower_bind(l, look);
}

static void callr_many(struct lower *l, const struct ir_insn *i)
{
    gpr t = lower_use_g(l, i->a);
    label miss = lower_label(l), look = lower_label(l), land = lower_label(l);
    push_return(l, i->b);
    struct x86_mem host = find_cell(l, t);
    lower_jcc(l, X86_NE, miss);
    lower_fault(l);
    enc_call_mem(l->e, host);
    lower_bind(l, land);
    landing(l, i->b);
    lower_cold_begin(l);
    call_missed(l, miss, look, land);
    if (t.n != RAX.n)
        enc_mov(l->e, 8, RAX, t);
    enc_jmp_mem(l->e, mem_stub(STUB_LOOKUP));
    lower_cold_end(l);
}

static void callr(struct lower *l, const struct ir_insn *i)
{
    if (i->cc == JUMP_MANY) {
        callr_many(l, i);
        return;
    }
    gpr t = lower_use_g(l, i->a);
    struct x86_mem m;
    uint32_t guard = lower_guard(l, &m);
    label link = lower_label(l), miss = lower_label(l), look = lower_label(l), land = lower_label(l);
    push_return(l, i->b);
    enc_alu_load(l->e, ALU_CMP, 8, t, m);
    lower_jcc(l, X86_NE, miss);
    align(l, 1);
    lower_fault(l);
    uint32_t at = enc_call(l->e);
    label behind = site_add(l, at, link, X86_NO_TARGET, true, guard);
    lower_bind(l, land);
    landing(l, i->b);
    lower_cold_begin(l);
    call_missed(l, miss, look, land);
    inline_cache_miss(l, t, m, link);
    inline_cache_link(l, t, link, behind);
    lower_cold_end(l);
}

static void ret(struct lower *l, const struct ir_insn *i)
{
    gpr t = lower_use_g(l, i->a);
    label other = lower_label(l);
    enc_alu_load(l->e, ALU_CMP, 8, t, mem_base(RSP, 8));
    lower_jcc(l, X86_NE, other);
    enc_ret(l->e);
    lower_cold_begin(l);
    lower_bind(l, other);
    count_miss(l, MISS_RETURN);
    enc_load(l->e, 8, RSP, mem_cpu(offsetof(struct cpu, shadow_top)));
    look_up(l, t);
    lower_cold_end(l);
}

/* The way to a goes on here if a is what was expected. */
static void expect(struct lower *l, const struct ir_insn *i)
{
    label out = lower_label(l);
    gpr t = lower_use_g(l, i->a);
    if (lower_pc_is_short(l, (gaddr)i->imm)) {
        enc_alu_imm(l->e, ALU_CMP, 8, t, (int32_t)i->imm);
    } else {
        gpr k = lower_temp_g(l);
        lower_pc(l, k, (gaddr)i->imm);
        enc_alu(l->e, ALU_CMP, 8, t, k);
    }
    lower_jcc(l, X86_NE, out);
    l->locked = 0;
    alloc_save(l);
    lower_cold_begin(l);
    lower_bind(l, out);
    if (i->c)
        lower_flags_store(l, i->c);
    l->locked = 0;
    t = lower_use_g(l, i->a);
    if (t.n != RAX.n)
        enc_mov(l->e, 8, RAX, t);
    lower_loop_restore(l);
    push_open(l);
    look_up(l, RAX);
    lower_cold_end(l);
    alloc_restore(l);
}

/* A system call; behind it the guest nearly always goes on. */
static void serve(struct lower *l, gaddr next)
{
    lower_loop_restore(l);
    store_pc(l, next);
    push_open(l);
    lower_fault(l);
    enc_call_mem(l->e, mem_stub(STUB_SERVE));
    direct(l, BRANCH_JMP, 0, next);
}

static void trap(struct lower *l, const struct ir_insn *i)
{
    if (i->cc == EXIT_SYSCALL && l->target->serve) {
        serve(l, (gaddr)i->imm);
        return;
    }
    struct x86_mem m = mem_cpu(offsetof(struct cpu, exit_arg));
    int32_t imm;
    if (i->a && lower_imm32(l, i->a, 8, &imm)) {
        enc_store_imm(l->e, 8, m, imm);
    } else if (i->a) {
        gpr a = lower_use_g(l, i->a);
        if (ir_result_type(insn_of(l, i->a)) == T_I32) {
            gpr t = lower_temp_g(l);
            enc_mov(l->e, 4, t, a);
            a = t;
        }
        enc_store(l->e, 8, m, a);
    }
    leave(l, (gaddr)i->imm, i->cc);
}

/* The end of the unit. */
static void end(struct lower *l, const struct ir_insn *i)
{
    if (i->c) {
        lower_flags_store(l, i->c);
        l->locked = 0;
    }
    if (l->open_count && i->op != IR_JUMP && i->op != IR_TRAP) {
        alloc_claim(l, RCX);
        push_open(l);
    }
    switch (i->op) {
    case IR_JUMP: go(l, BRANCH_JMP, 0, (gaddr)i->imm); break;
    case IR_CALL: call(l, i); break;
    case IR_CALLR: callr(l, i); break;
    case IR_RET: ret(l, i); break;
    case IR_JUMPR: jumpr(l, i); break;
    case IR_TRAP: trap(l, i); break;
    default: lower_bug(l, "exit without a lowering"); break;
    }
}

/* What stands before it has left: state is complete, and in registers and cells as for the whole loop. */
static void begin_way(struct lower *l, gaddr pc)
{
    alloc_forget(l);
    l->order = ORDER_UNKNOWN;
    l->open_count = 0;
    l->aside = true;
    lower_bind(l, lower_way(l, pc)->at);
}

void lower_exit(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    switch (i->op) {
    case IR_INSN:
        l->pc = (gaddr)i->imm;
        if (l->val[ref].hoisted_poll)
            poll(l, l->pc, 0);
        break;
    case IR_POLL:
        if (!l->val[ref].done)
            poll(l, (gaddr)i->imm, i->c);
        break;
    case IR_EXIT_IF: exit_tree(l, i, i->a); break;
    case IR_LEAVE_IF: leave_if(l, i); break;
    case IR_EXPECT: expect(l, i); break;
    case IR_OPEN: l->open[l->open_count++] = (gaddr)i->imm; break;
    case IR_CLOSE: l->open_count--; break;
    case IR_LABEL: begin_way(l, (gaddr)i->imm); break;
    default: end(l, i); break;
    }
}
