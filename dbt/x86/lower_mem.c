/* SPDX-License-Identifier: MIT */
/*
 * Guest memory.  Guest addresses are host addresses, so a guest access is one host access.
 *
 * Order: plain accesses are plain; STLR is a store; atomics are locked instructions or loops around cmpxchg.
 * The exclusive monitor is three cells of struct cpu; STX compares memory with the value that LDX saw.  An operation
 * that computes its result before or while it accesses memory does so in a temp: the result's register may be pinned, and
 * must be untouched if the access faults.
 */
#include "dbt/x86/lower_impl.h"

#define MON_ADDR mem_cpu(offsetof(struct cpu, mon_addr))
#define MON_LO   mem_cpu(offsetof(struct cpu, mon_lo))
#define MON_HI   mem_cpu(offsetof(struct cpu, mon_hi))
#define IO0      mem_cpu(offsetof(struct cpu, io))
#define IO0_HI   mem_cpu(offsetof(struct cpu, io) + 8)

static unsigned width(const struct ir_insn *i)
{
    return 1u << i->size;
}
/* Operand size for locked instructions and moves in registers: at least 4 where it does not matter. */
static unsigned wide(const struct ir_insn *i)
{
    return i->size == 3 ? 8 : 4;
}

/* Guest memory operand of a LD-like instruction: a + (b << cc) + imm. */
static struct x86_mem address(struct lower *l, const struct ir_insn *i)
{
    uint64_t k = 0;
    int64_t disp = i->imm;
    struct x86_mem m = {MEM_NONE, MEM_NONE, 0, 0};
    const struct ir_insn *a = insn_of(l, i->a);
    bool indexed = (i->op == IR_LD || i->op == IR_LDS || i->op == IR_ST || i->op == IR_PREFETCH) && i->b;
    unsigned scale = indexed ? i->cc : 0;
    if ((a->op == IR_CONST || a->op == IR_PC) && !alloc_in_reg(l, i->a) &&
        (a->imm + disp) == (int32_t)(a->imm + disp)) {
        disp += a->imm;
        l->code->fixed |= a->op == IR_PC;
    } else {
        m.base = lower_use_g(l, i->a).n;
    }
    if (indexed && lower_is_const(l, i->b, &k)) {
        disp = (int64_t)((uint64_t)disp + (k << scale));
        indexed = false;
    }
    if (indexed) {
        gpr b = lower_use_g(l, i->b);
        m.index = b.n;
        if (scale > 3) {
            gpr t = lower_temp_g(l);
            enc_lea(l->e, 8, t, (struct x86_mem){MEM_NONE, b.n, 3, 0});
            m.index = t.n;
            scale -= 3;
        }
        m.scale = (uint8_t)scale;
    }
    if (disp == (int32_t)disp) {
        m.disp = (int32_t)disp;
    } else {
        gpr t = lower_temp_g(l);
        enc_mov_imm(l->e, t, (uint64_t)disp);
        if (m.index != MEM_NONE)
            enc_lea(l->e, 8, t, (struct x86_mem){t.n, m.index, m.scale, 0});
        m.index = t.n;
        m.scale = 0;
        if (m.base == MEM_NONE) {
            m.base = t.n;
            m.index = MEM_NONE;
        }
    }
    return m;
}

/* -- plain accesses -- */

static void load_x(struct lower *l, ir_ref ref, const struct ir_insn *i, struct x86_mem m)
{
    if (i->size >= 2) {
        xmm d = lower_def_x_over(l, ref);
        lower_access(l);
        enc_xmm_load(l->e, width(i), d, m);
    } else {
        gpr t = lower_temp_g(l);
        lower_access(l);
        enc_movzx_mem(l->e, width(i), t, m);
        enc_xmm_from(l->e, 4, lower_def_x_over(l, ref), t);
    }
    lower_set_clean(l, ref, width(i));
}

