/* SPDX-License-Identifier: MIT */
/*
 * Branches: Arm ARM C4.1.87.
 *
 * A conditional branch is EXIT_IF to the target and then JUMP to the instruction behind; exactly in this
 * shape, because the translator may take the JUMP away and go on with what follows in the same unit. Every
 * cycle in the guest's control flow has to pass a POLL, so that asynchronous signals are noticed: backward
 * direct branches and all indirect ones but returns have one, before anything else, where the guest state is
 * that at this instruction. A return only gets behind a call that went forward, and what calls again and
 * again does so by a branch that polls.
 */
#include "dbt/a64/base.h"
#include "dbt/a64/bti.h"

#include "a64_decode.h"

/* Ends the unit: to target if b holds, else on. */
static bool branch_if(struct tr *t, ir_ref b, gaddr target)
{
    ir_add(t->ir, (struct ir_insn){.op = IR_EXIT_IF, .type = T_NONE, .a = b, .imm = (int64_t)target});
    jump(t, t->pc + 4);
    return true;
}

bool B_cond(struct tr *t, const struct B_cond *f)
{
    gaddr target = t->pc + ((uint64_t)sext(f->imm19, 19) << 2);
    poll_if_backward(t, target);
    if (f->cond < CC_AL)
        return branch_if(t, cond(t, f->cond), target);
    jump(t, target);
    return true;
}

bool BC_cond(struct tr *t, const struct BC_cond *f)
{
    return B_cond(t, &(struct B_cond){f->imm19, f->cond});
}

/* CBZ (cc EQ) and CBNZ (NE). */
static bool compare_and_branch(struct tr *t, enum cc cc, unsigned sf, unsigned imm19, unsigned rt)
{
    gaddr target = t->pc + ((uint64_t)sext(imm19, 19) << 2);
    poll_if_backward(t, target);
    ir_ref v = rx(t, isz(sf), rt);
    return branch_if(t, opx(t, IR_CMPZ, isz(sf), v, v, 0, 0, cc, 0), target);
}

/* TBZ (cc EQ) and TBNZ (NE). */
static bool test_and_branch(struct tr *t, enum cc cc, unsigned bit, unsigned imm14, unsigned rt)
{
    enum ir_type ty = isz(bit > 31);
    gaddr target = t->pc + ((uint64_t)sext(imm14, 14) << 2);
    poll_if_backward(t, target);
    ir_ref v = rx(t, ty, rt);
    return branch_if(t, opx(t, IR_CMPZ, ty, v, kint(t, ty, (uint64_t)1 << bit), 0, 0, cc, 0), target);
}

bool CBZ(struct tr *t, const struct CBZ *f)
{
    return compare_and_branch(t, CC_EQ, f->sf, f->imm19, f->Rt);
}
bool CBNZ(struct tr *t, const struct CBNZ *f)
{
    return compare_and_branch(t, CC_NE, f->sf, f->imm19, f->Rt);
}
bool TBZ(struct tr *t, const struct TBZ *f)
{
    return test_and_branch(t, CC_EQ, f->b5 << 5 | f->b40, f->imm14, f->Rt);
}
bool TBNZ(struct tr *t, const struct TBNZ *f)
{
    return test_and_branch(t, CC_NE, f->b5 << 5 | f->b40, f->imm14, f->Rt);
}

bool B(struct tr *t, const struct B *f)
{
    gaddr target = t->pc + ((uint64_t)sext(f->imm26, 26) << 2);
    poll_if_backward(t, target);
    jump(t, target);
    return true;
}

bool BL(struct tr *t, const struct BL *f)
{
    gaddr target = t->pc + ((uint64_t)sext(f->imm26, 26) << 2);
    poll_if_backward(t, target);
    ir_ref link = kpc(t, t->pc + 4);
    wx(t, T_I64, 30, link);
    ir_add(t->ir, (struct ir_insn){.op = IR_CALL, .type = T_NONE, .b = link, .imm = (int64_t)target});
    t->end = true;
    return true;
}

bool BR(struct tr *t, const struct BR *f)
{
    poll(t);
    bti_jump(t, f->Rn);
    op1(t, IR_JUMPR, T_NONE, rx(t, T_I64, f->Rn));
    t->end = true;
    return true;
}

bool BLR(struct tr *t, const struct BLR *f)
{
    poll(t);
    ir_ref target = rx(t, T_I64, f->Rn); /* before x30 is written: BLR X30 */
    ir_ref link = kpc(t, t->pc + 4);
    wx(t, T_I64, 30, link);
    bti_call(t);
    op2(t, IR_CALLR, T_NONE, target, link);
    t->end = true;
    return true;
}

bool RET(struct tr *t, const struct RET *f)
{
    if (f->Rn != 30)
        poll(t); /* no return, but a jump */
    op1(t, IR_RET, T_NONE, rx(t, T_I64, f->Rn));
    t->end = true;
    return true;
}
