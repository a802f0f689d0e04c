/* SPDX-License-Identifier: MIT */
/*
 * Host faults in translated code, turned into guest events.
 *
 *  - SIGFPE: x86's invalid exception, unmasked while guest code runs.  The operation is done over as Arm does it and
 *    the guest never learns of it.  Where that happens again and again, it is translated anew in a form that asks
 *    before (careful.c): a trap costs 2 microseconds.
 *  - SIGSEGV in the guard page below the shadow stack: the stack of predicted returns is full.  It is emptied, which
 *    costs the guest nothing but time, and the push is repeated.
 *  - SIGSEGV, SIGBUS at an instruction listed in a block's fault table: a guest access.  Guest state is complete
 *    there but for the pinned registers and perhaps NZCV, which the table tells from what.  So execution goes on in
 *    the exit stub, which writes the registers back and leaves with EXIT_FAULT; a loop that has exchanged
 *    registers (x86/lower_loop.c) first puts them back, in the unit's `restore`.
 *  - #GP at such an instruction, for the first time: perhaps a tagged pointer (mask.c).
 *  - Faults in a helper's copy of guest memory: the copy ends early (ir/guarded.h).
 *  - SIGBUS in the store, also outside of translated code: its file was cut (pool.c).
 *
 * The evaluator has no table: a fault while it runs is at the pc that it last noted; state is complete there.
 *
 * Where an access would find complete state if it faulted, there is complete state for a signal, too, that comes before
 * it: so the guest is left there at once.  Not in the middle of a helper's copy.
 *
 * A thread that faults in translated code counts as being in it.  Who holds the lock may be waiting for it to come out
 * (core_stop), so the handler never waits for the lock: it tries, and otherwise leaves things to the next time.
 */
#include "dbt/core.h"

#include "dbt/ir/eval.h"
#include "dbt/ir/guarded.h"

#include <ucontext.h>

static uint64_t *greg(void *uc, int r)
{
    return (uint64_t *)&((ucontext_t *)uc)->uc_mcontext.gregs[r];
}

#define TRAPS_BEARABLE 16 /* of one operation: about what translating its unit again costs */

enum { TRAPNO_GP = 13, TRAPNO_PF = 14, ERROR_WRITE = 2 };

/* #GP (no address is given: a non-canonical one was used) looks like this to the handler. */
static void note_fault(struct cpu *cpu, int signo, const siginfo_t *info, void *uc)
{
    bool page_fault = *greg(uc, REG_TRAPNO) == TRAPNO_PF;
    cpu->fault = (struct cpu_fault){
        .signo = signo,
        .code = info->si_code,
        .addr = (uint64_t)info->si_addr,
        .write = page_fault && (*greg(uc, REG_ERR) & ERROR_WRITE) != 0,
    };
}

static struct x86_trap *find_trap(const struct block *b, uint32_t off)
{
    for (uint32_t i = 0; i < b->trap_count; i++)
        if (block_traps(b)[i].start <= off && off < block_traps(b)[i].end)
            return &block_traps(b)[i];
    return NULL;
}

static bool shadow_overflow(struct cpu *cpu, const siginfo_t *info, void *uc)
{
    uint64_t at = (uint64_t)info->si_addr, base = (uint64_t)cpu->shadow_base;
    if (at < base || at >= base + PAGE)
        return false;
    *greg(uc, REG_RSP) = (uint64_t)cpu->shadow_top;
    return true;
}

/* Has what the thread evaluates no mask in the instruction at cpu->pc? */
static bool is_bare(const struct cpu *cpu, const struct ir *ir)
{
    ir_ref r = 1;
    while (ir->insn[r].op != IR_INSN || (gaddr)ir->insn[r].imm != cpu->pc)
        r++;
    return !ir->insn[r].cc;
}

/*
 * A tagged pointer perhaps: true if the instruction is to be done over, with its address masked (or, where the lock is not
 * to be had, to come here again).  Another thread may have met it first, and this one be in what was made before that: block
 * b, which was dropped then, or (NULL) what it evaluates.
 * A thread that runs guest code does not hold the lock, but for one that is alone.
 */
static bool mask_from_now_on(struct cpu *cpu, const struct block *b)
{
    bool held = core.alone == cpu;
    if (!held && !lock_try(&core.lock))
        return true;
    bool again = mask_add(cpu->pc) || (b ? b->dead : is_bare(cpu, cpu_core(cpu)->evaluated));
    if (!held)
        lock_drop(&core.lock);
    return again;
}

/* The access of the guest instruction at cpu->pc failed: it faults, or is done over with its address masked. */
static enum exit_reason fault_or_again(struct cpu *cpu, const struct block *b, int signo,
                                       const siginfo_t *info, void *uc)
{
    if (signo == SIGSEGV && *greg(uc, REG_TRAPNO) == TRAPNO_GP && mask_from_now_on(cpu, b))
        return EXIT_NONE;
    note_fault(cpu, signo, info, uc);
    return EXIT_FAULT;
}

