/* SPDX-License-Identifier: MIT */
/*
 * Integer operations on general registers (the scalar rows of ops.h).
 *
 * I32 operations use 32-bit forms, which leave the upper half of the register zero; so their results are
 * "clean" and ZEXT of them is no code.  Operands may be pinned registers and are never written; a result goes
 * over a dying operand, or into the pinned register it is going to be PUT to.  Operations whose flags are
 * carried (val.sets_flags) use the plain form that sets them; others may use lea.
 */
#include "dbt/x86/lower_impl.h"

#define W(i) type_w((i)->type)

static void mov_if(struct lower *l, unsigned w, gpr d, gpr s)
{
    if (d.n != s.n)
        enc_mov(l->e, w, d, s);
}

/* Operands that commute: the host takes the second from an immediate or from memory. */
static void commute(struct lower *l, ir_ref *a, ir_ref *b)
{
    uint64_t k;
    struct x86_mem m;
    bool first = lower_is_const(l, *a, &k) || lower_mem_g(l, *a, &m);
    if (first && !lower_is_const(l, *b, &k) && !lower_mem_g(l, *b, &m)) {
        ir_ref t = *a;
        *a = *b;
        *b = t;
    }
}

/* PUT(cell, op(GET cell, x)) on an unpinned cell: one instruction on memory. */
static bool rmw(struct lower *l, ir_ref ref, enum alu op, ir_ref a, ir_ref b)
{
    struct x86_mem m;
    const struct val *v = &l->val[a];
    ir_ref put = l->use[l->val[ref].next].pos;
    if (!l->val[ref].rmw || v->home == NOCELL || v->home != insn_of(l, put)->imm || v->slot >= 0 ||
        ir_result_type(insn_of(l, a)) != T_I64 || !lower_mem_g(l, a, &m))
        return false;
    for (uint32_t k = 0; k < l->homed_count; k++) {
        ir_ref h = l->homed[k];
        if (h != a && l->val[h].next && l->val[h].home != NOCELL && l->val[h].home < v->home + 8 &&
            v->home < l->val[h].home + 16)
            return false;
    }
    int32_t imm;
    if (lower_imm32(l, b, 8, &imm))
        enc_alu_store_imm(l->e, op, 8, m, imm);
    else
        enc_alu_store(l->e, op, 8, m, lower_use_g(l, b));
    l->val[ref].done = true;
    return true;
}

/* d = a op b for a d that may be a or (commutative) b. */
static void alu_regs(struct lower *l, ir_ref ref, enum alu op, unsigned w, ir_ref ra, ir_ref rb)
{
    bool commutes = op != ALU_SUB;
    gpr a = lower_use_g(l, ra), b = lower_use_g(l, rb);
    gpr d = alloc_def_g(l, ref, ra, commutes ? rb : ra);
    if (d.n == b.n && a.n != b.n) {
        enc_alu(l->e, op, w, d, a);
    } else if (d.n != a.n && op == ALU_ADD && !l->val[ref].sets_flags) {
        enc_lea(l->e, w, d, mem_index(a, b, 0, 0));
    } else {
        mov_if(l, w, d, a);
        enc_alu(l->e, op, w, d, b);
    }
}

static void alu_imm(struct lower *l, ir_ref ref, enum alu op, unsigned w, ir_ref ra, int32_t imm)
{
    bool flags = l->val[ref].sets_flags;
    gpr a = lower_use_g(l, ra), d = lower_def_g_over(l, ref);
    if (d.n != a.n && !flags && (op == ALU_ADD || (op == ALU_SUB && imm != INT32_MIN))) {
        enc_lea(l->e, w, d, mem_base(a, op == ALU_ADD ? imm : -imm));
        return;
    }
    mov_if(l, w, d, a);
    if (op == ALU_XOR && imm == -1 && !flags)
        enc_unary(l->e, UN_NOT, w, d);
    else
        enc_alu_imm(l->e, op, w, d, imm);
}

