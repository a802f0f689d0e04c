// SPDX-License-Identifier: MIT
// CRC32 and CRC32C of all sizes.
// 1: x0 77053294, x3 b224077c, x6 d7620c85, x9 86889ec4, x12 f2658d0d, x15 27b74a7c, x18 99cd23b2, x21 f71916e, x24 0, x25 2dfd1072
#include "insn.h"
    crc32b w0, w1, w2
    crc32h w3, w4, w5
    crc32w w6, w7, w8
    crc32x w9, w10, x11
    crc32cb w12, w13, w14
    crc32ch w15, w16, w17
    crc32cw w18, w19, w20
    crc32cx w21, w22, x23
    crc32x w24, wzr, xzr
    mov w25, #-1
    crc32b w25, w25, wzr
    END
