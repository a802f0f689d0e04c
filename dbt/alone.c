/* SPDX-License-Identifier: MIT */
/*
 * Sequences of guest instructions during which no other guest thread runs.
 *
 * For what the guest's hardware makes atomic and the host cannot (which that is, the guest says: dbt_guest.alone): all
 * threads are asked out of guest code and kept out, and this one's instructions are evaluated one by one until the
 * exclusive monitor is open again.  Nobody can come in between, so a compare with the remembered value is exact.  (The
 * kernel, on behalf of a thread in a system call, and other processes are not held up.)
 *
 * A sequence that is interrupted, or longer than Arm ARM B2.9.5 lets a program hope for, ends with the monitor open: its
 * store fails, as it may on hardware.
 */
#include "dbt/core.h"

#define ALONE_INSNS 1024

static enum exit_reason run_sequence(struct cpu *cpu, struct ir *ir)
{
    for (unsigned n = 0; n < ALONE_INSNS; n++) {
        if (!translate_insn(ir, cpu->pc, &cpu->exit_arg))
            return EXIT_FETCH_FAULT;
        enum exit_reason r = eval_run(cpu, ir);
        if (r != EXIT_NONE)
            return r;
        if (cpu->mon_addr == ~(uint64_t)0)
            break;
    }
    return EXIT_NONE;
}

enum exit_reason alone_run(struct cpu *cpu)
{
    lock_take(&core.lock);
    struct ir *ir = once_memory(cpu);
    core_stop();
    core.alone = cpu;
    cpu->in_code = true;
    enum exit_reason r = run_sequence(cpu, ir);
    cpu->mon_addr = ~(uint64_t)0;
    cpu->in_code = false;
    core.alone = NULL;
    core_go_on();
    lock_drop(&core.lock);
    return r;
}
