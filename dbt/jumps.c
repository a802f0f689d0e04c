/* SPDX-License-Identifier: MIT */
/*
 * A thread's indirect-jump table, which code looks into (x86/lower_exit.c), and so does the run loop.
 *
 * It begins with one page, and becomes four and sixteen when many targets fall together.  What a small program runs would be
 * all over a large table, and every process has to get each page of it, and to copy it after a fork.
 */
#include "dbt/core.h"

#define FIRST 256u /* cells, a page */

static unsigned cells(const struct cpu *cpu)
{
    return (cpu->jump_mask >> 2) + 1;
}

static unsigned index_of(const struct cpu *cpu, gaddr pc)
{
    return (pc & cpu->jump_mask) >> 2;
}

static struct jump_cell *cell_of(struct cpu *cpu, gaddr pc)
{
    return &cpu_jumps(cpu)[index_of(cpu, pc)];
}

/* In an empty cell, pc is an address that is never looked up there: 0, so that a new table needs no writing, but for cell 0. */
static void empty(struct cpu *cpu, unsigned index)
{
    struct jump_cell *cell = &cpu_jumps(cpu)[index];
    gaddr none = index ? 0 : ~(gaddr)0;
    if (cell->pc != none || cell->host)
        *cell = (struct jump_cell){none, NULL};
}

static void empty_from(struct cpu *cpu, unsigned first)
{
    for (unsigned i = first; i < cells(cpu); i++)
        empty(cpu, i);
    cpu_core(cpu)->displaced = 0;
}

void jumps_begin(struct cpu *cpu)
{
    cpu->jump_mask = (FIRST - 1) << 2;
    empty_from(cpu, 0);
}

void jumps_empty(struct cpu *cpu)
{
    empty_from(cpu, 0);
}

/* What is in the cells so far stays, found or not; in the others may be what a former thread has left. */
static void grow(struct cpu *cpu)
{
    unsigned from = cells(cpu);
    cpu->jump_mask = (4 * from - 1) << 2;
    empty_from(cpu, from);
}

const void *jumps_find(struct cpu *cpu, gaddr pc)
{
    const struct jump_cell *cell = cell_of(cpu, pc);
    const void *host = cell->host;
    /* A flush empties the cell at any time; NULL: now. */
    return cell->pc == pc ? host : NULL;
}

void jumps_set(struct cpu *cpu, gaddr pc, const void *host)
{
    struct jump_cell *cell = cell_of(cpu, pc);
    if (cell->host && cell->pc != pc && cells(cpu) < JUMP_CELLS &&
        ++cpu_core(cpu)->displaced > cells(cpu) / 2) {
        grow(cpu);
        cell = cell_of(cpu, pc);
    }
    if (cell->pc != pc || cell->host != host) /* a write copies its page, after a fork */
        *cell = (struct jump_cell){pc, host};
}

void jumps_forget(struct cpu *cpu, gaddr pc)
{
    if (cell_of(cpu, pc)->pc == pc)
        empty(cpu, index_of(cpu, pc));
}
