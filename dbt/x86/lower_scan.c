/* SPDX-License-Identifier: MIT */
/*
 * What the lowering must know before it starts: two passes forward, one backward.
 *
 * Forward: which truth values stay lazy, and which flags are carried in EFLAGS from the operation that made
 * them (SUB, ADD, AND) to their user: only operations that never change EFLAGS in between ("transparent").  A
 * carried use does not keep the operands alive: `subs x0, x0, #1; b.ne` must be a sub in x0's own register
 * and a jump.
 *
 * Backward: the list of uses of each value, and into which pinned register it should be computed: into P if
 * the next access to P's cell is a PUT of the value, with nothing in between that could let anybody see P
 * early (memory accesses, exits, C calls).  What the operation that makes such a value overwrites is best computed
 * there, too.
 */
#include "dbt/x86/lower_impl.h"

#include <string.h>

bool lower_same(const struct lower *l, ir_ref a, ir_ref b)
{
    if (a == b)
        return true;
    const struct ir_insn *x = insn_of(l, a), *y = insn_of(l, b);
    return x->op == IR_CONST && y->op == IR_CONST && x->type == y->type && x->imm == y->imm;
}

static bool is_zero(const struct lower *l, ir_ref r)
{
    return insn_of(l, r)->op == IR_CONST && insn_of(l, r)->imm == 0;
}

void lower_lazy_leaves(struct lower *l, ir_ref ref, void (*f)(struct lower *, ir_ref))
{
    const struct ir_insn *i = insn_of(l, ref);
    if (l->val[ref].subst) {
        f(l, l->val[ref].subst);
        return;
    }
    lower_leaves(l, i->a, f);
    lower_leaves(l, i->b, f);
    lower_leaves(l, i->c, f);
}

/* Does carrier (a SUB, ADD or logic operation) leave EFLAGS as lazy value `ref` needs them? */
static bool carries(const struct lower *l, ir_ref carrier, ir_ref ref)
{
    if (!carrier || !ref)
        return false;
    const struct ir_insn *c = insn_of(l, carrier), *i = insn_of(l, ref);
    bool operands =
        i->type == c->type && i->a && i->b && lower_same(l, i->a, c->a) && lower_same(l, i->b, c->b);
    switch (i->op) {
    case IR_COND:
        /* HI and LS on the carry of an addition need a cmc, which changes EFLAGS. */
        return carries(l, carrier, i->a) && !(c->op == IR_ADD && (i->cc == CC_HI || i->cc == CC_LS));
    case IR_FLSUB: return c->op == IR_SUB && operands;
    case IR_FLADD: return c->op == IR_ADD && operands;
    case IR_FLLOGIC: return c->op == IR_AND && i->a == carrier && i->type == c->type;
    case IR_CMP:
        if (c->op == IR_SUB && operands)
            return true;
        return i->a == carrier && i->type == c->type && is_zero(l, i->b) &&
               (c->op == IR_AND || (i->cc == CC_EQ || i->cc == CC_NE || i->cc == CC_MI || i->cc == CC_PL));
    case IR_CMPZ:
        return (c->op == IR_AND && operands) || (i->a == carrier && i->b == carrier && i->type == c->type);
    default: return false;
    }
}

/* Operations that never change EFLAGS, whatever registers they must move, spill or load for it. */
static bool transparent(const struct lower *l, const struct ir_insn *i, unsigned carried)
{
    switch (i->op) {
    case IR_CONST:
    case IR_PC:
    case IR_VCONST:
    case IR_GET:
    case IR_PUT:
    case IR_GETFL:
    case IR_PREFETCH:
    case IR_OPEN:
    case IR_CLOSE:
    case IR_ZEXT:
    case IR_TRUNC: return true;
    case IR_LD:
    case IR_LDS: return ir_type_is_int(i->type);
    case IR_ST: return ir_type_is_int(i->type);
    case IR_PUTFL: return i->cc == PUTFL_FAULTS || (carried & 1 && insn_of(l, i->a)->op == IR_FLSUB);
    case IR_SEL: return carried & 1 && ir_type_is_int(i->type);
    case IR_EXIT_IF: return carried & 1;
    default: return op_is_flags(i->op);
    }
}

