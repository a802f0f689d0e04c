/* SPDX-License-Identifier: MIT */
/*
 * The ranges behind space.c: a sorted array of disjoint ranges.  Whoever looks at them or changes them holds space.c's lock
 * `map`.  Where the array is full (four times what the kernel allows), what would need another range is left as it is.
 */
#ifndef LOADER_SPACE_NODES_H
#define LOADER_SPACE_NODES_H

#include "loader/space.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NODES_MAX (1u << 18)

/* What memory it is; all 0: nobody else's. */
struct backing {
    uint64_t device, object, offset;
    bool no_code; /* of a file system mounted noexec */
};
#define DEVICE_ANONYMOUS (~0ull) /* shared mappings without a file, numbered */
#define DEVICE_SYSV      (~1ull) /* segments of System V, by identifier + 1 */

enum kind { NODE_GUEST, NODE_OWN, NODE_GAP };

struct node {
    gaddr start, end;
    int16_t prot;
    uint8_t kind;
    struct backing backing;
};

/* node: memory for NODES_MAX of them, by space_init. */
extern struct space_nodes {
    struct node *node;
    size_t count;
} space_nodes;

/* Index of the first node that ends above a. */
size_t nodes_find(gaddr a);

/* What backs the address a of node n, which may be its end. */
struct backing backing_at(const struct node *n, gaddr a);

/* Is there a node of this kind in [start, end), with any of the bits of prot (0: whatever it has)? */
bool nodes_has(gaddr start, gaddr end, enum kind kind, int prot);

/* Replace what is in [n.start, n.end), or in [start, end), with this, or with nothing.  Joins it to its neighbours. */
void nodes_put(struct node n);
void nodes_set(gaddr start, gaddr end, int prot, enum kind kind);
void nodes_clear(gaddr start, gaddr end);

/* Protects guest nodes up to the first hole, as the kernel does. */
void nodes_protect(gaddr start, gaddr end, int prot);

/* What mremap(2) has done: old_len is 0 where memory is mapped once more; keep: MREMAP_DONTUNMAP.  Memory of several
 * protections may be moved and made smaller, too (Linux 6.17). */
void nodes_remap(gaddr old, uint64_t old_len, gaddr to, uint64_t new_len, bool keep);

#endif
