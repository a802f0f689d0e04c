/* SPDX-License-Identifier: MIT */
/*
 * Copies that may fault: guarded.h.  rcx is the number of bytes left at every instruction that accesses memory; nothing is
 * pushed, so that guarded_out can return from any of them.
 */
    .text
    .globl guarded_copy_up, guarded_copy_down, guarded_set, guarded_start, guarded_end, guarded_out
    .globl guarded_copy_some, guarded_fill_some, guarded_stub_copy, guarded_stub_fill
    .type guarded_copy_up, @function
    .type guarded_copy_down, @function
    .type guarded_set, @function
    .type guarded_copy_some, @function
    .type guarded_fill_some, @function
    .type guarded_stub_copy, @function
    .type guarded_stub_fill, @function
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
    movq %rcx, %rax
    retq
    .size guarded_set, .-guarded_set

guarded_copy_some:
    movq %rdi, %rax
    movq %rdx, %rcx
    movq %rsi, %rdx
    jmp guarded_stub_copy
    .size guarded_copy_some, .-guarded_copy_some
guarded_fill_some:
    movq %rdi, %rax
    movq %rdx, %rcx
    movq %rsi, %rdx
    jmp guarded_stub_fill
    .size guarded_fill_some, .-guarded_fill_some

    .macro untag reg
    shlq $8, \reg
    sarq $8, \reg
    .endm

    .macro return_0
    xorl %eax, %eax
    retq
    .endm

/* n to 2n bytes: the first n and the last n, which may be some of the first. */
    .macro copy_ends mov, n, first, last
    \mov (%rdx), \first
    \mov -\n(%rdx,%rcx), \last
    \mov \first, (%rax)
    \mov \last, -\n(%rax,%rcx)
    .endm
    .macro fill_ends mov, n, value
    \mov \value, (%rax)
    \mov \value, -\n(%rax,%rcx)
    .endm

/*
 * Where a short copy crosses into another page of the target, its second store may fault after the first was done,
 * which a copy that overlaps must not do over: those go byte by byte, so that rcx is exact; downwards where the target
 * is above the source and overlaps it.
 */
    .balign 16
guarded_stub_copy:
    untag %rax
    untag %rdx
    cmpq $128, %rcx
    ja 5f
1:  movl %eax, %r10d
    andl $4095, %r10d
    addl %ecx, %r10d
    cmpl $4096, %r10d
    ja 7f
    cmpl $16, %ecx
    jb 3f
    cmpl $32, %ecx
    ja 2f
    copy_ends vmovdqu, 16, %xmm0, %xmm1
    return_0
2:  cmpl $64, %ecx
    vmovdqu (%rdx), %ymm0
    vmovdqu -32(%rdx,%rcx), %ymm1
    jbe 4f
    vmovdqu 32(%rdx), %ymm2
    vmovdqu -64(%rdx,%rcx), %ymm3
    vmovdqu %ymm2, 32(%rax)
    vmovdqu %ymm3, -64(%rax,%rcx)
4:  vmovdqu %ymm0, (%rax)
    vmovdqu %ymm1, -32(%rax,%rcx)
    vzeroupper
    return_0
3:  cmpl $8, %ecx
    jb 4f
    copy_ends vmovq, 8, %xmm0, %xmm1
    return_0
4:  cmpl $4, %ecx
    jb 4f
    copy_ends vmovd, 4, %xmm0, %xmm1
    return_0
4:  testl %ecx, %ecx
    jz 8f
    movzbl (%rdx), %r10d
    testb $2, %cl
    jz 4f
    movzwl -2(%rdx,%rcx), %edx
    movb %r10b, (%rax)
    movw %dx, -2(%rax,%rcx)
    return_0
4:  movb %r10b, (%rax)
8:  return_0
5:  cmpq $4096, %rcx
    ja guarded_out
6:  vmovdqu (%rdx), %ymm0
    vmovdqu %ymm0, (%rax)
    addq $32, %rdx
    addq $32, %rax
    subq $32, %rcx
    cmpq $32, %rcx
    jae 6b
    vzeroupper
    jmp 1b
7:  movq %rax, %r10
    subq %rdx, %r10
    cmpq %rcx, %r10
    jb 9f
8:  movb (%rdx), %r10b
    movb %r10b, (%rax)
    incq %rdx
    incq %rax
    decq %rcx
    jnz 8b
    return_0
9:  movb -1(%rdx,%rcx), %r10b
    movb %r10b, -1(%rax,%rcx)
    decq %rcx
    jnz 9b
    return_0
    .size guarded_stub_copy, .-guarded_stub_copy

    .balign 16
guarded_stub_fill:
    untag %rax
    movzbl %dl, %edx
    movq $0x0101010101010101, %r10
    imulq %r10, %rdx
    cmpq $16, %rcx
    jb 3f
    vmovq %rdx, %xmm0
    vpbroadcastq %xmm0, %ymm0
    cmpq $32, %rcx
    ja 2f
    fill_ends vmovdqu, 16, %xmm0
    vzeroupper
    return_0
2:  cmpq $4096, %rcx
    ja 9f
    leaq -32(%rax,%rcx), %r10
4:  vmovdqu %ymm0, (%rax)
    addq $32, %rax
    cmpq %r10, %rax
    jb 4b
    vmovdqu %ymm0, (%r10)
    vzeroupper
    return_0
9:  vzeroupper
    jmp guarded_out
3:  cmpl $8, %ecx
    jb 4f
    fill_ends movq, 8, %rdx
    return_0
4:  cmpl $4, %ecx
    jb 4f
    fill_ends movl, 4, %edx
    return_0
4:  testl %ecx, %ecx
    jz 8f
    movb %dl, (%rax)
    testb $2, %cl
    jz 8f
    movw %dx, -2(%rax,%rcx)
8:  return_0
    .size guarded_stub_fill, .-guarded_stub_fill
guarded_end:
guarded_out:
    movq %rcx, %rax
    retq
    .section .note.GNU-stack, "", @progbits
