// SPDX-License-Identifier: MIT
// Operations whose results nobody wants still set FPSR, and set it where they stand.
// 1: x0 3ff0000000000001, x1 7ff8000000000000, x2 3c01, v0 0:3ff0000000000001, v1 0:7ff8000000000000, v2 0:3c01
// 2: fpsr 10, v4 0:0
// 3: nothing
// 4: nothing
// 5: nzcv 6, fpsr 1
// 6: x2 101, nzcv 3
// 7: x2 1, x3 1
// 8: x4 3ff0000000000000, nzcv 2
// 9: nothing
#include "insn.h"
    .arch armv8.2-a+fp16
    ldr x0, =0x3ff0000000000001
    ldr x1, =0x7ff8000000000000
    fmov d0, x0
    fmov d1, x1
    mov w2, #0x3c01
    fmov h2, w2
    STEP
    msr fpsr, xzr
    fmul d4, d0, d0
    movi v4.16b, #0
    STEP
    msr fpsr, xzr
    fmulx d4, d0, d0
    movi v4.16b, #0
    STEP
    msr fpsr, xzr
    fmul v4.4h, v2.4h, v2.h[0]
    movi v4.16b, #0
    STEP
    // flags that the next comparison overwrites
    msr fpsr, xzr
    fcmpe d0, d1
    cmp x0, x0
    STEP
    // read before the branch that uses the flags
    msr fpsr, xzr
    fcmpe d1, d1
    mrs x2, fpsr
    b.vc 1f
    add x2, x2, #0x100
1:
    STEP
    // the quiet comparison's flags serve the branch, but only the loud one raises invalid
    msr fpsr, xzr
    fcmp d1, d0
    cset x2, vs
    fcmpe d1, d0
    cset x3, vs
    STEP
    // flags stored only where the branch leaves
    msr fpsr, xzr
    cmp x0, x0
    fccmpe d1, d1, #4, eq
    cbz x0, 2f
    subs x4, x0, #1
2:
    STEP
    END
