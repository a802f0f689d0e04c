/* SPDX-License-Identifier: MIT */
/* A stack machine with a switch in a loop. */
#include "bench.h"

enum { PUSH, ADD, MUL, DUP, SWAP, DROP, JNZ, END };

int main(int argc, char **argv)
{
    static const int code[] = {PUSH, 3, ADD, DUP, PUSH, 7, MUL, SWAP, DROP, PUSH, 1, ADD, JNZ};
    uint32_t stack[64];
    int sp = 1, pc = 0;
    long rounds = bench_rounds(argc, argv, 14000000);
    stack[0] = 1;
    for (;;)
        switch (code[pc++]) {
        case PUSH: stack[sp++] = (uint32_t)code[pc++]; break;
        case ADD:
            sp--;
            stack[sp - 1] += stack[sp];
            break;
        case MUL:
            sp--;
            stack[sp - 1] *= stack[sp];
            break;
        case DUP:
            stack[sp] = stack[sp - 1];
            sp++;
            break;
        case SWAP: {
            uint32_t t = stack[sp - 1];
            stack[sp - 1] = stack[sp - 2];
            stack[sp - 2] = t;
            break;
        }
        case DROP: sp--; break;
        case JNZ:
            if (--rounds == 0)
                return bench_end(stack[0]);
            pc = 0;
            break;
        default: abort();
        }
}
