/* SPDX-License-Identifier: MIT */
/*
 * Truth values and flags.
 *
 * Both become EFLAGS and a host condition at the place where they are used.  After a subtraction x86's carry
 * is the inverse of Arm's, after an addition it is the same; so conditions are read in one of two ways
 * ("polarity": EF_SUB, EF_ADD), and the packed form of NZCV in struct cpu is that of a subtraction: `lahf;
 * seto al`. l->fl remembers what EFLAGS hold, so that sub, its flags, the compare and the branch share one
 * instruction.
 *
 * FCMP: ucomis says unordered as ZF = PF = CF = 1.  Most conditions become one host condition by choosing the
 * order of the operands; EQ and NE need the parity flag as well.
 */
#include "dbt/x86/enc_vec.h"
#include "dbt/x86/lower_impl.h"
#include "dbt/x86/lower_vec.h"

#define MEM_FLAGS mem_cpu(offsetof(struct cpu, flags))

static const uint8_t cc_sub[14] = {X86_E,  X86_NE, X86_AE, X86_B,  X86_S, X86_NS, X86_O,
                                   X86_NO, X86_A,  X86_BE, X86_GE, X86_L, X86_G,  X86_LE};

static struct cond cond_cc(enum x86_cc cc)
{
    return (struct cond){COND_CC, (uint8_t)cc};
}
static struct cond cond_is(bool b)
{
    return (struct cond){b ? COND_TRUE : COND_FALSE, 0};
}

/* -- what EFLAGS hold -- */

void lower_set_eflags(struct lower *l, enum eflags_kind kind, enum ir_type t, ir_ref a, ir_ref b,
                      ir_ref result)
{
    l->fl = (struct eflags){
        .gen = l->e->flags_gen, .kind = (uint8_t)kind, .type = (uint8_t)t, .a = a, .b = b, .result = result};
}

static bool holds(const struct lower *l, enum eflags_kind kind, enum ir_type t)
{
    return l->fl.kind == kind && l->fl.gen == l->e->flags_gen && l->fl.type == t;
}

static bool holds_ab(const struct lower *l, enum eflags_kind kind, enum ir_type t, ir_ref a, ir_ref b)
{
    return holds(l, kind, t) && lower_same(l, l->fl.a, a) && lower_same(l, l->fl.b, b);
}

static bool holds_result(const struct lower *l, enum ir_type t, ir_ref r)
{
    return l->fl.kind != EF_NONE && l->fl.gen == l->e->flags_gen && l->fl.type == t && l->fl.result == r;
}

/* ZF, SF of a; CF = OF = 0. */
static void test_value(struct lower *l, enum ir_type t, ir_ref a)
{
    if (holds(l, EF_LOGIC, t) && l->fl.result == a)
        return;
    struct x86_mem m;
    if (lower_mem_g(l, a, &m)) {
        enc_alu_store_imm(l->e, ALU_CMP, type_w(t), m, 0);
    } else {
        gpr r = lower_use_g(l, a);
        enc_test(l->e, type_w(t), r, r);
    }
    lower_set_eflags(l, EF_LOGIC, t, a, a, a);
}

void lower_compare(struct lower *l, enum ir_type t, ir_ref a, ir_ref b)
{
    uint64_t k;
    int32_t imm;
    struct x86_mem m;
    unsigned w = type_w(t);
    if (holds_ab(l, EF_SUB, t, a, b))
        return;
    if (lower_is_const(l, b, &k) && k == 0) {
        test_value(l, t, a);
        return;
    }
    if (lower_imm32(l, b, w, &imm)) {
        if (lower_mem_g(l, a, &m))
            enc_alu_store_imm(l->e, ALU_CMP, w, m, imm);
        else
            enc_alu_imm(l->e, ALU_CMP, w, lower_use_g(l, a), imm);
    } else {
        bool first = lower_mem_g(l, a, &m);
        if (first && !lower_mem_g(l, b, &m)) {
            enc_alu_store(l->e, ALU_CMP, w, m, lower_use_g(l, b));
        } else {
            gpr x = lower_use_g(l, a);
            if (lower_mem_g(l, b, &m))
                enc_alu_load(l->e, ALU_CMP, w, x, m);
            else
                enc_alu(l->e, ALU_CMP, w, x, lower_use_g(l, b));
        }
    }
    lower_set_eflags(l, EF_SUB, t, a, b, 0);
}

