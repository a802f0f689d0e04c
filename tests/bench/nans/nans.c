/* SPDX-License-Identifier: MIT */
/*
 * nans OPERATION INPUTS ROUNDS: one floating-point operation on arrays, for `scripts/bench --nans`.
 *
 * OPERATION: add, mul, div, fma; with _s as scalars, else as vectors; with f in front of floats, else of doubles.
 * INPUTS: "none" are ordinary numbers; "quiet" has a quiet NaN among the operands of one in a thousand operations (for fma
 * it is the addend, and a factor, too), "some" makes one in a thousand operations invalid, "all" makes all of them so.
 */
#include "../kernels/bench.h"

#include <math.h>

enum { COUNT = 1000 };

/* What is loaded lies a kilobyte or more from what has been stored, as far as the low 12 bits tell: processors take loads
 * for later ones of a store by them. */
enum { STRIDE = 2 * 4096 + 1024 };
#define ARRAYS(T)                                                                                            \
    static struct {                                                                                          \
        _Alignas(STRIDE / 9) T x[STRIDE / sizeof(T)], y[STRIDE / sizeof(T)], z[STRIDE / sizeof(T)],          \
            r[STRIDE / sizeof(T)];                                                                           \
    } T##s;
ARRAYS(double)
ARRAYS(float)

#define LOOP(how, name, T, expression)                                                                       \
    how static void name(void)                                                                               \
    {                                                                                                        \
        const T *x = T##s.x, *y = T##s.y, *z = T##s.z;                                                       \
        (void)z;                                                                                             \
        for (int i = 0; i < COUNT; i++)                                                                      \
            T##s.r[i] = expression;                                                                          \
    }
#define VECTOR __attribute__((noinline, noclone, optimize("O3")))
#define SCALAR __attribute__((noinline, noclone, optimize("O2", "no-tree-vectorize")))
#define LOOPS(prefix, T, expression)                                                                         \
    LOOP(VECTOR, run_##prefix, T, expression)                                                                \
    LOOP(SCALAR, run_##prefix##_s, T, expression)
LOOPS(add, double, x[i] + y[i])
LOOPS(mul, double, x[i] * y[i])
LOOPS(div, double, x[i] / y[i])
LOOPS(fma, double, fma(x[i], y[i], z[i]))
LOOPS(fadd, float, x[i] + y[i])
LOOPS(fmul, float, x[i] * y[i])
LOOPS(fdiv, float, x[i] / y[i])
LOOPS(ffma, float, fmaf(x[i], y[i], z[i]))

#define ROW(name)                                                                                            \
    {#name, run_##name},                                                                                     \
    {                                                                                                        \
#name "_s", run_##name##_s                                                                           \
    }
static const struct {
    const char *name;
    void (*run)(void);
} operations[] = {ROW(add), ROW(mul), ROW(div), ROW(fma), ROW(fadd), ROW(fmul), ROW(fdiv), ROW(ffma)};

/* Operands of an invalid operation. */
static void invalid(char op, double *x, double *y)
{
    *x = op == 'd' ? 0 : INFINITY;
    *y = op == 'a' ? -INFINITY : 0;
}

static void fill(const char *name, const char *inputs)
{
    char op = name[0] == 'f' && name[1] != 'm' ? name[1] : name[0] == 'f' && name[2] == 'a' ? 'f' : name[0];
    int every = *inputs == 'n' ? 0 : *inputs == 'a' ? 1 : 1000;
    uint32_t seed = 1;
    for (int i = 0; i < COUNT; i++) {
        double x = 1 + bench_random(&seed) % 1000 / 16.0, y = 100 + bench_random(&seed) % 1000 / 32.0,
               z = x + 1;
        if (every && i % every == every / 2) {
            if (*inputs == 'q')
                x = NAN, z = NAN;
            else
                invalid(op, &x, &y);
        }
        doubles.x[i] = x, doubles.y[i] = y, doubles.z[i] = z;
        floats.x[i] = (float)x, floats.y[i] = (float)y, floats.z[i] = (float)z;
    }
}

int main(int argc, char **argv)
{
    for (unsigned k = 0; argc > 3 && k < sizeof operations / sizeof *operations; k++) {
        if (strcmp(operations[k].name, argv[1]) != 0)
            continue;
        fill(argv[1], argv[2]);
        for (long r = atol(argv[3]); r > 0; r--)
            operations[k].run();
        uint64_t sum = 0;
        for (int i = 0; i < COUNT; i++)
            sum += isnan(doubles.r[i]) || isnan(floats.r[i]) ? 1
                                                             : (uint64_t)(doubles.r[i] + (double)floats.r[i]);
        return bench_end(sum);
    }
    return 1;
}
