/* SPDX-License-Identifier: MIT */
/*
 * Advanced SIMD on floating point through intrinsics, with NaNs, infinities and denormals among the lanes;
 * hashed (with an argument: printed).
 *
 * Which of two NaNs comes through depends on the order of the operands, and an optimizing compiler swaps
 * those of + and * as it likes.
 * arm: -O0
 */
#include "t.h"

#include <arm_neon.h>

static uint32_t f[3][4];
static uint64_t d[3][2], sum;

static bool verbose;

static void out(const char *what, const void *p, size_t n)
{
    uint64_t v[2] = {0}, sr;
    memcpy(v, p, n);
    __asm__ volatile("mrs %0, fpsr\n msr fpsr, xzr" : "=r"(sr));
    if (verbose)
        printf("%.60s %lx %lx fpsr %lx\n", what, v[0], v[1], sr & 0x9f);
    sum = mix(mix(mix(sum, v[0]), v[1]), sr & 0x9f);
}
#define R(x)                                                                                                 \
    do {                                                                                                     \
        __typeof__(x) r_ = (x);                                                                              \
        out(#x, &r_, sizeof r_);                                                                             \
    } while (0)
#define F(i) vld1q_f32((const float *)f[i])
#define D(i) vld1q_f64((const double *)d[i])
#define TWO(op)                                                                                              \
    R(op##q_f32(F(0), F(1)));                                                                                \
    R(op##q_f64(D(0), D(1)));                                                                                \
    R(op##_f32(vget_low_f32(F(0)), vget_low_f32(F(1))))
#define ONE(op)                                                                                              \
    R(op##q_f32(F(0)));                                                                                      \
    R(op##q_f64(D(0)))

static uint32_t single(void)
{
    static const uint32_t c[] = {0,          0x80000000, 0x3f800000, 0x7f800000, 0xff800000, 0x7fc00123,
                                 0x7f800001, 1,          0x7f7fffff, 0xcf000000, 0x4f000000, 0x4b800001};
    uint32_t r = (uint32_t)rnd();
    return r % 3 == 0 ? c[r / 3 % 12] : r % 3 == 1 ? (r & 0x807fffff) | 0x3f000000 | (r & 0x3800000) : r;
}
static uint64_t dbl(void)
{
    static const uint64_t c[] = {0,
                                 1ull << 63,
                                 0x3ff0000000000000,
                                 0x7ff0000000000000,
                                 0xfff0000000000000,
                                 0x7ff8000000000123,
                                 0x7ff0000000000001,
                                 1,
                                 0x7fefffffffffffff,
                                 0x43e0000000000000};
    uint64_t r = rnd();
    return r % 3 == 0 ? c[r / 3 % 10] : r % 3 == 1 ? (r & 0x800fffffffffffff) | 0x3ff0000000000000 : r;
}

static void arithmetic(void)
{
    TWO(vadd);
    TWO(vsub);
    TWO(vmul);
    TWO(vdiv);
    TWO(vmulx);
    TWO(vabd);
}

static void minmax(void)
{
    TWO(vmin);
    TWO(vmax);
    TWO(vminnm);
    TWO(vmaxnm);
    R(vpaddq_f32(F(0), F(1)));
    R(vpmaxq_f32(F(0), F(1)));
    R(vpminnmq_f64(D(0), D(1)));
    R(vmaxvq_f32(F(0)));
    R(vminnmvq_f32(F(0)));
}

static void compare(void)
{
    TWO(vceq);
    TWO(vcgt);
    TWO(vcge);
    TWO(vcagt);
    TWO(vcage);
    TWO(vrecps);
    TWO(vrsqrts);
    R(vcltzq_f32(F(0)));
    R(vcgtzq_f64(D(0)));
    R(vceqzq_f32(F(0)));
}

static void one(void)
{
    ONE(vsqrt);
    ONE(vabs);
    ONE(vneg);
    ONE(vrnd);
    ONE(vrnda);
    ONE(vrndi);
    ONE(vrndm);
    ONE(vrndn);
    ONE(vrndp);
    ONE(vrndx);
    ONE(vrecpe);
    ONE(vrsqrte);
}

static void fused(void)
{
    R(vfmaq_f32(F(2), F(0), F(1)));
    R(vfmsq_f32(F(2), F(0), F(1)));
    R(vfmaq_f64(D(2), D(0), D(1)));
    R(vfmsq_f64(D(2), D(0), D(1)));
    R(vfmaq_laneq_f32(F(2), F(0), F(1), 3));
    R(vmulq_laneq_f64(D(0), D(1), 1));
    R(vmulxq_laneq_f32(F(0), F(1), 2));
}

static void convert(void)
{
    R(vcvtq_s32_f32(F(0)));
    R(vcvtq_u32_f32(F(0)));
    R(vcvtnq_s32_f32(F(0)));
    R(vcvtmq_s32_f32(F(0)));
    R(vcvtpq_u32_f32(F(0)));
    R(vcvtaq_s32_f32(F(0)));
    R(vcvtq_s64_f64(D(0)));
    R(vcvtq_u64_f64(D(0)));
    R(vcvtq_n_s32_f32(F(0), 7));
    R(vcvtq_n_u64_f64(D(0), 33));
    R(vcvtq_f32_s32(vld1q_s32((const int32_t *)f[0])));
    R(vcvtq_f32_u32(vld1q_u32(f[0])));
    R(vcvtq_f64_s64(vld1q_s64((const int64_t *)d[0])));
    R(vcvtq_f64_u64(vld1q_u64(d[0])));
    R(vcvtq_n_f32_u32(vld1q_u32(f[0]), 12));
    R(vcvtq_n_f64_s64(vld1q_s64((const int64_t *)d[0]), 5));
}

static void width(void)
{
    R(vcvt_f64_f32(vget_low_f32(F(0))));
    R(vcvt_f32_f64(D(0)));
    R(vcvtx_f32_f64(D(0)));
    R(vcvt_f16_f32(F(0)));
    R(vcvt_f32_f16(vld1_f16((const void *)f[1])));
    R(vcvt_high_f64_f32(F(0)));
}

static const struct {
    const char *name;
    void (*run)(void);
} groups[] = {{"arithmetic", arithmetic}, {"minmax", minmax},   {"compare", compare}, {"one", one},
              {"fused", fused},           {"convert", convert}, {"width", width}};

int main(int argc, char **argv)
{
    verbose = argc > 1 && argv[1];
    for (int i = 0; i < 500; i++) {
        for (int k = 0; k < 12; k++)
            f[k / 4][k % 4] = single();
        for (int k = 0; k < 6; k++)
            d[k / 2][k % 2] = dbl();
        for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
            groups[g].run();
            if (i % 100 == 0)
                printf("%s %016lx\n", groups[g].name, sum);
        }
    }
    printf("%016lx\n", sum);
    return 0;
}
