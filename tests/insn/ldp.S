// SPDX-License-Identifier: MIT
// Pairs: every size, signed words, write-back, non-temporal, base among the destinations.
// 1: x0 4e2904dfba95704b, x1 76512c07e2bd9873, x2 ae5c09b, x3 9e79542f, x4 4e2904df, x5 ffffffffe2bd9873, x6 ae89643f1af5d0ab, x7 d6b18c67421df8d3, x8 2601dcb7, x9 ba95704b, x10 fed9b48f6a4520fb, x11 2601dcb7926d4823, x12 6a4520fb, x13 fed9b48f, x20 0, x21 76512c07e2bd9873, x22 8, x23 4e2904dfba95704b, v0 9e79542f0ae5c09b:76512c07e2bd9873, v1 eec9a47f5a3510eb:c6a17c57320de8c3, v2 0:fed9b48f6a4520fb, v3 0:2601dcb7926d4823, v4 0:ae5c09b, v5 0:9e79542f, v6 16f1cca7825d3813:eec9a47f5a3510eb, v7 66411cf7d2ad8863:3e19f4cfaa85603b
// 2: x10 4e2904dfba95704b, x11 76512c07e2bd9873, x12 9e79542f0ae5c09b, x13 4e2904df, x14 0, x15 ba95704b2601dcb7, x20 ffffffffffffffe0, x21 0, v10 9e79542f0ae5c09b:9e79542f0ae5c09b, v11 eec9a47f5a3510eb:c6a17c57320de8c3, v12 fed9b48f6a4520fb:0, v13 0:2601dcb7926d4823
#include "insn.h"
    BUF x20, 64
    ldp x0, x1, [x20]
    ldp w2, w3, [x20, #16]
    ldpsw x4, x5, [x20, #4]
    ldnp x6, x7, [x20, #-32]
    ldnp w8, w9, [x20, #-4]
    ldp x10, x11, [x20, #-16]!
    ldp w12, w13, [x20], #24
    BUF x21, 64
    sub x22, x20, x21
    ldp x23, x21, [x21]
    ldp q0, q1, [x20]
    ldp d2, d3, [x20, #-24]
    ldp s4, s5, [x20, #8]!
    ldnp q6, q7, [x20, #16]
    mov x20, #0
    STEP
    BUF x20, 512
    stp x0, x1, [x20]
    stp w2, w3, [x20, #16]
    stnp x4, xzr, [x20, #24]
    stp x6, x7, [x20, #40]!
    stp w8, w9, [x20], #-40
    ldp x10, x11, [x20]
    ldp x12, x13, [x20, #16]
    ldp x14, x15, [x20, #32]
    stp q0, q1, [x20, #32]!
    stp d2, d3, [x20, #40]
    stp s4, s5, [x20], #-64
    ldp q10, q11, [x20, #64]
    ldp q12, q13, [x20, #96]
    BUF x21, 512
    sub x20, x20, x21
    mov x21, #0
    END
