/* SPDX-License-Identifier: MIT */
/* Extensions of the base instruction set that the assembler or qemu-user may not know: each is compared here with C.
 * arm: -march=armv8.5-a+rng
 * skip-qemu: Debian's knows neither CSSC, MOPS, LSE128, RCPC3 nor HBC, and has other codes in its pointers */
#include "t.h"

#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <ucontext.h>

/* One instruction on x0 to x3, with NZCV in bits 31..28 of x4. */
#define INSN(word) \
    __asm__ volatile("msr nzcv, %4\n .inst " #word "\n mrs %4, nzcv" \
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4) : : "memory", "cc")
#define REGS(a, b, c, d, e) \
    register uint64_t x0 __asm__("x0") = (uint64_t)(a), x1 __asm__("x1") = (uint64_t)(b), \
        x2 __asm__("x2") = (uint64_t)(c), x3 __asm__("x3") = (uint64_t)(d), x4 __asm__("x4") = (uint64_t)(e)

static void cssc(void)
{
    bool ok = true;
    for (int i = 0; i < 2000; i++) {
        uint64_t a = rnd_corner(), b = rnd_corner();
        REGS(0, a, b, 0, 0);
        INSN(0xdac01820); /* ctz x0, x1 */
        ok &= x0 == (a ? (uint64_t)__builtin_ctzll(a) : 64);
        INSN(0x5ac01820); /* ctz w0, w1 */
        ok &= x0 == ((uint32_t)a ? (uint64_t)__builtin_ctz((uint32_t)a) : 32);
        INSN(0xdac01c20); /* cnt x0, x1 */
        ok &= x0 == (uint64_t)__builtin_popcountll(a);
        INSN(0x5ac01c20);
        ok &= x0 == (uint64_t)__builtin_popcount((uint32_t)a);
        INSN(0xdac02020); /* abs x0, x1 */
        ok &= x0 == ((int64_t)a < 0 ? -a : a);
        INSN(0x5ac02020);
        ok &= x0 == ((int32_t)a < 0 ? -(uint32_t)a : (uint32_t)a);
        INSN(0x9ac26020); /* smax x0, x1, x2 */
        ok &= x0 == ((int64_t)a > (int64_t)b ? a : b);
        INSN(0x9ac26420); /* umax */
        ok &= x0 == (a > b ? a : b);
        INSN(0x1ac26820); /* smin w */
        ok &= x0 == (uint32_t)((int32_t)a < (int32_t)b ? a : b);
        INSN(0x1ac26c20); /* umin w */
        ok &= x0 == ((uint32_t)a < (uint32_t)b ? (uint32_t)a : (uint32_t)b);
        INSN(0x91c3ec20); /* smax x0, x1, #-5 */
        ok &= x0 == ((int64_t)a > -5 ? a : (uint64_t)-5);
        INSN(0x91cfec20); /* umin x0, x1, #251 */
        ok &= x0 == (a < 251 ? a : 251);
    }
    CHECK(ok);
}

static void flags(void)
{
    bool ok = true;
    for (uint64_t f = 0; f < 16; f++) {
        uint64_t n = f >> 3, z = f >> 2 & 1, c = f >> 1 & 1, v = f & 1;
        REGS(0, 0, 0, 0, f << 28);
        INSN(0xd500401f); /* cfinv */
        ok &= x4 >> 28 == (n << 3 | z << 2 | !c << 1 | v);
        x4 = f << 28;
        INSN(0xd500405f); /* axflag */
        ok &= x4 >> 28 == ((z | v) << 2 | (c & !v) << 1);
        x4 = f << 28;
        INSN(0xd500403f); /* xaflag */
        ok &= x4 >> 28 == ((uint64_t)((!c) & !z) << 3 | (z & c) << 2 | (c | z) << 1 | (uint64_t)((!c) & z));
        x4 = f << 28;
        x0 = 0x180;
        INSN(0x3a00080d); /* setf8 w0 */
        ok &= x4 >> 28 == (8 | c << 1);
        x4 = f << 28;
        x0 = 0xa500;
        INSN(0xba03040c); /* rmif x0, #6, #12 */
        ok &= x4 >> 28 == ((0xa500 >> 6 & 12) | c << 1 | v);
    }
    CHECK(ok);
    int taken;
    __asm__ volatile("mov %w0, 1\n cmp xzr, xzr\n .inst 0x54000050\n mov %w0, 0\n" : "=r"(taken) : : "cc"); /* bc.eq +8 */
    CHECK(taken);
}

