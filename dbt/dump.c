/* SPDX-License-Identifier: MIT */
/* --dump: every stage of a unit on its way to host code: guest code, its IR, that optimised, registers, host code. */
#include "dbt/core.h"

bool dump_wanted(enum dbt_dump what, gaddr pc)
{
    return (core.config.dump & what) && (core.config.dump_pc == 0 || core.config.dump_pc == pc);
}

static void disassemble(bool host, const void *bytes, size_t len, uint64_t addr)
{
    if (core.config.disas)
        core.config.disas(core.config.dump_out, host, bytes, len, addr);
}

void dump_guest(gaddr pc, uint32_t len)
{
    fprintf(core.config.dump_out, "-- in %#lx\n", (unsigned long)pc);
    disassemble(false, (const void *)pc, len, pc);
}

void dump_ir(const char *stage, const struct ir *ir)
{
    fprintf(core.config.dump_out, "-- %s %#lx\n", stage, (unsigned long)ir->pc);
    ir_print(ir, core.config.dump_out);
}

void dump_host(const struct x86_code *code, gaddr pc)
{
    fprintf(core.config.dump_out, "-- out %#lx: %u bytes, cold from %#x\n", (unsigned long)pc, code->size,
            code->cold);
    disassemble(true, code->bytes, code->size, 0);
}