static void set_flags_of(struct lower *l, ir_ref ref, const struct ir_insn *i, enum alu op)
{
    enum eflags_kind kind = op == ALU_SUB ? EF_SUB : op == ALU_ADD ? EF_ADD : EF_LOGIC;
    bool both = op != ALU_OR && op != ALU_XOR; /* EF_LOGIC with operands says a & b */
    lower_set_eflags(l, kind, i->type, both ? i->a : 0, both ? i->b : 0, ref);
}

static void alu(struct lower *l, ir_ref ref, const struct ir_insn *i, enum alu op)
{
    ir_ref a = i->a, b = i->b;
    unsigned w = W(i);
    int32_t imm;
    uint64_t k;
    struct x86_mem m;
    uint32_t gen = l->e->flags_gen;
    if (op != ALU_SUB)
        commute(l, &a, &b);
    if (l->val[ref].rmw && (rmw(l, ref, op, a, b) || (op != ALU_SUB && rmw(l, ref, op, b, a)))) {
        ;
    } else if (lower_imm32(l, b, w, &imm)) {
        alu_imm(l, ref, op, w, a, imm);
    } else if (op == ALU_SUB && !l->val[ref].sets_flags && lower_is_const(l, a, &k) && k == 0) {
        gpr s = lower_use_g(l, b), d = lower_def_g_over(l, ref);
        mov_if(l, w, d, s);
        enc_unary(l->e, UN_NEG, w, d);
        return;
    } else if (a != b && lower_mem_g(l, b, &m)) {
        gpr x = lower_use_g(l, a), d = alloc_def_g(l, ref, a, 0);
        mov_if(l, w, d, x);
        enc_alu_load(l->e, op, w, d, m);
    } else {
        alu_regs(l, ref, op, w, a, b);
    }
    if (gen != l->e->flags_gen)
        set_flags_of(l, ref, i, op);
}

static void op_lea(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b);
    enc_lea(l->e, W(i), lower_def_g_over(l, ref), mem_index(a, b, i->cc, 0));
}

/* -- AND: masks -- */

static bool and_mask(struct lower *l, ir_ref ref, const struct ir_insn *i, ir_ref ra, uint64_t k)
{
    unsigned w = W(i);
    if (k == 0xff || k == 0xffff || (k == 0xffffffff && w == 8)) {
        gpr a = lower_use_g(l, ra), d = lower_def_g_over(l, ref);
        enc_movzx(l->e, k == 0xff ? 1 : k == 0xffff ? 2 : 4, d, a);
    } else if (w == 8 && k <= 0xffffffff) {
        gpr a = lower_use_g(l, ra), d = lower_def_g_over(l, ref);
        mov_if(l, 4, d, a);
        enc_alu_imm(l->e, ALU_AND, 4, d, (int32_t)k);
    } else if (w == 8 && (int64_t)k != (int32_t)k && (k & (k + 1)) == 0) {
        unsigned n = (unsigned)__builtin_clzll(k);
        gpr a = lower_use_g(l, ra), d = lower_def_g_over(l, ref);
        mov_if(l, 8, d, a);
        enc_shift_imm(l->e, SH_SHL, 8, d, n);
        enc_shift_imm(l->e, SH_SHR, 8, d, n);
    } else {
        return false;
    }
    if (k <= 0xffffffff)
        lower_set_clean(l, ref, k <= 0xff ? 1 : k <= 0xffff ? 2 : 4);
    return true;
}

static void op_and(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    uint64_t k;
    if (!l->val[ref].sets_flags) {
        if (lower_is_const(l, i->b, &k) && and_mask(l, ref, i, i->a, k))
            return;
        if (lower_is_const(l, i->a, &k) && and_mask(l, ref, i, i->b, k))
            return;
    }
    alu(l, ref, i, ALU_AND);
}

static void op_andn(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    uint64_t k;
    if (lower_is_const(l, i->b, &k) && (W(i) == 4 || ~k == (uint64_t)(int64_t)(int32_t)~k)) {
        alu_imm(l, ref, ALU_AND, W(i), i->a, (int32_t)~k);
        return;
    }
    gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b);
    enc_andn(l->e, W(i), lower_def_g_over(l, ref), b, a);
}

/* -- one operand -- */

