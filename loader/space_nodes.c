/* SPDX-License-Identifier: MIT */
/*
 * See space_nodes.h.  A tree was rejected: the kernel allows 65530 mappings, most guests have some hundred, and an array
 * is searched faster than a tree is walked.
 */
#include "loader/space_nodes.h"

#include <string.h>

struct space_nodes space_nodes;

size_t nodes_find(gaddr a)
{
    size_t lo = 0, hi = space_nodes.count;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (space_nodes.node[mid].end <= a)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void nodes_open(size_t at)
{
    memmove(&space_nodes.node[at + 1], &space_nodes.node[at],
            (space_nodes.count - at) * sizeof *space_nodes.node);
    space_nodes.count++;
}

struct backing backing_at(const struct node *n, gaddr a)
{
    struct backing b = n->backing;
    b.offset += b.object ? a - n->start : 0;
    return b;
}

/* Makes a border between nodes at address a, if one covers it. */
static void nodes_split(gaddr a)
{
    size_t i = nodes_find(a);
    if (i == space_nodes.count || space_nodes.node[i].start >= a || space_nodes.count == NODES_MAX)
        return;
    nodes_open(i);
    space_nodes.node[i].end = a;
    space_nodes.node[i + 1].start = a;
    space_nodes.node[i + 1].backing = backing_at(&space_nodes.node[i], a);
}

static bool node_joins(const struct node *a, const struct node *b)
{
    struct backing on = backing_at(a, b->start);
    return a->end == b->start && a->prot == b->prot && a->kind == b->kind && on.device == b->backing.device &&
           on.object == b->backing.object && on.offset == b->backing.offset &&
           on.no_code == b->backing.no_code;
}

void nodes_clear(gaddr start, gaddr end)
{
    nodes_split(start);
    nodes_split(end);
    size_t i = nodes_find(start), j = i;
    while (j < space_nodes.count && space_nodes.node[j].start < end)
        j++;
    memmove(&space_nodes.node[i], &space_nodes.node[j], (space_nodes.count - j) * sizeof *space_nodes.node);
    space_nodes.count -= j - i;
}

void nodes_put(struct node n)
{
    gaddr start = n.start, end = n.end;
    nodes_clear(start, end);
    size_t i = nodes_find(start);
    bool left = i > 0 && node_joins(&space_nodes.node[i - 1], &n);
    bool right = i < space_nodes.count && node_joins(&n, &space_nodes.node[i]);
    if (left && right) {
        space_nodes.node[i - 1].end = space_nodes.node[i].end;
        memmove(&space_nodes.node[i], &space_nodes.node[i + 1],
                (space_nodes.count - i - 1) * sizeof *space_nodes.node);
        space_nodes.count--;
    } else if (left) {
        space_nodes.node[i - 1].end = end;
    } else if (right) {
        space_nodes.node[i].start = start;
    } else if (space_nodes.count < NODES_MAX) {
        nodes_open(i);
        space_nodes.node[i] = n;
    }
}

void nodes_set(gaddr start, gaddr end, int prot, enum kind kind)
{
    nodes_put((struct node){.start = start, .end = end, .prot = (int16_t)prot, .kind = (uint8_t)kind});
}

void nodes_protect(gaddr start, gaddr end, int prot)
{
    while (start < end) {
        size_t i = nodes_find(start);
        if (i == space_nodes.count || space_nodes.node[i].start > start ||
            space_nodes.node[i].kind != NODE_GUEST)
            return;
        gaddr stop = space_nodes.node[i].end < end ? space_nodes.node[i].end : end;
        nodes_put((struct node){.start = start,
                                .end = stop,
                                .prot = (int16_t)prot,
                                .backing = backing_at(&space_nodes.node[i], start)});
        start = stop;
    }
}

bool nodes_has(gaddr start, gaddr end, enum kind kind, int prot)
{
    for (size_t i = nodes_find(start); i < space_nodes.count && space_nodes.node[i].start < end; i++)
        if (space_nodes.node[i].kind == kind && (!prot || (space_nodes.node[i].prot & prot)))
            return true;
    return false;
}

/* Copies the guest's nodes of [old, old + len) to another place. */
static void nodes_copy(gaddr old, uint64_t len, gaddr to)
{
    for (gaddr at = old; at < old + len;) {
        size_t i = nodes_find(at);
        if (i == space_nodes.count || space_nodes.node[i].start >= old + len)
            return;
        struct node n = space_nodes.node[i];
        n.start = n.start < at ? at : n.start;
        n.end = n.end < old + len ? n.end : old + len;
        n.backing = backing_at(&space_nodes.node[i], n.start);
        at = n.end;
        n.start += to - old;
        n.end += to - old;
        if (n.kind == NODE_GUEST)
            nodes_put(n);
    }
}

void nodes_remap(gaddr old, uint64_t old_len, gaddr to, uint64_t new_len, bool keep)
{
    size_t i = nodes_find(old_len ? old + old_len - 1 : old);
    struct node last = i < space_nodes.count ? space_nodes.node[i] : (struct node){.start = old};
    uint64_t less = old_len < new_len ? old_len : new_len;
    if (to != old)
        nodes_copy(old, less, to);
    gaddr gone = to == old ? old + less : old;
    if (!keep && gone < old + old_len)
        nodes_clear(gone, old + old_len);
    if (new_len > old_len)
        nodes_put((struct node){.start = to + old_len,
                                .end = to + new_len,
                                .prot = last.prot,
                                .backing = backing_at(&last, old + old_len)});
}