static struct cond cond_compare(struct lower *l, enum ir_type t, ir_ref a, ir_ref b, unsigned cc)
{
    uint64_t k;
    bool zero = lower_is_const(l, b, &k) && k == 0;
    if (zero && cc <= CC_PL && cc != CC_CS && cc != CC_CC && holds_result(l, t, a))
        return cond_cc(cc_sub[cc]);
    lower_compare(l, t, a, b);
    return cond_cc(cc_sub[cc]);
}

/* ZF of a & b. */
static struct cond cond_zero(struct lower *l, const struct ir_insn *i)
{
    bool ne = i->cc == CC_NE;
    uint64_t k;
    ir_ref a = i->a, b = i->b;
    struct x86_mem m;
    if (lower_is_const(l, a, &k)) {
        a = i->b;
        b = i->a;
    }
    if ((a == b && holds_result(l, i->type, a)) || holds_ab(l, EF_LOGIC, i->type, i->a, i->b))
        return cond_cc(ne ? X86_NE : X86_E);
    if (!lower_is_const(l, b, &k)) {
        if (a == b) {
            test_value(l, i->type, a);
        } else {
            gpr x = lower_use_g(l, a);
            enc_test(l->e, type_w(i->type), x, lower_use_g(l, b));
        }
        return cond_cc(ne ? X86_NE : X86_E);
    }
    if (k == 0)
        return cond_is(!ne);
    if (k == (i->type == T_I64 ? UINT64_MAX : UINT32_MAX)) {
        test_value(l, i->type, a);
    } else if (k <= 0xff && lower_mem_g(l, a, &m)) {
        enc_test_mem_imm(l->e, 1, m, (int32_t)k);
    } else if (k <= 0xff) {
        enc_test_imm(l->e, 1, lower_use_g(l, a), (int32_t)k);
    } else if (k <= UINT32_MAX) {
        enc_test_imm(l->e, 4, lower_use_g(l, a), (int32_t)k);
    } else if (k == 1ull << 63) {
        test_value(l, i->type, a);
        return cond_cc(ne ? X86_S : X86_NS);
    } else if ((k & (k - 1)) == 0) {
        enc_bt_imm(l->e, 8, lower_use_g(l, a), (unsigned)__builtin_ctzll(k));
        return cond_cc(ne ? X86_B : X86_AE);
    } else {
        gpr x = lower_use_g(l, a);
        enc_test(l->e, 8, x, lower_use_g(l, b));
    }
    return cond_cc(ne ? X86_NE : X86_E);
}

/* -- floating-point compares -- */

/* A half-precision value as single precision (exact); a signalling NaN traps and becomes a quiet one. */
static xmm widen_half(struct lower *l, ir_ref a)
{
    uint64_t locked = l->locked;
    xmm x = lower_use_x(l, a), d = lower_temp_x(l);
    gpr t = lower_temp_g(l);
    enc_xmm_to(l->e, 4, t, x);
    enc_movzx(l->e, 2, t, t);
    enc_xmm_from(l->e, 4, d, t);
    l->locked = locked | 1ull << (REG_X + d.n);
    struct ir_insn cvt = {.op = IR_FCVT, .type = T_F32, .size = 1};
    struct lower_trap trap = lower_trap_begin(l, &cvt);
    trap.dst = d.n;
    trap.a = d.n;
    enc_v2r(l->e, V_CVTPH2PS, d, d);
    lower_trap_end(l, &trap);
    return d;
}

