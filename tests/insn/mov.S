// SPDX-License-Identifier: MIT
// MOVZ, MOVN, MOVK, ADR and ADRP, PC-relative literal loads.
// 1: x0 1234000000000000, x1 ffff0000, x2 ffffa987ffffffff, x3 ffffffff, x4 5050505abcd0505, x5 6064321, x6 ffff070707070707, x7 8, x8 0, x9 0, x10 1, nzcv 8
// 2: x0 7edcba9887654321, x1 7edcba98, x2 ffffffff87654321, x3 7edcba98, v0 0:87654321, v1 0:7edcba9887654321, v2 8000000000000001:7edcba9887654321
#include "insn.h"
    movz x0, #0x1234, lsl #48
    movz w1, #0xffff, lsl #16
    movn x2, #0x5678, lsl #32
    movn w3, #0
    movk x4, #0xabcd, lsl #16
    movk w5, #0x4321
    movk x6, #0xffff, lsl #48
    adr x7, 1f
    adr x8, 2f
1:  sub x7, x8, x7
    nop
2:  adrp x9, 1b
    adr x10, 1b
    sub x10, x10, x9
    and x9, x9, #0xfff
    mov x8, #0
    cmp x10, #0x1000
    cset w10, lo
    STEP
    ldr x0, lit
    ldr w1, lit + 4
    ldrsw x2, lit
    ldrsw x3, lit + 4
    ldr s0, lit
    ldr d1, lit
    ldr q2, lit
    prfm pldl1keep, lit
    b 3f
    .balign 8
lit: .word 0x87654321, 0x7edcba98, 1, 0x80000000
3:  nop
    END
