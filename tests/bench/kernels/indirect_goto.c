/* SPDX-License-Identifier: MIT */
/* A bytecode interpreter with computed goto. */
#include "bench.h"

int main(int argc, char **argv)
{
    static const unsigned char code[] = {0, 5, 1, 2, 3, 1, 4, 0, 2, 1, 5, 3, 3, 2, 1, 0, 6};
    static void *const op[] = {&&add, &&sub, &&xor_, &&rot, &&mul, &&inc, &&loop};
    long rounds = bench_rounds(argc, argv, 9000000);
    uint64_t acc = 1, x = 3;
    const unsigned char *pc = code;
#define NEXT goto *op[*pc++]
    NEXT;
add:
    acc += x;
    NEXT;
sub:
    acc -= x ^ 5;
    NEXT;
xor_:
    acc ^= x << 3;
    NEXT;
rot:
    x = x << 5 | x >> 59;
    NEXT;
mul:
    acc *= 33;
    NEXT;
inc:
    x += acc & 7;
    NEXT;
loop:
    if (--rounds > 0) {
        pc = code;
        NEXT;
    }
    return bench_end(acc + x);
}
