// SPDX-License-Identifier: MIT
// Scalar floating point: arithmetic, fused, minimum and maximum, rounding, moves; upper parts are cleared.
// 1: x0 c002000000000000, x1 41f80000, x4 5c5c5c5c5c5c5c5c, fpsr 10, v0 0:3ff8000000000000, v1 0:c002000000000000, v2 0:3e000000, v3 0:41f80000, v4 0:bfe8000000000000, v5 0:c1f70000, v6 0:c00b000000000000, v7 0:43780000, v8 0:400b000000000000, v9 0:bffe000000000000, v10 0:41d90000, v11 0:4016800000000000, v12 0:44703800, v13 0:3ff3988e1409212e, v14 0:4002000000000000, v15 0:c1f80000, v16 0:3ff8000000000000, v17 0:3e000000, v18 0:c000000000000000, v19 0:c000000000000000, v20 0:0, v21 0:c000000000000000, v22 0:4000000000000000, v23 0:0, v24 0:4000000000000000, v25 0:41f80000, v26 0:303030303030303, v27 0:4040404, v29 606060606060606:5d5d5d5d5d5d5d5d
// 2: fpsr 12, v0 0:7ff0000000000000, v30 0:0
// 3: fpsr 13, v1 0:7ff8000000000000
// 4: v2 0:7ff8000000000000, v4 0:0, v5 0:400c000000000000, v6 0:3fe5500000000000, v7 0:3fea200000000000, v8 0:40000000, v9 0:4008000000000000, v10 0:4000000000000000, v11 0:3e000000
#include "insn.h"
    fmov d0, #1.5
    fmov d1, #-2.25
    fmov s2, #0.125
    fmov s3, #31.0
    fadd d4, d0, d1
    fsub s5, s2, s3
    fmul d6, d0, d1
    fdiv s7, s3, s2
    fnmul d8, d0, d1
    fmadd d9, d0, d1, d0
    fmsub s10, s2, s3, s3
    fnmadd d11, d0, d1, d1
    fnmsub s12, s3, s3, s2
    fsqrt d13, d0
    fabs d14, d1
    fneg s15, s3
    fmax d16, d0, d1
    fminnm s17, s2, s3
    frintn d18, d1
    frintp d19, d1
    frintm s20, s2
    frintz d21, d1
    frinta d22, d0
    frintx s23, s2
    frinti d24, d0
    fmov s25, s3
    fmov x0, d1
    fmov w1, s3
    fmov d26, x2
    fmov s27, w3
    fmov x4, v28.d[1]
    fmov v29.d[1], x5
    STEP
    movi d30, #0
    fdiv d0, d0, d30
    STEP
    fsub d1, d0, d0
    STEP
    fneg d2, d0
    fadd d2, d2, d1
    fmul s4, s3, s2
    fabd d5, d16, d18
    frecpe d6, d16
    frsqrte d7, d16
    frecps s8, s2, s3
    frsqrts d9, d16, d18
    fmulx d10, d0, d30
    frecpx s11, s3
    END