static void load(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct x86_mem m = address(l, i);
    if (ir_type_is_xmm(i->type)) {
        load_x(l, ref, i, m);
        return;
    }
    gpr d = lower_def_g_over(l, ref);
    lower_access(l);
    if (i->size == 3) {
        enc_load(l->e, i->type == T_I64 ? 8 : 4, d, m);
    } else if (i->op == IR_LDS && !(i->size == 2 && i->type == T_I32)) {
        enc_movsx_mem(l->e, type_w(i->type), width(i), d, m);
    } else {
        enc_movzx_mem(l->e, width(i), d, m);
        lower_set_clean(l, ref, width(i));
    }
}

/* Stores operand c. */
static void store(struct lower *l, const struct ir_insn *i, struct x86_mem m)
{
    int32_t imm;
    if (!val_is_x(l, i->c)) {
        if (!alloc_in_reg(l, i->c) && lower_imm32(l, i->c, i->size == 3 ? 8 : 4, &imm)) {
            lower_access(l);
            enc_store_imm(l->e, width(i), m, imm);
            return;
        }
        gpr c = lower_use_g(l, i->c);
        lower_access(l);
        enc_store(l->e, width(i), m, c);
        return;
    }
    xmm c = lower_use_x(l, i->c);
    if (i->size >= 2) {
        lower_access(l);
        enc_xmm_store(l->e, width(i), m, c);
        return;
    }
    gpr t = lower_temp_g(l);
    enc_xmm_to(l->e, 4, t, c);
    lower_access(l);
    enc_store(l->e, width(i), m, t);
}

static void prefetch(struct lower *l, const struct ir_insn *i, struct x86_mem m)
{
    switch (i->size) {
    case PREFETCH_WRITE: enc_prefetchw(l->e, m); break;
    case PREFETCH_ONCE: enc_prefetch(l->e, 0, m); break;
    default: enc_prefetch(l->e, 1 + i->size - PREFETCH_NEAR, m); break;
    }
}

/* -- order -- */

/*
 * A later LDAR must not pass an STLR, which is in the host's store buffer when the LDAR comes.  Most of them need no fence for
 * that, because a locked instruction stands between: so it is LDAR that makes one, if cpu->released says that none was made
 * since the last STLR.  Within a unit that is often known.
 */
#define RELEASED mem_cpu(offsetof(struct cpu, released))

/* The host instruction before was a full fence. */
static void ordered(struct lower *l)
{
    if (l->orders && l->order != ORDER_CLEAN)
        enc_store_imm(l->e, 1, RELEASED, false);
    l->order = ORDER_CLEAN;
}

static void stlr(struct lower *l, const struct ir_insn *i)
{
    store(l, i, address(l, i));
    if (l->order != ORDER_RELEASED)
        enc_store_imm(l->e, 1, RELEASED, true);
    l->order = ORDER_RELEASED;
}

static void full_fence(struct lower *l)
{
    enc_lock_alu_imm(l->e, ALU_OR, 4, mem_base(RSP, 0), 0);
    ordered(l);
}

void lower_fence(struct lower *l, const struct ir_insn *i)
{
    bool acquire = i->cc == FENCE_ACQUIRE;
    if (i->cc == FENCE_PASSES || (acquire && l->order == ORDER_CLEAN))
        return;
    if (!acquire || l->order == ORDER_RELEASED) {
        full_fence(l);
        return;
    }
    label out = lower_label(l), on = lower_label(l);
    enc_alu_store_imm(l->e, ALU_CMP, 1, RELEASED, false);
    lower_jcc(l, X86_NE, out);
    lower_cold_begin(l);
    lower_bind(l, out);
    full_fence(l);
    lower_jmp(l, on);
    lower_cold_end(l);
    lower_bind(l, on);
}

void lower_mem(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (i->op == IR_LD || i->op == IR_LDS)
        load(l, ref, i);
    else if (i->op == IR_ST)
        store(l, i, address(l, i));
    else if (i->op == IR_PREFETCH)
        prefetch(l, i, address(l, i));
    else
        stlr(l, i);
}

/* -- exclusives -- */

/* A value of the access's size in the result, from rax or another temp. */
static void result(struct lower *l, ir_ref ref, const struct ir_insn *i, gpr from)
{
    if (!l->val[ref].next)
        return;
    if (ir_type_is_xmm(i->type)) {
        enc_movzx(l->e, 4, from, from);
        enc_xmm_from(l->e, wide(i), lower_def_x(l, ref), from);
        lower_set_clean(l, ref, wide(i));
        return;
    }
    gpr d = lower_def_g(l, ref);
    if (i->size == 3)
        enc_mov(l->e, 8, d, from);
    else
        enc_movzx(l->e, width(i), d, from);
    lower_set_clean(l, ref, width(i));
}

