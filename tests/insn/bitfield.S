// SPDX-License-Identifier: MIT
// Bitfield moves and extract: UBFM, SBFM, BFM with all their aliases, EXTR, ROR.
// 1: x0 1010, x2 1010000000000000, x4 0, x6 404040404040404, x8 a, x10 c0c, x12 ffffffffffffffc1, x14 fffffffffc000000, x15 100000101, x16 ffffffffffffffc0, x17 ffff80c0, x18 80c0, x19 1, x20 1515151515161615, x22 1717171717181818, x24 19191919, x26 1c1c1c1c, x28 2101000000000000, x29 8080808, x30 80000080c0
// 2: x0 4000004060, x1 c0000080, x2 80c0, x3 ffffffff, x5 808080808080808, x8 0, x9 0, x10 0
#include "insn.h"
    ubfx x0, x1, #5, #20
    ubfiz x2, x3, #50, #14
    lsl x4, x5, #63
    lsr x6, x7, #1
    uxtb w8, w9
    uxth w10, w11
    sbfx x12, x13, #3, #9
    mov x30, #0x8000000080
    movk x30, #0x80c0
    sbfiz x14, x30, #20, #8
    asr x15, x30, #7
    sxtb x16, w30
    sxth w17, w30
    sxtw x18, w30
    asr w19, w30, #15
    bfi x20, x21, #8, #16
    bfxil x22, x23, #40, #20
    bfi w24, w25, #31, #1
    bfxil w26, w27, #0, #32
    extr x28, x1, x2, #4
    extr w29, w3, w4, #31
    STEP
    ror x0, x30, #1
    ror w1, w30, #8
    ubfx w2, w30, #0, #32
    sbfx w3, w30, #7, #1
    bfi x4, xzr, #4, #56
    extr x5, x6, x7, #0
    lsl w8, w30, #31
    ubfm x9, x30, #63, #63
    sbfm w10, w30, #31, #0
    bfm x11, x30, #60, #2
    END
