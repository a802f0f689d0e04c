/* SPDX-License-Identifier: MIT */
/*
 * guard_call(fn, arg, cpu, save_sp): calls fn(arg, cpu) after storing the stack pointer in *save_sp.  A signal handler
 * that finds fn at fault sets rsp to the stored value, eax to a result and rip to guard_return: fn is left for good.
 */
    .text
    .globl guard_call, guard_return
    .type guard_call, @function
guard_call:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $8, %rsp
    movq %rsp, (%rcx)
    movq %rdi, %rax
    movq %rsi, %rdi
    movq %rdx, %rsi
    callq *%rax
guard_return:
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    retq
    .size guard_call, .-guard_call
    .section .note.GNU-stack, "", @progbits
