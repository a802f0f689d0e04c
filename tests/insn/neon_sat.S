// SPDX-License-Identifier: MIT
// Advanced SIMD saturation, and the QC flag.
// 1: x20 0, fpsr 8000000, v0 916cfffffdd8b38e:69fffffad5b08b66, v28 7f7f7f7f7f7f7f7f:7f7f7f7f7f7f7f7f, v29 8000800080008000:8000800080008000, v30 3611ecc7a27d5833:ee9c49f7a55300b, v31 86613c17f2cda883:5e3914efcaa5805b
// 2: v1 7fff7fff7fff7fff:7fff7fff7fff7fff
// 3: v4 8000800080008000:8000800080008000, v5 7f1e43687f7f7f7f:21466b7f7f7f7f24, v6 0:0, v7 7fff7fff7fff7fff:7fff7fff7fff7fff, v8 cc9ffd4a09a40bfe:afa52efcd023c37, v9 217ff416c60f36a5:93ddb354bcb1dc4, v10 7fffffff7fffffff:7fffffff7fffffff, v11 56459e39fd4f442d:184d8782be14731d, v12 7fab876a5552788a:42a7bc1a7fffffff, v13 0:7f80807f7f807f7f, v14 ffff0000ffffffff:4e4e4e4e4e4e4e4e, v15 0:ffffffff, v16 7f7f8080807f7f7f:708080807f7f7f58, v17 ffffffff00000000:ffff00000000ffff, v18 7fffffff80000000:7fffffff7fffffff, v19 ffffffffffffffff:ee9c49f7a55300b0, v20 0:7f80807f7f807f7f, v21 0:ffffffffffffffff, v22 0:ff, v23 7f687f7f7f7f7f7f:657f7f7f7f7f7f62, v24 946f4b2500db:b6916d4722fd0000, v25 7fff7fff7fff7fff:7fff7fff7fff7fff, v26 0:0, v27 0:66
#include "insn.h"
    BUF x20, 0
    ldp q30, q31, [x20]
    mov x20, #0
    movi v29.8h, #0x80, lsl #8
    movi v28.16b, #0x7f
    uqadd v0.16b, v30.16b, v27.16b
    STEP
    msr fpsr, xzr
    sqadd v1.8h, v2.8h, v3.8h
    STEP
    sqadd v4.8h, v29.8h, v29.8h
    sqsub v5.16b, v28.16b, v31.16b
    uqsub v6.4s, v30.4s, v31.4s
    sqdmulh v7.8h, v29.8h, v29.8h
    sqrdmulh v8.4s, v30.4s, v31.4s
    sqdmulh v9.8h, v30.8h, v15.h[2]
    sqdmull v10.4s, v29.4h, v29.4h
    sqdmlal v11.2d, v30.2s, v31.2s
    sqdmlsl2 v12.4s, v30.8h, v31.8h
    sqxtn v13.8b, v30.8h
    sqxtun2 v14.8h, v30.4s
    uqxtn s15, d31
    sqshl v16.16b, v30.16b, #3
    uqshl v17.8h, v30.8h, v31.8h
    sqrshl v18.4s, v30.4s, v28.4s
    sqshlu v19.2d, v30.2d, #4
    sqshrn v20.8b, v30.8h, #2
    uqrshrn v21.4h, v30.4s, #9
    sqrshrun b22, h30, #1
    suqadd v23.16b, v30.16b
    usqadd v24.8h, v31.8h
    sqabs v25.8h, v29.8h
    sqneg b26, b29
    sqadd b27, b30, b31
    END
