// SPDX-License-Identifier: MIT
// Conversions: to and from integers with every rounding, saturation, fixed point, between precisions.
// 1: x0 c00599999999999a, x1 43e0000000000000, x2 fffffffffffffffd, x3 fffffffffffffffe, x4 fffffffffffffffd, x5 fffffffffffffffe, x6 fffffffffffffffd, x7 2, x8 3, x9 2, x10 3, x11 28, x12 2800000000000000, fpsr 10, v0 0:c00599999999999a, v1 0:43e0000000000000, v2 0:40200000
// 2: x13 7fffffffffffffff, fpsr 11
// 3: x14 ffffffff, x15 8000000000000000, x16 0, x17 7fffffff, fpsr 1
// 4: x18 fffffffffffffff9, fpsr 10, v3 0:c01c000000000000, v4 0:43f0000000000000, v5 0:c0e00000, v6 0:4f800000, v7 0:bfec000000000000, v8 0:3f800000, v9 0:c0e00000, v10 0:43e8038000000000, v11 0:ce7c8000, v12 0:c02ccccd, v13 0:4004000000000000, v14 0:4100, v15 0:40200000, v16 0:4004000000000000, v17 0:c166, v18 0:c02ccccd, v19 0:fffffffffffffffe, v20 0:2, v21 0:2
#include "insn.h"
    ldr x0, =0xc00599999999999a
    fmov d0, x0
    ldr x1, =0x43e0000000000000
    fmov d1, x1
    fmov s2, #2.5
    fcvtns x2, d0
    fcvtps x3, d0
    fcvtms x4, d0
    fcvtzs x5, d0
    fcvtas x6, d0
    fcvtnu w7, s2
    fcvtpu w8, s2
    fcvtmu x9, s2
    fcvtau x10, s2
    fcvtzs w11, s2, #4
    fcvtzu x12, s2, #60
    STEP
    fcvtzs x13, d1
    STEP
    msr fpsr, xzr
    fcvtzu w14, d1
    fcvtzu x15, d1
    fcvtzu x16, d0
    fcvtzs w17, d1
    STEP
    msr fpsr, xzr
    mov x18, #-7
    scvtf d3, x18
    ucvtf d4, x18
    scvtf s5, w18
    ucvtf s6, w18
    scvtf d7, x18, #3
    ucvtf s8, x18, #64
    scvtf s9, x18
    ucvtf d10, d3
    scvtf s11, s5
    fcvt s12, d0
    fcvt d13, s2
    fcvt h14, s2
    fcvt s15, h14
    fcvt d16, h14
    fcvt h17, d0
    fcvtxn s18, d0
    fcvtzs d19, d0
    fcvtzu s20, s2
    fcvtns s21, s2
    END
