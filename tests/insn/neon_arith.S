// SPDX-License-Identifier: MIT
// Advanced SIMD integers: add, subtract, multiply, compare, minimum, absolute, logic, select.
// 1: x20 0, v0 bc7228de944a00b6:6c22d88e44fab066, v1 afb0b0b0afb0afb0:b0b0afb0afb0afb0, v2 bc7328df954b00b6:6d22d98f44fab066, v3 0:b0b0afafafafafb0, v4 f081e9e13edc9a19:5901fc71b96493e9, v5 a7b62f268d5edf5e:252641b6300ed92e, v6 2d5f665222d862d:2265f6d5027d465d, v7 ee3f7a69b793f4bd:80e7be11fb3b3865, v8 ff00000000ffffff:ffffff00, v9 0:0, v10 ffffffffffffffff:ffffffffffffffff, v11 ffffffffffffffff:ffffffffffffffff, v12 ffffffffffffffff:ffffffffffffffff, v13 36113c17f2cd5833:5e3914ef7a55300b, v14 36113c17a27d5833:e39149f7a55300b, v15 7a613c170e33587d:5e391411365b805b, v16 c9ee13385d82a7cd:f1163b6085aacff5, v17 afb04f505050afb0:4f505050afb0afb0, v18 a2a1a1a2a2a2a2a2:a1a1a2a2a2a2a2a2, v19 de3914efca2500db:3611ecc722fdd833, v20 5e39946fcaa5805b:36916cc7a27d5833, v21 d7d85858d7d7d7d8:d85857d8d7d7d7d8, v22 6012c07a24d0803:e29048f4a05000b, v23 1657165716571657:1657165716571657, v24 58d8585858d85858:58d8585858d85858, v25 96316c47a2ddf893:e6944bfdaf5900b, v26 5e1b6e4faa5f5a5b:e6b4e9f5a5f5a0b, v27 0:5ad9d05b7a51305b, v28 7f9fefefaf7f5f7f:afefef9f7f5f7faf, v29 b4719025a4a1c0d5:34115085a4210035, v30 3611ecc7a27d5833:ee9c49f7a55300b, v31 86613c17f2cda883:5e3914efcaa5805b
// 2: v0 1200120012001200:1200120012001200, v1 ffcb0000ffcb0000:ffcb0000ffcb0000, v2 ff00ff0000ffff00:ff00ff0000ffff00, v3 bfc00000bfc00000:bfc00000bfc00000, v4 3fd0000000000000:3fd0000000000000, v5 402050503060304:305030605040203, v6 2000000000001:4000000010002, v7 3:1, v8 6c8837e345be1acc:709723f95eaa0cd0, v9 0:f1163b6085aacff4, v10 33587da2c7ec1136:b30557a9fc4e90e, v11 ecc736115833a27d:c49f0ee9300b7a55, v12 1136c7ec7da23358:e90e9fc4557a0b30, v13 c2789b5073284b00:22d8fab0d388aa60, v14 0:44fbb1671cd2883e, v15 613cf2a85e14ca5b:36ec7d580ec47a30, v16 22d8fffffab0:ffffd3880000aa60, v17 aff75103516fb03b:504751b3b07fafeb, v18 b070d0d050b0f0b0:50d0d070b0f0b050, v19 ffffffffca000000:ffffffffffffffff, v20 b080000083800000:d300000090000000
#include "insn.h"
    BUF x20, 0
    ldp q30, q31, [x20]
    mov x20, #0
    add v0.16b, v30.16b, v31.16b
    sub v1.8h, v30.8h, v31.8h
    add v2.2d, v30.2d, v31.2d
    sub d3, d30, d31
    mul v4.4s, v30.4s, v31.4s
    mla v5.8h, v30.8h, v31.8h
    mls v6.16b, v30.16b, v31.16b
    mul v7.8h, v30.8h, v15.h[5]
    cmgt v8.16b, v30.16b, v31.16b
    cmhi v9.4s, v30.4s, v31.4s
    cmge v10.2d, v30.2d, #0
    cmtst v11.8h, v30.8h, v31.8h
    cmeq v12.16b, v30.16b, v30.16b
    smax v13.8h, v30.8h, v31.8h
    umin v14.16b, v30.16b, v31.16b
    abs v15.16b, v31.16b
    neg v16.2d, v30.2d
    sabd v17.8h, v30.8h, v31.8h
    uaba v18.4s, v30.4s, v31.4s
    shadd v19.16b, v30.16b, v31.16b
    urhadd v20.8h, v30.8h, v31.8h
    uhsub v21.4s, v30.4s, v31.4s
    and v22.16b, v30.16b, v31.16b
    bic v23.8h, #0x41, lsl #8
    orr v24.4s, #0x80, lsl #16
    bsl v25.16b, v30.16b, v31.16b
    bit v26.16b, v30.16b, v31.16b
    bif v27.8b, v30.8b, v31.8b
    orn v28.16b, v30.16b, v31.16b
    pmul v29.16b, v30.16b, v31.16b
    STEP
    movi v0.8h, #0x12, lsl #8
    mvni v1.4s, #0x34, msl #16
    movi v2.2d, #0xff00ff0000ffff00
    fmov v3.4s, #-1.5
    fmov v4.2d, #0.25
    cnt v5.16b, v30.16b
    clz v6.8h, v30.8h
    cls v7.4s, v31.4s
    rbit v8.16b, v30.16b
    not v9.8b, v30.8b
    rev64 v10.16b, v30.16b
    rev32 v11.8h, v30.8h
    rev16 v12.16b, v30.16b
    addp v13.8h, v30.8h, v31.8h
    addp d14, v30.2d
    smaxp v15.16b, v30.16b, v31.16b
    saddlp v16.4s, v30.8h
    uadalp v17.8h, v30.16b
    eor v18.16b, v30.16b, v31.16b
    urecpe v19.4s, v30.4s
    ursqrte v20.4s, v31.4s
    END
