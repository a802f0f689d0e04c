/* SPDX-License-Identifier: MIT */
/* What the translator must know about a guest instruction set.  One struct a guest, which run.c chooses. */
#ifndef DBT_GUEST_H
#define DBT_GUEST_H

#include "dbt/cpu.h"
#include "dbt/ir/ir.h"

struct dbt_guest {
    const char *name;
    /*
     * Appends the IR of the instruction at pc, whose `avail` bytes (at least one instruction's smallest size) stand at
     * `code`.  Returns its length in bytes, or 0 if it is unallocated or unimplemented (then nothing was appended).
     * Sets *end if the instruction ended the unit (appended an E operation).
     */
    unsigned (*insn)(struct ir *ir, gaddr pc, const void *code, size_t avail, bool *end);
    /*
     * Told at a glance, without IR: the length of the instruction at `code`, if it is allocated, ends no unit, and either
     * leaves the flags alone or overwrites them all (*set).  0: only its IR tells.
     */
    unsigned (*flags)(const void *code, size_t avail, bool *set);
    /* Cells (offsets in struct cpu) worth a host register, hottest first, ending with 0: I64 cells and V cells. */
    const int32_t *pin_int, *pin_vec;
    /* C functions by HELPER number. */
    helper_fn *const *helpers;
    unsigned helper_count;
    /* Does a sequence begin with this instruction during which no other thread may run?  It ends when the exclusive
     * monitor opens.  *beyond: the instructions behind it were looked at. */
    bool (*alone)(const void *code, size_t avail, bool *beyond);
    /* The start of a unit, where guarded memory is in use: the check that an indirect jump may land at `code`. */
    void (*land)(struct ir *ir, gaddr pc, const void *code);
    /*
     * Must the guest go on in careful units (ir.careful)?  For what hardly any program does and would cost every unit a
     * check: ordinary units assume that it is not so, and leave by LEAVE_IF as soon as it is; then all units are careful.
     */
    bool (*careful)(const struct cpu *cpu);
    /* Tells apart processes, and times of a process, for which `insn` makes different IR of the same code. */
    uint64_t (*variant)(void);
    /* So many top bits of an address count for nothing: they are copies of the bit below. */
    unsigned ignored_bits;
};

extern const struct dbt_guest dbt_guest_a64;

#endif