/* Emits a compare that leaves EFLAGS as ucomis a, b does (b, a if swap), raising as Arm's FCMP (signalling:
 * FCMPE); F16, F32, F64. */
static void lower_compare_fp(struct lower *l, enum ir_type t, ir_ref a, ir_ref b, bool swap, bool signalling)
{
    xmm x, y;
    if (t == T_F16) {
        x = widen_half(l, a);
        y = widen_half(l, b);
    } else {
        x = lower_use_x(l, a);
        y = lower_use_x(l, b);
    }
    if (swap) {
        xmm s = x;
        x = y;
        y = s;
    }
    bool ask = signalling && lower_careful(l); /* the quiet compare does not trap, and NaNs are noted */
    struct ir_insn cmp = {.op = IR_FCMP, .type = (uint8_t)(t == T_F16 ? T_F32 : t), .imm = signalling};
    struct lower_trap trap = lower_trap_begin(l, &cmp);
    trap.a = x.n;
    trap.b = y.n;
    fpx_ucomis(l, fpx_kind((enum ir_type)cmp.type), signalling && !ask, x, xm_reg(y));
    lower_trap_end(l, &trap);
    if (ask) { /* EFLAGS stay as they are */
        uint32_t ordered = enc_jcc8(l->e, X86_NP);
        enc_store_imm(l->e, 4, mem_cpu(offsetof(struct cpu, fp_invalid)), 1);
        enc_land8(l->e, ordered);
    }
    l->e->flags_gen++;
}

static void fp_compare(struct lower *l, enum ir_type t, ir_ref a, ir_ref b, bool swap, bool signalling)
{
    if (holds_ab(l, EF_FCMP, t, a, b) && l->fl.swap == swap && (l->fl.loud || !signalling))
        return;
    lower_compare_fp(l, t, a, b, swap, signalling);
    l->e->flags_gen++;
    lower_set_eflags(l, EF_FCMP, t, a, b, 0);
    l->fl.swap = swap;
    l->fl.loud = signalling;
}

void lower_compare_effect(struct lower *l, const struct ir_insn *i)
{
    fp_compare(l, i->type, i->a, i->b, false, i->op == IR_FLFCMP ? i->cc == 1 : i->imm == 1);
}

static struct cond cond_fp(struct lower *l, enum ir_type t, ir_ref a, ir_ref b, unsigned cc, bool signalling)
{
    static const uint8_t host[14] = {X86_E,  X86_NE, X86_BE, X86_A,  X86_A, X86_BE, X86_P,
                                     X86_NP, X86_B,  X86_AE, X86_AE, X86_B, X86_A,  X86_BE};
    bool swap = (cc >= CC_CS && cc <= CC_PL) || cc == CC_HI || cc == CC_LS;
    if (cc <= CC_NE || cc == CC_VS || cc == CC_VC)
        swap = holds_ab(l, EF_FCMP, t, a, b) && l->fl.swap;
    fp_compare(l, t, a, b, swap, signalling);
    struct cond c = cond_cc(host[cc]);
    if (cc <= CC_NE)
        c.kind = cc == CC_EQ ? COND_AND_NP : COND_OR_P;
    return c;
}

/* -- flags as EFLAGS -- */

static void sum_flags(struct lower *l, const struct ir_insn *i)
{
    if (holds_ab(l, EF_ADD, i->type, i->a, i->b))
        return;
    int32_t imm;
    unsigned w = type_w(i->type);
    gpr a = lower_use_g(l, i->a), t = lower_temp_g(l);
    if (lower_imm32(l, i->b, w, &imm)) {
        enc_mov(l->e, w, t, a);
        enc_alu_imm(l->e, ALU_ADD, w, t, imm);
    } else {
        gpr b = lower_use_g(l, i->b);
        enc_mov(l->e, w, t, a);
        enc_alu(l->e, ALU_ADD, w, t, b);
    }
    lower_set_eflags(l, EF_ADD, i->type, i->a, i->b, 0);
}

