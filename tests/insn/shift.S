// SPDX-License-Identifier: MIT
// Shifts by register, counts, reversals.
// 1: x0 1010101010101010, x2 80808080808080, x4 ffffffffffffffff, x5 e0e0e0e0e0e0e0e0, x7 48484848, x9 1616161, x11 0, x13 e1e1e1e1, x15 1111111111111111, x20 43, x21 ffffffffffffffff
// 2: x0 6, x2 20, x3 40, x4 3f, x5 4, x7 9090909090909090, x9 d0d0d0d0, x11 4300000000000000, x12 43000000, x13 4300, x14 f0f0f0f, x15 43000000, x16 9090909090909090, x17 0, x18 3f
#include "insn.h"
    mov x20, #67
    mov x21, #-1
    lsl x0, x1, x20
    lsr x2, x3, x20
    asr x4, x21, x20
    ror x5, x6, x20
    lsl w7, w8, w20
    lsr w9, w10, w20
    asr w11, w12, w21
    ror w13, w14, w20
    lsl x15, x16, xzr
    STEP
    clz x0, x1
    clz w2, wzr
    clz x3, xzr
    cls x4, x21
    cls w5, w6
    rbit x7, x8
    rbit w9, w10
    rev x11, x20
    rev w12, w20
    rev16 x13, x20
    rev16 w14, w14
    rev32 x15, x20
    rev x16, x7
    clz w17, w21
    cls x18, xzr
    END
