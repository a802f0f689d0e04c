/* SPDX-License-Identifier: MIT */
/* An interpreter of a register machine: a switch in a loop. */
#include "bench.h"

enum { ADD, MUL, AND, SHIFT, MOVE, LOAD, LESS, LESS_K, JUMP, JUMP_IF, JUMP_UNLESS, STOP };
struct insn {
    uint8_t op, a, b, c;
    int32_t k;
};

/* Counts in register 2 the steps of 3n + 1 for all n below register 0. */
static const struct insn program[] = {
    {LOAD, 1, 0, 0, 1},   {LOAD, 2, 0, 0, 0},    {LESS, 3, 1, 0, 0},   {JUMP_UNLESS, 3, 0, 0, 17}, {MOVE, 4, 1, 0, 0},
    {LESS_K, 3, 4, 0, 2}, {JUMP_IF, 3, 0, 0, 15}, {ADD, 2, 2, 0, 1},   {AND, 3, 4, 0, 1},          {JUMP_IF, 3, 0, 0, 12},
    {SHIFT, 4, 4, 0, 1},  {JUMP, 0, 0, 0, 5},     {MUL, 4, 4, 0, 3},   {ADD, 4, 4, 0, 1},          {JUMP, 0, 0, 0, 5},
    {ADD, 1, 1, 0, 1},    {JUMP, 0, 0, 0, 2},     {STOP, 0, 0, 0, 0},
};

static uint64_t run(int64_t limit)
{
    int64_t r[8] = {limit};
    for (const struct insn *i = program;; i++)
        switch (i->op) {
        case ADD: r[i->a] = r[i->b] + i->k; break;
        case MUL: r[i->a] = r[i->b] * i->k; break;
        case AND: r[i->a] = r[i->b] & i->k; break;
        case SHIFT: r[i->a] = r[i->b] >> i->k; break;
        case MOVE: r[i->a] = r[i->b]; break;
        case LOAD: r[i->a] = i->k; break;
        case LESS: r[i->a] = r[i->b] < r[i->c]; break;
        case LESS_K: r[i->a] = r[i->b] < i->k; break;
        case JUMP: i = program + i->k - 1; break;
        case JUMP_IF: i = r[i->a] ? program + i->k - 1 : i; break;
        case JUMP_UNLESS: i = r[i->a] ? i : program + i->k - 1; break;
        default: return (uint64_t)r[2];
        }
}

int main(int argc, char **argv)
{
    return bench_end(run(bench_rounds(argc, argv, 120000)));
}
