/* SPDX-License-Identifier: MIT */
/*
 * Descriptions of blocks: what faults, signals and invalidations have to know, in few bytes.
 *
 * There is hardly more code than there are descriptions of it, and programs that run much code once wait for memory more
 * than for anything else: so the tables of a block follow it without pointers, ranges are packed, and the fault table, which
 * nobody reads before something goes wrong, is a chain of differences:
 *
 *   number (host - host before) << 2 | access << 1 | has flags
 *   number pc - pc before, folded so that small negative ones are short (the first: from the block's pc)
 *   number flags, if it has them
 *
 * A number is seven bits a byte, the lowest first, the top bit set in all but the last.
 */
#include "dbt/core.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 10, FAULT_MAX = 3 * NUMBER_MAX, LINK_FIELD = 15 };

static uint8_t *put_number(uint8_t *p, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        *p++ = (uint8_t)(v | 0x80);
    *p++ = (uint8_t)v;
    return p;
}

static const uint8_t *get_number(const uint8_t *p, uint64_t *v)
{
    *v = 0;
    for (unsigned shift = 0;; shift += 7) {
        *v |= (uint64_t)(*p & 0x7f) << shift;
        if (!(*p++ & 0x80))
            return p;
    }
}

static uint64_t fold_sign(uint64_t v)
{
    return v << 1 ^ (0 - (v >> 63));
}

static uint64_t unfold_sign(uint64_t v)
{
    return v >> 1 ^ (0 - (v & 1));
}

static uint8_t *put_faults(uint8_t *p, const struct x86_code *code, gaddr pc)
{
    uint32_t host = 0;
    for (uint32_t k = 0; k < code->fault_count; k++) {
        const struct x86_fault *f = &code->faults[k];
        p = put_number(p, (uint64_t)(f->host - host) << 2 | (uint64_t)f->access << 1 | (f->flags != 0));
        p = put_number(p, fold_sign(f->pc - pc));
        if (f->flags)
            p = put_number(p, f->flags);
        host = f->host;
        pc = f->pc;
    }
    return p;
}

static const uint8_t *get_fault(const uint8_t *p, struct x86_fault *f)
{
    uint64_t host, pc, flags = 0;
    p = get_number(p, &host);
    p = get_number(p, &pc);
    if (host & 1)
        p = get_number(p, &flags);
    f->host += (uint32_t)(host >> 2);
    f->access = host >> 1 & 1;
    f->flags = (uint16_t)flags;
    f->pc += unfold_sign(pc);
    return p;
}

bool block_fault(const struct block *b, uint32_t offset, struct x86_fault *found)
{
    const uint8_t *p = block_faults(b), *end = p + b->fault_bytes;
    struct x86_fault f = {.pc = b->pc};
    bool any = false;
    while (p < end) {
        p = get_fault(p, &f);
        if (f.host > offset)
            break;
        *found = f;
        any = true;
    }
    return any;
}

size_t block_measure(struct block *b, const struct x86_code *code, unsigned range_count, unsigned page_count)
{
    b->range_count = (uint8_t)range_count;
    b->page_count = (uint8_t)page_count;
    size_t size =
        sizeof *b + range_count * sizeof(struct packed_range) + page_count * sizeof(struct page_user);
    if (!code)
        return size;
    b->link_count = (uint16_t)code->exit_count;
    b->trap_count = (uint16_t)code->trap_count;
    b->flags_count = (uint16_t)code->flags_count;
    return size + code->exit_count * sizeof(struct link) + code->trap_count * sizeof(struct x86_trap) +
           code->flags_count * sizeof(struct x86_flags) + code->fault_count * FAULT_MAX + code->packed_bytes;
}

static void describe_links(struct block *b, const struct x86_code *code)
{
    struct link *l = block_links(b);
    for (uint32_t i = 0; i < code->exit_count; i++) {
        const struct x86_exit *e = &code->exits[i];
        uint32_t cold = e->behind - e->cold, guard = e->guard ? (b->size - e->guard) / 8 : 0;
        if (cold > LINK_FIELD || guard > LINK_FIELD)
            abort(); /* the back end's exits have become larger than struct link knows */
        l[i] = (struct link){.site = b->code + e->site,
                             .behind = b->code + e->behind,
                             .target = (int64_t)e->target,
                             .cold_size = cold & LINK_FIELD,
                             .from_guard = guard & LINK_FIELD};
    }
}

size_t block_describe(struct block *b, const struct x86_code *code, const struct block_range *ranges)
{
    for (unsigned k = 0; k < b->range_count; k++)
        block_ranges(b)[k] =
            (struct packed_range){(uint32_t)ranges[k].start, (uint16_t)(ranges[k].start >> 32),
                                  (uint16_t)(ranges[k].end - ranges[k].start)};
    uint8_t *end = block_faults(b);
    if (code) {
        b->loop = code->loop;
        b->restore = code->restore;
        if (code->trap_count)
            memcpy(block_traps(b), code->traps, code->trap_count * sizeof *code->traps);
        if (code->flags_count)
            memcpy(block_flags(b), code->flags, code->flags_count * sizeof *code->flags);
        describe_links(b, code);
        end = code->packed_bytes ? mempcpy(end, code->packed, code->packed_bytes)
                                 : put_faults(end, code, b->pc);
        b->fault_bytes = (uint32_t)(end - block_faults(b));
    }
    return (size_t)(end - (uint8_t *)b);
}
