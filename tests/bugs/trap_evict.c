/* SPDX-License-Identifier: MIT */
/*
 * Threads that make new code which uses tagged pointers, each use a trap of the host's, while the translations' memory
 * runs out all the time: who empties it waits for the others, who must not wait for him in their traps.
 *
 * modes: default tier1
 */
#include "../guest/c/t.h"

#include <pthread.h>
#include <sys/mman.h>

#define THREADS 4
#define ROUNDS  400

typedef uint64_t load_fn(const uint64_t *p);

static void *worker(void *arg)
{
    uint32_t *code = mmap(NULL, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t cell = (uintptr_t)arg, sum = 0;
    char text[64];
    for (uint64_t i = 0; i < ROUNDS; i++) {
        uint32_t *at = code + 16 * i;
        at[0] = 0xf9400000; /* ldr x0, [x0] */
        at[1] = 0xd65f03c0; /* ret */
        __builtin___clear_cache((char *)at, (char *)(at + 2));
        load_fn *load = (load_fn *)(void *)at;
        for (uint64_t k = 1; k <= 3; k++)
            sum += load((const uint64_t *)((uint64_t)&cell | (i + k) % 255 << 56));
        sum += (uint64_t)snprintf(text, sizeof text, "%g %lu %s", (double)i / 3, i, "text") > 0;
    }
    return (void *)sum;
}

int main(void)
{
    pthread_t t[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&t[i], NULL, worker, (void *)(i + 1));
    for (int i = 0; i < THREADS; i++) {
        void *sum;
        pthread_join(t[i], &sum);
        printf("%lu\n", (unsigned long)sum);
    }
    return 0;
}
