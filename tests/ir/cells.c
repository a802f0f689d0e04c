/* SPDX-License-Identifier: MIT */
/*
 * The bench that a test runs on, and its cells by name:
 *
 *   x0 .. x31, m0 .. m63 (words of memory)   numbers
 *   v0 .. v31                                {low, high} or [lanes]
 *   nzcv (a nibble), pc, poll, exit, arg (exit_arg), mon (mon_addr), dn, ah
 *   round (MXCSR's: 0 nearest, 1 down, 2 up, 3 zero), fz, fiz, exc (exceptions as MXCSR numbers them: 1 invalid, 2
 * flushed operand, with ah a subnormal one, 4 division by zero, 8 overflow, 16 underflow, 32 inexact)
 *
 * In code, $x3 and $v3 stand for offsets in struct cpu, and $mem for the memory's address.
 */
#include "tests/ir/runner.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xmmintrin.h>

static void helper_sum(struct cpu *cpu, union vec io[4])
{
    (void)cpu;
    io[0].u64[0] += io[1].u64[0] + io[2].u64[0] + io[3].u64[0];
}
static helper_fn *const helpers[] = {NULL, helper_sum};

void bench_init(struct bench *b)
{
    memset(b, 0, sizeof *b);
    b->cpu.mon_addr = ~(uint64_t)0;
    b->cpu.helpers = helpers;
    b->cpu.flags = nzcv_to_flags(0);
}

/* As guest code runs: the invalid exception unmasked. */
static unsigned fp_enter(struct bench *b)
{
    unsigned host = _mm_getcsr();
    b->cpu.fp_fz = b->fz && !b->cpu.fp_ah;
    _mm_setcsr(0x1f00 | b->round << 13 | (b->fz ? 0x8000 : 0) | (b->cpu.fp_fz || b->fiz ? 0x40 : 0) | b->exc);
    return host;
}

static void fp_leave(struct bench *b, unsigned host)
{
    b->exc = (_mm_getcsr() & 0x3f) | (b->cpu.fp_invalid ? 1 : 0);
    b->cpu.fp_invalid = 0;
    _mm_setcsr(host);
}

void bench_eval(struct bench *b, const struct ir *ir)
{
    unsigned host = fp_enter(b);
    b->exit = ir_eval(ir, &b->cpu);
    fp_leave(b, host);
    for (ir_ref n = 1; n < ir->count; n++)
        op_seen[ir->insn[n].op] = true;
}

void bench_eval_op(struct bench *b, const struct ir_insn *i, union vec io[4])
{
    unsigned host = fp_enter(b);
    ir_eval_op(i, NULL, &b->cpu, io);
    fp_leave(b, host);
    op_seen[i->op] = true;
}

static void skip(const char **p)
{
    while (**p == ' ' || **p == '\t' || **p == ',')
        ++*p;
}

static bool parse_number(const char **p, uint64_t *v)
{
    skip(p);
    bool neg = **p == '-';
    if (!isdigit((unsigned char)(*p)[neg]))
        return false;
    char *end;
    *v = strtoull(*p + neg, &end, 0);
    *v = neg ? -*v : *v;
    *p = end;
    return true;
}

static bool parse_lanes(const char **p, union vec *v)
{
    uint64_t lane[16];
    unsigned n = 0;
    for (skip(p); **p != ']'; skip(p))
        if (n == 16 || !parse_number(p, &lane[n++]))
            return false;
    ++*p;
    if (n != 2 && n != 4 && n != 8 && n != 16)
        return false;
    for (unsigned k = 0; k < n; k++)
        memcpy(&v->u8[16 / n * k], &lane[k], 16 / n);
    return true;
}

bool parse_value(const char **p, union vec *v)
{
    *v = (union vec){.u64 = {0, 0}};
    skip(p);
    if (**p == '[') {
        ++*p;
        return parse_lanes(p, v);
    }
    if (**p != '{')
        return parse_number(p, &v->u64[0]);
    ++*p;
    if (!parse_number(p, &v->u64[0]) || !parse_number(p, &v->u64[1]))
        return false;
    skip(p);
    return *(*p)++ == '}';
}

