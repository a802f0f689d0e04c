// SPDX-License-Identifier: MIT
// Advanced SIMD permutations, table look-ups, element moves, across lanes.
// 1: x0 3f30ff0001022140, x3 e, x4 3611ecc7a27d5833, x5 5e39, x6 ffffff80, x20 0, v0 5e0e39e914c4ef9f:ca7aa55580305b0b, v1 866136113c17ecc7:f2cda27da8835833, v2 f2cda883caa5805b:a27d58337a55300b, v3 863cf2a85e14ca80:36eca2580ec47a30, v4 3c17ecc7a8835833:14efc49f805b300b, v5 86613c17f2cda883:3611ecc7a27d5833, v6 cda8835e3914efca:a5805b3611ecc7a2, v7 0:a5805b0ee9c49f7a, v8 b30550000:3600c400007a, v9 b30550000:5b863600c400807a, v10 0:b363f5b0f003005, v11 865b4b5c5c5c304b:33f5c0b5c4b115c, v12 4c4c4c5b80a54c4c:4c4c864c144c4cca, v13 a27da27da27da27d:a27da27da27da27d, v14 202020202020202:202020202020202, v15 0:58, v16 5050505050505050:3611ecc750505050, v17 351515151515151:5151515151515151, v18 0:8, v19 0:9b70, v20 0:161ce39a4, v21 0:7a55, v22 0:ee9c49f, v23 0:58585858, v29 3f30ff0001022140:101f0f2005801103, v30 3611ecc7a27d5833:ee9c49f7a55300b, v31 86613c17f2cda883:5e3914efcaa5805b
#include "insn.h"
    BUF x20, 0
    ldp q30, q31, [x20]
    mov x20, #0
    ldr x0, =0x101f0f2005801103
    fmov d29, x0
    ldr x0, =0x3f30ff0001022140
    mov v29.d[1], x0
    zip1 v0.16b, v30.16b, v31.16b
    zip2 v1.8h, v30.8h, v31.8h
    uzp1 v2.4s, v30.4s, v31.4s
    uzp2 v3.16b, v30.16b, v31.16b
    trn1 v4.8h, v30.8h, v31.8h
    trn2 v5.2d, v30.2d, v31.2d
    ext v6.16b, v30.16b, v31.16b, #11
    ext v7.8b, v30.8b, v31.8b, #3
    tbl v8.16b, {v30.16b}, v29.16b
    tbl v9.16b, {v30.16b, v31.16b}, v29.16b
    tbl v10.8b, {v29.16b, v30.16b, v31.16b}, v29.8b
    tbx v11.16b, {v28.16b, v29.16b, v30.16b, v31.16b}, v29.16b
    tbx v12.16b, {v31.16b}, v29.16b
    dup v13.8h, v30.h[5]
    dup v14.16b, w1
    dup b15, v30.b[9]
    mov v16.s[1], v30.s[3]
    ins v17.b[15], w2
    umov w3, v30.b[7]
    umov x4, v30.d[1]
    smov x5, v31.h[3]
    smov w6, v31.b[1]
    addv b18, v30.16b
    saddlv s19, v30.8h
    uaddlv d20, v30.4s
    smaxv h21, v30.8h
    uminv s22, v30.4s
    fmaxv s23, v24.4s
    END