static void ldx(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct x86_mem at = address(l, i);
    gpr a = lower_temp_g(l);
    enc_lea(l->e, 8, a, at);
    struct x86_mem m = mem_base(a, 0);
    if (i->size == 4) {
        xmm d = lower_temp_x(l);
        lower_access(l);
        enc_xmm_load(l->e, 16, d, m);
        enc_xmm_store(l->e, 16, MON_LO, d);
        enc_store(l->e, 8, MON_ADDR, a);
        if (l->val[ref].next)
            enc_xmm_mov(l->e, lower_def_x(l, ref), d);
        return;
    }
    gpr t = lower_temp_g(l);
    lower_access(l);
    if (i->size == 3)
        enc_load(l->e, 8, t, m);
    else
        enc_movzx_mem(l->e, width(i), t, m);
    enc_store(l->e, 8, MON_LO, t);
    enc_store_imm(l->e, 8, MON_HI, 0);
    enc_store(l->e, 8, MON_ADDR, a);
    result(l, ref, i, t);
}

/* The pair of an xmm register to two general ones, through memory: there is a locked instruction next to it anyway. */
static void split(struct lower *l, ir_ref x, gpr lo, gpr hi)
{
    enc_xmm_store(l->e, 16, IO0, lower_use_x(l, x));
    enc_load(l->e, 8, lo, IO0);
    enc_load(l->e, 8, hi, IO0_HI);
}

/* What cmpxchg16b takes beside rax. */
static void claim_pair(struct lower *l)
{
    alloc_claim(l, RDX);
    alloc_claim(l, RCX);
    alloc_claim(l, RBX);
}

static void stx(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    alloc_claim(l, RAX);
    if (i->size == 4)
        claim_pair(l);
    struct x86_mem m = address(l, i);
    gpr c = RAX;
    if (i->size == 4)
        split(l, i->c, RBX, RCX);
    else if (val_is_x(l, i->c))
        enc_xmm_to(l->e, wide(i), c = lower_temp_g(l), lower_use_x(l, i->c));
    else
        c = lower_use_g(l, i->c);
    enc_lea(l->e, 8, RAX, m);
    enc_alu_load(l->e, ALU_CMP, 8, RAX, MON_ADDR);
    enc_mov_imm(l->e, RAX, 1);
    uint32_t lost = enc_jcc8(l->e, X86_NE);
    enc_load(l->e, 8, RAX, MON_LO);
    if (i->size == 4)
        enc_load(l->e, 8, RDX, MON_HI);
    lower_access(l);
    if (i->size == 4)
        enc_lock_cmpxchg16b(l->e, m);
    else
        enc_lock_cmpxchg(l->e, width(i), m, c);
    enc_setcc(l->e, X86_NE, RAX);
    enc_movzx(l->e, 1, RAX, RAX);
    enc_land8(l->e, lost);
    enc_store_imm(l->e, 8, MON_ADDR, -1);
    l->locked = 1ull << RAX.n;
    if (l->val[ref].next) {
        enc_mov(l->e, 4, lower_def_g(l, ref), RAX);
        lower_set_clean(l, ref, 1);
    }
}

/* -- atomics -- */

/* Without the old value: one locked instruction. */
static bool atom_unused(struct lower *l, const struct ir_insn *i)
{
    static const uint8_t op[] = {[ATOM_ADD] = ALU_ADD,
                                 [ATOM_AND] = ALU_AND,
                                 [ATOM_OR] = ALU_OR,
                                 [ATOM_XOR] = ALU_XOR,
                                 [ATOM_ANDN] = ALU_AND};
    if (i->cc > ATOM_ANDN)
        return false;
    struct x86_mem m = address(l, i);
    gpr b = lower_use_g(l, i->b);
    if (i->cc == ATOM_ANDN) {
        gpr t = lower_temp_g(l);
        enc_mov(l->e, wide(i), t, b);
        enc_unary(l->e, UN_NOT, wide(i), t);
        b = t;
    }
    lower_access(l);
    enc_lock_alu(l->e, op[i->cc], width(i), m, b);
    return true;
}