static void op_unary(struct lower *l, ir_ref ref, const struct ir_insn *i, enum unary op)
{
    gpr a = lower_use_g(l, i->a), d = lower_def_g_over(l, ref);
    mov_if(l, W(i), d, a);
    enc_unary(l->e, op, W(i), d);
}

static void op_count(struct lower *l, ir_ref ref, const struct ir_insn *i, enum count op)
{
    gpr a = lower_use_g(l, i->a);
    enc_count(l->e, op, W(i), lower_def_g_over(l, ref), a);
    lower_set_clean(l, ref, 1);
}

static void op_cls(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    gpr a = lower_use_g(l, i->a), d = lower_def_g(l, ref);
    unsigned w = W(i);
    enc_mov(l->e, w, d, a);
    enc_shift_imm(l->e, SH_SAR, w, d, 1);
    enc_alu(l->e, ALU_XOR, w, d, a);
    enc_count(l->e, COUNT_LZ, w, d, d);
    enc_lea(l->e, w, d, mem_base(d, -1));
}

/* d = (d & mask) << n | (d >> n) & mask; k and t are scratch. */
static void swap_bits(struct lower *l, unsigned w, gpr d, gpr t, gpr k, uint64_t mask, unsigned n)
{
    enc_mov_imm(l->e, k, w == 4 ? (uint32_t)mask : mask);
    enc_mov(l->e, w, t, d);
    enc_shift_imm(l->e, SH_SHR, w, t, n);
    enc_alu(l->e, ALU_AND, w, t, k);
    enc_alu(l->e, ALU_AND, w, d, k);
    enc_shift_imm(l->e, SH_SHL, w, d, n);
    enc_alu(l->e, ALU_OR, w, d, t);
}

static void op_rbit(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    gpr a = lower_use_g(l, i->a), t = lower_temp_g(l), k = lower_temp_g(l), d = lower_def_g(l, ref);
    unsigned w = W(i);
    enc_mov(l->e, w, d, a);
    enc_bswap(l->e, w, d);
    swap_bits(l, w, d, t, k, 0x0f0f0f0f0f0f0f0f, 4);
    swap_bits(l, w, d, t, k, 0x3333333333333333, 2);
    swap_bits(l, w, d, t, k, 0x5555555555555555, 1);
}

static void op_rev16(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    gpr a = lower_use_g(l, i->a);
    if (W(i) == 4) {
        gpr d = lower_def_g_over(l, ref);
        mov_if(l, 4, d, a);
        enc_bswap(l->e, 4, d);
        enc_shift_imm(l->e, SH_ROL, 4, d, 16);
        return;
    }
    gpr t = lower_temp_g(l), k = lower_temp_g(l), d = lower_def_g(l, ref);
    enc_mov(l->e, 8, d, a);
    swap_bits(l, 8, d, t, k, 0x00ff00ff00ff00ff, 8);
}

static void op_extend(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    unsigned from = 1u << i->size;
    struct x86_mem m;
    if (i->op == IR_TRUNC || from == 8 || (from == 4 && i->type == T_I32)) {
        lower_def_alias(l, ref, i->a);
        return;
    }
    if (i->op == IR_ZEXT && alloc_in_reg(l, i->a) && lower_clean(l, i->a) <= from) {
        lower_def_alias(l, ref, i->a);
        return;
    }
    /* Bytes and halfwords are taken out of a register: where a cell or slot was just stored, processors that rename
     * memory give all of it at once, while movzx waits for the store (Zen 5: 2 cycles, and 24). */
    bool mem = from == 4 && lower_mem_g(l, i->a, &m);
    gpr a = mem ? RAX : lower_use_g(l, i->a);
    if (i->op == IR_ZEXT) {
        if (!mem && lower_clean(l, i->a) <= from) {
            lower_def_alias(l, ref, i->a);
            return;
        }
        gpr d = lower_def_g_over(l, ref);
        if (mem)
            enc_load(l->e, 4, d, m);
        else
            enc_movzx(l->e, from, d, a);
        lower_set_clean(l, ref, from);
    } else {
        gpr d = lower_def_g_over(l, ref);
        if (mem)
            enc_movsx_mem(l->e, W(i), from, d, m);
        else
            enc_movsx(l->e, W(i), from, d, a);
    }
}

/* -- shifts -- */

