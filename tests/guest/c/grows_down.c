/* SPDX-License-Identifier: MIT */
/* MAP_GROWSDOWN: the mapping grows at a touch below it, is shown so, and goes as a whole. */
#include "t.h"

#include <sys/mman.h>

#define HOLE (8ul << 20)

/* The protection that /proc/self/maps shows for the byte at p; empty: none. */
static void shown(const char *what, const void *p)
{
    char line[512], perm[8] = "";
    FILE *f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, f)) {
        unsigned long lo, hi;
        char s[8];
        if (sscanf(line, "%lx-%lx %7s", &lo, &hi, s) == 3 && (unsigned long)p >= lo && (unsigned long)p < hi)
            strcpy(perm, s);
    }
    fclose(f);
    printf("%s: %s\n", what, perm);
}

int main(void)
{
    char *hole = mmap(NULL, HOLE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    char *top = hole + HOLE - 4096;
    munmap(hole, HOLE);
    char *m = mmap(top, 4096, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN | MAP_STACK, -1, 0);
    CHECK(m == top);
    shown("below, before", m - 1);
    for (int i = 1; i <= 5; i++)
        m[-4096 * i] = (char)i;
    printf("%d %d %d\n", m[-4096], m[-3 * 4096], m[0]);
    shown("below, after", m - 5 * 4096);
    good("munmap", munmap(m - 5 * 4096, 6 * 4096));
    shown("gone", m - 4096);
    return 0;
}
