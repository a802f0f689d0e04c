/* SPDX-License-Identifier: MIT */
/*
 * The instructions that touch guest memory on behalf of C code.  They use no stack but the return address, so that the
 * handler of a fault between user_access_begin and user_access_end may simply go on at user_access_fault.
 */
    .text
    .globl user_access_begin, user_access_end, user_access_fault
    .globl user_copy, user_copy_string, user_compare_swap
user_access_begin:
/* int64_t user_copy(void *dst, const void *src, size_t n) */
    .type user_copy, @function
user_copy:
    movq %rdx, %rcx
    cmpq $64, %rcx
    ja 3f
1:  subq $8, %rcx
    jb 2f
    movq (%rsi), %rax
    movq %rax, (%rdi)
    addq $8, %rsi
    addq $8, %rdi
    jmp 1b
2:  addq $8, %rcx
    jz 4f /* rep takes its time for nothing, too */
3:  rep movsb
4:  xorl %eax, %eax
    retq
    .size user_copy, .-user_copy

/* int64_t user_copy_string(char *dst, const char *src, size_t n): length, or -ENAMETOOLONG */
    .type user_copy_string, @function
user_copy_string:
    xorl %eax, %eax
1:  cmpq %rdx, %rax
    jae 2f
    movb (%rsi,%rax), %cl
    movb %cl, (%rdi,%rax)
    testb %cl, %cl
    jz 3f
    incq %rax
    jmp 1b
2:  movq $-36, %rax
3:  retq
    .size user_copy_string, .-user_copy_string

/* int user_compare_swap(uint64_t addr, unsigned size, uint64_t old, uint64_t new): 0, or 1: it was not old */
    .type user_compare_swap, @function
user_compare_swap:
    movq %rdx, %rax
    cmpl $4, %esi
    je 1f
    lock cmpxchgq %rcx, (%rdi)
    jmp 2f
1:  lock cmpxchgl %ecx, (%rdi)
2:  setne %al
    movzbl %al, %eax
    retq
    .size user_compare_swap, .-user_compare_swap
user_access_end:
user_access_fault:
    movq $-14, %rax
    retq
    .section .note.GNU-stack, "", @progbits
