/* SPDX-License-Identifier: MIT */
/*
 * A thread that ended leaves nothing behind: thousands of them do not make the process grow; nor do
 * thousands of forks' ends and mappings.
 *
 * modes: default interp
 */
#include "../guest/c/t.h"

#include <pthread.h>
#include <sys/mman.h>

static long resident(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    fscanf(f, "%*d %ld", &pages);
    fclose(f);
    return pages * 4;
}

static void *nothing(void *arg)
{
    return arg;
}

static void threads(int n)
{
    for (int i = 0; i < n; i++) {
        pthread_t t;
        pthread_create(&t, NULL, nothing, NULL);
        pthread_join(t, NULL);
    }
}

int main(void)
{
    threads(200);
    long before = resident();
    threads(2000);
    long after = resident();
    printf("threads: %s\n", after - before < 2000 ? "nothing lost" : "memory lost");
    for (int i = 0; i < 2000; i++) {
        char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        p[5] = 1;
        mprotect(p + 4096, 4096, PROT_READ);
        munmap(p, 1 << 20);
    }
    printf("mappings: %s\n", resident() - after < 1000 ? "nothing lost" : "memory lost");
    return 0;
}
