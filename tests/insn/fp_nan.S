// SPDX-License-Identifier: MIT
// NaNs: the first signalling operand, then the first quiet one, payloads kept and quieted; default NaN; FPSR.IOC.
// 1: x0 7ff8000000000abc, x1 fff0000000000123, x2 7ff0000000000456, v0 0:7ff8000000000abc, v1 0:fff0000000000123, v2 0:7ff0000000000456, v3 0:3ff0000000000000, v4 0:7ff8000000000abc
// 2: fpsr 1, v4 0:fff8000000000123
// 3: v5 0:fff8000000000123, v6 0:7ff8000000000456, v7 0:7ff8000000000456, v8 0:7ff8000000000456, v9 0:7ff8000000000abc, v10 0:7ff8000000000abc, v11 0:3ff0000000000000, v12 0:fff8000000000123, v13 0:fff8000000000123, v14 0:fff0000000000456, v15 0:7ff0000000000123, v16 0:7ff8000000000456, v17 0:7fc00000, v18 0:ffc00000, v19 0:7ff8000000000000, v20 0:7e00, v21 0:7ff8000000000000, v22 0:7ff8000000000000
// 4: nzcv 3, fpsr 0
// 5: fpsr 1
// 6: nothing
// 7: v23 0:fff8000000000123, v24 5858585858585858:fff8000000000123, v25 0:fff8000000000123, v26 0:123
#include "insn.h"
    ldr x0, =0x7ff8000000000abc
    ldr x1, =0xfff0000000000123
    ldr x2, =0x7ff0000000000456
    fmov d0, x0
    fmov d1, x1
    fmov d2, x2
    fmov d3, #1.0
    fadd d4, d3, d0
    STEP
    fadd d4, d0, d1
    STEP
    msr fpsr, xzr
    fmul d5, d1, d2
    fsub d6, d3, d2
    fmadd d7, d0, d1, d2
    fmadd d8, d0, d3, d2
    fmadd d9, d3, d0, d0
    fmin d10, d0, d3
    fminnm d11, d0, d3
    fmaxnm d12, d3, d1
    fsqrt d13, d1
    fneg d14, d2
    fabs d15, d1
    frintx d16, d2
    fcvt s17, d0
    fcvt s18, d1
    fcvt d19, s17
    fcvt h20, d0
    fcvt d21, h20
    fneg d22, d3
    fsqrt d22, d22
    STEP
    msr fpsr, xzr
    fcmp d0, d3
    STEP
    fcmpe d0, d3
    STEP
    msr fpsr, xzr
    fcmp d1, #0.0
    STEP
    msr fpsr, xzr
    fmul v23.2d, v0.2d, v1.2d
    fmla v24.2d, v1.2d, v2.2d
    faddp d25, v24.2d
    fmaxnmv s26, v1.4s
    END