static void carry_flags(struct lower *l, const struct ir_insn *i)
{
    unsigned w = type_w(i->type);
    gpr a = lower_use_g(l, i->a), b = lower_use_g(l, i->b), c = lower_use_g(l, i->c), t = lower_temp_g(l);
    if (i->op == IR_FLADC) {
        enc_mov(l->e, 4, t, c);
        enc_alu_imm(l->e, ALU_ADD, 4, t, -1); /* CF = c */
        enc_mov(l->e, w, t, a);
        enc_alu(l->e, ALU_ADC, w, t, b);
    } else {
        enc_alu_imm(l->e, ALU_CMP, 4, c, 1); /* CF = !c */
        enc_mov(l->e, w, t, a);
        enc_alu(l->e, ALU_SBB, w, t, b);
    }
}

/* rax: packed flags to EFLAGS, subtraction's polarity. */
static void unpack_rax(struct lower *l)
{
    enc_alu_imm(l->e, ALU_ADD, 1, RAX, 0x7f);
    enc_sahf(l->e);
}

static void pack(struct lower *l, ir_ref fl);

/* Can the flags be had from registers and immediates that are at hand, without allocating? */
static bool at_hand(const struct lower *l, const struct ir_insn *f)
{
    int32_t imm;
    if (f->op != IR_FLSUB || !alloc_in_reg(l, f->a))
        return false;
    return alloc_in_reg(l, f->b) || lower_imm32(l, f->b, type_w(f->type), &imm);
}

void lower_branch_if_not(struct lower *l, struct cond c, uint32_t at[2], unsigned *n)
{
    *n = 0;
    if (c.kind == COND_CC || c.kind == COND_AND_NP)
        at[(*n)++] = enc_jcc8(l->e, c.cc ^ 1);
    if (c.kind == COND_AND_NP)
        at[(*n)++] = enc_jcc8(l->e, X86_P);
    if (c.kind == COND_OR_P) {
        uint32_t over = enc_jcc8(l->e, X86_P);
        at[(*n)++] = enc_jcc8(l->e, c.cc ^ 1);
        enc_land8(l->e, over);
    }
}

/* A byte register, 1 if c. */
void lower_set_if(struct lower *l, struct cond c, gpr d)
{
    if (c.kind == COND_TRUE || c.kind == COND_FALSE) {
        enc_mov_imm(l->e, d, c.kind == COND_TRUE);
        return;
    }
    if (c.kind == COND_CC) {
        enc_setcc(l->e, c.cc, d);
        return;
    }
    gpr t = lower_temp_g(l);
    enc_setcc(l->e, c.kind == COND_AND_NP ? X86_NP : X86_P, t);
    enc_setcc(l->e, c.cc, d);
    enc_alu(l->e, c.kind == COND_AND_NP ? ALU_AND : ALU_OR, 1, d, t);
}

/*
 * FLSEL (CCMP) as EFLAGS, subtraction's polarity: a branch around the compare when its operands are at hand
 * (so that both ways leave the registers as they are), else both in packed form and a conditional move.
 */
static void select_flags(struct lower *l, const struct ir_insn *i)
{
    const struct ir_insn *f = insn_of(l, i->b);
    uint64_t packed = nzcv_to_flags((uint32_t)(i->imm & 15) << 28), locked = l->locked;
    if (f->op == IR_FLSUB) {
        int32_t imm;
        lower_use_g(l, f->a);
        if (!lower_imm32(l, f->b, type_w(f->type), &imm))
            lower_use_g(l, f->b);
        l->locked = locked;
    }
    struct cond c = lower_cond(l, i->a);
    l->locked = locked;
    alloc_claim(l, RAX);
    if (at_hand(l, f) && c.kind != COND_TRUE && c.kind != COND_FALSE) {
        uint32_t no[2];
        unsigned n;
        lower_branch_if_not(l, c, no, &n);
        lower_compare(l, f->type, f->a, f->b);
        uint32_t end = enc_jmp8(l->e);
        for (unsigned k = 0; k < n; k++)
            enc_land8(l->e, no[k]);
        enc_mov_imm(l->e, RAX, packed);
        unpack_rax(l);
        enc_land8(l->e, end);
        return;
    }
    gpr t = lower_temp_g(l);
    lower_set_if(l, c, t);
    int slot = alloc_slot(l); /* in memory: these may be nested, and would need all registers */
    enc_store(l->e, 1, alloc_slot_mem(slot), t);
    l->locked = locked;
    pack(l, i->b);
    gpr u = lower_temp_g(l);
    enc_mov_imm(l->e, u, packed);
    enc_test_mem_imm(l->e, 1, alloc_slot_mem(slot), 1);
    alloc_slot_free(l, slot);
    enc_cmov(l->e, X86_E, 4, RAX, u);
    unpack_rax(l);
}

