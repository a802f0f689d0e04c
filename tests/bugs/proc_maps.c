/* SPDX-License-Identifier: MIT */
/* maps and smaps of another guest process say what they say to that process itself. */
#include "../guest/c/t.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

/* maps, and what smaps has beside it that does not change by itself. */
static size_t look(int pid, char *text, size_t size)
{
    static const char *const names[] = {"maps", "smaps"};
    char path[64], line[4096];
    size_t n = 0;
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/proc/%d/%s", pid, names[i]);
        FILE *f = fopen(path, "r");
        while (fgets(line, sizeof line, f) && n + sizeof line < size)
            if (i == 0 || strncmp(line, "Size:", 5) == 0)
                n += (size_t)sprintf(text + n, "%s", line);
            else if (strncmp(line, "VmFlags:", 8) == 0)
                n += (size_t)sprintf(text + n, "%d%d%d\n", !!strstr(line, " rd"), !!strstr(line, " wr"),
                                     !!strstr(line, " ex"));
        fclose(f);
    }
    return n;
}

/* The parent's, and its view of itself from a descriptor. */
static int compare(int view)
{
    static char mine[1 << 20], its[1 << 20];
    size_t n = look(getppid(), mine, sizeof mine);
    ssize_t m = pread(view, its, sizeof its, 0);
    printf("the same: %d\n", m == (ssize_t)n && memcmp(mine, its, n) == 0);
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    static char text[1 << 20];
    char number[16], *fixed, *p;
    if (argc > 1)
        return compare(atoi(argv[1]));
    look(getpid(), text, sizeof text); /* what that maps itself is there now */
    p = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(p + 10 * PAGE, PAGE, PROT_NONE);
    mprotect(p + 20 * PAGE, 4 * PAGE, PROT_READ | PROT_EXEC);
    munmap(p + 40 * PAGE, PAGE);
    fixed = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    mprotect(fixed + PAGE, PAGE, PROT_READ | PROT_EXEC);
    sbrk(3 * PAGE);
    int view = memfd_create("view", 0);
    size_t n = look(getpid(), text, sizeof text);
    printf("written: %d\n", write(view, text, n) == (ssize_t)n);
    printf("code: %d, heap: %d, stack: %d\n", strstr(text, "r-xp") != NULL, strstr(text, "[heap]") != NULL,
           strstr(text, "[stack]") != NULL);
    fflush(stdout);
    if (fork() == 0)
        _exit(compare(view));
    wait(NULL);
    snprintf(number, sizeof number, "%d", view);
    if (fork() == 0)
        execl("/proc/self/exe", "self", number, (char *)NULL);
    wait(NULL);
    return 0;
}
