/* SPDX-License-Identifier: MIT */
/*
 * Entry point of xrun itself.
 *
 * xrun is a fixed-address static program that lives at 0x7d0000000000, so that every low address is free for
 * guests (a guest's address is the host's address) and nothing has to be relocated at start.  The C library's
 * own crt1.o cannot be linked that far from address 0: it holds 32-bit absolute references, and libc.a calls a
 * few weak functions that resolve to 0 and so lie out of a call's reach.  Both are mended here.
 */
/* First of what is in it: it begins a page (dbt/own.h). */
    .section own_by_fork, "aw", @progbits
    .balign 4096

    .text
    .globl _start
    .type _start, @function
_start:
    xorl %ebp, %ebp
    movq %rdx, %r9              /* rtld_fini, from the kernel: always 0 in a static program */
    popq %rsi                   /* argc */
    movq %rsp, %rdx             /* argv */
    andq $-16, %rsp
    pushq %rax
    pushq %rsp
    xorl %r8d, %r8d
    xorl %ecx, %ecx
    leaq main(%rip), %rdi
    call __libc_start_main
    hlt
    .size _start, .-_start

/* As crt1.o of a non-PIE static program: nothing to relocate. */
    .globl _dl_relocate_static_pie
    .hidden _dl_relocate_static_pie
    .type _dl_relocate_static_pie, @function
_dl_relocate_static_pie:
    ret

/* Weak references of libc.a that no object defines in a program without these features. */
    .weak __call_tls_dtors, __pthread_initialize_minimal, __pthread_unwind
__call_tls_dtors:
__pthread_initialize_minimal:
    ret
__pthread_unwind:
    ud2

    .section .note.GNU-stack, "", @progbits
