/* SPDX-License-Identifier: MIT */
/* Each mapping in smaps has numbers of its own, also where several are one of the host's, which need not know all about their
 * protections. */
#include "../guest/c/t.h"

#include <sys/mman.h>

#define PAGE  4096ul
#define PAGES 64

static void print(uintptr_t area)
{
    char line[4096], name[64];
    unsigned long start = 0, end = 0, from, to, value;
    int lines = 0, sizes = 0, rss = 0, wrong = 0;
    FILE *f = fopen("/proc/self/smaps", "r");
    while (fgets(line, sizeof line, f)) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
            lines++, start = from, end = to;
            if (start >= area && end <= area + PAGES * PAGE)
                printf("%lu to %lu: %.4s\n", (start - area) / PAGE, (end - area) / PAGE, strchr(line, ' ') + 1);
        } else if (strncmp(line, "VmFlags:", 8) == 0) {
            if (start >= area && end <= area + PAGES * PAGE)
                printf("flags %d%d%d\n", !!strstr(line, " rd"), !!strstr(line, " wr"), !!strstr(line, " ex"));
        } else if (sscanf(line, "%63[^:]: %lu kB", name, &value) == 2 && strcmp(name, "THPeligible") != 0) {
            bool size = strcmp(name, "Size") == 0;
            sizes += size;
            rss += strcmp(name, "Rss") == 0;
            wrong += size ? value << 10 != end - start : value << 10 > end - start;
            if (start >= area && end <= area + PAGES * PAGE && strcmp(name, "Referenced") != 0)
                fputs(line, stdout);
        }
    }
    fclose(f);
    printf("all have numbers: %d, wrong: %d\n", sizes == lines && rss == lines, wrong);
}

static char *make(const char *what, int flags, int fd)
{
    char *p = mmap(NULL, PAGES * PAGE, PROT_NONE, flags, fd, 0);
    printf("%s\n", what);
    madvise(p, PAGES * PAGE, MADV_NOHUGEPAGE);
    mprotect(p + PAGE, (PAGES - 2) * PAGE, PROT_READ | PROT_WRITE);
    return p;
}

/* Some pages of some thirds of what is between the first and the last page, in which all is one mapping but for its protection. */
static void look(char *p, unsigned first, unsigned second, unsigned third)
{
    memset(p + PAGE, 1, first * PAGE);
    memset(p + 21 * PAGE, 1, second * PAGE);
    memset(p + 41 * PAGE, 1, third * PAGE);
    mprotect(p + PAGE, (PAGES - 2) * PAGE, PROT_READ);
    mprotect(p + 21 * PAGE, 20 * PAGE, PROT_READ | PROT_EXEC);
    print((uintptr_t)p);
    munmap(p, PAGES * PAGE);
}

int main(void)
{
    look(make("private", MAP_PRIVATE | MAP_ANONYMOUS, -1), 3, 5, 9);
    look(make("none in the first", MAP_PRIVATE | MAP_ANONYMOUS, -1), 0, 20, 1);
    look(make("none", MAP_PRIVATE | MAP_ANONYMOUS, -1), 0, 0, 0);
    look(make("shared", MAP_SHARED | MAP_ANONYMOUS, -1), 1, 2, 3);
    return 0;
}
