/* SPDX-License-Identifier: MIT */
/* Two contexts that hand over to each other (swapcontext). */
#include "bench.h"

#include <ucontext.h>

static ucontext_t first, second;
static uint64_t value;

static void generator(void)
{
    for (uint64_t i = 1;; i++) {
        value += i;
        swapcontext(&second, &first);
    }
}

int main(int argc, char **argv)
{
    static char stack[65536];
    uint64_t sum = 0;
    getcontext(&second);
    second.uc_stack.ss_sp = stack;
    second.uc_stack.ss_size = sizeof stack;
    makecontext(&second, generator, 0);
    for (long r = bench_rounds(argc, argv, 360000); r > 0; r--) {
        swapcontext(&first, &second);
        sum ^= value;
    }
    return bench_end(sum);
}
