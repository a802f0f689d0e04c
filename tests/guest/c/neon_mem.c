/* SPDX-License-Identifier: MIT */
/*
 * Structure loads and stores of Advanced SIMD, single lanes, replication, unaligned, and at the end of a
 * page.
 */
#include "t.h"

#include <arm_neon.h>
#include <sys/mman.h>

static uint8_t src[256], dst[256];

static void report(const char *name)
{
    uint64_t h = 0;
    for (int i = 0; i < 256; i++)
        h = mix(h, dst[i]);
    printf("%s %016lx\n", name, h);
    memset(dst, 0, sizeof dst);
}

#define MULTI(n, T, E)                                                                                       \
    do {                                                                                                     \
        vst##n##q_##T((E *)(dst + 1), vld##n##q_##T((const E *)(src + 3)));                                  \
        vst##n##_##T((E *)(dst + 129), vld##n##_##T((const E *)(src + 5)));                                  \
        vst##n##q_lane_##T(                                                                                  \
            (E *)(dst + 80),                                                                                 \
            vld##n##q_lane_##T((const E *)(src + 70), vld##n##q_dup_##T((const E *)(src + 9)), 1), 0);       \
        report("ld" #n " " #T);                                                                              \
    } while (0)
#define EACH(n)                                                                                              \
    MULTI(n, u8, uint8_t);                                                                                   \
    MULTI(n, u16, uint16_t);                                                                                 \
    MULTI(n, u32, uint32_t);                                                                                 \
    MULTI(n, u64, uint64_t);                                                                                 \
    MULTI(n, f32, float);                                                                                    \
    MULTI(n, f64, double)

int main(void)
{
    for (int i = 0; i < 256; i++)
        src[i] = (uint8_t)(i * 37 + 11);
    EACH(2);
    EACH(3);
    EACH(4);
    vst1q_u8(dst, vld1q_dup_u8(src + 3));
    vst1q_u8_x4(dst + 16, vld1q_u8_x4(src + 1));
    vst1_u16_x3((uint16_t *)(dst + 100), vld1_u16_x3((const uint16_t *)(src + 7)));
    report("ld1");
    uint8_t *a, *b;
    __asm__ volatile("mov %0, %2\n mov %1, %3\n ld1 {v8.16b, v9.16b}, [%0], #32\n st1 {v8.b}[5], [%1], #1\n "
                     "st1 {v9.d}[1], [%1], %4\n"
                     "ld1r {v8.8h}, [%0], #2\n st1 {v8.4h}, [%1]"
                     : "=&r"(a), "=&r"(b)
                     : "r"(src), "r"(dst), "r"(13L)
                     : "v8", "v9", "memory");
    printf("%ld %ld\n", a - src, b - dst);
    report("post-index");
    uint8_t *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(p + 4096, 4096, PROT_NONE);
    memcpy(p + 4096 - 64, src, 64);
    vst4q_u8(dst, vld4q_u8(p + 4096 - 64));
    vst3_u8(p + 4096 - 24, vld3_u8(p + 4096 - 30));
    memcpy(dst + 64, p + 4096 - 64, 64);
    report("page end");
    uint64_t l, h;
    __asm__ volatile(
        "ldp q8, q9, [%2], #32\n ldp d10, d11, [%2, #-8]\n ldnp s12, s13, [%2]\n stp q9, q8, [%3]\n stp s12, "
        "s13, [%3, #40]\n str b8, [%3, #50]\n str h9, [%3, #60]\n"
        "ldr q14, [%2, %4, lsl #4]\n ldr q15, =0x1122334455667788\n umov %0, v14.d[1]\n fmov %1, d15"
        : "=r"(l), "=r"(h), "+r"(a)
        : "r"(dst), "r"(2L)
        : "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "memory");
    printf("%lx %ld\n", l, a - src);
    report("ldp");
    return 0;
}
