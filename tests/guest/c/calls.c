/* SPDX-License-Identifier: MIT */
/*
 * Ways of calling: variable arguments, structures by value and in registers, pointers, computed goto,
 * switch tables, qsort, nested functions' trampolines.
 */
#include "t.h"

#include <stdarg.h>

struct small {
    int a, b;
};
struct hfa {
    double x, y, z;
};
struct mixed {
    char c;
    double d;
    short s;
};
struct big {
    uint64_t v[9];
};

__attribute__((noinline)) static double sum(const char *types, ...)
{
    va_list ap, copy;
    double s = 0;
    va_start(ap, types);
    va_copy(copy, ap);
    for (const char *p = types; *p; p++)
        switch (*p) {
        case 'i': s += va_arg(ap, int); break;
        case 'l': s += (double)va_arg(ap, long); break;
        case 'd': s += va_arg(ap, double); break;
        case 's': s += (double)strlen(va_arg(ap, char *)); break;
        case 'S': {
            struct small v = va_arg(ap, struct small);
            s += v.a * v.b;
            break;
        }
        case 'H': {
            struct hfa v = va_arg(ap, struct hfa);
            s += v.x + v.y * v.z;
            break;
        }
        case 'M': {
            struct mixed v = va_arg(ap, struct mixed);
            s += v.c + v.d + v.s;
            break;
        }
        case 'B': {
            struct big v = va_arg(ap, struct big);
            s += (double)v.v[8];
            break;
        }
        }
    s += va_arg(copy, int);
    va_end(copy);
    va_end(ap);
    return s;
}

__attribute__((noinline)) static struct big make_big(int n, struct hfa h, struct small s, struct mixed m)
{
    struct big b = {{0}};
    for (int i = 0; i < 9; i++)
        b.v[i] = (uint64_t)(i * n + s.a - s.b + m.s + (int)h.z);
    return b;
}
__attribute__((noinline)) static struct hfa scale(struct hfa h, float f, double g)
{
    return (struct hfa){h.x * f, h.y * g, h.z + f};
}
__attribute__((noinline)) static long many(long a, int b, short c, char d, long e, long f, long g, long h,
                                           char i, short j, int k, long l)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l;
}

static int interpret(const char *code)
{
    static const void *const op[] = {&&add, &&sub, &&mul, &&dup, &&push, &&end};
    int stack[32], *sp = stack, steps = 0;
    *sp = 1;
#define NEXT() goto *op[steps++, *code++ - 'a']
    NEXT();
add:
    sp[-1] += *sp, sp--;
    NEXT();
sub:
    sp[-1] -= *sp, sp--;
    NEXT();
mul:
    sp[-1] *= *sp, sp--;
    NEXT();
dup:
    sp[1] = *sp, sp++;
    NEXT();
push:
    *++sp = steps;
    NEXT();
end:
    return *sp;
}

__attribute__((noinline)) static int pick(unsigned n)
{
    switch (n % 23) {
    case 0: return 5;
    case 1: return (int)n;
    case 2: return -3;
    case 3: return (int)n * 2;
    case 4: return 77;
    case 5: return (int)n ^ 9;
    case 6: return 1;
    case 7: return 12;
    case 8: return 4 - (int)n;
    case 11: return 99;
    case 12: return 13;
    case 13: return (int)n >> 1;
    case 17: return 1000;
    case 19: return 21;
    case 22: return 8;
    default: return -1;
    }
}

static int by_value(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}
static int by_text(const void *a, const void *b, void *n)
{
    ++*(int *)n;
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void)
{
    struct small s = {3, 4};
    struct hfa h = {1.5, 2.5, 4};
    struct mixed m = {1, 2.25, 3};
    struct big b = make_big(7, h, s, m);
    printf("%g\n", sum("iidls", 1, 2, 3.5, 1ll << 33, "hello"));
    printf("%g\n", sum("idididididididididid", 1, .5, 2, .5, 3, .5, 4, .5, 5, .5, 6, .5, 7, .5, 8, .5, 9, .5,
                       10, .5));
    printf("%g\n", sum("iSHMBSHMBid", 1, s, h, m, b, s, h, m, b, 5, 1.25));
    h = scale(h, 2, 3);
    printf("%g %g %g %lu %ld\n", h.x, h.y, h.z, b.v[8], many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    printf("%d\n", interpret("edcedaedbcdaf"));
    int total = 0, v[2000], compares = 0;
    for (unsigned i = 0; i < 2000; i++)
        total += pick(i), v[i] = (int)(rnd() % 10000);
    qsort(v, 2000, sizeof *v, by_value);
    int key = v[777], *found = bsearch(&key, v, 2000, sizeof *v, by_value);
    const char *names[] = {"pear", "apple", "fig", "kiwi", "banana"};
    qsort_r(names, 5, sizeof *names, by_text, &compares);
    printf("%d %d %d %s %s %d\n", total, v[1000], *found == key, names[0], names[4], compares > 3);
    char out[200];
    int n = snprintf(out, sizeof out, "%5d|%-5d|%05d|%x|%#o|%c|%10.3s|%*d|%ld|%hhd|%zu|%%|%p", 42, 42, 42,
                     255, 8, 'z', "string", 6, 7, -1l, 300, sizeof s, (void *)0);
    printf("%d %s\n", n, out);
    return 0;
}
