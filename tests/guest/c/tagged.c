/* SPDX-License-Identifier: MIT */
/* Pointers with a tag in the top byte: in every kind of access, in exclusives half of which saw a plain pointer, in
 * branches, in system calls when they are enabled; and a bad address, tagged or not, still faults.
 * arm: -march=armv8.5-a
 * skip-qemu: 7.2 knows neither MOPS, LSE128 nor RCPC3 */
#include "t.h"

#include <arm_neon.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define TAG(p, t) ((__typeof__(&*(p)))((uint64_t)(p) | (uint64_t)(t) << 56))

static _Alignas(64) uint64_t data[64];
static sigjmp_buf back;

static siginfo_t seen;
static void on_fault(int sig, siginfo_t *info, void *uc)
{
    (void)uc;
    seen = *info;
    siglongjmp(back, sig);
}

__attribute__((noinline)) static uint64_t sum(const volatile uint64_t *p, int n)
{
    uint64_t s = 0;
    for (int i = 0; i < n; i++)
        s += p[i];
    return s;
}

__attribute__((noinline)) static uint64_t add_exclusive(uint64_t *load, uint64_t *store, uint64_t v)
{
    uint64_t x;
    uint32_t failed, tries = 0;
    do {
        __asm__ volatile("ldaxr %0, [%2]\n add %0, %0, %4\n stlxr %w1, %0, [%3]"
                         : "=&r"(x), "=&r"(failed) : "r"(load), "r"(store), "r"(v) : "memory");
    } while (failed && ++tries < 1000);
    return failed ? 0 : x;
}

static void accesses(void)
{
    for (int i = 0; i < 64; i++)
        data[i] = (uint64_t)i;
    CHECK(sum(data, 64) == 2016);
    CHECK(sum(TAG(data, 0x5a), 64) == 2016 && sum(TAG(data, 0xff) , 64) == 2016 && sum(data, 64) == 2016);
    uint64_t *t = TAG(data, 0x12);
    uint64_t a, b;
    __asm__ volatile("ldp %0, %1, [%2, #16]" : "=r"(a), "=r"(b) : "r"(t) : "memory");
    CHECK(a == 2 && b == 3);
    __asm__ volatile("stp %0, %1, [%2]" : : "r"(a), "r"(b), "r"(t) : "memory");
    __asm__ volatile("ldr %0, [%1, %2, lsl #3]" : "=r"(a) : "r"(t), "r"(5ul) : "memory");
    CHECK(data[0] == 2 && data[1] == 3 && a == 5);
    uint32x4x4_t v = vld4q_u32((uint32_t *)t);
    vst4q_u32((uint32_t *)t, v);
    CHECK(vgetq_lane_u32(v.val[0], 0) == 2);
    __asm__ volatile("ldadd %1, %0, [%2]" : "=&r"(a) : "r"(10ul), "r"(t) : "memory");
    __asm__ volatile("swp %1, %0, [%2]" : "=&r"(b) : "r"(7ul), "r"(t) : "memory");
    CHECK(a == 2 && b == 12 && data[0] == 7);
    a = 7;
    __asm__ volatile("cas %0, %1, [%2]" : "+r"(a) : "r"(8ul), "r"(t) : "memory");
    CHECK(a == 7 && data[0] == 8);
    __asm__ volatile("prfm pldl1keep, [%0]\n dc zva, %0" : : "r"(TAG(data + 8, 3)) : "memory");
    CHECK(data[8] == 0 && data[15] == 0);
    __asm__ volatile("stlr %0, [%1]\n ldar %0, [%1]" : "+r"(a) : "r"(t) : "memory");
    CHECK(data[0] == 7 && a == 7);
}

/* One access by each kind of instruction: twice, because xrun finds out about tags the hard way. x0: tagged, x1: as it is. */
#define EACH(insn)                                                                                     \
    do {                                                                                               \
        for (int n = 0; n < 3; n++) {                                                                  \
            uint64_t plain = (uint64_t)(data + 16);                                                    \
            register uint64_t x0 __asm__("x0") = plain | 0x7e00000000000000, x1 __asm__("x1") = plain; \
            __asm__ volatile(insn : "+r"(x0), "+r"(x1) : : "x2", "x3", "x4", "x5", "v0", "v1", "v2", "v3", "cc", "memory"); \
        }                                                                                              \
        printf("%s\n", insn);                                                                          \
    } while (0)

