/* SPDX-License-Identifier: MIT */
/* Alignment faults: ordered and atomic accesses that cross 16 bytes, accesses by a misaligned stack pointer, and what may be
 * misaligned all the same.  Expected is what arm64 Linux shows with FEAT_LSE2 and SCTLR_EL1.nAA clear: signal, code,
 * address, pc, syndrome.
 * skip-qemu: 7.2 has neither LSE2's rule nor the stack pointer's
 */
#include "t.h"

#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#define ARCH ".arch armv8.4-a+rcpc\n"

static _Alignas(64) uint8_t data[128];
static sigjmp_buf back;
static uint64_t want_addr;

static void on_fault(int s, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    uint64_t esr = 0;
    struct _aarch64_ctx *head = (void *)uc->uc_mcontext.__reserved;
    while (head->magic && head->magic != 0x45535201)
        head = (void *)((char *)head + head->size);
    if (head->magic)
        esr = *(uint64_t *)(head + 1);
    printf("signal %d code %d addr right %d fault_address %d pc right %d esr %lx\n", s, info->si_code,
           (uint64_t)info->si_addr == want_addr, uc->uc_mcontext.fault_address == want_addr ? 1 : uc->uc_mcontext.fault_address ? 2 : 0,
           uc->uc_mcontext.pc == uc->uc_mcontext.regs[28], esr);
    siglongjmp(back, 1);
}

static volatile uint64_t given;

/* x0: the address, tagged; x28: the instruction's own address. */
#define TRY(offset, insn)                                                                                      \
    do {                                                                                                       \
        want_addr = (uint64_t)data + (offset);                                                                 \
        given = want_addr | 0x5a00000000000000;                                                                \
        printf("%s +%d: ", insn, offset);                                                                      \
        if (!sigsetjmp(back, 1)) {                                                                             \
            __asm__ volatile(ARCH "ldr x0, %0\n adr x28, 1f\n1: " insn                                         \
                             : : "m"(given) : "x0", "x1", "x2", "x3", "x4", "x5", "x28", "v1", "v2", "memory"); \
            printf("done\n");                                                                                  \
        }                                                                                                      \
    } while (0)

#define EACH(insn, size)                   \
    do {                                   \
        TRY(16 - (size) + 1, insn);        \
        TRY((size) == 16 ? 16 : 1, insn);  \
        TRY(32 - (size) / 2, insn);        \
    } while (0)

static void ordered(void)
{
    EACH("ldar x1, [x0]", 8);
    EACH("ldar w1, [x0]", 4);
    EACH("ldarh w1, [x0]", 2);
    EACH("ldapr x1, [x0]", 8);
    EACH("stlr x1, [x0]", 8);
    EACH("stlr w1, [x0]", 4);
    EACH("stlrh w1, [x0]", 2);
    TRY(15, "ldarb w1, [x0]");
    EACH("ldapur x1, [x0]", 8);
    EACH("stlur w1, [x0]", 4);
    EACH("ldapursh w1, [x0]", 2);
}

static void exclusive(void)
{
    EACH("ldxr x1, [x0]", 8);
    EACH("ldaxr w1, [x0]", 4);
    EACH("ldxrh w1, [x0]", 2);
    EACH("stxr w1, x2, [x0]", 8);
    EACH("stlxr w1, w2, [x0]", 4);
    EACH("ldxp x1, x2, [x0]", 16);
    EACH("ldxp w1, w2, [x0]", 8);
    EACH("stxp w1, x2, x3, [x0]", 16);
    EACH("stxp w1, w2, w3, [x0]", 8);
}

static void atomic(void)
{
    EACH("ldadd x1, x2, [x0]", 8);
    EACH("stset w1, [x0]", 4);
    EACH("swph w1, w2, [x0]", 2);
    EACH("ldsmax x1, x2, [x0]", 8);
    EACH("cas x1, x2, [x0]", 8);
    EACH("casalh w1, w2, [x0]", 2);
    EACH("casp x2, x3, x4, x5, [x0]", 16);
    EACH("casp w2, w3, w4, w5, [x0]", 8);
    EACH(".inst 0x19201001", 16); /* ldclrp x1, x0, [x0] */
}

/* What needs no alignment. */
static void plain(void)
{
    TRY(9, "ldr x1, [x0]");
    TRY(13, "ldp x1, x2, [x0]");
    TRY(13, "str q1, [x0]");
    TRY(15, "ld2 {v1.16b, v2.16b}, [x0]");
    TRY(15, "ldnp x1, x2, [x0]");
}

/* x0: by how much SP is moved down; it comes back by x27. */
#define STACK(move, insn)                                                                                \
    do {                                                                                                 \
        given = (move);                                                                                  \
        printf("sp - %d, %s: ", move, insn);                                                             \
        if (!sigsetjmp(back, 1)) {                                                                       \
            __asm__ volatile(ARCH "ldr x0, %1\n mov x27, sp\n adr x28, 1f\n sub x1, x27, x0\n str x1, %0\n" \
                                  "mov sp, x1\n1: " insn "\n mov sp, x27"                                \
                             : "=m"(want_addr) : "m"(given)                                              \
                             : "x0", "x1", "x2", "x27", "x28", "v1", "memory");                          \
            printf("done\n");                                                                            \
        }                                                                                                \
    } while (0)

static void stack(void)
{
    STACK(8, "ldr x1, [sp]");
    STACK(8, "str x1, [sp, #-16]!");
    STACK(8, "ldp x1, x2, [sp], #16");
    STACK(1, "ldrb w1, [sp, #3]");
    STACK(24, "ldr x1, [sp, x0]");
    STACK(8, "ldr q1, [sp]");
    STACK(8, "ld1 {v1.2d}, [sp]");
    STACK(8, "ldar x1, [sp]");
    STACK(4, "ldaxr w1, [sp]");
    STACK(8, "prfm pldl1keep, [sp]");
    STACK(8, "add x1, sp, #16");
    STACK(8, "ldr x2, [x1]");
    STACK(16, "ldr x1, [sp]");
    STACK(40, "add sp, sp, #8");
    STACK(40, "ldr x1, [sp, #8]");
}

/* The signal frame is aligned though SP was not; and SP comes back as it was. */
static volatile uint64_t in_handler;
static void on_usr1(int s)
{
    (void)s;
    uint64_t sp;
    __asm__ volatile("mov %0, sp" : "=r"(sp));
    in_handler = sp;
}

static void signals(void)
{
    uint64_t before, after;
    signal(SIGUSR1, on_usr1);
    register long x0 __asm__("x0") = getpid(), x1 __asm__("x1") = SIGUSR1, x8 __asm__("x8") = 129;
    __asm__ volatile("mov x27, sp\n sub sp, sp, #40\n mov %1, sp\n svc #0\n mov %2, sp\n mov sp, x27"
                     : "+r"(x0), "=&r"(before), "=&r"(after) : "r"(x1), "r"(x8) : "x27", "memory");
    printf("handler's sp aligned %d, sp is back %d\n", (in_handler & 15) == 0, before == after);
}

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &sa, NULL);
    sigaction(SIGSEGV, &sa, NULL);
    for (int i = 0; i < 2; i++) {
        ordered();
        exclusive();
        atomic();
        plain();
        stack();
        signals();
    }
    return 0;
}
