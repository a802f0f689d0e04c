/* SPDX-License-Identifier: MIT */
/* Branch target identification: each kind of indirect branch, from memory with and without PROT_BTI, to each kind of
 * instruction in memory with PROT_BTI; what the signal shows, and that it can be returned from; mprotect there and back.
 * arm: -march=armv8.5-a
 * skip-qemu: 7.2 has another si_code for SIGILL
 */
#include "t.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <ucontext.h>

#define PROT_BTI 0x10

/* Instructions to land on; a return follows. */
static const struct {
    const char *name;
    uint32_t word;
} pads[] = {
    {"nop", 0xd503201f},  {"bti", 0xd503241f},     {"bti c", 0xd503245f},   {"bti j", 0xd503249f},     {"bti jc", 0xd50324df},
    {"paciasp", 0xd503233f}, {"pacibsp", 0xd503237f}, {"paciaz", 0xd503231f}, {"xpaclri", 0xd50320ff}, {"undefined", 0},
};
#define PADS (sizeof pads / sizeof *pads)

/* Ways to get to x0; x30 is kept in x9. */
static const struct {
    const char *name;
    uint32_t word[4];
} ways[] = {
    {"br x0", {0xd503201f, 0xd61f0000}},
    {"br x16", {0xaa0003f0, 0xd61f0200}},
    {"br x17", {0xaa0003f1, 0xd61f0220}},
    {"blr x0", {0xaa1e03e9, 0xd63f0000, 0xaa0903fe, 0xd65f03c0}},
    {"braaz x2", {0xaa0003e2, 0xdac123e2, 0xd61f085f}},  /* mov x2, x0; paciza x2; braaz x2 */
    {"blraaz x2", {0xaa1e03e9, 0xaa0003e2, 0xdac123e2, 0xd63f085f}},
    {"ret x0", {0xd503201f, 0xd65f0000}},
};
#define WAYS (sizeof ways / sizeof *ways)

static uint32_t *guarded, *plain;
static sigjmp_buf back;
static bool resume;

static void on_ill(int s, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    uint64_t pc = uc->uc_mcontext.pc, pstate = uc->uc_mcontext.pstate;
    printf("signal %d code %d addr right %d btype %lu; ", s, info->si_code, (uint64_t)info->si_addr == pc, pstate >> 10 & 3);
    if (resume)
        uc->uc_mcontext.pstate &= ~0xc00ul;
    else
        siglongjmp(back, 1);
}

static void go(const uint32_t *from, const uint32_t *to)
{
    register const uint32_t *x0 __asm__("x0") = to;
    __asm__ volatile("mov x10, x30\n adr x30, 1f\n br %1\n1: mov x30, x10"
                     : "+r"(x0) : "r"(from) : "x2", "x9", "x10", "x11", "x16", "x17", "x30", "cc", "memory");
}

/* What authenticates x30 again. */
static uint32_t undo(uint32_t word)
{
    bool signs = word == 0xd503233f || word == 0xd503237f || word == 0xd503231f;
    return signs ? word | 1u << 7 : 0xd503201f;
}

static void write_code(uint32_t *at, bool is_guarded)
{
    mprotect(at, 4096, PROT_READ | PROT_WRITE);
    for (unsigned i = 0; i < PADS; i++) {
        at[8 * i] = pads[i].word;
        at[8 * i + 1] = undo(pads[i].word);
        at[8 * i + 2] = 0xd65f03c0;
    }
    for (unsigned i = 0; i < WAYS; i++) {
        at[128 + 8 * i] = 0xd50324df;
        memcpy(at + 129 + 8 * i, ways[i].word, sizeof ways[i].word);
        if (i == 5) /* five instructions are too many for the table */
            memcpy(at + 133 + 8 * i, (uint32_t[]){0xaa0903fe, 0xd65f03c0}, 8);
    }
    __builtin___clear_cache((char *)at, (char *)at + 4096);
    mprotect(at, 4096, PROT_READ | PROT_EXEC | (is_guarded ? PROT_BTI : 0));
}

static void all(const char *title, const uint32_t *from, const uint32_t *to)
{
    for (unsigned w = 0; w < WAYS; w++)
        for (unsigned p = 0; p < PADS; p++) {
            printf("%s, %s to %s: ", title, ways[w].name, pads[p].name);
            for (volatile int n = 0; n < 3; n++) /* often enough to be compiled */
                if (sigsetjmp(back, 1))
                    printf("no; ");
                else {
                    go(from + 128 + 8 * w, to + 8 * p);
                    printf("yes; ");
                }
            printf("\n");
        }
}

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_ill, .sa_flags = SA_SIGINFO};
    sigaction(SIGILL, &sa, NULL);
    printf("HWCAP2_BTI %d\n", (getauxval(AT_HWCAP2) >> 17 & 1) != 0);
    plain = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    guarded = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    write_code(plain, false);
    write_code(guarded, true);
    all("plain to guarded", plain, guarded);
    all("guarded to guarded", guarded, guarded);
    all("guarded to plain", guarded, plain);
    printf("mapped guarded: ");
    uint32_t *mapped = mmap(NULL, 4096, PROT_READ | PROT_EXEC | PROT_BTI, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (sigsetjmp(back, 1) == 0)
        go(plain + 128, mapped);
    printf("\n");
    write_code(plain, true);
    all("guarded now", guarded, plain);
    write_code(guarded, false);
    all("no more", plain, guarded);
    resume = true;
    printf("going on after the signal: ");
    go(guarded + 128, plain);
    printf("there\n");
    return 0;
}