static void kinds(void)
{
    EACH("ldr x2, [x0], #8");
    EACH("ldrsb w2, [x0, #-3]!");
    EACH("ldpsw x2, x3, [x0, #8]");
    EACH("ldnp x2, x3, [x0]");
    EACH("ldtr x2, [x0]");
    EACH("ldr b0, [x0]");
    EACH("str q0, [x0], #16");
    EACH("ldp q0, q1, [x0]");
    EACH("stp d0, d1, [x0, #-16]!");
    EACH("ld1 {v0.b}[3], [x0]");
    EACH("ld1r {v0.4s}, [x0], #4");
    EACH("ld2 {v0.8h, v1.8h}, [x0]");
    EACH("ld3 {v0.8b, v1.8b, v2.8b}, [x0]");
    EACH("st3 {v0.s, v1.s, v2.s}[1], [x0]");
    EACH("st4 {v0.16b, v1.16b, v2.16b, v3.16b}, [x0], #64");
    EACH("ldaprh w2, [x0]");
    EACH("ldapur x2, [x0, #8]");
    EACH("stlur w2, [x0, #4]");
    EACH("ldlarb w2, [x0]");
    EACH("ldxp x2, x3, [x0]\n stxp w4, x2, x3, [x0]");
    EACH("ldaxrb w2, [x0]\n stlxrb w3, w2, [x0]");
    EACH("casp x2, x3, x4, x5, [x0]");
    EACH("casalh w2, w3, [x0]");
    EACH("ldsminb w2, w3, [x0]");
    EACH("stumax x2, [x0]");
    EACH("swpal w2, w3, [x0]");
    EACH(".inst 0x19231002 // ldclrp x2, x3, [x0]");
    EACH(".inst 0x19248003 // swpp x3, x4, [x0]");
    EACH(".inst 0xd9431802 // ldiapp x2, x3, [x0]");
    EACH(".inst 0xd9031802 // stilp x2, x3, [x0]");
    EACH(".inst 0x1d000802 // stlur b2, [x0]");
    EACH(".inst 0x0d418400 // ldap1 {v0.d}[0], [x0]");
    EACH(".inst 0x4d018400 // stl1 {v0.d}[1], [x0]");
    EACH("prfm pldl1keep, [x0]");
    EACH("prfum pstl2strm, [x0, #-256]");
    EACH("dc cvac, x0");
    EACH("dc cvau, x0");
    EACH("dc cvap, x0");
    EACH("dc cvadp, x0");
    EACH("dc civac, x0");
    EACH("dc zva, x0");
    EACH("ic ivau, x0");
    EACH("mov x2, #64\n add x3, x0, #128\n .inst 0x1d030440, 0x1d430440, 0x1d830440 // cpyp, cpym, cpye [x0]!, [x3]!, x2!");
    EACH("mov x2, #64\n .inst 0x19c30440, 0x19c34440, 0x19c38440 // setp, setm, sete [x0]!, x2!, x3");
}

/* Prefetching faults nowhere; cleaning a line does as a load, tagged or not. */
static void prefetch(void)
{
    static const uint64_t nowhere[] = {0, 0x1000, 0x7e00000000001000, 0x00ffffffffffffff, ~0ul, 1ul << 63};
    for (unsigned i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        for (int n = 0; n < 3; n++)
            __asm__ volatile("prfm pldl1keep, [%0]\n prfm pstl3strm, [%0, #32760]\n prfum plil1keep, [%0, #-1]\n"
                             "prfm pldl2keep, [%0, %0]\n prfm #31, [%0]" : : "r"(nowhere[i]) : "memory");
    CHECK(true);
}

static void exclusives(void)
{
    data[0] = 0;
    CHECK(add_exclusive(data, data, 1) == 1);
    CHECK(add_exclusive(TAG(data, 1), TAG(data, 1), 1) == 2);
    CHECK(add_exclusive(data, data, 1) == 3);
    CHECK(add_exclusive(TAG(data, 1), data, 1) == 4);
    CHECK(add_exclusive(data, TAG(data, 9), 1) == 5);
}

static int four(void) { return 4; }

static void faults(void)
{
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    void *gone = mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t *const bad[] = {gone, TAG((uint64_t *)gone, 7), (uint64_t *)0x0020000000000000, TAG((uint64_t *)0x0020000000000000, 7)};
    for (volatile int i = 0; i < 4; i++) {
        seen.si_addr = 0;
        int clean = sigsetjmp(back, 1);
        if (!clean)
            __asm__ volatile("dc cvau, %0" : : "r"(bad[i]) : "memory");
        printf("cleaning: signal %d code %d at %s\n", clean, seen.si_code, seen.si_addr == gone ? "page" : seen.si_addr == bad[2] ? "hole" : "?");
        int sig = sigsetjmp(back, 1);
        if (!sig)
            printf("%lu\n", sum(bad[i], 1));
        printf("bad address %d: signal %d code %d at %s\n", i, sig, seen.si_code, seen.si_addr == gone ? "page" : seen.si_addr == bad[2] ? "hole" : "?");
    }
    sigaction(SIGBUS, &sa, NULL);
    int sig = sigsetjmp(back, 1);
    if (!sig)
        __asm__ volatile("caspal x0, x1, x0, x1, [%0]" : : "r"(data + 1) : "x0", "x1", "memory");
    printf("odd pair: signal %d code %d %d\n", sig, seen.si_code, seen.si_addr == data + 1);
    int (*volatile f)(void) = TAG(four, 0x33);
    printf("call by a tagged pointer: %d\n", f());
}

/* New code, of which IC IVAU is told by a tagged address. */
static void new_code(void)
{
    uint32_t *code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int sum = 0;
    code[1] = 0xd65f03c0; /* ret */
    for (unsigned i = 0; i < 8; i++) {
        code[0] = 0x52800000 | 1u << i << 5; /* mov w0, #1 << i */
        __asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %0\n dsb ish\n isb" : : "r"(TAG(code, i)) : "memory");
        for (unsigned n = 0; n < 4; n++)
            sum += ((int (*)(void))code)();
    }
    printf("new code: %d\n", sum);
}

static void calls(void)
{
    char text[] = "tagged\n";
    fflush(stdout);
    show("write", write(1, TAG(text, 2), 7));
    show("get", prctl(PR_GET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
    show("set", prctl(PR_SET_TAGGED_ADDR_CTRL, PR_TAGGED_ADDR_ENABLE, 0, 0, 0));
    show("get", prctl(PR_GET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
    fflush(stdout);
    show("write", write(1, TAG(text, 2), 7));
    show("set", prctl(PR_SET_TAGGED_ADDR_CTRL, PR_TAGGED_ADDR_ENABLE, 1, 0, 0));
    show("clear", prctl(PR_SET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
    fflush(stdout);
    show("write", write(1, TAG(text, 2), 7));
}

int main(void)
{
    accesses();
    kinds();
    prefetch();
    exclusives();
    faults();
    new_code();
    calls();
    return 0;
}
