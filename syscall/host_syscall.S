/* SPDX-License-Identifier: MIT */
/*
 * System calls of the host without the C library: none of this touches errno or any thread-local data.
 *
 * host_call_guarded(attention, nr, a) is the race-free one.  Between host_guard_begin and host_guard_end a signal for the
 * guest finds the call either not started or given back by the kernel to be repeated; the handler then continues at
 * host_guard_out, and the result is -ERESTARTNOINTR.  The kernel itself decides whether a call that a handler interrupted
 * is repeated or ends with EINTR, because host handlers carry the guest's own SA_RESTART.
 * (The technique is that of musl's cancellation points.)
 *
 * host_notify(attention, n, a, mask, go) is the same for rt_sigreturn, by the n-th of HOST_NOTIFY_MAX instructions for it, so that a
 * filter of the host can tell these calls from all others, and n from the instruction's address (seccomp.c).  It looks at no argument,
 * and what it leaves behind can be told from any result: if it is made, the frame on the stack leads to host_notify_go, and *go
 * is true.  The frame has the host's mask of signals, but neither vector registers nor a stack for signals.
 *
 * host_clone and host_clone3: in a child with a stack of its own, fn(arg) is called and does not return.
 * host_thread_exit gives away the stack that it runs on.
 */
    .text

/* From the array at rdx. */
    .macro LOAD_ARGUMENTS
    movq 0(%rdx), %rdi
    movq 8(%rdx), %rsi
    movq 24(%rdx), %r10
    movq 32(%rdx), %r8
    movq 40(%rdx), %r9
    movq 16(%rdx), %rdx
    .endm

    .globl host_call_guarded, host_guard_begin, host_guard_end, host_guard_out
    .type host_call_guarded, @function
host_call_guarded:
    movq %rdi, %rcx
    movq %rsi, %rax
    LOAD_ARGUMENTS
host_guard_begin:
    cmpl $0, (%rcx)
    jne host_guard_out
    syscall
host_guard_end:
    retq
host_guard_out:
    movq $-513, %rax
    retq
    .size host_call_guarded, .-host_call_guarded

    .globl host_notify, host_notify_begin, host_notify_end, host_notify_out, host_notify_calls, host_notify_calls_end
    .type host_notify, @function
    .set UC_STACK_FLAGS, 24
    .set UC_RSP, 160
    .set UC_RIP, 168
    .set UC_RFLAGS, 176
    .set UC_SEGMENTS, 184
    .set UC_FPSTATE, 224
    .set UC_SIGMASK, 296
    .set UC_SIZE, 304
host_notify:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %r8
    pushq $0
    stmxcsr (%rsp)
    movq %rsp, %rbx
    subq $UC_SIZE, %rsp
    movq $0, (%rsp)
    movl $4, UC_STACK_FLAGS(%rsp) /* none that there is: the stack for signals stays */
    movq %rbx, UC_RSP(%rsp)
    leaq host_notify_go(%rip), %rax
    movq %rax, UC_RIP(%rsp)
    movq $0x202, UC_RFLAGS(%rsp)
    movabsq $0x2b000000000033, %rax
    movq %rax, UC_SEGMENTS(%rsp)
    movq $0, UC_FPSTATE(%rsp)
    movq %rcx, UC_SIGMASK(%rsp)
    movq %rdi, %rcx
    shlq $4, %rsi
    leaq host_notify_calls(%rip), %r11
    addq %rsi, %r11
    LOAD_ARGUMENTS
host_notify_begin:
    cmpl $0, (%rcx)
    jne host_notify_out
    jmpq *%r11
host_notify_end:
host_notify_out:
    movq $-513, %rax
host_notify_done:
    movq %rbx, %rsp
    xorl %edx, %edx
    jmp 1f
host_notify_go:
    movl $1, %edx
1:  ldmxcsr (%rsp)
    popq %rcx
    popq %r8
    movb %dl, (%r8)
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    retq
    .size host_notify, .-host_notify
    .balign 16
host_notify_calls:
    .rept 512 /* HOST_NOTIFY_MAX */
    movl $15, %eax
    syscall
    jmp host_notify_done
    .balign 16 /* HOST_NOTIFY_SIZE */
    .endr
host_notify_calls_end:

    .globl host_raw, host_raw_end
    .type host_raw, @function
host_raw:
    movq %rdi, %rax
    movq %rsi, %rdi
    movq %rdx, %rsi
    movq %rcx, %rdx
    movq %r8, %r10
    movq %r9, %r8
    movq 8(%rsp), %r9
    syscall
host_raw_end:
    retq
    .size host_raw, .-host_raw

/* host_clone(flags, stack_top or 0, parent_tid, child_tid, fn, arg) */
    .globl host_clone
    .type host_clone, @function
host_clone:
    movq %rcx, %r10
    movl $56, %eax
    syscall
    testq %rax, %rax
    jnz 1f
    testq %rsi, %rsi
    jz 1f
    xorl %ebp, %ebp
    movq %r9, %rdi
    callq *%r8
    ud2
1:  retq
    .size host_clone, .-host_clone

/* host_clone3(args, size, fn or 0, arg) */
    .globl host_clone3
    .type host_clone3, @function
host_clone3:
    movq %rcx, %r8
    movl $435, %eax
    syscall
    testq %rax, %rax
    jnz 1f
    testq %rdx, %rdx
    jz 1f
    xorl %ebp, %ebp
    movq %r8, %rdi
    callq *%rdx
    ud2
1:  retq
    .size host_clone3, .-host_clone3

/* host_thread_exit(left, map, length, status) */
    .globl host_thread_exit
    .type host_thread_exit, @function
host_thread_exit:
    movl %ecx, %r8d
    movl $1, (%rdi)
    testq %rdx, %rdx
    jz 1f
    movq %rsi, %rdi
    movq %rdx, %rsi
    movl $11, %eax
    syscall
1:  movl %r8d, %edi
    movl $60, %eax
    syscall
    ud2
    .size host_thread_exit, .-host_thread_exit

    .globl host_sigreturn
    .type host_sigreturn, @function
    nop
host_sigreturn:
    movl $15, %eax
    syscall
    .size host_sigreturn, .-host_sigreturn

    .section .note.GNU-stack, "", @progbits