static bool takes_condition(enum ir_op op)
{
    return op == IR_EXIT_IF || op == IR_LEAVE_IF || op == IR_SEL || op == IR_FLSEL;
}
static bool is_fp_compare(enum ir_op op)
{
    return op == IR_FCMP || op == IR_FLFCMP;
}
static bool is_compare(enum ir_op op)
{
    return op == IR_CMP || op == IR_CMPZ || op == IR_COND || op == IR_FCMP;
}

/* A condition or a tree of them.  What asks for the bits of flags that are made of others takes too many temps. */
static bool is_branch(const struct lower *l, ir_ref r)
{
    const struct ir_insn *i = insn_of(l, r), *fl = insn_of(l, i->a);
    bool made = i->op == IR_COND && (fl->op == IR_FLSEL || fl->op == IR_FLNZCV);
    return l->val[r].lazy && !op_is_flags(i->op) && !made;
}

/* AND and OR of conditions (from CCMP): a tree of branches if only EXIT_IF wants it.  To the left, as CCMPs make it: then
 * one value is kept at a time, and the temps suffice. */
static bool is_tree(const struct lower *l, const struct ir_insn *i)
{
    return (i->op == IR_AND || i->op == IR_OR) && i->type == T_I32 && is_branch(l, i->a) &&
           is_branch(l, i->b) && l->val[i->a].depth < 3 && !l->val[i->b].depth;
}

/* Truth value r gets code where it is defined; a tree of conditions then has no use for its parts as conditions. */
static void not_lazy(struct lower *l, ir_ref r)
{
    const struct ir_insn *i = insn_of(l, r);
    const ir_ref operand[3] = {i->a, i->b, i->c};
    l->val[r].lazy = false;
    for (unsigned k = 0; k < 3; k++) {
        l->val[operand[k]].used = true;
        if (l->val[r].depth && l->val[operand[k]].lazy)
            not_lazy(l, operand[k]);
    }
}

/* Somebody uses r, as a condition or in a way that needs it in a register. */
static void lazy_use(struct lower *l, ir_ref r, bool condition)
{
    if (l->val[r].lazy && !condition && !op_is_flags(insn_of(l, r)->op))
        not_lazy(l, r);
}

/* What there is in the unit: then the rest of the scan has something to look for. */
struct found {
    bool lazy, fp_compare;
};

/* Everything that could be lazy is, until a user comes that cannot take a condition. */
static struct found scan_lazy(struct lower *l)
{
    static const struct val fresh = {.home = NOCELL, .reg = NOREG, .want = NOREG, .clean = 16, .slot = -1};
    struct val *val = l->val;
    struct found found = {false, false};
    ir_ref pending = 0, insn = 0; /* PUTFL without code; INSN */
    val[0] = fresh;
    for (ir_ref r = 1; r < l->ir->count; r++) {
        const struct ir_insn *i = insn_of(l, r);
        if (i->op == IR_NOP)
            continue;
        val[r] = fresh;
        if (i->op == IR_INSN)
            insn = r;
        if (i->op == IR_LABEL)
            pending = 0;
        if (!i->a && !i->c)
            continue;
        if (i->op == IR_PUTFL)
            pending = i->cc == PUTFL_FAULTS ? i->a : 0;
        if (ir_op_has(i->op, F_M) && insn_of(l, insn)->size & INSN_NZCV)
            val[r].fault_fl = pending;
        if (found.lazy && is_tree(l, i)) {
            val[r].lazy = true;
            val[r].depth = (uint8_t)(1 + val[i->a].depth);
            continue;
        }
        if (found.lazy) {
            lazy_use(l, i->a, val[i->a].depth ? i->op == IR_EXIT_IF : takes_condition(i->op));
            lazy_use(l, i->b, false);
            lazy_use(l, i->c, false);
        }
        found.fp_compare |= is_fp_compare(i->op);
        if (is_compare(i->op) || op_is_flags(i->op))
            val[r].lazy = found.lazy = true;
        else
            val[i->a].used = val[i->b].used = val[i->c].used = true;
    }
    return found;
}

