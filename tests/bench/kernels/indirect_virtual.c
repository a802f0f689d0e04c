/* SPDX-License-Identifier: MIT */
/* Objects of five kinds in a tree, each with a table of methods. */
#include "bench.h"

struct node;
struct methods {
    int64_t (*value)(const struct node *);
    int (*depth)(const struct node *);
};
struct node {
    const struct methods *m;
    int64_t number;
    const struct node *left, *right;
};

static int64_t value_of(const struct node *n) { return n->m->value(n); }
static int depth_of(const struct node *n) { return n->m->depth(n); }
static int64_t constant(const struct node *n) { return n->number; }
static int64_t sum(const struct node *n) { return value_of(n->left) + value_of(n->right); }
static int64_t difference(const struct node *n) { return value_of(n->left) - value_of(n->right); }
static int64_t larger(const struct node *n)
{
    int64_t a = value_of(n->left), b = value_of(n->right);
    return a > b ? a : b;
}
static int64_t opposite(const struct node *n) { return -value_of(n->left); }
static int leaf_depth(const struct node *n) { return n->number >= 0; }
static int inner_depth(const struct node *n)
{
    int a = depth_of(n->left), b = depth_of(n->right);
    return 1 + (a > b ? a : b);
}
static const struct methods kinds[] = {{constant, leaf_depth}, {sum, inner_depth}, {difference, inner_depth},
                                       {larger, inner_depth}, {opposite, inner_depth}};

static struct node nodes[4096];
static int used;

static const struct node *make(int depth, uint32_t *seed)
{
    struct node *n = &nodes[used++];
    uint32_t r = bench_random(seed) >> 16;
    n->m = &kinds[depth == 0 ? 0 : 1 + r % 4];
    n->number = r;
    if (depth) {
        n->left = make(depth - 1, seed);
        n->right = make(depth - 1, seed);
    }
    return n;
}

int main(int argc, char **argv)
{
    uint32_t seed = 1;
    uint64_t total = 0;
    const struct node *root = make(10, &seed);
    for (long r = bench_rounds(argc, argv, 28000); r > 0; r--) {
        nodes[r & 2047].number++;
        total += (uint64_t)value_of(root) + (uint64_t)depth_of(root);
    }
    return bench_end(total);
}