static void atomics(void)
{
    static _Alignas(16) uint64_t m[2];
    bool ok = true;
    for (int i = 0; i < 500; i++) {
        uint64_t a = rnd(), b = rnd(), c = rnd(), d = rnd();
        m[0] = a, m[1] = b;
        REGS(c, d, m, 0, 0);
        INSN(0x19a11040); /* ldclrpa x0, x1, [x2] */
        ok &= x0 == a && x1 == b && m[0] == (a & ~c) && m[1] == (b & ~d);
        m[0] = a, m[1] = b, x0 = c, x1 = d;
        INSN(0x19613040); /* ldsetpl x0, x1, [x2] */
        ok &= x0 == a && x1 == b && m[0] == (a | c) && m[1] == (b | d);
        m[0] = a, m[1] = b, x0 = c, x1 = d;
        INSN(0x19218040); /* swpp x0, x1, [x2] */
        ok &= x0 == a && x1 == b && m[0] == c && m[1] == d;
        x0 = a, x1 = b, x2 = (uint64_t)(m + 2);
        INSN(0xd9010840); /* stilp x0, x1, [x2, #-16]! */
        ok &= m[0] == a && m[1] == b && x2 == (uint64_t)m;
        INSN(0xd9430844); /* ldiapp x4, x3, [x2], #16: x4 takes part in INSN, so only x3 is looked at */
        ok &= x3 == b && x2 == (uint64_t)(m + 2);
        x0 = c;
        INSN(0xd9800840); /* stlr x0, [x2, #-8]! */
        ok &= m[1] == c && x2 == (uint64_t)(m + 1);
        INSN(0xd9c00841); /* ldapr x1, [x2], #8 */
        ok &= x1 == c && x2 == (uint64_t)(m + 2);
    }
    CHECK(ok);
}

static sig_atomic_t faults;
static char *fault_at;
static void on_fault(int sig, siginfo_t *info, void *uc)
{
    (void)sig, (void)uc;
    faults++;
    fault_at = info->si_addr;
    mprotect((void *)((uint64_t)info->si_addr & ~4095ull), 4096, PROT_READ | PROT_WRITE);
}

