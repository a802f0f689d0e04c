/* SPDX-License-Identifier: MIT */
/* mprotect that fails in the middle of what was mapped at once has changed what is before: /proc/self/maps shows that. */
#include "../guest/c/t.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE   4096ul
#define PAGES  16
#define MSEAL  462
#define CHILDS 9 /* the page that a child does not get */
#define SEALED 13

static char *memory;

static void shown(const char *what)
{
    char line[512], perm[8], all[PAGES][8] = {{0}};
    uintptr_t start, end, at = (uintptr_t)memory;
    FILE *f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, f))
        for (int i = 0; i < PAGES && sscanf(line, "%lx-%lx %7s", &start, &end, perm) == 3; i++)
            if (at + i * PAGE >= start && at + i * PAGE < end)
                strcpy(all[i], perm);
    fclose(f);
    printf("%s:", what);
    for (int i = 0; i < PAGES; i++)
        printf(" %s", *all[i] ? all[i] : "-");
    printf("\n");
}

int main(void)
{
    memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("mseal", syscall(MSEAL, memory + SEALED * PAGE, PAGE, 0));
    show("to read", mprotect(memory + 2 * PAGE, (PAGES - 2) * PAGE, PROT_READ));
    shown("part");
    show("madvise", madvise(memory + CHILDS * PAGE, PAGE, MADV_DONTFORK));
    fflush(stdout);
    if (fork() == 0) {
        show("to write", mprotect(memory + 4 * PAGE, 7 * PAGE, PROT_READ | PROT_WRITE));
        shown("child");
        return 0;
    }
    wait(NULL);
    return 0;
}