/* EFLAGS of an integer flags value; returns how to read the carry. */
static enum eflags_kind flags_to_eflags(struct lower *l, ir_ref ref)
{
    const struct ir_insn *i = insn_of(l, ref);
    if (l->fl.flags == ref && l->fl.gen == l->e->flags_gen)
        return EF_SUB;
    switch (i->op) {
    case IR_FLSUB: lower_compare(l, i->type, i->a, i->b); return EF_SUB;
    case IR_FLADD: sum_flags(l, i); return EF_ADD;
    case IR_FLADC: carry_flags(l, i); return EF_ADD;
    case IR_FLSBC: carry_flags(l, i); return EF_SUB;
    case IR_FLLOGIC: test_value(l, i->type, i->a); return EF_ADD;
    case IR_FLSEL:
        select_flags(l, i);
        lower_set_eflags(l, EF_NONE, T_FL, 0, 0, 0);
        l->fl.flags = ref;
        return EF_SUB;
    default:
        pack(l, ref);
        unpack_rax(l);
        return EF_SUB;
    }
}

/* -- the packed form -- */

static void pack_fp(struct lower *l, const struct ir_insn *i)
{
    static const struct {
        uint16_t packed;
        uint8_t cc;
    } row[3] = {{PACK_N | PACK_NC, X86_B}, {PACK_Z, X86_E}, {PACK_V, X86_P}};
    fp_compare(l, i->type, i->a, i->b, false, i->cc == 1);
    alloc_claim(l, RAX);
    gpr t = lower_temp_g(l);
    enc_mov_imm(l->e, RAX, 0);
    for (unsigned k = 0; k < 3; k++) {
        enc_mov_imm(l->e, t, row[k].packed);
        enc_cmov(l->e, row[k].cc, 4, RAX, t);
    }
}

static void pack_nzcv(struct lower *l, const struct ir_insn *i)
{
    uint64_t k;
    alloc_claim(l, RAX);
    if (lower_is_const(l, i->a, &k)) {
        enc_mov_imm(l->e, RAX, nzcv_to_flags((uint32_t)k));
        return;
    }
    gpr a = lower_use_g(l, i->a), t = lower_temp_g(l), u = lower_temp_g(l);
    enc_mov(l->e, 4, u, a);
    enc_mov(l->e, 4, t, a);
    enc_mov(l->e, 4, RAX, a);
    enc_shift_imm(l->e, SH_SHR, 4, RAX, 16);
    enc_alu_imm(l->e, ALU_AND, 4, RAX, PACK_N | PACK_Z);
    enc_shift_imm(l->e, SH_SHR, 4, t, 21);
    enc_unary(l->e, UN_NOT, 4, t);
    enc_alu_imm(l->e, ALU_AND, 4, t, PACK_NC);
    enc_alu(l->e, ALU_OR, 4, RAX, t);
    enc_shift_imm(l->e, SH_SHR, 4, u, 28);
    enc_alu_imm(l->e, ALU_AND, 4, u, PACK_V);
    enc_alu(l->e, ALU_OR, 4, RAX, u);
}