static void atom_step(struct lower *l, const struct ir_insn *i, gpr t, gpr b)
{
    static const uint8_t keep_b[] = {
        [ATOM_SMAX] = X86_L, [ATOM_SMIN] = X86_G, [ATOM_UMAX] = X86_B, [ATOM_UMIN] = X86_A};
    unsigned w = wide(i);
    if (i->cc == ATOM_ANDN) {
        enc_andn(l->e, w, t, b, RAX);
        return;
    }
    enc_mov(l->e, w, t, RAX);
    if (i->cc == ATOM_AND || i->cc == ATOM_OR || i->cc == ATOM_XOR) {
        enc_alu(l->e, i->cc == ATOM_AND ? ALU_AND : i->cc == ATOM_OR ? ALU_OR : ALU_XOR, w, t, b);
        return;
    }
    enc_alu(l->e, ALU_CMP, width(i), t, b);
    enc_cmov(l->e, keep_b[i->cc], w, t, b);
}

static void atom(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!l->val[ref].next && atom_unused(l, i))
        return;
    alloc_claim(l, RAX);
    struct x86_mem m = address(l, i);
    gpr b = lower_use_g(l, i->b);
    if (i->cc == ATOM_ADD || i->cc == ATOM_SWP) {
        enc_mov(l->e, wide(i), RAX, b);
        lower_access(l);
        if (i->cc == ATOM_ADD)
            enc_lock_xadd(l->e, width(i), m, RAX);
        else
            enc_xchg_mem(l->e, width(i), RAX, m);
    } else {
        gpr t = lower_temp_g(l);
        lower_access(l);
        if (i->size == 3)
            enc_load(l->e, 8, RAX, m);
        else
            enc_movzx_mem(l->e, width(i), RAX, m);
        uint32_t again = l->e->size;
        atom_step(l, i, t, b);
        enc_lock_cmpxchg(l->e, width(i), m, t);
        enc_back8(l->e, enc_jcc8(l->e, X86_NE), again);
    }
    result(l, ref, i, RAX);
}

static void cas(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    alloc_claim(l, RAX);
    if (i->size == 4) {
        claim_pair(l);
        struct x86_mem m = address(l, i);
        split(l, i->b, RAX, RDX);
        split(l, i->c, RBX, RCX);
        lower_access(l);
        enc_lock_cmpxchg16b(l->e, m);
        if (l->val[ref].next) {
            enc_store(l->e, 8, IO0, RAX);
            enc_store(l->e, 8, IO0_HI, RDX);
            enc_xmm_load(l->e, 16, lower_def_x(l, ref), IO0);
        }
        return;
    }
    struct x86_mem m = address(l, i);
    gpr c;
    if (val_is_x(l, i->c))
        enc_xmm_to(l->e, wide(i), c = lower_temp_g(l), lower_use_x(l, i->c));
    else
        c = lower_use_g(l, i->c);
    if (val_is_x(l, i->b))
        enc_xmm_to(l->e, wide(i), RAX, lower_use_x(l, i->b));
    else
        enc_mov(l->e, wide(i), RAX, lower_use_g(l, i->b));
    lower_access(l);
    enc_lock_cmpxchg(l->e, width(i), m, c);
    result(l, ref, i, RAX);
}

void lower_atomic(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (ir_op_has(i->op, F_G))
        alloc_home_clobber(l, offsetof(struct cpu, mon_addr), 24);
    switch (i->op) {
    case IR_LDX: ldx(l, ref, i); break;
    case IR_STX: stx(l, ref, i); break;
    case IR_ATOM: atom(l, ref, i); break;
    case IR_CAS: cas(l, ref, i); break;
    case IR_CLREX: enc_store_imm(l->e, 8, MON_ADDR, -1); break;
    default: lower_bug(l, "memory operation without a lowering"); break;
    }
    if (i->op == IR_ATOM || i->op == IR_CAS) /* STX may come to no locked instruction */
        ordered(l);
}
