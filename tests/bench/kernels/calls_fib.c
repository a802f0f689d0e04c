/* SPDX-License-Identifier: MIT */
/* Fibonacci numbers by recursion. */
#include "bench.h"

__attribute__((noinline, optimize("no-optimize-sibling-calls"))) static uint64_t fib(uint64_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv) { return bench_end(fib((uint64_t)bench_rounds(argc, argv, 40))); }
