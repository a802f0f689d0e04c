// SPDX-License-Identifier: MIT
// Loads and stores: every size and extension, every addressing mode.
// 1: x0 4b, x1 ba95, x2 4e2904df, x3 76512c07e2bd9873, x4 4e, x5 4e, x6 2c07, x7 2c07, x8 ae5c09b, x9 95704b2601dcb792, x10 ffffffffd9b48f6a, x11 b, x12 bd98734e2904dfba, x13 c6a17c57320de8c3, x14 6a4520fb, x15 4e29, x16 b7, x17 4823, x18 9e79542f0ae5c09b, x19 ffffff9b, x20 0, x21 3, x22 fffffffffffffffc, x23 0, x24 d, x25 c6a17c57320de8c3
// 2: x11 2c077304df0095, x12 0, x13 2c0700004e00, x14 9b00000000000000, x15 c0, x16 0, x17 0, x18 95704b2601dcb700, x21 5, x22 37
// 3: v0 0:70, v1 0:ba95, v2 0:4e2904df, v3 0:76512c07e2bd9873, v4 c6a17c57320de8c3:9e79542f0ae5c09b, v5 734e2904dfba9570:4b2601dcb7926d48, v6 6e1bc97724d2803:deb9946f4a2500db, v7 0:4e2904dfba95704b, v8 e6c14e2904df08e3:be99744f2a05e0bb, v9 c6a17c57320d00db:9e79542f48e5c09b, v10 9b00000000000000:76512c07e2bd9873
#include "insn.h"
    BUF x20, 64
    ldrb w0, [x20]
    ldrh w1, [x20, #2]
    ldr w2, [x20, #4]
    ldr x3, [x20, #8]
    ldrsb x4, [x20, #7]
    ldrsb w5, [x20, #7]
    ldrsh x6, [x20, #12]
    ldrsh w7, [x20, #12]
    ldrsw x8, [x20, #16]
    ldur x9, [x20, #-5]
    ldursw x10, [x20, #-13]
    ldurb w11, [x20, #-64]
    mov x21, #3
    ldr x12, [x20, x21]
    ldr x13, [x20, x21, lsl #3]
    mov w22, #-4
    ldr w14, [x20, w22, sxtw #2]
    ldrh w15, [x20, w21, uxtw #1]
    mov x22, #-4
    ldrb w16, [x20, x22, sxtx]
    ldrsh w17, [x20, x22, sxtx #1]
    BUF x23, 64
    ldr x18, [x23, #16]!
    ldrsb w19, [x23], #-3
    sub x24, x23, x20
    ldtr x25, [x20, #24]
    mov x20, #0
    mov x23, #0
    STEP
    BUF x20, 512
    mov x21, #5
    strb w1, [x20]
    strh w2, [x20, #2]
    str w3, [x20, #4]
    str x4, [x20, #8]
    stur x5, [x20, #17]
    str w6, [x20, x21, lsl #2]
    str x7, [x20, x21, lsl #0]
    sttrh w8, [x20, #31]
    mov x22, x20
    str x9, [x22, #56]!
    strb w10, [x22], #-1
    strh wzr, [x22]
    ldp x11, x12, [x20]
    ldp x13, x14, [x20, #16]
    ldp x15, x16, [x20, #32]
    ldp x17, x18, [x20, #48]
    sub x22, x22, x20
    mov x20, #0
    STEP
    BUF x20, 64
    ldr b0, [x20, #1]
    ldr h1, [x20, #2]
    ldr s2, [x20, #4]
    ldr d3, [x20, #8]
    ldr q4, [x20, #16]
    ldur q5, [x20, #-7]
    ldr q6, [x20, x21, lsl #4]
    ldr d7, [x20], #8
    add x20, x20, #200
    str q4, [x20, #240]!
    str b5, [x20, #3]
    str h6, [x20, #8]
    stur s2, [x20, #-6]
    str d3, [x20, #16]
    ldp q8, q9, [x20, #-16]
    ldr q10, [x20, #16]
    prfm pldl1keep, [x20]
    prfum pstl2strm, [x20, #-3]
    prfm pldl2keep, [x20, #4096]
    prfm pldl3strm, [x20, x21, lsl #3]
    prfm pstl1keep, [x20, w21, sxtw]
    prfm plil1keep, [x20]
    prfm #31, [x20]
    mov x20, #0
    prfm pldl1keep, [x20]
    prfm pstl1keep, [x20, #8]
    mov x20, #0x1234000000000000
    prfm pldl2strm, [x20, x20]
    mov x20, #0
    END
