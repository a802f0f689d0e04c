/* SPDX-License-Identifier: MIT */
/*
 * Where Arm's floating point differs from x86's: NaNs, minimum and maximum, fused multiply-add of 0 x
 * infinity, saturating conversions, flush to zero, default NaN, tininess before rounding; with FPSR after
 * each. Prints a hash of each row; with an argument, everything.
 */
#include "t.h"

#ifndef CONTROL
#define CONTROL                                                                                              \
    {                                                                                                        \
        0, 1u << 22, 2u << 22, 3u << 22                                                                      \
    } /* FPCR: the rounding modes */
#endif

#include <stdarg.h>

static bool verbose;
static uint64_t sum;

static void put(const char *format, ...)
{
    char text[200];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    if (verbose)
        fputs(text, stdout);
    for (const char *p = text; *p; p++)
        sum = mix(sum, (uint8_t)*p);
}

static void row_end(void)
{
    put("\n");
    if (!verbose)
        printf("  %016lx\n", sum);
    sum = 0;
}

static uint64_t fpsr(void)
{
    uint64_t v;
    __asm__ volatile("mrs %0, fpsr\n msr fpsr, xzr" : "=r"(v));
    return v & 0x800009f;
}
static void set_fpcr(uint64_t v)
{
    __asm__ volatile("msr fpcr, %0\n isb" ::"r"(v));
}

#define D2(op)                                                                                               \
    __asm__ volatile("fmov d0, %1\n fmov d1, %2\n" op " d0, d0, d1\n fmov %0, d0"                            \
                     : "=r"(r)                                                                               \
                     : "r"(a), "r"(b)                                                                        \
                     : "v0", "v1");                                                                          \
    put(" " op " %lx/%lx", r, fpsr());
#define S2(op)                                                                                               \
    __asm__ volatile("fmov s0, %w1\n fmov s1, %w2\n" op " s0, s0, s1\n fmov %w0, s0"                         \
                     : "=r"(w)                                                                               \
                     : "r"(a), "r"(b)                                                                        \
                     : "v0", "v1");                                                                          \
    put(" " op "S %x/%lx", w, fpsr());
#define D1(op)                                                                                               \
    __asm__ volatile("fmov d0, %1\n" op " d0, d0\n fmov %0, d0" : "=r"(r) : "r"(a) : "v0");                  \
    put(" " op " %lx/%lx", r, fpsr());
#define D3(op)                                                                                               \
    __asm__ volatile("fmov d0, %1\n fmov d1, %2\n fmov d2, %3\n" op " d0, d0, d1, d2\n fmov %0, d0"          \
                     : "=r"(r)                                                                               \
                     : "r"(a), "r"(b), "r"(c)                                                                \
                     : "v0", "v1", "v2");                                                                    \
    put(" " op " %lx/%lx", r, fpsr());
#define CVT(op)                                                                                              \
    __asm__ volatile("fmov d0, %1\n" op " %0, d0" : "=r"(r) : "r"(a) : "v0");                                \
    put(" " op " %lx/%lx", r, fpsr());
#define CVTW(op)                                                                                             \
    __asm__ volatile("fmov d0, %1\n" op " %w0, d0" : "=r"(r) : "r"(a) : "v0");                               \
    put(" " op "W %lx/%lx", r, fpsr());
#define CMP(op)                                                                                              \
    __asm__ volatile("fmov d0, %1\n fmov d1, %2\n" op " d0, d1\n mrs %0, nzcv"                               \
                     : "=r"(r)                                                                               \
                     : "r"(a), "r"(b)                                                                        \
                     : "v0", "v1", "cc");                                                                    \
    put(" " op " %lx/%lx", r, fpsr());

static const uint64_t d[] = {0,
                             0x8000000000000000,
                             0x3ff0000000000000,
                             0xbff8000000000000,
                             0x7ff0000000000000,
                             0xfff0000000000000,
                             0x7ff8000000000123,
                             0xfff8000000000456,
                             0x7ff0000000000001,
                             0xfff4000000000789,
                             0x0000000000000001,
                             0x000fffffffffffff,
                             0x0010000000000000,
                             0x7fefffffffffffff,
                             0x41dfffffffc00000,
                             0x41e0000000000000,
                             0xc1e0000000200000,
                             0x43e0000000000000,
                             0xc3e0000000000000,
                             0x43f0000000000000,
                             0x4004000000000000};
static const uint32_t s[] = {0,          0x80000000, 0x3f800000, 0x7f800000, 0xff800000,
                             0x7fc00123, 0xffc00456, 0x7f800001, 0xffa00789, 1,
                             0x007fffff, 0x00800000, 0x7f7fffff};

static void two(uint64_t a, uint64_t b)
{
    uint64_t r;
    put("%lx %lx:", a, b);
    D2("fadd")
    D2("fsub") D2("fmul") D2("fdiv") D2("fmin") D2("fmax") D2("fminnm") D2("fmaxnm") D2("fnmul") D2("fmulx")
        D2("frecps") D2("frsqrts") D2("fabd") CMP("fcmp") CMP("fcmpe") put("\n");
}

static void two_single(uint64_t a, uint64_t b)
{
    uint32_t w;
    put("%lx %lx:", a, b);
    S2("fadd") S2("fmul") S2("fdiv") S2("fmin") S2("fmaxnm") S2("fmulx") put("\n");
}

static void one(uint64_t a)
{
    uint64_t r;
    put("%lx:", a);
    D1("fsqrt")
    D1("fabs") D1("fneg") D1("frintn") D1("frintm") D1("frintp") D1("frintz") D1("frinta") D1("frintx")
        D1("frinti") D1("frecpe") D1("frsqrte") D1("frecpx") CVT("fcvtzs") CVT("fcvtzu") CVT("fcvtns")
            CVT("fcvtmu") CVT("fcvtps") CVT("fcvtas") CVTW("fcvtzs") CVTW("fcvtzu") CVTW("fcvtau") uint32_t w;
    __asm__ volatile("fmov d0, %1\n fcvt s0, d0\n fmov %w0, s0" : "=r"(w) : "r"(a) : "v0");
    put(" s %x/%lx", w, fpsr());
    __asm__ volatile("fmov d0, %1\n fcvt h0, d0\n fmov %w0, s0" : "=r"(w) : "r"(a) : "v0");
    put(" h %x/%lx\n", w, fpsr());
}

int main(int argc, char **argv)
{
    verbose = argc > 1 && argv[1];
    const int n = sizeof d / sizeof *d, m = sizeof s / sizeof *s;
    static const uint64_t control[] = CONTROL;
    for (unsigned k = 0; k < sizeof control / sizeof *control; k++) {
        set_fpcr(0);
        printf("fpcr %lx\n", control[k]);
        for (int i = 0; i < n; i++) {
            set_fpcr(control[k]);
            fpsr();
            one(d[i]);
            for (int j = 0; j < n; j++)
                two(d[i], d[j]);
            row_end();
        }
        for (int i = 0; i < m; i++)
            for (int j = 0; j < m; j++)
                two_single(s[i], s[j]);
        row_end();
        for (int i = 0; i < n; i++) {
            uint64_t a = d[i], b = d[(i * 7 + 3) % n], c = d[(i * 5 + k) % n], r;
            put("%lx %lx %lx:", a, b, c);
            D3("fmadd") D3("fmsub") D3("fnmadd") D3("fnmsub") b = 0, c = 0x7ff8000000000aaa;
            D3("fmadd")
            b = 0x7ff0000000000000;
            D3("fmadd")
            row_end();
        }
    }
    set_fpcr(0);
    return 0;
}
