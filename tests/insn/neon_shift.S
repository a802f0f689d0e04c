// SPDX-License-Identifier: MIT
// Advanced SIMD shifts: by immediate and by vector, rounding, insertion, accumulation, narrowing, lengthening.
// 1: x0 80040506fe3fc100, x20 0, v0 80008000800080:80008000800080, v1 ffffffff0000:ffff00000000, v2 1b08f663513eac19:774e24f3d2a9805, v3 0:0, v4 10101000000:1010100000000, v5 4c0742dd3994504b:47223dd8548f4b46, v8 22488e48fa486648:d2483e48aa481648, v9 46425d58544f4b46:415d58534f4a4641, v10 0:4a4a4a4a4a4a4a4a, v11 1080c0e8000033:f4887c00800058, v12 611031c000005833:774127c2a808058, v13 847b31c0a27d5833:3ba7127cd2a98058, v14 3611ecc7a27d5833:774e24fbd2a98058, v15 0:b06613c17724d280, v16 3611a27d0ee97a55:5050505050505050, v17 0:3611ecc80ee9c49f, v18 70ff48fe20fcf8:3d002a801800058, v19 1b08f66380000000:513eac1980000000, v20 ee90000c49f0000:7a550000300b0000, v21 ee9c49f:7a55300b, v22 0:ecc75833c49f300b, v23 11c77d33e99f550b:5757575757575757, v24 0:774e24fbd2a98058, v25 0:8000000000000000, v29 80040506fe3fc100:f8ff0102f0074003, v30 3611ecc7a27d5833:ee9c49f7a55300b, v31 86613c17f2cda883:5e3914efcaa5805b
#include "insn.h"
    BUF x20, 0
    ldp q30, q31, [x20]
    mov x20, #0
    ldr x0, =0xf8ff0102f0074003
    fmov d29, x0
    ldr x0, =0x80040506fe3fc100
    mov v29.d[1], x0
    shl v0.16b, v30.16b, #7
    sshr v1.8h, v30.8h, #16
    ushr v2.4s, v30.4s, #1
    srshr v3.2d, v30.2d, #63
    urshr v4.16b, v30.16b, #8
    ssra v5.8h, v30.8h, #3
    usra v6.2d, v30.2d, #64
    srsra v7.4s, v30.4s, #32
    sli v8.8h, v30.8h, #9
    sri v9.16b, v30.16b, #3
    sri d10, d30, #64
    sshl v11.16b, v30.16b, v29.16b
    ushl v12.8h, v30.8h, v29.8h
    srshl v13.4s, v30.4s, v29.4s
    urshl v14.2d, v30.2d, v29.2d
    shrn v15.8b, v30.8h, #5
    shrn2 v16.8h, v30.4s, #16
    rshrn v17.2s, v30.2d, #32
    sshll v18.8h, v30.8b, #3
    ushll2 v19.2d, v30.4s, #31
    shll v20.4s, v30.4h, #16
    sxtl v21.2d, v30.2s
    xtn v22.4h, v30.4s
    xtn2 v23.16b, v30.8h
    sshl d24, d30, d29
    shl d25, d30, #63
    END
