/* SPDX-License-Identifier: MIT */
/*
 * Loops that other threads run are rewritten so that they end: all threads come out, with every register's last value,
 * although they do nothing that would make them look.
 */
#include "t.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

enum { THREADS = 3, ROUNDS = 20, WORDS = 8 };
static uint32_t *code;
static int running;

/* x0 counts turns; x9, x28 and d9 go with it. */
static const uint32_t loop[WORDS] = {
    0x91000400, /* 1: add x0, x0, #1 */
    0x8b000129, /* add x9, x9, x0 */
    0x9100079c, /* add x28, x28, #1 */
    0x1e7e2929, /* fadd d9, d9, d30 */
    0x17fffffc, /* b 1b: becomes ret */
    0xd65f03c0, /* ret */
};
enum { BACK = 4 };

static void *turn(void *arg)
{
    __atomic_fetch_add(&running, 1, __ATOMIC_RELEASE);
    register uint64_t x0 __asm__("x0") = 0, x9 __asm__("x9") = 0, x28 __asm__("x28") = 5;
    register double d9 __asm__("d9") = 0, d30 __asm__("d30") = 1;
    __asm__ volatile("blr %5"
                     : "+r"(x0), "+r"(x9), "+r"(x28), "+w"(d9)
                     : "w"(d30), "r"(code)
                     : "x30", "memory");
    bool ok = x9 == x0 * (x0 + 1) / 2 && x28 == x0 + 5 && d9 == (double)x0;
    return ok ? arg : NULL;
}

int main(void)
{
    code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int right = 0;
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(code, loop, sizeof loop);
        __builtin___clear_cache((char *)code, (char *)(code + WORDS));
        pthread_t t[THREADS];
        running = 0;
        for (int i = 0; i < THREADS; i++)
            pthread_create(&t[i], NULL, turn, &running);
        while (__atomic_load_n(&running, __ATOMIC_ACQUIRE) < THREADS)
            usleep(100);
        usleep(1000u * (unsigned)(round % 4));
        code[BACK] = 0xd65f03c0;
        __builtin___clear_cache((char *)(code + BACK), (char *)(code + BACK + 1));
        for (int i = 0; i < THREADS; i++) {
            void *r;
            pthread_join(t[i], &r);
            right += r != NULL;
        }
    }
    printf("right %d\n", right);
    return 0;
}
