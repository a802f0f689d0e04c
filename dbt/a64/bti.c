/* SPDX-License-Identifier: MIT */
/*
 * Branch target identification: Arm ARM D8.4.2 (FEAT_BTI), with SCTLR_EL1.BT0 set as Linux has it.
 *
 * An indirect branch leaves its kind in PSTATE.BTYPE, the next instruction clears it; and if that is in guarded memory
 * (PROT_BTI) it must be one that accepts the kind, or there is a Branch Target exception: SIGILL.
 *
 * Only the first instruction of a unit can follow an indirect branch, so the check stands at the start of units, and only
 * if the process has guarded memory at all (ir.guard): then indirect branches store BTYPE, units in guarded memory look at
 * it, and units that may find it set clear it.  (They do so before their first instruction: where that faults in memory that
 * is not guarded, hardware shows the handler a BTYPE that counts for nothing.)
 */
#include "dbt/a64/bti.h"

#include "dbt/a64/base.h"

#include <string.h>

#define BIT(type) (1u << (type))

/* Which kinds the instruction accepts, a bit each. */
static unsigned accepted(uint32_t w)
{
    enum { PACIASP = 25, PACIBSP = 27, BTI_C = 34, BTI_J = 36, BTI_JC = 38 };
    const unsigned all = BIT(BTYPE_X16) | BIT(BTYPE_CALL) | BIT(BTYPE_JUMP);
    if ((w & 0xffe0001f) == 0xd4200000 || (w & 0xffe0001f) == 0xd4400000) /* BRK, HLT */
        return all;
    if ((w & 0xfffff01f) != 0xd503201f) /* HINT */
        return 0;
    switch (w >> 5 & 0x7f) {
    case BTI_JC: return all;
    case PACIASP:
    case PACIBSP:
    case BTI_C: return all & ~BIT(BTYPE_JUMP);
    case BTI_J: return all & ~BIT(BTYPE_CALL);
    default: return 0;
    }
}

static void clear(struct tr *t)
{
    op1i(t, IR_PUT, T_I32, k32(t, BTYPE_NONE), A64_CELL(btype));
}

void bti_land(struct ir *ir, gaddr pc, const void *code)
{
    struct tr t = {.ir = ir, .pc = pc};
    if (ir->guard == GUARD_ELSEWHERE) {
        clear(&t);
        return;
    }
    memcpy(&t.word, code, sizeof t.word);
    unsigned good = accepted(t.word);
    ir_ref type = ir_op0(ir, IR_GET, T_I32, A64_CELL(btype));
    if (!good) {
        leave_if(&t, opx(&t, IR_CMPZ, T_I32, type, type, 0, 0, CC_NE, 0), EXIT_NO_PAD, 0, 0);
        return;
    }
    for (unsigned kind = BTYPE_X16; kind <= BTYPE_JUMP; kind++)
        if (!(good & BIT(kind)))
            leave_if(&t, opx(&t, IR_CMP, T_I32, type, k32(&t, kind), 0, 0, CC_EQ, 0), EXIT_NO_PAD, 0, 0);
    clear(&t);
}

static void set(struct tr *t, enum btype type)
{
    if (t->ir->guard != GUARD_NONE)
        op1i(t, IR_PUT, T_I32, k32(t, type), A64_CELL(btype));
}

void bti_jump(struct tr *t, unsigned rn)
{
    set(t, t->ir->guard == GUARD_HERE && rn != 16 && rn != 17 ? BTYPE_JUMP : BTYPE_X16);
}

void bti_call(struct tr *t)
{
    set(t, BTYPE_CALL);
}
