/* SPDX-License-Identifier: MIT */
/*
 * What the compiler makes vectors of: loops over all element types, odd lengths, overlapping and strided.
 *
 * flags: -O3
 */
#include "t.h"

#define N 1027
#define KERNELS(T)                                                                                           \
    static T a_##T[N], b_##T[N], c_##T[N];                                                                   \
    __attribute__((noinline)) static void run_##T(int n)                                                     \
    {                                                                                                        \
        for (int i = 0; i < n; i++)                                                                          \
            c_##T[i] = (T)(a_##T[i] * 3 + b_##T[i]);                                                         \
        for (int i = 0; i < n; i++)                                                                          \
            b_##T[i] = a_##T[i] > c_##T[i] ? a_##T[i] : c_##T[i];                                            \
        for (int i = 1; i < n; i++)                                                                          \
            a_##T[i] = (T)(a_##T[i - 1] / 2 + c_##T[i]);                                                     \
        for (int i = 0; i < n / 2; i++)                                                                      \
            c_##T[i] = (T)(a_##T[2 * i] - a_##T[2 * i + 1]);                                                 \
        for (int i = 0; i < n / 3; i++)                                                                      \
            b_##T[i] = (T)(c_##T[3 * i] + c_##T[3 * i + 1] - c_##T[3 * i + 2]);                              \
        for (int i = 0; i < n; i++)                                                                          \
            a_##T[i] = b_##T[n - 1 - i];                                                                     \
    }                                                                                                        \
    static double sum_##T(void)                                                                              \
    {                                                                                                        \
        double s = 0;                                                                                        \
        for (int i = 0; i < N; i++)                                                                          \
            a_##T[i] = (T)(rnd() % 100), b_##T[i] = (T)(rnd() % 50);                                         \
        for (int n = N - 40; n <= N; n += 8) {                                                               \
            run_##T(n);                                                                                      \
            for (int i = 0; i < N; i++)                                                                      \
                s += (double)a_##T[i] * (i % 7) + (double)c_##T[i] / 4;                                      \
        }                                                                                                    \
        return s;                                                                                            \
    }
KERNELS(int8_t)
KERNELS(uint8_t)
KERNELS(int16_t)
KERNELS(uint16_t)
KERNELS(int32_t)
KERNELS(uint32_t)
KERNELS(int64_t)
KERNELS(uint64_t)
KERNELS(float)
KERNELS(double)

int main(void)
{
    double (*const sum[])(void) = {sum_int8_t,   sum_uint8_t, sum_int16_t,  sum_uint16_t, sum_int32_t,
                                   sum_uint32_t, sum_int64_t, sum_uint64_t, sum_float,    sum_double};
    for (int i = 0; i < 10; i++)
        printf("%d %a\n", i, sum[i]());
    uint64_t h = 0;
    uint8_t bytes[500];
    for (int i = 0; i < 500; i++)
        bytes[i] = (uint8_t)rnd();
    for (int n = 0; n < 500; n++) {
        unsigned s = 0, x = 0, big = 0;
        int dot = 0;
        for (int i = 0; i < n; i++)
            s += bytes[i], x ^= bytes[i], big = bytes[i] > big ? bytes[i] : big,
                                          dot += (int8_t)bytes[i] * (int8_t)bytes[499 - i];
        h = mix(mix(mix(mix(h, s), x), big), (uint64_t)dot);
    }
    printf("%016lx\n", h);
    return 0;
}
