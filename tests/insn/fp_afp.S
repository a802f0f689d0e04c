// SPDX-License-Identifier: MIT
// FPCR.AH, NEP and FIZ (FEAT_AFP), estimates of 12 bits (FEAT_RPRES): Arm ARM, FPCR and the shared pseudocode that it names.
// 1: x0 7fc00001ffa00002, x1 100000001, x2 ff8000007f800000, x3 8000000000000000, x4 3f8000003f800000, x9 7, x10 7, v0 7fc00001ffa00002:7fc00001ffa00002, v1 100000001:100000001, v2 ff8000007f800000:ff8000007f800000, v3 8000000000000000:8000000000000000, v4 3f8000003f800000:3f8000003f800000, v5 ffa000027fc00001:ffa000027fc00001, v6 7f800000ff800000:7f800000ff800000, v7 80000000:80000000
// 2: x9 2, fpsr 1, v8 7fc00001ffe00002:7fc00001ffe00002, v9 7fc00001ffe00002:7fc00001ffe00002, v10 7fc00001ffa00002:7fc00001ffa00002, v11 7fc00001ffa00002:7fc00001ffa00002, v12 0:ffa00002, v13 0:ffa00002, v14 ffc00000ffc00000:ffc00000ffc00000, v15 ffc00000ffc00000:ffc00000ffc00000, v16 7fc00001ffe00002:7fc00001ffe00002, v17 0:ffe00002, v18 0:ffe00002, v19 ffe000027fc00001:ffe000027fc00001, v20 7fc00001ffe00002:7fc00001ffe00002, v21 0:fffc000040000000
// 3: fpsr 0, v8 80000000:80000000, v9 80000000:80000000, v10 0:0
// 4: fpsr 1, v11 3f8000003f800000:3f8000003f800000, v12 7fc00001ffa00002:7fc00001ffa00002, v13 0:7fc00001, v14 3f800000ffe00002:3f800000ffe00002
// 5: x11 0, fpsr 13, v15 0:3f800000, v16 0:ffe00002, v17 0:7f800000
// 6: nzcv 8, fpsr 80
// 7: fpsr 10, v18 0:0
// 8: fpsr 80, v19 0:36a0000000000000
// 9: x9 1, nzcv 6, fpsr 0, v20 0:0
// 10: x9 3
// 11: x9 1000001, fpsr 80, v21 0:0
// 12: x9 1000002, fpsr 98, v22 0:0
// 13: v23 100000001:100000001, v24 0:0
// 14: x9 4, fpsr 10, v25 3f8000003f800000:3f80000040000000, v26 ff8000007f800000:ff8000007f800000, v27 ff8000007f800000:ff8000003f800000, v28 ff8000007f800000:ff8000007f800000, v29 ff8000007f800000:ff80000000000000, v30 5e5e5e5e5e5e5e5e:5e5e5e5e5e5e3c00, v31 5f5f5f5f5f5f5f5f:5f5f5f5f40800000
// 15: v8 0:3f800000, v9 0:1, v10 0:40000000, v11 0:0, v12 0:3f800000, v13 0:3f800000
// 16: v14 ff8000007f800000:ff80000000000001, v15 ff8000007f800000:ff8000007f800000, v16 ff8000007f800000:41f0000000100000, v17 ff8000007f800000:ff8000003c000001, v18 ff8000007f800000:ff8000003f7f8000, v19 3f8000003f800000:3f8000003f800000, v20 3f8000003f800000:3f1000007f0000fc, v21 3f8000003f800000:3f8000007f800000, v22 ff8000007f800000:ff8000007f803f80
// 17: x9 2, x12 3fa0aaaa, fpsr 0, v5 0:3fa0aaaa, v6 0:3ff4155540000000, v8 0:3f4c0000, v9 0:3f648000, v10 0:3f4bf800, v11 0:3f647800, v12 0:3fe9800000000000, v13 0:7f800000, v14 0:7f800000, v15 0:ffe00002, v16 0:ffe00002
// 18: x9 c00002, fpsr 10, v17 0:3d05, v18 0:3fa1
// 19: nothing
#include "insn.h"
    .arch armv8.6-a+fp16
    .macro FPCR bits
    ldr w9, =\bits
    msr fpcr, x9
    msr fpsr, xzr
    .endm
    ldr x0, =0x7fc00001ffa00002 // s[0]: a signalling NaN, negative; s[1]: a quiet one
    ldr x1, =0x0000000100000001 // subnormal
    ldr x2, =0xff8000007f800000
    ldr x3, =0x8000000000000000
    ldr x4, =0x3f8000003f800000
    mov v0.d[0], x0
    mov v0.d[1], x0
    mov v1.d[0], x1
    mov v1.d[1], x1
    mov v2.d[0], x2
    mov v2.d[1], x2
    mov v3.d[0], x3
    mov v3.d[1], x3
    mov v4.d[0], x4
    mov v4.d[1], x4
    rev64 v5.4s, v0.4s
    rev64 v6.4s, v2.4s
    rev64 v7.4s, v3.4s
    // what of it stays
    mov w9, #7
    msr fpcr, x9
    mrs x10, fpcr
    STEP // 1
    // NaNs: the first, their signs, the default one
    FPCR 2
    fadd v8.4s, v0.4s, v5.4s
    fmla v9.4s, v4.4s, v0.4s
    fabs v10.4s, v0.4s
    fneg v11.4s, v0.4s
    fabs s12, s0
    fneg s13, s0
    fadd v14.4s, v2.4s, v6.4s
    fabd v15.4s, v2.4s, v2.4s
    fmls v16.4s, v0.4s, v4.4s
    fnmul s17, s0, s4
    fnmadd s18, s4, s4, s0
    fcadd v19.4s, v4.4s, v0.4s, #90
    mov v20.16b, v4.16b
    fcmla v20.4s, v4.4s, v0.4s, #180
    fcvt d21, s0
    STEP // 2
    // minimum and maximum
    FPCR 2
    fmax v8.4s, v3.4s, v7.4s
    fmin v9.4s, v3.4s, v7.4s
    fmaxnm v10.4s, v3.4s, v7.4s
    STEP // 3
    fmin v11.4s, v0.4s, v4.4s
    fmax v12.4s, v4.4s, v0.4s
    fmaxv s13, v0.4s
    fminnm v14.4s, v0.4s, v4.4s
    STEP // 4
    // subnormal operands: noted where a number comes of them, and by no conversion to an integer
    FPCR 2
    fcvtzs w11, s1
    frintp s15, s1
    fadd s16, s1, s0
    fdiv s17, s1, s3
    STEP // 5
    FPCR 2
    fcmp s1, s4
    STEP // 6
    FPCR 2
    fcvtzs v18.4s, v1.4s, #31
    STEP // 7
    FPCR 2
    fcvt d19, s1
    STEP // 8
    // FIZ: they are zero, and that is noted only of FZ without AH
    FPCR 1
    fadd v20.4s, v1.4s, v3.4s
    fcmp s1, #0.0
    STEP // 9
    FPCR 3
    fadd v20.4s, v1.4s, v1.4s
    STEP // 10
    FPCR 0x01000001
    fadd v21.4s, v1.4s, v1.4s
    STEP // 11
    // FZ with AH: results only, and inexact ones
    FPCR 0x01000002
    fadd v22.4s, v1.4s, v1.4s
    STEP // 12
    msr fpsr, xzr
    fmin v23.4s, v1.4s, v4.4s
    fminnm v24.4s, v1.4s, v4.4s
    STEP // 13
    // NEP: what is above a scalar result
    FPCR 4
    mov v25.16b, v2.16b
    fadd s25, s4, s4
    fmadd d26, d4, d4, d2
    mov v27.16b, v2.16b
    fsqrt s27, s4
    mov v28.16b, v2.16b
    fmla s28, s4, v4.s[1]
    fcmgt s29, s4, s2
    fcvt h30, s4
    scvtf s31, w9
    STEP // 14
    mov v8.16b, v2.16b
    fmov s8, s4
    mov v9.16b, v2.16b
    fcsel s9, s4, s1, ne
    mov v10.16b, v2.16b
    faddp s10, v4.2s
    mov v11.16b, v2.16b
    fcmeq s11, s4, #0.0
    mov v12.16b, v2.16b
    fmaxv s12, v4.4s
    mov v13.16b, v2.16b
    fmov s13, #1.0
    STEP // 15
    mov v14.16b, v2.16b
    fcvtzs s14, s4
    mov v15.16b, v2.16b
    fcvtzu h15, h4, #4
    mov v16.16b, v2.16b
    ucvtf d16, d1
    mov v17.16b, v2.16b
    fcvtxn s17, d4
    mov v18.16b, v2.16b
    frecpe s18, s4
    frecps s19, s4, s4
    fmulx d20, d4, v4.d[1]
    fabd s21, s4, s2
    mov v22.16b, v2.16b
    bfcvt h22, s4
    STEP // 16
    // estimates
    FPCR 0
    ldr w12, =0x3fa0aaaa
    fmov s5, w12
    frecpe s8, s5
    frsqrte s9, s5
    FPCR 2
    frecpe s10, s5
    frsqrte s11, s5
    fcvt d6, s5
    frecpe d12, d6
    frsqrte s13, s1
    frecpe s14, s1
    frecpx s15, s0
    frecps s16, s0, s0
    STEP // 17
    // and what narrows to BFloat16, which rounds to the nearest and raises nothing
    FPCR 0x00c00002
    fcvt h17, s5
    bfcvt h18, s5
    STEP // 18
    END