/* Differences at hand: the last few. */
struct subs {
    ir_ref ref[8];
    unsigned count;
};

/* A compare for equality with a difference at hand needs that, and not its operands. */
static void scan_subst(struct lower *l, const struct subs *subs, ir_ref r)
{
    const struct ir_insn *i = insn_of(l, r);
    if ((i->op != IR_CMP && i->op != IR_COND) ||
        !(i->cc == CC_EQ || i->cc == CC_NE || i->cc == CC_MI || i->cc == CC_PL))
        return;
    const struct ir_insn *c = i->op == IR_COND ? insn_of(l, i->a) : i;
    if (c->op != IR_CMP && c->op != IR_FLSUB)
        return;
    for (unsigned k = 0; k < 8 && k < subs->count; k++) {
        const struct ir_insn *s = insn_of(l, subs->ref[k]);
        if (s->type == c->type && lower_same(l, s->a, c->a) && lower_same(l, s->b, c->b))
            l->val[r].subst = subs->ref[k];
    }
}

/*
 * POLL stands between the operation that sets the flags and the branch of most loops, and its compare would
 * destroy EFLAGS. So it moves up to the start of the guest instruction of the carrier, or of the last one
 * before it where state is complete, but not out of its way through a loop.
 */
static bool scan_hoist(struct lower *l, ir_ref carrier, ir_ref poll)
{
    if (!carrier || poll + 1 >= l->ir->count)
        return false;
    ir_ref branch = poll + 1;
    while (branch < l->ir->count && l->val[branch].lazy)
        branch++;
    if (branch >= l->ir->count || insn_of(l, branch)->op != IR_EXIT_IF ||
        !l->val[insn_of(l, branch)->a].lazy || !carries(l, carrier, insn_of(l, branch)->a))
        return false;
    ir_ref k = carrier;
    while (k && insn_of(l, k)->op != IR_LABEL &&
           (insn_of(l, k)->op != IR_INSN || insn_of(l, k)->size & INSN_INCOMPLETE))
        k--;
    ir_ref c = insn_of(l, poll)->c;
    if (insn_of(l, k)->op != IR_INSN || l->val[k].hoisted_poll || (c && c < k))
        return false;
    for (ir_ref r = k + 1; r < carrier; r++)
        if (l->val[r].carried)
            return false;
    l->val[k].hoisted_poll = poll;
    l->val[poll].done = true;
    return true;
}

/* Which of i's operands EFLAGS still hold. */
static void scan_operands(struct lower *l, ir_ref carrier, const struct ir_insn *i, struct val *v)
{
    if (i->a && l->val[i->a].lazy && carries(l, carrier, i->a))
        v->carried |= 1;
    /* On the way out of EXIT_IF and LEAVE_IF the EFLAGS of their own compare stand; POLL and EXPECT have compared, and
     * LEAVE_IF with a size compares again. */
    bool compares = i->op == IR_EXIT_IF || i->op == IR_LEAVE_IF, again = i->op == IR_LEAVE_IF && i->size;
    if (i->c && l->val[i->c].lazy && i->op != IR_POLL && i->op != IR_EXPECT && !again &&
        carries(l, carrier, i->c) && (!compares || v->carried & 1))
        v->carried |= 2;
    if (v->carried)
        l->val[carrier].sets_flags = true;
}

static void scan_carried(struct lower *l)
{
    ir_ref carrier = 0;
    struct subs subs = {.count = 0};
    for (ir_ref r = 1; r < l->ir->count; r++) {
        const struct ir_insn *i = insn_of(l, r);
        struct val *v = &l->val[r];
        if (i->op == IR_INSN || i->op == IR_NOP)
            continue;
        if (v->lazy) {
            if (is_fp_compare(i->op))
                carrier = 0; /* it may have to be made here */
            scan_subst(l, &subs, r);
            continue;
        }
        if (carrier) {
            if (i->op == IR_POLL && scan_hoist(l, carrier, r))
                continue;
            scan_operands(l, carrier, i, v);
            if (!transparent(l, i, v->carried))
                carrier = 0;
        }
        if ((i->op == IR_SUB || i->op == IR_ADD || i->op == IR_AND) && ir_type_is_int(i->type)) {
            carrier = r;
            if (i->op == IR_SUB && v->used)
                subs.ref[subs.count++ & 7] = r;
        }
    }
}

