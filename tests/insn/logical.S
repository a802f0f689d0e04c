// SPDX-License-Identifier: MIT
// Logical (immediate and shifted register): bit masks of every size, TST, BIC, ORN, EON, MVN.
// 1: x0 0, x2 4ff04ff, x4 f9f9f9f9f9f9f9f8, x6 8, x8 e0e0e0e0e0e0e0e0, x9 8b0b0b0b, x11 0, x14 1010101010101010, x17 b3b3b3b3, x20 fffff67676767676, x23 2d2d2d2d2d2d2d2d, x26 fefefefe, x29 e0e0e0e0e0e0e0e0
// 2: nzcv 4
// 3: x0 200000000000000, nzcv 0
// 4: nzcv 8
// 5: x3 0, nzcv 4
// 6: x3 e0e0e0e0, nzcv 8
// 7: nzcv 0
#include "insn.h"
    and x0, x1, #0x5555555555555555
    orr w2, w3, #0x00ff00ff
    eor x4, x5, #0xfffffffffffffffe
    and x6, x7, #0x3f
    orr x8, xzr, #0xe0e0e0e0e0e0e0e0
    eor w9, w10, #0x80000000
    and x11, x12, x13, lsl #3
    bic x14, x15, x16, lsr #9
    orr w17, w18, w19, ror #5
    orn x20, x21, x22, asr #17
    eor x23, x24, x25, ror #63
    eon w26, w27, w28
    mvn x29, x30
    STEP
    ands x0, x1, #1
    STEP
    ands x0, x1, x2, lsl #56
    STEP
    tst w8, #0x80000000
    STEP
    bics x3, x8, x8
    STEP
    bics w3, w8, wzr
    STEP
    tst x8, x8, ror #1
    END
