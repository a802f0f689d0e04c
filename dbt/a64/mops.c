/* SPDX-License-Identifier: MIT */
/*
 * Memory copy and memory set (FEAT_MOPS): Arm ARM C6.2.81 (CPYP ...), D1.3.
 *
 * Of the two ways in which the registers may show progress this is "option B" (PSTATE.C set): addresses and
 * size say what is left, PSTATE.N that a copy goes downwards.  How much each of the three instructions does
 * is up to the implementation: the first only chooses the direction; the second copies what is little and
 * easy, which is nearly everything (IR_COPY, IR_FILL); the third does what is left.
 *
 * For that, which code outside of the way has to do (only_asks), a helper copies in bulk and stops where the memory
 * faults, with the registers saying so.  What it left is then done by an ordinary access of one byte, which takes the
 * fault precisely, or gets past it if the memory has come; and the instruction jumps to itself.  The poll lets signals in
 * between pieces.
 */
#include "dbt/a64/base.h"

#include "a64_decode.h"

static bool distinct(unsigned d, unsigned s, unsigned n)
{
    return d != 31 && n != 31 && d != s && d != n && s != n;
}

/* x as a number of at most `max`. */
static ir_ref at_most(struct tr *t, ir_ref x, uint64_t max)
{
    return op2(t, IR_UMIN, T_I64, x, k64(t, max));
}

static void put_flags(struct tr *t, ir_ref nzcv)
{
    wflags(t, op1(t, IR_FLNZCV, T_FL, nzcv));
}

/* Memory is copied downwards where the end of the source would be overwritten before it is read: where the target begins 1
 * to n - 1 bytes above it.  (Where n is 0, either way will do.) */
static ir_ref overlaps(struct tr *t, ir_ref to, ir_ref from, ir_ref n)
{
    ir_ref above = op2(t, IR_AND, T_I64, op2(t, IR_SUB, T_I64, to, from), k64(t, ones(56)));
    ir_ref minus_1 = k64(t, ~(uint64_t)0);
    return opx(t, IR_CMP, T_I64, op2(t, IR_ADD, T_I64, above, minus_1), op2(t, IR_ADD, T_I64, n, minus_1), 0,
               0, CC_CC, 0);
}

bool CPYFP(struct tr *t, const struct CPYFP *f)
{
    if (f->Rs == 31 || !distinct(f->Rd, f->Rs, f->Rn))
        return false;
    wx(t, T_I64, f->Rn, at_most(t, rx(t, T_I64, f->Rn), INT64_MAX));
    put_flags(t, k32(t, 2u << 28));
    return true;
}

bool CPYP(struct tr *t, const struct CPYP *f)
{
    if (f->Rs == 31 || !distinct(f->Rd, f->Rs, f->Rn))
        return false;
    ir_ref to = rx(t, T_I64, f->Rd), from = rx(t, T_I64, f->Rs);
    ir_ref n = at_most(t, rx(t, T_I64, f->Rn), ones(55));
    ir_ref back = overlaps(t, to, from, n);
    ir_ref skip = op3(t, IR_SEL, T_I64, back, n, k64(t, 0));
    wx(t, T_I64, f->Rn, n);
    wx(t, T_I64, f->Rd, op2(t, IR_ADD, T_I64, to, skip));
    wx(t, T_I64, f->Rs, op2(t, IR_ADD, T_I64, from, skip));
    ir_ref down = op1(t, IR_FLNZCV, T_FL, k32(t, 10u << 28));
    wflags(t, opx(t, IR_FLSEL, T_NONE, back, down, 0, 0, 0, 2));
    return true;
}

bool SETP(struct tr *t, const struct SETP *f)
{
    if (!distinct(f->Rd, f->Rs, f->Rn))
        return false;
    wx(t, T_I64, f->Rn, at_most(t, rx(t, T_I64, f->Rn), INT64_MAX));
    put_flags(t, k32(t, 2u << 28));
    return true;
}

#define WHOLE 128 /* bytes that IR_COPY copies in either direction */

/* What CPYM does at once.  `back`: a truth value, or 0 for a copy that only goes upwards. */
static bool copy_some(struct tr *t, const struct CPYM *f, ir_ref back)
{
    if (f->Rs == 31 || !distinct(f->Rd, f->Rs, f->Rn))
        return false;
    ir_ref n = rx(t, T_I64, f->Rn), to = rx(t, T_I64, f->Rd), from = rx(t, T_I64, f->Rs);
    ir_ref some = n, low_to = to, low_from = from;
    if (back) {
        ir_ref much = opx(t, IR_CMP, T_I64, n, k64(t, WHOLE), 0, 0, CC_HI, 0);
        ir_ref below = op3(t, IR_SEL, T_I64, back, n, k64(t, 0));
        some = op3(t, IR_SEL, T_I64, op2(t, IR_AND, T_I32, back, much), k64(t, 0), n);
        low_to = op2(t, IR_SUB, T_I64, to, below);
        low_from = op2(t, IR_SUB, T_I64, from, below);
    }
    ir_ref done = op2(t, IR_SUB, T_I64, some, op3(t, IR_COPY, T_I64, low_to, low_from, some));
    ir_ref step = back ? op3(t, IR_SEL, T_I64, back, op1(t, IR_NEG, T_I64, done), done) : done;
    wx(t, T_I64, f->Rn, op2(t, IR_SUB, T_I64, n, done));
    wx(t, T_I64, f->Rd, op2(t, IR_ADD, T_I64, to, step));
    wx(t, T_I64, f->Rs, op2(t, IR_ADD, T_I64, from, step));
    return true;
}