static const struct {
    const char *name;
    size_t offset;
    uint8_t bytes;
} named[] = {
#define CELL(name, field)                                                                                    \
    {                                                                                                        \
        name, offsetof(struct bench, field), sizeof((struct bench *)0)->field                                \
    }
    CELL("pc", cpu.pc),    CELL("poll", cpu.poll), CELL("arg", cpu.exit_arg), CELL("mon", cpu.mon_addr),
    CELL("dn", cpu.fp_dn), CELL("ah", cpu.fp_ah),  CELL("round", round),      CELL("fz", fz),
    CELL("fiz", fiz),      CELL("exc", exc),       CELL("exit", exit),
#undef CELL
};

/* Finds a cell by name; bytes 0 if there is none. */
static size_t cell_find(const char *name, size_t *offset)
{
    char *end = NULL;
    unsigned n = isdigit((unsigned char)name[1]) ? (unsigned)strtoul(name + 1, &end, 10) : 0;
    if (end && !*end) {
        *offset = offsetof(struct bench, cpu.a64.x) + 8 * n;
        if (name[0] == 'x' && n < 32)
            return 8;
        *offset = offsetof(struct bench, cpu.a64.v) + 16 * n;
        if (name[0] == 'v' && n < 32)
            return 16;
        *offset = offsetof(struct bench, mem) + 8 * n;
        if (name[0] == 'm' && n < MEM_WORDS)
            return 8;
    }
    for (size_t k = 0; k < sizeof named / sizeof *named; k++) {
        if (strcmp(named[k].name, name) == 0) {
            *offset = named[k].offset;
            return named[k].bytes;
        }
    }
    return 0;
}

static bool cell_line(struct bench *set, const struct bench *get, const char *line, char *why, size_t size)
{
    char name[16];
    int used = 0;
    union vec v, is = {.u64 = {0, 0}};
    size_t offset, bytes = 0;
    const char *p = line;
    if (sscanf(line, " %15[a-z0-9] = %n", name, &used) == 1 && used)
        p += used;
    if (!used || !parse_value(&p, &v)) {
        snprintf(why, size, "bad line: %.60s", line);
        return false;
    }
    if (strcmp(name, "nzcv") == 0) {
        if (set)
            set->cpu.flags = nzcv_to_flags((uint32_t)v.u64[0] << 28);
        is.u64[0] = flags_to_nzcv((set ? set : get)->cpu.flags) >> 28;
    } else if ((bytes = cell_find(name, &offset)) == 0) {
        snprintf(why, size, "no such cell: %s", name);
        return false;
    } else {
        if (set)
            memcpy((char *)set + offset, &v, bytes);
        memcpy(&is, (const char *)(set ? set : get) + offset, bytes);
    }
    if (memcmp(&is, &v, sizeof v) == 0)
        return true;
    snprintf(why, size, "%s is {0x%" PRIx64 ", 0x%" PRIx64 "}, not {0x%" PRIx64 ", 0x%" PRIx64 "}", name,
             is.u64[0], is.u64[1], v.u64[0], v.u64[1]);
    return false;
}

static bool cell_lines(struct bench *set, const struct bench *get, const char *text, char *why, size_t size)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        char line[256];
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        line[strcspn(line, "#")] = '\0';
        if (line[strspn(line, " \t")] && !cell_line(set, get, line, why, size))
            return false;
        text += n + (text[n] == '\n');
    }
    return true;
}

bool cells_set(struct bench *b, const char *text, char *why, size_t size)
{
    return cell_lines(b, NULL, text, why, size);
}

bool cells_expect(const struct bench *b, const char *text, char *why, size_t size)
{
    return cell_lines(NULL, b, text, why, size);
}

char *cells_substitute(const struct bench *b, const char *text)
{
    char *out = NULL;
    size_t length;
    FILE *f = open_memstream(&out, &length);
    while (*text) {
        char name[16];
        size_t offset;
        if (*text != '$' || sscanf(text, "$%15[a-z0-9]", name) != 1) {
            fputc(*text++, f);
            continue;
        }
        text += 1 + strlen(name);
        if (strcmp(name, "mem") == 0)
            fprintf(f, "0x%" PRIx64, (uint64_t)(uintptr_t)b->mem);
        else if (cell_find(name, &offset))
            fprintf(f, "%zu", offset - offsetof(struct bench, cpu));
        else
            fprintf(f, "?%s", name);
    }
    fclose(f);
    return out;
}