/* The invalid exception in translated code: the operation done over.  Threads may count one trap twice or lose one. */
static bool trap_in_code(struct cpu *cpu, const struct block *b, uint32_t off, void *uc)
{
    struct x86_trap *trap = find_trap(b, off);
    if (!trap)
        return false;
    cpu_core(cpu)->stats.traps++;
    bool counts = x86_trap_emulate(trap, cpu, uc, (uint64_t)block_host(b) + trap->end);
    if (!counts || __atomic_load_n(&trap->hits, __ATOMIC_RELAXED) > TRAPS_BEARABLE)
        return true;
    if (__atomic_add_fetch(&trap->hits, 1, __ATOMIC_RELAXED) <= TRAPS_BEARABLE)
        return true;
    if (lock_try(&core.lock)) {
        careful_add(trap->pc, CAREFUL_MOST);
        lock_drop(&core.lock);
    } else {
        __atomic_sub_fetch(&trap->hits, 1, __ATOMIC_RELAXED);
    }
    return true;
}

static void leave_code(struct cpu *cpu, const struct block *b, enum exit_reason why, void *uc)
{
    *greg(uc, REG_RAX) = why;
    *greg(uc, REG_RIP) = b->restore ? (uint64_t)block_host(b) + b->restore : (uint64_t)cpu->stub[STUB_EXIT];
}

static void leave_eval(struct cpu *cpu, enum exit_reason why, void *uc)
{
    *greg(uc, REG_RAX) = why;
    *greg(uc, REG_RSP) = (uint64_t)cpu_core(cpu)->guard_sp;
    *greg(uc, REG_RIP) = (uint64_t)guard_return;
}

/* Completes the guest's state: its pc and its flags, which code keeps in registers. */
static void state_at(struct cpu *cpu, const struct block *b, const struct x86_fault *f, void *uc)
{
    cpu->pc = f->pc;
    if (f->flags)
        x86_flags_restore(&block_flags(b)[f->flags - 1], cpu, uc);
}

static bool fault_in_code(struct cpu *cpu, int signo, const siginfo_t *info, void *uc)
{
    uint64_t rip = *greg(uc, REG_RIP);
    const struct block *b = cache_find_host((const void *)rip);
    if (!b)
        return false;
    uint32_t off = (uint32_t)(rip - (uint64_t)block_host(b));
    if (signo == SIGFPE)
        return trap_in_code(cpu, b, off, uc);
    if (signo != SIGSEGV && signo != SIGBUS)
        return false;
    if (shadow_overflow(cpu, info, uc))
        return true;
    struct x86_fault f;
    if (!block_fault(b, off, &f))
        return false;
    state_at(cpu, b, &f, uc);
    leave_code(cpu, b, fault_or_again(cpu, b, signo, info, uc), uc);
    return true;
}

/* A helper's copy stops where the memory does. */
static bool fault_in_helper(int signo, void *uc)
{
    const char *rip = (const char *)*greg(uc, REG_RIP);
    if ((signo != SIGSEGV && signo != SIGBUS) || rip < guarded_start || rip >= guarded_end)
        return false;
    *greg(uc, REG_RIP) = (uint64_t)guarded_out;
    return true;
}

static bool fault_in_eval(struct cpu *cpu, int signo, const siginfo_t *info, void *uc)
{
    if (signo != SIGSEGV && signo != SIGBUS)
        return false;
    leave_eval(cpu, fault_or_again(cpu, NULL, signo, info, uc), uc);
    return true;
}

bool dbt_host_fault(struct cpu *cpu, int signo, siginfo_t *info, void *uc)
{
    if (signo == SIGBUS && pool_lost(info->si_addr))
        return true;
    if (!cpu->in_code)
        return false;
    if (fault_in_helper(signo, uc))
        return true;
    if (cpu_core(cpu)->guard_sp)
        return fault_in_eval(cpu, signo, info, uc);
    return fault_in_code(cpu, signo, info, uc);
}

void dbt_host_signal(struct cpu *cpu, void *uc)
{
    const void *rip = (const void *)*greg(uc, REG_RIP);
    if (!cpu->in_code)
        return;
    if (cpu_core(cpu)->guard_sp) {
        if (ir_eval_is_access(rip))
            leave_eval(cpu, EXIT_SIGNAL, uc);
        return;
    }
    const struct block *b = cache_find_host(rip);
    if (!b)
        return;
    uint32_t off = (uint32_t)((uint64_t)rip - (uint64_t)block_host(b));
    struct x86_fault f;
    if (block_fault(b, off, &f) && f.host == off && f.access) {
        state_at(cpu, b, &f, uc);
        leave_code(cpu, b, EXIT_SIGNAL, uc);
    }
}
