/* SPDX-License-Identifier: MIT */
/*
 * Parent, child and grandchild go on with the same code, and each changes it: by running ways that none went before, often; by
 * writing code anew, or unmapping it; in threads.
 */
#include "t.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define FUNCTIONS 64
#define SIZE      16 /* bytes of each */
#define ROUNDS    12

static char *code;
static uint32_t value[FUNCTIONS]; /* what each is to return */
static volatile int wrong;

static void write_function(int i, uint32_t v)
{
    uint32_t insn[] = {0x52800000 | (v & 0xffff) << 5, 0xd65f03c0}; /* mov w0, #v; ret */
    value[i] = v & 0xffff;
    memcpy(code + i * SIZE, insn, sizeof insn);
    __builtin___clear_cache(code + i * SIZE, code + i * SIZE + sizeof insn);
}

static uint32_t call(int i)
{
    return ((uint32_t(*)(void))(code + i * SIZE))();
}

static void check(int from, int to)
{
    for (int i = from; i < to; i++)
        wrong += call(i) != value[i];
}

/* A way for each k. */
__attribute__((noinline)) static uint64_t way(unsigned k, uint64_t h)
{
    switch (k % 16) {
    case 0: return h + 1;
    case 1: return h * 3;
    case 2: return h ^ h >> 7;
    case 3: return h - k;
    case 4: return h * h;
    case 5: return h << 1 | h >> 63;
    case 6: return ~h;
    case 7: return h / 3;
    case 8: return h % 1000003;
    case 9: return h ^ (uint64_t)k << 20;
    case 10: return h + (h >> 3);
    case 11: return (uint32_t)h;
    case 12: return h | 0x100000000;
    case 13: return h & 0xffffffffff;
    case 14: return h * 0x9e3779b97f4a7c15;
    default: return h ^ h << 9;
    }
}

static uint64_t wander(unsigned from, unsigned count, unsigned times)
{
    uint64_t h = 1;
    for (unsigned t = 0; t < times; t++)
        for (unsigned k = 0; k < count; k++)
            h = mix(way(from + k, h), t);
    return h;
}

static void *other(void *arg)
{
    for (int t = 0; t < 300; t++)
        check(FUNCTIONS / 2, FUNCTIONS);
    return arg;
}

static void on_segv(int signo)
{
    (void)signo;
    _exit(wrong != 0);
}

/* What a descendant does; the depth decides how many it has itself. */
static int descend(unsigned round, int depth)
{
    pid_t pid = fork();
    int status;
    if (pid) {
        waitpid(pid, &status, 0);
        return status;
    }
    check(0, FUNCTIONS);
    printf("%u.%d %016lx\n", round, depth, wander(round, 1 + round % 16, 1000));
    if (round % 3 == 0)
        for (int i = 0; i < FUNCTIONS / 2; i++)
            write_function(i, value[i] + (uint32_t)depth);
    check(0, FUNCTIONS);
    fflush(stdout);
    if (depth > 1)
        wrong += descend(round, depth - 1) != 0;
    if (round % 4 == 1) {
        pthread_t t;
        pthread_create(&t, NULL, other, NULL);
        for (int k = 0; k < 50; k++) {
            write_function(k % (FUNCTIONS / 2), (uint32_t)k);
            check(0, FUNCTIONS / 2);
        }
        pthread_join(t, NULL);
    }
    if (round % 4 == 2) {
        signal(SIGSEGV, on_segv);
        munmap(code, 4096);
        call(0);
        _exit(99);
    }
    check(0, FUNCTIONS);
    _exit(wrong != 0);
}

int main(void)
{
    code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < FUNCTIONS; i++)
        write_function(i, (uint32_t)i * 5);
    for (unsigned round = 0; round < ROUNDS; round++) {
        check(0, 8 * (int)(round % 8 + 1));
        fflush(stdout);
        int status = descend(round, 2);
        if (status)
            printf("round %u: status %x\n", round, (unsigned)status);
        if (round % 5 == 4)
            write_function((int)round, round * 77);
        if (round == 7)
            printf("%016lx\n", wander(0, 16, 200000));
    }
    check(0, FUNCTIONS);
    printf("%d wrong\n", wrong);
    return 0;
}
