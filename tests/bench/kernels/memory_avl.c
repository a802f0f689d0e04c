/* SPDX-License-Identifier: MIT */
/* A balanced tree: insertions and look-ups. */
#include "bench.h"

#define N 20000
struct node {
    uint32_t key;
    int height;
    struct node *child[2];
};
static struct node pool[N];
static int used;

static int height(const struct node *n) { return n ? n->height : 0; }
static void settle(struct node *n)
{
    int a = height(n->child[0]), b = height(n->child[1]);
    n->height = 1 + (a > b ? a : b);
}
static struct node *rotate(struct node *n, int side)
{
    struct node *c = n->child[side];
    n->child[side] = c->child[!side];
    c->child[!side] = n;
    settle(n);
    settle(c);
    return c;
}
static struct node *insert(struct node *n, uint32_t key)
{
    if (!n) {
        n = &pool[used++];
        *n = (struct node){key, 1, {NULL, NULL}};
        return n;
    }
    if (n->key == key)
        return n;
    int side = key > n->key;
    n->child[side] = insert(n->child[side], key);
    settle(n);
    if (height(n->child[side]) - height(n->child[!side]) < 2)
        return n;
    if (height(n->child[side]->child[side]) < height(n->child[side]->child[!side]))
        n->child[side] = rotate(n->child[side], !side);
    return rotate(n, side);
}

int main(int argc, char **argv)
{
    uint32_t seed = 1;
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 37); r > 0; r--) {
        struct node *root = NULL;
        used = 0;
        for (int i = 0; i < N; i++)
            root = insert(root, bench_random(&seed) >> 8);
        for (int i = 0; i < N; i++) {
            const struct node *n = root;
            uint32_t key = bench_random(&seed) >> 8;
            while (n && n->key != key)
                n = n->child[key > n->key], sum++;
        }
    }
    return bench_end(sum);
}
