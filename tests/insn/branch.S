// SPDX-License-Identifier: MIT
// Branches: compare and test branches both ways, calls, indirect, returns through other registers, loops.
// 1: x0 0, x1 1, x2 10000000000, x3 0, x4 13ba, x11 c0c0c0c0c0c0c1b, nzcv 6
// 2: x5 60606060606060f, x6 0, x7 0, x8 0, x9 0, x12 d0d0d0d0d0d0d0e, x13 5354, x30 0, nzcv 8
#include "insn.h"
    mov x0, #0
    mov x1, #1
    cbz x0, 1f
    orr x10, x10, #1
1:  cbnz w1, 2f
    orr x10, x10, #2
2:  cbz x1, 3f
    add x11, x11, #1
3:  cbnz w0, 4f
    add x11, x11, #2
4:  mov x2, #1 << 40
    tbz x2, #40, 5f
    add x11, x11, #4
5:  tbnz x2, #40, 6f
    orr x10, x10, #4
6:  tbnz w2, #31, 7f
    add x11, x11, #8
7:  mov x3, #100
    mov x4, #0
8:  add x4, x4, x3
    subs x3, x3, #1
    b.ne 8b
    STEP
    bl 20f
    add x5, x5, #1
    adr x6, 21f
    blr x6
    add x5, x5, #4
    adr x7, 9f
    br x7
    orr x10, x10, #8
9:  adr x8, 10f
    ret x8
    orr x10, x10, #16
10: bl 22f
    mov x6, #0
    mov x7, #0
    mov x8, #0
    mov x9, #0
    mov x30, #0
    b 30f
20: add x5, x5, #2
    ret
21: mov x9, x30
    bl 20b
    br x9
22: str x30, [sp, #-16]!
    add x12, x12, #1
    tbnz x12, #3, 23f
    bl 22b
23: ldr x30, [sp], #16
    ret
30: mov x13, #0
    .irp cc, eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le
    cmp x0, x1
    b.\cc 1f
    add x13, x13, #1
1:  lsl x13, x13, #1
    .endr
    END
