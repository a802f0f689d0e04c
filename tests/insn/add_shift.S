// SPDX-License-Identifier: MIT
// Add and subtract (shifted register), NEG, and with carry.
// 1: x0 8383838383838382, x3 504d4d4d4d4d4d5, x6 8080808, x9 8000000000000000, x11 fffffffffffffffb, x12 80000000
// 2: x13 fffffffffffffffa, nzcv a
// 3: x13 80000000
// 4: x13 0, nzcv 7
// 5: x14 fffffffffffffffc, x15 fffffffffffffff7, nzcv a
// 6: x14 ffffffff7ffffffb, x15 80000005, nzcv 8
// 7: x16 ffffffffffffffff, x17 4, nzcv 0
// 8: nzcv 2
// 9: x18 0, nzcv 6
// 10: nzcv 3
#include "insn.h"
    add x0, x1, x2, lsl #7
    sub x3, x4, x5, lsr #13
    add w6, w7, w8, asr #31
    neg x9, x10, lsl #63
    mov x11, #-5
    mov w12, #0x80000000
    STEP
    adds x13, x11, x11, asr #63
    STEP
    subs w13, w12, w12, lsl #1
    STEP
    adds w13, w12, w12
    STEP
    adc x14, x11, xzr
    adcs x15, x11, x11
    STEP
    sbc x14, x11, x12
    sbcs w15, w12, w11
    STEP
    ngc x16, xzr
    ngcs x17, x11
    STEP
    subs xzr, x1, x2, lsr #60
    STEP
    negs x18, xzr
    STEP
    cmn w11, w11, lsl #31
    END
