/* SPDX-License-Identifier: MIT */
/*
 * The AArch64 signal frame: registers as they are at the fault, changed ones taken over, flags and vector
 * registers kept although the handler uses them, FPCR and FPSR, fault_address, the reserved area's records,
 * the return through the vDSO.
 */
#include "t.h"

#include <asm/sigcontext.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static uint64_t regs[31], sp, pc_off, pstate, fault;
static void *page;
extern const char fault_insn[], fault_next[];

static void on_segv(int s, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    mcontext_t *m = &uc->uc_mcontext;
    for (int i = 0; i < 31; i++)
        regs[i] = m->regs[i], m->regs[i] += i < 29 ? 1000 : 0;
    sp = m->sp, pc_off = m->pc - (uint64_t)fault_insn, pstate = m->pstate,
    fault = m->fault_address - (uint64_t)page;
    m->pc = (uint64_t)fault_next;
    m->pstate ^= 0xf0000000;
    printf("signal %d code %d addr %ld\n", s, info->si_code, (char *)info->si_addr - (char *)page);
    for (struct _aarch64_ctx *c = (void *)m->__reserved; c->magic; c = (void *)((char *)c + c->size)) {
        if (c->magic == FPSIMD_MAGIC) {
            struct fpsimd_context *f = (void *)c;
            printf("fpsimd %u: fpcr %x fpsr %x v7 %lx v31 %lx\n", c->size, f->fpcr, f->fpsr,
                   (uint64_t)f->vregs[7], (uint64_t)(f->vregs[31] >> 64));
            f->vregs[9] = (unsigned __int128)0x99 << 64 | 0x11;
        }
    }
    /* Use everything that must come back. */
    __asm__ volatile("movi v0.16b, #1\n movi v7.16b, #2\n movi v8.16b, #3\n movi v15.16b, #4\n movi v31.16b, "
                     "#5\n msr fpcr, xzr\n subs xzr, xzr, xzr" ::
                         : "v0", "v7", "v8", "v15", "v31", "cc");
}

/* probe(page, vec, out): fills the registers, faults, and stores what it finds behind the handler. */
void probe(void *page, uint64_t *vec, uint64_t *out);
__asm__(".text\n.globl probe, fault_insn, fault_next\n"
        "probe: stp x29, x30, [sp, #-176]!\n stp x19, x20, [sp, #16]\n stp x21, x22, [sp, #32]\n stp x23, "
        "x24, [sp, #48]\n stp x25, x26, [sp, #64]\n stp x27, x28, [sp, #80]\n"
        "stp d8, d9, [sp, #96]\n stp d10, d11, [sp, #112]\n stp d12, d13, [sp, #128]\n stp d14, d15, [sp, "
        "#144]\n str x18, [sp, #160]\n"
        "mov x28, x0\n mov x27, x1\n mov x26, x2\n mov x9, #3 << 22\n msr fpcr, x9\n mov x9, #0x11\n msr "
        "fpsr, x9\n"
        "mov x0, #0x70\n dup v7.16b, w0\n mov x0, #0x31\n dup v31.16b, w0\n dup v0.2d, x0\n dup v8.2d, x0\n "
        "dup v15.2d, x0\n"
        ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,30\n mov x\\n, #\\n\n "
        ".endr\n adds xzr, x0, x0\n"
        "fault_insn: str x5, [x28, #40]\n brk #1\n"
        "fault_next: sub x26, x26, #1000\n sub x27, x27, #1000\n sub x28, x28, #1000\n stp x0, x1, [x26]\n "
        "mrs x0, nzcv\n mrs x1, fpcr\n stp x0, x1, [x26, #208]\n mrs x0, fpsr\n str x0, [x26, #224]\n"
        ".irp n, 2,4,6,8,10,12,14,16,18,20,22,24\n str x\\n, [x26, #8 * \\n]\n .endr\n .irp n, "
        "3,5,7,9,11,13,15,17,19,21,23,25\n str x\\n, [x26, #8 * \\n]\n .endr\n str x30, [x26, #240]\n"
        "str q7, [x27]\n str q31, [x27, #16]\n str q9, [x27, #32]\n stp d8, d15, [x27, #48]\n msr fpcr, xzr\n"
        "ldp x19, x20, [sp, #16]\n ldp x21, x22, [sp, #32]\n ldp x23, x24, [sp, #48]\n ldp x25, x26, [sp, "
        "#64]\n ldp x27, x28, [sp, #80]\n"
        "ldp d8, d9, [sp, #96]\n ldp d10, d11, [sp, #112]\n ldp d12, d13, [sp, #128]\n ldp d14, d15, [sp, "
        "#144]\n ldr x18, [sp, #160]\n ldp x29, x30, [sp], #176\n ret\n");

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t out[40] = {0}, vec[8] = {0};
    for (int round = 0; round < 2; round++) {
        probe(page, vec, out);
        for (int i = 0; i < 26; i++)
            if (regs[i] != (uint64_t)i || out[i] != (uint64_t)i + 1000)
                printf("x%d %lx %lx\n", i, regs[i], out[i]);
        printf("pc %lu pstate %lx fault %lu x30 %lu nzcv %lx fpcr %lx fpsr %lx\n", pc_off,
               pstate & 0xf0000000, fault, out[30], out[26], out[27], out[28]);
        printf("%lx %lx %lx %lx %lx %lx %lx %lx sp %d\n", vec[0], vec[1], vec[2], vec[3], vec[4], vec[5],
               vec[6], vec[7], (sp & 15) == 0);
    }
    return 0;
}