static void op_shift(struct lower *l, ir_ref ref, const struct ir_insn *i, enum shift op)
{
    unsigned w = W(i);
    uint64_t k;
    gpr a = lower_use_g(l, i->a);
    if (lower_is_const(l, i->b, &k)) {
        unsigned n = (unsigned)k & (8 * w - 1);
        gpr d = lower_def_g_over(l, ref);
        if (op == SH_ROR && n) {
            enc_rorx(l->e, w, d, a, n);
        } else {
            mov_if(l, w, d, a);
            if (n)
                enc_shift_imm(l->e, op, w, d, n);
            else if (d.n == a.n && w == 4)
                enc_mov(l->e, 4, d, d);
        }
        return;
    }
    if (op == SH_ROR) {
        alloc_claim(l, RCX);
        a = lower_use_g(l, i->a);
        gpr n = lower_use_g(l, i->b), d = lower_def_g(l, ref);
        enc_mov(l->e, 4, RCX, n);
        enc_mov(l->e, w, d, a);
        enc_shift_cl(l->e, SH_ROR, w, d);
        return;
    }
    gpr n = lower_use_g(l, i->b), d = lower_def_g_over(l, ref);
    if (op == SH_SHL)
        enc_shlx(l->e, w, d, a, n);
    else if (op == SH_SHR)
        enc_shrx(l->e, w, d, a, n);
    else
        enc_sarx(l->e, w, d, a, n);
}

static void op_extr(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    unsigned w = W(i), n = (unsigned)i->imm;
    if (i->a == i->b) {
        gpr a = lower_use_g(l, i->a), d = lower_def_g_over(l, ref);
        if (n)
            enc_rorx(l->e, w, d, a, n);
        else
            enc_mov(l->e, w, d, a);
        return;
    }
    gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b), d = alloc_def_g(l, ref, i->b, 0);
    if (d.n != b.n || w == 4)
        enc_mov(l->e, w, d, b);
    if (n)
        enc_shrd_imm(l->e, w, d, a, n);
}

/* -- multiplication, division -- */

static void op_mul(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    unsigned w = W(i);
    int32_t imm;
    struct x86_mem m;
    ir_ref a = i->a, b = i->b;
    commute(l, &a, &b);
    gpr x = lower_use_g(l, a);
    if (lower_imm32(l, b, w, &imm)) {
        enc_imul_imm(l->e, w, lower_def_g_over(l, ref), x, imm);
        return;
    }
    if (a != b && lower_mem_g(l, b, &m)) {
        gpr d = alloc_def_g(l, ref, a, 0);
        mov_if(l, w, d, x);
        enc_imul_load(l->e, w, d, m);
        return;
    }
    gpr y = lower_use_g(l, b), d = lower_def_g_over(l, ref);
    if (d.n == y.n) {
        enc_imul(l->e, w, d, x);
    } else {
        mov_if(l, w, d, x);
        enc_imul(l->e, w, d, y);
    }
}

static void op_mulh(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    alloc_claim(l, RDX);
    if (i->op == IR_UMULH) {
        gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b), d = lower_def_g_over(l, ref);
        enc_mov(l->e, 8, RDX, a);
        enc_mulx(l->e, 8, d, d, b);
        return;
    }
    alloc_claim(l, RAX);
    gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b), d = lower_def_g_over(l, ref);
    enc_mov(l->e, 8, RAX, a);
    enc_unary(l->e, UN_IMUL, 8, b);
    enc_mov(l->e, 8, d, RDX);
}

