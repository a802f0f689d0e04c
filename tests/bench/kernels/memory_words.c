/* SPDX-License-Identifier: MIT */
/* Words counted in a table with chains, each in memory of its own. */
#include "bench.h"

#define BUCKETS 4096
struct entry {
    struct entry *next;
    uint32_t count;
    char word[];
};
static struct entry *table[BUCKETS];

static struct entry *find(const char *word)
{
    uint32_t h = 0;
    for (const char *p = word; *p; p++)
        h = h * 31 + (unsigned char)*p;
    for (struct entry *e = table[h % BUCKETS]; e; e = e->next)
        if (strcmp(e->word, word) == 0)
            return e;
    struct entry *e = malloc(sizeof *e + strlen(word) + 1);
    e->next = table[h % BUCKETS];
    e->count = 0;
    strcpy(e->word, word);
    return table[h % BUCKETS] = e;
}

int main(int argc, char **argv)
{
    uint32_t seed = 4;
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 2400000); r > 0; r--) {
        char word[16];
        uint32_t v = bench_random(&seed) >> 18;
        int n = 0;
        do
            word[n++] = (char)('a' + v % 16);
        while (v /= 5);
        word[n] = 0;
        sum += ++find(word)->count;
    }
    for (int i = 0; i < BUCKETS; i++)
        for (struct entry *e = table[i], *next; e; e = next) {
            next = e->next;
            free(e);
        }
    return bench_end(sum);
}
