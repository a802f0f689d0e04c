/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD on integers through intrinsics: each operation over random and corner lanes, hashed with
 * FPSR.QC (with an argument: printed).
 */
#include "t.h"

#include <arm_neon.h>

static uint8_t in[3][16];
static uint64_t sum;

static bool verbose;

static void out(const char *what, const void *p, size_t n)
{
    uint64_t v[2] = {0}, qc;
    memcpy(v, p, n);
    __asm__ volatile("mrs %0, fpsr\n msr fpsr, xzr" : "=r"(qc));
    if (verbose)
        printf("%.60s %lx %lx qc %lx\n", what, v[0], v[1], qc);
    sum = mix(mix(mix(sum, v[0]), v[1]), qc >> 27 & 1);
}
#define R(x)                                                                                                 \
    do {                                                                                                     \
        __typeof__(x) r_ = (x);                                                                              \
        out(#x, &r_, sizeof r_);                                                                             \
    } while (0)
#define Q(T) vld1q_##T((const void *)in[0]), vld1q_##T((const void *)in[1])
#define D(T) vld1_##T((const void *)in[0]), vld1_##T((const void *)in[1])

#define ALL(X)   X(s8) X(u8) X(s16) X(u16) X(s32) X(u32)
#define ALL64(X) ALL(X) X(s64) X(u64)

#define BASIC(T)                                                                                             \
    R(vaddq_##T(Q(T)));                                                                                      \
    R(vsubq_##T(Q(T)));                                                                                      \
    R(vqaddq_##T(Q(T)));                                                                                     \
    R(vqsubq_##T(Q(T)));                                                                                     \
    R(vcgtq_##T(Q(T)));                                                                                      \
    R(vcgeq_##T(Q(T)));                                                                                      \
    R(vceqq_##T(Q(T)));                                                                                      \
    R(vtstq_##T(Q(T)));                                                                                      \
    R(vzip1q_##T(Q(T)));                                                                                     \
    R(vzip2q_##T(Q(T)));                                                                                     \
    R(vuzp1q_##T(Q(T)));                                                                                     \
    R(vuzp2q_##T(Q(T)));                                                                                     \
    R(vtrn1q_##T(Q(T)));                                                                                     \
    R(vtrn2q_##T(Q(T)));                                                                                     \
    R(vextq_##T(Q(T), 1));                                                                                   \
    R(vpaddq_##T(Q(T)));                                                                                     \
    R(vandq_##T(Q(T)));                                                                                      \
    R(vbicq_##T(Q(T)));                                                                                      \
    R(vornq_##T(Q(T)));                                                                                      \
    R(vdupq_laneq_##T(vld1q_##T((const void *)in[0]), 1));                                                   \
    R(vaddv_##T##_all());
#define SMALL(T)                                                                                             \
    R(vmulq_##T(Q(T)));                                                                                      \
    R(vmlaq_##T(vld1q_##T((const void *)in[2]), Q(T)));                                                      \
    R(vmlsq_##T(vld1q_##T((const void *)in[2]), Q(T)));                                                      \
    R(vhaddq_##T(Q(T)));                                                                                     \
    R(vrhaddq_##T(Q(T)));                                                                                    \
    R(vhsubq_##T(Q(T)));                                                                                     \
    R(vmaxq_##T(Q(T)));                                                                                      \
    R(vminq_##T(Q(T)));                                                                                      \
    R(vpmaxq_##T(Q(T)));                                                                                     \
    R(vpminq_##T(Q(T)));                                                                                     \
    R(vabdq_##T(Q(T)));                                                                                      \
    R(vabaq_##T(vld1q_##T((const void *)in[2]), Q(T)));                                                      \
    R(vmull_##T(D(T)));                                                                                      \
    R(vaddl_##T(D(T)));                                                                                      \
    R(vsubl_##T(D(T)));                                                                                      \
    R(vabdl_##T(D(T)));                                                                                      \
    R(vpaddlq_##T(vld1q_##T((const void *)in[0])));                                                          \
    R(vaddvq_##T(vld1q_##T((const void *)in[0])));                                                           \
    R(vmaxvq_##T(vld1q_##T((const void *)in[0])));                                                           \
    R(vminvq_##T(vld1q_##T((const void *)in[0])));                                                           \
    R(vaddlvq_##T(vld1q_##T((const void *)in[0])));                                                          \
    R(vmovl_##T(vld1_##T((const void *)in[0])));                                                             \
    R(vmull_high_##T(Q(T)));
#define SHIFTS(T, S, N)                                                                                      \
    R(vshlq_##T(vld1q_##T((const void *)in[0]), vld1q_##S((const void *)in[1])));                            \
    R(vqshlq_##T(vld1q_##T((const void *)in[0]), vld1q_##S((const void *)in[1])));                           \
    R(vrshlq_##T(vld1q_##T((const void *)in[0]), vld1q_##S((const void *)in[1])));                           \
    R(vqrshlq_##T(vld1q_##T((const void *)in[0]), vld1q_##S((const void *)in[1])));                          \
    R(vshlq_n_##T(vld1q_##T((const void *)in[0]), 3));                                                       \
    R(vshrq_n_##T(vld1q_##T((const void *)in[0]), N));                                                       \
    R(vrshrq_n_##T(vld1q_##T((const void *)in[0]), 5));                                                      \
    R(vsraq_n_##T(Q(T), 4));                                                                                 \
    R(vrsraq_n_##T(Q(T), N));                                                                                \
    R(vsliq_n_##T(Q(T), 5));                                                                                 \
    R(vsriq_n_##T(Q(T), 6));                                                                                 \
    R(vqshlq_n_##T(vld1q_##T((const void *)in[0]), 2));
#define NARROW(T)                                                                                            \
    R(vmovn_##T(vld1q_##T((const void *)in[0])));                                                            \
    R(vqmovn_##T(vld1q_##T((const void *)in[0])));                                                           \
    R(vshrn_n_##T(vld1q_##T((const void *)in[0]), 3));                                                       \
    R(vqshrn_n_##T(vld1q_##T((const void *)in[0]), 4));                                                      \
    R(vqrshrn_n_##T(vld1q_##T((const void *)in[0]), 2));                                                     \
    R(vaddhn_##T(Q(T)));                                                                                     \
    R(vrsubhn_##T(Q(T)));                                                                                    \
    R(vrshrn_n_##T(vld1q_##T((const void *)in[0]), 7));
#define SIGNED(T)                                                                                            \
    R(vabsq_##T(vld1q_##T((const void *)in[0])));                                                            \
    R(vnegq_##T(vld1q_##T((const void *)in[0])));                                                            \
    R(vqabsq_##T(vld1q_##T((const void *)in[0])));                                                           \
    R(vqnegq_##T(vld1q_##T((const void *)in[0])));                                                           \
    R(vcltzq_##T(vld1q_##T((const void *)in[0])));                                                           \
    R(vqshluq_n_##T(vld1q_##T((const void *)in[0]), 3));
#define DOUBLING(T)                                                                                          \
    R(vqdmulhq_##T(Q(T)));                                                                                   \
    R(vqrdmulhq_##T(Q(T)));                                                                                  \
    R(vqdmull_##T(D(T)));                                                                                    \
    R(vqmovun_##T(vld1q_##T((const void *)in[0])));                                                          \
    R(vqshrun_n_##T(vld1q_##T((const void *)in[0]), 5));                                                     \
    R(vqdmulhq_lane_##T(vld1q_##T((const void *)in[0]), vld1_##T((const void *)in[1]), 1));                  \
    R(vmulq_lane_##T(vld1q_##T((const void *)in[0]), vld1_##T((const void *)in[1]), 1));

#define vaddv_s8_all()  vcntq_u8(vld1q_u8(in[0]))
#define vaddv_u8_all()  vclzq_u8(vld1q_u8(in[0]))
#define vaddv_s16_all() vclsq_s16(vld1q_s16((const void *)in[0]))
#define vaddv_u16_all() vrev64q_u16(vld1q_u16((const void *)in[0]))
#define vaddv_s32_all() vclzq_s32(vld1q_s32((const void *)in[0]))
#define vaddv_u32_all() vrecpeq_u32(vld1q_u32((const void *)in[0]))
#define vaddv_s64_all() vrev16q_u8(vld1q_u8(in[0]))
#define vaddv_u64_all() vrsqrteq_u32(vld1q_u32((const void *)in[0]))

static void fill(void)
{
    for (int i = 0; i < 3; i++) {
        uint64_t a = rnd_corner(), b = rnd_corner();
        memcpy(in[i], &a, 8);
        memcpy(in[i] + 8, &b, 8);
        for (int k = 0; k < 16; k++)
            if (rnd() % 5 == 0)
                in[i][k] = "\x00\x80\x7f\xff\x01\x08\xf8\x40"[rnd() & 7];
    }
}

static void tables(void)
{
    uint8x16_t a = vld1q_u8(in[0]), b = vld1q_u8(in[1]), i = vandq_u8(vld1q_u8(in[2]), vdupq_n_u8(0x4f));
    R(vqtbl1q_u8(a, i));
    R(vqtbl2q_u8(((uint8x16x2_t){{a, b}}), i));
    R(vqtbl3q_u8(((uint8x16x3_t){{a, b, i}}), i));
    R(vqtbl4q_u8(((uint8x16x4_t){{a, b, i, a}}), i));
    R(vqtbx1q_u8(b, a, i));
    R(vqtbx4q_u8(a, ((uint8x16x4_t){{b, b, i, a}}), i));
    R(vbslq_u8(i, a, b));
    R(vmull_p8(vget_low_p8(vreinterpretq_p8_u8(a)), vget_low_p8(vreinterpretq_p8_u8(b))));
    R(vmulq_p8(vreinterpretq_p8_u8(a), vreinterpretq_p8_u8(b)));
    R(vrbitq_u8(a));
    R(vsqaddq_u8(a, vreinterpretq_s8_u8(b)));
    R(vuqaddq_s8(vreinterpretq_s8_u8(a), b));
}

int main(int argc, char **argv)
{
    verbose = argc > 1 && argv[1];
    for (int i = 0; i < 400; i++) {
        fill();
        ALL64(BASIC)
        if (i % 100 == 0)
            printf("basic %016lx\n", sum);
        ALL(SMALL)
        if (i % 100 == 0)
            printf("small %016lx\n", sum);
        SHIFTS(s8, s8, 7)
        SHIFTS(u8, s8, 7) SHIFTS(s16, s16, 15) SHIFTS(u16, s16, 16) SHIFTS(s32, s32, 31) SHIFTS(u32, s32, 32)
            SHIFTS(s64, s64, 63) SHIFTS(u64, s64, 64) if (i % 100 == 0) printf("shifts %016lx\n", sum);
        NARROW(s16)
        NARROW(u16) NARROW(s32) NARROW(u32) NARROW(s64) NARROW(u64) if (i % 100 == 0)
            printf("narrow %016lx\n", sum);
        SIGNED(s8)
        SIGNED(s16) SIGNED(s32) SIGNED(s64) DOUBLING(s16) DOUBLING(s32) if (i % 100 == 0)
            printf("signed %016lx\n", sum);
        tables();
    }
    printf("%016lx\n", sum);
    return 0;
}
