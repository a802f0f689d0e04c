// SPDX-License-Identifier: MIT
// Comparison of floating point: flags for less, equal, greater, unordered, zero; scalar and vector masks.
// 1: nzcv 2, v0 0:3ff0000000000000, v1 0:bff0000000000000, v2 0:0, v3 0:8000000000000000, v4 ffffffffffffffff:ffffffffffffffff
// 2: nzcv 8
// 3: nzcv 6
// 4: nzcv 2
// 5: nzcv 3
// 6: fpsr 1
// 7: v5 0:ffffffffffffffff, v6 0:ffffffffffffffff, v7 0:0, v8 0:0, v9 0:ffffffffffffffff, v10 0:ffffffffffffffff, v11 0:ffffffffffffffff, v12 0:0, v13 0:ffffffffffffffff, v14 ffffffffffffffff:ffffffffffffffff
#include "insn.h"
    fmov d0, #1.0
    fmov d1, #-1.0
    movi d2, #0
    fneg d3, d2
    mvni v4.4s, #0
    fcmp d0, d1
    STEP
    fcmp d1, d0
    STEP
    fcmp d2, d3
    STEP
    fcmp d0, #0.0
    STEP
    fcmp s4, s0
    STEP
    fcmpe s4, s4
    STEP
    msr fpsr, xzr
    fcmeq d5, d2, d3
    fcmgt d6, d0, d1
    fcmge s7, s0, s4
    facgt d8, d0, d1
    facge d9, d0, d1
    fcmlt d10, d1, #0.0
    fcmle d11, d2, #0.0
    fcmeq v12.4s, v0.4s, v4.4s
    fcmgt v13.2d, v0.2d, v1.2d
    fcmge v14.2d, v0.2d, #0.0
    END
