// SPDX-License-Identifier: MIT
// Add and subtract (extended register): every extension, shifts, SP.
// 1: x0 202020202020282, x2 202020202040102, x3 202020602020002, x4 20202020201fe02, x5 20202020201fa02, x6 202020202018282, x7 202020202020102, x8 202020202020002, x9 2020182, x10 1fdfe02, x11 8080, x12 0, x13 80, x20 ffffffffffffff80, x21 8080
// 2: x14 202020202020182, nzcv 2
// 3: x14 2020a02, nzcv 0
// 4: nzcv 6
// 5: nzcv 0
#include "insn.h"
    mov x20, #0xffffffffffffff80
    mov w21, #0x8080
    add x0, x1, w20, uxtb
    add x2, x1, w20, uxth #1
    add x3, x1, w20, uxtw #2
    add x4, x1, x20, uxtx #3
    add x5, x1, w20, sxtb #4
    add x6, x1, w21, sxth
    add x7, x1, w20, sxtw #1
    add x8, x1, x20, sxtx #2
    add w9, w1, w21, sxtb
    sub w10, w1, w21, uxth #3
    mov x12, sp
    add x11, sp, x21
    sub x11, x11, x12
    sub sp, sp, w21, uxtb
    mov x13, sp
    sub x13, x12, x13
    mov sp, x12
    mov x12, #0
    STEP
    adds x14, x1, w20, sxtw
    STEP
    subs w14, w1, w20, sxtb #4
    STEP
    cmp x20, w20, sxtb
    STEP
    cmn x1, w21, uxth #4
    END