static void use_add(struct lower *l, ir_ref ref)
{
    LOWER_GROW(l, use, use_count, use_cap);
    l->use[l->use_count] = (struct use){l->at, l->val[ref].next};
    l->val[ref].next = l->use_count++;
}

struct cells {
    /* position of the next access to each 8 bytes of state; undefined where there is none */
    uint32_t *access;
    uint32_t barrier;
    ir_ref fcmp; /* the FCMP that follows */
};

static void cells_access(struct cells *c, const struct ir_insn *i, uint32_t pos)
{
    uint32_t from = (uint32_t)i->imm / 8, n = (ir_type_bytes[i->type] + 7u) / 8;
    for (uint32_t k = from; k < from + n && k < GRANULES; k++)
        c->access[k] = pos;
}

/* The value that PUT at `pos` wants in register P (or, rmw, to be computed in the cell itself). */
static void scan_put(struct lower *l, const struct ir_insn *i, uint32_t pos)
{
    struct val *v = &l->val[i->a];
    unsigned pin = alloc_pin(l, i->imm);
    v->want = (uint8_t)pin;
    v->want_at = pos;
    v->soft = false;
    if (pin != NOREG) {
        l->val[pos].next_put = l->put_next[pin];
        l->put_next[pin] = pos;
    }
}

static bool is_in_cell(const struct lower *l, ir_ref r)
{
    const struct ir_insn *i = insn_of(l, r);
    return i->op == IR_GET && alloc_pin(l, i->imm) == NOREG;
}

/* The operand that the host's instruction overwrites with the result; 0: none.  Of two that commute it is not the one
 * that the instruction can take from memory. */
static ir_ref overwritten(const struct lower *l, const struct ir_insn *i)
{
    switch (i->op) {
    case IR_ADD:
        if (!ir_type_is_int(i->type))
            return 0;
        return is_in_cell(l, i->a) ? i->b : is_in_cell(l, i->b) ? i->a : 0;
    case IR_MUL:
    case IR_AND:
    case IR_OR:
    case IR_XOR:
        if (!ir_type_is_int(i->type))
            return 0;
        return is_in_cell(l, i->a) ? i->b : i->a;
    case IR_SUB:
    case IR_SHL:
    case IR_SHR:
    case IR_SAR:
    case IR_ROR: return ir_type_is_int(i->type) ? i->a : 0;
    case IR_FMA: return i->c;
    default: return 0;
    }
}

static void want_too(struct lower *l, const struct val *v, ir_ref operand, bool soft)
{
    struct val *o = &l->val[operand];
    if (o->want_at && (soft || !o->soft))
        return;
    o->want = v->want;
    o->want_at = v->want_at;
    o->soft = soft;
}

static void scan_def(struct lower *l, struct cells *cells, ir_ref r, const struct ir_insn *i)
{
    struct val *v = &l->val[r];
    const struct ir_insn *put = insn_of(l, v->want_at);
    bool near = cells->barrier > v->want_at && (uint64_t)put->imm / 8 < GRANULES &&
                cells->access[put->imm / 8] == v->want_at;
    if (!near) {
        v->want = NOREG;
        return;
    }
    if (v->want == NOREG) {
        v->rmw = i->type == T_I64 && put->a == r && v->next && !l->use[v->next].next;
    } else if (i->op == IR_ZEXT || i->op == IR_VZEXT) {
        want_too(l, v, i->a, v->soft);
    } else {
        ir_ref o = overwritten(l, i);
        if (o && !l->val[o].next)
            want_too(l, v, o, true);
    }
}

