/* SPDX-License-Identifier: MIT */
/* setjmp and longjmp, as for errors and in interpreters. */
#include "bench.h"

#include <setjmp.h>

static jmp_buf out;

__attribute__((noinline)) static int deep(int n)
{
    if (n == 0)
        longjmp(out, 1);
    return deep(n - 1) + 1;
}

int main(int argc, char **argv)
{
    volatile uint64_t sum = 0;
    for (volatile long r = bench_rounds(argc, argv, 11000000); r > 0; r--) {
        if (setjmp(out) == 0)
            sum += (uint64_t)deep((int)(r & 7));
        else
            sum += 3;
    }
    return bench_end(sum);
}