/* Flags value to rax, packed. */
static void pack(struct lower *l, ir_ref ref)
{
    const struct ir_insn *i = insn_of(l, ref);
    if (i->op == IR_GETFL) {
        alloc_claim(l, RAX);
        enc_mov(l->e, 4, RAX, lower_use_g(l, ref));
        return;
    }
    if (i->op == IR_FLFCMP) {
        pack_fp(l, i);
        return;
    }
    if (i->op == IR_FLNZCV) {
        pack_nzcv(l, i);
        return;
    }
    uint64_t locked = l->locked & ~1ull;
    enum eflags_kind kind = flags_to_eflags(l, ref);
    l->locked = locked; /* the operands have done their work */
    alloc_claim(l, RAX);
    if (i->op == IR_FLLOGIC)
        enc_stc(l->e);
    else if (kind == EF_ADD)
        enc_cmc(l->e);
    enc_lahf(l->e);
    enc_setcc(l->e, X86_O, RAX);
}

void lower_flags_store(struct lower *l, ir_ref fl)
{
    if (insn_of(l, fl)->op == IR_GETFL && l->val[fl].home != NOCELL)
        return;
    pack(l, fl);
    enc_store(l->e, 4, MEM_FLAGS, RAX);
}

void lower_putfl(struct lower *l, ir_ref fl)
{
    if (insn_of(l, fl)->op == IR_GETFL && l->val[fl].home != NOCELL)
        return;
    pack(l, fl);
    alloc_home_clobber(l, offsetof(struct cpu, flags), 8);
    enc_store(l->e, 4, MEM_FLAGS, RAX);
}

void lower_nzcv(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    pack(l, i->a);
    l->locked = 1ull << RAX.n; /* the operands have been read */
    gpr t = lower_temp_g(l), d = lower_def_g(l, ref);
    enc_mov(l->e, 4, d, RAX);
    enc_alu_imm(l->e, ALU_AND, 4, d, PACK_N | PACK_Z);
    enc_shift_imm(l->e, SH_SHL, 4, d, 16);
    enc_mov(l->e, 4, t, RAX);
    enc_unary(l->e, UN_NOT, 4, t);
    enc_alu_imm(l->e, ALU_AND, 4, t, PACK_NC);
    enc_shift_imm(l->e, SH_SHL, 4, t, 21);
    enc_alu(l->e, ALU_OR, 4, d, t);
    enc_alu_imm(l->e, ALU_AND, 4, RAX, PACK_V);
    enc_shift_imm(l->e, SH_SHL, 4, RAX, 28);
    enc_alu(l->e, ALU_OR, 4, d, RAX);
    lower_set_clean(l, ref, 4);
}

/* -- conditions on flags values -- */

/* A condition on packed flags: a test of one byte where that is enough. */
static struct cond cond_packed(struct lower *l, ir_ref ref, unsigned cc)
{
    static const struct {
        uint8_t byte, mask, host;
    } row[10] = {{1, 0x40, X86_NE}, {1, 0x40, X86_E}, {1, 0x01, X86_E},  {1, 0x01, X86_NE},
                 {1, 0x80, X86_NE}, {1, 0x80, X86_E}, {0, 0x01, X86_NE}, {0, 0x01, X86_E},
                 {1, 0x41, X86_E},  {1, 0x41, X86_NE}};
    if (cc <= CC_LS) {
        if (l->val[ref].reg == NOREG && l->val[ref].home != NOCELL) {
            struct x86_mem m = mem_cpu((size_t)l->val[ref].home + row[cc].byte);
            enc_test_mem_imm(l->e, 1, m, row[cc].mask);
        } else {
            enc_test_imm(l->e, 4, lower_use_g(l, ref), row[cc].mask << 8 * row[cc].byte);
        }
        return cond_cc(row[cc].host);
    }
    pack(l, ref);
    unpack_rax(l);
    return cond_cc(cc_sub[cc]);
}