/* Uses of r's operands and what r does to guest state. */
static void scan_uses(struct lower *l, struct cells *cells, ir_ref r, const struct ir_insn *i)
{
    const struct val *v = &l->val[r];
    if (!(v->carried & 1) && !(i->op == IR_PUTFL && i->cc == PUTFL_FAULTS))
        lower_leaves(l, i->a, use_add);
    lower_leaves(l, i->b, use_add);
    if (!(v->carried & 2))
        lower_leaves(l, i->c, use_add);
    lower_leaves(l, v->fault_fl, use_add);
    if (i->op == IR_GET || i->op == IR_PUT)
        cells_access(cells, i, r);
    if (i->op == IR_STLR || (i->op == IR_FENCE && i->cc == FENCE_ACQUIRE))
        l->orders = true;
    if (i->op == IR_PUT)
        scan_put(l, i, r);
    else if (ir_op_has(i->op, F_M | F_X | F_E) || i->op == IR_HELPER)
        cells->barrier = r;
}

/*
 * A lazy comparison of floating point sets FPSR where its users make it.  made_at is the first place from which on it is made
 * on every way before anybody can look at FPSR; without such a place it is made where it stands (`effect`).
 */
static bool compare_made(const struct lower *l, const struct cells *c, ir_ref ref)
{
    const struct ir_insn *i = insn_of(l, ref), *f = insn_of(l, c->fcmp);
    uint32_t at = l->val[ref].made_at;
    if (at && at <= c->barrier)
        return true;
    return i->op == IR_FLFCMP && c->fcmp && f->type == i->type && f->a == i->a && f->b == i->b &&
           f->imm == i->cc && l->val[c->fcmp].made_at && l->val[c->fcmp].made_at <= c->barrier;
}

/* The comparisons below lazy value ref are made at pos, or with `leaving` on the way out there. */
static void compare_at(struct lower *l, const struct cells *c, ir_ref ref, uint32_t pos, bool leaving)
{
    const struct ir_insn *i = insn_of(l, ref);
    if (!ref || !l->val[ref].lazy)
        return;
    if (is_fp_compare(i->op) && (!leaving || compare_made(l, c, ref)))
        l->val[ref].made_at = pos;
    compare_at(l, c, i->a, pos, leaving);
    compare_at(l, c, i->b, pos, leaving);
    compare_at(l, c, i->c, pos, leaving);
}

static void scan_compares(struct lower *l, struct cells *c, ir_ref r, const struct ir_insn *i)
{
    struct val *v = &l->val[r];
    if (!v->lazy) {
        compare_at(l, c, i->a, r, false);
        compare_at(l, c, i->b, r, false);
        compare_at(l, c, i->c, r, ir_op_has(i->op, F_X));
    } else if (is_fp_compare(i->op)) {
        v->effect = !compare_made(l, c, r);
        if (v->effect) {
            v->made_at = r;
            scan_uses(l, c, r, i);
        }
        if (i->op == IR_FCMP)
            c->fcmp = r;
    }
}

void lower_scan(struct lower *l)
{
    struct cells cells = {.access = l->access, .barrier = l->ir->count};
    memset(l->put_next, 0xff, sizeof l->put_next);
    l->use_count = 1;
    if (!l->use_cap) {
        LOWER_GROW(l, use, use_cap, use_cap);
    }
    struct found found = scan_lazy(l);
    if (found.lazy)
        scan_carried(l);
    for (ir_ref r = l->ir->count - 1; r > 0; r--) {
        const struct ir_insn *i = insn_of(l, r);
        struct val *v = &l->val[r];
        if (i->op == IR_NOP || lower_idle(l, i))
            continue;
        l->at = r;
        if (i->op == IR_INSN) {
            if (v->hoisted_poll)
                cells.barrier = r;
            continue;
        }
        if (v->lazy && found.fp_compare)
            scan_compares(l, &cells, r, i);
        if (v->lazy || v->done || (ir_droppable(i->op) && !v->next && !v->sets_flags))
            continue;
        if (v->want_at)
            scan_def(l, &cells, r, i);
        if (found.fp_compare)
            scan_compares(l, &cells, r, i);
        scan_uses(l, &cells, r, i);
    }
}
