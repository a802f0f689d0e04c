/* SPDX-License-Identifier: MIT */
/*
 * System calls from translated code, in the way that costs least: a call that passes through is made right here.
 *
 * On many processors the kernel spoils the prediction of returns (against attacks), so each return between the kernel and
 * the guest costs some ten nanoseconds, a tenth of a cheap call.  On this way there is none: no C function returns behind
 * the system call but those that were called behind it, and dbt_serve_end jumps.  Everything else goes by
 * syscall_dispatch.
 */
#include "abi/abi.h"
#include "loader/vdso.h"
#include "syscall/buffers.h"
#include "syscall/calls.h"
#include "syscall/dispatch.h"
#include "syscall/fuse.h"
#include "syscall/self_mem.h"

/* As host_call_guarded; the handler of signals knows the labels. */
static inline __attribute__((always_inline)) int64_t call_inline(const _Atomic uint32_t *attention,
                                                                 int64_t nr, const uint64_t a[6])
{
    register uint64_t r10 __asm__("r10") = a[3], r8 __asm__("r8") = a[4], r9 __asm__("r9") = a[5];
    __asm__ volatile(".globl host_inline_begin, host_inline_end, host_inline_out\n"
                     "host_inline_begin:\n"
                     "cmpl $0, (%[attention])\n"
                     "jne host_inline_out\n"
                     "syscall\n"
                     "host_inline_end:\n"
                     ".pushsection .text.unlikely\n"
                     "host_inline_out:\n"
                     "movq %[interrupted], %%rax\n"
                     "jmp host_inline_end\n"
                     ".popsection"
                     : "+a"(nr)
                     : [attention] "r"(attention), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8),
                       "r"(r9), [interrupted] "i"(-XRUN_ERESTARTNOINTR)
                     : "rcx", "r11", "memory");
    return nr;
}

static inline __attribute__((always_inline)) void call(struct task *t, struct cpu *cpu)
{
    uint64_t nr = abi->call_nr(cpu), a[6];
    const struct call *c = call_find(nr);
    bool tagged = abi->call_args(cpu, a);
    if (!c || c->kind != CALL_PASS || options.strace || t->seccomp_mode || self_mem_open || tagged ||
        pointers_own(a)) {
        syscall_dispatch(t);
    } else {
        int64_t result = call_inline(&t->attention, c->host, a);
        if (is_restart(result)) {
            t->orig_x0 = a[0];
            t->last_nr = (int64_t)nr;
        }
        fuse_look(t, c, a, result);
        abi->call_result(cpu, result);
    }
}

__attribute__((noinline)) void syscall_serve(struct cpu *cpu)
{
    struct task *t = cpu->owner;
    dbt_serve_begin(cpu);
    if (vdso_is_call(cpu->pc))
        vdso_call(t);
    else
        call(t, cpu);
    dbt_serve_end(cpu, !task_has_more(t) && !cpu->poll);
}
