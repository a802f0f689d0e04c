// SPDX-License-Identifier: MIT
// Add and subtract (immediate): shifted by 12, SP as operand, CMP and CMN, 32 bits clear the upper half.
// 1: x0 202020202021201, x2 404040404163404, x4 605fb4a, x6 10, x7 20, x9 0
// 2: x10 0, nzcv 4
// 3: x10 ffffffffffffffff, nzcv 8
// 4: x10 0, x11 ffffffffffffffff, nzcv 6
// 5: x10 80000000, x12 7fffffff, nzcv 9
// 6: x10 7fffffffffffffff, x12 8000000000000000, nzcv 3
// 7: nzcv a
// 8: nzcv 2
// 9: nzcv a
#include "insn.h"
    add x0, x1, #0xfff
    add x2, x3, #0x123, lsl #12
    sub w4, w5, #0xabc
    mov x9, sp
    add x6, sp, #16
    sub x6, x6, x9
    sub sp, sp, #32
    mov x7, sp
    sub x7, x9, x7
    add sp, sp, #32
    mov x9, #0
    STEP
    adds x10, x9, #0
    STEP
    subs x10, x9, #1
    STEP
    mov x11, #-1
    adds x10, x11, #1
    STEP
    mov w12, #0x7fffffff
    adds w10, w12, #1
    STEP
    mov x12, #0x8000000000000000
    subs x10, x12, #1
    STEP
    cmp w11, #1, lsl #12
    STEP
    cmn x11, #2
    STEP
    subs wzr, w11, #0xfff
    END