static bool set_some(struct tr *t, const struct SETM *f)
{
    if (!distinct(f->Rd, f->Rs, f->Rn))
        return false;
    ir_ref n = rx(t, T_I64, f->Rn), to = rx(t, T_I64, f->Rd);
    ir_ref left = op3(t, IR_FILL, T_I64, to, rx(t, T_I64, f->Rs), n);
    wx(t, T_I64, f->Rn, left);
    wx(t, T_I64, f->Rd, op2(t, IR_ADD, T_I64, to, op2(t, IR_SUB, T_I64, n, left)));
    return true;
}

/* Does a unit begin with this instruction, or another way through a loop? */
static bool begins(const struct tr *t)
{
    if (t->pc == t->ir->pc)
        return true;
    ir_ref r = t->ir->count - 1;
    while (t->ir->insn[r].op != IR_INSN)
        r--;
    return t->ir->insn[r - 1].op == IR_LABEL;
}

/*
 * The third instruction has hardly ever anything to do.  In the middle of a unit it only asks, and what follows it belongs
 * to the unit; if there is something, the guest goes on with the unit that begins with it, or the way, which can do it.
 */
static bool only_asks(struct tr *t, const struct CPYM *f)
{
    if (begins(t))
        return false;
    ir_ref left = rx(t, T_I64, f->Rn);
    ir_ref more = opx(t, IR_CMPZ, T_I64, left, left, 0, 0, CC_NE, 0);
    ir_add(t->ir, (struct ir_insn){.op = IR_EXIT_IF, .type = T_NONE, .a = more, .imm = (int64_t)t->pc});
    return true;
}

static ir_ref exit_if_done(struct tr *t, const struct CPYM *f)
{
    ir_ref left = rx(t, T_I64, f->Rn);
    ir_ref done = opx(t, IR_CMPZ, T_I64, left, left, 0, 0, CC_EQ, 0);
    ir_add(t->ir, (struct ir_insn){.op = IR_EXIT_IF, .type = T_NONE, .a = done, .imm = (int64_t)t->pc + 4});
    return left;
}

/* Calls the helper, and leaves for the next instruction if nothing is left before or after. */
static ir_ref bulk(struct tr *t, enum a64_helper h, ir_ref arg, const struct CPYM *f)
{
    exit_if_done(t, f);
    poll(t);
    helper(t, h, T_NONE, arg, 0, 0, f->Rd | f->Rs << 5 | f->Rn << 10, EFFECT_READS | EFFECT_WRITES);
    return exit_if_done(t, f);
}

/* `back`: a truth value. */
static bool copy_all(struct tr *t, const struct CPYM *f, ir_ref back)
{
    if (f->Rs == 31 || !distinct(f->Rd, f->Rs, f->Rn))
        return false;
    if (only_asks(t, f))
        return true;
    ir_ref left = bulk(t, HELPER_mops_copy, back, f);
    ir_ref step = op3(t, IR_SEL, T_I64, back, k64(t, ~(uint64_t)0), k64(t, 1));
    ir_ref plus = op3(t, IR_SEL, T_I64, back, step, k64(t, 0));
    ir_ref to = rx(t, T_I64, f->Rd), from = rx(t, T_I64, f->Rs);
    struct address source = {.base = op2(t, IR_ADD, T_I64, from, plus)};
    struct address target = {.base = op2(t, IR_ADD, T_I64, to, plus)};
    store(t, T_I32, &target, load(t, IR_LD, T_I32, &source, 0, 0), 0, 0);
    wx(t, T_I64, f->Rd, op2(t, IR_ADD, T_I64, to, step));
    wx(t, T_I64, f->Rs, op2(t, IR_ADD, T_I64, from, step));
    wx(t, T_I64, f->Rn, op2(t, IR_SUB, T_I64, left, k64(t, 1)));
    jump(t, t->pc);
    return true;
}

static bool set_all(struct tr *t, const struct CPYM *f)
{
    if (!distinct(f->Rd, f->Rs, f->Rn))
        return false;
    if (only_asks(t, f))
        return true;
    ir_ref left = bulk(t, HELPER_mops_set, rx(t, T_I32, f->Rs), f);
    struct address target = address_imm(t, f->Rd, 0);
    store(t, T_I32, &target, rx(t, T_I32, f->Rs), 0, 0);
    wx(t, T_I64, f->Rd, op2(t, IR_ADD, T_I64, target.base, k64(t, 1)));
    wx(t, T_I64, f->Rn, op2(t, IR_SUB, T_I64, left, k64(t, 1)));
    jump(t, t->pc);
    return true;
}

#define FIELDS(f) (&(struct CPYM){.Rs = (f)->Rs, .Rn = (f)->Rn, .Rd = (f)->Rd})

bool CPYFM(struct tr *t, const struct CPYFM *f)
{
    return copy_some(t, FIELDS(f), 0);
}
bool CPYFE(struct tr *t, const struct CPYFE *f)
{
    return copy_all(t, FIELDS(f), k32(t, 0));
}
bool CPYM(struct tr *t, const struct CPYM *f)
{
    return copy_some(t, f, cond(t, CC_MI));
}
bool CPYE(struct tr *t, const struct CPYE *f)
{
    return copy_all(t, FIELDS(f), cond(t, CC_MI));
}
bool SETM(struct tr *t, const struct SETM *f)
{
    return set_some(t, f);
}
bool SETE(struct tr *t, const struct SETE *f)
{
    return set_all(t, FIELDS(f));
}