static void copies(void)
{
    static uint8_t want[20000];
    uint8_t *m = mmap(0, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool ok = true;
    for (int i = 0; i < 3000; i++) {
        uint64_t n = rnd() % (i % 10 ? 300 : 9000), to = rnd() % 9000, from = i % 3 ? to + rnd() % 200 : rnd() % 9000;
        for (int k = 0; k < 16; k++)
            m[rnd() % 18000] = (uint8_t)rnd();
        memcpy(want, m, sizeof want);
        memmove(want + to, want + from, n);
        REGS(m + to, m + from, n, 0, 0);
        INSN(0x1d010440); /* cpyp [x0]!, [x1]!, x2! */
        INSN(0x1d410440); /* cpym */
        INSN(0x1d810440); /* cpye */
        uint64_t end = n && to > from && to - from < n ? 0 : n;
        ok &= x0 == (uint64_t)(m + to + end) && x1 == (uint64_t)(m + from + end) && x2 == 0;
        ok &= !memcmp(m, want, 18000);
        x0 = (uint64_t)(m + to), x2 = n, x1 = 0x1234 + (uint64_t)i;
        INSN(0x19c10440); /* setp [x0]!, x2!, x1 */
        INSN(0x19c14440); /* setm */
        INSN(0x19c18440); /* sete */
        ok &= x2 == 0 && x0 == (uint64_t)(m + to + n);
        memset(want + to, 0x34 + i, n);
        ok &= !memcmp(m, want, 18000);
    }
    CHECK(ok);
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    memset(m, 7, 4096);
    mprotect(m + 8192, 4096, PROT_NONE);
    mprotect(m + 16384 - 4096, 4096, PROT_READ);
    REGS(m + 8192 - 100, m, 1000, 0, 0);
    INSN(0x19010440); /* cpyfp */
    INSN(0x19410440); /* cpyfm: faults at the page and goes on */
    INSN(0x19810440); /* cpyfe */
    ok = faults == 1 && fault_at == (char *)m + 8192 && m[8192 - 100] == 7 && m[8192 + 899] == 7 && m[8192 + 900] != 7;
    CHECK(ok);
    x0 = (uint64_t)(m + 16384 - 4096 - 50), x2 = 200, x1 = 9;
    INSN(0x19c10440);
    INSN(0x19c14440);
    INSN(0x19c18440);
    ok = faults == 2 && fault_at == (char *)m + 16384 - 4096 && m[16384 - 4096 + 149] == 9;
    CHECK(ok);
    /* Downwards overlap, and a fault in the middle of the target: what was overwritten must not be read again. */
    uint8_t *edge = m + 4096;
    for (int i = 0; i < 4096; i++)
        edge[i - 2048] = (uint8_t)(i * 7 + (i >> 8));
    for (uint64_t n = 1; n <= 140; n++) {
        uint8_t *to = edge - n / 2, *from = to + n % 9 + 1;
        memcpy(want, m, 16384);
        memmove(want + (to - m), want + (from - m), n);
        mprotect(edge, 4096, PROT_READ);
        x0 = (uint64_t)to, x1 = (uint64_t)from, x2 = n;
        INSN(0x1d010440); /* cpyp */
        INSN(0x1d410440);
        INSN(0x1d810440);
        ok &= faults == 2 + (int)n && x2 == 0 && x0 == (uint64_t)(to + n) && !memcmp(m, want, 8192);
    }
    CHECK(ok);
}

static void pointers(void)
{
    unsigned signed_differently = 0, same_again = 0, came_back = 0, broken = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        REGS(0x7f0012345678 + 16 * i, 0x1000 + i, 0, 0, 0);
        uint64_t p = x0;
        INSN(0xdac10020); /* pacia x0, x1 */
        uint64_t s = x0;
        signed_differently += s != p;
        x0 = p;
        INSN(0xdac10020);
        same_again += s == x0 && (s << 16 >> 16) == p && s >> 55 == 0;
        INSN(0xdac11020); /* autia x0, x1 */
        came_back += x0 == p;
        x0 = s ^ 1ull << 50;
        INSN(0xdac11020);
        broken += (x0 >> 53 & 3) == 1;
        x0 = s;
        INSN(0xdac143e0); /* xpaci x0 */
        came_back += x0 == p;
    }
    CHECK(signed_differently > 970 && same_again == 1000 && came_back == 2000 && broken == 1000);
    REGS(1, 2, 0, 0, 0);
    INSN(0x9ac13003); /* pacga x3, x0, x1 */
    CHECK(x3 && !(uint32_t)x3);
    uint64_t old = x3;
    CHECK(prctl(PR_PAC_RESET_KEYS, PR_PAC_APGAKEY, 0, 0, 0) == 0);
    INSN(0x9ac13003);
    CHECK(x3 != old);
    CHECK(prctl(PR_PAC_RESET_KEYS, 1 << 9, 0, 0, 0) == -1 && errno == EINVAL);
}

/* A function with a signed return address, as -mbranch-protection makes them. */
__attribute__((noinline, target("branch-protection=pac-ret+leaf"))) static int signed_return(int n)
{
    __asm__ volatile("" : "+r"(n) : : "memory");
    return n < 2 ? n : signed_return(n - 1) + signed_return(n - 2);
}

static void system_registers(void)
{
    uint64_t v, w;
    __asm__ volatile(".inst 0xd503413f\n mrs %0, s3_3_c4_c2_6" : "=r"(v)); /* msr ssbs, #1 */
    CHECK(v == 1 << 12);
    __asm__ volatile("msr s3_3_c4_c2_6, xzr\n mrs %0, s3_3_c4_c2_6" : "=r"(v));
    CHECK(v == 0);
    __asm__ volatile("msr s3_3_c4_c2_5, %1\n mrs %0, s3_3_c4_c2_5" : "=r"(v) : "r"(1ull << 24));
    CHECK(v == 1 << 24);
    int failed;
    __asm__ volatile("mrs %0, s3_3_c2_c4_0\n mrs %1, s3_3_c2_c4_1\n cset %w2, eq" : "=r"(v), "=r"(w), "=r"(failed) : : "cc");
    CHECK(v != w && !failed);
    register void *x0 __asm__("x0") = &v;
    __asm__ volatile(".inst 0xd50330ff\n .inst 0xd5031003\n dc cvap, %0\n .inst 0xd50b7d20" : : "r"(x0)
                     : "memory"); /* sb; wfet x3; dc cvadp, x0 */
    puts("barriers passed");
}

int main(void)
{
    cssc();
    flags();
    atomics();
    copies();
    pointers();
    CHECK(signed_return(20) == 6765);
    system_registers();
    return 0;
}
