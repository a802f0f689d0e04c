/* SPDX-License-Identifier: MIT */
/*
 * malloc, realloc, calloc, free, aligned_alloc of random sizes (heap by brk and by mmap) with contents
 * checked; brk itself.
 */
#include "t.h"

#include <malloc.h>
#include <unistd.h>

enum { N = 500 };
static struct {
    uint8_t *p;
    size_t n;
    uint8_t fill;
} slot[N];

static bool intact(int i)
{
    for (size_t k = 0; k < slot[i].n; k += slot[i].n / 16 + 1)
        if (slot[i].p[k] != slot[i].fill)
            return false;
    return !slot[i].n || slot[i].p[slot[i].n - 1] == slot[i].fill;
}

static size_t size(void)
{
    uint64_t r = rnd();
    return r % 50 == 0 ? r >> 8 & 0xfffff : r % 5 == 0 ? r >> 8 & 0x3fff : r >> 8 & 0xff;
}

int main(void)
{
    int bad = 0;
    for (int step = 0; step < 15000; step++) {
        int i = (int)(rnd() % N);
        bad += !intact(i);
        if (!slot[i].p || rnd() % 3 == 0) {
            size_t n = size(), keep = n < slot[i].n ? n : slot[i].n;
            uint8_t *p = realloc(slot[i].p, n ? n : 1);
            for (size_t k = 0; k < keep; k += keep / 8 + 1)
                bad += p[k] != slot[i].fill;
            slot[i].p = p, slot[i].n = n;
        } else {
            free(slot[i].p);
            slot[i].n = size();
            slot[i].p = step % 7 == 0 ? aligned_alloc(256, (slot[i].n + 256) & ~255ul)
                        : step % 2    ? malloc(slot[i].n + 1)
                                      : calloc(1, slot[i].n + 1);
            bad += step % 7 == 0 && ((uintptr_t)slot[i].p & 255);
        }
        slot[i].fill = (uint8_t)step;
        memset(slot[i].p, slot[i].fill, slot[i].n);
    }
    for (int i = 0; i < N; i++)
        bad += !intact(i), free(slot[i].p);
    printf("bad %d\n", bad);
    malloc_trim(0);
    char *start = sbrk(0), *p = sbrk(3 << 20);
    printf("%d %d %d\n", p == start, sbrk(0) == p + (3 << 20), p[(3 << 20) - 1]);
    p[100] = 7;
    sbrk(-(2 << 20));
    printf("%d %d\n", sbrk(0) == p + (1 << 20), p[100]);
    sbrk(2 << 20);
    printf("%d\n", p[2 << 20]);
    show("sbrk", sbrk(1l << 46) == (void *)-1 ? -1 : 0);
    void *huge = malloc(1ull << 62);
    printf("%p\n", huge);
    return 0;
}
