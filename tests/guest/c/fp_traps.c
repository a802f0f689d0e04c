/* SPDX-License-Identifier: MIT */
/*
 * Invalid operations again and again: the first of them trap, later ones are computed by another translation of the
 * same instruction.  All must give the same results and raise the same exceptions.
 */
#include "t.h"

__asm__(".arch armv8.5-a+fp16");

static const uint64_t values[][2] = {
    {0x3ff0000000000000, 0x400000003f800000}, /* 1; 1, 2 */
    {0, 0},
    {0x7ff0000000000000, 0x7f8000007f800000}, /* infinities */
    {0xfff0000000000000, 0xff800000ff800000},
    {0x7ff8000000000123, 0x7fc00123ffc00456}, /* quiet */
    {0xfff0000000000321, 0x7f800321ff800654}, /* signalling */
    {0xc3e0000000000001, 0xcf000001cf000000}, /* just out of range, the least integer */
    {0xc1e00000001fffff, 0x4f000000df000000},
    {0xbfe0000000000000, 0xbf000000bf800000}, /* -1/2; -1/2, -1 */
    {0x7c007e007d000000, 0xfc003c0080004000}, /* halves */
};
enum { VALUES = sizeof values / sizeof *values };

#define RUN(name, text)                                                                                      \
    static void name(uint64_t d[2], uint64_t *x, uint64_t *flags, const uint64_t *a, const uint64_t *b,      \
                     const uint64_t *c)                                                                      \
    {                                                                                                        \
        uint64_t r, f;                                                                                       \
        __asm__ volatile(                                                                                    \
            "ldr q0, [%[a]]\n ldr q1, [%[b]]\n ldr q2, [%[c]]\n mov x9, #0\n msr fpsr, x9\n cmp x9, "        \
            "x9\n" text                                                                                      \
            "\n str q2, [%[d]]\n mov %[r], x9\n mrs x9, fpsr\n mrs x10, nzcv\n orr %[f], x9, x10\n"          \
            : [r] "=&r"(r), [f] "=&r"(f)                                                                     \
            : [d] "r"(d), [a] "r"(a), [b] "r"(b), [c] "r"(c)                                                 \
            : "x9", "x10", "v0", "v1", "v2", "cc", "memory");                                                \
        *x = r;                                                                                              \
        *flags = f;                                                                                          \
    }

/* clang-format off */
#define OPS(X) \
    X(fadd_d, "fadd d2, d0, d1") X(fsub_s, "fsub s2, s0, s1") X(fmul_2d, "fmul v2.2d, v0.2d, v1.2d") \
    X(fmul_4s, "fmul v2.4s, v0.4s, v1.4s") X(fdiv_4s, "fdiv v2.4s, v0.4s, v1.4s") X(fdiv_d, "fdiv d2, d0, d1") \
    X(fsqrt_d, "fsqrt d2, d0") X(fsqrt_4s, "fsqrt v2.4s, v0.4s") X(fmadd_d, "fmadd d2, d0, d1, d2") \
    X(fnmsub_s, "fnmsub s2, s0, s1, s2") X(fmla_4s, "fmla v2.4s, v0.4s, v1.4s") X(fmls_2d, "fmls v2.2d, v0.2d, v1.2d") \
    X(fmin_d, "fmin d2, d0, d1") X(fmaxnm_4s, "fmaxnm v2.4s, v0.4s, v1.4s") X(fcmp_d, "fcmp d0, d1") \
    X(fcmpe_d, "fcmpe d0, d1") X(fcmpe_s, "fcmpe s0, s1") X(fcmpe_h, "fcmpe h0, h1") X(fcmgt_2d, "fcmgt v2.2d, v0.2d, v1.2d") \
    X(fcmge_4s, "fcmge v2.4s, v0.4s, v1.4s") X(fcmeq_4s, "fcmeq v2.4s, v0.4s, v1.4s") X(frintx_d, "frintx d2, d0") \
    X(frinta_4s, "frinta v2.4s, v0.4s") X(fcvt_sd, "fcvt s2, d0") X(fcvt_ds, "fcvt d2, s0") X(fcvtn_2s, "fcvtn v2.2s, v0.2d") \
    X(fcvtzs_wd, "fcvtzs w9, d0") X(fcvtzs_xd, "fcvtzs x9, d0") X(fcvtzu_wd, "fcvtzu w9, d0") X(fcvtzu_xd, "fcvtzu x9, d0") \
    X(fcvtas_ws, "fcvtas w9, s0") X(fcvtns_xs, "fcvtns x9, s0") X(fcvtmu_ws, "fcvtmu w9, s0") X(fcvtzs_4s, "fcvtzs v2.4s, v0.4s") \
    X(fcvtzu_2d, "fcvtzu v2.2d, v0.2d") X(fcvtps_2d, "fcvtps v2.2d, v0.2d") X(fadd_8h, "fadd v2.8h, v0.8h, v1.8h") \
    X(fdiv_8h, "fdiv v2.8h, v0.8h, v1.8h") X(fsqrt_8h, "fsqrt v2.8h, v0.8h") X(fmla_8h, "fmla v2.8h, v0.8h, v1.8h") \
    X(fmax_8h, "fmax v2.8h, v0.8h, v1.8h") X(frint32z_s, "frint32z s2, s0") X(fmul_h, "fmul h2, h0, h1")

/* clang-format on */

OPS(RUN)

static const struct {
    const char *name;
    void (*fn)(uint64_t d[2], uint64_t *x, uint64_t *flags, const uint64_t *a, const uint64_t *b,
               const uint64_t *c);
} ops[] = {
#define ROW(name, text) {#name, name},
    OPS(ROW)};

/* The results of all combinations of values, as one number. */
static uint64_t all_of(unsigned k)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < VALUES * VALUES * VALUES; i++) {
        uint64_t d[2], x, flags;
        ops[k].fn(d, &x, &flags, values[i % VALUES], values[i / VALUES % VALUES],
                  values[i / VALUES / VALUES]);
        sum = (sum ^ d[0]) * 0x9e3779b97f4a7c15u;
        sum = (sum ^ d[1] ^ sum >> 31) * 0x9e3779b97f4a7c15u;
        sum = (sum ^ x ^ sum >> 31) * 0x9e3779b97f4a7c15u;
        sum = (sum ^ flags ^ sum >> 31) * 0x9e3779b97f4a7c15u;
    }
    return sum;
}

int main(void)
{
    for (unsigned k = 0; k < sizeof ops / sizeof *ops; k++) {
        uint64_t first = all_of(k);
        int same = 1;
        for (unsigned n = 0; n < 2; n++)
            same &= all_of(k) == first;
        printf("%s %016lx %s\n", ops[k].name, first, same ? "always" : "but not always");
    }
    return 0;
}
