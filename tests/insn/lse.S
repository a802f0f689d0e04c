// SPDX-License-Identifier: MIT
// LSE atomics: every operation, all sizes, compare and swap with pairs.
// 1: x0 4e2904dfba95704b, x1 de2904dfba95714b, x2 4e2904dfba95714b, x3 de2904dfba95714b, x4 de2904dfba9571cb, x5 de2904df00000080, x6 9000000000000080, x7 9000000000000080, x8 9000000000000080, x9 ba9570cb, x10 ba95714b, x11 ba9571cb, x12 ba9571cb, x13 ba9571cb, x14 80, x15 80, x16 80, x17 80, x18 9000000000000080, x20 0, x21 9000000000000080
// 2: x0 9b, x1 9b, x2 1b, x3 1b, x4 9b, x5 80, x6 80, x7 80, x8 80, x9 c01b, x10 c01b, x11 c09b, x12 c09b, x13 c09b, x18 9e79542f0ae50080
// 3: x0 7ec9a47f5a3511eb, x1 7ec9a47f5a3511eb, x4 1b, x6 1b, x10 80, x14 c09b, x15 16f1cca7825d3813, x18 80, x19 80, x22 80, x23 0
#include "insn.h"
    BUF x20, 64
    mov x21, #0x80
    movk x21, #0x9000, lsl #48
    ldadd x21, x0, [x20]
    ldaddal w21, w9, [x20]
    ldclr x21, x1, [x20]
    ldclral w21, w10, [x20]
    ldeor x21, x2, [x20]
    ldeoral w21, w11, [x20]
    ldset x21, x3, [x20]
    ldsetal w21, w12, [x20]
    ldsmax x21, x4, [x20]
    ldsmaxal w21, w13, [x20]
    ldsmin x21, x5, [x20]
    ldsminal w21, w14, [x20]
    ldumax x21, x6, [x20]
    ldumaxal w21, w15, [x20]
    ldumin x21, x7, [x20]
    lduminal w21, w16, [x20]
    swp x21, x8, [x20]
    swpal w21, w17, [x20]
    ldr x18, [x20]
    mov x20, #0
    STEP
    BUF x20, 80
    ldaddab w21, w0, [x20]
    ldaddlh w21, w9, [x20]
    ldclrab w21, w1, [x20]
    ldclrlh w21, w10, [x20]
    ldeorab w21, w2, [x20]
    ldeorlh w21, w11, [x20]
    ldsetab w21, w3, [x20]
    ldsetlh w21, w12, [x20]
    ldsmaxab w21, w4, [x20]
    ldsmaxlh w21, w13, [x20]
    ldsminab w21, w5, [x20]
    ldsminlh w21, w14, [x20]
    ldumaxab w21, w6, [x20]
    ldumaxlh w21, w15, [x20]
    lduminab w21, w7, [x20]
    lduminlh w21, w16, [x20]
    swpab w21, w8, [x20]
    swplh w21, w17, [x20]
    ldr x18, [x20]
    mov x20, #0
    STEP
    BUF x20, 96
    stadd x21, [x20]
    stclrl w21, [x20]
    steorb w21, [x20]
    stseth w21, [x20]
    ldr x0, [x20]
    mov x1, x0
    cas x1, x2, [x20]
    ldr x3, [x20]
    mov x4, x0
    casal x4, x5, [x20]
    mov w6, w3
    casa w6, w7, [x20]
    mov x8, #1
    caslb w8, w9, [x20]
    ldrh w10, [x20]
    cash w10, w11, [x20]
    ldr x12, [x20]
    ldp x14, x15, [x20]
    casp x14, x15, x16, x17, [x20]
    ldp x18, x19, [x20]
    mov w22, #1
    mov w23, #2
    caspal w22, w23, w24, w25, [x20]
    mov x20, #0
    END
