/* SPDX-License-Identifier: MIT */
/*
 * What a guest sees of its processor; cpu.py compares it with what --cpu said.
 *
 *     cpu_guest WORD...    executes each instruction (hexadecimal) and prints "WORD done" or "WORD SIGILL"; then FPCR with all
 *                          bits written, AT_HWCAP, AT_HWCAP2, MIDR, the identification registers and the Features line of /proc/cpuinfo
 *     cpu_guest            a checksum over libc's string functions and atomics, whichever of their versions were chosen
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <ucontext.h>

static sigjmp_buf back;
static uint32_t *code;

static void on_ill(int s, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    if (s != SIGILL || info->si_code != ILL_ILLOPC || info->si_addr != code ||
        uc->uc_mcontext.pc != (uint64_t)code)
        printf("but signal %d code %d at +%ld, ", s, info->si_code, (long)info->si_addr - (long)code);
    siglongjmp(back, 1);
}

/* x0 and x1 point to memory, x6 is 0. */
static void run(void)
{
    static uint64_t memory[32] __attribute__((aligned(64)));
    register uint64_t *x0 __asm__("x0") = memory, *x1 __asm__("x1") = memory;
    register uint64_t x6 __asm__("x6") = 0;
    __asm__ volatile("blr %3"
                     : "+r"(x0), "+r"(x1), "+r"(x6)
                     : "r"(code)
                     : "x2", "x3", "x4", "x5", "x30", "v0", "v1", "v2", "v3", "cc", "memory");
}

static void try_word(const char *text)
{
    code[0] = (uint32_t)strtoul(text, NULL, 16);
    code[1] = 0xd65f03c0; /* ret */
    __builtin___clear_cache((char *)code, (char *)(code + 2));
    if (sigsetjmp(back, 1))
        printf("%s SIGILL\n", text);
    else {
        run();
        printf("%s done\n", text);
    }
}

#define ID(name, reg)                                                                                        \
    do {                                                                                                     \
        uint64_t v;                                                                                          \
        __asm__ volatile("mrs %0, " reg : "=r"(v));                                                          \
        printf("%s %lx\n", name, v);                                                                         \
    } while (0)

static void show_registers(void)
{
    char line[1024];
    uint64_t fpcr;
    __asm__ volatile("msr fpcr, %1\n mrs %0, fpcr\n msr fpcr, xzr" : "=&r"(fpcr) : "r"(~(uint64_t)0));
    printf("FPCR %lx\n", fpcr);
    printf("HWCAP %lx\nHWCAP2 %lx\n", getauxval(AT_HWCAP), getauxval(AT_HWCAP2));
    ID("MIDR", "s3_0_c0_c0_0");
    ID("PFR0", "s3_0_c0_c4_0");
    ID("PFR1", "s3_0_c0_c4_1");
    ID("ISAR0", "s3_0_c0_c6_0");
    ID("ISAR1", "s3_0_c0_c6_1");
    ID("ISAR2", "s3_0_c0_c6_2");
    ID("MMFR0", "s3_0_c0_c7_0");
    ID("MMFR1", "s3_0_c0_c7_1");
    ID("MMFR2", "s3_0_c0_c7_2");
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "Features", 8) == 0 || strncmp(line, "CPU part", 8) == 0) {
            printf("%s", line);
            if (line[0] == 'C')
                break;
        }
}

/* -- what libc and the compiler choose by AT_HWCAP -- */

static uint64_t hash = 1;
static void mix(uint64_t v)
{
    hash = (hash ^ v) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
}

static void strings(void)
{
    static char a[4096], b[4096];
    for (unsigned n = 0; n < 3000; n += 1 + n / 7) {
        for (unsigned i = 0; i < sizeof a; i++)
            a[i] = (char)(i * 7 + n), b[i] = (char)(i * 3);
        memcpy(b + n % 17, a + n % 13, n);
        memmove(b + 5, b, n);
        memset(a + n % 31, (int)n, n / 2);
        a[n] = 0;
        mix(strlen(a + n / 3));
        mix((uint64_t)(memchr(b, 0x55, n) != NULL) + (uint64_t)(memcmp(a, b, n) < 0) * 2);
        mix(strnlen(b, n));
        for (unsigned i = 0; i < sizeof b; i += 5)
            mix((uint8_t)b[i]);
    }
}

static uint64_t shared[4];
static void *count(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < 5000; i++) {
        __atomic_fetch_add(&shared[0], i, __ATOMIC_SEQ_CST);
        __atomic_fetch_or((uint8_t *)&shared[1] + i % 8, 1u << i % 8, __ATOMIC_RELAXED);
        __atomic_fetch_xor((uint32_t *)&shared[2], i, __ATOMIC_ACQ_REL);
        uint64_t old = 0;
        while (!__atomic_compare_exchange_n(&shared[3], &old, old + 3, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
            ;
    }
    return NULL;
}

static void atomics(void)
{
    pthread_t t[3];
    for (unsigned i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, count, NULL);
    for (unsigned i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    for (unsigned i = 0; i < 4; i++)
        mix(shared[i]);
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        strings();
        atomics();
        printf("%lx\n", hash);
        return 0;
    }
    struct sigaction sa = {.sa_sigaction = on_ill, .sa_flags = SA_SIGINFO};
    sigaction(SIGILL, &sa, NULL);
    sigaction(SIGSEGV, &sa, NULL);
    sigaction(SIGBUS, &sa, NULL);
    code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 1; i < argc; i++)
        try_word(argv[i]);
    show_registers();
    return 0;
}
