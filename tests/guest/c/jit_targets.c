/* SPDX-License-Identifier: MIT */
/*
 * One jump and one call that go to two functions in turn, often enough to be compiled as what goes to many places; then the
 * functions are written anew, one at a time, and must be the ones that are reached.
 * limit: 100
 */
#include "t.h"

#include <sys/mman.h>

enum { ROUNDS = 5, CALLS = 100000, SLOT = 64 };

static uint32_t *code;

/* Function n: x0 = value. */
static void write_function(int n, unsigned value)
{
    uint32_t *p = code + n * SLOT;
    p[0] = 0xd2800000 | value << 5; /* mov x0, #value */
    p[1] = 0xd65f03c0;              /* ret */
    __builtin___clear_cache((char *)p, (char *)(p + 2));
}

int main(void)
{
    code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint32_t *jump = code + 2 * SLOT, *call = code + 3 * SLOT;
    jump[0] = 0xd61f0000; /* br x0 */
    call[0] = 0xa9bf7bfd; /* stp x29, x30, [sp, #-16]! */
    call[1] = 0xd63f0000; /* blr x0 */
    call[2] = 0xa8c17bfd; /* ldp x29, x30, [sp], #16 */
    call[3] = 0xd65f03c0; /* ret */
    __builtin___clear_cache((char *)jump, (char *)(call + 4));
    uint64_t (*by_jump)(void *) = (uint64_t(*)(void *))(void *)jump;
    uint64_t (*by_call)(void *) = (uint64_t(*)(void *))(void *)call;
    write_function(0, 0);
    write_function(1, 0);
    for (unsigned round = 1; round <= ROUNDS; round++)
        for (unsigned which = 0; which < 2; which++) {
            write_function((int)which, round);
            uint64_t sum[2] = {0, 0};
            for (unsigned k = 0; k < CALLS; k++)
                sum[k & 1] += by_jump(code + (k & 1) * SLOT) + 1000 * by_call(code + (k & 1) * SLOT);
            printf("%u %u: %lu %lu\n", round, which, sum[0], sum[1]);
        }
    return 0;
}