static void op_div(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    bool sign = i->op == IR_SDIV;
    unsigned w = W(i);
    uint64_t k;
    bool known = lower_is_const(l, i->b, &k) && k != 0;
    bool minus_one = sign && (!known || k == (w == 4 ? UINT32_MAX : UINT64_MAX));
    alloc_claim(l, RAX);
    alloc_claim(l, RDX);
    gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b), d = lower_def_g(l, ref);
    uint32_t zero = 0, neg_done = 0;
    if (!known) {
        enc_test(l->e, w, b, b);
        enc_mov(l->e, w, RAX, b);
        zero = enc_jcc8(l->e, X86_E);
    }
    enc_mov(l->e, w, RAX, a);
    if (minus_one) {
        enc_alu_imm(l->e, ALU_CMP, w, b, -1);
        uint32_t other = enc_jcc8(l->e, X86_NE);
        enc_unary(l->e, UN_NEG, w, RAX);
        neg_done = enc_jmp8(l->e);
        enc_land8(l->e, other);
    }
    if (sign)
        enc_cqo(l->e, w);
    else
        enc_alu(l->e, ALU_XOR, 4, RDX, RDX);
    enc_unary(l->e, sign ? UN_IDIV : UN_DIV, w, b);
    if (!known)
        enc_land8(l->e, zero);
    if (minus_one)
        enc_land8(l->e, neg_done);
    enc_mov(l->e, w, d, RAX);
}

static void op_minmax(struct lower *l, ir_ref ref, const struct ir_insn *i, enum x86_cc keep_b)
{
    gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b), d = alloc_def_g(l, ref, i->a, 0);
    enc_alu(l->e, ALU_CMP, W(i), a, b);
    if (d.n != a.n || W(i) == 4)
        enc_mov(l->e, W(i), d, a);
    enc_cmov(l->e, keep_b, W(i), d, b);
}

/* -- selection -- */

static void sel_x(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct cond cc = lower_cond(l, i->a);
    l->locked = 0;
    xmm b = lower_use_x(l, i->b), c = lower_use_x(l, i->c);
    xmm d = lower_def_x(l, ref);
    if (cc.kind == COND_TRUE || cc.kind == COND_FALSE) {
        enc_xmm_mov(l->e, d, cc.kind == COND_TRUE ? b : c);
        return;
    }
    bool swap = cc.kind == COND_AND_NP;
    enc_xmm_mov(l->e, d, swap ? b : c);
    if (cc.kind == COND_CC) {
        uint32_t over = enc_jcc8(l->e, cc.cc ^ 1);
        enc_xmm_mov(l->e, d, b);
        enc_land8(l->e, over);
        return;
    }
    uint32_t parity = enc_jcc8(l->e, X86_P), over = enc_jcc8(l->e, cc.cc ^ (swap ? 0 : 1));
    enc_land8(l->e, parity);
    enc_xmm_mov(l->e, d, swap ? c : b);
    enc_land8(l->e, over);
}

static bool sel_bool(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    uint64_t b, c;
    if (!lower_is_const(l, i->b, &b) || !lower_is_const(l, i->c, &c) || b + c != 1 || b > 1)
        return false;
    struct cond cc = lower_cond(l, i->a);
    if (cc.kind != COND_CC)
        return false;
    l->locked = 0; /* the condition is in EFLAGS */
    gpr d = lower_def_g(l, ref);
    enc_setcc(l->e, cc.cc ^ (b ? 0 : 1), d);
    enc_movzx(l->e, 1, d, d);
    lower_set_clean(l, ref, 1);
    return true;
}

void lower_sel(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (ir_type_is_xmm(i->type)) {
        sel_x(l, ref, i);
        return;
    }
    if (sel_bool(l, ref, i))
        return;
    unsigned w = W(i);
    struct cond cc = lower_cond(l, i->a);
    l->locked = 0; /* loading the others keeps EFLAGS */
    gpr b = lower_use_g(l, i->b), c = lower_use_g(l, i->c);
    if (cc.kind == COND_AND_NP || cc.kind == COND_TRUE) {
        gpr d = alloc_def_g(l, ref, i->b, 0);
        enc_mov(l->e, w, d, b);
        if (cc.kind == COND_TRUE)
            return;
        enc_cmov(l->e, X86_NE, w, d, c);
        enc_cmov(l->e, X86_P, w, d, c);
        return;
    }
    /* Over b: where the result is wanted, or where c's register is none that it could have. */
    unsigned want = l->val[ref].want;
    bool over_b = want == b.n || (want != c.n && l->temps >> b.n & 1);
    if (cc.kind == COND_CC && i->b != i->c && lower_dies(l, i->b) && over_b) {
        gpr d = alloc_def_g(l, ref, i->b, 0);
        mov_if(l, w, d, b);
        enc_cmov(l->e, cc.cc ^ 1, w, d, c);
        return;
    }
    gpr d = alloc_def_g(l, ref, i->c, 0);
    mov_if(l, w, d, c);
    if (cc.kind != COND_FALSE)
        enc_cmov(l->e, cc.cc, w, d, b);
    else if (w == 4)
        enc_mov(l->e, 4, d, d);
    if (cc.kind == COND_OR_P)
        enc_cmov(l->e, X86_P, w, d, b);
}

