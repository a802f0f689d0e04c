// SPDX-License-Identifier: MIT
// System registers: NZCV, FPCR, FPSR, the thread pointer, DCZID and CTR, barriers and hints, DC ZVA.
// 1: x0 f0000000, nzcv f
// 2: x0 800009f, x1 50000000, x2 3c00000, x3 800009f, nzcv 5, fpsr 800009f
// 3: x4 0, x6 606060606060606, x7 0, x8 0, x9 0, x10 0, x11 0, x12 0, x13 0, x14 0, x15 0, x16 0, x17 0, x18 0, x19 1, x20 0, nzcv 0, fpsr 0
#include "insn.h"
    mov x0, #0xf0000000
    msr nzcv, x0
    STEP
    mov x0, #0x50000000
    msr nzcv, x0
    mrs x1, nzcv
    mov x0, #0x3c00000
    msr fpcr, x0
    mrs x2, fpcr
    msr fpcr, xzr
    mov x0, #0x9f
    movk x0, #0x800, lsl #16
    msr fpsr, x0
    mrs x3, fpsr
    STEP
    msr fpsr, xzr
    mrs x4, tpidr_el0
    msr tpidr_el0, x5
    mrs x6, tpidr_el0
    msr tpidr_el0, x4
    nop
    yield
    wfe
    sev
    sevl
    wfi
    hint #34
    isb
    dsb ishst
    dmb oshld
    mrs x7, dczid_el0
    and x8, x7, #16
    ubfx x7, x7, #0, #4
    mov x9, #4
    lsl x9, x9, x7
    sub x10, x9, #1
    BUF x11, 0
    add x12, x11, #200
    dc zva, x12
    ldr x13, [x12]
    bic x14, x12, x10
    ldrb w15, [x14]
    ldrb w16, [x14, #-1]
    add x14, x14, x9
    ldrb w17, [x14, #-1]
    ldrb w18, [x14]
    dc cvau, x12
    dc cvac, x12
    dc civac, x12
    ic ivau, x12
    mrs x19, cntvct_el0
    mrs x20, cntvct_el0
    cmp x20, x19
    cset x19, hs
    msr nzcv, xzr
    mov x4, #0
    mov x7, #0
    mov x9, #0
    mov x10, #0
    mov x11, #0
    mov x12, #0
    mov x14, #0
    mov x15, #0
    mov x16, #0
    mov x17, #0
    mov x18, #0
    mov x20, #0
    END
