// SPDX-License-Identifier: MIT
// Conditional compare and select, with every condition.
// 1: x0 4040404040406ab4
// 2: x0 111111111111113c, x1 3, x3 505050505050505, x6 f6f6f6f6, x9 f3f3f3f3f3f3f3f4, x12 1, x13 ffffffffffffffff, x14 efefeff0, x16 1212121212121212, nzcv 8
// 3: nzcv 6
// 4: nzcv 5
// 5: nzcv 0
// 6: nzcv f
// 7: nzcv 2
// 8: nothing
// 9: nzcv 6
// 10: v2 0:4343434343434343, v5 0:47474747
#include "insn.h"
    .irp cc, eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le
    cinc x0, x0, \cc
    add x0, x0, x0
    .endr
    STEP
    mov x1, #3
    cmp x1, #5
    .irp cc, eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le, al
    csinc x0, x0, x2, \cc
    eor x0, x0, x0, lsl #1
    .endr
    csel x3, x4, x5, lo
    csinv w6, w7, w8, ge
    csneg x9, x10, x11, gt
    cset w12, lt
    csetm x13, mi
    cneg w14, w15, ne
    cinv x16, x17, hs
    STEP
    ccmp x1, #3, #0, lo
    STEP
    ccmp x1, #3, #5, ne
    STEP
    ccmn w1, #29, #0, al
    STEP
    ccmp w1, w2, #15, vs
    STEP
    ccmn x1, x2, #2, pl
    STEP
    fcmp d0, d1
    fccmp s1, s0, #0, lt
    STEP
    fccmpe d0, d0, #9, gt
    STEP
    fcsel d2, d3, d4, eq
    fcsel s5, s6, s7, ne
    END