static void dead_carrier(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    /* Only the flags are wanted. */
    int32_t imm;
    unsigned w = W(i);
    if (i->op == IR_SUB) {
        lower_compare(l, i->type, i->a, i->b);
    } else if (i->op == IR_AND && lower_imm32(l, i->b, w, &imm)) {
        enc_test_imm(l->e, w, lower_use_g(l, i->a), imm);
    } else if (i->op == IR_AND) {
        gpr a = lower_use_g(l, i->a);
        enc_test(l->e, w, a, lower_use_g(l, i->b));
    } else {
        gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b), t = lower_temp_g(l);
        enc_mov(l->e, w, t, a);
        enc_alu(l->e, ALU_ADD, w, t, b);
    }
    set_flags_of(l, ref, i, i->op == IR_SUB ? ALU_SUB : i->op == IR_ADD ? ALU_ADD : ALU_AND);
}

void lower_int(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    if (!l->val[ref].next && l->val[ref].sets_flags) {
        dead_carrier(l, ref, i);
        return;
    }
    switch (i->op) {
    case IR_ADD: alu(l, ref, i, ALU_ADD); break;
    case IR_SUB: alu(l, ref, i, ALU_SUB); break;
    case IR_OR: alu(l, ref, i, ALU_OR); break;
    case IR_XOR: alu(l, ref, i, ALU_XOR); break;
    case IR_AND: op_and(l, ref, i); break;
    case IR_ANDN: op_andn(l, ref, i); break;
    case IR_NOT: op_unary(l, ref, i, UN_NOT); break;
    case IR_NEG: op_unary(l, ref, i, UN_NEG); break;
    case IR_LEA: op_lea(l, ref, i); break;
    case IR_MUL: op_mul(l, ref, i); break;
    case IR_UMULH:
    case IR_SMULH: op_mulh(l, ref, i); break;
    case IR_UDIV:
    case IR_SDIV: op_div(l, ref, i); break;
    case IR_CLZ: op_count(l, ref, i, COUNT_LZ); break;
    case IR_CTZ: op_count(l, ref, i, COUNT_TZ); break;
    case IR_CLS: op_cls(l, ref, i); break;
    case IR_RBIT: op_rbit(l, ref, i); break;
    case IR_BSWAP: {
        gpr a = lower_use_g(l, i->a), d = lower_def_g_over(l, ref);
        mov_if(l, W(i), d, a);
        enc_bswap(l->e, W(i), d);
        break;
    }
    case IR_REV16: op_rev16(l, ref, i); break;
    case IR_SHL: op_shift(l, ref, i, SH_SHL); break;
    case IR_SHR: op_shift(l, ref, i, SH_SHR); break;
    case IR_SAR: op_shift(l, ref, i, SH_SAR); break;
    case IR_ROR: op_shift(l, ref, i, SH_ROR); break;
    case IR_EXTR: op_extr(l, ref, i); break;
    case IR_SEXT:
    case IR_ZEXT:
    case IR_TRUNC: op_extend(l, ref, i); break;
    case IR_CRC32C: {
        gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b), d = alloc_def_g(l, ref, i->a, i->a);
        mov_if(l, 4, d, a);
        enc_crc32(l->e, 1u << i->size, d, b);
        lower_set_clean(l, ref, 4);
        break;
    }
    case IR_SMIN: op_minmax(l, ref, i, X86_G); break;
    case IR_SMAX: op_minmax(l, ref, i, X86_L); break;
    case IR_UMIN: op_minmax(l, ref, i, X86_A); break;
    case IR_UMAX: op_minmax(l, ref, i, X86_B); break;
    default: lower_bug(l, "integer operation without a lowering"); break;
    }
}
