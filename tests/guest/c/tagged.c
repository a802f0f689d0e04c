/* SPDX-License-Identifier: MIT */
/* Pointers with a tag in the top byte: in every kind of access, in exclusives half of which saw a plain pointer, in
 * branches, in system calls when they are enabled; and a bad address, tagged or not, still faults.
 * arm: -march=armv8.1-a */
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
    exclusives();
    faults();
    calls();
    return 0;
}
