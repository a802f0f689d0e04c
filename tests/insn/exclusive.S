// SPDX-License-Identifier: MIT
// Exclusive, acquire and release accesses: all sizes and pairs; a store without its load fails.
// 1: x0 4e2904dfba95704b, x1 0, x3 3030303, x4 0, x6 6, x7 0, x9 609, x10 0, x12 303030306060c0c, x13 76512c07e2bd9873, x14 0, x17 10101010, x18 10101010, x19 0, x20 0, x23 1717171716161616, x24 1111111111111111, x25 1, x26 1717171716161616, x27 1
// 2: x0 8e69441ffad5b08b, x1 8b, x2 b08b, x3 fad5b08b, x8 6, x9 b6916c4700000000
#include "insn.h"
    BUF x20, 64
    ldxr x0, [x20]
    stxr w1, x2, [x20]
    ldaxr w3, [x20]
    stlxr w4, w5, [x20]
    ldxrb w6, [x20]
    stxrb w7, w8, [x20]
    ldaxrh w9, [x20]
    stlxrh w10, w11, [x20]
    ldxp x12, x13, [x20]
    stxp w14, x15, x16, [x20]
    ldaxp w17, w18, [x20]
    stlxp w19, w21, w22, [x20]
    ldp x23, x24, [x20]
    clrex
    stxr w25, x0, [x20]
    ldxr x26, [x20, #0]
    clrex
    stxr w27, x0, [x20]
    mov x20, #0
    STEP
    BUF x20, 128
    ldar x0, [x20]
    ldarb w1, [x20]
    ldarh w2, [x20]
    ldar w3, [x20]
    stlr x4, [x20]
    stlrb w5, [x20]
    add x20, x20, #8
    stlrh w6, [x20]
    stlr w7, [x20]
    ldp x8, x9, [x20, #-8]
    dmb ish
    dmb ishld
    dsb sy
    isb
    mov x20, #0
    END