static struct cond cond_logic(struct lower *l, const struct ir_insn *i, unsigned cc)
{
    if (cc == CC_CC || cc == CC_VC || cc == CC_LS)
        return cond_is(true);
    if (cc == CC_CS || cc == CC_VS || cc == CC_HI)
        return cond_is(false);
    test_value(l, i->type, i->a);
    return cond_cc(cc_sub[cc]);
}

static struct cond cond_flags(struct lower *l, ir_ref fl, unsigned cc)
{
    const struct ir_insn *i = insn_of(l, fl);
    if (i->op == IR_FLSUB)
        return cond_compare(l, i->type, i->a, i->b, cc);
    if (i->op == IR_FLFCMP)
        return cond_fp(l, i->type, i->a, i->b, cc, i->cc == 1);
    if (i->op == IR_FLLOGIC)
        return cond_logic(l, i, cc);
    if (i->op == IR_GETFL)
        return cond_packed(l, fl, cc);
    if (flags_to_eflags(l, fl) == EF_SUB)
        return cond_cc(cc_sub[cc]);
    if (cc == CC_CS || cc == CC_CC)
        return cond_cc(cc_sub[cc] ^ 1);
    if (cc == CC_HI || cc == CC_LS)
        enc_cmc(l->e);
    return cond_cc(cc_sub[cc]);
}

static struct cond lower_cond_insn(struct lower *l, const struct ir_insn *i)
{
    switch (i->op) {
    case IR_CMP: return cond_compare(l, i->type, i->a, i->b, i->cc);
    case IR_CMPZ: return cond_zero(l, i);
    case IR_FCMP: return cond_fp(l, i->type, i->a, i->b, i->cc, i->imm == 1);
    default: return cond_flags(l, i->a, i->cc);
    }
}

static struct cond cond_subst(struct lower *l, const struct ir_insn *i, ir_ref sub)
{
    const struct ir_insn *s = insn_of(l, sub);
    if (!holds_ab(l, EF_SUB, s->type, s->a, s->b) && !holds_result(l, s->type, sub))
        test_value(l, s->type, sub);
    return cond_cc(cc_sub[i->cc]);
}

bool lower_at_hand(const struct lower *l, ir_ref ref)
{
    const struct ir_insn *i = insn_of(l, ref);
    int32_t imm;
    uint64_t k;
    if (l->val[ref].subst)
        return alloc_in_reg(l, l->val[ref].subst);
    if (!l->val[ref].lazy || (i->op != IR_CMP && i->op != IR_CMPZ && i->op != IR_FCMP) || i->type == T_F16)
        return false;
    if (!alloc_in_reg(l, i->a) || lower_is_const(l, i->a, &k))
        return false;
    if (alloc_in_reg(l, i->b))
        return true;
    if (i->op == IR_CMPZ)
        return lower_is_const(l, i->b, &k) && (k <= UINT32_MAX || (k & (k - 1)) == 0);
    return i->op == IR_CMP && lower_imm32(l, i->b, type_w(i->type), &imm);
}

struct cond lower_cond(struct lower *l, ir_ref b)
{
    uint64_t k;
    if (l->val[b].subst)
        return cond_subst(l, insn_of(l, b), l->val[b].subst);
    if (l->val[b].lazy)
        return lower_cond_insn(l, insn_of(l, b));
    if (lower_is_const(l, b, &k))
        return cond_is(k & 1);
    gpr r = lower_use_g(l, b);
    enc_test(l->e, 4, r, r);
    return cond_cc(X86_NE);
}

void lower_bool(struct lower *l, ir_ref ref, const struct ir_insn *i)
{
    struct cond c = lower_cond_insn(l, i);
    l->locked = 0; /* EFLAGS are all that is needed now */
    gpr d = lower_def_g(l, ref);
    lower_set_if(l, c, d);
    if (c.kind != COND_TRUE && c.kind != COND_FALSE)
        enc_movzx(l->e, 1, d, d);
    lower_set_clean(l, ref, 1);
}
