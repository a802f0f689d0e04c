/* SPDX-License-Identifier: MIT */
/*
 * Tier 0: guest code that runs for the first time is evaluated, not compiled.
 *
 * Three quarters of what a program executes while it starts is executed once; evaluating an instruction costs a third
 * of compiling it.  So a unit is compiled when its address comes up for the second time.  Where two addresses are taken for
 * one, the second is compiled a little early; a program with very much code is compiled as if there were no tier 0.  What
 * every process of a program runs once is compiled in the second of them, for all that follow.
 *
 * The IR is built under the translator's lock into memory of the thread's own and evaluated without the lock; like a
 * block that a thread is in, it may be the code as it was a moment ago.  With --tier=1 everything is compiled at once,
 * which is what tests of the compiler want.
 */
#include "dbt/core.h"

#include "dbt/ir/eval.h"

#include <string.h>

static struct pc_set own_seen, *seen = &own_seen;

void once_share(struct pc_set *set)
{
    if (!set)
        set = &own_seen;
    memcpy(set, seen, sizeof *set);
    seen = set;
}

bool once_is_first(gaddr pc)
{
    return !core.config.tier && !pc_set_has(seen, pc) && !pool_was_run(pc);
}

struct ir *once_memory(struct cpu *cpu)
{
    struct ir *ir = &cpu_core(cpu)->once;
    if (!ir->insn)
        ir_init(ir);
    return ir;
}

const struct ir *once_build(struct cpu *cpu, uint64_t *why)
{
    struct ir *ir = once_memory(cpu);
    pc_set_add(seen, cpu->pc);
    pool_run(cpu->pc);
    return translate_once(ir, cpu->pc, why) ? ir : NULL;
}

void once_free(struct cpu *cpu)
{
    ir_free(&cpu_core(cpu)->once);
}

static uint32_t evaluate(void *arg, struct cpu *cpu)
{
    return ir_eval(arg, cpu);
}

enum exit_reason eval_run(struct cpu *cpu, const struct ir *ir)
{
    void **guard = &cpu_core(cpu)->guard_sp;
    struct stats_thread *stats = &cpu_core(cpu)->stats;
    uint64_t start = stats_clock();
    cpu_core(cpu)->evaluated = ir;
    uint32_t host = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(cpu->mxcsr);
    enum exit_reason r = guard_call(evaluate, (void *)ir, cpu, guard);
    *guard = NULL;
    cpu->mxcsr = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(host);
    stats->evaluated++;
    stats->eval_ns += stats_clock() - start;
    return r;
}
