/* SPDX-License-Identifier: MIT */
/* A fast Fourier transform of 1024 complex numbers and its inverse. */
#include "bench.h"

#include <math.h>

#define N 1024
struct complex {
    double re, im;
};
static struct complex v[N], root[N / 2];

static void fft(int inverse)
{
    for (unsigned i = 1, k = 0; i < N; i++) {
        unsigned bit = N / 2;
        for (; k & bit; bit >>= 1)
            k ^= bit;
        k ^= bit;
        if (i < k) {
            struct complex t = v[i];
            v[i] = v[k];
            v[k] = t;
        }
    }
    for (int len = 2; len <= N; len *= 2)
        for (int i = 0; i < N; i += len)
            for (int k = 0; k < len / 2; k++) {
                struct complex w = root[N / len * k], *a = &v[i + k], *b = &v[i + k + len / 2];
                if (inverse)
                    w.im = -w.im;
                struct complex t = {b->re * w.re - b->im * w.im, b->re * w.im + b->im * w.re};
                *b = (struct complex){a->re - t.re, a->im - t.im};
                *a = (struct complex){a->re + t.re, a->im + t.im};
            }
}

int main(int argc, char **argv)
{
    uint32_t seed = 2;
    for (int i = 0; i < N; i++)
        v[i] = (struct complex){(double)(bench_random(&seed) >> 20), 0};
    for (int i = 0; i < N / 2; i++)
        root[i] = (struct complex){cos(-2 * M_PI * i / N), sin(-2 * M_PI * i / N)};
    for (long r = bench_rounds(argc, argv, 9900); r > 0; r--) {
        fft(0);
        fft(1);
        for (int i = 0; i < N; i++) {
            v[i].re /= N;
            v[i].im /= N;
        }
    }
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += v[i].re;
    return bench_end((uint64_t)(sum + 0.5));
}
