// SPDX-License-Identifier: MIT
// Multiply and divide: all widths, high halves, division by zero and overflow.
// 1: x0 302a241e18120c06, x3 87a5c3e2, x6 4c03bb732ae29a52, x10 9c38d572, x14 180000000, x15 7ffffffe80000000, x16 3ffffffffffffffd, x17 2020208020201f9, x18 1, x19 7ffffffffffffffe, x20 fffffffffffffffd, x21 80000000, x22 8000000000000000, x23 fffffffe80000000, x24 8000000180000000
// 2: x0 0, x1 7, x2 2492492492492491, x3 0, x4 24924924, x5 0, x6 0, x7 ffffffffffffffff, x8 8000000000000000, x9 80000000, x10 0, x11 fffffffffffffffe, x12 1
#include "insn.h"
    mul x0, x1, x2
    mneg w3, w4, w5
    madd x6, x7, x8, x9
    msub w10, w11, w12, w13
    mov x20, #-3
    mov w21, #0x80000000
    mov x22, #0x8000000000000000
    smull x14, w20, w21
    umull x15, w20, w21
    smaddl x16, w21, w21, x20
    umsubl x17, w20, w20, x1
    smulh x18, x20, x22
    umulh x19, x20, x22
    smnegl x23, w21, w20
    umnegl x24, w21, w20
    STEP
    mov x1, #7
    sdiv x0, x20, x1
    udiv x2, x20, x1
    sdiv w3, w20, w1
    udiv w4, w20, w1
    sdiv x5, x20, xzr
    udiv w6, w20, wzr
    mov x7, #-1
    sdiv x8, x22, x7
    sdiv w9, w21, w7
    udiv x10, x22, x7
    sdiv x11, x1, x20
    udiv x12, x1, x1
    END
