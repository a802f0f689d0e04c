/* SPDX-License-Identifier: MIT */
/*
 * Copies that may fault: guarded.h.  rcx is the number of bytes left at every instruction that accesses memory; nothing is
 * pushed, so that guarded_out can return from any of them.
 */
    .text
    .globl guarded_copy_up, guarded_copy_down, guarded_set, guarded_start, guarded_end, guarded_out
    .type guarded_copy_up, @function
    .type guarded_copy_down, @function
    .type guarded_set, @function
guarded_start:
guarded_copy_up:
    movq %rdx, %rcx
    rep movsb
    movq %rcx, %rax
    retq
    .size guarded_copy_up, .-guarded_copy_up
guarded_copy_down:
    movq %rdx, %rcx
1:  cmpq $16, %rcx
    jb 2f
    movdqu -16(%rsi), %xmm0
    movdqu %xmm0, -16(%rdi)
    subq $16, %rsi
    subq $16, %rdi
    subq $16, %rcx
    jmp 1b
2:  testq %rcx, %rcx
    jz guarded_out
    movb -1(%rsi), %al
    movb %al, -1(%rdi)
    decq %rsi
    decq %rdi
    decq %rcx
    jmp 2b
    .size guarded_copy_down, .-guarded_copy_down
guarded_set:
    movq %rdx, %rcx
    movl %esi, %eax
    rep stosb
guarded_end:
guarded_out:
    movq %rcx, %rax
    retq
    .size guarded_set, .-guarded_set
    .section .note.GNU-stack, "", @progbits
