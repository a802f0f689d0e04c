/* SPDX-License-Identifier: MIT */
/*
 * The frame of the instruction tests.  Every register starts with a known value; STEP dumps them all (x0 to x30, NZCV, FPSR, v0 to v31) to
 * stdout and changes none; END dumps a last time and exits.  run.py knows the layout of a dump: 34 words, then 32 vectors.
 * `buf` is 512 bytes of known contents, 64-aligned, with 512 bytes of zeros behind it.
 */
.macro STEP
    str x30, [sp, #-16]!
    bl dump
    ldr x30, [sp], #16
    .endm

    .macro END
    STEP
    mov x0, #0
    mov x8, #93
    svc #0
    .ltorg
dump:
    stp x0, x1, [sp, #-16]!
    adrp x0, area
    add x0, x0, :lo12:area
    stp x2, x3, [x0, #16]
    .irp n, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28
    str x\n, [x0, #8 * \n]
    .endr
    .irp n, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29
    str x\n, [x0, #8 * \n]
    .endr
    ldp x2, x3, [sp]
    stp x2, x3, [x0]
    ldr x2, [sp, #16]
    mrs x3, nzcv
    stp x2, x3, [x0, #240]
    mrs x2, fpsr
    str x2, [x0, #256]
    mov x1, x0
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    str q\n, [x0, #272 + 16 * \n]
    .endr
    mov x0, #1
    mov x2, #272 + 512
    mov x8, #64
    svc #0
    adrp x0, area
    add x0, x0, :lo12:area
    ldr x2, [x0, #248]
    msr nzcv, x2
    ldr x8, [x0, #64]
    ldp x2, x3, [x0, #16]
    ldp x0, x1, [sp], #16
    ret
    .data
    .balign 64
buf:
    .set i, 0
    .rept 512
    .byte (i * 37 + 11) & 255
    .set i, i + 1
    .endr
    .zero 512
    .bss
    .balign 64
area:
    .zero 1024
    .endm

    /* dst = the address of buf + offset */
    .macro BUF dst, offset=0
    adrp \dst, buf
    add \dst, \dst, :lo12:buf
    .if \offset
    add \dst, \dst, #\offset
    .endif
    .endm

    .text
    .globl _start
_start:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    ldr x\n, =0x0101010101010101 * (\n + 1)
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    movi v\n\().16b, #0x40 + \n
    .endr
    msr nzcv, xzr
    msr fpsr, xzr
    msr fpcr, xzr
    b 1f
    .ltorg
1:
